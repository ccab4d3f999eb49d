"""Support access: an operator sees for a while what a person sees. Not here: that it only looks (frame.commands refuses every command)."""

from __future__ import annotations

from datetime import timedelta

from cairn.apps.ledger.steps import record
from cairn.apps.people import events, policy
from cairn.apps.people.models import Person, SupportAccess
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Invalid
from cairn.kernel.text import clean

LONGEST = 60  # minutes


@command
def begin_support(*, actor: Actor, person_id: str, reason: str, minutes: int) -> SupportAccess:
    """Begin to look through a person's eyes; an earlier look of the same operator ends with it."""
    operator = Person.objects.visible_to(actor).locked(pk=actor.person_id)
    person = Person.objects.visible_to(actor).get_or_not_found(pk=person_id)
    policy.SEE_AS.require(actor, person)
    reason = " ".join(clean(reason, limit=500, field="reason", name="This reason").split())
    if len(reason) < 10:
        remedy = "Write a sentence that the person will understand; it is sent to them."
        raise Invalid("reason-missing", "Support access needs a reason.", remedy, {"reason": remedy})
    if not 1 <= minutes <= LONGEST:
        remedy = f"Give 1 to {LONGEST} minutes."
        raise Invalid("time-wrong", f"Support access lasts {LONGEST} minutes at most.", remedy, {"minutes": remedy})
    for earlier in SupportAccess.objects.filter(operator=operator, ended_at=None):
        _end(actor, earlier)
    now = clock.now()
    access = SupportAccess.objects.create(
        operator=operator, person=person, reason=reason, began_at=now, ends_at=now + timedelta(minutes=minutes)
    )
    record(events.SUPPORT_BEGUN, actor=actor, subject=access, person=person.pk, minutes=minutes, reason=reason)
    return access


@command
def end_support(*, actor: Actor, access_id: str) -> SupportAccess:
    access = SupportAccess.objects.visible_to(actor).locked(pk=access_id)
    policy.END_SUPPORT.require(actor, access)
    if access.ended_at is None:
        _end(actor, access)
    return access


def _end(actor: Actor, access: SupportAccess) -> None:
    """One whose time was over ends with it, and nobody ended it."""
    now = clock.now()
    access.ended_at = min(now, access.ends_at)
    access.save(update_fields=["ended_at"])
    if access.ends_at > now:
        record(events.SUPPORT_ENDED, actor=actor, subject=access, person=access.person_id)
