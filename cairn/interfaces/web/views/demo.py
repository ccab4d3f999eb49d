"""The demonstration's door, through which one looks with the eyes of an invented person, and its mailbox. Nothing of it outside demo mode.

Not here: the people and their work (cairn/data/demo, interfaces.cli.demo).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml
from django.conf import settings
from django.contrib.auth import login, logout
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import urlize
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST, require_safe

from cairn.apps.catalog import queries as catalog
from cairn.apps.comms import queries as comms
from cairn.apps.credentials import queries as credentials
from cairn.apps.people import queries as people
from cairn.frame.actor import system
from cairn.interfaces.web import sessions
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.art import Badge
from cairn.interfaces.web.stones import badge_of
from cairn.interfaces.web.views.frame import Request
from cairn.kernel.errors import NotFound
from cairn.kernel.ids import Id

_SYSTEM = system("demo")
VISITOR = "visitor"
LETTERS_A_PAGE = 40
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class DoorPerson:
    """Somebody whose eyes can be borrowed: what they are in the middle of, and where to look first."""

    id: str
    name: str
    words: str
    group: str
    goes_to: str
    is_front: bool  # stands on the sign-in page too
    badge: Badge | None


@cache
def _cast() -> Mapping[str, Any]:
    """The demonstration's people, as data."""
    told: Mapping[str, Any] = yaml.safe_load((Path(settings.PACKS_DIR).parent / "demo" / "people.yaml").read_text(encoding="utf-8"))
    return told


def demo_people() -> list[DoorPerson]:
    """Everybody on the list who is here, in its order; nobody outside demo mode."""
    if not settings.DEMO:
        return []
    cast = _cast()
    told = {p["email"]: p for p in cast["people"].values() if "door" in p}
    ids = dict(people.persons(_SYSTEM).filter(email__in=told, account__is_active=True).values_list("email", "pk"))
    badges = _badges(cast["issuer"]) if ids else {}
    found = [_door_person(ids[email], p["name"], p["door"], badges) for email, p in told.items() if email in ids]
    visitor = cast["visitor"]
    return [*found, _door_person(VISITOR, visitor["name"], {"group": "organizers", "front": True, **visitor}, badges)] if found else []


def _door_person(person_id: str, name: str, door: Mapping[str, Any], badges: Mapping[str, Badge]) -> DoorPerson:
    badge = badges.get(door.get("badge", ""))
    return DoorPerson(person_id, name, door["words"], door["group"], door.get("goes_to", "/home/"), door.get("front", False), badge)


def _badges(issuer: str) -> dict[str, Badge]:
    rows = catalog.microcredentials_of(_SYSTEM, people.organization(_SYSTEM, issuer).pk).select_related("stack")
    return {row.slug: badge_of(row) for row in rows}


def front_people() -> list[DoorPerson]:
    """Those who stand on the sign-in page."""
    return [person for person in demo_people() if person.is_front]


def in_demo_mode(view: View) -> View:
    """There is no such page outside demo mode."""

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise NotFound("page")
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@in_demo_mode
def door(request: Request) -> HttpResponse:
    here = demo_people()
    groups = [(title, [p for p in here if p.group == group]) for group, title in _cast()["door_groups"].items()]
    return render(request, "demo/door.html", {"title": "Look through someone’s eyes", "groups": groups if here else []})


@require_POST
@in_demo_mode
def enter(request: Request) -> HttpResponse:
    """Sign in as one of the list; a person who is not on it cannot be looked through, whoever asks."""
    chosen = next((p for p in demo_people() if p.id == request.POST.get("person")), None)
    if chosen is None:
        raise NotFound("person in the demonstration")
    waiting = sessions.kept(request)
    logout(request)
    if chosen.id == VISITOR:
        return redirect(_shown_to_visitors())
    account = people.persons(_SYSTEM).select_related("account").get(pk=chosen.id).account
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    if waiting:
        request.session[sessions.KEPT] = waiting
    return redirect("kept" if any(sent["whose"] == chosen.id for sent in waiting.values()) else chosen.goes_to)


def _shown_to_visitors() -> str:
    """The page of one credential, as somebody without an account would be sent to it."""
    cast = _cast()
    earner = people.person_by_email(_SYSTEM, cast["people"][cast["visitor"]["sees"]]["email"])
    earned = credentials.mine(people.actor_of(earner.pk)).first() if earner else None
    return f"/credentials/{earned.pk}/" if earned else "/verify/"


@require_safe
@in_demo_mode
def mail(request: Request) -> HttpResponse:
    letters = comms.letters(_SYSTEM).select_related("person")
    to = request.GET.get("to", "")[:254]
    page = Paginator(letters.filter(address=to) if to else letters, LETTERS_A_PAGE).get_page(request.GET.get("page"))
    query = urlencode({"to": to}) + "&" if to else ""
    return render(request, "demo/mail.html", {"title": "Mail", "page": page, "to": to, "query": query, "zone": people.zone_of(None)})


@require_safe
@in_demo_mode
def letter(request: Request, letter_id: Id) -> HttpResponse:
    found = comms.letter(_SYSTEM, letter_id)
    context = {"title": found.subject, "letter": found, "text": _linked(found.text), "zone": people.zone_of(None)}
    return render(request, "demo/letter.html", context)


def _linked(text: str) -> SafeString:
    """With its addresses as links; those of this site stay on the port through which one reads."""
    return mark_safe(urlize(text, nofollow=True, autoescape=True).replace(f'href="{settings.SITE_URL}/', 'href="/'))


urlpatterns = [
    path("demo/", door, name="demo"),
    path("demo/enter/", enter, name="demo_enter"),
    path("demo/mail/", mail, name="demo_mail"),
    path("demo/mail/<id:letter_id>/", letter, name="demo_letter"),
]
