"""What goes into an evaluation and what comes out: the record of one educator, and a standing with its tree of results.

Dates are local dates of the jurisdiction, amounts are Decimal. Not here: rules (spec), or how anything is decided (evaluate).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

MET, OPEN, OFFICER, NOT_COMPUTED = "met", "open", "officer", "not-computed"
# How requirements are computed. A change that makes a standing come out otherwise from the same rule and record gets the next number, and
# what was computed by an earlier one is computed by it again. 2: no entry fills two minimums; each maximum holds all that matches
# it; a year that begins on February 29 begins on March 1 where there is none (that alone an engine before computes no more).
ENGINE = 2
KINDS = (
    "micro-credential", "hours", "credit", "points", "degree", "experience", "mentoring", "evaluation", "test", "program", "approval",
)  # fmt: skip
FIELDS = (
    "key", "version", "stack", "category", "level", "origin", "issuer", "approved_by", "role", "field", "rating", "name", "activity",
    "bucket", "elected", "employer", "award", "score", "cut", "sem",
)  # fmt: skip
# Fields that may hold several values at once; every other holds one.
SEVERAL = frozenset({"stack", "category", "approved_by", "field", "bucket", "level"})

Value = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """The license that a route starts from: its days, both inclusive; `entered` is when its holder entered the ladder or cohort."""

    type: str
    from_: date
    to: date | None = None
    entered: date | None = None
    renewals_used: int = 0


@dataclass(frozen=True, slots=True)
class Attribute:
    """What is so about an educator, from `since` to `until` (inclusive; None is always)."""

    name: str
    value: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing an educator has done. It counts from `on` to `until`; not while suspended (from a day, until the day before `to`), not
    from the day it was revoked or withdrawn, and not before somebody has verified it."""

    id: str
    kind: str
    on: date
    amount: Decimal = Decimal(1)
    unit: str = ""
    until: date | None = None
    submitted: date | None = None
    recorded: date | None = None
    fields: Mapping[str, Value] = field(default_factory=dict)
    revoked: date | None = None
    suspended: tuple[tuple[date, date | None], ...] = ()
    withdrawn: date | None = None
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Record:
    """All that is known about one educator. `events` gives dates by name, such as orientation."""

    license: Term | None = None
    attributes: tuple[Attribute, ...] = ()
    events: Mapping[str, date] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Period:
    """One of the periods that each must have enough, such as a fiscal year; `from_` and `to` are inclusive."""

    title: str
    from_: date
    to: date
    have: Decimal
    need: Decimal
    is_met: bool


@dataclass(frozen=True, slots=True)
class NodeResult:
    """What became of one requirement. `have` and `need` count periods where there are any; `by` is the last day on which it can still be
    met; `counted` and `left_out` name entries, the latter with the reason in words; `waived_by` names what stood in for it."""

    id: str
    title: str
    cite: str
    operator: str
    state: str
    have: Decimal | None = None
    need: Decimal | None = None
    unit: str = ""
    by: date | None = None
    met_on: date | None = None
    counted: tuple[tuple[str, Decimal], ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    periods: tuple[Period, ...] = ()
    waived_by: str = ""
    note: str = ""
    children: tuple[NodeResult, ...] = ()

    def find(self, id: str) -> NodeResult | None:
        """The result of the requirement with this id, here or below."""
        return next((node for node in self.walk() if node.id == id), None)

    def walk(self) -> Iterator[NodeResult]:
        """This result and everything below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an educator stood on a day under one version of a rule set: `rules` its slug, `version` the day from which it is effective,
    `hash` what it said, `engine` how it was computed (the first did not say so). Nothing is computed (no `root`) where no version was in
    force or none was found."""

    rules: str
    version: date | None
    status: str
    hash: str
    on: date
    state: str
    met_on: date | None = None
    root: NodeResult | None = None
    engine: int = 1

    def find(self, id: str) -> NodeResult | None:
        return self.root.find(id) if self.root else None

    def walk(self) -> Iterator[NodeResult]:
        """Every result of the tree; none where nothing is computed."""
        return self.root.walk() if self.root else iter(())
