"""What follows for a claim from a recognizer's schedule: how much, or why not, each step with its clause.

Not here: who decides (the recognizer does; this stands beside the claim), or what a license asks for (evaluate).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from cairn.pure.rules.calendar import DAY, plus, year_of
from cairn.pure.rules.case import holds
from cairn.pure.rules.model import Record
from cairn.pure.rules.schedules import FORBID, HIGHEST, SPLIT, Answer, Claim, Deadline, Gift, Granted, Schedule, ScheduleCap, Terms
from cairn.pure.rules.words import said_amount, said_day, said_number, said_unit

NONE = Decimal(0)
# Units in which a kind may be claimed where a gift names none, the usual one first, and what each is in that: so many of so many.
UNITS: Mapping[str, Mapping[str, tuple[int, int]]] = {
    "hours": {"hour": (1, 1), "clock-hour": (1, 1), "contact-hour": (1, 1)},
    "credit": {"semester-hour": (1, 1), "quarter-hour": (2, 3)},
}
SAME = ("clock-hour", "contact-hour")  # other names of an hour, which nobody has to choose among
CENT = Decimal("0.01")


@dataclass
class _Asking:
    """One claim on its way through a schedule's terms; `amount` is what it comes to so far."""

    schedule: Schedule
    terms: Terms
    claim: Claim
    granted: tuple[Granted, ...]
    amount: Decimal = NONE
    reasons: list[tuple[str, str]] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)

    def say(self, sentence: str, cite: str) -> None:
        self.reasons.append((sentence, cite or self.terms.cite))

    def unit(self, amount: Decimal) -> str:
        return said_amount(amount, self.terms.unit)

    def same(self) -> list[Granted]:
        """What was granted for the same award or activity."""
        names = {self.claim.award, self.claim.activity} - {""}
        return [one for one in self.granted if names & {one.award, one.activity}]


def convert(schedule: Schedule, claim: Claim, granted: tuple[Granted, ...], on: date) -> Answer:
    """What the schedule that holds on a day gives for the claim beside what was granted before."""
    terms = schedule.on(on)
    if terms is None:
        sentence = f"“{schedule.title}” is not in force on {said_day(on)}."
        return Answer(NONE, schedule.unit, False, ((sentence, ""),), refused=True, notice=schedule.notice)
    asking = _Asking(schedule, terms, claim, granted)
    refusals = list(_refusals(asking))
    if refusals:
        return Answer(NONE, terms.unit, False, tuple(refusals), refused=True, flags=tuple(asking.flags), notice=schedule.notice)
    gift = next((gift for gift in terms.gives if _is_for(gift, claim)), None)
    if gift is None:
        taken = ", ".join(dict.fromkeys(said_unit(unit or kind) for kind, unit in takes(schedule, on)))
        sentence = (
            f"Nothing is given here for {said_unit(claim.unit or claim.kind.removesuffix('s'))} of this kind. What is taken: {taken}."
        )
        return Answer(NONE, terms.unit, False, ((sentence, terms.cite),), refused=True, notice=schedule.notice)
    for step in STEPS:
        step(asking, gift)
    return _answer(asking, gift)


def _answer(asking: _Asking, gift: Gift) -> Answer:
    terms, claim, amount = asking.terms, asking.claim, asking.amount
    waits = not amount and gift.each > 1
    if claim.asked is not None and claim.asked > amount:
        asking.flags.append("asks-for-more")
        asking.say(f"{said_number(amount)} follow; {said_number(claim.asked)} would not.", "")
    if terms.fee:
        asking.flags.append("fee")
        asking.say(f"{terms.fee.gives} may be bought for ${terms.fee.cents / 100:,.2f}.", terms.fee.cite)
    last = plus(claim.on, terms.lasts) if terms.lasts else None
    return Answer(
        amount, terms.unit, bool(amount) and claim.asked in (None, amount), tuple(asking.reasons), not amount and not waits, waits,
        tuple(asking.flags), last - DAY if last and terms.is_anniversary_out else last, asking.schedule.notice,
    )  # fmt: skip


