"""Addresses of version 1: what each capability lists, the description of all of it, and a plain "no" for everything else below /api/."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import include
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation

from cairn.frame.addresses import path
from cairn.interfaces.api import problems
from cairn.interfaces.api.contract import description
from cairn.interfaces.api.frame import Request, Routes, guarded
from cairn.interfaces.api.parsing import StrictParser
from cairn.interfaces.api.routes import (
    catalog,
    credentials,
    drafts,
    enrollments,
    files,
    licensing,
    me,
    operating,
    organizations,
    programs,
    rules,
    scoring,
)
from cairn.kernel.errors import NotFound, Refused


class Api(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


api = Api(title="Cairn", version="1", docs_url=None, openapi_url=None, parser=StrictParser())
api.add_decorator(guarded, mode="view")
api.exception_handler(Refused)(problems.refused)
api.exception_handler(ValidationError)(problems.not_valid)
api.exception_handler(HttpError)(problems.unreadable)

itself = Routes("description")


@itself.get("/openapi.json", dict[str, Any])
def openapi(request: Request) -> HttpResponse:
    """This description (OpenAPI 3.1)."""
    return HttpResponse(_description(), content_type="application/json", headers={"Cache-Control": "public, max-age=300"})


@lru_cache(maxsize=1)
def _description() -> bytes:
    return json.dumps(description(api)).encode()


CAPABILITIES = (me, catalog, programs, enrollments, drafts, files, scoring, credentials, rules, licensing, organizations, operating)
for listed in (itself, *(capability.routes for capability in CAPABILITIES)):
    api.add_router("", listed.router)


@csrf_exempt
def nothing(request: HttpRequest, rest: str = "") -> HttpResponse:
    return problems.answer(NotFound("address in the API", code="address-unknown"))


urlpatterns = [
    path("v1/", include([pattern for pattern in api.urls[0] if getattr(pattern, "name", "") != "api-root"])),  # ninja's own page
    path("", nothing, name="api-root"),
    path("<path:rest>", nothing, name="api-nothing"),
]
