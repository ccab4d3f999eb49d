"""What every view is given, and the pages that say no, for what goes wrong before or outside a view."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django_htmx.middleware import HtmxDetails

from cairn.frame.actor import Actor
from cairn.kernel.errors import Forbidden, Invalid, NotFound, Refused


class Request(HttpRequest):
    """A request that has passed the middleware: `actor` asks, with the roles held now."""

    actor: Actor
    htmx: HtmxDetails


def _say(request: HttpRequest, refusal: Refused, status: int) -> HttpResponse:
    return render(request, "errors/refused.html", {"refusal": refusal, "title": refusal.message}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _say(request, Invalid("bad-request", "This request cannot be read.", "Go back, reload the page, and try again."), 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _say(request, Forbidden("forbidden", "You may not do this.", "Go back to your home page."), 403)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token does not match: an old tab, cookies switched off, or another site at work."""
    refusal = Forbidden("form-expired", "This form has expired, so nothing was changed.", "Go back, reload the page, and send it again.")
    return _say(request, refusal, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _say(request, NotFound("page"), 404)


def broken(request: HttpRequest) -> HttpResponse:
    """Our own mistake. Rendered without context processors, since the database may be what is broken."""
    remedy = "Nothing that was saved is lost. Try again in a minute."
    refusal = Refused("broken", "Something of ours is broken; it is not your fault.", remedy)
    page = render_to_string("errors/refused.html", {"refusal": refusal, "title": refusal.message, "status": 500})
    return HttpResponse(page, status=500)
