"""Plain text and CSV: UTF-8, no markup, no control characters, no formulas. Not here: whether it is a table (recognizing)."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from cairn.pure.files.kinds import CSV, TEXT, Kind, Scrubbed, damaged, empty, not_accepted, too_large

_LIMIT = 50_000_000  # bytes
_CHUNK = 1 << 18
_CONTROLS = {code: None for code in (*range(0x20), *range(0x7F, 0xA0), 0xFEFF) if code not in (0x09, 0x0A)}
_BINARY = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f]")
_MARKUP = re.compile(r"[\s\ufeff]*(<[a-zA-Z!?/]|MIME-Version:)")
_DELIMITERS = ",\t;"
_SAMPLE, _SAMPLE_ROWS = 64 * 1024, 50  # bytes and rows at the start
_BATCH = 4096  # rows
_ROW, _CELL = "\x1e", "\x1f"  # control characters, of which none is left by then
# Where a spreadsheet would calculate (https://owasp.org/www-community/attacks/CSV_Injection): at the start of a cell, also where another
# sign parts cells, or a line that goes on in the cell then begins one; a number with its sign stays one, and so does a list with dashes.
_SIGN = re.compile(r"[=@+\-＝＠＋－]")
_NUMBER = r'[\d.,]+%?[\s"]*[\x1e\x1f;\t\n]'
_FORMULA = re.compile(
    rf'[\x1e\x1f;\t][\s"]*(?=[=@＝＠]|[+\-＋－](?!{_NUMBER}))|\n[\s"]*(?=[=@＝＠]|[+＋](?!{_NUMBER})|[-－](?!{_NUMBER})[^\n\x1e\x1f]*[|(])'
)


def check(file: BinaryIO) -> None:
    """Raise Invalid unless the whole file is UTF-8 text that is not a web page, XML or something else dressed as text."""
    is_start = True
    for text in _decoded(file):
        if is_start and _MARKUP.match(text):
            raise not_accepted("A web page, SVG or XML file", "Save it as a PDF, or take a picture of it.")
        if _BINARY.search(text) or (is_start and "%PDF-" in text[:1024]):
            raise not_accepted("This kind of file")
        is_start = False


def scrub(file: BinaryIO, kind: Kind, out: BinaryIO) -> Scrubbed:
    """Copy without byte order mark and control characters; line ends become line feeds, cells are parted by commas, formulas are text."""
    for text in _without_formulas(_clean(file), delimiter(file) or ",") if kind == CSV else _clean(file):
        out.write(text.encode())
    if not out.tell():
        raise empty()
    return Scrubbed(kind)


def _clean(file: BinaryIO) -> Iterator[str]:
    was_return = False
    for text in _decoded(file):
        if was_return and text.startswith("\n"):
            text = text[1:]
            was_return = False
        if text:
            was_return = text.endswith("\r")
        yield text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)


def delimiter(file: BinaryIO) -> str:
    """What parts the cells of a table: a sign that every row at the start has equally often, at least once. Where it is no comma, it must
    not end every row, as it does in a program. Empty where the text is no table."""
    file.seek(0)
    start = file.read(_SAMPLE)
    whole = start[: start.rfind(b"\n") + 1] if len(start) == _SAMPLE else start
    text = whole.decode("utf-8-sig", errors="ignore")
    return next((sign for sign in _DELIMITERS if _parts(text, sign)), "")


def _parts(text: str, sign: str) -> bool:
    try:
        rows = [row for row, _ in zip(csv.reader(io.StringIO(text), delimiter=sign, strict=True), range(_SAMPLE_ROWS), strict=False) if row]
    except csv.Error:
        return False
    alike = rows[:-1] if sign == "," else rows  # the last may be a remark below the table
    has_columns = len(rows) > 1 and len({len(row) for row in alike}) == 1 and len(rows[0]) > 1
    return has_columns and (sign == "," or any(row[-1].strip() for row in rows))


def _without_formulas(table: Iterator[str], sign: str) -> Iterator[str]:
    rows = csv.reader(_lines(table), delimiter=sign)
    try:
        while batch := list(islice(rows, _BATCH)):
            written = io.StringIO()
            csv.writer(written, lineterminator="\n").writerows(defused(batch))
            yield written.getvalue()
    except csv.Error:
        raise damaged(CSV) from None


def _lines(pieces: Iterator[str]) -> Iterator[str]:
    rest = ""
    for piece in pieces:
        *whole, rest = f"{rest}{piece}".split("\n")
        yield from (f"{line}\n" for line in whole)
    if rest:
        yield rest


def defused(rows: list[list[str]]) -> list[list[str]]:
    """No cell begins a formula: an apostrophe goes before. All rows are one text here: a cell at a time takes three times as long."""
    text = _ROW + _ROW.join(map(_CELL.join, rows)) + _ROW
    if not _SIGN.search(text) or (safe := _FORMULA.sub(r"\g<0>'", text)) == text:
        return rows
    return [row.split(_CELL) if row else [] for row in safe[1:-1].split(_ROW)]


def _decoded(file: BinaryIO) -> Iterator[str]:
    if file.seek(0, 2) > _LIMIT:
        raise too_large(TEXT, "more than 50 MB", "Split it into smaller files.")
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    while True:
        chunk = file.read(_CHUNK)
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError:
            raise not_accepted("This kind of file") from None
        yield text
        if not chunk:
            return
