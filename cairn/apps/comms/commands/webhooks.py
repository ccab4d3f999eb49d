"""Webhooks: registered, changed, tried, renewed, paused, stopped, removed; and their calls, which the worker makes (outward.py)."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import timedelta

from cairn.apps.comms import events, policy
from cairn.apps.comms.models import Call, Webhook
from cairn.apps.comms.queries import hooks
from cairn.apps.comms.states import CALL
from cairn.apps.ledger.steps import record
from cairn.apps.people import queries as people
from cairn.frame import egress
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock, ids
from cairn.kernel.errors import Conflict, Invalid, NotFound
from cairn.kernel.facts import Recorded

MOST = 10
BOTH = timedelta(hours=24)  # for which the last secret signs beside the new one
PATIENCE = timedelta(days=3)  # without an answer that counts, until nothing is called any more
TRIES = 12
KEPT = timedelta(days=30)
GONE = 410  # RFC 9110 section 15.5.11: the other side does not want to be called again


@command
def register_webhook(*, actor: Actor, organization_id: str, url: str, kinds: Collection[str]) -> Webhook:
    """Have facts of these kinds told to an address. Its secret is shown by whoever called this, once."""
    organization = people.organizations(actor, [organization_id]).first()
    if organization is None:
        raise NotFound("organization")
    policy.REGISTER_WEBHOOK.require(actor, organization)
    _check(url, kinds)
    if Webhook.objects.filter(organization=organization.pk).exclude(state="removed").count() >= MOST:
        raise Conflict("webhooks-enough", f"An organization has at most {MOST} webhooks.", "Remove one that you no longer use.")
    webhook = Webhook.objects.create(organization_id=organization.pk, url=url, kinds=sorted(set(kinds)))
    record(events.WEBHOOK_REGISTERED, actor=actor, subject=webhook, organization=organization.pk, kinds=webhook.kinds)
    return webhook


def _check(url: str, kinds: Collection[str]) -> None:
    egress.check(url)
    if not kinds or set(kinds) - set(hooks.offered_kinds()):
        remedy = "Choose at least one from the list."
        raise Invalid("kinds-unknown", "A webhook needs something to be told.", remedy, {"kinds": remedy})


@command
def change_webhook(*, actor: Actor, webhook_id: str, url: str, kinds: Collection[str], is_paused: bool) -> Webhook:
    """Another address, other kinds, or a pause, in which nothing is told and nothing is kept for later. The secret stays."""
    webhook = _managed(actor, webhook_id)
    _check(url, kinds)
    moved = url != webhook.url
    state = "paused" if is_paused else "on" if moved or webhook.state == "paused" else webhook.state
    told = (url, sorted(set(kinds)), state)
    if told == (webhook.url, webhook.kinds, webhook.state):
        return webhook
    webhook.url, webhook.kinds, webhook.state = told
    webhook.failing_since = None if moved or is_paused else webhook.failing_since
    webhook.save(update_fields=["url", "kinds", "state", "failing_since"])
    record(events.WEBHOOK_CHANGED, actor=actor, subject=webhook, organization=webhook.organization_id, kinds=webhook.kinds, state=state)
    return webhook


def _managed(actor: Actor, webhook_id: str) -> Webhook:
    webhook = Webhook.objects.visible_to(actor).select_related("organization").locked(pk=webhook_id)
    policy.MANAGE_WEBHOOK.require(actor, webhook)
    return webhook


@command
def renew_secret(*, actor: Actor, webhook_id: str) -> Webhook:
    """A new secret from now on; for a day each call bears a signature with the last one too, so that nothing is missed."""
    webhook = _managed(actor, webhook_id)
    webhook.generation, webhook.old_until = webhook.generation + 1, clock.now() + BOTH
    webhook.save(update_fields=["generation", "old_until"])
    record(events.WEBHOOK_RENEWED, actor=actor, subject=webhook, organization=webhook.organization_id)
    return webhook


@command
def start_webhook(*, actor: Actor, webhook_id: str) -> Webhook:
    """Call again what was stopped or paused; what was given up meanwhile is sent again one by one."""
    webhook = _managed(actor, webhook_id)
    if webhook.state in ("stopped", "paused"):
        webhook.state, webhook.failing_since = "on", None
        webhook.save(update_fields=["state", "failing_since"])
        record(events.WEBHOOK_STARTED, actor=actor, subject=webhook, organization=webhook.organization_id)
    return webhook


@command
def remove_webhook(*, actor: Actor, webhook_id: str) -> Webhook:
    webhook = _managed(actor, webhook_id)
    webhook.state = "removed"
    webhook.save(update_fields=["state"])
    record(events.WEBHOOK_REMOVED, actor=actor, subject=webhook, organization=webhook.organization_id)
    return webhook


@command
def try_webhook(*, actor: Actor, webhook_id: str) -> Call:
    """A call that tells of nothing, to see whether it arrives."""
    webhook = _managed(actor, webhook_id)
    _require_on(webhook)
    body = {"type": hooks.TRIAL, "timestamp": clock.now().isoformat(), "data": {"organization": webhook.organization_id}}
    call = Call.objects.create(webhook=webhook, kind=hooks.TRIAL, cause=ids.new_id(), body=json.dumps(body, separators=(",", ":")))
    record(events.CALL_QUEUED, actor=actor, subject=call, organization=webhook.organization_id, kind=call.kind)
    return call


def _require_on(webhook: Webhook) -> None:
    if webhook.state != "on":
        raise Conflict("webhook-stopped", f"This webhook is {webhook.state}, so nothing is sent to it.", "Start it first.")


@command
def send_again(*, actor: Actor, call_id: str) -> Call:
    """The same call under the same id, so that whoever had it already sees that."""
    call = Call.objects.visible_to(actor).select_related("webhook").locked(pk=call_id)
    _require_on(_managed(actor, call.webhook_id))
    if call.state != "queued":
        CALL.move(call, to="queued")
        call.tries = 0
        call.save(update_fields=["state", "tries"])
        record(events.CALL_QUEUED, actor=actor, subject=call, organization=call.webhook.organization_id, kind=call.kind)
    return call


@command
def queue_calls(*, actor: Actor, fact: Recorded) -> None:
    """Consequence: one call for each webhook of the fact's organization that wants its kind."""
    wanting = Webhook.objects.visible_to(actor).filter(organization_id=fact.organization, state="on") if fact.organization else ()
    for webhook in wanting:
        if fact.kind in webhook.kinds:
            call, made = Call.objects.get_or_create(webhook=webhook, cause=fact.uid, defaults={"kind": fact.kind, "body": hooks.told(fact)})
            if made:
                record(events.CALL_QUEUED, actor=actor, subject=call, organization=fact.organization, kind=fact.kind)


