"""What is said to be missing is what is missing: done, and nothing less, it makes the line met."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cairn.apps.licensure import queries
from cairn.pure.rules import MET, Entry, Record, Term, evaluate

SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
START, END, NOW, LATER = date(2021, 7, 1), date(2026, 6, 30), date(2024, 1, 15), date(2024, 2, 1)
# Route, type of license, kind, unit, and what each part of it is about with its amount; what is known is drawn from these.
SHARED_OUT = {
    "us/de/renewal": ("continuing", "hours", "clock-hour", {"students-or-staff": 45}, 90),
    "us/nc/renewal-teacher": ("continuing", "hours", "ceu", {"academic": 3, "literacy": 3, "digital": 2}, 8),
    "us/nc/renewal-administrator": ("continuing", "hours", "ceu", {"executive": 3, "digital": 2}, 8),
    "us/fl/reading-endorsement": ("professional", "hours", "in-service-hour", {f"reading-{n}": 60 for n in range(1, 6)}, 300),
}


def number(word):
    return Decimal(SMALL.index(word.lower())) if word.lower() in SMALL else Decimal(word)


def entries(kind, unit, have, on, name):
    return tuple(
        Entry(f"{name}-{sort or 'other'}", kind, on, Decimal(amount), unit, fields={"category": sort} if sort else {})
        for sort, amount in have.items()
        if amount
    )


def known(route, have):
    type, kind, unit, _, _ = SHARED_OUT[route]
    return Record(license=Term(type, START, END), entries=entries(kind, unit, have, date(2023, 1, 15), "had"))


def draws():
    for route, (_, _, _, parts, _) in SHARED_OUT.items():
        sorts = list(parts)
        other = "" if "fl/" not in route else sorts[0]
        yield route, {}
        yield route, {sorts[0]: parts[sorts[0]] - 1}
        yield route, {sorts[0]: parts[sorts[0]] + 10}
        yield route, {other: sum(parts.values()) - 1}
        yield route, {sort: amount - 1 for sort, amount in parts.items()}
        yield route, {sorts[0]: parts[sorts[0]], sorts[-1]: Decimal("0.5"), other: 100}


@pytest.mark.parametrize(("route", "have"), list(draws()))
def test_the_stated_change_makes_the_line_met_and_a_part_of_it_does_not(db, route, have):
    _, kind, unit, parts, whole = SHARED_OUT[route]
    record, law = known(route, have), queries.rule_set(route)
    standing = evaluate(law, record, NOW)
    told = queries.said(standing)
    lacking = {sort: amount - min(Decimal(have.get(sort, 0)), amount) for sort, amount in parts.items()}
    more = number(told.headline.split()[0])
    assert more == max(sum(lacking.values()), whole - sum(map(Decimal, have.values())))
    assert [line.id for line in told.lines] == [standing.root.id]
    filler = next(iter(parts)) if "fl/" in route else ""
    change = dict(lacking)
    change[filler] = change.get(filler, 0) + more - sum(lacking.values())
    done = evaluate(law, replace(record, entries=(*record.entries, *entries(kind, unit, change, LATER, "new"))), LATER)
    assert done.state == MET
    for sort in (sort for sort, amount in change.items() if amount):
        less = {**change, sort: change[sort] - Decimal("0.1")}
        almost = evaluate(law, replace(record, entries=(*record.entries, *entries(kind, unit, less, LATER, "new"))), LATER)
        assert almost.state != MET


def test_parts_are_named_in_the_headline_and_the_last_day_is_said(db):
    told = queries.said(evaluate(queries.rule_set("us/de/renewal"), known("us/de/renewal", {"": 80}), NOW))
    assert told.headline == "45 more clock hours, among them 45 for “On work with students or staff” by June 30, 2026"
    assert told.lead.startswith("When all lines are met")  # there is nothing else that it asks for
    told = queries.said(evaluate(queries.rule_set("us/nc/renewal-teacher"), known("us/nc/renewal-teacher", {"academic": 7}), NOW))
    assert told.headline == "Five more CEUs, among them three for “On literacy” and two for “On digital learning” by June 30, 2026"


def test_what_counted_and_what_was_left_out_is_said_where_one_line_is_the_whole_rule(db):
    record = known("us/de/renewal", {"": 80})
    early = Entry("early", "hours", date(2020, 1, 15), Decimal(30), "clock-hour")
    (line,) = queries.said(evaluate(queries.rule_set("us/de/renewal"), replace(record, entries=(*record.entries, early)), NOW)).lines
    assert line.figures == "80 of 90"
    assert [entry.words for entry in line.counted] == ["80"]
    assert [entry.words for entry in line.left_out] == ["before July 1, 2021"]


def test_a_year_that_is_over_without_enough_is_said_to_be_over(db):
    record = Record(
        license=Term("administrator", START, END),
        entries=tuple(Entry(f"a{year}", "hours", date(year, 1, 15), Decimal(6), "hour", fields={"elected": "academy"}) for year in (2022,)),
    )
    told = queries.said(evaluate(queries.rule_set("us/il/administrator-renewal"), record, NOW))
    academy = next(line for line in told.lines if line.id == "academy")
    assert academy.words == (
        "Fiscal year 2023: 0 of 6; the time for it ended on June 30, 2023.",
        "Fiscal year 2024: 0 of 6 by June 30, 2024.",
        "Fiscal year 2025: 0 of 6 by June 30, 2025.",
        "Fiscal year 2026: 0 of 6 by June 30, 2026.",
    )
    assert told.headline.endswith("; the time for it ended on June 30, 2023")


def test_how_the_lines_below_go_with_the_one_above_is_said(db):
    def joint(route, type, line):
        told = queries.said(evaluate(queries.rule_set(route), Record(license=Term(type, START, END)), NOW))
        return next(each.joint for each in told.lines if each.id == line)

    assert joint("us/de/renewal", "continuing", "hours") == "Of these"
    assert joint("us/la/content-leader", "", "assessments") == "Of these, or the last one instead"
    assert joint("us/il/administrator-renewal", "administrator", "evaluator-retraining") == "Or this instead"
    assert joint("us/mo/transition-administrator", "initial-administrator", "growth") == "Any one of these"
