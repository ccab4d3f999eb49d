"""Saving what is typed: one field as autosave.js sends it, or a whole page without a script. Nothing is overwritten silently."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.http import JsonResponse, QueryDict

from cairn.apps.portfolio import commands
from cairn.apps.portfolio import queries as portfolio
from cairn.apps.portfolio.queries import Citation
from cairn.frame.actor import Actor
from cairn.interfaces.web.middleware import wants_json
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.learning.desk import Field, Trouble, fingerprint
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid, NotFound, Refused
from cairn.kernel.ids import is_id
from cairn.kernel.text import word_count

_WHY = "why."  # before the id of a citation: no key of a prompt has a dot in it
_STALE = "changed-elsewhere"


def is_autosave(request: Request) -> bool:
    return request.method == "POST" and wants_json(request) and "field" in request.POST


def one(viewer: Actor, enrollment_id: str, sent: QueryDict) -> JsonResponse:
    """The protocol of static/cairn/js/autosave.js."""
    name, text = sent.get("field", ""), sent.get("value", "")
    try:
        at, revision, words = _save(viewer, enrollment_id, name, text, _revision(sent.get("version", "")))
    except Conflict as refusal:
        if refusal.code != _STALE:
            raise
        value, version = _current(viewer, enrollment_id, name)
        return JsonResponse({"current": {"value": value, "version": version}, "message": refusal.message}, status=409)
    return JsonResponse({"saved_at": at.isoformat(), "version": revision, "words": words})


def all_of(viewer: Actor, enrollment_id: str, fields: Iterable[Field], sent: QueryDict) -> dict[str, Trouble]:
    """Every text that the page sent and that was touched on it; what could not be saved comes back by its name."""
    troubles = {}
    for name in (each.name for each in fields if each.name in sent):
        text = sent.get(name, "").replace("\r\n", "\n")
        version, _, seen = sent.get(f"seen-{name}", "").partition(":")
        if fingerprint(text) == seen:
            continue
        try:
            _save(viewer, enrollment_id, name, text, _revision(version))
        except Refused as refusal:
            other = _current(viewer, enrollment_id, name)[0] if refusal.code == _STALE else None
            troubles[name] = Trouble(refusal, text, other)
    return troubles


def _revision(sent: str) -> int:
    if not (sent.isascii() and sent.isdigit() and len(sent) < 9):
        raise Invalid(
            "version-missing", "This page does not say which version it shows.", "Copy your text, reload the page, and put it in again."
        )
    return int(sent)


def _save(viewer: Actor, enrollment_id: str, name: str, text: str, revision: int) -> tuple[datetime, int, int]:
    """When it was saved, its revision, its words."""
    if not name.startswith(_WHY):
        writing = commands.write(actor=viewer.with_key(""), enrollment_id=enrollment_id, prompt=name, text=text, revision=revision)
        return writing.saved_at, writing.revision, writing.words
    cited = _cited(viewer, name)
    saved = commands.change_citation(
        actor=viewer.with_key(""), enrollment_id=enrollment_id, citation_id=cited.pk, page=cited.page, from_seconds=cited.from_seconds,
        to_seconds=cited.to_seconds, explanation=text, revision=revision,
    )  # fmt: skip
    return clock.now(), saved.revision, word_count(saved.explanation)


def _current(viewer: Actor, enrollment_id: str, name: str) -> tuple[str, int]:
    """What is saved now under the name, and its revision."""
    if name.startswith(_WHY):
        cited = _cited(viewer, name)
        return cited.explanation, cited.revision
    writing = portfolio.writing(viewer, enrollment_id, name)
    return (writing.text, writing.revision) if writing else ("", 0)


def _cited(viewer: Actor, name: str) -> Citation:
    citation_id = name.removeprefix(_WHY)
    if not is_id(citation_id):
        raise NotFound("citation")
    return portfolio.citation(viewer, citation_id)
