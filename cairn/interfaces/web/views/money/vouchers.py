"""Vouchers that an organization gives; and what an organization has ordered for its people, with the vouchers that it was given."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cairn.apps.payments import commands, queries
from cairn.apps.people import queries as people
from cairn.apps.programs import queries as programs
from cairn.interfaces.web.forms.money import PlacesForm, VoucherForm
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.money.frame import PAYERS, as_choices, chosen, organizations, selling, things_of
from cairn.interfaces.web.views.people import done
from cairn.kernel import clock
from cairn.kernel.errors import NotFound


def _form(request: Request, org: Any, sent: Any = None) -> VoucherForm:
    today = clock.today(people.zone_of(request.actor.person_id))
    return VoucherForm(sent, things=as_choices(things_of(request, org)), receivers=organizations(request, *PAYERS),
                       initial={"starts_on": today, "uses": 1}, auto_id="voucher_%s")  # fmt: skip


def _vouchers(request: Request, org: Any, **forms: Form) -> HttpResponse:
    """The page itself; `forms` are those that came back with something to mend."""
    today = clock.today(people.zone_of(request.actor.person_id))
    given = [(each, queries.shown_code(each)) for each in queries.vouchers_in(request.actor, org.pk)]
    context = {"org": org, "vouchers": given, "today": today, "form": _form(request, org), **forms}
    return render(request, "money/vouchers.html", context, status=422 if forms else 200)


@require_safe
@selling
def vouchers(request: Request, org: Any) -> HttpResponse:
    return _vouchers(request, org)


@require_POST
@selling
def issue_voucher(request: Request, org: Any) -> HttpResponse:
    form = _form(request, org, request.POST)

    def issue(told: dict[str, Any]) -> None:
        sold = told.pop("sold")
        thing = {"sold_kind": chosen(things_of(request, org), sold).kind, "sold_id": sold} if sold else {}
        told |= {"issued_to_id": told.pop("issued_to") or None, **thing}
        commands.issue_voucher(actor=request.actor, organization_id=org.pk, **told)

    if not done(form, issue):
        return _vouchers(request, org, form=form)
    messages.success(request, "The voucher is made. Its code stands in the list.")
    return redirect("money_vouchers", org.slug)


@require_POST
@selling
def end_voucher(request: Request, org: Any, voucher_id: str) -> HttpResponse:
    if queries.voucher(request.actor, voucher_id).organization_id != org.pk:
        raise NotFound("voucher")
    commands.end_voucher(actor=request.actor, voucher_id=voucher_id)
    messages.success(request, "Ended. The code takes nothing off any more; what it took off stays off.")
    return redirect("money_vouchers", org.slug)


# --- For whoever pays --------------------------------------------------------------------------------------------------


def _bought(request: Request, org: Any, **forms: Form) -> HttpResponse:
    """The page itself; `forms` are those that came back with something to mend."""
    viewer = request.actor
    things = programs.on_offer(viewer)
    asked = queries.quotes(viewer, things)
    context = {"org": org, "orders": queries.orders_for(viewer, org.pk), "zone": people.zone_of(viewer.person_id),
               "given": [(each, queries.shown_code(each)) for each in queries.vouchers_for(viewer, org.pk)],
               "form": PlacesForm(things=as_choices([thing for thing in things if not asked[thing.id].is_free])), **forms}  # fmt: skip
    return render(request, "money/bought.html", context, status=422 if forms else 200)


@require_safe
@selling
def bought(request: Request, org: Any) -> HttpResponse:
    return _bought(request, org)


@require_POST
@selling
def order_places(request: Request, org: Any) -> HttpResponse:
    things = programs.on_offer(request.actor)
    form = PlacesForm(request.POST, things=as_choices(things))
    made: list[Any] = []

    def order(told: dict[str, Any]) -> None:
        sold = chosen(things, told.pop("sold"))
        made.append(commands.order_places(actor=request.actor, payer_id=org.pk, sold=sold, **told))

    if not done(form, order):
        return _bought(request, org, form=form)
    return redirect("order", made[0].pk)
