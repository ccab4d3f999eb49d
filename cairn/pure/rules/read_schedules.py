"""A recognizer's schedule out of YAML, and whether one that rests on another keeps within its bounds. Not here: what follows (convert)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise

from cairn.pure.rules.model import KINDS
from cairn.pure.rules.read_tallies import known_period
from cairn.pure.rules.read_where import Vocabulary, read_span, read_unit, read_where
from cairn.pure.rules.reading import Fields
from cairn.pure.rules.schedules import (
    ADD,
    ALLOW,
    FORBID,
    HIGHEST,
    LOCAL,
    OTHERS_SAY,
    SPLIT,
    Bounds,
    Deadline,
    Fee,
    Gift,
    Schedule,
    ScheduleCap,
    Terms,
)
from cairn.pure.rules.spec import NOTICE, PURPOSES, STATUSES, Jurisdiction

NEEDS = ("prior-approval", "knowledge-granted")
PER = ("day", "award", "activity", "fiscal-year", "school-year", "calendar-year", "academic-term")
ONE = Decimal(1)


def read_schedule(fields: Fields, place: Jurisdiction, known: Mapping[str, Schedule]) -> Schedule:
    slug, words = fields.text("schedule"), Vocabulary(place)
    if fields.file.removesuffix(".yaml") != slug:
        fields.problem("schedule", f"“{slug}” stands in {fields.file}.", "It must be the file's path without “.yaml”.")
    below = fields.text("overlay_of", "")
    if below and below not in known:
        fields.not_among("overlay_of", f"“{below}” is no schedule that others may rest on.", below, known)
    base = known.get(below)
    unit = read_unit(fields, "unit", words) if base is None or fields.has("unit") else base.unit
    bounds = fields.fields("bounds")
    versions = fields.list_of_fields("versions")
    schedule = Schedule(
        slug=slug,
        title=fields.text("title"),
        recognizer=fields.text("recognizer"),
        purpose=fields.one_of("purpose", PURPOSES),
        notice=fields.text("notice", NOTICE),
        source=fields.text("source", ""),
        jurisdiction=place,
        versions=tuple(_terms(one, fields, words, unit, base) for one in versions or [fields]),
        base=base,
        bounds=_bounds(bounds) if bounds else Bounds(),
    )
    for one, terms in zip(versions or [fields], schedule.versions, strict=True):
        _within_bounds(one, terms, base)
        _known_words(one, terms, base)
    days = [terms.effective for terms in schedule.versions]
    if days != sorted(set(days)):
        fields.problem("versions", "The versions are not in the order of their dates.", "Each has a date of its own, the earliest first.")
    for one, (before, terms) in zip(versions[1:], pairwise(schedule.versions), strict=True):
        if before.until and terms.effective <= before.until:
            found = f"The version before holds until {before.until}, and this one from {terms.effective}."
            one.problem("effective", found, "Two versions share no day.")
    return schedule


def _bounds(one: Fields) -> Bounds:
    may = one.names("may", LOCAL)
    for name in may:
        if name not in (*LOCAL, *OTHERS_SAY):
            one.not_among("may", f"“{name}” is nothing that can be changed.", name, (*LOCAL, *OTHERS_SAY))
    return Bounds(may, one.text("cite", ""))


def _within_bounds(one: Fields, terms: Terms, base: Schedule | None) -> None:
    """What an overlay changes must be what the schedule that it rests on leaves open."""
    if base is None:
        return
    cite = base.bounds.cite or base.versions[-1].cite
    allowed = f"It may change: {', '.join(base.bounds.may)} ({cite})."
    for name in sorted(terms.said - set(base.bounds.may)):
        same = name == "unit" and terms.unit == base.unit
        field = {"combine": "levels"}.get(name, name)
        if not same:
            one.problem(field, f"“{name}” is not left to a schedule that rests on “{base.slug}”.", allowed)


def _known_words(one: Fields, terms: Terms, base: Schedule | None) -> None:
    """What gifts and caps are for is among the levels, the choices and the buckets that there are."""
    below = base.on(terms.effective) if base else None
    levels, elect, buckets = (getattr(terms, name) or getattr(below, name, ()) for name in ("levels", "elect", "buckets"))
    for name, field, known in (("gives", "level", levels), ("gives", "elected", elect), ("caps", "bucket", buckets)):
        for each in one.list_of_fields(name):
            value = each.text(field, "")
            if value and value not in known:
                each.not_among(field, f"“{field}” is “{value}”, which there is not.", value, known)
    _apart(one, terms)
    if "knowledge-granted" in terms.needs and not levels:
        one.problem("needs", "“knowledge-granted” stands without “levels”.", "Say in “levels” what follows what.")
    if terms.is_anniversary_out and not terms.lasts and "lasts" in (*terms.said, "lasts" if below is None else ""):
        one.problem("excluding_anniversary", "Nothing says how long it lasts.", "Write “lasts” beside it.")


def _apart(one: Fields, terms: Terms) -> None:
    """Each gift has an id of its own, and is reached by some claim."""
    seen: dict[object, Gift] = {}
    for fields, gift in zip(one.list_of_fields("gives"), terms.gives, strict=True):
        before = next((other for other in seen.values() if other.id == gift.id), None)
        if before:
            fields.problem("id", f"The id “{gift.id}” is taken.", "Give one of the two another.")
        what = gift.for_, frozenset(gift.where), gift.level, gift.elected
        if what in seen:
            fields.problem("for", f"“{seen[what].id}” gives for all of this already.", "Take one out, or say “where” they differ.")
        seen.setdefault(what, gift)


def _terms(one: Fields, top: Fields, words: Vocabulary, unit: str, base: Schedule | None) -> Terms:
    levels, combine = _levels(one, base)
    elect, buckets, fee = one.fields("elect"), one.fields("buckets"), one.fields("fee")
    effective, until = one.day("effective"), one.maybe_day("until")
    if until and until < effective:
        one.problem("until", f"It ends on {until}, before it begins on {effective}.", "It must end on or after its first day.")
    cite = one.text("cite") if one is top or not top.has("cite") else one.text("cite", top.text("cite"))
    gives = tuple(_gift(gift, words, number, cite) for number, gift in enumerate(one.list_of_fields("gives", required=base is None), 1))
    said = {name for name in (*LOCAL, *OTHERS_SAY) if name in one}
    said |= {"combine"} if "combine" in (one.fields("levels") or ()) else set()
    said -= {"levels"} if not levels else set()
    return Terms(
        effective=effective,
        until=until,
        status=one.one_of("status", STATUSES, "in force"),
        cite=cite,
        unit=unit,
        gives=gives,
        levels=levels,
        combine=combine,
        caps=tuple(_cap(cap, words, levels or _base_levels(base, effective)) for cap in one.list_of_fields("caps")),
        deadlines=tuple(_deadline(each, levels or _base_levels(base, effective)) for each in one.list_of_fields("deadlines")),
        needs=_among(one, "needs", NEEDS),
        elect=_elect(elect) if elect else (),
        is_final=elect.flag("final", True) if elect else True,
        buckets=buckets.names("names") if buckets else (),
        same_award=buckets.one_of("same_award", (ALLOW, FORBID, SPLIT), FORBID) if buckets else FORBID,
        is_whole=one.one_of("rounding", ("none", "down-to-whole"), "none") == "down-to-whole",
        lasts=read_span(one, "lasts") if one.has("lasts") else None,
        is_anniversary_out=one.flag("excluding_anniversary"),
        fee=Fee(int(_above_nothing(fee, "cents", is_whole=True)), fee.text("gives"), fee.text("cite", cite)) if fee else None,
        said=frozenset(said),
    )


def _elect(elect: Fields) -> tuple[str, ...]:
    choices = elect.names("one_of")
    if len(choices) == 1:
        elect.problem("one_of", f"“{choices[0]}” is all there is to elect.", "There must be two or more.")
    return choices


def _base_levels(base: Schedule | None, day: date) -> Mapping[str, Decimal]:
    terms = base.on(day) if base else None
    return terms.levels if terms else {}


def _levels(one: Fields, base: Schedule | None) -> tuple[dict[str, Decimal], str]:
    levels = one.fields("levels")
    if levels is None:
        return {}, ADD
    combine = levels.one_of("combine", (ADD, HIGHEST), ADD)
    found = {name: levels.number(name) for name in levels if name != "combine"}
    if any(not factor for factor in found.values()):
        levels.problem(next(iter(found)), "A level gives nothing.", "Each must be above nothing.")
    return found, combine


def _gift(one: Fields, words: Vocabulary, number: int, cite: str) -> Gift:
    where = read_where(one, words, also=("unit",))
    for condition in where:
        for unit in sorted(condition.values) if condition.field == "unit" else ():
            if unit not in words.units and (below := one.fields("where")):
                below.not_among("unit", f"“{unit}” is no unit of {words.jurisdiction.name}.", unit, words.units)
    each = one.number("each", ONE)
    if each < 1:
        one.problem("each", f"“each” is {each}.", "It must be 1 or more.")
    return Gift(
        id=one.text("id", f"gives-{number}"),
        for_=one.one_of("for", KINDS),
        where=where,
        level=one.text("level", ""),
        elected=one.text("elected", ""),
        by=one.one_of("by", ("amount", "hours"), "amount"),
        each=max(each, ONE),
        amount=_above_nothing(one, "amount"),
        cite=one.text("cite", cite),
    )


def _above_nothing(one: Fields, name: str, *, is_whole: bool = False) -> Decimal:
    value = Decimal(one.whole(name)) if is_whole else one.number(name)
    if not value:
        one.problem(name, f"“{name}” is 0.", "It must be above nothing.")
    return value or ONE


def _cap(one: Fields, words: Vocabulary, levels: Mapping[str, Decimal]) -> ScheduleCap:
    level, bucket, cite = _level(one, "level", levels), one.text("bucket", ""), one.text("cite", "")
    if one.has("total"):
        return ScheduleCap("total", _above_nothing(one, "total"), level, bucket, cite=cite)
    if one.is_mapping("per") and (blocks := one.fields("per")):
        size, of = _above_nothing(blocks, "blocks_of"), _level(blocks, "of", levels)
        if not blocks.text("of"):
            return ScheduleCap("total", ONE)
        return ScheduleCap("blocks", _above_nothing(one, "at_most"), level, bucket, size, of, cite)
    per = one.one_of("per", PER)
    known_period(one, "per", per, words)
    return ScheduleCap(per, _above_nothing(one, "at_most"), level, bucket, cite=cite)


def _deadline(one: Fields, levels: Mapping[str, Decimal]) -> Deadline:
    level = _level(one, "level", levels)
    anchor = one.one_of("before", ("license-end",)) if one.has("before") else one.one_of("after", ("award", "activity", *levels))
    if level and anchor == level:
        one.problem("after", f"“{level}” follows itself.", "Name what it comes after.")
    return Deadline(level, anchor, read_span(one, "within"), one.flag("excluding"), one.text("cite", ""))


def _level(one: Fields, name: str, levels: Mapping[str, Decimal]) -> str:
    value = one.text(name, "")
    if value and value not in levels:
        one.not_among(name, f"“{value}” is no level.", value, levels)
    return value


def _among(one: Fields, name: str, options: tuple[str, ...]) -> tuple[str, ...]:
    values = one.names(name, ())
    for value in values:
        if value not in options:
            one.not_among(name, f"“{name}” holds “{value}”.", value, options)
    return values
