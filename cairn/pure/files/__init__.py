"""Files: what an upload is, a clean copy of it, a PDF page by page, a table row by row. Not here: storing and serving them (apps)."""

from cairn.pure.files.grids import read_table
from cairn.pure.files.kinds import ACCEPTED, KINDS, Kind, Scrubbed
from cairn.pure.files.onerosters import read_oneroster
from cairn.pure.files.recognizing import recognize
from cairn.pure.files.scrubbing import scrub
from cairn.pure.files.tables import Column, Problem, Row, Table, table
from cairn.pure.files.values import read_day, read_email, read_moment, read_phone_ending, read_time, read_zone
from cairn.pure.files.viewing import page_text, pages, render_page
from cairn.pure.files.working import clean, draw_page, draw_still, read_page
from cairn.pure.files.writing import as_csv, as_workbook

__all__ = [
    "ACCEPTED",
    "KINDS",
    "Column",
    "Kind",
    "Problem",
    "Row",
    "Scrubbed",
    "Table",
    "as_csv",
    "as_workbook",
    "clean",
    "draw_page",
    "draw_still",
    "page_text",
    "pages",
    "read_day",
    "read_email",
    "read_moment",
    "read_oneroster",
    "read_page",
    "read_phone_ending",
    "read_table",
    "read_time",
    "read_zone",
    "recognize",
    "render_page",
    "scrub",
    "table",
]
