"""Plain text and CSV: UTF-8, no markup, no control characters, no formulas. Not here: whether it is a table (recognizing)."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from cairn.pure.files.kinds import CSV, TEXT, Kind, Scrubbed, damaged, empty, not_accepted, too_large

_LIMIT = 50_000_000  # bytes
_CHUNK = 1 << 18
_CONTROLS = {code: None for code in (*range(0x20), *range(0x7F, 0xA0), 0xFEFF) if code not in (0x09, 0x0A)}
_BINARY = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f]")
_MARKUP = re.compile(r"[\s\ufeff]*(<[a-zA-Z!?/]|MIME-Version:)")
# Where a spreadsheet would calculate (https://owasp.org/www-community/attacks/CSV_Injection); a number with its sign stays one.
_FORMULA = re.compile(r"(^|[;\t])(\s*)(?=[=@]|[+-](?![\d.,]+%?\s*(?:[;\t]|$)))")


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
    """Copy without byte order mark and control characters; line ends become line feeds, formulas of a table text."""
    for text in _without_formulas(_clean(file)) if kind == CSV else _clean(file):
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


def _without_formulas(table: Iterator[str]) -> Iterator[str]:
    rows = csv.reader(io.StringIO("".join(table), newline=""))
    written = io.StringIO()
    out = csv.writer(written, lineterminator="\n")
    try:
        out.writerows([_FORMULA.sub(r"\1\2'", cell) for cell in row] for row in rows)
    except csv.Error:
        raise damaged(CSV) from None
    yield written.getvalue()


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
