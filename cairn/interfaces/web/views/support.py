"""Support access: the operator's page, beginning and stopping to look, and the person's end to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cairn.apps.ledger import policy
from cairn.apps.people import commands
from cairn.apps.people import queries as people
from cairn.frame.addresses import path
from cairn.interfaces.web.forms.support import SupportForm
from cairn.interfaces.web.support import LOOK
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import address_owner, done

A_FEW = 20


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def support(request: Request) -> HttpResponse:
    policy.READ_OPERATIONS.require(request.actor, None)
    form = SupportForm(request.POST or None)

    def begin(told: dict[str, Any]) -> None:
        person_id = address_owner(request, told.pop("email"))
        request.session[LOOK] = commands.begin_support(actor=request.actor, person_id=person_id, **told).pk

    if form.is_bound and done(form, begin):
        return redirect("home")
    context = {"form": form, "accesses": people.support_accesses(request.actor)[:A_FEW]}
    return render(request, "operating/support.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def support_stop(request: Request) -> HttpResponse:
    """The operator stops; they are themself again."""
    access = request.support
    if access is not None:
        del request.session[LOOK]
        commands.end_support(actor=people.actor_of(access.operator_id), access_id=access.pk)
        messages.success(request, f"You no longer look through the eyes of {access.person.name}.")
    return redirect("support")


@require_POST
@login_required
def support_end(request: Request) -> HttpResponse:
    """The person who is looked at ends it."""
    access = people.looked_at(request.actor)
    if access is not None:
        commands.end_support(actor=request.actor, access_id=access.pk)
        messages.success(request, "Ended. Support no longer sees your pages.")
    return redirect("account")


urlpatterns = [
    path("operations/support/", support, name="support"),
    path("operations/support/stop/", support_stop, name="support_stop"),
    path("account/support/end/", support_end, name="support_end"),
]
