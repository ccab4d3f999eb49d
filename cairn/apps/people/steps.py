"""Writes of people's tables that a command of a capability above makes inside its own transaction."""

from __future__ import annotations

from cairn.apps.ledger.steps import record
from cairn.apps.people import events
from cairn.apps.people.models import Organization
from cairn.frame.actor import Actor
from cairn.frame.commands import running


def ensure_organization(*, actor: Actor, slug: str, name: str, kind: str) -> Organization:
    """The organization of this slug, entered if it is not there; an existing one keeps its own name."""
    running()
    organization, made = Organization.objects.get_or_create(slug=slug, defaults={"name": name, "kind": kind})
    if made:
        record(events.ORGANIZATION_FOUNDED, actor=actor, subject=organization, organization=organization.pk, slug=slug, name=name,
               kind=kind, parent="")  # fmt: skip
    return organization
