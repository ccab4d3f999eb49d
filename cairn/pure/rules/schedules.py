"""What a recognizer gives for an award or an activity: a schedule by dates, claims, and what was granted before.

Not here: what follows for one claim (convert), reading files (read_schedules).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from cairn.pure.rules.model import Value
from cairn.pure.rules.spec import NOTICE, Jurisdiction, Span, Where

ADD, HIGHEST = "add", "highest"
# What somebody who decides should look at, in an answer.
FLAGS = ("asks-for-more", "capped", "fee", "highest-level", "hours-unknown", "levels-add", "license-end-unknown", "renewal-later", "waits")
ALLOW, FORBID, SPLIT = "allow", "forbid", "split"
# What a schedule that rests on another may change, unless the other says otherwise: what makes it stricter, or a matter of its own.
LOCAL = ("caps", "deadlines", "needs", "lasts", "rounding", "combine")
OTHERS_SAY = ("gives", "levels", "buckets", "elect", "fee", "unit")


@dataclass(frozen=True, slots=True)
class Gift:
    """For each whole `each` of a kind so much is given; an `each` of one gives for parts of it too. `by` is what is counted."""

    id: str
    for_: str
    where: Where
    level: str
    elected: str
    by: str
    each: Decimal
    amount: Decimal
    cite: str


@dataclass(frozen=True, slots=True)
class ScheduleCap:
    """At most so much for a day, an award, an activity, a period, in all, or for each block of what was granted at another level."""

    per: str
    at_most: Decimal
    level: str = ""
    bucket: str = ""
    blocks_of: Decimal = Decimal(0)
    of: str = ""
    cite: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A claim is made within so much time after what was done (`activity`, `award`) or after another level's day. Before the license
    ends (`license-end`) it is the renewal that opens so much time before: a claim made earlier is granted and told so."""

    level: str
    anchor: str
    within: Span
    excluding: bool
    cite: str


@dataclass(frozen=True, slots=True)
class Fee:
    cents: int
    gives: str
    cite: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """What schedules that rest on this one may change, and the clause that says so."""

    may: tuple[str, ...] = LOCAL
    cite: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a schedule says from `effective` to `until`. `levels` has what each level gives, in points of the first."""

    effective: date
    until: date | None
    status: str
    cite: str
    unit: str
    gives: tuple[Gift, ...] = ()
    levels: Mapping[str, Decimal] = field(default_factory=dict)
    combine: str = ADD
    caps: tuple[ScheduleCap, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    needs: tuple[str, ...] = ()
    elect: tuple[str, ...] = ()
    is_final: bool = True
    buckets: tuple[str, ...] = ()
    same_award: str = FORBID
    is_whole: bool = False
    lasts: Span | None = None
    is_anniversary_out: bool = False
    fee: Fee | None = None
    said: frozenset[str] = frozenset()  # the fields that the file itself has


@dataclass(frozen=True, slots=True)
class Schedule:
    """A recognizer's schedule; one that rests on another (`base`) says only what differs."""

    slug: str
    title: str
    recognizer: str
    purpose: str
    notice: str
    source: str
    jurisdiction: Jurisdiction
    versions: tuple[Terms, ...]
    base: Schedule | None = None
    bounds: Bounds = Bounds()

    @property
    def overlay_of(self) -> str:
        return self.base.slug if self.base else ""

    @property
    def unit(self) -> str:
        """The unit of its latest version."""
        return self.versions[-1].unit

    def on(self, day: date) -> Terms | None:
        """What holds on a day, with what comes from the schedule it rests on; None where nothing is in force."""
        known = [terms for terms in self.versions if terms.effective <= day and terms.status in ("in force", "pilot", "repealed")]
        if not known or known[-1].status == "repealed" or (known[-1].until and day > known[-1].until):
            return None
        if self.base is None:
            return known[-1]
        below = self.base.on(day)
        return _over(known[-1], below) if below else None


def _over(own: Terms, below: Terms) -> Terms:
    taken: dict[str, Any] = {
        name: getattr(below, name)
        for name, said in (
            ("unit", "unit"), ("gives", "gives"), ("levels", "levels"), ("combine", "combine"), ("elect", "elect"), ("is_final", "elect"),
            ("buckets", "buckets"), ("same_award", "buckets"), ("is_whole", "rounding"), ("lasts", "lasts"),
            ("is_anniversary_out", "lasts"), ("fee", "fee"),
        )
        if said not in own.said
    }  # fmt: skip
    needs = tuple(dict.fromkeys((*below.needs, *own.needs)))
    return replace(own, **taken, caps=(*below.caps, *own.caps), deadlines=(*below.deadlines, *own.deadlines), needs=needs)


@dataclass(frozen=True, slots=True)
class Claim:
    """What recognition is asked for. `kind` and `fields` are those of a record's entry; `amount` of micro-credentials is how many are
    claimed together, `hours` how long it took, on so many `days`; `on` is the day of the award or the last of the activity,
    `approved_before` the day of an approval in writing, `elected_before` what was elected for this award already."""

    kind: str
    on: date
    claimed_on: date
    amount: Decimal = Decimal(1)
    unit: str = ""
    hours: Decimal | None = None
    days: int = 1
    level: str = ""
    award: str = ""
    activity: str = ""
    approved_before: date | None = None
    elected: str = ""
    elected_before: str = ""
    bucket: str = ""
    license_end: date | None = None
    asked: Decimal | None = None
    fields: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Granted:
    """What the same recognizer granted before; `on` is the day of what was done."""

    amount: Decimal
    on: date
    level: str = ""
    award: str = ""
    activity: str = ""
    bucket: str = ""
    elected: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the schedule gives for a claim: sentences, each with its clause; where it is `refused` nothing, and where it `waits` nothing
    yet. `follows` is whether what was asked is just that."""

    amount: Decimal
    unit: str
    follows: bool
    reasons: tuple[tuple[str, str], ...]
    refused: bool = False
    waits: bool = False
    flags: tuple[str, ...] = ()
    lasts_until: date | None = None
    notice: str = NOTICE