def rates(schedule: Schedule, claim: Claim, on: date) -> tuple[str, ...]:
    """What is given for such a claim, whatever was elected, however long it took and at whichever level: "1 point for each hour"."""
    terms = schedule.on(on)
    gifts = [gift for gift in terms.gives if _is_about(gift, claim)] if terms else []
    return tuple(dict.fromkeys(_at_rate(gift, schedule.unit) for gift in gifts))


def takes(schedule: Schedule, on: date) -> tuple[tuple[str, str], ...]:
    """Kinds and units in which a claim may be made on a day, in the schedule's order; no unit where the things themselves are counted.
    A claim without a unit is read in the first of its kind."""
    terms = schedule.on(on)
    found: dict[tuple[str, str], None] = {}
    for gift in terms.gives if terms else ():
        own = sorted(unit for condition in gift.where if condition.field == "unit" for unit in condition.values)
        usual = [unit for unit in UNITS.get(gift.for_, ("",)) if unit not in SAME]
        found.update(dict.fromkeys((gift.for_, unit) for unit in own or usual))
    return tuple(found)


def _at_rate(gift: Gift, unit: str) -> str:
    by_hours = gift.by == "hours"
    return f"{said_amount(gift.amount, unit)}{'' if gift.each == 1 and not by_hours else f' for {_each(gift, by_hours)}'}"


def _is_for(gift: Gift, claim: Claim) -> bool:
    return gift.level in ("", claim.level) and gift.elected in ("", claim.elected) and _is_about(gift, claim)


def _is_about(gift: Gift, claim: Claim) -> bool:
    known = {**claim.fields, "unit": claim.unit}
    if gift.for_ != claim.kind or not all(holds(condition, known.get(condition.field)) for condition in gift.where):
        return False
    is_named = any(condition.field == "unit" for condition in gift.where)
    return is_named or claim.unit == "" or claim.unit in UNITS.get(claim.kind, (claim.kind, "component"))


# --- What is refused ------------------------------------------------------------------------------------------------------


def _refusals(asking: _Asking) -> Iterator[tuple[str, str]]:
    for check in (_needs, _election, _bucket, _twice, _deadlines):
        yield from check(asking)


def _needs(asking: _Asking) -> Iterator[tuple[str, str]]:
    terms, claim = asking.terms, asking.claim
    if "prior-approval" in terms.needs:
        if claim.approved_before is None:
            yield "It must be approved in writing beforehand, and no approval is known.", terms.cite
        elif claim.approved_before > claim.on:
            approved, done = said_day(claim.approved_before), said_day(claim.on)
            yield f"It was approved on {approved}, after {done}; it must be approved beforehand.", terms.cite
    first = next(iter(terms.levels), "")
    is_later = claim.level not in ("", first)
    if "knowledge-granted" in terms.needs and is_later and not any(one.level == first for one in asking.same()):
        yield f"{claim.level.capitalize()} opens once {first} is granted for the same activity.", terms.cite
    if terms.levels and claim.level and claim.level not in terms.levels:
        yield f"There is no level “{claim.level}”; there are: {', '.join(terms.levels)}.", terms.cite


def _election(asking: _Asking) -> Iterator[tuple[str, str]]:
    terms, claim = asking.terms, asking.claim
    if not terms.elect:
        return
    if claim.elected not in terms.elect:
        yield f"Choose one of: {', '.join(terms.elect).replace('-', ' ')}.", terms.cite
    before = claim.elected_before or next((one.elected for one in asking.same() if one.elected), "")
    if terms.is_final and before and claim.elected != before:
        yield f"“{before.replace('-', ' ')}” was chosen for this award before, and the choice is final.", terms.cite


def _bucket(asking: _Asking) -> Iterator[tuple[str, str]]:
    terms, claim = asking.terms, asking.claim
    if claim.bucket and claim.bucket not in terms.buckets:
        yield f"There is no bucket “{claim.bucket}”; there are: {', '.join(terms.buckets) or 'none'}.", terms.cite
    others = [one.bucket for one in asking.same() if one.bucket and one.bucket != claim.bucket]
    if others and terms.same_award == FORBID:
        yield f"It counts in “{others[0]}” already, and one award may count in one bucket only.", terms.cite


