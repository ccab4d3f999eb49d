"""Tables as they come from offices: in several encodings, with titles above and formulas within."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from cairn.pure.files import Column, Table, read_table, table

NAME = Column("name", "Name", ("full name", "participant"), is_needed=True)
EMAIL = Column("email", "E-mail", ("e-mail address", "mail"), is_needed=True)
PHONE = Column("phone", "Phone", ("telephone",))
DAY = Column("day", "Day", ("date",))
LINK = Column("link", "Link", ("join url",), inherits=True)
COLUMNS = (NAME, EMAIL, PHONE, DAY, LINK)


def read(data: bytes, columns: Sequence[Column] = COLUMNS, **options: Any) -> Table:
    """What comes of a file's bytes, without a cell around the reading."""
    target = io.BytesIO()
    how = read_table(io.BytesIO(data), target)["how"]
    return table(target.getvalue().splitlines(), columns, how=how, **options)


def workbook(
    rows: Sequence[Sequence[Any]], *, title: str = "Roster", from_1904: bool = False, formats: dict[str, str] | None = None
) -> bytes:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904 if from_1904 else book.epoch
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for place, code in (formats or {}).items():
        sheet[place].number_format = code
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part_replaced(data: bytes, part: str, old: str, new: str) -> bytes:
    """The workbook with other words in one of its parts, as another program would have saved it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            words = source.read(entry.filename)
            if entry.filename == part:
                assert old.encode() in words
                words = words.replace(old.encode(), new.encode())
            target.writestr(entry.filename, words)
    return out.getvalue()
