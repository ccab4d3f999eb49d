"""Where one is signed in: each browser with its place and time, and signing it out. Not here: how long a session lasts (session)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cairn.apps.people import commands
from cairn.apps.people import queries as people
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.views.frame import Request


@dataclass(frozen=True)
class Device:
    handle: str
    name: str
    place: str
    began_at: datetime
    seen_at: datetime
    is_this_one: bool


def _handle(request: Request) -> str:
    return people.handle_of(request.session.session_key or "")


@require_safe
@login_required
def devices(request: Request) -> HttpResponse:
    here = _handle(request)
    found = [
        Device(s.handle, s.device or "A browser", s.place, s.began_at, s.seen_at, s.handle == here) for s in people.sessions(request.actor)
    ]
    found.sort(key=lambda device: not device.is_this_one)
    return render(request, "people/devices.html", {"devices": found})


@require_POST
@login_required
def sign_out_device(request: Request) -> HttpResponse:
    commands.end_session(actor=request.actor, handle=request.POST.get("device", ""))
    messages.success(request, "Signed out there.")
    return redirect("devices")


@require_POST
@login_required
def sign_out_everywhere(request: Request) -> HttpResponse:
    """Everywhere else, or here too."""
    stays = request.POST.get("here") != "too"
    commands.end_sessions(actor=request.actor, person_id=str(request.actor.person_id), but=_handle(request) if stays else "")
    if not stays:
        logout(request)
        return redirect("welcome")
    messages.success(request, "Signed out everywhere else.")
    return redirect("devices")


urlpatterns = [
    path("account/devices/", devices, name="devices"),
    path("account/devices/sign-out/", sign_out_device, name="sign_out_device"),
    path("account/devices/sign-out/everywhere/", sign_out_everywhere, name="sign_out_everywhere"),
]
