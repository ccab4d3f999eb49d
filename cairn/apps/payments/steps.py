"""Writes of payments that a command of a capability above makes inside its own transaction, or that several commands here share."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import F, Q

from cairn.apps.ledger.steps import record
from cairn.apps.payments import events
from cairn.apps.payments.models import Entitlement, Invoice, Order, OrderLine, Payment, Terms, Voucher
from cairn.apps.payments.policy import has_no_card_under_way
from cairn.apps.payments.queries import Sold, code_of, hash_of, invoice_words, quotes_of
from cairn.apps.payments.states import FEE, ORDER
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.frame.commands import running
from cairn.kernel import clock
from cairn.kernel.errors import Conflict


def lock_price(*, actor: Actor, person_id: str, sold: Sold, place_id: str = "", enrollment_id: str = "") -> Entitlement | None:
    """Fix what a seat costs while it is taken, or a run that is begun without one; what has its price already keeps it. None where nothing
    is asked for the thing."""
    running()
    if fixed := Entitlement.objects.filter(place_id=place_id, enrollment_id=enrollment_id).first():
        return fixed
    quote = quotes_of(person_id, [sold], clock.today(people.zone_of(person_id)))[sold.id]
    if quote.price_id is None:
        return None
    entitlement = Entitlement.objects.create(
        person_id=person_id, organization_id=sold.organization_id, place_id=place_id, enrollment_id=enrollment_id, sold_kind=sold.kind,
        sold_id=sold.id, sold_name=sold.name[:200], within=sold.within, program_id=sold.program, cents=quote.cents, why=quote.why,
        price_id=quote.price_id,
    )  # fmt: skip
    record(events.PRICE_LOCKED, actor=actor, subject=entitlement, thread=entitlement.thread, organization=sold.organization_id,
           kind=sold.kind, sold=sold.id, cents=quote.cents, price=quote.price_id, why=quote.why)  # fmt: skip
    return entitlement


def carry_price(*, place_id: str, enrollment_id: str) -> None:
    """A run begins in a seat: it costs what was fixed when the seat was taken, and nothing where nothing was asked then."""
    running()
    Entitlement.objects.filter(place_id=place_id).update(enrollment_id=enrollment_id)


def release_price(*, actor: Actor, of: str) -> None:
    """A seat or a run is left: nothing is asked for it, unless it was ordered; then those who sell decide what is given back."""
    running()
    held = Entitlement.objects.filter(Q(place_id=of) | Q(enrollment_id=of), released_at=None)
    entitlement = held.select_for_update(of=("self",)).first()
    if entitlement is None or entitlement.lines.filter(is_void=False).exists():
        return
    entitlement.released_at = clock.now()
    entitlement.save(update_fields=["released_at"])
    give_voucher_back(actor=actor, entitlement=entitlement)
    record(events.PRICE_RELEASED, actor=actor, subject=entitlement, thread=entitlement.thread, organization=entitlement.organization_id)


def give_voucher_back(*, actor: Actor, entitlement: Entitlement) -> None:
    """A place that is left has used no voucher."""
    running()
    use = getattr(entitlement, "voucher_use", None)
    if use is not None:
        Voucher.objects.filter(pk=use.voucher_id).update(uses_taken=F("uses_taken") - 1)
        use.delete()
        Entitlement.objects.filter(pk=entitlement.pk).update(off_cents=0)


# --- Invoices ------------------------------------------------------------------------------------------------------


def locked_terms(organization_id: str) -> Terms:
    """How the organization sells, locked until the command ends; made with what everybody begins with where it has not said."""
    running()
    Terms.objects.get_or_create(organization_id=organization_id)
    return Terms.objects.select_for_update(of=("self",)).get(organization_id=organization_id)


def next_number(organization_id: str) -> int:
    """The number after the last: taken by one UPDATE, so that no two invoices have one, and undone with the command, so that none is
    left out."""
    running()
    terms = Terms.objects.filter(organization_id=organization_id)
    terms.update(last_number=F("last_number") + 1)
    return terms.values_list("last_number", flat=True).get()


def issue(*, actor: Actor, order: Order, kind: str, cents: int, reason: str = "", line: OrderLine | None = None) -> Invoice:
    """An invoice or a credit note, of one line or of the order, with all that stands on it."""
    running()
    terms = locked_terms(order.organization_id)
    number = next_number(order.organization_id)
    day = clock.today(people.zone_of(order.person_id))
    words = invoice_words(order, terms, kind=kind, cents=cents, number=number, day=day, reason=reason, of=line)
    invoice = Invoice.objects.create(
        organization_id=order.organization_id, order=order, kind=kind, number=number, cents=cents, words=words, issued_on=day
    )
    event = events.INVOICED if kind == "invoice" else events.CREDITED
    record(event, actor=actor, subject=invoice, thread=order.pk, organization=order.organization_id, number=number, cents=cents,
           order=order.pk)  # fmt: skip
    return invoice


def ask_for_money(*, actor: Actor, order: Order) -> Invoice:
    """An open order is invoiced; places that it holds in advance get their voucher."""
    running()
    zone = people.zone_of(order.person_id)
    ORDER.move(order, to="invoiced")
    order.due_on = clock.today(zone) + timedelta(days=locked_terms(order.organization_id).days_to_pay)
    order.save(update_fields=["state", "po_number", "due_on"])
    for line in order.lines.filter(entitlement=None).exclude(sold_kind=FEE):
        open_voucher(actor=actor, organization_id=order.organization_id, issued_to_id=order.payer_id,
                     label=f"{line.places} places in {line.sold_name}"[:120], percent=100, off_cents=None, uses=line.places,
                     starts_on=clock.today(zone), ends_on=None, sold_kind=line.sold_kind, sold_id=line.sold_id, line=line)  # fmt: skip
    return issue(actor=actor, order=order, kind="invoice", cents=order.total_cents)


def order_fee(*, actor: Actor, person_id: str, organization_id: str, sold_id: str, name: str, cents: int) -> Order:
    """What somebody pays an organization for what it gives them, named by its id: ordered in their name and invoiced at once."""
    running()
    order = Order.objects.create(organization_id=organization_id, person_id=person_id, total_cents=cents)
    OrderLine.objects.create(order=order, sold_kind=FEE, sold_id=sold_id, sold_name=name[:200], unit_cents=cents)
    record(events.ORDERED, actor=actor, subject=order, thread=order.pk, organization=organization_id, cents=cents, lines=1, payer="")
    ask_for_money(actor=actor, order=order)
    return order


def call_off(*, actor: Actor, order_id: str, reason: str) -> Order:
    """An order is not to be paid any more: an invoice that is out is credited in full."""
    running()
    order = Order.objects.select_related("organization", "person", "payer").locked(pk=order_id)
    if order.state in ("void", "refunded"):
        return order
    if order.state == "paid":
        raise Conflict("paid-already", "This was paid already.", "Ask those who sold it to give the money back first.")
    has_no_card_under_way(actor, order)
    if order.state == "invoiced":
        issue(actor=actor, order=order, kind="credit-note", cents=order.total_cents, reason=reason)
    ORDER.move(order, to="void")
    order.save(update_fields=["state"])
    order.lines.update(is_void=True)
    record(events.VOIDED, actor=actor, subject=order, thread=order.pk, organization=order.organization_id, reason=reason)
    return order


def open_voucher(
    *, actor: Actor, organization_id: str, issued_to_id: str | None, label: str, percent: int | None, off_cents: int | None, uses: int,
    starts_on: date, ends_on: date | None, sold_kind: str, sold_id: str, line: OrderLine | None = None,
) -> Voucher:  # fmt: skip
    """A voucher whose code follows from its id."""
    running()
    voucher = Voucher(
        organization_id=organization_id, issued_to_id=issued_to_id, label=label, percent=percent, off_cents=off_cents, uses_most=uses,
        starts_on=starts_on, ends_on=ends_on, sold_kind=sold_kind, sold_id=sold_id, line=line,
    )  # fmt: skip
    voucher.code_hash = hash_of(code_of(voucher.pk))
    voucher.save(force_insert=True)
    record(events.VOUCHER_ISSUED, actor=actor, subject=voucher, organization=organization_id, percent=percent or 0, cents=off_cents or 0,
           uses=uses, issued_to=issued_to_id or "")  # fmt: skip
    return voucher


# --- Money ---------------------------------------------------------------------------------------------------------


def receive(*, actor: Actor, order: Order, provider: str, reference: str) -> Payment:
    """All that an order costs has come; what was not invoiced is invoiced on the way, so that every payment has its number."""
    running()
    if order.state == "open":
        ask_for_money(actor=actor, order=order)
    ORDER.move(order, to="paid")
    order.paid_cents = order.total_cents
    order.save(update_fields=["state", "paid_cents"])
    payment = Payment.objects.create(
        organization_id=order.organization_id, order=order, kind="paid", provider=provider, cents=order.total_cents, reference=reference,
        made_by_id=actor.person_id,
    )  # fmt: skip
    record(events.PAID, actor=actor, subject=order, thread=order.pk, organization=order.organization_id, cents=order.total_cents,
           provider=provider, reference=reference)  # fmt: skip
    return payment


def give_back(*, actor: Actor, order: Order, line: OrderLine, cents: int, reason: str) -> Payment:
    """A part of what was paid for a line, or all of it, with its credit note: never more than is left of the line, whoever else gives
    back meanwhile."""
    running()
    more = {"refunded_cents": F("refunded_cents") + cents}
    paid = Order.objects.filter(pk=order.pk, paid_cents__gte=F("refunded_cents") + cents)
    kept = OrderLine.objects.filter(pk=line.pk, order=order, refunded_cents__lte=F("places") * F("unit_cents") - cents)
    if not (paid.update(**more) and kept.update(**more)):
        raise Conflict("more-than-paid", "More would be given back than was paid.", "Give back what is left at most.")
    order.refresh_from_db(fields=["refunded_cents"])
    came = order.payments.filter(kind="paid").first()
    payment = Payment.objects.create(
        organization_id=order.organization_id, order=order, line=line, kind="refunded", cents=cents,
        provider=came.provider if came else "purchase-order", reference=came.reference if came else "", reason=reason,
        made_by_id=actor.person_id,
    )  # fmt: skip
    issue(actor=actor, order=order, kind="credit-note", cents=cents, reason=reason, line=line)
    if order.refunded_cents == order.paid_cents:
        ORDER.move(order, to="refunded")
        order.save(update_fields=["state"])
    record(events.REFUNDED, actor=actor, subject=order, thread=order.pk, organization=order.organization_id, cents=cents, reason=reason,
           payment=payment.pk)  # fmt: skip
    return payment
