"""How long one stays signed in, and what was written after that had ended.

A session ends SESSION_COOKIE_AGE after the last visit; pages know when, and ask before (static/cairn/js/session.js). A form that says
whose work it holds (the field `whose`) loses nothing when it is sent too late: its texts wait in the visitor's session until the same
person has signed in again (views/session.py). Not here: signing in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from cairn.kernel import clock

ENDS, KEPT = "ends", "kept"  # in the session: seconds since 1970; by address, whose it is and what was sent there
ASKING = "/account/stay/"  # asking how long it lasts is no visit
WARNING = 300  # seconds before the end at which a page asks
MOST, MANY = 500_000, 10  # characters that wait, and addresses
OURS = ("csrfmiddlewaretoken", "key", "whose")
Kept = dict[str, dict[str, Any]]


def left(request: HttpRequest) -> int:
    """Seconds until the session ends."""
    return int(request.session.get(ENDS, 0)) - int(clock.now().timestamp())


def prolong(request: HttpRequest) -> None:
    request.session[ENDS] = int(clock.now().timestamp()) + settings.SESSION_COOKIE_AGE


def whose(person_id: str) -> str:
    """What a form says of its owner; nobody else can make it."""
    return signing.dumps(person_id, salt="whose")


def kept(request: HttpRequest) -> Kept:
    found: Kept = request.session.get(KEPT, {})
    return found


def drop(request: HttpRequest, address: str) -> None:
    if address in kept(request):
        request.session[KEPT] = {at: sent for at, sent in kept(request).items() if at != address}


def keep(request: HttpRequest) -> bool:
    """Whether what a visitor sent is kept for its owner."""
    try:
        owner = signing.loads(request.POST.get("whose", ""), salt="whose")
    except signing.BadSignature:
        return False
    fields = [[name, value] for name, values in request.POST.lists() if name not in OURS for value in values]
    waiting = {**kept(request), request.path: {"whose": owner, "fields": fields}}
    if len(waiting) > MANY or sum(len(value) for sent in waiting.values() for _, value in sent["fields"]) > MOST:
        return False
    request.session[KEPT] = waiting
    return True


class Sessions:
    """Every visit prolongs the session, written at most once in a tenth of its time; a work sent too late is kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and request.path != ASKING and left(request) < 0.9 * settings.SESSION_COOKIE_AGE:
            prolong(request)
        response = self.get_response(request)
        if request.method == "POST" and request.user.is_authenticated and response.status_code < 400:
            drop(request, request.path)
        return response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        if request.method == "POST" and not request.user.is_authenticated and "whose" in request.POST and keep(request):
            return redirect(f"{settings.LOGIN_URL}?next=/account/kept/")
        return None
