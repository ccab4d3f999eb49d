"""What is done with an upload in a process of its own: open files and plain values go in, plain values come out.

Not here: that process and its limits (frame.cell), and the work itself (the other modules).
"""

from __future__ import annotations

from typing import Any, BinaryIO

from cairn.pure.files import pictures, recognizing, scrubbing, viewing


def clean(source: BinaryIO, out: BinaryIO) -> dict[str, Any]:
    """Recognize the file and write its scrubbed copy: what it is by name, and its measures."""
    done = scrubbing.scrub(source, recognizing.recognize(source), out)
    return {"kind": done.kind.name, "pages": done.pages, "seconds": done.seconds}


def draw_page(source: BinaryIO, out: BinaryIO, *, number: int, width_px: int) -> None:
    """Write page `number` of a PDF as a PNG."""
    out.write(viewing.render_page(source, number, width_px))


def read_page(source: BinaryIO, *, number: int) -> str:
    """The words of page `number` of a PDF."""
    return viewing.page_text(source, number)


def draw_still(source: BinaryIO, out: BinaryIO) -> None:
    """Write a picture anew as a JPEG no larger than a film's frame on a page."""
    pictures.draw_still(source, out)
