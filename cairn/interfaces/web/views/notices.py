"""One's own notices, how one wants letters, and the link at the foot of a letter that ends those like it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.apps.comms import commands
from cairn.apps.comms import queries as comms
from cairn.apps.people import queries as people
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.forms.letters import PreferencesForm
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done
from cairn.kernel.ids import Id

A_PAGE = 25


@require_safe
@login_required
def notices(request: Request) -> HttpResponse:
    page = Paginator(comms.my_notices(request.actor), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "letters/notices.html", {"page": page, "query": ""})


@login_required
@require_POST
def read(request: Request, letter_id: Id) -> HttpResponse:
    """Mark it, and go where it leads."""
    letter = commands.mark_read(actor=request.actor, letter_id=letter_id)
    return redirect(letter.path if request.POST.get("go") and letter.path.startswith("/") else reverse("notices"))


@login_required
@require_POST
def read_all(request: Request) -> HttpResponse:
    commands.mark_all_read(actor=request.actor)
    messages.success(request, "All marked as read.")
    return redirect("notices")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: Request) -> HttpResponse:
    viewer = request.actor
    form = PreferencesForm(request.POST or None, preferences=comms.my_preferences(viewer))

    def change(told: dict[str, Any]) -> None:
        commands.change_preferences(actor=viewer, hows=form.hows(), quiet_from=told["quiet_from"], quiet_until=told["quiet_until"])

    if form.is_bound and done(form, change):
        messages.success(request, "Saved. It counts from the next letter.")
        return redirect("preferences")
    feed, zone = comms.my_feed(viewer), people.zone_of(viewer.person_id)
    context = {"form": form, "feed": feed, "address": _address(request, feed), "zone_words": zone.key.rpartition("/")[2].replace("_", " ")}
    return render(request, "letters/preferences.html", context, status=422 if form.errors else 200)


def _address(request: Request, feed: Any) -> str:
    return request.build_absolute_uri(reverse("feed", args=[comms.feed_token(feed)])) if feed else ""


@login_required
@require_POST
def renew_feed(request: Request) -> HttpResponse:
    commands.begin_feed(actor=request.actor)
    messages.success(request, "Here is a new address for your dates. An earlier one has ended.")
    return redirect(reverse("preferences") + "#calendar")


@login_required
@require_POST
def stop_feed(request: Request) -> HttpResponse:
    commands.end_feed(actor=request.actor)
    messages.success(request, "The address of your dates has ended.")
    return redirect(reverse("preferences") + "#calendar")


@csrf_exempt  # RFC 8058 section 3.2: mail programs post here by themselves, without a session; the link is what counts
@require_http_methods(["GET", "HEAD", "POST"])
def end_letters(request: Request, letter_link: str) -> HttpResponse:
    """A look asks, a press of the button acts: programs that look at every link of a letter end nothing."""
    titles = comms.meant_by(letter_link)
    if request.method == "POST":
        commands.end_letters(actor=request.actor.with_key(""), link=letter_link)
    return render(request, "letters/end.html", {"titles": titles, "is_done": request.method == "POST"})


urlpatterns = [
    path("notices/", notices, name="notices"),
    path("notices/read/", read_all, name="notices_read"),
    path("notices/<id:letter_id>/read/", read, name="notice_read"),
    path("account/notices/", preferences, name="preferences"),
    path("account/calendar/", renew_feed, name="feed_renew"),
    path("account/calendar/end/", stop_feed, name="feed_end"),
    path("letters/<str:letter_link>/", end_letters, name="end_letters"),
]
