"""What every view is given, and the pages that say no, for what goes wrong before or outside a view."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django_htmx.middleware import HtmxDetails

from cairn.frame.actor import Actor
from cairn.frame.outages import outage
from cairn.interfaces.web.middleware import wants_json
from cairn.kernel.errors import Forbidden, Invalid, NotFound, Refused
from cairn.kernel.text import megabytes

HEARD_OUT = 200_000_000  # bytes


class Request(HttpRequest):
    """A request that has passed the middleware: `actor` asks, with the roles held now."""

    actor: Actor
    support: Any  # the access through which an operator looks with this request, or None
    htmx: HtmxDetails


def _say(request: HttpRequest, refusal: Refused, status: int) -> HttpResponse:
    if wants_json(request):
        return _told(refusal, status)
    return render(request, "errors/refused.html", {"refusal": refusal, "title": refusal.message}, status=status)


def _told(refusal: Refused, status: int) -> JsonResponse:
    return JsonResponse({"code": refusal.code, "message": refusal.message, "remedy": refusal.remedy, "fields": {}}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A session that could not be saved comes here too, and the reason may be the machine."""
    hear_out(request)
    if lacks := outage(exception):
        return _say_alone(request, lacks, lacks.status)
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    if isinstance(exception, TooManyFieldsSent | TooManyFilesSent):
        words = "More fields or files were sent than any form here has, so none of them were read."
        return _say(request, Invalid("too-many-fields", words, "Go back, and send less at a time."), 413)
    return _say(request, Invalid("bad-request", "This request cannot be read.", "Go back, reload the page, and try again."), 400)


def too_large(request: HttpRequest, most: int = 0) -> HttpResponse:
    """`most`: bytes that the address takes with files; none where it takes none."""
    if most:
        words = f"More than {megabytes(most)} was sent at once, which is more than this page takes, so none of it was read."
        remedy = "Go back to where you chose the files. Send fewer or smaller ones, or give a link to them."
    else:
        words = f"More than {megabytes(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)} was sent where no file is taken, so none of it was read."
        remedy = "Go back to where you wrote it, and shorten it or send it as a file."
    return _say(request, Invalid("request-too-large", words, remedy), 413)


def hear_out(request: HttpRequest) -> None:
    """A browser that is cut off while it sends shows no answer, so what it still sends is read, within reason, and dropped."""
    left = HEARD_OUT
    with suppress(OSError):
        while left > 0 and (part := request.read(1_000_000)):
            left -= len(part)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _say(request, Forbidden("forbidden", "You may not do this.", "Go back to your home page."), 403)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token does not match: an old tab, cookies switched off, or another site at work."""
    refusal = Forbidden("form-expired", "This form has expired, so nothing was changed.", "Go back, reload the page, and send it again.")
    return _say(request, refusal, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _say(request, NotFound("page"), 404)


def broken(request: HttpRequest) -> HttpResponse:
    """The machine lacks something, or the mistake is ours."""
    lacks = outage(sys.exc_info()[1])
    own = Refused("broken", "Something of ours is broken; it is not your fault.", "Nothing that was saved is lost. Try again in a minute.")
    return _say_alone(request, lacks, lacks.status) if lacks else _say_alone(request, own, 500)


def _say_alone(request: HttpRequest, refusal: Refused, status: int) -> HttpResponse:
    """Without context processors, since the database may be what is gone."""
    if wants_json(request):
        return _told(refusal, status)
    page = render_to_string("errors/refused.html", {"refusal": refusal, "title": refusal.message, "status": status})
    return HttpResponse(page, status=status)
