"""The worker's book-keeping of deliveries and timed jobs, the operator's second try, and answers kept for repeated requests.
These record no facts: the work they carry out does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db import connection
from django.db.models import Q

from cairn.apps.ledger import events, policy
from cairn.apps.ledger.models import Answer, Delivery, TimedJob
from cairn.apps.ledger.queries import seen
from cairn.apps.ledger.states import DELIVERY
from cairn.apps.ledger.steps import record
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock, ids
from cairn.kernel.errors import Conflict, Invalid
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
    found = Delivery.objects.select_for_update(of=("self",), **_SKIP).first_due(now)
    if found is None:
        return None
    DELIVERY.move(found, to="leased")
    found.lease, found.lease_until, found.attempts = ids.new_id(), now + LEASE, found.attempts + 1
    found.save(update_fields=["state", "lease", "lease_until", "attempts"])
    return Leased(found.pk, found.lease, now + LEASE, found.consequence, seen(found.fact))


@command
def settle(
    *, actor: Actor, delivery_id: str, lease: str, outcome: Outcome, code: str = "", reason: str = "", after: timedelta = timedelta()
) -> Delivery | None:
    """Write down how a leased delivery ended; None where the lease was lost to another worker, whose word then counts.

    One that waits does so for at least `after`.
    """
    delivery = Delivery.objects.select_for_update(of=("self",)).filter(pk=delivery_id, lease=lease, state="leased").first()
    if delivery is None:
        return None
    now = clock.now()
    to = outcome if outcome != "failed" else "parked" if delivery.attempts >= TRIES else "queued"
    DELIVERY.move(delivery, to=to)
    delivery.lease, delivery.lease_until, delivery.code, delivery.reason = "", None, code, reason[:2000]
    if to == "waiting":
        delivery.run_after = now + max(after, timedelta(seconds=min(300, 5 * 2 ** min(delivery.attempts, 10))))
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
def run_soon(*, actor: Actor, name: str) -> None:
    """A timed job is due now; one that is at work may have gone past what changed, so it is due again at its end."""
    TimedJob.objects.filter(name=name).update(next_at=clock.now())


@command
def settle_job(*, actor: Actor, name: str, lease: str, next_at: datetime, reason: str = "") -> None:
    """Its next time is `next_at`, or now where it was asked for while it was at work."""
    job = TimedJob.objects.select_for_update(of=("self",)).filter(name=name, lease=lease).first()
    if job is None:
        return
    is_asked_for = job.lease_until is not None and job.next_at > job.lease_until - LEASE
    job.state, job.lease, job.lease_until, job.next_at = "idle", "", None, job.next_at if is_asked_for else next_at
    job.last_ended_at, job.last_reason = clock.now(), reason[:2000]
    job.save()


# --- Answers to request keys ---------------------------------------------------------------------------------------

ANSWER_LEASE = timedelta(seconds=120)  # after it the one who was at it counts as gone
ANSWERS_KEPT = timedelta(hours=24)


@command
def begin_answer(*, actor: Actor, key: str, request: str) -> tuple[Answer, bool]:
    """Claim a key. True: the work is the caller's, or was another's who is gone; False: somebody is at it, or it is answered."""
    now, lease = clock.now(), ids.new_id()
    answer, is_mine = Answer.objects.get_or_create(key=key, defaults={"request": request, "lease": lease, "begun_at": now})
    if answer.request != request:
        words = "This request carries the key of an earlier, different request."
        raise Invalid("request-key-reused", words, "Give each request a key of its own.")
    if not is_mine and answer.status is None:
        stale = Answer.objects.filter(key=key, status=None, begun_at__lt=now - ANSWER_LEASE)
        is_mine = bool(stale.update(lease=lease, begun_at=now))
        answer.lease = lease if is_mine else answer.lease
    return answer, is_mine


@command
def keep_answer(*, actor: Actor, key: str, lease: str, status: int, headers: Mapping[str, str], body: str) -> None:
    """The first answer, as long as the work was not taken over meanwhile."""
    Answer.objects.filter(key=key, lease=lease, status=None).update(status=status, headers=dict(headers), body=body)


@command
def drop_answer(*, actor: Actor, key: str, lease: str) -> None:
    """It came to nothing that is worth repeating: the next request with this key does the work."""
    Answer.objects.filter(key=key, lease=lease, status=None).delete()


@command
def forget_answers(*, actor: Actor) -> None:
    """Timed: after a day a key is known from its fact alone."""
    Answer.objects.filter(begun_at__lt=clock.now() - ANSWERS_KEPT).delete()
