"""Letters in an organization's own words: which there are, what may stand in them, and how they are filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.template.loader import render_to_string

from cairn.apps.comms.models import Nudge, Wording
from cairn.apps.comms.states import ALWAYS, WORDED, Worded
from cairn.frame.actor import Actor
from cairn.kernel.errors import Invalid, NotFound

_PLACE = re.compile(r"\{([a-z_]+)\}")
LONGEST_SUBJECT, LONGEST_TEXT = 200, 10_000


@dataclass(frozen=True)
class Words:
    """Subject and text with placeholders; `number` counts the organization's versions, 0 where it never had its own."""

    kind: str
    worded: Worded
    subject: str
    text: str
    number: int
    is_ours: bool
    places: tuple[str, ...]


def worded(viewer: Actor, organization_id: str, kind: str) -> Words:
    """What the organization's letters of this kind say now."""
    if kind not in WORDED:
        raise NotFound("letter")
    last = Wording.objects.visible_to(viewer).filter(organization_id=organization_id, kind=kind).order_by("-number").first()
    return _words(kind, last)


def all_worded(viewer: Actor, organization_id: str) -> tuple[Words, ...]:
    own = Wording.objects.visible_to(viewer).filter(organization_id=organization_id).order_by("number")
    last = {wording.kind: wording for wording in own}
    return tuple(_words(kind, last.get(kind)) for kind in WORDED)


def wordings(viewer: Actor, organization_id: str, kind: str) -> QuerySet[Wording]:
    """Its versions, the latest first."""
    found = Wording.objects.visible_to(viewer).filter(organization_id=organization_id, kind=kind).select_related("made_by")
    return found.order_by("-number")


def nudges(viewer: Actor, organization_id: str) -> QuerySet[Nudge]:
    found = Nudge.objects.visible_to(viewer).filter(organization_id=organization_id).select_related("made_by")
    return found.order_by("-made_at", "pk")


def nudge_kinds() -> tuple[tuple[str, str], ...]:
    """Kind and title of each, for those who choose."""
    return tuple((kind, each.title) for kind, each in WORDED.items() if each.is_nudge)


def _words(kind: str, last: Wording | None) -> Words:
    subject, text = (last.subject, last.text) if last and last.subject else ours(kind)
    return Words(kind, WORDED[kind], subject, text, last.number if last else 0, not (last and last.subject), places(kind))


def places(kind: str) -> tuple[str, ...]:
    """Names of what is filled in."""
    return (*ALWAYS, *WORDED[kind].sample)


def ours(kind: str) -> tuple[str, str]:
    """Our own subject and text, with placeholders in place of words."""
    blanks = {name: f"{{{name}}}" for name in places(kind)}
    text = render_to_string(f"comms/{kind}.txt", {**blanks, "path": "{link}", "site": settings.SITE_URL})
    subject, _, body = text.replace(f"{settings.SITE_URL}{{link}}", "{link}").strip().partition("\n")
    return subject.strip(), body.strip() + "\n"


def require_sound(kind: str, subject: str, text: str) -> None:
    """Invalid where something would stand in a letter that nothing fills in: only names from the list, and no other braces."""
    if kind not in WORDED:
        raise NotFound("letter")
    told: dict[str, str] = {}
    known = places(kind)
    for field, written, most in (("subject", subject, LONGEST_SUBJECT), ("text", text, LONGEST_TEXT)):
        unknown = sorted({name for name in _PLACE.findall(written) if name not in known})
        if not written.strip():
            told[field] = "Write something."
        elif len(written) > most:
            told[field] = f"At most {most:,} characters; this has {len(written):,}."
        elif unknown:
            told[field] = f"Nothing is filled in for {_listed(unknown)}. You may use {_listed(known)}."
        elif set("{}") & set(_PLACE.sub("", written)):
            told[field] = f"Braces stand only around the names that are filled in: {_listed(known)}."
    if told:
        words = "This letter cannot be written like that."
        raise Invalid("wording-unsound", words, "Mend what is marked; nothing that you wrote is lost.", told)


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


def filled(written: str, words: Mapping[str, Any]) -> str:
    """With each placeholder replaced once; what is filled in is never looked at again."""
    return _PLACE.sub(lambda place: str(words.get(place[1], "")), written)


def letter_of(written: tuple[str, str], words: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and text for one reader; a letter that leads somewhere says where, whether its writer thought of it or not."""
    subject, text = written
    body = filled(text, words).strip()
    if words.get("link") and "{link}" not in text:
        body += f"\n\n{words['link']}"
    return " ".join(filled(subject, words).split())[:LONGEST_SUBJECT], body + "\n"


def sample(kind: str, subject: str, text: str, **known: str) -> tuple[str, str]:
    """How it would read, with words that stand for those of a real letter."""
    require_sound(kind, subject, text)
    return letter_of((subject, text), {**ALWAYS, **WORDED[kind].sample, **known})


def own_wording(organization_id: str, kind: str) -> tuple[str, str] | None:
    """What the organization wrote in place of our words; None where ours stand. For commands that write letters."""
    if not organization_id or kind not in WORDED:
        return None
    last = Wording.objects.filter(organization_id=organization_id, kind=kind).order_by("-number").first()
    return (last.subject, last.text) if last and last.subject else None
