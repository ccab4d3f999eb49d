"""How an organization's money stands; what it asks for its things, and how it is paid."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cairn.apps.payments import commands, queries
from cairn.apps.people import queries as people
from cairn.interfaces.web.forms.money import PriceForm, TermsForm
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.money.frame import as_choices, chosen, organizations, selling, things_of
from cairn.interfaces.web.views.people import done
from cairn.kernel import clock
from cairn.kernel.errors import NotFound

A_FEW = 8


@require_safe
@selling
def overview(request: Request, org: Any) -> HttpResponse:
    """What is asked for and not paid, and what is owed."""
    viewer = request.actor
    owed = sum(line.owed_cents for line in queries.owed_in(viewer, org.pk))
    members = queries.memberships_in(viewer, org.pk).on(clock.today(people.zone_of(viewer.person_id))).count()
    waiting = queries.orders_in(viewer, org.pk).filter(state__in=("open", "invoiced"))[:A_FEW]
    context = {"org": org, "summary": queries.summary(viewer, org.pk), "owed_cents": owed, "members": members, "waiting": waiting,
               "has_prices": queries.prices_in(viewer, org.pk).exists(), "zone": people.zone_of(viewer.person_id)}  # fmt: skip
    return render(request, "money/overview.html", context)


def _price_form(request: Request, org: Any, sent: Any = None) -> PriceForm:
    return PriceForm(sent, things=as_choices(things_of(request, org)), audiences=organizations(request, "association", "district"),
                     initial={"starts_on": clock.today(people.zone_of(request.actor.person_id))}, auto_id="price_%s")  # fmt: skip


def _terms_form(request: Request, org: Any, sent: Any = None) -> TermsForm:
    terms = queries.terms_in(request.actor, org.pk)
    names = ("address", "how_to_pay", "days_to_pay", "provider", "provider_account", "rebate_days")
    return TermsForm(
        sent, providers=list(queries.PROVIDERS.items()), initial={name: getattr(terms, name) for name in names}, auto_id="terms_%s"
    )


def _prices(request: Request, org: Any, **forms: Form) -> HttpResponse:
    """The page itself; `forms` are those that came back with something to mend."""
    today = clock.today(people.zone_of(request.actor.person_id))
    context = {"org": org, "prices": queries.prices_in(request.actor, org.pk).filter(withdrawn_at=None), "today": today,
               "price_form": _price_form(request, org), "terms_form": _terms_form(request, org), **forms}  # fmt: skip
    return render(request, "money/prices.html", context, status=422 if forms else 200)


@require_safe
@selling
def prices(request: Request, org: Any) -> HttpResponse:
    return _prices(request, org)


@require_POST
@selling
def set_price(request: Request, org: Any) -> HttpResponse:
    form = _price_form(request, org, request.POST)

    def enter(told: dict[str, Any]) -> None:
        sold = chosen(things_of(request, org), told.pop("sold"))
        commands.set_price(actor=request.actor, sold=sold, audience_id=told.pop("audience") or None, **told)

    if not done(form, enter):
        return _prices(request, org, price_form=form)
    messages.success(request, "Entered. Whoever begins from that day on pays it; what was fixed before stays.")
    return redirect("money_prices", org.slug)


@require_POST
@selling
def withdraw_price(request: Request, org: Any, price_id: str) -> HttpResponse:
    if queries.price(request.actor, price_id).organization_id != org.pk:
        raise NotFound("price")
    commands.withdraw_price(actor=request.actor, price_id=price_id)
    messages.success(request, "Withdrawn. What was fixed at it stays.")
    return redirect("money_prices", org.slug)


@require_POST
@selling
def set_terms(request: Request, org: Any) -> HttpResponse:
    form = _terms_form(request, org, request.POST)
    if not done(form, lambda told: commands.set_terms(actor=request.actor, organization_id=org.pk, **told)):
        return _prices(request, org, terms_form=form)
    messages.success(request, "Saved. It holds from the next invoice on.")
    return redirect("money_prices", org.slug)
