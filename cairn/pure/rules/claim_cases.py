"""Cases beside a schedule: claims and the answer that is expected of each; where the two differ is said in words.

Not here: finding the files (tests/rulesets), cases of rule sets (cases).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cairn.pure.rules.convert import convert
from cairn.pure.rules.model import FIELDS, KINDS, Value
from cairn.pure.rules.reading import Fields, read_cases
from cairn.pure.rules.schedules import FLAGS, Answer, Claim, Granted, Schedule

ONE = Decimal(1)
EXPECTED = ("amount", "refused", "waits", "flags", "lasts_until")
OWN = ("award", "activity", "level", "bucket", "elected")  # fields of a claim itself, as well as of entries


@dataclass(frozen=True)
class ClaimCase:
    """A claim beside what was granted before, and what is expected; None and nothing say that it does not matter."""

    file: str
    line: int
    name: str
    on: date
    claim: Claim
    granted: tuple[Granted, ...]
    amount: Decimal | None
    refused: bool | None
    waits: bool | None
    flags: tuple[str, ...]
    lasts_until: date | None


def parse_claims(path: str, text: str) -> tuple[ClaimCase, ...]:
    """The cases of the schedule that the path names, such as us/ks/schedules/points.cases.yaml; RulesInvalid with every problem."""
    return read_cases(path, text, _case)


def claim_differences(case: ClaimCase, schedule: Schedule) -> list[str]:
    """Where the answer differs from what the case expects, a sentence each; none where they agree."""
    answer = convert(schedule, case.claim, case.granted, case.on)
    return [f"{case.file}, line {case.line}, “{case.name}”: {what}" for what in _differences(case, answer)]


def _differences(case: ClaimCase, answer: Answer) -> Iterator[str]:
    said = " ".join(sentence for sentence, _ in answer.reasons)
    for name in ("amount", "refused", "waits", "lasts_until"):
        expected, found = getattr(case, name), getattr(answer, name)
        if expected is not None and expected != found:
            yield f"{name} is {found}, expected {expected}; {said}"
    if missing := set(case.flags) - set(answer.flags):
        yield f"has flags {sorted(answer.flags)}, expected {sorted(missing)} too; {said}"


def _case(one: Fields) -> ClaimCase:
    expect, claim = one.fields("expect", required=True) or Fields(one.file, []), one.fields("claim", required=True)
    read_claim = _claim(claim) if claim else Claim(KINDS[0], date.min, date.min)
    for flag in expect.names("flags", ()):
        if flag not in FLAGS:
            expect.not_among("flags", f"“flags” holds “{flag}”.", flag, FLAGS)
    if not list(expect):
        one.problem("expect", "Nothing is expected.", f"Write one or more of: {', '.join(EXPECTED)}.")
    if expect.has("refused") and expect.flag("refused") and expect.has("amount") and expect.number("amount"):
        expect.problem("amount", "It is refused, and yet gives something.", "What is refused gives 0.")
    return ClaimCase(
        file=one.file,
        line=one.line_of("name"),
        name=one.text("name"),
        on=one.maybe_day("on") or read_claim.claimed_on,
        claim=read_claim,
        granted=tuple(map(_granted, one.list_of_fields("granted"))),
        amount=expect.number("amount") if expect.has("amount") else None,
        refused=expect.flag("refused") if expect.has("refused") else None,
        waits=expect.flag("waits") if expect.has("waits") else None,
        flags=expect.names("flags", ()),
        lasts_until=expect.maybe_day("lasts_until"),
    )


def _claim(one: Fields) -> Claim:
    fields: dict[str, Value] = {}
    for name in FIELDS:
        if name not in OWN and one.has(name):
            values = one.names(name)
            fields[name] = values if len(values) > 1 else "".join(values)
    on, days = one.day("on"), one.whole("days", 1)
    if not days:
        one.problem("days", "“days” is 0.", "It must be above nothing.")
    return Claim(
        kind=one.one_of("kind", KINDS),
        on=on,
        claimed_on=one.maybe_day("claimed_on") or on,
        amount=one.number("amount", ONE),
        unit=one.text("unit", ""),
        hours=one.number("hours") if one.has("hours") else None,
        days=days,
        level=one.text("level", ""),
        award=one.text("award", ""),
        activity=one.text("activity", ""),
        approved_before=one.maybe_day("approved_before"),
        elected=one.text("elected", ""),
        elected_before=one.text("elected_before", ""),
        bucket=one.text("bucket", ""),
        license_end=one.maybe_day("license_end"),
        asked=one.number("asked") if one.has("asked") else None,
        fields=fields,
    )


def _granted(one: Fields) -> Granted:
    return Granted(
        one.number("amount"), one.day("on"), one.text("level", ""), one.text("award", ""), one.text("activity", ""),
        one.text("bucket", ""), one.text("elected", ""),
    )  # fmt: skip
