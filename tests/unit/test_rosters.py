"""What a row of a roster says, and what becomes of the membership."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.kernel.errors import Invalid
from cairn.pure.files import read_day
from cairn.pure.rosters import Decision, Term, Told, decide, told

TODAY = date(2026, 7, 5)
DAYS = st.one_of(st.none(), st.dates(date(2025, 1, 1), date(2028, 1, 1)))


def row(valid_from=None, valid_to=None, is_over=False):
    return Told("1001", "Dana Whitfield", "dana@example.org", "", valid_from, valid_to, is_over)


LAPSED = Term("t1", date(2025, 7, 1), date(2026, 6, 30))
RUNNING = Term("t1", date(2025, 7, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("terms", "given", "decision"),
    [
        ([], row(), Decision("enter", "", TODAY, None)),
        ([], row(valid_to=date(2026, 1, 1)), Decision("enter", "", date(2026, 1, 1), date(2026, 1, 1))),
        ([LAPSED], row(date(2025, 7, 1), date(2026, 6, 30)), Decision("keep", "t1", date(2025, 7, 1), date(2026, 6, 30))),
        ([LAPSED], row(TODAY, date(2027, 6, 30)), Decision("enter", "", TODAY, date(2027, 6, 30))),
        ([LAPSED], row(valid_to=date(2027, 6, 30)), Decision("enter", "", TODAY, date(2027, 6, 30))),
        ([RUNNING], row(valid_to=date(2027, 6, 30)), Decision("change", "t1", date(2025, 7, 1), date(2027, 6, 30))),
        ([RUNNING], row(is_over=True), Decision("change", "t1", date(2025, 7, 1), date(2026, 7, 4))),
        ([LAPSED], row(is_over=True), Decision("keep", "t1", date(2025, 7, 1), date(2026, 6, 30))),
        ([RUNNING], row(date(2024, 7, 1), date(2026, 12, 31)), Decision("change", "t1", date(2024, 7, 1), date(2026, 12, 31))),
        ([], row(is_over=True), Decision("keep", "", TODAY, None)),
    ],
)
def test_a_roster_begins_goes_on_and_ends_memberships(terms, given, decision):
    assert decide(terms, given, TODAY) == decision


@given(st.lists(st.tuples(DAYS, DAYS, st.booleans()), min_size=1, max_size=5), st.integers(0, 3))
def test_the_same_row_again_changes_nothing(rows, later):
    terms: list[Term] = []
    for number, (first, last, is_over) in enumerate(rows):
        if first and last and last < first:
            first, last = last, first
        decision = decide(terms, row(first, last, is_over), TODAY)
        terms = applied(terms, decision, f"t{number}")
        again = decide(terms, row(first, last, is_over), TODAY + timedelta(days=later))
        if is_over or (last is not None and last < TODAY + timedelta(days=later)):
            continue  # a day passes: what is over may be told anew
        assert again.act == "keep", (rows, decision, again)
        assert len({term.valid_from for term in terms}) == len(terms)


def applied(terms, decision, new_id):
    if decision.act == "enter":
        return [*terms, Term(new_id, decision.valid_from, decision.valid_to)]
    changed = Term(decision.id, decision.valid_from, decision.valid_to)
    return [changed if term.id == decision.id else term for term in terms]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"email": "a@example.org"}, "name"),
        ({"name": "A"}, "email"),
        ({"name": "A", "email": "not an address"}, "email"),
        ({"name": "A", "number": "1", "valid_to": "June"}, "valid_to"),
        ({"name": "A", "number": "1", "valid_from": "13/13/2026"}, "valid_from"),
        ({"name": "A", "number": "1", "valid_to": "2026-06-305"}, "valid_to"),
        ({"name": "A", "number": "1", "valid_to": "2026-06-30 or so"}, "valid_to"),
        ({"name": "A", "number": "1", "valid_from": "2026-02-01", "valid_to": "2026-01-01"}, "valid_to"),
        ({"name": "A" * 121, "number": "1"}, "name"),
        ({"name": "A", "number": "1" * 41}, "number"),
    ],
)
def test_a_row_that_cannot_be_names_its_column(cells, column):
    with pytest.raises(Invalid) as refused:
        told(cells, read_day)
    assert list(refused.value.fields) == [column]
    assert refused.value.remedy


def test_a_row_is_read_however_it_is_spelled():
    cells = {"given": " Dana ", "family": "Whitfield", "email": " DANA@Example.org ", "valid_to": "6/30/2026", "status": "Active"}
    assert told(cells, read_day) == Told("", "Dana Whitfield", "dana@example.org", "", None, date(2026, 6, 30), False)
    assert told({**cells, "status": "Lapsed"}, read_day).is_over
