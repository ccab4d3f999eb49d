"""Pages of a PDF as pictures and text, so that it can be read inside a page. Not here: who may see it (apps.portfolio)."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import pypdfium2

from cairn.kernel.errors import Invalid, NotFound
from cairn.pure.files.kinds import PDF, damaged

_WIDTH_LIMIT = 3000
_PIXEL_LIMIT = 12_000_000
_TEXT_LIMIT = 50_000
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe]")

# PDFium keeps state between calls and may not be used from two threads (https://pdfium.googlesource.com/pdfium).
_turn = threading.Lock()


def pages(file: BinaryIO) -> int:
    """The number of pages; Invalid when the PDF cannot be read."""
    with _opened(file) as document:
        return len(document)


def render_page(file: BinaryIO, number: int, width_px: int) -> bytes:
    """Page `number` (the first is 1) as a PNG `width_px` pixels wide, less where that would be more than 12 million pixels."""
    if not 0 < width_px <= _WIDTH_LIMIT:
        raise Invalid("bad-width", f"A page can be shown up to {_WIDTH_LIMIT} pixels wide.", "Choose a smaller width.")
    with _opened(file) as document, _page(document, number) as page:
        width, height = page.get_size()
        if not (width > 0 and height > 0):
            raise damaged(PDF)
        scale = min(width_px / width, (_PIXEL_LIMIT / (width * height)) ** 0.5)
        out = io.BytesIO()
        page.render(scale=scale).to_pil().save(out, "PNG")
        return out.getvalue()


def page_text(file: BinaryIO, number: int) -> str:
    """The text of page `number` (the first is 1), at most 50,000 characters; empty for a scanned page."""
    with _opened(file) as document, _page(document, number) as page:
        text = page.get_textpage()
        try:
            found = text.get_text_range(0, min(text.count_chars(), _TEXT_LIMIT))
        finally:
            text.close()
        return _CONTROLS.sub("", found.replace("\r\n", "\n"))


@contextmanager
def _opened(file: BinaryIO) -> Iterator[pypdfium2.PdfDocument]:
    file.seek(0)
    with _turn:
        try:
            document = pypdfium2.PdfDocument(file)
        except pypdfium2.PdfiumError as error:
            raise damaged(PDF) from error
        try:
            document.init_forms()
            yield document
        except pypdfium2.PdfiumError as error:
            raise damaged(PDF) from error
        finally:
            document.close()


@contextmanager
def _page(document: pypdfium2.PdfDocument, number: int) -> Iterator[pypdfium2.PdfPage]:
    if not 1 <= number <= len(document):
        raise NotFound("page")
    page = document[number - 1]
    try:
        yield page
    finally:
        page.close()
