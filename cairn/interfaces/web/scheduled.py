"""A recognizer's schedule in plain words: what it gives, within which limits, by when. Not here: what follows for a claim (pure.rules)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cairn.apps.licensure.queries.states import WorkedClaim
from cairn.interfaces.web.ruled import KINDS, YEARS, amount, filtered, plain
from cairn.pure.rules import Schedule
from cairn.pure.rules.schedules import Deadline, Gift, ScheduleCap, Terms
from cairn.pure.rules.words import listed, said_number

NEEDS = {
    "prior-approval": "The recognizer approves it in writing beforehand.",
    "knowledge-granted": "What comes after knowledge opens once knowledge is granted for the same activity.",
}
UNITS = {"hours": ("hour", "hours", ""), "credit": ("semester hour of credit", "semester hours of credit", "")}
SAME_AWARD = {
    "allow": "one award may serve several", "forbid": "one award serves one of them", "split": "one award may be split among them",
}  # fmt: skip


@dataclass(frozen=True)
class ShownClaim:
    """An invented claim, and what is computed for it with the reasons."""

    name: str
    mark: str
    gives: str
    why: str


@dataclass(frozen=True)
class ShownSchedule:
    """`rests_on` is the title of the schedule that it changes; each line is a sentence with its citation, which may be empty."""

    schedule: Schedule
    terms: Terms
    rests_on: str
    lines: tuple[tuple[str, str], ...]
    claims: tuple[ShownClaim, ...]


def schedule(one: Schedule, worked: Iterable[WorkedClaim]) -> ShownSchedule:
    """Its latest version; of one that rests on another only what it says itself."""
    terms = one.versions[-1]
    lines = tuple((sentence, cite if cite != terms.cite else "") for sentence, cite in _lines(terms, one.unit))
    return ShownSchedule(one, terms, one.base.title if one.base else "", lines, tuple(map(_claim, worked)))


def _claim(worked: WorkedClaim) -> ShownClaim:
    answer = worked.answer
    mark, gives = ("met", amount(answer.amount, answer.unit)) if answer.amount else ("stopped", "Nothing")
    if answer.waits:
        mark, gives = "soon", "Waits"
    return ShownClaim(worked.case.name, mark, gives, " ".join(sentence for sentence, _ in answer.reasons))


def _lines(terms: Terms, unit: str) -> Iterator[tuple[str, str]]:
    for gift in terms.gives:
        yield _gift(gift, unit), gift.cite
    if len(terms.levels) > 1:
        first, *more = terms.levels
        times = listed(f"{plain(level)} {said_number(terms.levels[level] / terms.levels[first])} times" for level in more)
        yield f"{plain(first).capitalize()} counts once, {times} as much.", ""
    if "combine" in terms.said:
        added = "Levels add up" if terms.combine == "add" else "Levels do not add up; the highest counts"
        yield f"{added}.", ""
    for need in terms.needs:
        yield NEEDS[need], ""
    for cap in terms.caps:
        yield _cap(cap, unit), cap.cite
    for deadline in terms.deadlines:
        yield _deadline(deadline), deadline.cite
    yield from ((sentence, "") for sentence in _rest(terms))


def _rest(terms: Terms) -> Iterator[str]:
    if terms.elect:
        final = ", once and for good" if terms.is_final else ""
        yield f"The educator chooses {listed(map(plain, terms.elect), 'or')} for each award{final}."
    if terms.buckets:
        yield f"It counts toward {listed(terms.buckets, 'or')} goals; {SAME_AWARD[terms.same_award]}."
    if terms.is_whole:
        yield "Only whole ones count."
    if terms.lasts:
        yield f"What is given lasts {terms.lasts}{', the anniversary not included' if terms.is_anniversary_out else ''}."
    if terms.fee:
        yield f"{terms.fee.gives.replace('-', ' ')} may be bought for ${terms.fee.cents / 100:,.2f}."


def _gift(gift: Gift, unit: str) -> str:
    one, several, _ = {**KINDS, "hours": ("hour", "hours", ""), "credit": ("semester hour of credit", "semester hours of credit", "")}[
        gift.for_
    ]
    where = f", {filtered(gift.where)}" if gift.where else ""
    if gift.by == "hours":
        return f"{amount(gift.amount, unit)} for each hour that a {one} takes{where}."
    return f"{amount(gift.amount, unit)} for {f'each {one}' if gift.each == 1 else f'{said_number(gift.each)} {several}'}{where}."


def _cap(cap: ScheduleCap, unit: str) -> str:
    most = f"At most {amount(cap.at_most, unit)}" + (f" of {cap.level}" if cap.level else "")
    if cap.blocks_of:
        return f"{most} for each whole {amount(cap.blocks_of, unit)} of {cap.of}."
    return f"{most} in all." if cap.per == "total" else f"{most} for one {YEARS.get(cap.per, cap.per)}."


def _deadline(deadline: Deadline) -> str:
    what = f"{deadline.level.capitalize()} is" if deadline.level else "It is"
    if deadline.anchor == "license-end":
        return f"The license is renewed with it no earlier than {deadline.within} before it ends."
    return f"{what} claimed within {deadline.within} of the {deadline.anchor}{', that day not included' if deadline.excluding else ''}."
