"""Paying by card on a provider's own page. Not here: talking to the provider (outward)."""

from __future__ import annotations

from datetime import timedelta

from cairn.apps.ledger.steps import record
from cairn.apps.payments import events, policy, steps
from cairn.apps.payments.models import Checkout, Order, PaymentNotice
from cairn.apps.payments.queries import may_pay_by_card
from cairn.apps.payments.states import CHECKOUT
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden, NotFound

WAITS = timedelta(minutes=60)  # of a page to pay on; Stripe keeps one for half an hour at least


def _system_alone(actor: Actor) -> None:
    if not actor.is_system:
        raise Forbidden("system-only", "Only the system itself notes this.", "There is nothing for you to do.")


@command
def ask_checkout(*, actor: Actor, order_id: str) -> Checkout:
    """Ask for a page to pay an order by card; while one is being made or waits, that one."""
    order = Order.objects.visible_to(actor).locked(pk=order_id)
    policy.PAY_BY_CARD.require(actor, order)
    if not may_pay_by_card(order):
        raise Conflict("no-cards", "No card can be charged for this order.", "Ask for the invoice, and pay by check or transfer.")
    if running := order.checkouts.live().first():
        return running
    order.checkouts.filter(state__in=("asked", "ready")).update(state="over")
    checkout = Checkout.objects.create(order=order, provider="stripe", ends_at=clock.now() + WAITS)
    record(events.CHECKOUT_ASKED, actor=actor, subject=checkout, thread=order.pk, organization=order.organization_id, order=order.pk,
           cents=order.total_cents)  # fmt: skip
    return checkout


@command
def note_session(*, actor: Actor, checkout_id: str, session: str, address: str) -> Checkout:
    """The provider has made the page."""
    _system_alone(actor)
    checkout = Checkout.objects.select_related("order").locked(pk=checkout_id)
    if checkout.state == "asked":
        CHECKOUT.move(checkout, to="ready")
        checkout.session, checkout.address = session, address
        checkout.save(update_fields=["state", "session", "address"])
        record(events.CHECKOUT_READY, actor=actor, subject=checkout, thread=checkout.order_id, organization=checkout.order.organization_id)
    return checkout


@command
def end_checkout(*, actor: Actor, checkout_id: str, why: str) -> Checkout:
    """No page is made, since the provider will not, or it is too late."""
    _system_alone(actor)
    checkout = Checkout.objects.select_related("order").locked(pk=checkout_id)
    if checkout.state == "asked":
        _end(actor, checkout, why)
    return checkout


def _end(actor: Actor, checkout: Checkout, why: str) -> None:
    CHECKOUT.move(checkout, to="over")
    checkout.save(update_fields=["state"])
    record(events.CHECKOUT_OVER, actor=actor, subject=checkout, thread=checkout.order_id, organization=checkout.order.organization_id,
           why=why)  # fmt: skip


@command
def take_notice(
    *, actor: Actor, provider: str, event: str, kind: str, checkout_id: str = "", paid_cents: int | None = None, reference: str = ""
) -> PaymentNotice:
    """What a provider tells of a checkout, once for each of its events. `paid_cents` are given where it says that the money has come."""
    _system_alone(actor)
    if told := PaymentNotice.objects.filter(provider=provider, event=event).first():
        return told
    checkout = _held(provider, checkout_id) if checkout_id else None
    notice = PaymentNotice.objects.create(provider=provider, event=event, kind=kind, checkout=checkout)
    organization = checkout.order.organization_id if checkout else ""
    record(events.NOTICE_TAKEN, actor=actor, subject=notice, thread=checkout.order_id if checkout else "", organization=organization,
           kind=kind, told=event)  # fmt: skip
    if checkout and paid_cents is not None:
        _paid(actor, checkout, paid_cents, reference)
    elif checkout and kind == "checkout.session.expired" and checkout.state in ("asked", "ready"):
        _end(actor, checkout, "The page ran out before anything was paid.")
    return notice


def _held(provider: str, checkout_id: str) -> Checkout:
    """A checkout with its order, both locked: the order first, as everybody else locks them."""
    found = Checkout.objects.filter(provider=provider, pk=checkout_id).first()
    if found is None:
        raise NotFound("checkout")
    order = Order.objects.select_related("organization", "person", "payer").locked(pk=found.order_id)
    checkout = Checkout.objects.locked(pk=found.pk)
    checkout.order = order
    return checkout


def _paid(actor: Actor, checkout: Checkout, cents: int, reference: str) -> None:
    order = checkout.order
    if checkout.state == "paid":
        return
    if cents != order.total_cents:
        raise Conflict("amount-differs", "What was paid is not what the order costs.", "Compare the order with the provider's books.")
    if order.state not in ("open", "invoiced"):
        raise Conflict(f"order-is-{order.state}", f"This order is {order.state} already.", "Give the money back in the provider's books.")
    checkout.state = "paid"  # also where ours ran out first: the provider's word counts
    checkout.save(update_fields=["state"])
    steps.receive(actor=actor, order=order, provider=checkout.provider, reference=reference)
