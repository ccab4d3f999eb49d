"""Orders, invoices, and money that came and went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum

from cairn.apps.payments.models import Checkout, Invoice, Order, OrderLine, Payment, Terms
from cairn.apps.payments.models.orders import OrderQuerySet
from cairn.apps.payments.states import INVOICE_KINDS
from cairn.frame.actor import Actor

_PAPERS = Prefetch("invoices", Invoice.objects.order_by("number"))
_MONEY = Prefetch("payments", Payment.objects.order_by("made_at", "pk"))


def _orders(viewer: Actor) -> OrderQuerySet:
    lines = OrderLine.objects.select_related("entitlement__person").order_by("sold_name", "pk")
    found = Order.objects.visible_to(viewer).select_related("organization", "person", "payer").order_by("-placed_at", "pk")
    return found.prefetch_related(Prefetch("lines", lines))


def my_orders(viewer: Actor) -> QuerySet[Order]:
    """Those that the viewer placed, the latest first."""
    return _orders(viewer).filter(person_id=viewer.person_id)


def orders_in(viewer: Actor, organization_id: str) -> QuerySet[Order]:
    """Those placed with an organization, the latest first."""
    return _orders(viewer).filter(organization_id=organization_id)


def orders_for(viewer: Actor, organization_id: str) -> QuerySet[Order]:
    """Those that an organization is to pay, the latest first."""
    return _orders(viewer).filter(payer_id=organization_id)


def order(viewer: Actor, order_id: str) -> Order:
    """With its lines, its papers and what was paid."""
    return _orders(viewer).prefetch_related(_PAPERS).prefetch_related(_MONEY).get_or_not_found(pk=order_id)


def invoice(viewer: Actor, invoice_id: str) -> Invoice:
    return Invoice.objects.visible_to(viewer).get_or_not_found(pk=invoice_id)


def terms_in(viewer: Actor, organization_id: str) -> Terms:
    """How the organization sells, for its admins; what everybody begins with where it has not said."""
    return Terms.objects.visible_to(viewer).filter(organization_id=organization_id).first() or Terms(organization_id=organization_id)


def invoice_words(order: Order, terms: Terms, *, kind: str, cents: int, number: int, day: date, reason: str) -> dict[str, Any]:
    """All that stands on an invoice or a credit note, as plain data: it stays so whatever names and terms become."""
    lines = [
        {
            "what": line.sold_name,
            "whom": line.entitlement.person.name if line.entitlement else "",
            "why": line.entitlement.why if line.entitlement else "",
            "places": line.places,
            "unit_cents": line.unit_cents,
            "cents": line.cents,
        }
        for line in order.lines.select_related("entitlement__person").order_by("sold_name", "pk")
    ]
    about = order.invoices.filter(kind="invoice").values_list("number", flat=True).first()
    return {
        "kind": INVOICE_KINDS[kind], "number": number, "seller": order.organization.name, "address": terms.address,
        "how_to_pay": terms.how_to_pay if kind == "invoice" else "", "buyer": order.payer.name if order.payer else order.person.name,
        "placed_by": order.person.name, "po_number": order.po_number, "lines": lines if kind == "invoice" else [], "cents": cents,
        "issued_on": day.isoformat(), "due_on": (day + timedelta(days=terms.days_to_pay)).isoformat() if kind == "invoice" else "",
        "about": about if kind != "invoice" else None, "reason": reason,
    }  # fmt: skip


def may_pay_by_card(order: Order) -> bool:
    """The organization takes cards, and this site can reach the provider."""
    return bool(settings.STRIPE_URL) and Terms.objects.filter(organization_id=order.organization_id, provider="stripe").exists()


def checkout_of(viewer: Actor, order_id: str) -> Checkout | None:
    """The page to pay by card that is being made or waits."""
    return Checkout.objects.visible_to(viewer).live().filter(order_id=order_id).first()


def checkout(viewer: Actor, checkout_id: str) -> Checkout:
    return Checkout.objects.visible_to(viewer).select_related("order__organization", "order__person").get_or_not_found(pk=checkout_id)


@dataclass(frozen=True)
class Summary:
    """How an organization's money stands, in cents."""

    open_orders: int
    asked_cents: int  # invoiced, and not paid yet
    paid_cents: int  # less what was given back


def summary(viewer: Actor, organization_id: str) -> Summary:
    """Of the orders placed with an organization, as far as the viewer may see them."""
    placed = Order.objects.visible_to(viewer).filter(organization_id=organization_id)
    sums = placed.aggregate(
        open=Count("pk", filter=Q(state="open")),
        asked=Sum("total_cents", filter=Q(state="invoiced")),
        paid=Sum(F("paid_cents") - F("refunded_cents")),
    )
    return Summary(sums["open"], sums["asked"] or 0, sums["paid"] or 0)
