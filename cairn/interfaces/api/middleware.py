"""Around all of this face: HEAD and OPTIONS are answered for each address (RFC 9110 sections 9.3.2 and 9.3.7), and what Django refuses
before a route is reached, or because something of ours broke, is told as all other problems are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from cairn.interfaces.api.problems import TYPE, Problem, answer

ROOT = "/api/"
# Status: code, message, remedy.
WORDS: Mapping[int, tuple[str, str, str]] = {
    400: ("not-readable", "This request cannot be read.", "Compare it with /api/v1/openapi.json."),
    403: ("forbidden", "You may not do this.", "Ask an admin of your organization."),
    404: ("not-found", "There is nothing at this address.", "The addresses stand in /api/v1/openapi.json."),
    405: ("method-not-allowed", "This address does not take this method.", "Use one of those that Allow names."),
    413: ("too-large", "This request is larger than any that is taken here.", "Make it smaller."),
    500: (
        "broken",
        "Something of ours is broken; it is not your fault.",
        "Nothing that was saved is lost. Send it again with the same key.",
    ),
    503: ("not-ready", "The site cannot answer just now.", "Send it again in a minute, with the same key."),
    507: ("storage-full", "This site has no room left, so nothing was saved.", "Send it again in a few minutes, with the same key."),
}


def problems(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(ROOT):
            return get_response(request)
        asked = str(request.method)
        request.method = "GET" if asked == "HEAD" else asked  # the server leaves the body out
        response = get_response(request)
        request.method = asked
        if response.status_code == 405:
            response["Allow"] = _allowed(response["Allow"])
        if asked == "OPTIONS" and response.status_code == 405:
            response = HttpResponse(status=204, headers={"Allow": response["Allow"]})
        if response.status_code in WORDS and response.get("Content-Type") != TYPE:
            response = _problem(response.status_code, {name: response[name] for name in ("Allow", "Retry-After") if name in response})
        response.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def _allowed(methods: str) -> str:
    """POST, GET -> GET, HEAD, OPTIONS, POST"""
    taken = {*methods.split(", "), "OPTIONS"}
    return ", ".join(sorted(taken | ({"HEAD"} if "GET" in taken else set())))


def _problem(status: int, headers: Mapping[str, str] | None = None) -> HttpResponseBase:
    response = answer(Problem(status, *WORDS[status]))
    for name, value in (headers or {}).items():
        response[name] = value
    return response
