"""Tables that come from elsewhere calculate, fetch and start nothing when somebody opens them."""

import csv
import io
import tempfile
import zipfile

import pytest

from cairn.frame import cell as cells
from cairn.kernel.errors import Invalid
from cairn.pure.files import recognize, scrub
from tests import files_world as world


def clean(data: bytes) -> bytes:
    out = io.BytesIO()
    scrub(io.BytesIO(data), recognize(io.BytesIO(data)), out)
    return out.getvalue()


def cell(text: str) -> str:
    """What becomes of one cell of a CSV table."""
    table = io.StringIO()
    csv.writer(table).writerows([["goal", "met"], ["reading", text]])
    return list(csv.reader(io.StringIO(clean(table.getvalue().encode()).decode())))[1][1]


FORMULAS = (
    "=1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://example.org","Open")', '=WEBSERVICE("http://example.org")', "@SUM(1)", "+1+1",
    "-2+3", "-1-cmd|' /C calc'!A0", " =1", "\t=1", "\n=1", "a;=1", "a\t=1",
)  # fmt: skip


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_in_a_table_becomes_text(formula):
    signs = formula.lstrip("a;\t\n ")
    assert cell(formula) == formula.replace(signs, f"'{signs}")


@pytest.mark.parametrize(
    "text", ["yes", "-2", "+4.5%", "-1,000.50", "3=3", "a-b", "e@school.example", "Goals:\n- read\n- write", 'a "b", c', ""]
)
def test_what_is_no_formula_stays_as_it_was(text):
    assert cell(text) == text


def test_a_table_with_a_cell_that_never_ends_is_refused():
    with pytest.raises(Invalid, match="damaged"):
        clean(b"a,b\nc,d\n" * 10_000 + b'e,"' + b"f" * 200_000)


REACHING = ('WEBSERVICE("http://x")', 'IF(1,image ("http://x"),2)', 'RTD("a",,"b")', 'CALL("kernel32","WinExec")', "cmd|'/C calc'!A0")
STAYING = ("SUM(A1:A9)", 'HYPERLINK("http://x","Open")', 'IF(A1="a|b",1,2)', "[1]Other!A1", "RECALL+1")


def formulas_after(*formulas: str) -> list[str]:
    rows = [[f"</t></is></c><c><f>{formula.replace(chr(39), '&apos;')}</f><v>7</v></c><c><is><t>"] for formula in formulas]
    with zipfile.ZipFile(io.BytesIO(clean(world.make_xlsx(rows=rows)))) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    return [part.partition("</f>")[0].replace("&apos;", "'").replace("&quot;", '"') for part in sheet.split("<f>")[1:]]


def test_formulas_that_reach_out_of_a_workbook_are_taken_out_and_all_others_stay():
    assert formulas_after(*REACHING, *STAYING) == ["NA()"] * len(REACHING) + list(STAYING)


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("goal\tmet\nreading\t=1+1\n", "goal,met\nreading,'=1+1\n"),
        ("goal;met\nreading;=1+1\nwriting;1,5\n", 'goal,met\nreading,\'=1+1\nwriting,"1,5"\n'),
        ("goal,met\n\n\n=1,x\n", "goal,met\n\n\n'=1,x\n"),
        ("a = 1;\nb = 2;\n", "a = 1;\nb = 2;\n"),
        ("@import x;\nbody {}\n", "@import x;\nbody {}\n"),
    ],
)
def test_a_table_is_one_whatever_parts_its_cells(text, becomes):
    assert clean(text.encode()).decode() == becomes


@pytest.mark.parametrize("lines", ["Goals:\n=1+1", "Goals:\n+A1", "Goals:\n-cmd|' /C calc'!A0", "Goals;\n-A1(2)"])
def test_a_line_within_a_cell_is_no_formula_where_another_sign_parts_cells(lines):
    assert cell(lines) == lines.replace("\n", "\n'")


@pytest.mark.long
@pytest.mark.parametrize(
    ("make", "seconds"),
    [
        (lambda: world.make_xlsx(rows=[(f"Goal {row}", "Met") for row in range(100_000)]), 2),
        (lambda: b"a,b,c,d\n" + b"1,-2,3,=x\n" * 1_000_000, 7),
    ],
    ids=["a workbook of 100,000 rows", "ten megabytes of formulas"],
)
def test_a_large_table_is_cleaned_within_the_computing_that_it_is_given(make, seconds):
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as out:
        source.write(make())
        cells.run("clean", source, out, seconds=seconds)
        assert out.seek(0, 2) > 100_000
