"""Who may be named as an earner: what educators let, and an issuer's list of those who do. Nobody is on it who did not say so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from cairn.apps.credentials.models import AnnouncingConsent
from cairn.apps.credentials.queries.pages import issued_by, mine
from cairn.apps.credentials.queries.publishing import credential_url
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor


@dataclass(frozen=True)
class Announcing:
    """What the viewer lets: all that they earn, or some of what they have. `choices` are (credential id, title, issuer)."""

    is_everything: bool
    credential_ids: frozenset[str]
    choices: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Announced:
    """An earner who lets it be said. The day is the earner's."""

    name: str
    title: str
    awarded_on: date
    address: str


def announcing(viewer: Actor) -> Announcing:
    given = AnnouncingConsent.objects.visible_to(viewer).in_force().filter(person_id=viewer.person_id)
    ids = set(given.values_list("credential_id", flat=True))
    choices = tuple((c.pk, c.version.microcredential.title, c.issuer.name) for c in mine(viewer).filter(state="issued"))
    return Announcing(None in ids, frozenset(ids - {None}), choices)


def announced_by(viewer: Actor, organization_id: str, since: date | None = None) -> list[Announced]:
    """For the issuer's admins and operators: valid credentials of earners who let it be said, by title and name."""
    let = AnnouncingConsent.objects.in_force().filter(Q(credential_id=OuterRef("pk")) | Q(credential=None), person_id=OuterRef("person_id"))
    found = list(issued_by(viewer, organization_id).filter(Exists(let), state="issued"))
    zones = people.zones_of(c.person_id for c in found)
    days = {c.pk: c.awarded_at.astimezone(ZoneInfo(zones[c.person_id])).date() for c in found}
    told = [
        Announced(c.person.name, c.version.microcredential.title, days[c.pk], f"{credential_url(c.pk)}/")
        for c in found
        if since is None or days[c.pk] >= since
    ]
    return sorted(told, key=lambda each: (each.title, each.name, each.awarded_on))


def announcement(organization: str, earners: Iterable[Announced]) -> str:
    """Plain words for a newsletter, a paragraph for each micro-credential; `earners` by title."""
    paragraphs = []
    for title, group in groupby(earners, key=lambda each: each.title):
        names = list(dict.fromkeys(each.name for each in group))
        listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        paragraphs.append(f"{listed} earned the micro-credential “{title}” of {organization}.")
    return "\n\n".join(paragraphs)
