"""Naming earners: what an educator lets issuers say, and an issuer's list of those who let it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cairn.apps.credentials import commands
from cairn.apps.credentials import queries as credentials
from cairn.apps.people import queries as people
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.forms.sharing import AnnouncingForm, SinceForm
from cairn.interfaces.web.packed import table_file
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: Request) -> HttpResponse:
    """The educator's switch."""
    told = credentials.announcing(request.actor)
    form = AnnouncingForm(request.POST or None, told=told)
    if form.is_bound and done(form, lambda _: commands.let_announce(actor=request.actor, **form.told())):
        messages.success(request, "Saved. Issuers' lists say so from this moment.")
        return redirect("announcing")
    return render(request, "sharing/announcing.html", {"told": told, "form": form}, status=422 if form.errors else 200)


@login_required
@require_safe
def announced(request: Request, slug: str) -> HttpResponse:
    """Who may be named, and words that a newsletter can take over."""
    organization, form = people.organization(request.actor, slug), SinceForm(request.GET)
    earners = credentials.announced_by(request.actor, organization.pk, form.since_day())
    words = credentials.announcement(organization.name, earners)
    told = {"organization": organization, "earners": earners, "words": words, "form": form, "since": form.since_day()}
    return render(request, "credentials/announced.html", told)


@login_required
@require_safe
def announced_file(request: Request, slug: str) -> HttpResponse:
    organization = people.organization(request.actor, slug)
    earners = credentials.announced_by(request.actor, organization.pk, SinceForm(request.GET).since_day())
    rows = [(each.name, each.title, each.awarded_on.isoformat(), each.address) for each in earners]
    return table_file([("Earner", "Micro-credential", "Awarded on", "Address"), *rows], f"{slug}-earners"[:60], "csv")


urlpatterns = [
    path("portfolio/announcing/", own, name="announcing"),
    path("org/<slug:slug>/credentials/announced/", announced, name="announced"),
    path("org/<slug:slug>/credentials/announced.csv", announced_file, name="announced_csv"),
]
