"""What a district sets over its state's schedule, as plain values: checked against the state's own, and written as a schedule's text.

Not here: reading that text and its bounds (read_schedules), what follows for a claim (convert).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from cairn.kernel.errors import Invalid
from cairn.pure.rules.claim_cases import ClaimCase
from cairn.pure.rules.convert import convert
from cairn.pure.rules.schedules import Schedule, Terms
from cairn.pure.rules.words import said_amount, said_number

CAPS = {"day": "a day", "school-year": "a school year", "total": "in all"}  # periods that an overlay may cap, as they are said
# Which part of a schedule a field of the overlay belongs to: what a state leaves open is said by these names.
PART = {"caps": "caps", "level_caps": "caps", "blocks": "caps", "within_days": "deadlines", "within_months": "deadlines",
        "renews_within": "deadlines", "needs": "needs", "lasts_years": "lasts", "combine": "combine", "same_award": "buckets",
        "is_whole": "rounding"}  # fmt: skip


@dataclass(frozen=True)
class Overlay:
    """`caps`: period of CAPS -> at most so much. `level_caps`: a level -> at most so much of it a school year. `blocks`: a later level ->
    at most so much of it for each so much of the first. `within_days` after what was done for the first level, or for all where there
    are none; `within_months`: each later level -> months after the first. `renews_within`: months before the license ends. Else as the
    state."""

    slug: str
    title: str
    cite: str
    effective: date
    caps: Mapping[str, Decimal] = field(default_factory=dict)
    level_caps: Mapping[str, Decimal] = field(default_factory=dict)
    blocks: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    within_days: int | None = None
    within_months: Mapping[str, int] = field(default_factory=dict)
    renews_within: int | None = None
    needs: tuple[str, ...] = ()
    lasts_years: int | None = None
    combine: str = ""
    same_award: str = ""
    is_whole: bool = False


def left_open(base: Schedule, name: str) -> bool:
    """Whether the state leaves this field of an overlay to a district."""
    return PART[name] in base.bounds.may


def bound(terms: Terms, period: str, level: str = "") -> Decimal | None:
    """The state's own cap of a period, at every level or at one."""
    found = [cap.at_most for cap in terms.caps if cap.per == period and cap.level in ("", level) and not cap.bucket]
    return min(found, default=None)


def text_of(overlay: Overlay, base: Schedule) -> str:
    """The overlay as a schedule over `base`. Invalid names each field that goes beyond what the state leaves open, with its bound."""
    terms = base.on(overlay.effective)
    if terms is None:
        words = f"“{base.title}” is not in force on that day."
        raise Invalid("base-not-in-force", words, "Choose another day.", {"effective": words})
    wrong = dict(_beyond(overlay, base, terms))
    if wrong:
        first = next(iter(wrong.values()))
        raise Invalid("beyond-bounds", first, "Keep within what your state says, or leave it empty.", wrong)
    return "\n".join(_lines(overlay, base, terms)) + "\n"


def _beyond(overlay: Overlay, base: Schedule, terms: Terms) -> Iterator[tuple[str, str]]:
    cite = base.bounds.cite or terms.cite
    for name in PART:
        if getattr(overlay, name) and not left_open(base, name):
            yield name, f"Your state does not leave this to you ({cite}). Leave it empty."
    for period, at_most in overlay.caps.items():
        most = bound(terms, period)
        if most is not None and at_most > most:
            yield (
                f"cap_{period}",
                f"Your state gives at most {said_amount(most, terms.unit)} {CAPS[period]} ({cite}). Give no more.",
            )
    for level, at_most in overlay.level_caps.items():
        most = bound(terms, "school-year", level)
        if most is not None and at_most > most:
            yield f"year_{level}", f"Your state gives at most {said_amount(most, terms.unit)} a school year ({cite}). Give no more."
    if overlay.same_award and terms.same_award != overlay.same_award == "allow":
        yield "same_award", f"Your state lets one award serve one goal only ({cite}). Choose that, or leave it empty."


def _lines(overlay: Overlay, base: Schedule, terms: Terms) -> Iterator[str]:
    cite, levels = json.dumps(overlay.cite, ensure_ascii=False), list(terms.levels)
    for name, value in (("schedule", overlay.slug), ("overlay_of", base.slug)):
        yield f"{name}: {value}"
    for name, value in (("title", overlay.title), ("recognizer", base.recognizer), ("cite", overlay.cite), ("notice", base.notice)):
        yield f"{name}: {json.dumps(value, ensure_ascii=False)}"
    yield from (f"purpose: {base.purpose}", f"effective: {overlay.effective.isoformat()}")
    if overlay.combine:
        yield f"levels: {{combine: {overlay.combine}}}"
    caps = list(_caps(overlay, levels))
    if caps:
        yield "caps:"
        yield from (f"  - {{{each}, cite: {cite}}}" for each in caps)
    deadlines = list(_deadlines(overlay, levels))
    if deadlines:
        yield "deadlines:"
        yield from (f"  - {{{each}, cite: {cite}}}" for each in deadlines)
    if overlay.needs:
        yield f"needs: [{', '.join(overlay.needs)}]"
    if overlay.lasts_years:
        yield from (f"lasts: {overlay.lasts_years} year{'s' if overlay.lasts_years > 1 else ''}", "excluding_anniversary: true")
    if overlay.same_award:
        yield f"buckets: {{names: [{', '.join(terms.buckets)}], same_award: {overlay.same_award}}}"
    if overlay.is_whole:
        yield "rounding: down-to-whole"


def _caps(overlay: Overlay, levels: list[str]) -> Iterator[str]:
    for period, most in overlay.caps.items():
        yield f"total: {most}" if period == "total" else f"per: {period}, at_most: {most}"
    for level, most in overlay.level_caps.items():
        yield f"level: {level}, per: school-year, at_most: {most}"
    for level, (most, size) in overlay.blocks.items():
        yield f"level: {level}, per: {{blocks_of: {size}, of: {levels[0]}}}, at_most: {most}"


def _deadlines(overlay: Overlay, levels: list[str]) -> Iterator[str]:
    if overlay.within_days:
        level = f"level: {levels[0]}, " if levels else ""
        yield f"{level}after: activity, within: {overlay.within_days} days"
    for level, months in overlay.within_months.items():
        yield f"level: {level}, after: {levels[0]}, within: {months} months"
    if overlay.renews_within:
        yield f"before: license-end, within: {overlay.renews_within} months"


@dataclass(frozen=True)
class Tried:
    """A shipped case as the state answers it and as the overlay would; `why` is what the overlay says to it."""

    name: str
    state: str
    own: str
    why: str

    @property
    def differs(self) -> bool:
        return self.state != self.own


def tried(own: Schedule, base: Schedule, cases: tuple[ClaimCase, ...], on: date) -> tuple[Tried, ...]:
    """Every case of the state's schedule under both; those that turn out otherwise first."""
    found = []
    for case in cases:
        answers = [convert(each, case.claim, case.granted, max(on, case.on)) for each in (base, own)]
        said = [said_number(each.amount) if each.amount else "nothing" for each in answers]
        found.append(Tried(case.name, said[0], said[1], answers[1].reasons[-1][0] if answers[1].reasons else ""))
    return tuple(sorted(found, key=lambda each: not each.differs))
