"""Orders, invoices, and money that came and went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum

from cairn.apps.comms.queries import Notice
from cairn.apps.payments.models import Checkout, Invoice, Order, OrderLine, Payment, Terms
from cairn.apps.payments.models.orders import OrderQuerySet
from cairn.apps.payments.states import INVOICE_KINDS
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.kernel.facts import Recorded
from cairn.pure.clocks import long_date
from cairn.pure.money import dollars

_PAPERS = Prefetch("invoices", Invoice.objects.order_by("number"))
_MONEY = Prefetch("payments", Payment.objects.order_by("made_at", "pk"))


def _orders(viewer: Actor) -> OrderQuerySet:
    lines = OrderLine.objects.visible_to(viewer).select_related("entitlement__person").order_by("sold_name", "pk")
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
    """With its lines, its papers and what was paid, as far as the viewer may see them."""
    papers = Prefetch("invoices", Invoice.objects.visible_to(viewer).order_by("number"))
    money = Prefetch("payments", Payment.objects.visible_to(viewer).order_by("made_at", "pk"))
    return _orders(viewer).prefetch_related(papers).prefetch_related(money).get_or_not_found(pk=order_id)


def order_of(viewer: Actor, of: str) -> Order | None:
    """The order of a seat or a run that stands, as far as the viewer may know: what `steps.give_back` takes."""
    lines = OrderLine.objects.filter(Q(entitlement__place_id=of) | Q(entitlement__enrollment_id=of), is_void=False)
    return _orders(viewer).filter(pk__in=lines.values("order_id")).first()


def invoice(viewer: Actor, invoice_id: str) -> Invoice:
    return Invoice.objects.visible_to(viewer).get_or_not_found(pk=invoice_id)


def terms_in(viewer: Actor, organization_id: str) -> Terms:
    """How the organization sells, for its admins; what everybody begins with where it has not said."""
    return Terms.objects.visible_to(viewer).filter(organization_id=organization_id).first() or Terms(organization_id=organization_id)


def invoice_words(
    order: Order, terms: Terms, *, kind: str, cents: int, number: int, day: date, reason: str, of: OrderLine | None
) -> dict[str, Any]:
    """All that stands on an invoice or a credit note, `of` a line or of the order, as plain data: it stays so whatever names and terms
    become."""
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
        "issued_on": day.isoformat(), "due_on": order.due_on.isoformat() if order.due_on and kind == "invoice" else "",
        "about": about if kind != "invoice" else None, "reason": reason,
        "of": line_name(of) if of else "",
    }  # fmt: skip


def line_name(line: OrderLine) -> str:
    """What, and whose place, where it is somebody's."""
    return f"{line.sold_name}, {line.entitlement.person.name}" if line.entitlement else line.sold_name


def may_pay_by_card(order: Order) -> bool:
    """The organization takes cards, and this site can reach the provider."""
    return bool(settings.STRIPE_URL) and Terms.objects.filter(organization_id=order.organization_id, provider="stripe").exists()


def checkout_of(viewer: Actor, order_id: str) -> Checkout | None:
    """The page to pay by card that is being made or waits."""
    return Checkout.objects.visible_to(viewer).live().filter(order_id=order_id).first()


def checkout(viewer: Actor, checkout_id: str) -> Checkout:
    return Checkout.objects.visible_to(viewer).select_related("order__organization", "order__person").get_or_not_found(pk=checkout_id)


def overdue(viewer: Actor) -> list[str]:
    """Ids of orders that were to be paid by a day that is over everywhere in the country, of which nobody was told; for the timed job."""
    over = clock.today(ZoneInfo("Pacific/Honolulu"))
    found = Order.objects.visible_to(viewer).filter(state="invoiced", overdue_at=None, due_on__lt=over).order_by("due_on", "pk")
    return list(found.values_list("pk", flat=True)[:500]) if viewer.is_system else []


# --- Letters ---------------------------------------------------------------------------------------------------------------


def invoiced_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """Of an invoice; nothing where it was paid on the way."""
    paper = Invoice.objects.visible_to(viewer).get(pk=fact.subject_id)
    order = _orders(viewer).get(pk=paper.order_id)
    words = {"number": paper.number, "amount": dollars(paper.cents), "how_to_pay": paper.words["how_to_pay"]}
    return _to_those_who_pay(viewer, fact, order, words) if order.state == "invoiced" else ()


def order_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """Of money that came, that was given back, or that has not come by its day."""
    order = _orders(viewer).prefetch_related(_PAPERS).prefetch_related(_MONEY).get(pk=fact.subject_id)
    number = next((paper.number for paper in order.invoices.all() if paper.kind == "invoice"), None)
    reason = next((money.reason for money in order.payments.all() if money.pk == fact.data.get("payment")), "")
    words = {"number": number, "amount": dollars(fact.data.get("cents", order.total_cents)), "reason": reason}
    return _to_those_who_pay(viewer, fact, order, words)


def _to_those_who_pay(viewer: Actor, fact: Recorded, order: Order, words: Mapping[str, Any]) -> tuple[Notice, ...]:
    """Whoever placed the order, and the admins of the organization that pays."""
    told = {
        "seller": order.organization.name, "payer": order.payer.name if order.payer else "", "po_number": order.po_number,
        "due": long_date(order.due_on) if order.due_on else "", "things": ", ".join(line.sold_name for line in order.lines.all()),
        "path": f"/account/orders/{order.pk}/", **words,
    }  # fmt: skip
    admins = people.holders(viewer, "organization admin", {"organization": order.payer_id}) if order.payer_id else []
    found = people.persons(viewer).filter(pk__in={order.person_id, *admins}).order_by("pk")
    return tuple(Notice(fact.kind, person.pk, person.name, person.email, told) for person in found)


@dataclass(frozen=True)
class Summary:
    """How an organization's money stands, in cents."""

    open_orders: int
    asked_cents: int  # invoiced, and not paid yet
    overdue_cents: int  # of those, what was to be paid by a day that is over
    paid_cents: int  # less what was given back


def summary(viewer: Actor, organization_id: str) -> Summary:
    """Of the orders placed with an organization, as far as the viewer may see them."""
    placed = Order.objects.visible_to(viewer).filter(organization_id=organization_id)
    sums = placed.aggregate(
        open=Count("pk", filter=Q(state="open")),
        asked=Sum("total_cents", filter=Q(state="invoiced")),
        overdue=Sum("total_cents", filter=Q(state="invoiced") & ~Q(overdue_at=None)),
        paid=Sum(F("paid_cents") - F("refunded_cents")),
    )
    return Summary(sums["open"], sums["asked"] or 0, sums["overdue"] or 0, sums["paid"] or 0)
