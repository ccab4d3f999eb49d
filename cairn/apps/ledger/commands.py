"""The worker's book-keeping of deliveries and timed jobs, and the operator's second try. These record no facts: the work they
carry out does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db import connection
from django.db.models import Q

from cairn.apps.ledger import events, policy
from cairn.apps.ledger.models import Delivery, TimedJob
from cairn.apps.ledger.queries import seen
from cairn.apps.ledger.states import DELIVERY
from cairn.apps.ledger.steps import record
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock, ids
from cairn.kernel.errors import Conflict
from cairn.kernel.facts import Recorded

LEASE = timedelta(seconds=120)
TRIES = 6
Outcome = Literal["done", "waiting", "declined", "failed"]
_SKIP = {"skip_locked": True} if connection.features.has_select_for_update_skip_locked else {}


@dataclass(frozen=True)
class Leased:
    """A delivery in a worker's hands until its lease runs out."""

    delivery_id: str
    lease: str
    lease_until: datetime
    consequence: str
    fact: Recorded


@command
def lease_next(*, actor: Actor) -> Leased | None:
    """Take the next delivery that is due, or one whose worker is gone; None where there is nothing to do."""
    now = clock.now()
    due = Delivery.objects.due(now).order_by("rank", "run_after", "id")
    found = due.select_for_update(of=("self",), **_SKIP).first()
    if found is None:
        return None
    DELIVERY.move(found, to="leased")
    found.lease, found.lease_until, found.attempts = ids.new_id(), now + LEASE, found.attempts + 1
    found.save(update_fields=["state", "lease", "lease_until", "attempts"])
    return Leased(found.pk, found.lease, now + LEASE, found.consequence, seen(found.fact))


@command
def settle(
    *, actor: Actor, delivery_id: str, lease: str, outcome: Outcome, code: str = "", reason: str = ""
) -> Delivery | None:
    """Write down how a leased delivery ended; None where the lease was lost to another worker, whose word then counts."""
    delivery = Delivery.objects.select_for_update(of=("self",)).filter(pk=delivery_id, lease=lease, state="leased").first()
    if delivery is None:
        return None
    now = clock.now()
    to = outcome if outcome != "failed" else "parked" if delivery.attempts >= TRIES else "queued"
    DELIVERY.move(delivery, to=to)
    delivery.lease, delivery.lease_until, delivery.code, delivery.reason = "", None, code, reason[:2000]
    if to == "waiting":
        delivery.run_after = now + timedelta(seconds=min(300, 5 * 2 ** min(delivery.attempts, 10)))
        delivery.attempts = min(delivery.attempts, TRIES)
    elif to == "queued":
        delivery.run_after = now + timedelta(seconds=2 * 3**delivery.attempts)
    elif to in ("done", "declined"):
        delivery.ended_at = now
    delivery.save()
    return delivery


@command
def try_again(*, actor: Actor, delivery_id: str) -> Delivery:
    """An operator puts a parked delivery back into the queue."""
    delivery = Delivery.objects.visible_to(actor).locked(pk=delivery_id)
    policy.TRY_AGAIN.require(actor, delivery)
    DELIVERY.move(delivery, to="queued")
    delivery.attempts, delivery.run_after = 0, clock.now()
    delivery.save()
    record(events.RETRIED, actor=actor, subject=delivery, consequence=delivery.consequence)
    return delivery


@command
def set_aside(*, actor: Actor, delivery_id: str, reason: str) -> Delivery:
    """An operator decides that a parked delivery shall not happen."""
    delivery = Delivery.objects.visible_to(actor).locked(pk=delivery_id)
    policy.TRY_AGAIN.require(actor, delivery)
    if not reason.strip():
        raise Conflict("reason-missing", "Setting work aside needs a reason.", "Write one sentence for whoever asks later.")
    DELIVERY.move(delivery, to="declined")
    delivery.code, delivery.reason, delivery.ended_at = "set-aside", reason[:2000], clock.now()
    delivery.save()
    record(events.SET_ASIDE, actor=actor, subject=delivery, consequence=delivery.consequence, reason=reason[:2000])
    return delivery


@command
def wake(*, actor: Actor, consequence: str) -> None:
    """Something changed that waiting deliveries of this kind waited for: let them try now."""
    Delivery.objects.filter(consequence=consequence, state="waiting").update(run_after=clock.now())


@command
def lease_job(*, actor: Actor, names: dict[str, timedelta]) -> TimedJob | None:
    """Take a timed job that is due; `names` says how often each runs."""
    now = clock.now()
    for name in names.keys() - set(TimedJob.objects.values_list("name", flat=True)):
        TimedJob.objects.create(name=name, next_at=now)
    free = Q(state="idle", next_at__lte=now) | Q(state="leased", lease_until__lt=now)
    job = TimedJob.objects.select_for_update(of=("self",), **_SKIP).filter(free, name__in=names).order_by("next_at").first()
    if job is not None:
        job.state, job.lease, job.lease_until = "leased", ids.new_id(), now + LEASE
        job.save()
    return job


@command
def settle_job(*, actor: Actor, name: str, lease: str, next_at: datetime, reason: str = "") -> None:
    TimedJob.objects.filter(name=name, lease=lease).update(
        state="idle", lease="", lease_until=None, next_at=next_at, last_ended_at=clock.now(), last_reason=reason[:2000]
    )
