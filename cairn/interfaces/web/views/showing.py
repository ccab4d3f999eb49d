"""Pages that educators share: making and ending one's own, and reading one through its link. Not here: its words and drawings (reading)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.apps.credentials import commands
from cairn.apps.credentials import queries as credentials
from cairn.apps.people import queries as people
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.forms.sharing import PasscodeForm, SharePageForm, UntilForm
from cairn.interfaces.web.views import shown
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done
from cairn.kernel import clock

FORM, A_PAGE = ["GET", "HEAD", "POST"], 25


# --- The educator's own ----------------------------------------------------------------------------------------------


@login_required
@require_safe
def mine(request: Request) -> HttpResponse:
    """What is shown to whom, until when, and whether they have opened it."""
    zone, now = people.zone_of(request.actor.person_id), clock.now()
    page = Paginator(credentials.shared_pages(request.actor), A_PAGE).get_page(request.GET.get("page"))
    lines = [shown.line(each, now) for each in page]
    count = sum(line.is_open for line in lines)
    return render(request, "sharing/mine.html", {"page": page, "lines": lines, "open": count, "zone": zone})


@login_required
@require_http_methods(FORM)
def compose(request: Request) -> HttpResponse:
    """The page that answers the form is the only one that ever shows its links."""
    groups, today = credentials.choices(request.actor), clock.today(people.zone_of(request.actor.person_id))
    form = SharePageForm(request.POST or None, groups=groups, today=today, initial=_begun(request))
    made: list[Any] = []
    if form.is_bound and done(form, lambda _: made.append(commands.share_page(actor=request.actor, **form.told()))):
        page = credentials.shared_page(request.actor, made[0].pk)
        return _links(request, page, list(page.recipients.all()))
    return render(request, "sharing/compose.html", {"form": form, "groups": groups}, status=422 if form.errors else 200)


def _begun(request: Request) -> dict[str, Any]:
    """What is ticked when the form is opened: what the address names, or all that another page showed."""
    if not request.GET.get("like"):
        return {"parts": request.GET.getlist("part")}
    page = credentials.shared_page(request.actor, request.GET["like"])
    keys = {f"{p.kind}-{p.credential_id or p.decision_id or p.artifact_id or p.writing_id}": p.note for p in page.parts.all()}
    return {"title": page.title, "words": page.words, "parts": list(keys), **{f"note-{key}": note for key, note in keys.items()}}


def _links(request: Request, page: Any, recipients: list[Any]) -> HttpResponse:
    links = [(each, f"{settings.SITE_URL}{credentials.link_of(each)}") for each in recipients]
    return render(request, "sharing/links.html", {"page": page, "links": links, "zone": people.zone_of(request.actor.person_id)})


@login_required
@require_http_methods(FORM)
def one(request: Request, page_id: str) -> HttpResponse:
    """Who has it, who opened it and when; and how long it is shown."""
    page, zone = credentials.shared_page(request.actor, page_id), people.zone_of(request.actor.person_id)
    form = UntilForm(request.POST or None, initial={"until": page.expires_at.astimezone(zone).date()})
    if form.is_bound and done(form, lambda told: commands.extend_page(actor=request.actor, page_id=page.pk, **told)):
        messages.success(request, "It is shown until then.")
        return redirect("shared-own", page.pk)
    context = {
        "line": shown.line(page, clock.now()),
        "form": form,
        "zone": zone,
        "parts": credentials.as_read(request.actor, page.pk).parts,
    }
    return render(request, "sharing/one.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def preview(request: Request, page_id: str) -> HttpResponse:
    """One's own page as its readers see it; this opens nothing, and counts as nothing."""
    found = credentials.as_read(request.actor, page_id)
    return render(request, "sharing/page.html", shown.page(request, found, token=""))


@login_required
@require_POST
def end(request: Request, page_id: str) -> HttpResponse:
    page = commands.end_page(actor=request.actor, page_id=page_id)
    messages.success(request, f"“{page.title}” is closed, for everybody.")
    return redirect("shared-mine")


@login_required
@require_POST
def renew(request: Request, recipient_id: str) -> HttpResponse:
    recipient = commands.renew_link(actor=request.actor, recipient_id=recipient_id)
    return _links(request, credentials.shared_page(request.actor, recipient.page_id), [recipient])


