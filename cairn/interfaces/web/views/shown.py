"""Shared pages in words and drawings: a line in the educator's list, the parts as a reader sees them, a file behind a signed link."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from cairn.apps.credentials import queries as credentials
from cairn.apps.credentials.outward import sign_shared
from cairn.apps.credentials.queries import Recipient, ShownPage, ShownPart
from cairn.interfaces.web import checked, stones
from cairn.interfaces.web.art import Badge
from cairn.interfaces.web.looking import Look, look
from cairn.interfaces.web.middleware import files_origin
from cairn.interfaces.web.views.learning import feedback, saying
from cairn.kernel import clock

_ICONS = {"image": "image", "video": "video"}


@dataclass(frozen=True)
class Line:
    """A page in the educator's list; `state` and `said` are a state of the template tag and its words."""

    page: credentials.SharedPage
    is_open: bool
    state: str
    said: str
    names: str
    opened: int
    last: datetime | None


def line(page: credentials.SharedPage, now: datetime) -> Line:
    openings = [opening for recipient in page.recipients.all() for opening in recipient.openings.all() if opening.part_id is None]
    is_open = page.is_open(now)
    state, said = ("met", "Open") if is_open else ("later", "You ended it" if page.ended_at else "Its time is over")
    names = ", ".join(recipient.name for recipient in page.recipients.all())
    return Line(page, is_open, state, said, names, len(openings), max((o.opened_at for o in openings), default=None))


@dataclass(frozen=True)
class Part:
    """A part as a reader sees it. A credential has an answer and a badge, feedback its items, a file its words and where it opens."""

    part: ShownPart
    answer: checked.Answer | None = None
    badge: Badge | None = None
    items: tuple[feedback.Item, ...] = ()
    words: str = ""
    icon: str = "doc"
    url: str = ""


def page(request: HttpRequest, found: ShownPage, *, token: str) -> dict[str, Any]:
    """What sharing/page.html reads. Without a token it is the educator's own look at it, and files open as their own."""
    parts = [_part(found, part, token) for part in found.parts]
    return {"shown": found, "page": found.page, "parts": parts, "is_preview": not token, "zone": found.zone}


def _part(found: ShownPage, part: ShownPart, token: str) -> Part:
    if part.credential:
        told = part.credential
        answer = checked.answer(told.verification, told.line.revoked_on, clock.now(), found.zone)
        return Part(part, answer, replace(stones.badge_of(told.line.microcredential), title=told.line.title))
    if part.feedback:
        return Part(part, items=tuple(feedback.item(part.feedback, each, "") for each in part.feedback.details))
    if part.file:
        url = reverse("shared-file", args=[token, part.id]) if token else ""
        return Part(part, words=facts(part), icon=_ICONS.get(part.file.kind, "doc"), url=url)
    return Part(part, words=saying.counted(len(part.answer.split()), "word"))


def facts(part: ShownPart) -> str:
    """PDF, 4 pages; MP4, 2:10"""
    file = part.file
    assert file is not None
    long = saying.counted(file.pages, "page") if file.pages else saying.length(file.seconds) if file.seconds else saying.size(file.size)
    return f"{file.extension.upper()}, {long}"


def look_at(request: HttpRequest, recipient: Recipient, part: ShownPart) -> Look:
    assert part.file is not None
    signed = f"{files_origin(request)}/s/{sign_shared(recipient.pk, part.id)}"
    return look(request, part.file.artifact_id, part.file, part.file.name, signed=signed)
