"""How large a request may be, by its address, looked at before any of it is read.

Not here: the limits of a text or of a file, which the form or the command that takes it tells (forms, portfolio).
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve

from cairn.apps.communities.outward import MOST as MOST_BESIDE_A_POST
from cairn.apps.portfolio import outward
from cairn.frame import tables
from cairn.interfaces.web.forms.credentials import LARGEST as LARGEST_BADGE
from cairn.interfaces.web.views.frame import HEARD_OUT, hear_out, too_large

# Names of the addresses that take more than a form: from anybody who asks about a badge, and from those who are known.
BADGE = "verify"
EVIDENCE = ("work-place", "work-upload", "api-enrollments-one-files")
TALK = ("community", "community-prompt", "community-post", "community-post-edit")
ROWS = ("pilot-file", "money_roster")
LARGEST_FILE = max(outward.LIMITS.values()) * outward.MEGABYTE
ENVELOPE = 1_000_000  # bytes around a file


def sizes(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        length = _length(request)
        if length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and length > _most(request):
            if length <= HEARD_OUT:
                hear_out(request)
            return too_large(request, _most(request))
        return get_response(request)

    return middleware


def _length(request: HttpRequest) -> int:
    given = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(given) if given.isascii() and given.isdigit() else 0


def _most(request: HttpRequest) -> int:
    try:
        name = resolve(request.path_info).url_name
    except Resolver404:
        return 0
    if name == BADGE:
        return LARGEST_BADGE + ENVELOPE
    is_known = request.user.is_authenticated or "Authorization" in request.headers
    if name in ROWS and is_known:
        return tables.LARGEST + ENVELOPE
    if name in TALK and is_known:
        return max(MOST_BESIDE_A_POST + ENVELOPE, HEARD_OUT)  # what is heard out anyway is read: the form comes back with its words
    return LARGEST_FILE + ENVELOPE if name in EVIDENCE and is_known else 0
