"""Windows and periods of rules as days: license terms, fiscal years, academic terms, so many years from an event.

All days are inclusive. A period that ends on February 29 in a year without one ends on February 28. Not here: deadlines of enrollments
(pure.clocks), or which entries lie in a window (tallies).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from cairn.pure.rules.model import Record
from cairn.pure.rules.spec import Jurisdiction, MonthDay, Span, Within
from cairn.pure.rules.words import said_day

DAY = timedelta(days=1)
MAX_PERIODS = 400


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` to `end` (None: without limit); `missing` says why there is none."""

    start: date | None = None
    end: date | None = None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Days:
    """A period by its title."""

    title: str
    start: date
    end: date


ALWAYS = Window()


def plus(day: date, span: Span, sign: int = 1) -> date:
    """The day a span later, or earlier where `sign` is -1; at the ends of the calendar it stops."""
    months = day.year * 12 + day.month - 1 + sign * (span.years * 12 + span.months)
    year, month = divmod(months, 12)
    if not 1 <= year <= 9999:
        return date.min if year < 1 else date.max
    try:
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1])) + sign * span.days * DAY
    except OverflowError:
        return date.min if sign < 0 else date.max


def window(within: Within, record: Record, on: date, jurisdiction: Jurisdiction) -> Window:
    if within.kind == "any":
        return ALWAYS
    if within.kind == "license":
        if record.license is None:
            return Window(missing="No license is recorded.")
        return Window(record.license.from_, record.license.to)
    if within.kind == "last":
        start = plus(on, within.span, -1)
        return Window(start + DAY if within.excluding else start, on)
    if within.event not in record.events:
        return Window(missing=f"The date of “{within.event}” is not recorded.")
    start = plus(record.events[within.event], within.after)
    if within.kind == "since":
        return Window(start, on)
    if within.terms:
        return _terms_from(start, within.terms, jurisdiction)
    end = plus(start, within.span)
    return Window(start, end - DAY if within.excluding else end)


def _terms_from(start: date, count: int, jurisdiction: Jurisdiction) -> Window:
    """So many academic terms; a start within one counts it, a start between two begins with the next."""
    terms = academic_terms(jurisdiction, start, plus(start, Span(years=count + 2)))[:count]
    return Window(max(start, terms[0].start), terms[-1].end)


def academic_terms(jurisdiction: Jurisdiction, start: date, end: date) -> list[Days]:
    """The academic terms that share a day with start to end, in their order."""
    found = []
    for year in range(start.year - 1, end.year + 2):
        for term in jurisdiction.terms:
            first = _on(year, term.from_)
            last = _on(year + (term.to < term.from_), term.to)
            if last >= start and first <= end:
                found.append(Days(f"{term.name} {first.year}", first, last))
    return sorted(found, key=lambda days: days.start)


def periods(each: str, window: Window, jurisdiction: Jurisdiction, record: Record) -> list[Days]:
    """Every period of a kind that shares a day with the window; a window without an end has none."""
    if window.start is None or window.end is None or window.missing:
        return []
    if each == "academic-term":
        return academic_terms(jurisdiction, window.start, window.end)[:MAX_PERIODS]
    return list(_years(each, window.start, window.end, jurisdiction, record))[:MAX_PERIODS]


def start_of_year(each: str, jurisdiction: Jurisdiction, record: Record) -> MonthDay | None:
    """The month and day on which a kind of year begins; None where that is not known."""
    if each == "license-year":
        return (record.license.from_.month, record.license.from_.day) if record.license else None
    return {"fiscal-year": jurisdiction.fiscal_year, "school-year": jurisdiction.school_year}.get(each, (1, 1))


def _years(each: str, start: date, end: date, jurisdiction: Jurisdiction, record: Record) -> Iterator[Days]:
    begins = start_of_year(each, jurisdiction, record)
    if begins is None:
        return
    first_year = start.year if _first(start.year, begins) <= start else start.year - 1
    number = first_year - record.license.from_.year + 1 if record.license else 1
    for year in range(first_year, min(end.year, date.max.year - 1) + 1):
        first = _first(year, begins)
        if first > end:
            return
        yield Days(_title(each, first, number + year - first_year), first, _first(year + 1, begins) - DAY)


def year_of(each: str, day: date, jurisdiction: Jurisdiction, record: Record) -> date:
    """The first day of the period of this kind that the day lies in; the day itself for days and where no period is known."""
    if each == "academic-term":
        terms = academic_terms(jurisdiction, day, day)
        return terms[0].start if terms else day
    begins = None if each == "day" else start_of_year(each, jurisdiction, record)
    if begins is None:
        return day
    return _first(day.year, begins) if _first(day.year, begins) <= day else _first(day.year - 1, begins)


def _title(each: str, first: date, number: int) -> str:
    if each == "license-year":
        return f"license year {number}, from {said_day(first)}"
    if each == "school-year":
        return f"school year {first.year}-{(first.year + 1) % 100:02}"
    return f"{'fiscal' if each == 'fiscal-year' else 'calendar'} year {first.year + (first.month > 1)}"


def _first(year: int, begins: MonthDay) -> date:
    """The day on which a year begins; that of February 29 begins on March 1 where there is none, so that the one before it is whole."""
    day = _on(year, begins)
    return day if day.day == begins[1] or day in (date.min, date.max) else day + DAY


def _on(year: int, day: MonthDay) -> date:
    if not date.min.year <= year <= date.max.year:
        return date.min if year < date.min.year else date.max
    return date(year, day[0], min(day[1], monthrange(year, day[0])[1]))
