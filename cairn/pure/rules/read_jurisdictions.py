"""A jurisdiction's facts out of its licenses.yaml: types of license, years, academic terms, units, what movers have to do."""

from __future__ import annotations

import re
from calendar import monthrange
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cairn.pure.rules.read_where import read_span
from cairn.pure.rules.reading import NAME, Fields
from cairn.pure.rules.spec import NOTICE, AcademicTerm, Cumulative, Jurisdiction, LicenseType, MonthDay, Mover

MONTH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})")
ZONE = re.compile(r"UTC|[A-Z][A-Za-z_]+(/[A-Z][A-Za-z_+0-9-]+)+")  # of a place; three letters or an offset know no summer time
MAX_YEARS = 100


def read_jurisdiction(fields: Fields) -> Jurisdiction:
    types = tuple(map(_type, fields.list_of_fields("types")))
    place = Jurisdiction(
        code=fields.text("jurisdiction"),
        name=fields.text("name"),
        authority=fields.text("authority", ""),
        zone=fields.text("zone", ""),
        fiscal_year=_maybe_day(fields, "fiscal_year"),
        school_year=_maybe_day(fields, "school_year"),
        terms=tuple(AcademicTerm(one.text("name"), _day(one, "from"), _day(one, "to")) for one in fields.list_of_fields("terms")),
        units=fields.names("units", ()),
        types=types,
        cumulative=tuple(map(_cumulative, fields.list_of_fields("cumulative"))),
        movers=tuple(map(_mover, fields.list_of_fields("movers"))),
        notice=fields.text("notice", NOTICE),
        source=fields.text("source", ""),
    )
    if fields.file != f"{place.code}/licenses.yaml":
        fields.problem("jurisdiction", f"“{place.code}” stands in {fields.file}.", "It must stand in the licenses.yaml of its own folder.")
    _known_zone(fields, place.zone)
    for unit in place.units:
        if not NAME.fullmatch(unit):
            fields.problem("units", f"One of the units is “{unit}”.", "It must be of letters, digits and single hyphens.")
    _terms_apart(fields, place.terms)
    slugs = [kind.slug for kind in types]
    for one, kind in zip(fields.list_of_fields("types"), types, strict=True):
        if kind.next and kind.next not in slugs:
            one.not_among("next", f"“{kind.next}” is no type of license here.", kind.next, slugs)
        if slugs.count(kind.slug) > 1:
            one.problem("slug", f"There are two types “{kind.slug}”.", "Each has a name of its own.")
    _ladder_ends(fields, place)
    for one in fields.list_of_fields("cumulative"):
        if not one.whole("years"):
            one.problem("years", "“years” is 0.", "It must be above nothing.")
        for slug in one.names("types"):
            if slug not in slugs:
                one.not_among("types", f"“{slug}” is no type of license here.", slug, slugs)
    return place


def _known_zone(fields: Fields, zone: str) -> None:
    try:
        is_known = not zone or (bool(ZONE.fullmatch(zone)) and bool(ZoneInfo(zone)))
    except (OSError, ValueError, ZoneInfoNotFoundError):
        is_known = False
    if not is_known:
        fields.problem("zone", f"“zone” is “{zone}”.", "It must be a zone such as America/Chicago.")


def _terms_apart(fields: Fields, terms: tuple[AcademicTerm, ...]) -> None:
    """No day lies in two terms, so that a day's term is known."""
    ordered = sorted(terms, key=lambda term: term.from_)
    for one, other in pairwise([*ordered, *ordered[:1]]):
        wraps = one.to < one.from_
        if (wraps and (one is not ordered[-1] or other.from_ <= one.to)) or (other is not ordered[0] and other.from_ <= one.to):
            fields.problem("terms", f"The term “{other.name}” begins before “{one.name}” ends.", "No two terms may share a day.")
    if len({term.name for term in terms}) < len(terms):
        fields.problem("terms", "Two terms have one name.", "Each has a name of its own.")


def _ladder_ends(fields: Fields, place: Jurisdiction) -> None:
    """Whoever climbs from license to license comes to a last one."""
    for one, kind in zip(fields.list_of_fields("types"), place.types, strict=True):
        seen, above = {kind.slug}, place.type(kind.next)
        while above and above.slug not in seen:
            seen.add(above.slug)
            above = place.type(above.next)
        if above and above.slug == kind.slug:
            one.problem("next", f"“{kind.slug}” leads back to itself.", "What follows must lead on, and come to an end.")


def _type(one: Fields) -> LicenseType:
    if one.whole("years", 0) > MAX_YEARS:
        one.problem("years", f"“years” is {one.whole('years', 0)}.", f"It must be {MAX_YEARS} at most; leave it out where there is no end.")
    return LicenseType(
        one.called("slug"), one.text("title"), one.whole("years", 0), one.flag("renewable"), one.text("next", ""), one.text("cite"),
        *_number(one),
    )  # fmt: skip


def _number(one: Fields) -> tuple[str, str, bool]:
    """The form of the license's number, where it is known."""
    told = one.fields("number")
    if told is None:
        return "", "", False
    pattern = told.text("pattern")
    try:
        re.compile(pattern)
    except re.error:
        told.problem("pattern", f"“pattern” is “{pattern}”.", "It must be a pattern such as [0-9]{6}.")
    return pattern, told.text("said"), told.flag("example")


def _cumulative(one: Fields) -> Cumulative:
    return Cumulative(one.names("types"), one.whole("years"), one.text("cite"), one.text("stop", ""))


def _mover(one: Fields) -> Mover:
    return Mover(one.text("title"), read_span(one, "within") if one.has("within") else None, one.text("cite"))


def _maybe_day(fields: Fields, name: str) -> MonthDay | None:
    return _day(fields, name) if fields.has(name) else None


def _day(fields: Fields, name: str) -> MonthDay:
    value = fields.text(name)
    match = MONTH_DAY.fullmatch(value)
    if match and 1 <= int(match[1]) <= 12 and 1 <= int(match[2]) <= monthrange(2000, int(match[1]))[1]:
        return int(match[1]), int(match[2])
    fields.problem(name, f"“{name}” is “{value}”.", "It must be a month and a day, such as 07-01.")
    return 1, 1
