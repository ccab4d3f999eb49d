"""Entering organizations, and who works there from when to when."""

from __future__ import annotations

from datetime import date

from cairn.apps.ledger.steps import record
from cairn.apps.people import events, policy
from cairn.apps.people.models import Affiliation, Organization, Person
from cairn.apps.people.states import ORGANIZATION_KINDS
from cairn.apps.people.steps import plain_name
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import text
from cairn.kernel.errors import Invalid, NotFound

NAME_LENGTH, TITLE_LENGTH = 160, 120


@command
def found_organization(
    *, actor: Actor, slug: str, name: str, kind: str, parent_id: str | None = None, jurisdiction: str = "", website: str = ""
) -> Organization:
    """Enter an organization; the same slug again answers with the one that is there."""
    policy.FOUND_ORGANIZATION.require(actor, None)
    if kind not in ORGANIZATION_KINDS:
        raise Invalid("kind-unknown", f"“{kind}” is not a kind of organization.", f"Use one of {', '.join(ORGANIZATION_KINDS)}.")
    name = plain_name(name, NAME_LENGTH)
    if existing := Organization.objects.filter(slug=text.slug(slug)).first():
        return existing
    organization = Organization.objects.create(
        slug=slug, name=name, kind=kind, parent_id=parent_id, jurisdiction=jurisdiction, website=website
    )
    record(events.ORGANIZATION_FOUNDED, actor=actor, subject=organization, organization=organization.pk, slug=slug, name=name, kind=kind,
           parent=parent_id or "")  # fmt: skip
    return organization


@command
def affiliate(
    *, actor: Actor, person_id: str, organization_id: str, title: str, started_on: date, ended_on: date | None = None
) -> Affiliation:
    organization = Organization.objects.locked(pk=organization_id)
    policy.MANAGE_PEOPLE.require(actor, organization)
    if not Person.objects.filter(pk=person_id, merged_into=None).exists():
        raise NotFound("person")
    title = text.clean(title, limit=TITLE_LENGTH, field="title").strip()
    if ended_on is not None:
        _in_order(started_on, ended_on)
    affiliation, made = Affiliation.objects.get_or_create(
        person_id=person_id, organization=organization, started_on=started_on, defaults={"title": title, "ended_on": ended_on}
    )
    if made:
        record(events.AFFILIATED, actor=actor, subject=affiliation, organization=organization.pk, person=person_id, title=title,
               started_on=started_on.isoformat())  # fmt: skip
    return affiliation


def _in_order(first: date, last: date) -> None:
    if last < first:
        remedy = "Give a later day."
        raise Invalid("ends-before-start", "An affiliation cannot end before it began.", remedy, {"ended_on": remedy})


@command
def end_affiliation(*, actor: Actor, affiliation_id: str, ended_on: date) -> Affiliation:
    affiliation = Affiliation.objects.visible_to(actor).select_related("organization").locked(pk=affiliation_id)
    policy.MANAGE_PEOPLE.require(actor, affiliation.organization)
    _in_order(affiliation.started_on, ended_on)
    affiliation.ended_on = ended_on
    affiliation.save(update_fields=["ended_on"])
    record(events.AFFILIATION_ENDED, actor=actor, subject=affiliation, organization=affiliation.organization_id,
           person=affiliation.person_id, ended_on=ended_on.isoformat())  # fmt: skip
    return affiliation
