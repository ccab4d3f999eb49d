"""Files that say what nothing could meet, or what nobody could have meant, are refused with the line and what is allowed instead."""

from __future__ import annotations

import pytest

from cairn.pure import rules
from cairn.pure.rules import RulesInvalid
from tests.rules_world import PLACE

STATE, ROUTE, SCHEDULE = "us/zz/licenses.yaml", "us/zz/r.yaml", "us/zz/s.yaml"
VERSION = "  - {effective: 2015-01-01, status: in force, cite: Z, requires: {id: a, officer: why}}\n"
LATER = VERSION.replace("2015", "2018")
FILES = {
    STATE: PLACE.lstrip() + "units: [pdp]\nmovers: [{title: Ask, cite: Z}]\ncumulative: [{types: [first], years: 4, cite: Z}]\n",
    ROUTE: "rules: us/zz/r\ntitle: T\npurpose: renewal\nsource: S\nfrom: first\nscales: {degree: [bachelor, master]}\nversions:\n"
    + VERSION,
    SCHEDULE: "schedule: us/zz/s\ntitle: T\nrecognizer: R\npurpose: renewal\nunit: point\ncite: C\neffective: 2010-01-01\n"
    "gives:\n  - {for: hours, amount: 1}\n",
    "us/zz/r.cases.yaml": "cases:\n  - name: N\n    on: 2020-01-01\n"
    "    record: {license: {type: first, from: 2019-01-01}, entries: [{id: e, kind: hours, amount: 1, unit: hour, on: 2019-05-01}]}\n"
    "    expect: {state: officer}\n",
    "us/zz/s.cases.yaml": "cases:\n  - name: N\n    claim: {kind: hours, on: 2020-01-01, hours: 3}\n    expect: {amount: 3}\n",
}
ROWS = {
    STATE: [
        ("America/Chicago", "''", "“zone” is empty."),
        ("America/Chicago", "EST", "“zone” is “EST”. It must be a zone such as"),
        ("America/Chicago", "posix/America/Chicago", "It must be a zone such as"),
        ("America/Chicago", "-05:00", "It must be a zone such as"),
        ("America/Chicago", "../zone", "It must be a zone such as"),
        ("America/Chicago", "[America/Chicago]", "“zone” holds a list."),
        ("[pdp]", "[p d p]", "One of the units is “p d p”."),
        ("[pdp]", "[pdp, pdp]", "or one twice."),
        (", cite: Z 1", "", "“cite” is missing."),
        ("slug: second", "slug: Zweite Stufe", "“slug” is “Zweite Stufe”."),
        ("Ask, cite: Z", "Ask", "“cite” is missing."),
        ("years: 4, cite: Z}", "years: 4}", "“cite” is missing."),
        ("years: 4, next", "years: 2.5, next", "It must be a whole number."),
        ("years: 4, next", "years: -4, next", "“years” is “-4”."),
        ("to: 05-31", "to: 02-30", "“to” is “02-30”."),
        ("name: Zephyr", "name: Zephyr\nname: Again", "is here twice"),
        ("cite: Z 1", "zitat: Z 1", "There is no field “zitat” here."),
    ],
    ROUTE: [
        ("cite: Z, ", "", "“cite” is missing."),
        ("cite: Z,", "cite: ' ',", "“cite” is empty."),
        ("in force", "en vigor", "Allowed: in force"),
        ("2015-01-01", "9999-12-31", "a day of the years 1900 to 2150"),
        ("2015-01-01", "2015-01-01T00:00", "It must be a date"),
        (VERSION, VERSION.replace("status", "until: 2016-01-01, status") + LATER, "No version holds from 2016-01-02 until 2017-12-31."),
        (VERSION, VERSION.replace("status", "until: 2019-01-01, status") + LATER, "The version before holds until 2019-01-01"),
        (VERSION, LATER + VERSION, "stands below one of 2018-01-01"),
        (VERSION, "", "“versions” holds"),
        (
            VERSION,
            VERSION + LATER.replace("status", "until: 2018-12-31, transition: {either: true, until: 2019-06-01}, status"),
            "Either may be used until 2019-06-01, and this one ends on 2018-12-31.",
        ),
        (
            VERSION,
            VERSION + LATER.replace("status", "transition: {to: 2030-01-01, either: true, until: 2019-06-01}, status"),
            "no field “to”",
        ),
        (
            VERSION,
            "  - {effective: 2014-01-01, status: repealed, cite: Z}\n"
            + LATER.replace("status", "transition: {either: true, until: 2019-06-01}, status"),
            "The version before is repealed, and so cannot be used.",
        ),
        ("from: first", "from: first\ngives: first", "It gives the license that it starts from"),
        ("[bachelor, master]", "bachelor", "has one value."),
        ("{id: a, officer", "{<<: {id: a}, officer", "There is no field “<<” here."),
        ("{id: a, officer", "{id: a, 1: x, officer", "no field “1”"),
        ("{id: a, officer", "{id: a, [x]: y, officer", "not a word"),
        ("officer: why", "officer: ''", "“officer” is empty."),
        ("id: a,", f"id: {'a' * 81},", "80 at most"),
        ("id: a,", "id: ä,", "lower-case letters"),
        ("id: a,", "id: a, cite: '',", "“cite” is empty."),
        ("officer: why", "has: {}", "“has” names 0 attributes."),
        ("officer: why", "score: {test: x, tolerance: -1}", "“tolerance” is “-1”."),
        ("officer: why", "renewals: {fewer_than: 1.5}", "whole number"),
        ("officer: why", "all: text", "a list of mappings"),
    ],
    SCHEDULE: [
        ("cite: C\n", "", "“cite” is missing."),
        ("cite: C\n", "cite: ''\n", "“cite” is empty."),
        ("amount: 1}", "amount: 0}", "above nothing"),
        ("gives:", "caps: [{per: day, at_most: 0}]\ngives:", "“at_most” is 0."),
        ("gives:", "caps: [{total: 0}]\ngives:", "“total” is 0."),
        ("amount: 1}\n", "amount: 1}\n  - {for: hours, amount: 2}\n", "“gives-1” gives for all of this already."),
        ("amount: 1}\n", "amount: 1, id: x}\n  - {id: x, for: credit, amount: 2}\n", "The id “x” is taken."),
        ("{for: hours,", "{for: hours, where: {unit: fathom},", "“fathom” is no unit of Zephyr."),
        ("gives:", "lasts: forever\ngives:", "a time above"),
        ("gives:", "fee: {cents: 0, gives: x}\ngives:", "“cents” is 0."),
        ("gives:", "elect: {one_of: [x]}\ngives:", "“x” is all there is to elect."),
        ("gives:", "levels: {k: 1, b: 2}\ndeadlines: [{level: k, after: k, within: 3 days}]\ngives:", "“k” follows itself."),
        ("gives:", "needs: [knowledge-granted]\ngives:", "stands without “levels”."),
        ("gives:", "overlay_of: us/zz/s\ngives:", "no schedule"),
        (
            "gives:\n  - {for: hours, amount: 1}\n",
            "versions:\n  - {effective: 2010-01-01, until: 2015-01-01, gives: [{for: hours, amount: 1}]}\n"
            "  - {effective: 2012-01-01, gives: [{for: hours, amount: 1}]}\n",
            "The version before holds until 2015-01-01",
        ),
    ],
    "us/zz/r.cases.yaml": [
        ("unit: hour", "unit: hower", "“hower” is no unit of Zephyr."),
        ("type: first", "type: fist", "“fist” is no type of license of Zephyr."),
        ("from: 2019-01-01", "from: 2019-01-01, to: 2018-12-31", "“to” is 2018-12-31, before 2019-01-01."),
        ("state: officer", "stat: met", "missing"),
        ("on: 2019-05-01", "on: 2019-05-01, revoked: 2019-04-30", "“revoked” is 2019-04-30, before"),
        ("kind: hours", "kind: lessons", "“kind” is"),
        ("on: 2019-05-01", "on: 2019-05-01, submitted: 2019-05-02", "Days must run forward."),
        ("on: 2019-05-01", "on: 2019-02-29", "a date"),
        ("entries: [", "entries: [{id: e, kind: hours, on: 2019-01-01}, ", "The id “e” is taken."),
        ("kind: hours", "kind: hours, farbe: x", "no field"),
        ("state: officer", "state: officer, nodes: {a: {state: officer, left_out: f}}", "“left_out” names “f”, which is no entry."),
        ("state: officer", "state: officer, nodes: {a: {state: officer, have: many}}", "“have” is “many”."),
        ("unit: hour", "unit: ''", "is empty"),
        ("cases:\n", "cases:\n  - {name: N, on: 2020-01-01, expect: {state: officer}}\n", "Two cases are called “N”."),
    ],
    "us/zz/s.cases.yaml": [
        ("{amount: 3}", "{amount: 3, flags: [caped]}", "“flags” holds “caped”. Allowed: asks-for-more, capped"),
        ("{amount: 3}", "{}", "Nothing is"),
        ("{amount: 3}", "{amount: 3, refused: true}", "It is refused, and yet gives something."),
        ("hours: 3", "days: 0", "“days” is 0."),
        ("hours: 3", "hour: 3", "There is no field “hour” here."),
        ("hours: 3", "hours: -3", "“hours” is “-3”."),
        ("{amount: 3}", "3", "a mapping"),
    ],
}
COUNT = "{of: hours, at_least: 4, minimums: [{where: {category: x}, at_least: 2}], maximums: [{where: {name: y}, at_most: 3}]}"
SUM = "{of: hours, unit: hour, at_least: 4}"


