"""On which weekdays nobody scores for an organization, so that what educators are told is kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cairn.apps.assessment import commands, policy
from cairn.apps.assessment import queries as assessment
from cairn.apps.people import queries as people
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.forms.scoring import ClosedDayForm
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done
from cairn.kernel.errors import NotFound


def _organization(request: Request, slug: str) -> Any:
    """For those who run its programs; for everybody else there is no such page."""
    org = people.organization(request.actor, slug)
    if not policy.CLOSE_DAYS.allows(request.actor, org):
        raise NotFound("page")
    return org


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def closed_days(request: Request, slug: str) -> HttpResponse:
    org, form = _organization(request, slug), ClosedDayForm(request.POST or None)
    if form.is_bound and done(form, lambda told: commands.close_day(actor=request.actor, organization_id=org.pk, **told)):
        messages.success(request, "Entered. It counts for what arrives from now on.")
        return redirect("closed_days", slug)
    context = {"org": org, "form": form, "days": assessment.closed_days(request.actor, org.pk)}
    return render(request, "scoring/closed_days.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def open_day(request: Request, slug: str) -> HttpResponse:
    org = _organization(request, slug)
    form = ClosedDayForm({**request.POST.dict(), "title": "-"})
    if form.is_valid():
        commands.open_day(actor=request.actor, organization_id=org.pk, day=form.cleaned_data["day"])
        messages.success(request, "It is a business day again.")
    return redirect("closed_days", slug)


urlpatterns = [
    path("org/<slug:slug>/closed-days/", closed_days, name="closed_days"),
    path("org/<slug:slug>/closed-days/open/", open_day, name="open_day"),
]
