"""Tables that leave: no cell of them is a formula, whatever stood in it."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from cairn.pure.files import as_csv, as_workbook

AT = datetime(2026, 9, 1, tzinfo=UTC)
STARTS = ("=", "+", "@", "＝", "＋", "＠")
NUMBER = re.compile(r'[+＋][\d.,]+%?[\s"]*(?:$|[;\t\n])')  # with its sign, it stays one
texts = st.text(st.sampled_from("=+-@＝－\t\n\r\x00\x1e\x1f'\"1a,;| "), max_size=12)


def sheet(rows, title="Table"):
    return load_workbook(io.BytesIO(as_workbook(rows, title, AT))).active


@given(texts)
def test_no_text_begins_a_formula_in_either(text):
    (row,) = csv.reader(io.StringIO(as_csv([["x", text]]).decode("utf-8-sig"), newline=""))
    cell = sheet([["x", text]])["B1"]
    for told in (row[1], cell.value or ""):
        begins = told.lstrip('\t\n\r "')
        assert not begins.startswith(STARTS) or NUMBER.match(begins)
    assert cell.data_type != "f"


@pytest.mark.parametrize("text", ["plain", "-5", "a, b", "O’Neil", "", "first\nsecond"])
def test_what_calculates_nothing_stays_as_it_is(text):
    (row,) = csv.reader(io.StringIO(as_csv([["x", text]]).decode("utf-8-sig"), newline=""))
    assert row[1] == text
    assert (sheet([["x", text]])["B1"].value or "") == text


def test_numbers_and_dates_stay_what_they_are():
    rows = [[1, 2.5, None, date(2020, 9, 1)]]
    assert as_csv(rows).decode("utf-8-sig") == "1,2.5,,2020-09-01\r\n"
    assert [cell.value for cell in sheet(rows)[1]] == [1, 2.5, None, AT.replace(year=2020, tzinfo=None)]


def test_a_sheet_has_a_title_that_a_workbook_may_have():
    assert sheet([["x"]], "a/b: " + "c" * 40).title == "a b  " + "c" * 26
    assert sheet([["x"]], "").title == "Table"