def refusal(files):
    with pytest.raises(RulesInvalid) as refused:
        rules.try_cases(rules.parse({path: text for path, text in files.items() if ".cases." not in path}), files)
    return refused.value.problems


def test_the_files_are_right_before_they_are_spoiled():
    book = rules.parse({path: text for path, text in FILES.items() if ".cases." not in path})
    assert rules.try_cases(book, FILES) == rules.try_cases(book, dict(reversed(FILES.items())))
    assert (rules.try_cases(book, FILES).count, rules.try_cases(book, FILES).differences) == (2, ())


@pytest.mark.parametrize(("file", "old", "new", "words"), [(file, *row) for file, rows in ROWS.items() for row in rows])
def test_what_nobody_could_mean_is_refused_where_it_stands(file, old, new, words):
    assert old in FILES[file]
    found = refusal({**FILES, file: FILES[file].replace(old, new, 1)})
    assert any(words in f"{problem.found} {problem.allowed}" for problem in found if problem.file == file), found
    assert all(problem.line > 0 and problem.found and problem.allowed for problem in found)


@pytest.mark.parametrize(
    ("operator", "body", "old", "new", "words"),
    [
        ("count", COUNT, "at_least: 4", "at_least: 4, at_most: 4.5", "A part of an entry is asked for."),
        ("count", COUNT, "at_most: 3", "at_most: 2.5", "A part of an entry is asked for."),
        ("count", COUNT, "at_least: 2", "at_least: 5", "more than"),
        ("count", COUNT, "{category: x}", "{}", "“where” holds nothing."),
        ("count", COUNT, "at_least: 4", "at_least: 4e0", "a number such as"),
        ("count", COUNT, "at_least: 4", "at_least: 99999999999", "a number such as"),
        ("count", COUNT, "of: hours", "of: []", "It must be a text"),
        (
            "count",
            COUNT,
            "{name: y}, at_most: 3}",
            "{name: y}, at_most: 3}, {where: {name: y}, at_most: 2}",
            "Two of the “maximums” are about",
        ),
        ("count", COUNT, "at_least: 4", "at_least: 4, where: {name: y}", "At most 3 count of all that is asked for, and 4"),
        ("sum", SUM, "of: hours", "of: micro-credential", "“micro-credential” has no unit, and so gives nothing."),
        ("sum", SUM, "at_least: 4", "at_least: 4, at_most: 5, smallest: 6", "“smallest” is 6, above “at_most”."),
        (
            "sum",
            SUM,
            "4}",
            "4, cap: {per: fiscal-year, at_most: 3}}, each: fiscal-year, within: license",
            "A fiscal-year gives at most 3, and 4",
        ),
        ("sum", SUM, "4}", "4}, within: {event: entry, years: 1, after: 900 years}", "100 years at most"),
        ("sum", SUM, "4}", "4}, within: {event: Día, years: 1}", "“event” is “Día”."),
        ("sum", SUM, "4}", "4}, lasts: -1 year", "a time above nothing"),
        ("sum", SUM, "4}", "4}, within: {from: 2020-01-01, to: 2019-01-01}", "There is no field “from” here."),
        ("sum", SUM, "4}", "4}, within: license, each: fiscal-year, carry_over: -2", "“carry_over” is “-2”."),
    ],
)
def test_what_nothing_could_meet_is_refused(operator, body, old, new, words):
    assert old in body
    found = refusal({**FILES, ROUTE: FILES[ROUTE].replace("officer: why", f"{operator}: {body.replace(old, new, 1)}")})
    assert any(words in f"{problem.found} {problem.allowed}" for problem in found), found
    assert {problem.file for problem in found} == {ROUTE}


