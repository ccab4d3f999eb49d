"""Whether the process lives (`/healthz`) and whether it can serve (`/readyz`)."""

from __future__ import annotations

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from cairn.interfaces.cli import durability
from cairn.kernel.errors import Refused


def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """503 until the database answers, keeps what it confirms, and has every migration."""
    try:
        durability.require(connection)
        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except Refused as unsafe:
        return JsonResponse({"status": unsafe.code, "reason": str(unsafe)}, status=503)
    except Exception as error:
        return JsonResponse({"status": "no-database", "reason": type(error).__name__}, status=503)
    if missing:
        return JsonResponse({"status": "migrations-missing", "missing": missing}, status=503)
    return JsonResponse({"status": "ready"})
