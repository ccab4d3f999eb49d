"""Files: what an upload is, a clean copy of it, and a PDF page by page. Not here: storing and serving (apps.portfolio, interfaces)."""

from cairn.pure.files.kinds import ACCEPTED, KINDS, Kind, Scrubbed
from cairn.pure.files.recognizing import recognize
from cairn.pure.files.scrubbing import scrub
from cairn.pure.files.viewing import page_text, pages, render_page
from cairn.pure.files.working import clean, draw_page, draw_still, read_page

__all__ = [
    "ACCEPTED",
    "KINDS",
    "Kind",
    "Scrubbed",
    "clean",
    "draw_page",
    "draw_still",
    "page_text",
    "pages",
    "read_page",
    "recognize",
    "render_page",
    "scrub",
]
