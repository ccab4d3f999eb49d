"""Files: what an upload is, a clean copy of it, a PDF page by page, a table row by row. Not here: storing and serving them (apps)."""

from cairn.pure.files.grids import read_table
from cairn.pure.files.kinds import ACCEPTED, KINDS, Kind, Scrubbed
from cairn.pure.files.recognizing import recognize
from cairn.pure.files.scrubbing import scrub
from cairn.pure.files.tables import Column, Problem, Row, Table, table
from cairn.pure.files.viewing import page_text, pages, render_page
from cairn.pure.files.working import clean, draw_page, draw_still, read_page

__all__ = [
    "ACCEPTED",
    "KINDS",
    "Column",
    "Kind",
    "Problem",
    "Row",
    "Scrubbed",
    "Table",
    "clean",
    "draw_page",
    "draw_still",
    "page_text",
    "pages",
    "read_page",
    "read_table",
    "recognize",
    "render_page",
    "scrub",
    "table",
]
