"""What assessors are owed: sums for those who pay, code names for the assessor."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cairn.apps.catalog import queries as catalog
from cairn.apps.payments import commands, queries
from cairn.apps.people import queries as people
from cairn.interfaces.web.forms.money import PayoutForm, RateForm
from cairn.interfaces.web.packed import table_file
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.money.frame import selling
from cairn.interfaces.web.views.people import done
from cairn.kernel import clock
from cairn.pure.money import dollars

A_PAGE = 50


def _rate_form(request: Request, org: Any, sent: Any = None) -> RateForm:
    things = [(each.pk, each.title) for each in catalog.microcredentials_of(request.actor, org.pk)]
    return RateForm(sent, things=things, initial={"starts_on": clock.today(people.zone_of(request.actor.person_id))}, auto_id="rate_%s")


def _payout_form(request: Request, org: Any, sent: Any = None) -> PayoutForm:
    is_sent = sent is not None  # perhaps twice, and then nothing is owed to them any more
    owed = {line.assessor_id: line.name for line in queries.owed_in(request.actor, org.pk) if is_sent or line.owed_cents}
    today = clock.today(people.zone_of(request.actor.person_id))
    return PayoutForm(sent, assessors=sorted(owed.items(), key=lambda each: each[1]), initial={"up_to": today}, auto_id="payout_%s")


def _assessors(request: Request, org: Any, **forms: Form) -> HttpResponse:
    """The page itself; `forms` are those that came back with something to mend."""
    lines = queries.owed_in(request.actor, org.pk)
    context = {
        "org": org, "lines": lines, "owed_cents": sum(line.owed_cents for line in lines), "rates": queries.rates_in(request.actor, org.pk),
        "rate_form": _rate_form(request, org), "payout_form": _payout_form(request, org), **forms,
    }  # fmt: skip
    return render(request, "money/assessors.html", context, status=422 if forms else 200)


@require_safe
@selling
def assessors(request: Request, org: Any) -> HttpResponse:
    return _assessors(request, org)


@require_POST
@selling
def set_rate(request: Request, org: Any) -> HttpResponse:
    form = _rate_form(request, org, request.POST)

    def enter(told: dict[str, Any]) -> None:
        thing = told.pop("microcredential") or None
        commands.set_rate(actor=request.actor, organization_id=org.pk, microcredential_id=thing, **told)

    if not done(form, enter):
        return _assessors(request, org, rate_form=form)
    messages.success(request, "Entered. It holds for sheets that are locked from that day on.")
    return redirect("money_assessors", org.slug)


@require_POST
@selling
def pay_out(request: Request, org: Any) -> HttpResponse:
    form = _payout_form(request, org, request.POST)

    def enter(told: dict[str, Any]) -> None:
        commands.pay_out(actor=request.actor, organization_id=org.pk, assessor_id=told.pop("assessor"), **told)

    if not done(form, enter):
        return _assessors(request, org, payout_form=form)
    messages.success(request, "Entered as paid.")
    return redirect("money_assessors", org.slug)


@require_safe
@selling
def owed_csv(request: Request, org: Any) -> HttpResponse:
    """By assessor and month, for the books."""
    rows: list[tuple[str | int, ...]] = [("Assessor", "Month", "Sheets", "Earned", "Paid", "Owed")]
    for line in queries.owed_in(request.actor, org.pk):
        amounts = (dollars(cents) for cents in (line.cents, line.paid_cents, line.owed_cents))
        rows.append((line.name, line.month, line.sheets, *amounts))
    return table_file(rows, f"{org.slug}-assessors", "csv")


@login_required
@require_safe
def earnings(request: Request) -> HttpResponse:
    """The viewer's own, by code names."""
    told = queries.my_earnings(request.actor)
    page = Paginator(told.dues, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "money/earnings.html", {"told": told, "page": page, "zone": people.zone_of(request.actor.person_id)})
