"""Filters, dates and windows as DuckDB SQL. `p` is an educator's row, `s` an entry's. Not here: tallies, trees."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from cairn.pure.rules.calendar import academic_terms
from cairn.pure.rules.case import NUMBER
from cairn.pure.rules.model import SEVERAL
from cairn.pure.rules.spec import Condition, Jurisdiction, MonthDay, Span, Where

FIRST_YEAR, LAST_YEAR = 1900, 2150  # of the academic terms that a query knows


def text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def texts(values: Iterable[str]) -> str:
    return ", ".join(map(text, sorted(values)))


def name(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


def day(value: date) -> str:
    return f"DATE '{value.isoformat()}'"


def number(value: Decimal) -> str:
    return f"{value:f}"


def decimal_of(column: str) -> str:
    """The number that a field holds, or nothing (case.decimal_of)."""
    return f"CASE WHEN regexp_full_match({column}, {text(NUMBER)}) THEN CAST({column} AS DECIMAL(18, 6)) END"


def plus(start: str, span: Span, sign: int = 1) -> str:
    months, days = sign * (span.years * 12 + span.months), sign * span.days
    return f"({start} + to_months({months}) + to_days({days}))::DATE"


def both(conditions: Iterable[str]) -> str:
    """All of the conditions; true where there are none."""
    return " AND ".join(f"({one})" for one in conditions if one) or "TRUE"


def has(when: Iterable[tuple[str, tuple[str, ...]]], on: date) -> str:
    """Whether on the day every attribute has one of its values."""
    return both(_attribute(attribute, f"a.value IN ({texts(values)})", on) for attribute, values in when)


def attribute(condition: Condition, on: date) -> str:
    """Whether an attribute is as the condition asks; not known is no."""
    return _attribute(condition.field, _holds(condition, "a.value", False), on)


def _attribute(attribute: str, test: str, on: date) -> str:
    stands = f"(a.since IS NULL OR a.since <= {day(on)}) AND (a.until IS NULL OR a.until >= {day(on)})"
    return f"coalesce(len(list_filter(p.attributes, lambda a: a.name = {text(attribute)} AND {test} AND {stands})), 0) > 0"


def matches(where: Where, on: date, row: str = "s") -> str:
    """Whether an entry matches a filter; values chosen by attributes ask the educator's row."""
    return both(_matches(condition, on, row) for condition in where)


def _matches(condition: Condition, on: date, row: str) -> str:
    column = f"{row}.{name(condition.field)}"
    several = condition.field in SEVERAL
    if not condition.choices:
        return _holds(condition, column, several)
    cases = " ".join(
        f"WHEN {has(choice.when, on)} THEN {_holds(Condition(condition.field, choice.values), column, several)}"
        for choice in condition.choices
    )
    return f"CASE {cases} ELSE FALSE END"


def _holds(condition: Condition, column: str, several: bool) -> str:
    if condition.least is not None:
        least = f">= {number(condition.least)}"
        if several:
            return f"len(list_filter({column}, lambda v: {decimal_of('v')} {least})) > 0"
        return f"{decimal_of(column)} {least}"
    hit = f"{column} IN ({texts(condition.values)})"
    if several:
        one = f"list_contains({column}, {texts(condition.values)})"
        hit = one if len(condition.values) == 1 else f"list_has_any({column}, [{texts(condition.values)}])"
    return f"NOT coalesce({hit}, FALSE)" if condition.negated else f"coalesce({hit}, FALSE)"


def stands(on: date, row: str = "s") -> str:
    """Whether an entry stands on the day, whatever is asked of it (case.why_not)."""
    today = day(on)
    suspended = f'len(list_filter({row}.suspended, lambda x: x."from" <= {today} AND (x."to" IS NULL OR x."to" > {today}))) > 0'
    return (
        f'{row}."on" <= {today} AND {row}.verified AND ({row}.withdrawn IS NULL OR {row}.withdrawn > {today})'
        f" AND ({row}.revoked IS NULL OR {row}.revoked > {today}) AND ({row}.until IS NULL OR {row}.until >= {today})"
        f" AND ({row}.suspended IS NULL OR NOT {suspended})"
    )


def look(select: str, where: str, source: str = "entry", tail: str = "") -> str:
    """A query over entries. They carry the days of the license; all else about the educator is joined only where something asks for it."""
    select, where = (words.replace("p.license_", "s.license_") for words in (select, where))
    person = " JOIN person p ON p.id = s.educator" if "p." in select + where else ""
    return f"SELECT {select} FROM {source} s{person} WHERE {where} {tail}".rstrip()


def enough(table: str, select: str, tail: str, where: str = "TRUE") -> str:
    """A query over what educators have, `t`, with the educator's row where something asks for it."""
    person = " JOIN person p ON p.id = t.educator" if "p." in select + where else ""
    return f"SELECT {select} FROM {table} t{person} WHERE {where} {tail}".rstrip()


def year_of(day_sql: str, begins: MonthDay | None) -> str:
    """The number of the year that begins on a month and day, or on the license's, which a day lies in: the calendar year of its first."""
    here = f"(month({day_sql}) * 100 + day({day_sql}))"
    first = "(month(p.license_from) * 100 + day(p.license_from))" if begins is None else str(begins[0] * 100 + begins[1])
    is_before = f"{here} < {first}"  # what begins on February 29 begins on March 1 where there is none
    unknown = "WHEN p.license_from IS NULL THEN NULL " if begins is None else ""
    return f"(year({day_sql}) - CASE {unknown}WHEN {is_before} THEN 1 ELSE 0 END)"


def terms_table(jurisdiction: Jurisdiction) -> str:
    """The academic terms of a jurisdiction as a CTE: numbered, with first and last day."""
    terms = academic_terms(jurisdiction, date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
    rows = ", ".join(f"({place}, {day(term.start)}, {day(term.end)})" for place, term in enumerate(terms))
    return f"terms(place, first, last) AS MATERIALIZED (VALUES {rows})"
