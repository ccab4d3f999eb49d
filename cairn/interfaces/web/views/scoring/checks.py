"""Submissions that whoever runs a program looks through before assessors are asked."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cairn.apps.assessment import commands
from cairn.apps.assessment import queries as assessment
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.forms.prechecks import MissingForm
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done
from cairn.kernel.errors import NotFound


@require_safe
@login_required
def checks(request: Request) -> HttpResponse:
    """All of them, the overdue ones as a list of their own."""
    if not (request.actor.holds("coordinator") or request.actor.holds("organization admin")):
        raise NotFound("page")
    lines = assessment.checks(request.actor)
    late = [line for line in lines if line.is_late]
    return render(request, "scoring/checks.html", {"late": late, "lines": lines[len(late) :]})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def check(request: Request, check_id: str) -> HttpResponse:
    """What a submission holds, in counts; passing it on, or giving it back."""
    page = assessment.check_page(request.actor, check_id)
    form = MissingForm(request.POST if "back" in request.POST else None)
    if "whole" in request.POST:
        commands.pass_check(actor=request.actor, check_id=check_id)
        messages.success(request, "Assessors are asked.")
        return redirect("checks")
    if form.is_bound and done(form, lambda told: commands.return_incomplete(actor=request.actor, check_id=check_id, **told)):
        messages.success(request, f"{page.line.check.person.name} has it back, and a letter that says what is missing.")
        return redirect("checks")
    return render(request, "scoring/check.html", {"page": page, "form": form}, status=422 if form.errors else 200)


urlpatterns = [path("checks/", checks, name="checks"), path("checks/<id:check_id>/", check, name="check")]
