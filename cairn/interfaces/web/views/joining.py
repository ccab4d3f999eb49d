"""An organization that comes in by itself: the public page, what is asked, and the answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cairn.apps.programs import commands
from cairn.apps.programs import queries as programs
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.forms.joining import JoiningForm, LetInForm, TurnAwayForm
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done
from cairn.kernel.errors import NotFound

FORM = ["GET", "HEAD", "POST"]


@require_http_methods(FORM)
def join(request: Request) -> HttpResponse:
    """What comes of it, for anybody; the form for whoever is signed in."""
    viewer = request.actor
    form = JoiningForm(request.POST or None, programs=[(program.pk, program.title) for program in programs.open_to_partners(viewer)])
    if form.is_bound and done(form, lambda told: commands.ask_to_join(actor=viewer, **told)):
        messages.success(request, "Asked. You get a letter with the answer.")
        return redirect("join")
    told = {"form": form, "asked": programs.my_joinings(viewer)}
    return render(request, "programs/join.html", told, status=422 if form.errors else 200)


@require_safe
@login_required
def asked(request: Request) -> HttpResponse:
    """Those that wait for the reader; nobody else has such a page."""
    lines = programs.joinings(request.actor)
    if not lines and not request.actor.holds("operator"):
        raise NotFound("page")
    return render(request, "programs/asked.html", {"lines": lines})


@require_http_methods(FORM)
@login_required
def one(request: Request, joining_id: str) -> HttpResponse:
    page = programs.joining_page(request.actor, joining_id)
    let = LetInForm(request.POST if "let" in request.POST else None, initial={"slug": page.slug})
    away = TurnAwayForm(request.POST if "away" in request.POST else None)
    if request.method == "POST" and _decided(request, page.asked, let, away):
        messages.success(request, "Decided. Whoever asked gets a letter.")
        return redirect("joining", joining_id)
    told = {"page": page, "let": let, "away": away}
    return render(request, "programs/asking.html", told, status=422 if let.errors or away.errors else 200)


def _decided(request: Request, asked: Any, let: LetInForm, away: TurnAwayForm) -> bool:
    given = {"actor": request.actor, "joining_id": asked.pk}
    if let.is_bound:
        return done(let, lambda told: commands.let_in(**given, **told))
    return away.is_bound and done(away, lambda told: commands.turn_away(**given, **told))


urlpatterns = [
    path("join/", join, name="join"),
    path("join/asked/", asked, name="joinings"),
    path("join/asked/<id:joining_id>/", one, name="joining"),
]
