"""Staying signed in, and what was written after a session had ended. Not here: sessions themselves (interfaces.web.sessions)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cairn.interfaces.web import sessions
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.middleware import wants_json
from cairn.interfaces.web.views.frame import Request


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def stay(request: Request) -> HttpResponse:
    """For session.js: how long the session lasts; posted to, it lasts its whole time again."""
    if request.method == "POST":
        sessions.prolong(request)
    return JsonResponse({"left": sessions.left(request)}) if wants_json(request) else redirect(settings.LOGIN_REDIRECT_URL)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def kept(request: Request) -> HttpResponse:
    """What the reader sent while they were signed out: save it as it was sent, or drop it."""
    if request.method == "POST":
        sessions.drop(request, request.POST.get("drop", ""))
    own = [(at, sent["fields"]) for at, sent in sessions.kept(request).items() if sent["whose"] == request.actor.person_id]
    if not own:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "session/kept.html", {"works": own})


urlpatterns = [path("account/stay/", stay, name="stay"), path("account/kept/", kept, name="kept")]