@login_required
@require_POST
def end_link(request: Request, recipient_id: str) -> HttpResponse:
    recipient = commands.end_link(actor=request.actor, recipient_id=recipient_id)
    messages.success(request, f"The link of {recipient.name} leads nowhere any more.")
    return redirect("shared-own", recipient.page_id)


# --- Through a link --------------------------------------------------------------------------------------------------


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Kept by no cache, found by no search, and its address, which opens it, is told to no other site."""

    @wraps(view)
    def guarded(request: Request, **ids: str) -> HttpResponse:
        response = view(request, **ids)
        response["X-Robots-Tag"], response["Cache-Control"] = "noindex, noarchive", "private, no-store"
        response.setdefault("Referrer-Policy", "no-referrer")
        return response

    return guarded


def unlocked(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets whose link it is, once the passcode was given in this session where there is one; else the door is answered."""

    @wraps(view)
    def guarded(request: Request, share_token: str, **ids: str) -> HttpResponse:
        recipient = credentials.recipient_with(request.actor, share_token)
        known = request.session.get(_proof(recipient)) == recipient.secret_hash
        if recipient.page.passcode and not known and recipient.page.person_id != request.actor.person_id:
            return _door(request, share_token, recipient)
        return view(request, share_token, recipient, **ids)

    return guarded


def _proof(recipient: credentials.Recipient) -> str:
    return f"shared-{recipient.pk}"


def _door(request: Request, token: str, recipient: credentials.Recipient) -> HttpResponse:
    form = PasscodeForm(request.POST or None)
    tried: list[credentials.Recipient] = []
    if form.is_bound and done(
        form, lambda told: tried.append(commands.try_passcode(actor=request.actor.with_key(""), secret=token, **told))
    ):
        if tried[0].wrong_tries == 0:
            request.session[_proof(recipient)] = recipient.secret_hash
            return redirect("shared-page", token)
        form.add_error("passcode", f"This is not the passcode. {credentials.PASSCODE_TRIES - tried[0].wrong_tries} tries are left.")
    response = render(request, "sharing/door.html", {"form": form, "session": None}, status=422 if form.errors else 200)
    response["Referrer-Policy"] = "same-origin"  # with no-referrer a browser calls the form's origin null, and it is taken for forged
    return response


@require_http_methods(FORM)
@private
@unlocked
def read(request: Request, token: str, recipient: credentials.Recipient) -> HttpResponse:
    if request.method == "POST":  # the passcode, sent twice
        return redirect("shared-page", token)
    found = credentials.read_page(request.actor, token)
    if request.method == "GET":
        commands.note_opening(actor=request.actor.with_key(""), secret=token)
    return render(request, "sharing/page.html", {**shown.page(request, found, token=token), "session": None})


@require_safe
@private
@unlocked
def file(request: Request, token: str, recipient: credentials.Recipient, part_id: str) -> HttpResponse:
    found = credentials.read_page(request.actor, token)
    part = found.file(part_id)
    if request.method == "GET":
        commands.note_opening(actor=request.actor.with_key(""), secret=token, part_id=part_id)
    context = {"shown": found, "part": part, "seen": shown.look_at(request, recipient, part), "token": token, "session": None}
    return render(request, "sharing/file.html", context)


_OWN = "portfolio/shared/"
urlpatterns = [
    path(_OWN, mine, name="shared-mine"),
    path(f"{_OWN}new/", compose, name="shared-new"),
    path(f"{_OWN}<id:page_id>/", one, name="shared-own"),
    path(f"{_OWN}<id:page_id>/see/", preview, name="shared-preview"),
    path(f"{_OWN}<id:page_id>/end/", end, name="shared-end"),
    path(f"{_OWN}links/<id:recipient_id>/new/", renew, name="shared-renew"),
    path(f"{_OWN}links/<id:recipient_id>/end/", end_link, name="shared-end-link"),
    path("shared/<str:share_token>/", read, name="shared-page"),
    path("shared/<str:share_token>/files/<id:part_id>/", file, name="shared-file"),
]
