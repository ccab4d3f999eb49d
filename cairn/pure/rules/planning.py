"""What if: a standing with what is planned, and the shortest set of what is offered that makes it met. Not here: what is on offer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import combinations_with_replacement
from typing import Any

from cairn.pure.rules.evaluate import evaluate
from cairn.pure.rules.model import MET, OFFICER, Entry, NodeResult, Record, Standing
from cairn.pure.rules.spec import After, Condition, Node, RuleSet, Tally
from cairn.pure.rules.tallies import may_supersede

TRIES = 600  # evaluations that looking for a shorter set may take


@dataclass(frozen=True)
class Proposal:
    """Entries among those offered, the earliest first, and the standing with them; none where nothing offered would help."""

    entries: tuple[Entry, ...]
    standing: Standing


def what_if(rules: RuleSet, record: Record, planned: Iterable[Entry], on: date) -> Standing:
    """The standing with what is planned, on the last day of it, or on `on` where nothing is later."""
    entries = tuple(planned)
    last = max((entry.on for entry in entries), default=on)
    return evaluate(rules, replace(record, entries=(*record.entries, *entries)), max(on, last))


Effort = tuple[Decimal, str]  # how many hours earning it takes, and its title
NO_EFFORT: Effort = (Decimal(0), "")


def propose(
    rules: RuleSet, record: Record, offered: Iterable[Entry], on: date, by: date | None = None, efforts: Mapping[str, Effort] | None = None
) -> Proposal:
    """The shortest set of offered entries, none after `by`, that meets the rule set or gets as far as any set would; of several the one of
    the fewest hours, then the earliest, then by title (`efforts`, by id). Each offered entry says when it could be earned. The answer
    depends on nothing but what is given. It is exact where all sets up to its size are at most TRIES, of entries that the rule cannot tell
    apart one standing for all; beyond that nothing in it can be left out, but another set may be shorter."""
    known = efforts or {}

    def place(entry: Entry) -> tuple[object, ...]:
        return entry.on, *known.get(entry.id, NO_EFFORT), str(entry.fields.get("key", "")), entry.id

    usable = sorted((entry for entry in offered if by is None or entry.on <= by), key=place)
    search = _Search(rules, record, max([on, *(entry.on for entry in usable)]))
    chosen = search.best(usable, lambda some: (sum(known.get(each.id, NO_EFFORT)[0] for each in some), sorted(map(place, some))))
    return Proposal(tuple(sorted(chosen, key=place)), search.standing(chosen))


class _Search:
    def __init__(self, rules: RuleSet, record: Record, on: date) -> None:
        self.rules, self.record, self.on, self.tries = rules, record, on, 0

    def standing(self, chosen: list[Entry]) -> Standing:
        return evaluate(self.rules, replace(self.record, entries=(*self.record.entries, *chosen)), self.on)

    def progress(self, chosen: list[Entry]) -> float:
        self.tries += 1
        root = self.standing(chosen).root
        return _progress(root) if root else 0.0

    def pruned(self, usable: list[Entry], target: float) -> list[Entry]:
        """What is left when everything that is not needed was taken away, the latest first."""
        chosen = list(usable)
        for entry in reversed(usable):
            without = [one for one in chosen if one is not entry]
            if self.progress(without) >= target:
                chosen = without
        return chosen

    def best(self, usable: list[Entry], effort: Callable[[list[Entry]], Any]) -> list[Entry]:
        """The set that gets furthest with the fewest entries and the least effort, as long as looking takes no more than so many tries."""
        target = self.progress(usable)
        chosen = self.pruned(usable, target)
        first = -target, len(chosen), effort(chosen)
        alike: dict[object, list[Entry]] = {}
        asked = frozenset(name for version in self.rules.versions for name in _named(version.requires))
        for entry in usable:
            alike.setdefault(_likeness(entry, asked), []).append(entry)
        self.tries = 0
        may_fall = any(_may_fall(node) for version in self.rules.versions if version.requires for node in version.requires.walk())
        for size in range(len(usable) + 1):
            if size > first[1] and (first[0] == -1 or not may_fall):
                break
            for some in _choices(list(alike.values()), size):
                if self.tries >= TRIES:
                    return chosen
                far = self.progress(some)
                if (-far, size) <= first[:2] and (found := (-far, size, effort(some))) < first:
                    chosen, first = some, found
        return chosen


def _may_fall(node: Node) -> bool:
    """Whether more entries may make less of a requirement."""
    tally = node.detail if isinstance(node.detail, Tally) else None
    if tally is None:
        return False
    wheres = (tally.where, *(part.where for part in (*tally.minimums, *tally.maximums)))
    negated = any(condition.negated for where in wheres for condition in where)
    return tally.at_most is not None or tally.newest is not None or negated or may_supersede(tally)


def _choices(groups: list[list[Entry]], size: int) -> Iterator[list[Entry]]:
    """Sets of so many entries; of those that a rule cannot tell apart the first stand for all."""
    for places in combinations_with_replacement(range(len(groups)), size):
        counts = {place: places.count(place) for place in places}
        if all(count <= len(groups[place]) for place, count in counts.items()):
            chosen = [entry for place, count in counts.items() for entry in groups[place][:count]]
            yield chosen


def _likeness(entry: Entry, asked: frozenset[str]) -> object:
    """All that a rule that asks for these fields can tell entries apart by; that two are not the same, it always can."""
    told = tuple(sorted((name, value) for name, value in entry.fields.items() if name in asked))
    return entry.kind, entry.amount, entry.unit, entry.on, entry.submitted, entry.until, told


def _named(part: object) -> Iterator[str]:
    """Fields of entries that a requirement, or anything inside it, looks at."""
    if isinstance(part, Condition):
        yield part.field
    elif isinstance(part, tuple):
        yield from (name for each in part for name in _named(each))
    elif is_dataclass(part):
        yield from [part.same] if isinstance(part, After) else []
        yield from (name for each in fields(part) for name in _named(getattr(part, each.name)))


def _progress(node: NodeResult) -> float:
    """How far a requirement is met, from 0 to 1: what is met is 1, what an officer must judge as good as can be computed."""
    if node.state == MET:
        return 1.0
    below = sorted((_progress(child) for child in node.children), reverse=True)
    if node.operator in ("all", "any", "at_least"):
        need = int(node.need or 1)
        return sum(below[:need]) / need * (1.0 if node.state == OFFICER else 0.99)
    if node.state == OFFICER:
        return 0.99
    own = min(float((node.have or 0) / node.need), 1.0) if node.need else 0.0
    return 0.98 * (own + sum(below)) / (1 + len(below))
