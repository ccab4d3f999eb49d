"""Academic terms, the same days of every year, and where so many of them end. Not here: the calendars themselves (data/calendars)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cairn.kernel.errors import Invalid

MOST_TERMS, MOST_A_YEAR = 12, 6


@dataclass(frozen=True)
class Term:
    """`first` and `last` are (month, day); one whose last day comes before its first ends in the year after."""

    name: str
    first: tuple[int, int]
    last: tuple[int, int]


@dataclass(frozen=True)
class Terms:
    """So many terms of a calendar; `unit` is what one of them is called, such as semester."""

    count: int
    unit: str
    calendar: tuple[Term, ...]

    @property
    def words(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"

    def end(self, day: date) -> tuple[date, str]:
        """The last day of the last of them, counted from `day`, and its name with its year ("Fall 2018"). A day within a term counts that
        one; a day between two begins with the next."""
        found = sorted(each for each in self._around(day) if each[1] >= day)
        begins, ends, name = found[self.count - 1]
        return ends, f"{name} {begins.year}"

    def _around(self, day: date) -> Iterator[tuple[date, date, str]]:
        for year in range(max(day.year - 1, date.min.year), min(day.year + self.count + 2, date.max.year)):
            for term in self.calendar:
                yield _on(year, term.first), _on(year + (term.last < term.first), term.last), term.name


def read_terms(count: int, calendar: Mapping[str, Any]) -> Terms:
    """Terms of a calendar as its file has it: {unit, terms: [{name, from: "08-01", to: "12-31"}, ...]}. Invalid where it is none."""
    if not 1 <= count <= MOST_TERMS:
        remedy = f"From 1 to {MOST_TERMS}."
        raise Invalid("terms-wrong", f"The terms run from 1 to {MOST_TERMS}.", "Correct the number of terms.", {"terms": remedy})
    try:
        unit, told = str(calendar["unit"]), calendar["terms"]
        terms = tuple(Term(str(each["name"]), _month_day(each["from"]), _month_day(each["to"])) for each in told)
    except (KeyError, TypeError, ValueError):
        terms = ()
    if not 1 <= len(terms) <= MOST_A_YEAR:
        words = "Choose whose terms are counted."
        raise Invalid("calendar-wrong", "That is no calendar of academic terms.", words, {"calendar": words})
    return Terms(count, unit, terms)


def _month_day(text: str) -> tuple[int, int]:
    day = date.fromisoformat(f"2000-{text}")  # a leap year
    return day.month, day.day


def _on(year: int, month_day: tuple[int, int]) -> date:
    """That day of a year; the last of February where it has no twenty-ninth."""
    month, day = month_day
    return date(year, month, min(day, monthrange(year, month)[1]))
