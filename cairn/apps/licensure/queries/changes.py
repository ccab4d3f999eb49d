"""Changes of rules as an authority's officers look at them: who gains and who loses, before anything takes effect.

Those who have asked the authority are named; everybody else is counted. Not here: computing it (statewide).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from cairn.apps.licensure.models import Application, ChangedLicense, RuleChange
from cairn.apps.licensure.queries.licenses import LicenseLine, line
from cairn.apps.licensure.queries.rules import book, rule_set, shipped
from cairn.apps.licensure.states import TURNS
from cairn.frame.actor import Actor
from cairn.kernel.errors import Invalid, NotFound
from cairn.pure import rules
from cairn.pure.rules.words import listed, said_day

A_PAGE, LATELY = 50, 10
LEAVING = ("educator", "license", "from", "to", "turn", "lines on which it turns", "citations")  # columns of the table that leaves


def routes_in(jurisdiction: str) -> list[rules.RuleSet]:
    """The routes of a jurisdiction that compute something, by title."""
    found = [each for each in book().rules.values() if each.jurisdiction.code == jurisdiction and any(v.requires for v in each.versions)]
    return sorted(found, key=lambda each: each.title)


@dataclass(frozen=True)
class Meant:
    """The two versions of a route that are held against each other."""

    route: rules.RuleSet
    before: rules.Version
    after: rules.Version


def meant(jurisdiction: str, route: str, before: date, after: date, text: str = "") -> Meant:
    """The versions that are effective from these days: as shipped, or the later one as in `text`."""
    known = next((each for each in routes_in(jurisdiction) if each.slug == route), None)
    if known is None:
        raise NotFound("route")
    written = _written(route, text) if text.strip() else known
    field = "text" if text.strip() else "after"
    two = Meant(known, _version(known, before, "before"), _version(written, after, field))
    if two.before.hash == two.after.hash:
        words = "Both are the same version of this rule, so nobody gains and nobody loses."
        told = "Write what is to change in it." if text.strip() else "Choose two versions, or write what may take the place of one."
        raise Invalid("same-version", words, told, {field: f"{words} {told}"})
    return two


def _version(route: rules.RuleSet, effective: date, field: str) -> rules.Version:
    found = route.version(effective)
    if found is not None and found.requires is not None:
        return found
    days = listed((f"{said_day(each.effective)}" for each in route.versions if each.requires), "or")
    told = f"Give {days}." if days else "No version of it computes anything, so there is nothing to compare."
    where = "in this text " if field == "text" else ""
    words = f"No version {where}that computes something is effective from {said_day(effective)}."
    raise Invalid("no-such-version", words, told, {field: f"{words} {told}"})


def _written(route: str, text: str) -> rules.RuleSet:
    """A route as somebody means to write it; Invalid names the first thing that is wrong, with its line."""
    path = f"{route}.yaml"
    try:
        return rules.parse({**shipped(), path: text}).rules[route]
    except rules.RulesInvalid as wrong:
        first = next((problem for problem in wrong.problems if problem.file == path), wrong.problems[0])
        told = f"Line {first.line}: {first.found} {first.allowed}"
        raise Invalid("rule-not-read", "This rule cannot be read.", told, {"text": told}) from None


# --- What was looked at -------------------------------------------------------------------------------------------------


def change(viewer: Actor, change_id: str) -> RuleChange:
    return RuleChange.objects.visible_to(viewer).select_related("authority__organization", "asked_by").get_or_not_found(pk=change_id)


def changes_of(viewer: Actor, authority_id: str) -> QuerySet[RuleChange]:
    """What an authority's officers looked at lately, the latest first."""
    found = RuleChange.objects.visible_to(viewer).filter(authority=authority_id).select_related("asked_by")
    return found.order_by("-asked_at", "-pk")[:LATELY]


def licenses_asked_about(viewer: Actor, authority_id: str) -> list[str]:
    """For the system: the licenses on which an authority was asked to decide, and still is: what it may list by name."""
    asked = Application.objects.visible_to(viewer).exclude(state="withdrawn") if viewer.is_system else Application.objects.none()
    return list(asked.filter(authority=authority_id).order_by().values_list("license_id", flat=True).distinct())


@dataclass(frozen=True)
class Turning:
    """One license on which the change turns. `lines`: title, citation and whether only the version before has it."""

    id: str
    educator: str
    held: LicenseLine
    turn: str
    lines: tuple[tuple[str, str, bool], ...]
    application_id: str


@dataclass(frozen=True)
class ChangePage:
    """`named` says of each way how many are listed by name; `next` is where the list goes on, if it does."""

    change: RuleChange
    title: str
    named: Mapping[str, int]
    turn: str
    lines: tuple[Turning, ...]
    next: str

    @property
    def is_computed(self) -> bool:
        return self.change.on is not None

    @property
    def counted(self) -> Mapping[str, int]:
        told = self.change.counts
        return {"gains": told["gained"], "loses": told["lost"], "officer": told["judged"]}


def change_page(viewer: Actor, change_id: str, turn: str = "", after: str = "") -> ChangePage:
    """For the authority's officers: the counts, and by name those who have asked them, a page at a time."""
    row = change(viewer, change_id)
    rows = ChangedLicense.objects.visible_to(viewer).filter(change=row)
    named = dict(rows.order_by().values_list("turn").annotate(n=Count("pk")))
    turn = turn if turn in TURNS else next((each for each in TURNS if each in named), "gains")
    chosen = _by_name(rows.filter(turn=turn))
    if after:
        last = rows.select_related("license__person").get_or_not_found(pk=after)
        name = last.license.person.name
        chosen = chosen.filter(Q(license__person__name__gt=name) | Q(license__person__name=name, pk__gt=last.pk))
    found = list(chosen[: A_PAGE + 1])
    lines = tuple(_turning(viewer, row, found[:A_PAGE]))
    return ChangePage(row, rule_set(row.rules).title, named, turn, lines, lines[-1].id if len(found) > A_PAGE else "")


def leaving(viewer: Actor, change_id: str) -> Iterator[tuple[Any, ...]]:
    """Everybody who is listed, under LEAVING."""
    row = change(viewer, change_id)
    yield LEAVING
    for one in _turning(viewer, row, _by_name(ChangedLicense.objects.visible_to(viewer).filter(change=row))):
        titles = "; ".join(f"{title} (no longer in the rule)" if is_gone else title for title, _, is_gone in one.lines)
        cites = "; ".join(dict.fromkeys(cite for _, cite, _ in one.lines if cite))
        yield one.educator, one.held.type.title, one.held.valid_from, one.held.valid_to, TURNS[one.turn], titles, cites


def _by_name(rows: QuerySet[ChangedLicense]) -> QuerySet[ChangedLicense]:
    return rows.select_related("license__person").order_by("license__person__name", "pk")


def _turning(viewer: Actor, change: RuleChange, rows: Iterable[ChangedLicense]) -> Iterator[Turning]:
    found = list(rows)
    asked = Application.objects.visible_to(viewer).filter(authority=change.authority, license__in=[row.license_id for row in found])
    latest = dict(asked.order_by("asked_at", "pk").values_list("license_id", "pk"))
    for row in found:
        lines = tuple((each["title"], each["cite"], each["is_gone"]) for each in row.lines)
        yield Turning(row.pk, row.license.person.name, line(row.license), row.turn, lines, latest.get(row.license_id, ""))