queue_calls.rank = 6  # type: ignore[attr-defined]


@command
def note_call(*, actor: Actor, call_id: str, status: int | None, reason: str) -> Call:
    """How a try went; without a reason it was taken. Three days without one that was, and the webhook is stopped."""
    call = Call.objects.visible_to(actor).locked(pk=call_id)
    webhook = Webhook.objects.visible_to(actor).locked(pk=call.webhook_id)
    if call.state != "queued":
        return call
    now = clock.now()
    call.tries, call.tried_at, call.status, call.reason = call.tries + 1, now, status, reason[:300]
    is_over = not reason or call.tries >= TRIES or status == GONE
    webhook.failing_since = (webhook.failing_since or now) if reason else None
    is_stopped = webhook.state == "on" and bool(reason) and (status == GONE or now - (webhook.failing_since or now) >= PATIENCE)
    if is_stopped:
        webhook.state = "stopped"
    webhook.save(update_fields=["failing_since", "state"])
    if is_over or webhook.state != "on":
        CALL.move(call, to="failed" if reason else "delivered")
        record(events.CALL_ENDED, actor=actor, subject=call, organization=webhook.organization_id, kind=call.kind, state=call.state,
               status=status)  # fmt: skip
    if is_stopped:
        record(events.WEBHOOK_STOPPED, actor=actor, subject=webhook, organization=webhook.organization_id, status=status)
    call.save()
    return call


@command
def forget_calls(*, actor: Actor) -> None:
    """Timed: what became of calls is kept for a month."""
    hooks.old_calls(actor, clock.now() - KEPT).delete()
