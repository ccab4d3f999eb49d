"""The files host: evidence behind signed links. It takes no cookies and knows no page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound


def serve(request: HttpRequest) -> HttpResponse:
    return HttpResponseNotFound("There is nothing at this address.\n", content_type="text/plain; charset=utf-8")
