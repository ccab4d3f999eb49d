"""Files that leave with somebody: several in one package, and the answer that carries them. Not here: what is in them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse


def zipped(files: Mapping[str, Any], made_at: datetime) -> bytes:
    """A ZIP of texts, bytes, and values that become JSON, by name. The same files make the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, value in sorted(files.items()):
            package.writestr(zipfile.ZipInfo(name, made_at.timetuple()[:6]), _bytes(value), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _bytes(value: Any) -> bytes | str:
    return value if isinstance(value, bytes | str) else json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False)


def attached(body: bytes, kind: str, name: str) -> HttpResponse:
    """Sent as a file, and kept by no cache."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(body, content_type=kind, headers=headers)
