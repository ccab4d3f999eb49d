"""A rule set as it was read: jurisdictions, versions by date, and the tree of requirements, ready to be evaluated.

Not here: reading files (parse), evaluating (evaluate), schedules of recognizers (schedules).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

NOTICE = "Example. Check the current rule."
PURPOSES = (
    "preparation", "initial", "professional-development", "renewal", "endorsement", "advancement", "compensation", "growth",
)  # fmt: skip
STATUSES = ("in force", "enacted", "pilot", "repealed", "not found")
UNITS = ("hour", "semester-hour", "quarter-hour", "credit", "point", "ceu", "year", "month", "day", "micro-credential", "component")
PERIODS = ("fiscal-year", "school-year", "license-year", "calendar-year", "academic-term")
MonthDay = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Span:
    years: int = 0
    months: int = 0
    days: int = 0

    def __str__(self) -> str:
        parts = [
            f"{n} {unit if n != 1 else unit[:-1]}" for n, unit in ((self.years, "years"), (self.months, "months"), (self.days, "days")) if n
        ]
        return " and ".join(parts) or "no time"


@dataclass(frozen=True, slots=True)
class LicenseType:
    """A type of license: `years` it is valid (0: without end), the type that follows it. `number` is a pattern for its number, written in
    capitals and digits alone, `number_said` the same in words; one that is an example refuses nothing."""

    slug: str
    title: str
    years: int
    renewable: bool
    next: str
    cite: str
    number: str = ""
    number_said: str = ""
    number_is_example: bool = False


@dataclass(frozen=True, slots=True)
class Cumulative:
    """Types that together may be held for so many years, and what is said when they are over."""

    types: tuple[str, ...]
    years: int
    cite: str
    stop: str


@dataclass(frozen=True, slots=True)
class Mover:
    """What an educator who moves here from elsewhere has to do, and within which time (None: before the license)."""

    title: str
    within: Span | None
    cite: str


@dataclass(frozen=True, slots=True)
class AcademicTerm:
    name: str
    from_: MonthDay
    to: MonthDay


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    code: str
    name: str
    authority: str = ""
    zone: str = ""
    fiscal_year: MonthDay | None = None
    school_year: MonthDay | None = None
    terms: tuple[AcademicTerm, ...] = ()
    units: tuple[str, ...] = ()
    types: tuple[LicenseType, ...] = ()
    cumulative: tuple[Cumulative, ...] = ()
    movers: tuple[Mover, ...] = ()
    notice: str = NOTICE
    source: str = ""

    def type(self, slug: str) -> LicenseType | None:
        return next((kind for kind in self.types if kind.slug == slug), None)


@dataclass(frozen=True, slots=True)
class Within:
    """A window of time. `kind`: any, license, event (from the date of `event`, moved by `after`, for `span` or so many academic terms),
    since (from that date to the day of evaluation) or last (the `span` before that day). The anniversary itself belongs to it unless it
    is excluding."""

    kind: str = "any"
    event: str = ""
    after: Span = Span()
    span: Span = Span()
    terms: int = 0
    excluding: bool = False


ANY_TIME = Within()


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that stands if every attribute in `when` has one of its values."""

    when: tuple[tuple[str, tuple[str, ...]], ...]
    values: frozenset[str]
    said: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A field must hold one of `values`, or none of them, or a number of at least `least`; `choices` find the values by attributes."""

    field: str
    values: frozenset[str] = frozenset()
    negated: bool = False
    least: Decimal | None = None
    choices: tuple[Choice, ...] = ()
    reason: str = ""


Where = tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A minimum or a maximum for what matches `where`, among all that a requirement counts."""

    id: str
    title: str
    where: Where
    amount: Decimal
    cite: str = ""


@dataclass(frozen=True, slots=True)
class Rate:
    """What each whole `every` of a unit or kind gives; `every` of nothing converts any part of it."""

    gives: Decimal
    every: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Cap:
    per: str
    at_most: Decimal


@dataclass(frozen=True, slots=True)
class After:
    """An entry counts only on or after another that matches `where` and has the same value in `same`, and within `within` of it."""

    where: Where
    same: str
    within: Span
    excluding: bool


@dataclass(frozen=True, slots=True)
class Adjust:
    """How the number needed changes when attributes have certain values."""

    when: tuple[tuple[str, tuple[str, ...]], ...]
    times: Decimal


@dataclass(frozen=True, slots=True)
class Tally:
    """A count of entries or a sum of what they give (`unit`). An entry of less than `smallest` is left out. `newest` holds the filter among
    which only the newest entry is looked at."""

    of: tuple[str, ...]
    where: Where = ()
    unit: str = ""
    by_key: bool = False
    at_least: Decimal = Decimal(0)
    at_most: Decimal | None = None
    smallest: Decimal = Decimal(0)
    convert: Mapping[str, Rate] = field(default_factory=dict)
    minimums: tuple[Part, ...] = ()
    is_shared: bool = False  # one entry may fill several minimums
    maximums: tuple[Part, ...] = ()
    cap: Cap | None = None
    on_submission: bool = False
    each: str = ""
    carry_over: Decimal | None = Decimal(0)
    after: After | None = None
    newest: Where | None = None
    adjust: tuple[Adjust, ...] = ()
    lasts: Span | None = None
    lasts_excluding: bool = False


@dataclass(frozen=True, slots=True)
class Has:
    attribute: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Score:
    test: str
    tolerance: Decimal


@dataclass(frozen=True, slots=True)
class Renewals:
    fewer_than: int


@dataclass(frozen=True, slots=True)
class Group:
    """So many of the children must be met."""

    least: int


Detail = Tally | Has | Score | Renewals | Group | None


@dataclass(frozen=True, slots=True)
class Node:
    """One requirement. `once` holds groups of ids below it, in each of which an entry counts for one only; `unless` may stand in for it."""

    id: str
    title: str
    cite: str
    operator: str
    detail: Detail = None
    within: Within = ANY_TIME
    children: tuple[Node, ...] = ()
    unless: Node | None = None
    once: tuple[tuple[str, ...], ...] = ()
    note: str = ""

    def walk(self) -> Iterator[Node]:
        """This requirement and all below it, those that may stand in for it too."""
        yield self
        for child in (*self.children, *((self.unless,) if self.unless else ())):
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Version:
    """What the rule says from `effective` to `until`; until `either_until` the version before it may be used too."""

    effective: date
    until: date | None
    status: str
    cite: str
    note: str
    either_until: date | None
    requires: Node | None
    hash: str


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One route to a license, or to its renewal, in one jurisdiction; versions in the order of their dates."""

    slug: str
    title: str
    purpose: str
    gives: str
    renews: str
    from_: str
    notice: str
    source: str
    is_locked_on_entry: bool
    jurisdiction: Jurisdiction
    versions: tuple[Version, ...]

    def version(self, effective: date) -> Version | None:
        return next((version for version in self.versions if version.effective == effective), None)
