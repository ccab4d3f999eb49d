"""A version's rules in plain words: what is submitted, how it is scored, how long one has. Not here: the rules themselves (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cairn.apps.programs.queries import Offering, terms_of
from cairn.pure.clocks import long_date
from cairn.pure.packs.model import ArtifactRequirement, Part, Prompt, TypeRule, VersionContent
from cairn.pure.packs.words import CreditUnit, Policy, Rigor, Trigger

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_RIGOR = {
    Rigor.KNOWLEDGE: "Knowledge: that you know it",
    Rigor.APPLICATION: "Application: that you do it in your own work",
    Rigor.IMPACT: "Impact: what your doing it has changed",
}
_UNITS = {CreditUnit.CEU: ("CEU", "CEUs"), CreditUnit.POINTS: ("point", "points")}
_APART = {
    Trigger.SPLIT: "one of them would award it and the other would not",
    Trigger.TWO_LEVELS_APART: "they are two levels apart on a detail",
    Trigger.THIRD_DIFFERS: "they differ on more than a third of the details",
}


@dataclass(frozen=True)
class ShownPrompt:
    question: str
    note: str


@dataclass(frozen=True)
class ShownSlot:
    """A slot for files: what belongs in it, and its limits in words."""

    title: str
    what_belongs: str
    takes: str
    count: str
    limits: str
    students: str
    serves: str


@dataclass(frozen=True)
class ShownPart:
    key: str
    title: str
    instructions: str
    words: str
    prompts: tuple[ShownPrompt, ...]
    slots: tuple[ShownSlot, ...]


def version(content: VersionContent) -> dict[str, object]:
    """Everything here that the page of a version shows, by the names that its template uses."""
    return {
        "parts": parts(content),
        "scoring": scoring(content),
        "rigor": _RIGOR[content.rigor],
        "credit": credit(content),
        "hours": hours(content.hours.estimated_min, content.hours.estimated_max),
        "audiences": joined([spaced(audience) for audience in content.audiences]).capitalize(),
        "stages": joined([spaced(stage) for stage in content.career_stages]),
    }


def spelled(number: int) -> str:
    """two; 27"""
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"


def spaced(word: str) -> str:
    """school-leaders, as people write it"""
    return word if word == "pre-service" else word.replace("-", " ")


def hours(least: int, most: int) -> str:
    """One figure or a span, never broken over two lines."""
    return _count(most, "hour") if least == most else f"{least}\u00a0to\u00a0{most}\u00a0hours"


def parts(content: VersionContent) -> tuple[ShownPart, ...]:
    return tuple(_part(part) for part in content.parts)


def _part(part: Part) -> ShownPart:
    words = f"{part.words_min:,} to {part.words_max:,} words in all" if part.prompts else ""
    prompts = tuple(ShownPrompt(prompt.question, _note(prompt)) for prompt in part.prompts)
    return ShownPart(part.key, part.title, part.instructions, words, prompts, tuple(_slot(slot) for slot in part.artifacts))


def _note(prompt: Prompt) -> str:
    words = f"{prompt.words_min:,} to {prompt.words_max:,} words" if prompt.words_min else f"up to {prompt.words_max:,} words"
    return ", ".join(filter(None, [words, "" if prompt.is_required else "optional", _serves(prompt.serves, "for ")]))


def _serves(details: Sequence[str], before: str = "") -> str:
    if not details:
        return ""
    return f"{before}detail {details[0]}" if len(details) == 1 else f"{before}details {joined(details)}"


def joined(items: Sequence[str], last: str = "and") -> str:
    if len(items) < 3:
        return f" {last} ".join(items)
    return f"{', '.join(items[:-1])}, {last} {items[-1]}"


def _slot(slot: ArtifactRequirement) -> ShownSlot:
    limits = [f"{slot.max_megabytes:,} MB each"] if slot.max_megabytes else []
    limits += [_count(slot.max_pages, "page")] if slot.max_pages else []
    limits += [_length(slot.seconds_min, slot.seconds_max)] if slot.seconds_min or slot.seconds_max else []
    return ShownSlot(
        slot.title, slot.what_belongs, _types(slot.types).capitalize(), _files(slot.files_min, slot.files_max), ", ".join(limits),
        "May appear" if slot.minors_may_appear else "May not appear", _serves(slot.serves),
    )  # fmt: skip


def _types(rule: TypeRule) -> str:
    inner = [f"({_types(item)})" if isinstance(item, TypeRule) and len(item.items) > 1 else str(item) for item in rule.items]
    return joined(inner, "and" if rule.needs_all else "or")


def _files(least: int, most: int) -> str:
    if least == most:
        return _count(most, "file")
    if least == 0:
        return "Optional, 1 file" if most == 1 else f"Optional, up to {most} files"
    return f"{least} to {most} files"


def _length(least: int | None, most: int | None) -> str:
    if least and most:
        return f"recordings of {_time(least)} to {_time(most)}"
    return f"recordings of at least {_time(least)}" if least else f"recordings up to {_time(most or 0)}"


def _time(seconds: int) -> str:
    return _count(seconds, "second") if seconds % 60 else _count(seconds // 60, "minute")


def scoring(content: VersionContent) -> tuple[str, ...]:
    """The decision rule and the scoring plan, a sentence or two for each step."""
    plan, bar, levels = content.scoring, content.bar.title, content.rubric.levels
    alone = plan.assessors == 1
    several = f"{spelled(plan.assessors).capitalize()} assessors who know this work read it separately"
    readers = "One assessor who knows this work reads it" if alone else several
    told = [f"{readers}. They see a code, and never your name, school, or district."]
    if content.decision.policy == Policy.COMPENSATORY:
        told.append(
            f"Each level counts points, from 1 for {levels[0].title} to {len(levels)} for {levels[-1].title}. "
            f"You earn it when all details together reach {content.decision.cut} points."
        )
    else:
        told.append(f"You earn it when every detail is {bar}{' or better' if levels[-1] != content.bar else ''}.")
    if not alone:
        apart = ", or ".join(_APART[trigger] for trigger in plan.adjudicate_when)
        lead = f" If {apart}, a lead assessor who has scored neither reads it anew, and that sheet replaces both." if apart else ""
        told.append(f"Where they give a detail different levels, the lower one counts.{lead}")
    told.append(f"You hear within {_count(plan.decide_within_business_days, 'business day')} after you submit.")
    told.append(
        "What is not there yet stays open, and you revise only that: until your own due date, or for "
        f"{_count(plan.revision_days, 'day')} after the decision, whichever is later."
    )
    if plan.attempts_before_coach:
        told.append(f"After {_count(plan.attempts_before_coach, 'attempt')}, talk with a coach before the next one.")
    return tuple(told)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def credit(content: VersionContent) -> str:
    """What the issuer says it is worth; never turned into hours of work."""
    told = content.hours.credit
    if told is None:
        return ""
    one, many = _UNITS.get(told.unit, (told.unit.replace("-", " ").removesuffix("s"), told.unit.replace("-", " ")))
    return f"{told.amount:g} {one if told.amount == 1 else many}"


def lasting(offering: Offering) -> str:
    """120 days; 3 semesters; both, where each ends it; empty where only a last day does."""
    terms = terms_of(offering)
    return " or ".join(filter(None, (_count(offering.days, "day") if offering.days else "", terms.words if terms else "")))


def due_rule(offering: Offering) -> str:
    """120 days from your start, at the latest May 31, 2027"""
    last_day, span = offering.last_day, lasting(offering)
    if not span:
        return f"Until {long_date(last_day)}, whenever you begin" if last_day else ""
    started = f"{span} from your start"
    return f"{started}, at the latest {long_date(last_day)}" if last_day else started
