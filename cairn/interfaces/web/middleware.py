"""What every request passes: security headers, the split between the two hosts, who acts, and refusals told kindly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotFound, JsonResponse
from django.shortcuts import redirect, render

from cairn.apps.ledger.queries import KEY_REUSED, was_done
from cairn.apps.people.queries import actor_of_account
from cairn.interfaces.web import files, signing, support, visits
from cairn.interfaces.web.sessions import ASKING
from cairn.kernel.errors import Forbidden, Refused
from cairn.kernel.ids import is_id

Answer = Callable[[HttpRequest], HttpResponseBase]
GOES_TO = "goes_to"  # in the session: where somebody was led away from, to set up a second step first
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
HEALTH = ("/healthz", "/readyz")  # asked by machines, by whichever name they reach this one


def files_origin(request: HttpRequest) -> str:
    """Where evidence is served from. On this machine the port may have changed since the first run."""
    return f"http://{settings.FILES_HOST}:{request.get_port()}" if settings.IS_LOCAL else settings.FILES_URL


def headers(get_response: Answer) -> Answer:
    """The same strict headers on each page; evidence brings its own, stricter ones."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if "Content-Security-Policy" not in response:
            evidence = files_origin(request)
            response["Content-Security-Policy"] = (
                "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
                f"img-src 'self' data: {evidence}; media-src blob: {evidence}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
            )
        response.setdefault("X-Content-Type-Options", "nosniff")
        response.setdefault("Referrer-Policy", "same-origin")
        response.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.setdefault("X-Frame-Options", "DENY")
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
        if response.cookies:  # whatever the page itself said: a cookie is for one browser
            response["Cache-Control"] = "private, no-store"
        elif request.META.get("HTTP_COOKIE"):
            response.setdefault("Cache-Control", "private, no-store")
        if settings.SECURE_HSTS_SECONDS:
            response.setdefault("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}")
        return response

    return middleware


def hosts(get_response: Answer) -> Answer:
    """The files host serves signed links to evidence and nothing else; the site never serves evidence."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        host = _host(request)
        if "\0" in request.path:
            return HttpResponseNotFound("There is nothing at this address.\n", content_type="text/plain; charset=utf-8")
        if host == settings.FILES_HOST and request.path not in HEALTH:
            return files.serve(request)
        if host not in (settings.SITE_HOST, settings.FILES_HOST):
            return HttpResponseNotFound("There is no such site here.\n", content_type="text/plain; charset=utf-8")
        return get_response(request)

    return middleware


def _host(request: HttpRequest) -> str | None:
    """The name in the Host header; None where it is none, or names a port that is not ours: letters repeat it in their links."""
    try:
        told = urlsplit(f"//{request.META.get('HTTP_HOST', '')}")
        own = {None, 80, 443, urlsplit(settings.SITE_URL).port, urlsplit(settings.FILES_URL).port}
        return told.hostname if settings.IS_LOCAL or told.port in own else None
    except ValueError:
        return None


def actor(get_response: Answer) -> Answer:
    """`request.actor`: who asks, with the roles held now, and the form's key so that a double click happens once."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and request.path != ASKING:
            visits.note(request)
        who = actor_of_account(request.user, lambda: signing.has_shown_second_step(request))
        who = support.who_asks(request, who)
        key = request.headers.get("Idempotency-Key", "")
        if not key and who.is_known and request.method == "POST" and request.content_type in FORMS:
            sent = request.POST.get("key", "")
            key = sent if is_id(sent) else ""
        request.actor = who.with_key(key[:80])  # type: ignore[attr-defined]
        if request.session.get(GOES_TO) == request.get_full_path() and not who.withheld:
            del request.session[GOES_TO]
        return get_response(request)

    return middleware


def wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


class Refusals:
    """A refusal becomes a page, a JSON answer, or, where a form asked, a message on the page it came from."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: Mapping[str, str]) -> HttpResponse | None:
        if refusal := support.why_not(request):
            return refused(request, refusal)
        asked = request.resolver_match.url_name if request.resolver_match else ""
        try:
            return signing.owner_first(request, kwargs["key"]) if asked == "account_confirm_email" else None
        except Refused as refusal:
            return refused(request, refusal)

    def process_exception(self, request: HttpRequest, refusal: Exception) -> HttpResponse | None:
        if not isinstance(refusal, Refused):
            return None
        if is_repeated(request, refusal):
            messages.info(request, "This was done when you sent it the first time. Nothing was done twice.")
            return redirect("home")
        withheld = request.actor.withheld if refusal.status in (403, 404) else ()  # type: ignore[attr-defined]
        if not withheld:
            return refused(request, refusal)
        if request.method == "GET" and not wants_json(request) and not request.htmx:  # type: ignore[attr-defined]
            request.session[GOES_TO] = request.get_full_path()
            return redirect("mfa_index")
        return refused(request, _second_step_first(withheld))


def is_repeated(request: HttpRequest, refusal: Refused) -> bool:
    """Whether a form is refused only because it was taken before: whoever sends it again has not heard so."""
    is_form = request.method == "POST" and not wants_json(request) and not request.htmx  # type: ignore[attr-defined]
    return is_form and refusal.status in (404, 409) and refusal.code != KEY_REUSED and was_done(request.actor)  # type: ignore[attr-defined]


def _second_step_first(roles: tuple[str, ...]) -> Forbidden:
    what = f"What you do as {' and '.join(roles)} asks for a second step at sign-in, which you have not shown."
    return Forbidden("second-step-missing", what, "Set one up in your account, or sign in with it.")


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    if wants_json(request):
        told = {"code": refusal.code, "message": refusal.message, "remedy": refusal.remedy, "fields": dict(refusal.fields)}
        return JsonResponse(told, status=refusal.status)
    if getattr(request, "htmx", None) and not request.htmx.boosted:  # type: ignore[attr-defined]
        return render(request, "parts/refusal.html", {"refusal": refusal}, status=refusal.status)
    return render(request, "errors/refused.html", {"refusal": refusal, "title": refusal.message}, status=refusal.status)
