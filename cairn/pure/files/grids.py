"""A table as it arrives, as rows of plain text: whichever encoding, delimiter or workbook it came in.

This meets the bytes, so it runs in a cell and writes JSON lines. Not here: which row holds the headings and what they mean (tables).
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import Any, BinaryIO

from cairn.kernel.errors import Invalid
from cairn.pure.files import recognizing, sheets
from cairn.pure.files.kinds import CSV, XLSX, Kind, empty, not_accepted, too_large

_LARGEST = 30_000_000  # bytes
_HEAD = 1024
_MARKUP = re.compile(r"\s*(<[a-zA-Z!?/]|MIME-Version:)")
_HIDDEN = (*range(0x20), *range(0x7F, 0xA0), 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A))  # and signs that turn the text
_CONTROLS = {code: None for code in _HIDDEN if code not in (9, 10)}
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_NAMED_DELIMITER = re.compile(r"sep=(.)\n", re.IGNORECASE)  # what Excel writes for itself
_SAMPLE_ROWS = 60
_LONGEST_CELL = 32_767  # characters: what a spreadsheet holds
_AS_TABLE = "Save it as CSV or as an Excel workbook (.xlsx)."
_WITHOUT_PASSWORD = "Save it as CSV, or as an Excel workbook (.xlsx) without a password."
_OLE = b"\xd0\xcf\x11\xe0"


def read_table(source: BinaryIO, target: BinaryIO, *, name: str = "") -> dict[str, Any]:
    """Write each row that holds something as [line, cells, places that are calculated]; answer in words how the file was read.

    `name` is the file's own, which only words a refusal. Raises Invalid for what is no table, is damaged, or is too large.
    """
    source.seek(0)
    head = source.read(_HEAD)
    if not head:
        raise empty()
    out = Rows(target)
    kind = _signed(source, head)
    if kind == XLSX:
        title = sheets.read(source, out.put)
        how = f"Excel workbook, sheet “{title}”"
    elif kind:
        raise not_accepted(f"{name or 'This file'} ({kind.label})", _AS_TABLE)
    else:
        how = _read_text(source, out)
    out.close()
    if not out.count:
        raise empty()
    return {"how": how, "rows": out.count}


def _signed(source: BinaryIO, head: bytes) -> Kind | None:
    """The kind that the bytes themselves tell, None for text; what is neither is refused with what to do about a table."""
    try:
        kind = recognizing.by_signature(source, head)
        if kind is None:
            recognizing.refuse_others(head)
    except Invalid as no:
        raise Invalid(no.code, no.message, _WITHOUT_PASSWORD if head.startswith(_OLE) else _AS_TABLE) from None
    return kind


class Rows:
    """Writes rows in batches, plain and without the white space around a cell."""

    def __init__(self, target: BinaryIO) -> None:
        self._target, self._batch, self.count = target, list[str](), 0

    def put(self, line: int, cells: Sequence[str], calculated: Sequence[int] = ()) -> None:
        if any(len(cell) > _LONGEST_CELL for cell in cells):
            raise Invalid("cell-too-long", f"Line {line:,} has a cell of more than {_LONGEST_CELL:,} characters.", "Shorten it.")
        self._batch.append(json.dumps([line, [_plain(cell) for cell in cells], list(calculated)]))
        self.count += 1
        if len(self._batch) > 2000:
            self.close()

    def close(self) -> None:
        if self._batch:
            self._target.write(("\n".join(self._batch) + "\n").encode())
            self._batch.clear()


def _plain(cell: str) -> str:
    if cell.isascii() and cell.isprintable():
        return cell.strip()
    cell = cell.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS).replace("\xa0", " ")
    return unicodedata.normalize("NFC", cell).strip()


# --- Text ------------------------------------------------------------------------------------------------------------


def _read_text(source: BinaryIO, out: Rows) -> str:
    if source.seek(0, 2) > _LARGEST:
        raise too_large(CSV, "more than 30 MB", "Split it into smaller files.")
    source.seek(0)
    text, encoding = _decoded(source.read())
    if _MARKUP.match(text):
        raise not_accepted("A web page or XML file, even under the name of a table,", _AS_TABLE)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    skipped, sign = 0, ""
    if named := _NAMED_DELIMITER.match(text):
        skipped, sign = 1, named[1]
        text = text[named.end() :]
    sign = sign or _delimiter(text)
    _read_rows(text, sign, skipped, out)
    return f"text in {encoding}, cells parted by {_DELIMITERS.get(sign, f'“{sign}”')}"


def _decoded(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Without a mark at the start it is UTF-8 or, where that cannot be, Windows-1252."""
    encoding, label = _encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8-sig":
            raise _not_text() from None
        try:
            text, label = data.decode("cp1252"), "Windows-1252"
        except UnicodeDecodeError:
            raise _not_text() from None
    if "\0" in text:
        raise _not_text()
    return text.removeprefix("\ufeff"), label


def _encoding(data: bytes) -> tuple[str, str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", "UTF-16"
    head = data[:_HEAD]
    if head[1::2].count(0) > len(head) // 4:
        return "utf-16-le", "UTF-16"
    if head[::2].count(0) > len(head) // 4:
        return "utf-16-be", "UTF-16"
    return "utf-8-sig", "UTF-8"


def _not_text() -> Invalid:
    return not_accepted("This kind of file", _AS_TABLE)


def _delimiter(text: str) -> str:
    """The sign that makes most rows at the start equally wide; a comma where none does, so that a single column is a table too."""
    best, found = (0, 0), ","
    for sign in _DELIMITERS:
        try:
            rows = list(islice(csv.reader(io.StringIO(text), delimiter=sign), _SAMPLE_ROWS))
        except csv.Error:
            continue
        widths = Counter(len(row) for row in rows if len(row) > 1)
        if widths:
            width, count = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
            if (count, width) > best:
                best, found = (count, width), sign
    return found


def _read_rows(text: str, sign: str, skipped: int, out: Rows) -> None:
    csv.field_size_limit(_LONGEST_CELL * 4)
    rows = csv.reader(io.StringIO(text), delimiter=sign, strict=True)
    line = skipped + 1
    try:
        for row in rows:
            if any(map(str.strip, row)):
                if len(row) > sheets.MOST_COLUMNS:
                    raise too_large(CSV, f"more than {sheets.MOST_COLUMNS} columns", "Take out the columns that are not needed.")
                if out.count >= sheets.MOST_ROWS:
                    raise too_large(CSV, f"more than {sheets.MOST_ROWS:,} rows", "Split it into smaller files.")
                out.put(line, row)
            line = skipped + rows.line_num + 1
    except csv.Error:
        raise Invalid(
            "quotes-open",
            f"From line {line:,} on the cells cannot be told apart: a quotation mark is not closed, or stands inside a cell.",
            "Write a quotation mark inside a cell twice, close the one that is open, or save the table as an Excel workbook.",
        ) from None
