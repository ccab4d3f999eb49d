"""Offerings as things that cost something. Not here: what they cost (payments)."""

from __future__ import annotations

from cairn.apps.payments.queries import Sold
from cairn.apps.people import queries as people
from cairn.apps.programs.models import Offering
from cairn.frame.actor import Actor
from cairn.kernel import clock

__all__ = ["on_offer", "sold"]


def sold(offering: Offering) -> Sold:
    """An offering as prices know it; where it has none, that of its micro-credential holds. A pilot is free unless it has its own."""
    title, program = offering.microcredential.title, offering.program
    name, within = (title, offering.microcredential_id) if offering.kind == "open" else (f"{title}, {program.title}", "")
    return Sold("offering", offering.pk, name, program.organization_id, within=within, program=program.pk)


def on_offer(viewer: Actor) -> list[Sold]:
    """Every offering that takes people today, by title."""
    today = clock.today(people.zone_of(viewer.person_id))
    found = Offering.objects.visible_to(viewer).filter(state="open", opens_on__lte=today).exclude(last_day__lt=today)
    return [sold(each) for each in found.select_related("program", "microcredential").order_by("microcredential__title", "opens_on", "pk")]
