"""What would change a standing: the shortest set of what is offered, and the same one each time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import combinations
from random import Random

from cairn.pure.rules import MET, OFFICER, OPEN, check_record, evaluate, overlapping, propose, what_if
from tests.rules_world import LICENSE, ON, entry, micro, record, rules

WAYS = """
id: all
all:
  - id: growth
    any:
      - {id: three, count: {of: micro-credential, where: {approved_by: zz-board}, at_least: 3}, within: license}
      - {id: two, count: {of: micro-credential, where: {stack: leading}, at_least: 2}, within: license}
  - {id: bias, count: {of: micro-credential, where: {category: bias}, at_least: 1}}
"""


RULES = rules(WAYS)


def offers():
    approved = [micro(f"a{n}", f"2024-0{n}-01", approved_by="zz-board") for n in (3, 4, 5)]
    leading = [micro(f"l{n}", f"2024-0{n}-10", stack="leading") for n in (4, 5)]
    return [*approved, *leading, micro("both", "2024-06-01", stack="leading", category="bias")]


def test_the_shortest_set_is_proposed_whatever_the_order():
    for seed in range(5):
        given = offers()
        Random(seed).shuffle(given)
        found = propose(RULES, record(), given, ON)
        assert [one.fields["key"] for one in found.entries] == ["l4", "both"]
        assert found.standing.state == MET


def test_of_several_as_short_the_fewest_hours_then_the_title_decide():
    two = rules("{id: two, count: {of: micro-credential, where: {stack: s}, at_least: 2}}")
    given = [micro(key, "2024-05-01", stack="s", id=id) for key, id in (("k1", "z"), ("k2", "y"), ("k3", "x"), ("k4", "w"))]
    efforts = {"z": (Decimal(10), "Apples"), "y": (Decimal(20), "Bread"), "x": (Decimal(10), "Dates"), "w": (Decimal(10), "Corn")}
    for seed in range(4):
        Random(seed).shuffle(given)
        assert [one.id for one in propose(two, record(), given, ON, efforts=efforts).entries] == ["z", "w"]
        assert [one.id for one in propose(two, record(), given, ON).entries] == ["z", "y"]


def test_what_would_be_too_much_is_not_proposed():
    few = rules("{id: few, count: {of: micro-credential, at_least: 2, at_most: 2}}")
    found = propose(few, record(), [micro(f"k{n}", "2024-05-01") for n in range(5)], ON)
    assert (found.standing.state, len(found.entries)) == (MET, 2)


def test_what_is_there_is_made_use_of():
    there = record(micro("x", "2023-01-01", approved_by="zz-board"), micro("y", "2023-01-01", approved_by="zz-board", category="bias"))
    assert [one.fields["key"] for one in propose(RULES, there, offers(), ON).entries] == ["a3"]


def test_what_comes_too_late_is_not_proposed_and_the_furthest_is():
    found = propose(RULES, record(), offers(), ON, by=date(2024, 5, 31))
    assert found.standing.state == OPEN
    assert [one.fields["key"] for one in found.entries] == ["l4", "l5"]


def test_nothing_is_proposed_where_nothing_helps():
    assert propose(RULES, record(), [entry("hours", "2024-03-02", 5, unit="hour")], ON).entries == ()


def test_the_proposal_is_as_short_as_trying_every_set_finds():
    random = Random(7)
    for _ in range(40):
        given = [
            micro(f"m{n}", f"2024-0{random.randint(3, 6)}-0{n + 1}", approved_by=random.choice(["zz-board", "other"]),
                  stack=random.choice(["leading", "other"]), category=random.choice(["bias", "other"]))
            for n in range(6)
        ]  # fmt: skip
        found = propose(RULES, record(), given, ON)
        sizes = [
            size
            for size in range(7)
            for some in combinations(given, size)
            if what_if(RULES, record(), some, date(2024, 6, 30)).state == MET
        ]
        assert (found.standing.state == MET) is bool(sizes)
        if sizes:
            assert len(found.entries) == sizes[0]


def test_what_if_looks_at_the_last_day_of_what_is_planned():
    planned = [micro("l4", "2024-06-01", stack="leading"), micro("both", "2024-06-02", stack="leading", category="bias")]
    assert what_if(RULES, record(), planned, ON).on == date(2024, 6, 2)
    assert (what_if(RULES, record(), planned, ON).state, what_if(RULES, record(), [], ON).state) == (MET, OPEN)


def test_an_officers_line_is_left_to_the_officer():
    rule = "{id: all, all: [{id: one, count: {of: micro-credential, at_least: 1}}, {id: judge, officer: why}]}"
    found = propose(rules(rule), record(), [micro("a", "2024-04-01"), micro("b", "2024-05-01")], ON)
    assert ([one.fields["key"] for one in found.entries], found.standing.state) == (["a"], OFFICER)


def test_what_is_odd_about_a_record_is_said_with_its_remedy():
    place = RULES.jurisdiction
    odd = record(
        entry("hours", "2024-03-02", 5, unit="hour", id="future"), entry("hours", "2020-06-30", 5, unit="hour", id="early"),
        entry("hours", "2021-01-01", 5, unit="fathom", id="unit"), entry("hours", "2021-01-01", -5, unit="hour", id="less"),
        entry("degree", "2010-01-01", id="fine"), entry("credit", "2021-01-01", until=date(2020, 12, 31), id="backwards"),
        license=replace(LICENSE, to=date(2024, 6, 30)),
    )  # fmt: skip
    assert [oddity.entry for oddity in check_record(odd, ON, place)] == ["future", "early", "unit", "less", "backwards"]
    assert all(oddity.remedy for oddity in check_record(odd, ON, place))
    assert check_record(record(license=replace(LICENSE, to=date(2020, 1, 1))), ON, place)[0].message.startswith(
        "The license ends on January 1, 2020"
    )


def test_points_and_credit_for_one_award_are_both_counted_and_said():
    both = "{id: p, sum: {of: [points, credit], unit: point, convert: {semester-hour: 20}, at_least: 70}}"
    points = entry("points", "2021-01-01", 10, unit="point", award="a1", id="points")
    more = entry("points", "2021-03-01", 20, unit="point", award="a1", level="application", id="more")
    credit = entry("credit", "2021-05-01", 2, unit="semester-hour", award="a1", id="credit")
    known = record(points, more, credit)
    assert evaluate(rules(both), known, ON).state == MET
    (odd,) = check_record(known, ON, RULES.jurisdiction)
    assert (odd.entry, odd.message) == ("credit", "2 semester hours and points rest on one award, and both are counted.")
    for apart in (replace(credit, fields={"award": "a2"}), replace(credit, fields={}), replace(credit, withdrawn=ON)):
        assert check_record(record(points, more, apart), ON, RULES.jurisdiction) == ()


def test_terms_of_one_type_that_share_a_day_overlap():
    later = replace(LICENSE, from_=date(2024, 6, 30), to=date(2028, 6, 29))
    assert overlapping([later, LICENSE]) == ((LICENSE, later),)
    assert overlapping([replace(later, from_=date(2024, 7, 1)), LICENSE]) == ()
    assert overlapping([replace(later, type="second"), LICENSE]) == ()
