"""Documents for software anywhere: signed credentials, status lists, the site's keys. Read by many, and the same for everybody.

They are answered ahead of sessions and all that pages need: nobody's rights change them, and verifiers ask for them often.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, URLResolver
from django.urls.resolvers import RegexPattern
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from cairn.apps.credentials import queries as credentials
from cairn.frame.actor import VISITOR
from cairn.interfaces.web.addresses import path
from cairn.kernel.errors import Refused

SIGNED = "application/vc+ld+json"


def published(request: HttpRequest, body: bytes, kind: str, seconds: int = 300) -> HttpResponse:
    """A document for machines anywhere: read from any site, kept for a while, and sent again only when it changed."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type=kind, headers={"Cache-Control": f"public, max-age={seconds}", "ETag": etag})
    response = get_conditional_response(request, etag=etag, response=response) or response
    response["Access-Control-Allow-Origin"], response["X-Robots-Tag"] = "*", "noindex"
    return response


@require_safe
def document(request: HttpRequest, credential_id: str) -> HttpResponse:
    """The exact bytes that were signed."""
    return published(request, credentials.signed(VISITOR, credential_id).encode(), SIGNED)


@require_safe
def did(request: HttpRequest) -> HttpResponse:
    return published(request, json.dumps(credentials.did_document(VISITOR)).encode(), "application/json", seconds=30)


@require_safe
def status(request: HttpRequest, number: int) -> HttpResponse:
    return published(request, credentials.status_list(VISITOR, number).encode(), SIGNED, seconds=30)


urlpatterns = [
    path("credentials/<id:credential_id>.json", document, name="credential_document"),
    path(".well-known/did.json", did, name="did"),
    path("status/<int:number>", status, name="status"),
]


def middleware(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answers what has an address above; what has none, or is refused, goes the way of pages."""
    addresses = URLResolver(RegexPattern(r"^/"), urlpatterns)

    def answer(request: HttpRequest) -> HttpResponseBase:
        try:
            found = addresses.resolve(request.path_info)
            response: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
        except (Resolver404, Refused):
            return get_response(request)
        return response

    return answer
