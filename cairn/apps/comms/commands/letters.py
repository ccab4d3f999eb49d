"""Writing letters, and letting those go that waited. Sending them is outward work (outward.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from cairn.apps.comms import events, policy
from cairn.apps.comms.models import Letter, Nudge, Preferences
from cairn.apps.comms.queries.notices import Notice
from cairn.apps.comms.queries.preferences import Route, Routes, how_of, routes
from cairn.apps.comms.queries.wordings import letter_of, ours, own_wording, require_sound
from cairn.apps.comms.states import DIGEST, LETTER, WORDED
from cairn.apps.ledger.steps import record
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, NotFound

NUDGED_AT_ONCE = 500


@command
def write_letter(*, actor: Actor, kind: str, address: str, subject: str, text: str) -> Letter:
    """One letter in ready words: sign-in links and the like."""
    letter = Letter.objects.create(kind=kind, address=address.lower(), subject=" ".join(subject.split())[:200], text=text)
    record(events.POSTED, actor=actor, subject=letter, kind=kind)
    return letter


@command
def post(*, actor: Actor, cause: str, notices: Sequence[Notice], category: str = "account", organization: str = "") -> None:
    """Write each notice once, in the organization's words where it has its own, else from the template that bears the name of its kind."""
    ways = routes(actor, (notice.person_id for notice in notices))
    called = _name_of(actor, organization) if organization else ""
    for notice in notices:
        if notice.address:
            _write(actor, notice, _said(notice, organization, called), ways, cause=cause, category=category, organization=organization)


def _write(
    actor: Actor, notice: Notice, said: tuple[str, str], ways: Routes, *, category: str, organization: str, cause: str = "", once: str = ""
) -> bool:
    """Whether it was written now; one with the same cause, or the same `once`, was written before."""
    key = {"once": once, "address": notice.address} if once else {"cause": cause, "kind": notice.kind, "address": notice.address}
    way = ways.of(notice.person_id, category, clock.now())
    letter, made = Letter.objects.get_or_create(
        **key,
        defaults={
            "kind": notice.kind, "cause": cause, "category": category, "organization_id": organization or None, "subject": said[0],
            "person_id": notice.person_id or None, "text": said[1], "state": way.state,
            "path": str(notice.words.get("path") or notice.words.get("link") or "")[:400],
            "waits_for": way.waits_for, "goes_at": way.goes_at,
        },
    )  # fmt: skip
    if made:
        _record(actor, letter, way)
    return made


def _record(actor: Actor, letter: Letter, way: Route) -> None:
    organization = letter.organization_id or ""
    if way.state == "queued":
        record(events.POSTED, actor=actor, subject=letter, organization=organization, kind=letter.kind)
    else:
        record(events.KEPT, actor=actor, subject=letter, organization=organization, kind=letter.kind, waits_for=way.waits_for)


def _said(notice: Notice, organization: str, called: str) -> tuple[str, str]:
    own = own_wording(organization, notice.kind)
    if own:
        return letter_of(own, _words(notice, called))
    text = render_to_string(f"comms/{notice.kind}.txt", {**notice.words, "name": notice.name, "site": settings.SITE_URL})
    subject, _, body = text.strip().partition("\n")
    return subject.strip()[:200], body.strip() + "\n"


def _words(notice: Notice, organization: str) -> Mapping[str, Any]:
    path = notice.words.get("path", "")
    return {**notice.words, "name": notice.name, "organization": organization, "link": f"{settings.SITE_URL}{path}" if path else ""}


def _name_of(actor: Actor, organization_id: str) -> str:
    found = people.organizations(actor, [organization_id]).first()
    return found.name if found else ""


@command
def mark_sent(*, actor: Actor, letter_id: str) -> Letter:
    letter = Letter.objects.visible_to(actor).locked(pk=letter_id)
    if letter.state == "queued":
        LETTER.move(letter, to="sent")
        letter.sent_at = clock.now()
        letter.save(update_fields=["state", "sent_at"])
        record(events.SENT, actor=actor, subject=letter, kind=letter.kind)
    return letter


# --- Nudges ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Desk:
    """From where one writes: an organization, and the program in it where it is that program's coordinator who does."""

    pk: str
    name: str
    program_id: str = ""