def _twice(asking: _Asking) -> Iterator[tuple[str, str]]:
    claim = asking.claim
    if any((one.level, one.bucket) == (claim.level, claim.bucket) for one in asking.same()):
        yield "It was granted already; the same is granted once.", asking.terms.cite


def _deadlines(asking: _Asking) -> Iterator[tuple[str, str]]:
    for deadline in asking.terms.deadlines:
        if deadline.level in ("", asking.claim.level):
            cite = deadline.cite or asking.terms.cite
            yield from ((sentence, cite) for sentence in _past(asking, deadline))


def _past(asking: _Asking, deadline: Deadline) -> Iterator[str]:
    claim = asking.claim
    if deadline.anchor == "license-end":  # when the renewal opens, which what is claimed may wait for
        if claim.license_end is None:
            asking.flags.append("license-end-unknown")
        elif claim.claimed_on < (first := plus(claim.license_end, deadline.within, -1)):
            asking.flags.append("renewal-later")
            asking.say(f"The license may be renewed from {said_day(first)} on, {deadline.within} before it ends.", deadline.cite)
        return
    days = [one.on for one in asking.same() if one.level == deadline.anchor]
    begun = claim.on if deadline.anchor in ("award", "activity") else max(days, default=None)
    if begun is None:
        return
    last = plus(begun, deadline.within) - (DAY if deadline.excluding else 0 * DAY)
    if claim.claimed_on > last:
        late = (claim.claimed_on - last).days
        what = f"{deadline.within} after {'the ' + deadline.anchor}"
        yield f"It could be claimed until {said_day(last)}, {what}; this is {said_number(late)} {'day' if late == 1 else 'days'} late."


# --- How much -------------------------------------------------------------------------------------------------------------


def _rate(asking: _Asking, gift: Gift) -> None:
    claim = asking.claim
    by_hours = gift.by == "hours" or (gift.for_ == "hours" and claim.hours is not None and claim.unit in ("", *UNITS["hours"]))
    counted = (claim.hours if by_hours else claim.amount) or NONE
    if by_hours and claim.hours is None:
        asking.flags.append("hours-unknown")
    part, of = (1, 1) if by_hours else UNITS.get(claim.kind, {}).get(claim.unit, (1, 1))
    unit, said = claim.unit, said_number(counted)
    if part != of:
        unit, said = next(iter(UNITS[claim.kind])), f"{said_amount(counted, claim.unit)}, {part}/{of} as many,"
    times = counted / gift.each if gift.each == 1 else (counted * part / of / gift.each).to_integral_value(ROUND_FLOOR)
    asking.amount = times * gift.amount
    if part != of and gift.each == 1:
        asking.amount = (asking.amount * part / of).quantize(CENT, ROUND_FLOOR)
    what = f"{asking.unit(gift.amount)} for {_each(gift, by_hours, unit)}"
    asking.say(f"{what}: {said} {'gives' if counted == 1 else 'give'} {asking.unit(asking.amount)}.", gift.cite)
    if gift.each > 1 and (rest := counted - times * gift.each):
        asking.flags.append("waits")
        missing = (gift.each - rest).to_integral_value(ROUND_CEILING)
        asking.say(f"{said_number(missing)} more would give the next {asking.unit(gift.amount)}.", gift.cite)


def _each(gift: Gift, by_hours: bool, unit: str = "") -> str:
    what = "hour" if by_hours else said_unit(unit, 1) if unit else gift.for_.removesuffix("s")
    return f"each {what}" if gift.each == 1 else f"every {said_number(gift.each)} {what}s"


def _day_caps(asking: _Asking, gift: Gift) -> None:
    """What a day is too long for never becomes points, at whichever level; a course for credit lasts longer than a day."""
    for cap in asking.terms.caps if gift.for_ != "credit" else ():
        if cap.per == "day" and cap.level in ("", asking.claim.level):
            same_day = sum((one.amount for one in asking.granted if one.on == asking.claim.on and one not in asking.same()), NONE)
            _hold(asking, cap, cap.at_most * asking.claim.days - same_day, f"{asking.unit(cap.at_most)} for any one day")


