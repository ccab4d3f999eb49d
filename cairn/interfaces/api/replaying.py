"""A write carries a key of its sender's (`Idempotency-Key`); sent again under that key it is answered as the first time, and done once.

Two guards: the answer is kept here, word for word, for a day; the command's fact keeps the key for good, so that even an answer that was
lost with its server is not worked out a second time. Not here: keeping either (ledger).
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from cairn.apps.ledger import commands, queries
from cairn.frame.actor import system
from cairn.interfaces.api.problems import Problem

API = system("api")
KEY = re.compile(r"[\x21-\x7e]{1,80}")
KEPT = ("Content-Type", "ETag", "Location")
PATIENCE = 5.0  # seconds that a repeat waits for the first to be done
LOOK_EVERY = 0.05


def key_of(request: HttpRequest) -> str:
    given = request.headers.get("Idempotency-Key", "")
    if not KEY.fullmatch(given):
        remedy = "Send Idempotency-Key with 1 to 80 characters that this request alone has, such as a UUID."
        raise Problem(400, "key-missing", "A request that changes something needs a key of its own.", remedy)
    return given


def once(request: HttpRequest, owner: str, key: str, work: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Do the work, or answer as it was answered before. An answer that says "our mistake" or "come again" is not kept."""
    key = hashlib.sha256(f"{owner}\n{key}".encode()).hexdigest()
    begun, is_mine = commands.begin_answer(actor=API, key=key, request=_digest(request))
    if not is_mine:
        return _again(key)
    lease, kept = begun.lease, False
    try:
        response = work()
        if response.status_code < 500 and "Retry-After" not in response and isinstance(response, HttpResponse):
            headers = {name: response[name] for name in KEPT if name in response}
            body, kept = response.content.decode(), True
            commands.keep_answer(actor=API, key=key, lease=lease, status=response.status_code, headers=headers, body=body)
        return response
    finally:
        if not kept:
            commands.drop_answer(actor=API, key=key, lease=lease)


def _again(key: str) -> HttpResponse:
    until = time.monotonic() + PATIENCE
    while (first := queries.kept_answer(API, key)) is None:
        if time.monotonic() > until:
            words = "The first request with this key is still at work."
            raise Problem(409, "request-at-work", words, "Send it again in a few seconds, with the same key.", Retry_After="5")
        time.sleep(LOOK_EVERY)
    response = HttpResponse(first.body, status=first.status)
    for name, value in first.headers.items():
        response[name] = value
    response["Idempotency-Replayed"] = "true"
    return response


def _digest(request: HttpRequest) -> str:
    """Of what is asked: method, address, version and content. Parts of a form count, and not the line that happens to lie between them."""
    digest = hashlib.sha256(repr((request.method, request.get_full_path(), request.headers.get("If-Match", ""))).encode())
    if request.content_type != "multipart/form-data":
        digest.update(request.body)
        return digest.hexdigest()
    for name, values in sorted(request.POST.lists()):
        digest.update(repr((name, values)).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(repr((name, file.name)).encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()
