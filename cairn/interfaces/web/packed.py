"""Files that leave with somebody: several in one package, and the answer that carries them. Not here: what is in them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.http import HttpResponse, StreamingHttpResponse

from cairn.kernel import clock
from cairn.pure.files import as_csv, as_workbook

CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Answer = TypeVar("Answer", HttpResponse, StreamingHttpResponse)


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
    return _leaving(HttpResponse(body, content_type=kind), name)


def streamed(pieces: Iterable[bytes], kind: str, name: str, size: int) -> StreamingHttpResponse:
    """The same of a file that comes in pieces."""
    answer = _leaving(StreamingHttpResponse(pieces, content_type=kind), name)
    answer["Content-Length"] = str(size)
    return answer


def table_file(rows: list[Any], name: str, form: str) -> HttpResponse:
    """A table as a file that leaves: "csv", or else a workbook."""
    if form == "csv":
        return attached(as_csv(rows), CSV, f"{name}.csv")
    return attached(as_workbook(rows, name, clock.now()), XLSX, f"{name}.xlsx")


def _leaving(answer: Answer, name: str) -> Answer:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