def _level(asking: _Asking, gift: Gift) -> None:
    levels, claim = asking.terms.levels, asking.claim
    first = next(iter(levels), "")
    if not claim.level or claim.level not in levels or gift.level:
        return
    known = _once([one for one in asking.same() if one.level == first], is_split=asking.terms.same_award == SPLIT)
    if claim.level != first and known:
        asking.amount = known
    asking.amount *= levels[claim.level] / levels[first]
    if claim.level != first:
        times = said_number(levels[claim.level] / levels[first])
        asking.say(f"{claim.level.capitalize()} is {times} times {first}: {asking.unit(asking.amount)}.", "")
    before = _sum([one for one in asking.same() if one.bucket == claim.bucket])
    if before and asking.terms.combine == HIGHEST:
        asking.amount = max(asking.amount - before, NONE)
        asking.flags.append("highest-level")
        asking.say(
            f"Levels do not add up here; {said_number(before)} were granted for it, so {said_number(asking.amount)} more follow.", ""
        )
    elif before:
        asking.flags.append("levels-add")
        asking.say(f"Levels add up here: with what was granted, {asking.unit(before + asking.amount)}.", "")


def _once(granted: list[Granted], *, is_split: bool) -> Decimal:
    """What was granted for one thing: the same in two buckets is no more than in one, unless it was split between them."""
    if is_split:
        return _sum(granted)
    return max((_sum([one for one in granted if one.bucket == bucket]) for bucket in {one.bucket for one in granted}), default=NONE)


def _split(asking: _Asking, gift: Gift) -> None:
    others = sum((one.amount for one in asking.same() if one.bucket != asking.claim.bucket and one.level == asking.claim.level), NONE)
    if asking.claim.bucket and asking.terms.same_award == SPLIT and others:
        asking.amount = max(asking.amount - others, NONE)
        asking.say(f"{said_number(others)} of it count in another bucket; what is split is not doubled.", "")


def _caps(asking: _Asking, gift: Gift) -> None:
    for cap in asking.terms.caps:
        if cap.per != "day" and cap.level in ("", asking.claim.level) and cap.bucket in ("", asking.claim.bucket):
            room, words = _room(asking, cap)
            _hold(asking, cap, room, words)


def _room(asking: _Asking, cap: ScheduleCap) -> tuple[Decimal, str]:
    """How much a cap still leaves, and the cap in words."""
    alike = [one for one in asking.granted if cap.level in ("", one.level) and cap.bucket in ("", one.bucket)]
    if cap.blocks_of:
        known = sum((one.amount for one in asking.granted if one.level == cap.of), NONE)
        blocks = (known / cap.blocks_of).to_integral_value(ROUND_FLOOR)
        words = f"{asking.unit(cap.at_most)} for each whole {said_number(cap.blocks_of)} of {cap.of}"
        return blocks * cap.at_most - _sum(alike), words
    if cap.per in ("award", "activity"):
        return cap.at_most - _sum([one for one in alike if one in asking.same()]), f"{asking.unit(cap.at_most)} for one {cap.per}"
    if cap.per == "total":
        return cap.at_most - _sum(alike), f"{asking.unit(cap.at_most)} in all"
    place = asking.schedule.jurisdiction
    begins = year_of(cap.per, asking.claim.on, place, Record())
    same = [one for one in alike if year_of(cap.per, one.on, place, Record()) == begins]
    return cap.at_most - _sum(same), f"{asking.unit(cap.at_most)} for one {cap.per.replace('-', ' ')}"


def _sum(granted: list[Granted]) -> Decimal:
    return sum((one.amount for one in granted), NONE)


def _hold(asking: _Asking, cap: ScheduleCap, room: Decimal, words: str) -> None:
    if asking.amount > room:
        asking.amount = max(room, NONE)
        asking.flags.append("capped")
        asking.say(f"At most {words}; {said_number(asking.amount)} follow.", cap.cite)


def _whole(asking: _Asking, gift: Gift) -> None:
    whole = asking.amount.to_integral_value(ROUND_FLOOR)
    if asking.terms.is_whole and whole != asking.amount:
        asking.amount = whole
        asking.say(f"Only whole ones count: {asking.unit(whole)}.", "")


STEPS: tuple[Callable[[_Asking, Gift], None], ...] = (_rate, _day_caps, _level, _split, _caps, _whole)
