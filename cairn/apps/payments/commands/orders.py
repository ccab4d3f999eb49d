"""Ordering, invoicing, calling off; money that came and that is given back."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Q

from cairn.apps.ledger.steps import record
from cairn.apps.payments import events, policy, steps
from cairn.apps.payments.commands.prices import affordable
from cairn.apps.payments.models import Entitlement, Order, OrderLine, Payment, Voucher
from cairn.apps.payments.queries import Sold, lower_now, quotes_of
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock, text
from cairn.kernel.errors import Conflict, Forbidden, Invalid
from cairn.pure.money import MOST, dollars

MOST_PLACES = 10_000


def _po(number: str) -> str:
    return " ".join(text.clean(number, limit=40, field="po_number", name="The purchase order number").split())


@command
def place_order(*, actor: Actor, entitlement_ids: Sequence[str], payer_id: str | None = None, po_number: str = "") -> Order:
    """Order one's own places at the prices that were fixed, for oneself or for the organization where one works to pay.

    With the number of a purchase order it is invoiced at once.
    """
    mine = Entitlement.objects.visible_to(actor).filter(pk__in=list(entitlement_ids)).order_by("pk")
    places = list(mine.select_for_update(of=("self",)))
    if not places or len(places) != len(set(entitlement_ids)):
        raise Invalid("nothing-to-order", "There is nothing here to order.", "Choose at least one place that costs something.")
    for place in places:
        policy.ORDER.require(actor, place)
        if place.released_at or place.due_cents == 0:
            raise Conflict("costs-nothing", f"Nothing is asked for {place.sold_name}.", "Go on with it: free things need no order.")
    if len({place.organization_id for place in places}) > 1:
        raise Invalid("two-sellers", "One order goes to one organization.", "Place an order with each of them.")
    if payer_id is not None:
        _require_work_at(actor, payer_id)
    order = Order.objects.create(
        organization_id=places[0].organization_id, person_id=str(actor.person_id), payer_id=payer_id, po_number=_po(po_number),
        total_cents=sum(place.due_cents for place in places),
    )  # fmt: skip
    lines = [OrderLine(order=order, entitlement=place, sold_kind=place.sold_kind, sold_id=place.sold_id, sold_name=place.sold_name,
                       unit_cents=place.due_cents, program_id=place.program_id) for place in places]  # fmt: skip
    _enter(lines)
    return _placed(actor, order)


def _require_work_at(actor: Actor, payer_id: str) -> None:
    today = clock.today(people.zone_of(actor.person_id))
    works = people.affiliations_of(actor, str(actor.person_id)).filter(organization_id=payer_id)
    if not works.filter(Q(ended_on=None) | Q(ended_on__gte=today)).exists():
        raise Forbidden("not-where-you-work", "Only an organization where you work can pay for you.", "Choose one of the list.")


def _enter(lines: Sequence[OrderLine]) -> None:
    try:
        with transaction.atomic():
            OrderLine.objects.bulk_create(lines)
    except IntegrityError:
        raise Conflict("ordered-already", "One of these was ordered already.", "Reload the page to see your orders.") from None


def _placed(actor: Actor, order: Order) -> Order:
    record(events.ORDERED, actor=actor, subject=order, thread=order.pk, organization=order.organization_id, cents=order.total_cents,
           lines=order.lines.count(), payer=order.payer_id or "")  # fmt: skip
    if order.po_number:
        steps.ask_for_money(actor=actor, order=order)
    return order


@command
def order_places(*, actor: Actor, payer_id: str, sold: Sold, places: int, po_number: str = "") -> Order:
    """Order places in advance for an organization that one administers, at everyone's price: invoiced, they become a voucher for its
    people. Who uses it is not told to whoever pays."""
    policy.ORDER_PLACES.require(actor, payer_id)
    if not 1 <= places <= MOST_PLACES:
        remedy = f"Give a number from 1 to {MOST_PLACES:,}."
        raise Invalid("places-wrong", "An order is for one place at least.", remedy, {"places": remedy})
    quote = quotes_of(None, [sold], clock.today(people.zone_of(actor.person_id)))[sold.id]
    if quote.is_free:
        raise Conflict("costs-nothing", f"Nothing is asked for {sold.name}.", "Let your people begin: free things need no order.")
    if quote.cents * places > MOST:
        remedy = "Order fewer places at a time."
        raise Invalid("order-too-large", f"One order is for {dollars(MOST)} at most.", remedy, {"places": remedy})
    order = Order.objects.create(organization_id=sold.organization_id, person_id=str(actor.person_id), payer_id=payer_id,
                                 po_number=_po(po_number), total_cents=quote.cents * places)  # fmt: skip
    OrderLine.objects.create(order=order, sold_kind=sold.kind, sold_id=sold.id, sold_name=sold.name[:200], places=places,
                             unit_cents=quote.cents, program_id=sold.program)  # fmt: skip
    return _placed(actor, order)


def _locked(actor: Actor, order_id: str) -> Order:
    return Order.objects.visible_to(actor).select_related("organization", "person", "payer").locked(pk=order_id)


@command
def invoice_order(*, actor: Actor, order_id: str, po_number: str = "") -> Order:
    """Let the invoice go out, with the number of a purchase order or without; one that is out stays as it is."""
    order = _locked(actor, order_id)
    policy.INVOICE.require(actor, order)
    if order.state == "open":
        order.po_number = _po(po_number) or order.po_number
        steps.ask_for_money(actor=actor, order=order)
    return order


@command
def void_order(*, actor: Actor, order_id: str, reason: str) -> Order:
    """Call an order off before it is paid: its places may be ordered anew, and an invoice that is out is credited in full."""
    order = _locked(actor, order_id)
    policy.VOID.require(actor, order)
    reason = _reason(reason)
    for voucher in Voucher.objects.filter(line__order=order).select_for_update(of=("self",)):
        if voucher.uses_taken:
            raise Conflict(
                "places-in-use", "Some of the places are in use already.", "Pay the invoice; those who sell can give a part back."
            )
        voucher.ended_at = clock.now()
        voucher.save(update_fields=["ended_at"])
    return steps.call_off(actor=actor, order_id=order.pk, reason=reason)


def _reason(reason: str) -> str:
    told = text.clean(reason, limit=300, field="reason", name="The reason").strip()
    if not told:
        remedy = "Say in a few words why."
        raise Invalid("reason-missing", "A reason belongs to this.", remedy, {"reason": remedy})
    return told


@command
def mark_paid(*, actor: Actor, order_id: str, reference: str) -> Order:
    """Enter that the money for an order has come, by the number of a check or transfer: each counts for one order."""
    order = _locked(actor, order_id)
    policy.TAKE_MONEY.require(actor, order)
    reference = " ".join(text.clean(reference, limit=80, field="reference", name="The reference").split())
    if not reference:
        remedy = "Give the number of the check or transfer."
        raise Invalid("reference-missing", "Without a reference nobody finds the payment again.", remedy, {"reference": remedy})
    steps.locked_terms(order.organization_id)  # one payment at a time, so that one number is not entered twice at once
    if Payment.objects.filter(organization_id=order.organization_id, kind="paid", reference=reference).exclude(order=order).exists():
        words = f"The payment {reference} was entered for another order already."
        raise Conflict("reference-taken", words, "Check the number; a payment for two orders gets a number for each.", {"reference": words})
    steps.receive(actor=actor, order=order, provider="purchase-order", reference=reference)
    return order


@command
def tell_overdue(*, actor: Actor, order_id: str) -> Order:
    """Those who pay are told once that the day by which an order was to be paid is over, and not while a card may be on its way."""
    policy.TELL_OVERDUE.require(actor, order_id)
    order = _locked(actor, order_id)
    is_over = order.due_on is not None and order.due_on < clock.today(people.zone_of(order.person_id))
    if order.state == "invoiced" and order.overdue_at is None and order.due_on and is_over and not order.checkouts.under_way().exists():
        order.overdue_at = clock.now()
        order.save(update_fields=["overdue_at"])
        record(events.OVERDUE, actor=actor, subject=order, thread=order.pk, organization=order.organization_id,
               due_on=order.due_on.isoformat())  # fmt: skip
    return order


@command
def refund(*, actor: Actor, order_id: str, cents: int, reason: str, line_id: str = "") -> Order:
    """Give back a part of what was paid for a line of an order, or all of it; the line is named where the order has several."""
    order = _locked(actor, order_id)
    lines = list(order.lines.order_by("pk"))
    line = next((each for each in lines if each.pk == line_id), lines[0] if len(lines) == 1 and not line_id else None)
    if line is None:
        words = "Say for which of them."
        raise Invalid("line-missing", "Several things are on this order.", words, {"line_id": words})
    policy.REFUND.require(actor, line)
    affordable(cents, least=1)
    steps.give_back(actor=actor, order=order, line=line, cents=cents, reason=_reason(reason))
    return order


@command
def lower_price(*, actor: Actor, entitlement_id: str) -> Entitlement:
    """Let a membership that began later count, where the organization does: the place costs less, and what was paid too much is given
    back."""
    place = Entitlement.objects.visible_to(actor).locked(pk=entitlement_id)
    policy.ORDER.require(actor, place)
    quote = lower_now(place)
    if quote is None or place.off_cents:
        raise Conflict("price-stays", "The price that was fixed stays.", "Ask the organization if you think that it should not.")
    line = place.lines.filter(is_void=False).select_related("order").first()
    if line is not None and line.order.state not in ("paid", "refunded"):
        raise Conflict("ordered-already", "This place is ordered and not paid yet.", "Call the order off first, then order it anew.")
    back = min(place.cents - quote.cents, line.left_cents) if line is not None else 0
    if line is not None and back:
        steps.give_back(actor=actor, order=_locked(actor, line.order_id), line=line, cents=back, reason=quote.why)
    place.cents, place.why, place.price_id = quote.cents, quote.why, quote.price_id
    place.save(update_fields=["cents", "why", "price"])
    record(events.PRICE_LOWERED, actor=actor, subject=place, thread=place.thread, organization=place.organization_id,
           cents=place.cents, back=back)  # fmt: skip
    return place
