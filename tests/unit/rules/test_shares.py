"""Minimums that share what they are given, and maximums that each hold: one entry of two sorts serves one of them, and obeys both."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product
from random import Random

import duckdb
import pytest

from cairn.pure.rules import MET, OPEN, RulesInvalid, evaluate
from tests.rules_world import ON, hours, micro, record, rules, standing, states_at_once

SORTS = "minimums: [{where: {category: a}, at_least: 3}, {where: {category: b}, at_least: 3}, {where: {category: c}, at_least: 2}]"
QUOTAS = f"{{id: q, sum: {{of: hours, unit: hour, at_least: 8, {SORTS}}}}}"
MOST = "maximums: [{where: {category: a}, at_most: 20}, {where: {category: b}, at_most: 10}]"
HELD = f"{{id: q, sum: {{of: hours, unit: hour, at_least: 40, {MOST}}}}}"


def of(root):
    return [(part.have, part.state) for part in root.children]


def test_an_entry_of_two_sorts_fills_one_quota_and_what_it_leaves_is_said():
    both = hours(3, "2021-01-01", category=("a", "b"))
    found = standing(QUOTAS, both, hours(2, "2021-01-02", category="c"), hours(3, "2021-01-03", category="other"))
    assert (found.state, found.root.have) == (OPEN, 8)
    assert of(found.root) == [(3, MET), (0, OPEN), (2, MET)]
    assert standing(QUOTAS.replace("at_least: 8", "at_least: 8, double_use: allow"), both, *[
        hours(2, "2021-01-02", category="c"), hours(3, "2021-01-03", category="other")]).state == MET  # fmt: skip


def test_an_entry_is_given_to_the_quota_that_needs_it_and_may_be_divided():
    both, first = hours(3, "2021-01-01", category=("a", "b"), id="both"), hours(3, "2021-01-02", category="a", id="first")
    rest = hours(2, "2021-01-04", category="c")
    found = standing(QUOTAS, both, first, rest)
    assert (found.state, found.met_on) == (MET, date(2021, 1, 4))
    assert [part.counted for part in found.root.children[:2]] == [(("first", 3),), (("both", 3),)]
    divided = standing(QUOTAS, hours(6, "2021-01-01", category=("a", "b"), id="both"), rest)
    assert (divided.state, [part.counted for part in divided.root.children[:2]]) == (MET, [(("both", 3),), (("both", 3),)])


def test_half_a_unit_less_leaves_the_last_quota_short():
    found = standing(QUOTAS, hours("5.5", "2021-01-01", category=("a", "b")), hours("2.5", "2021-01-04", category="c"))
    assert (found.state, of(found.root)) == (OPEN, [(3, MET), (Decimal("2.5"), OPEN), (2, MET)])


def test_counts_are_shared_out_as_trying_every_way_finds():
    rule = rules(QUOTAS.replace("sum: {of: hours, unit: hour, at_least: 8", "count: {of: micro-credential, at_least: 8"))
    random = Random(3)
    for _ in range(40):
        sorts = [tuple(random.sample("abc", random.randint(1, 2))) for _ in range(random.randint(7, 9))]
        entries = [micro(f"k{n}", f"2021-01-0{n + 1}", category=some if len(some) > 1 else some[0]) for n, some in enumerate(sorts)]
        ways = [[way.count(sort) for sort in "abc"] for way in product(*sorts)]
        possible = len(sorts) >= 8 and any(a >= 3 and b >= 3 and c >= 2 for a, b, c in ways)
        assert (evaluate(rule, record(*entries), ON).state == MET) is possible


@pytest.mark.parametrize(
    ("given", "have"),
    [
        ([(30, ("a", "b"))], 10), ([(30, "a")], 20), ([(30, "a"), (30, ("a", "b"))], 20), ([(30, ("a", "b")), (30, "a")], 20),
        ([(30, ("a", "b")), (30, "a"), (30, "b")], 30), ([(8, ("a", "b")), (8, "c")], 16), ([(30, "b"), (7, "c")], 17),
    ],
)  # fmt: skip
def test_each_maximum_holds_an_entry_of_two_sorts_and_none_is_lowered_by_another(given, have):
    entries = [hours(amount, f"2021-01-0{n + 1}", category=category) for n, (amount, category) in enumerate(given)]
    found = standing(HELD, *entries)
    assert found.root.have == have
    assert sum(amount for _, amount in found.root.counted) == have
    rule = rules(HELD.replace("at_least: 40", f"at_least: {have}"))
    with duckdb.connect() as connection:
        assert states_at_once(connection, rule, rule.versions[0], [record(*entries), record(*entries[1:])], ON)[0] == {"q": MET}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "at_least: 8",
            "at_least: 7",
            "The minimums ask for 8 together; all together 7 are asked for. Ask for as much, or write",
        ),
        ("at_least: 2}]", "at_least: 0}]", "“at_least” is 0. It must be above nothing."),
        (SORTS, "double_use: allow", "“double_use” stands without two “minimums”."),
        ("at_least: 8", "at_least: 8, double_use: perhaps", "“double_use” is “perhaps”. Allowed: forbid, allow."),
        (SORTS, f"maximums: [{', '.join(f'{{where: {{category: c{n}}}, at_most: 1}}' for n in range(7))}]", "There are 7 “maximums”."),
    ],
)
def test_quotas_that_cannot_be_held_together_are_refused(old, new, words):
    with pytest.raises(RulesInvalid) as refused:
        rules(QUOTAS.replace(old, new))
    assert any(words in f"{problem.found} {problem.allowed}" for problem in refused.value.problems), refused.value.problems
