"""Tables that leave as CSV or as a workbook, in which no cell is ever a formula. Not here: reading tables (tables, grids)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from openpyxl import Workbook

from cairn.pure.files.texts import defused

Cell = str | int | float | date | None


def as_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a byte order mark, so that Excel reads it as such; lines end as RFC 4180 has it."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([_text(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_workbook(rows: Iterable[Sequence[Cell]], title: str, at: datetime) -> bytes:
    """One sheet; numbers and dates stay what they are, text is text. `title` names the sheet, `at` is when it was made."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("".join(" " if sign in r"[]:*?/\'" else sign for sign in title)[:31] or "Table")
    for row in rows:
        sheet.append([cell if cell is None or isinstance(cell, int | float | date) else _text(cell) for cell in row])
    book.properties.created = book.properties.modified = at.replace(tzinfo=None)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        return f"{cell}"
    text = cell.isoformat() if isinstance(cell, date) else _readable(cell)
    return defused([[text]])[0][0]


def _readable(text: str) -> str:
    """Without the control characters that no workbook may hold."""
    return "".join(sign for sign in text if sign in "\n\t" or (sign >= " " and sign not in "\x7f\ufffe\uffff"))
