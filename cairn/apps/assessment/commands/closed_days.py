"""Days on which nobody scores, as an organization keeps them. Not here: counting business days (pure.clocks)."""

from __future__ import annotations

from datetime import date

from cairn.apps.assessment import events, policy
from cairn.apps.assessment.models import ClosedDay
from cairn.apps.ledger.steps import record
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel.errors import Invalid, NotFound
from cairn.kernel.text import clean

SATURDAY = 5


@command
def close_day(*, actor: Actor, organization_id: str, day: date, title: str) -> ClosedDay:
    """Nobody scores on that day. It counts for what arrives from now on: what was promised stays promised."""
    _require_programs(actor, organization_id)
    title = " ".join(clean(title, limit=80, field="title").split())
    if not title:
        raise Invalid("title-missing", "A closed day needs a name.", "Call it by its holiday.", {"title": "Give it a name."})
    if day.weekday() >= SATURDAY:
        words = "No business day is counted at a weekend anyway."
        raise Invalid("day-at-weekend", words, "Choose a weekday.", {"day": words})
    closed, made = ClosedDay.objects.get_or_create(organization_id=organization_id, day=day, defaults={"title": title})
    if made:
        record(events.DAY_CLOSED, actor=actor, subject=closed, organization=organization_id, day=day.isoformat(), title=title)
    return closed


@command
def open_day(*, actor: Actor, organization_id: str, day: date) -> None:
    """It is a business day after all."""
    _require_programs(actor, organization_id)
    closed = ClosedDay.objects.visible_to(actor).filter(organization_id=organization_id, day=day).first()
    if closed is not None:
        record(events.DAY_OPENED, actor=actor, subject=closed, organization=organization_id, day=day.isoformat())
        closed.delete()


def _require_programs(actor: Actor, organization_id: str) -> None:
    organization = people.organizations(actor, [organization_id]).first()
    if organization is None:
        raise NotFound("organization")
    policy.CLOSE_DAYS.require(actor, organization)
