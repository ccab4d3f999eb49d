"""What is proposed is what trying every set finds: as short, and as far."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import combinations

from hypothesis import given, settings

from cairn.pure.rules import MET, Entry, evaluate, propose
from tests.property.test_rules import BODIES, CATEGORIES, LEVELS, SEEDS, Maker
from tests.rules_world import ON


class Offering(Maker):
    """Rules that may name micro-credentials, and offers that they can tell apart by that alone."""

    def where(self):
        keys = self.random.sample(range(5), 2)
        return {"where": {"key": [f"o{number}" for number in keys]}} if self.maybe(0.25) else super().where()

    def offers(self, count=5):
        same_day = self.maybe(0.5)
        return [self._offer(number, ON if same_day else ON - timedelta(self.random.randrange(700))) for number in range(count)]

    def _offer(self, number, on):
        told = {"key": f"o{number}", "category": self.random.choice(CATEGORIES), "approved_by": self.random.choice(BODIES)}
        return Entry(f"o{number}", "micro-credential", on, fields=told | ({"level": self.random.choice(LEVELS)} if self.maybe() else {}))


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_no_shorter_set_of_what_is_offered_meets_the_rule(seed):
    maker = Offering(seed, is_monotone=True)
    rule_set, record, offered = maker.rules(), maker.record(8), maker.offers()
    found = propose(rule_set, record, offered, ON)
    meeting = [
        size for size in range(len(offered) + 1) if any(_with(rule_set, record, some).state == MET for some in combinations(offered, size))
    ]
    assert (found.standing.state == MET) is bool(meeting)
    assert found.standing == _with(rule_set, record, found.entries)
    assert all(one in offered for one in found.entries)
    if meeting:
        assert len(found.entries) == meeting[0]


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_where_more_may_be_less_the_shortest_that_meets_is_found_all_the_same(seed):
    maker = Offering(seed)
    rule_set, record, offered = maker.rules(), maker.record(6), maker.offers(4)
    found = propose(rule_set, record, offered, ON)
    meeting = [
        size for size in range(len(offered) + 1) if any(_with(rule_set, record, some).state == MET for some in combinations(offered, size))
    ]
    assert (found.standing.state == MET, len(found.entries) if meeting else 0) == (bool(meeting), meeting[0] if meeting else 0)


def _with(rule_set, record, some):
    return evaluate(rule_set, replace(record, entries=(*record.entries, *some)), ON)
