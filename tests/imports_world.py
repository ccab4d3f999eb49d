"""Files of rows and who chooses them, on top of a world."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from cairn.apps.imports import commands as imports
from cairn.apps.imports import queries
from cairn.apps.programs import commands as programs
from cairn.apps.programs.queries.imports import FILE_KINDS
from cairn.frame import tables
from cairn.site.worker import drain


def table(*rows: Sequence[Any], name: str = "list.csv") -> io.BytesIO:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    file = io.BytesIO(out.getvalue().encode())
    file.name = name
    return file


def chosen(kind: str, *rows: Sequence[Any], **options: Any) -> tables.Chosen:
    file = table(*rows)
    return tables.read(file, FILE_KINDS[kind].columns, name=file.name, **options)


def report(actor: Any, source: Any) -> list[tuple[int, str]]:
    return [(row.line, row.outcome) for row in queries.rows(actor, source)]


def why(actor: Any, source: Any, line: int) -> str:
    return next(row.why for row in queries.rows(actor, source) if row.line == line)


def read_roster(actor: Any, offering: Any, *rows: Sequence[Any]) -> Any:
    return programs.read_roster(actor=actor, offering_id=offering.pk, chosen=chosen("roster", *rows))


def take(actor: Any, source: Any, **options: Any) -> Any:
    """Confirmed, and every batch carried out."""
    imports.confirm(actor=actor, import_id=source.pk, sha256=source.sha256, **options)
    drain()
    return queries.import_(actor, source.pk)


def read_meetings(actor: Any, offering: Any, *rows: Sequence[Any], **options: Any) -> Any:
    return programs.read_meetings(actor=actor, offering_id=offering.pk, chosen=chosen("meetings", *rows), **options)


def read_attendance(actor: Any, time: Any, *rows: Sequence[Any]) -> Any:
    return programs.read_attendance(actor=actor, time_id=time.pk, chosen=chosen("attendance", *rows))