@command
def nudge(
    *, actor: Actor, organization_id: str, kind: str, notices: Sequence[Notice], subject: str = "", text: str = "", program_id: str = ""
) -> Nudge:
    """Write to participants whom the caller's query has chosen, each at most once a day (theirs) for each kind and organization.

    `subject` and `text` hold placeholders; without them the organization's wording counts, or ours. Of each notice the address and the
    words count, "path" among them.
    """
    organization = people.organizations(actor, [organization_id]).first()
    if organization is None or kind not in WORDED or not WORDED[kind].is_nudge:
        raise NotFound("letter")
    policy.NUDGE.require(actor, Desk(organization.pk, organization.name, program_id))
    if len(notices) > NUDGED_AT_ONCE:
        raise Conflict("nudged-too-many", f"One letter goes to at most {NUDGED_AT_ONCE} people.", "Choose fewer, and write twice.")
    said = (subject, text) if subject or text else own_wording(organization_id, kind) or ours(kind)
    require_sound(kind, *said)
    made = Nudge.objects.create(
        organization_id=organization_id, program=program_id, kind=kind, subject=said[0], text=said[1], made_by_id=actor.person_id
    )
    fact = record(events.NUDGED, actor=actor, subject=made, organization=organization_id, kind=kind, program=program_id,
                  chosen=len(notices))  # fmt: skip
    ways, now = routes(actor, (notice.person_id for notice in notices)), clock.now()
    for notice in (each for each in notices if each.address):
        today = now.astimezone(ways.zone_of(notice.person_id)).date()
        sent = Notice(kind, notice.person_id, notice.name, notice.address, notice.words)
        once = f"{kind} {organization_id} {notice.person_id} {today}"
        made.told += _write(actor, sent, letter_of(said, _words(sent, organization.name)), ways, category="deadlines",
                            organization=organization_id, cause=fact.uid, once=once)  # fmt: skip
    made.left_out = len(notices) - made.told
    if notices and not made.told:
        raise Conflict("nudged-today", "Each of them has had a letter of this kind today.", "Write again tomorrow, or write another kind.")
    made.save(update_fields=["told", "left_out"])
    return made


# --- Letters that waited -----------------------------------------------------------------------------------------------


@command
def let_go(*, actor: Actor, person_id: str) -> None:
    """The wait is over for some of the person's letters: those of the night go, those for a digest are told of in one."""
    now = clock.now()
    due = list(_due(person_id, now).select_for_update(of=("self",)).order_by("created_at", "pk"))
    chosen = Preferences.objects.filter(person_id=person_id).first()
    for_digest: list[Letter] = []
    for letter in due:
        if how_of(chosen, letter.category) == "here":  # chosen meanwhile
            _move(letter, "kept")
        elif letter.waits_for == "morning":
            _move(letter, "queued")
            record(events.POSTED, actor=actor, subject=letter, organization=letter.organization_id or "", kind=letter.kind)
        else:
            for_digest.append(letter)
    for period in sorted({letter.goes_at for letter in for_digest if letter.goes_at}):
        _gather(actor, person_id, period, [letter for letter in for_digest if letter.goes_at == period])


def _due(person_id: str, now: datetime) -> Any:
    return Letter.objects.filter(person_id=person_id, state="waiting", goes_at__lte=now)


def _move(letter: Letter, to: str) -> None:
    LETTER.move(letter, to=to)
    letter.goes_at = None
    letter.save(update_fields=["state", "goes_at"])


def _gather(actor: Actor, person_id: str, period: datetime, letters: Sequence[Letter]) -> None:
    """One digest for a person and a period; what comes too late for it waits for the next."""
    once = f"digest {person_id} {period:%Y-%m-%dT%H:%MZ}"
    if Letter.objects.filter(once=once).exists():
        for letter in letters:
            letter.goes_at = routes(actor, [person_id]).of(person_id, letter.category, clock.now()).goes_at or clock.now()
            letter.save(update_fields=["goes_at"])
        return
    person = people.persons(actor).get(pk=person_id)
    notice = Notice(DIGEST, person_id, person.name, person.email, {"count": len(letters), "letters": letters})
    if person.email:
        subject, text = _said(notice, "", "")
        digest = Letter.objects.create(
            kind=DIGEST, once=once, person_id=person_id, address=person.email, category="news", subject=subject, text=text,
            path="/notices/", read_at=clock.now(),
        )  # fmt: skip
        record(events.GATHERED, actor=actor, subject=digest, letters=len(letters))
        record(events.POSTED, actor=actor, subject=digest, kind=DIGEST)
    for letter in letters:
        _move(letter, "gathered" if person.email else "kept")