def both(one, other, around="{id: a, all: [%s, %s]}"):
    tree = around % (f"{{id: b, {one}}}", f"{{id: c, {other}}}")
    return {**FILES, ROUTE: FILES[ROUTE].replace("{id: a, officer: why}", tree)}


HOURS = "sum: {of: hours, unit: hour, %s}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (HOURS % "at_least: 10", HOURS % "at_most: 5"),
        (HOURS % "at_most: 5", HOURS % "at_least: 10"),
        (HOURS % "at_most: 5", HOURS % "at_least: 10, where: {category: x}"),
        ("count: {of: degree, at_least: 3}", "count: {of: degree, at_most: 2}"),
        ("has: {retired: 'yes'}", "has: {retired: {not: 'yes'}}"),
    ],
)
def test_two_lines_that_no_record_meets_together_are_refused_on_the_line_of_the_second(one, other):
    (found,) = refusal(both(one, other))
    assert found.found == "One of “b” and “c” rules out what the other asks for, and both are asked for."
    assert refusal(both(one, other, "{id: a, all: [%s, {id: d, all: [{id: f, officer: why}, %s]}]}")) == (found,)


@pytest.mark.parametrize(
    ("one", "other", "around"),
    [
        (HOURS % "at_least: 10", HOURS % "at_most: 5", "{id: a, any: [%s, %s]}"),
        (HOURS % "at_least: 10", HOURS % "at_most: 5", "{id: a, all: [{id: d, any: [%s, {id: f, officer: why}]}, %s]}"),
        (HOURS % "at_least: 10", (HOURS % "at_most: 5") + ", unless: {id: u, officer: why}", "{id: a, all: [%s, %s]}"),
        (HOURS % "at_least: 5", HOURS % "at_most: 5", "{id: a, all: [%s, %s]}"),
        (HOURS % "at_least: 10", HOURS % "at_most: 5, where: {category: x}", "{id: a, all: [%s, %s]}"),
        (HOURS % "at_least: 10", (HOURS % "at_most: 5") + ", within: license", "{id: a, all: [%s, %s]}"),
        ("has: {retired: 'yes'}", "has: {role: {not: 'yes'}}", "{id: a, all: [%s, %s]}"),
        ("has: {retired: 'yes'}", "has: {retired: 'no'}", "{id: a, any: [%s, %s]}"),
    ],
)
def test_two_lines_that_a_record_may_meet_or_that_are_not_both_asked_for_are_taken(one, other, around):
    files = both(one, other, around)
    assert rules.parse({path: text for path, text in files.items() if ".cases." not in path})


def test_a_day_that_there_is_not_is_named_as_it_was_written():
    (found,) = refusal({**FILES, ROUTE: FILES[ROUTE].replace("2015-01-01", "2015-02-30")})
    assert found.found == "“effective” is “2015-02-30”."
