"""What becomes of a membership, given its terms so far and what a roster tells. Not here: storing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cairn.pure.rosters.reading import Told

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Term:
    """One term of a membership; the last day is a member's day, and no last day means that it goes on."""

    id: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Decision:
    """`act` is "enter" (a new term), "change" (of the term `id`) or "keep"; then the days that the term has. Taking the same roster again
    the same day or later keeps all of it."""

    act: str
    id: str
    valid_from: date
    valid_to: date | None


def decide(terms: Sequence[Term], row: Told, day: date) -> Decision:
    """A later term leaves the earlier ones as they are, so that a lapse stays to be seen; days that reach into the last term correct it."""
    last = max(terms, key=lambda term: term.valid_from, default=None)
    if row.is_over:
        return _over(last, row, day)
    if last is None:
        first = row.valid_from or min(day, row.valid_to or day)
        return Decision("enter", "", first, row.valid_to)
    if row.valid_from is not None:
        same = next((term for term in terms if term.valid_from == row.valid_from), None)
        if same is not None:
            return _with(same, same.valid_from, row.valid_to)
        if last.valid_to is not None and row.valid_from > last.valid_to:
            return Decision("enter", "", row.valid_from, row.valid_to)
        first = row.valid_from if len(terms) == 1 and row.valid_from < last.valid_from else last.valid_from
        return _with(last, first, max_day(row.valid_to, first))
    has_lapsed = last.valid_to is not None and last.valid_to < day - _DAY
    goes_on = row.valid_to is None or row.valid_to >= day
    if has_lapsed and goes_on and row.valid_to != last.valid_to:
        return Decision("enter", "", day, row.valid_to)
    return _with(last, last.valid_from, max_day(row.valid_to, last.valid_from))


def max_day(last: date | None, first: date) -> date | None:
    """A last day that is not before the first."""
    return None if last is None else max(last, first)


def _with(term: Term, first: date, last: date | None) -> Decision:
    act = "keep" if (first, last) == (term.valid_from, term.valid_to) else "change"
    return Decision(act, term.id, first, last)


def _over(last: Term | None, row: Told, day: date) -> Decision:
    """Yesterday was the last day, unless the row or the term names an earlier one."""
    if last is None:
        return Decision("keep", "", row.valid_from or day, row.valid_to)
    ends = min(filter(None, (row.valid_to, last.valid_to, day - _DAY)))
    return _with(last, last.valid_from, max_day(ends, last.valid_from))
