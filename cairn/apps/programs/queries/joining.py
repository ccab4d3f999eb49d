"""Organizations that ask to come in: to those who decide, and to whoever asked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cairn.apps.comms.queries import Notice
from cairn.apps.people import queries as people
from cairn.apps.programs import policy
from cairn.apps.programs.models import Joining, Ownership, Program
from cairn.frame.actor import Actor
from cairn.kernel.facts import Recorded

_COMMON = {"the", "of", "and", "for", "state", "association", "school", "schools", "district", "public", "department", "education", "in"}


@dataclass(frozen=True)
class JoiningPage:
    """One that asks, with the organizations here that may be the same."""

    asked: Joining
    alike: tuple[str, ...]
    slug: str  # an address that is free as far as one can see
    may_decide: bool


def joinings(viewer: Actor) -> list[Joining]:
    """Those that the viewer may decide, the first asked first."""
    found = Joining.objects.visible_to(viewer).filter(state="asked").select_related("person", "program").order_by("asked_at", "pk")
    return [asked for asked in found[:200] if policy.LET_IN.allows(viewer, asked)]


def my_joinings(viewer: Actor) -> list[Joining]:
    found = Joining.objects.visible_to(viewer).filter(person_id=viewer.person_id).select_related("organization")
    return list(found.order_by("-asked_at", "pk")[:10]) if viewer.person_id else []


def joining(viewer: Actor, joining_id: str) -> JoiningPage:
    found = Joining.objects.visible_to(viewer).select_related("person", "program", "by", "organization")
    asked = found.get_or_not_found(pk=joining_id)
    may = policy.LET_IN.allows(viewer, asked)
    return JoiningPage(asked, _alike(viewer, asked.name) if may and asked.state == "asked" else (), _slug(asked.name), may)


def open_to_partners(viewer: Actor) -> list[Program]:
    """Programs that an organization may ask to take part in."""
    return list(Program.objects.visible_to(viewer).order_by("title")[:100])


def _alike(viewer: Actor, name: str) -> tuple[str, ...]:
    """Names that share every telling word with this one, or that it shares all of its own with."""
    own = _telling(name)
    names: Iterable[str] = people.organizations(viewer).values_list("name", flat=True)
    return tuple(other for other in names if own and (there := _telling(other)) and (own <= there or there <= own))[:5]


def _telling(name: str) -> set[str]:
    words = set(re.findall(r"\w+", name.casefold()))
    return words - _COMMON or words


def _slug(name: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", name.lower()))[:60].strip("-")


def joining_asked_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """Those who may decide, while nobody has: operators, and admins of the owners of the program that is named."""
    asked = Joining.objects.visible_to(viewer).select_related("person", "program").get(pk=fact.subject_id)
    if asked.state != "asked":
        return ()
    deciding = set(people.holders(viewer, "operator"))
    for owner in _owners(asked.program):
        deciding.update(people.holders(viewer, "organization admin", {"organization": owner}))
    words = {"organization": asked.name, "who": asked.person.name, "program": asked.program.title if asked.program else ""}
    told = people.persons(viewer).filter(pk__in=deciding).order_by("pk")
    return tuple(Notice(fact.kind, each.pk, each.name, each.email, words | {"path": f"/join/asked/{asked.pk}/"}) for each in told)


def _owners(program: Program | None) -> set[str]:
    if program is None:
        return set()
    others = Ownership.objects.filter(program=program, role="owner", left_on=None)
    return {program.organization_id, *others.values_list("organization_id", flat=True)}


def joining_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """Whoever asked: accepted with the first steps, or declined with the reason."""
    asked = Joining.objects.visible_to(viewer).select_related("person", "organization").get(pk=fact.subject_id)
    path = f"/org/{asked.organization.slug}/" if asked.organization else "/join/"
    words = {"organization": asked.name, "reason": asked.reason, "path": path}
    return (Notice(fact.kind, asked.person_id, asked.person.name, asked.person.email, words),)
