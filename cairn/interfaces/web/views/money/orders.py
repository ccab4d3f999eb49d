"""Orders: one's own, those placed with an organization, and each with its invoice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cairn.apps.payments import commands, policy, queries
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.interfaces.web.forms.money import CodeForm, OrderForm, PaidForm, PoForm, RefundForm, VoidForm
from cairn.interfaces.web.papers import invoice_pdf
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.money.frame import selling
from cairn.interfaces.web.views.people import done
from cairn.kernel import clock
from cairn.pure.money import dollars

A_PAGE = 25


@require_safe
@selling
def orders(request: Request, org: Any) -> HttpResponse:
    """Those placed with the organization."""
    page = Paginator(queries.orders_in(request.actor, org.pk), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "money/orders.html", {"org": org, "page": page, "zone": people.zone_of(request.actor.person_id)})


# --- One's own ---------------------------------------------------------------------------------------------------------


def _payers(request: Request) -> list[tuple[str, str]]:
    """Where the viewer works now, as choices."""
    today = clock.today(people.zone_of(request.actor.person_id))
    works = people.affiliations_of(request.actor, str(request.actor.person_id))
    return [(work.organization_id, f"{work.organization.name} pays") for work in works if work.ended_on is None or work.ended_on >= today]


def _mine(request: Request, **forms: Form) -> HttpResponse:
    """The page itself; `forms` are those that came back with something to mend."""
    page = Paginator(queries.my_orders(request.actor), A_PAGE).get_page(request.GET.get("page"))
    places = [(place, queries.lower_now(place)) for place in queries.to_order(request.actor)]
    context = {
        "page": page, "to_order": places, "asked": queries.my_orders(request.actor).filter(state="invoiced").count(),
        "zone": people.zone_of(request.actor.person_id), "form": OrderForm(payers=_payers(request)), "code_form": CodeForm(), **forms,
    }  # fmt: skip
    return render(request, "money/mine.html", context, status=422 if forms else 200)


@login_required
@require_safe
def my_orders(request: Request) -> HttpResponse:
    return _mine(request)


@login_required
@require_POST
def place_order(request: Request, entitlement_id: str) -> HttpResponse:
    queries.my_entitlement(request.actor, entitlement_id)
    form = OrderForm(request.POST, payers=_payers(request))
    made: list[Any] = []

    def place(told: dict[str, Any]) -> None:
        payer = told.pop("payer") or None
        made.append(commands.place_order(actor=request.actor, entitlement_ids=[entitlement_id], payer_id=payer, **told))

    if not done(form, place):
        return _mine(request, form=form)
    return redirect("order", made[0].pk)


@login_required
@require_POST
def lower_price(request: Request, entitlement_id: str) -> HttpResponse:
    place = commands.lower_price(actor=request.actor, entitlement_id=entitlement_id)
    messages.success(request, f"{place.why} What you paid too much is given back.")
    return redirect("my_orders")


@login_required
@require_POST
def redeem(request: Request, entitlement_id: str) -> HttpResponse:
    queries.my_entitlement(request.actor, entitlement_id)
    form = CodeForm(request.POST)
    if not done(form, lambda told: commands.redeem(actor=request.actor, entitlement_id=entitlement_id, **told)):
        return _mine(request, code_form=form)
    messages.success(request, "The code was taken.")
    return redirect("my_orders")


# --- One order ---------------------------------------------------------------------------------------------------------


def _order(request: Request, order_id: str, **forms: Form) -> HttpResponse:
    """The page itself; `forms` are those that came back with something to mend."""
    viewer = request.actor
    order = queries.order(viewer, order_id)
    vouchers = [(line.voucher, queries.shown_code(line.voucher)) for line in order.lines.all() if hasattr(line, "voucher")]
    lines = _own_lines(viewer, order)
    left = [line for line in lines if order.state == "paid" and line.left_cents]
    may_lower = order.state == "paid" and order.person_id == viewer.person_id
    places = [line.entitlement for line in order.lines.all() if may_lower and line.entitlement and not line.entitlement.off_cents]
    context = {
        "order": order, "zone": people.zone_of(viewer.person_id), "checkout": queries.checkout_of(viewer, order_id), "vouchers": vouchers,
        "lower": [(place, quote) for place in places if (quote := queries.lower_now(place))],
        "may_sell": policy.SET_PRICES.allows(viewer, order.organization_id), "may_give_back": bool(lines),
        "is_mine": order.person_id == viewer.person_id, "may_invoice": policy.INVOICE.allows(viewer, order),
        "may_pay_by_card": policy.PAY_BY_CARD.allows(viewer, order) and queries.may_pay_by_card(order),
        "left_cents": sum(line.left_cents for line in left), "po_form": PoForm(auto_id="po_%s"), "paid_form": PaidForm(auto_id="paid_%s"),
        "refund_form": _refund_form(left),
        "void_form": VoidForm(auto_id="void_%s"), **forms,
    }  # fmt: skip
    return render(request, "money/order.html", context, status=422 if forms else 200)


def _own_lines(viewer: Actor, order: Any) -> list[Any]:
    """Lines of an order for which the viewer may give something back."""
    return [line for line in order.lines.all() if policy.REFUND.allows(viewer, line)]


def _refund_form(lines: list[Any], sent: Any = None) -> RefundForm:
    told = [(line.pk, f"{queries.line_name(line)}: {dollars(line.left_cents)} left") for line in lines]
    start = {"cents": f"{lines[0].left_cents / 100:.2f}"} if len(lines) == 1 else {}
    told = told if len(told) == 1 else [("", "Choose"), *told]
    return RefundForm(sent, lines=told, auto_id="refund_%s", initial=start)


@login_required
@require_safe
def order(request: Request, order_id: str) -> HttpResponse:
    return _order(request, order_id)


@login_required
@require_safe
def invoice(request: Request, invoice_id: str) -> HttpResponse:
    paper = queries.invoice(request.actor, invoice_id)
    answer = HttpResponse(invoice_pdf(paper.words, paper.issued_at), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{paper.kind}-{paper.number:05}.pdf"'
    return answer


def _carried_out(request: Request, order_id: str, command: Callable[..., object], said: str, **sent: Form) -> HttpResponse:
    """The order again: with the word that it is done, or with the one form that was sent and what is to be mended in it."""
    (form,) = sent.values()
    if not done(form, lambda told: command(actor=request.actor, order_id=order_id, **told)):
        return _order(request, order_id, **sent)
    messages.success(request, said)
    return redirect("order", order_id)


@login_required
@require_POST
def invoice_order(request: Request, order_id: str) -> HttpResponse:
    form = PoForm(request.POST, auto_id="po_%s")
    return _carried_out(request, order_id, commands.invoice_order, "The invoice is made.", po_form=form)


@login_required
@require_POST
def mark_paid(request: Request, order_id: str) -> HttpResponse:
    policy.SET_PRICES.require(request.actor, queries.order(request.actor, order_id).organization_id)
    form = PaidForm(request.POST, auto_id="paid_%s")
    return _carried_out(request, order_id, commands.mark_paid, "Entered as paid.", paid_form=form)


@login_required
@require_POST
def refund(request: Request, order_id: str) -> HttpResponse:
    order = queries.order(request.actor, order_id)
    policy.REFUND.require(request.actor, next(iter(_own_lines(request.actor, order)), order.lines.all()[0]))
    form = _refund_form(_own_lines(request.actor, order), request.POST)
    return _carried_out(request, order_id, commands.refund, "Given back, with a credit note.", refund_form=form)


@login_required
@require_POST
def void_order(request: Request, order_id: str) -> HttpResponse:
    form = VoidForm(request.POST, auto_id="void_%s")
    return _carried_out(request, order_id, commands.void_order, "Called off.", void_form=form)


@login_required
@require_POST
def pay_by_card(request: Request, order_id: str) -> HttpResponse:
    commands.ask_checkout(actor=request.actor, order_id=order_id)
    return redirect("order", order_id)
