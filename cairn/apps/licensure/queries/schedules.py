"""Schedules that organizations adopted, and where an educator may claim. Not here: what a schedule answers to a claim (answers)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Q

from cairn.apps.licensure.models import Recognizer, ScheduleVersion
from cairn.apps.licensure.queries.recognizers import recognizers
from cairn.apps.licensure.queries.rules import book, shipped
from cairn.apps.licensure.queries.states import worked_claims
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.kernel.errors import Invalid, NotFound
from cairn.pure import rules
from cairn.pure.rules.overlays import Tried, tried
from cairn.pure.rules.schedules import Terms
from cairn.pure.rules.words import said_unit

_NAME = re.compile(r"^schedule:\s*(\S+)\s*$", re.MULTILINE)
# Kinds of organizations that recognize the awards of people who do not work for them.
FOR_ALL = ("state-agency", "higher-education", "association", "service-agency", "provider")


def read_schedule(text: str) -> rules.Schedule:
    """An organization's own, read beside those that are shipped: what it overlays bounds it. Problems name line, finding and remedy."""
    named = _NAME.search(text)
    if named is None:
        words = "It does not say its name. Begin with a line like “schedule: us/ks/schedules/our-district”."
        raise Invalid("schedule-unnamed", words, "", {"text": words})
    if named[1] in book().schedules:
        words = f"“{named[1]}” is the name of a schedule that is shipped. Give yours a name of its own."
        raise Invalid("schedule-name-taken", words, "", {"text": words})
    return _read(named[1], text)


@lru_cache(maxsize=256)
def _read(name: str, text: str) -> rules.Schedule:
    """With the one that it rests on, which is read from what is shipped."""
    try:
        return rules.parse({**shipped(), f"{name}.yaml": text}).schedules[name]
    except Invalid as problem:
        raise Invalid(problem.code, problem.message, problem.remedy, {"text": str(problem)}) from problem


def shipped_schedule(slug: str) -> tuple[rules.Schedule, str]:
    """With its text."""
    found, text = book().schedules.get(slug), shipped().get(f"{slug}.yaml")
    if found is None or text is None:
        raise NotFound("schedule")
    return found, text


def shipped_schedules() -> tuple[rules.Schedule, ...]:
    return tuple(sorted(book().schedules.values(), key=lambda each: each.title))


def bases_for(organization: people.Organization) -> tuple[rules.Schedule, ...]:
    """Shipped schedules of the organization's state over which it may lay its own."""
    code = organization.jurisdiction.replace("-", "/", 1)
    return tuple(each for each in shipped_schedules() if each.base is None and each.jurisdiction.code == code)


def require_within_state(organization: people.Organization, schedule: rules.Schedule) -> None:
    """Refused where it is another state's, or where it gives on its own what the organization's state gives within bounds."""
    code, place = organization.jurisdiction.replace("-", "/", 1), schedule.jurisdiction
    if code and place.code != code:
        words = f"“{schedule.title}” is a schedule of {place.name}, and {organization.name} is not there."
        raise Invalid("schedule-elsewhere", words, "Choose one of your own state.", dict.fromkeys(("slug", "text"), words))
    bound = next((each for each in bases_for(organization) if each.bounds.may and each.unit == schedule.unit), None)
    if bound is not None and schedule.slug != bound.slug and schedule.base is None:
        words = f"In {place.name}, {said_unit(schedule.unit, 2)} are given within the bounds of “{bound.title}”."
        remedy = f"Write “overlay_of: {bound.slug}”, and only what your own plan says otherwise."
        raise Invalid("schedule-unbound", words, remedy, {"text": f"{words} {remedy}"})


def replaced(version: ScheduleVersion) -> bool:
    """Whether another text of the same schedule was adopted later for the same day, so that claims are not answered by this one."""
    same = ScheduleVersion.objects.filter(organization_id=version.organization_id, slug=version.slug, effective=version.effective)
    return same.filter(adopted_at__gt=version.adopted_at).exists()


def tried_over(text: str, base: rules.Schedule, on: date) -> tuple[Tried, ...]:
    """What an overlay would answer to the cases that are shipped beside the schedule that it rests on."""
    return tried(read_schedule(text), base, tuple(each.case for each in worked_claims(base.slug)), on)


def schedule_of(version: ScheduleVersion) -> rules.Schedule:
    """As it was adopted, whatever is shipped by now."""
    current = book().schedules.get(version.slug)
    if current is not None and shipped().get(f"{version.slug}.yaml") == version.text:
        return current
    return _read(version.slug, version.text)


def schedules_of(viewer: Actor, organization_id: str) -> list[ScheduleVersion]:
    """Every version that it adopted, the latest first."""
    return list(ScheduleVersion.objects.visible_to(viewer).filter(organization_id=organization_id).order_by("-effective", "-adopted_at"))


def schedules_in_force(viewer: Actor, organization_ids: Iterable[str], on: date) -> list[ScheduleVersion]:
    """Of each schedule of these organizations, the version by which claims of that day are answered."""
    found = ScheduleVersion.objects.visible_to(viewer).filter(organization_id__in=list(organization_ids), effective__lte=on)
    latest: dict[tuple[str, str], ScheduleVersion] = {}
    for version in found.select_related("organization").order_by("effective", "adopted_at"):
        latest[version.organization_id, version.slug] = version
    kept = [version for version in latest.values() if version.ended_on is None or on <= version.ended_on]
    return sorted(kept, key=lambda each: (each.organization.name, each.title))


def schedule_version(viewer: Actor, schedule_id: str) -> ScheduleVersion:
    return ScheduleVersion.objects.visible_to(viewer).select_related("organization").get_or_not_found(pk=schedule_id)


def offered_by(viewer: Actor, version: ScheduleVersion) -> Offered:
    """One schedule alone, as a draft that was begun under it sees it."""
    found = recognizers(viewer).get(organization_id=version.organization_id)
    return Offered(found, version, schedule_of(version), False, clock.today(people.zone_of(None)))


# --- Where one may claim --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Offered:
    """A recognizer with a schedule by which it takes claims now; `is_at_work` where it is where the educator works."""

    recognizer: Recognizer
    version: ScheduleVersion
    schedule: rules.Schedule
    is_at_work: bool
    on: date

    @property
    def takes(self) -> tuple[tuple[str, str], ...]:
        """Kinds and units in which something that was done may be claimed today."""
        return rules.takes(self.schedule, self.on)

    @property
    def terms(self) -> Terms | None:
        """What holds today."""
        return self.schedule.on(self.on)


def offered_to(viewer: Actor) -> tuple[Offered, ...]:
    """Where the viewer may claim: where they work first, then the bodies of the states in which they work, then those of no state."""
    today = clock.today(people.zone_of(None))
    works = people.affiliations_of(viewer, str(viewer.person_id)).filter(Q(ended_on=None) | Q(ended_on__gte=today))
    places = {place for work in works for place in (work.organization_id, work.organization.parent_id) if place}
    states = {work.organization.jurisdiction for work in works} - {""}
    near = Q(organization__in=places) | Q(organization__jurisdiction__in=[*states, ""], organization__kind__in=FOR_ALL)
    found = {each.organization_id: each for each in recognizers(viewer).filter(near)}
    versions = schedules_in_force(viewer, found, today)
    lines = [Offered(found[each.organization_id], each, schedule_of(each), each.organization_id in places, today) for each in versions]
    return tuple(sorted(lines, key=lambda line: (not line.is_at_work, line.recognizer.organization.name, line.version.title)))
