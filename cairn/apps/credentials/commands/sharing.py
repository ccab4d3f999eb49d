"""Pages that educators share: making one, extending and ending it, its links, and the record of who opened it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import F

from cairn.apps.credentials import events, policy
from cairn.apps.credentials.models import PASSCODE_TRIES, WINDOW, PageOpening, Recipient, SharedPage, SharedPart
from cairn.apps.credentials.queries import Chosen, choices, passcode_fits, recipient_with, secret_of
from cairn.apps.ledger.steps import record
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid, NotFound
from cairn.kernel.ids import new_id
from cairn.kernel.text import clean
from cairn.pure.clocks import end_of_day, long_date

PARTS, RECIPIENTS, LETTERS_A_DAY, LINKS = 40, 10, 20, 10
LONGEST = timedelta(days=366)  # 365 whole days, and what is left of today
TITLE_LIMIT, WORDS_LIMIT, NOTE_LIMIT, PASSCODE_LEAST, PASSCODE_LIMIT = 120, 2_000, 500, 6, 64


@command
def share_page(
    *, actor: Actor, title: str, parts: Sequence[Chosen], until: date, addresses: Sequence[str] = (), team: str = "", words: str = "",
    passcode: str = "", allows_download: bool = False,
) -> SharedPage:  # fmt: skip
    """Make a page of chosen work, with a link for each address and one for a team; those with an address are written to."""
    policy.SHARE.require(actor, None)
    names = _names(actor, addresses, team)
    page = SharedPage(
        person_id=str(actor.person_id), title=_title(title), words=clean(words, limit=WORDS_LIMIT, field="words").strip(),
        allows_download=allows_download, passcode=_hashed(passcode), expires_at=_end(actor, until),
    )  # fmt: skip
    rows = _parts(actor, page, parts)
    page.save(force_insert=True)
    SharedPart.objects.bulk_create(rows)
    record(events.PAGE_SHARED, actor=actor, subject=page, thread=page.pk, parts=[f"{p.kind} {p.thing}" for p in parts],
           until=page.expires_at.isoformat())  # fmt: skip
    for name, address in names.items():
        recipient = Recipient(pk=new_id(), page=page, name=name, address=address)
        recipient.secret_hash = people.hash_of(secret_of(recipient))
        recipient.save(force_insert=True)
        record(events.RECIPIENT_NAMED, actor=actor, subject=recipient, thread=page.pk, page=page.pk, recipient=name)
    return page


@command
def extend_page(*, actor: Actor, page_id: str, until: date) -> SharedPage:
    """Show it until the end of another day, sooner or later. One whose time ran out opens again, for those who have its links."""
    page = SharedPage.objects.visible_to(actor).locked(pk=page_id)
    policy.CHANGE_SHARED.require(actor, page)
    page.expires_at = _end(actor, until)
    page.save(update_fields=["expires_at"])
    record(events.PAGE_EXTENDED, actor=actor, subject=page, thread=page.pk, until=page.expires_at.isoformat())
    return page


@command
def end_page(*, actor: Actor, page_id: str) -> SharedPage:
    """Close it at once, for everybody and for good. Twice is the same as once."""
    page = SharedPage.objects.visible_to(actor).locked(pk=page_id)
    policy.END_SHARED.require(actor, page)
    if page.ended_at is None:
        page.ended_at = clock.now()
        page.save(update_fields=["ended_at"])
        record(events.PAGE_ENDED, actor=actor, subject=page, thread=page.pk)
    return page


@command
def end_link(*, actor: Actor, recipient_id: str) -> Recipient:
    """Close the page to one of those who have a link. Twice is the same as once."""
    recipient = _own_link(actor, recipient_id)
    if recipient.ended_at is None:
        recipient.ended_at = clock.now()
        recipient.save(update_fields=["ended_at"])
        record(events.LINK_ENDED, actor=actor, subject=recipient, thread=recipient.page_id, page=recipient.page_id)
    return recipient


@command
def renew_link(*, actor: Actor, recipient_id: str) -> Recipient:
    """A new link in place of the last one, which leads nowhere from now on; whoever has an address is written to."""
    recipient = _own_link(actor, recipient_id)
    if recipient.ended_at is not None:
        raise Conflict("link-ended", "You have taken this link back.", "Make another page to show it again.")
    if recipient.serial >= LINKS:
        raise Conflict("links-enough", f"There were {LINKS} links to this page for them.", "Make another page.")
    recipient.serial, recipient.wrong_tries = recipient.serial + 1, 0
    recipient.secret_hash = people.hash_of(secret_of(recipient))
    recipient.save(update_fields=["serial", "wrong_tries", "secret_hash"])
    record(events.LINK_RENEWED, actor=actor, subject=recipient, thread=recipient.page_id, page=recipient.page_id)
    return recipient


def _own_link(actor: Actor, recipient_id: str) -> Recipient:
    recipient = Recipient.objects.visible_to(actor).select_related("page").locked(pk=recipient_id)
    policy.CHANGE_SHARED.require(actor, recipient.page)
    return recipient


# --- Through a link --------------------------------------------------------------------------------------------------


@command
def note_opening(*, actor: Actor, secret: str, part_id: str = "") -> PageOpening | None:
    """Write down that the page, or a file on it, was opened; within ten minutes of the last time that says nothing new."""
    recipient = recipient_with(actor, secret)
    if actor.person_id == recipient.page.person_id:
        return None
    if part_id and not SharedPart.objects.filter(pk=part_id, page=recipient.page, kind="file").exists():
        raise NotFound("file")
    now = clock.now()
    opening, made = PageOpening.objects.get_or_create(
        recipient=recipient, part_id=part_id or None, window=int(now.timestamp()) // WINDOW, defaults={"opened_at": now}
    )
    if made:
        record(events.PAGE_OPENED, actor=actor, subject=recipient.page, thread=recipient.page_id, recipient=recipient.pk, part=part_id)
    return opening


@command
def try_passcode(*, actor: Actor, secret: str, passcode: str) -> Recipient:
    """Give the passcode. A right one leaves no wrong tries; after ten wrong ones the link takes none until it is renewed."""
    recipient = recipient_with(actor, secret)
    counted = Recipient.objects.filter(pk=recipient.pk, wrong_tries__lt=PASSCODE_TRIES).update(wrong_tries=F("wrong_tries") + 1)
    if not counted:
        raise Conflict(
            "passcode-locked", f"A wrong passcode was given {PASSCODE_TRIES} times, so this link opens nothing now.",
            "Ask whoever sent it for a new link.",
        )  # fmt: skip
    is_right = passcode_fits(recipient, passcode)
    if is_right:
        Recipient.objects.filter(pk=recipient.pk).update(wrong_tries=0)
    record(events.PASSCODE_TRIED, actor=actor, subject=recipient.page, thread=recipient.page_id, is_right=is_right)
    recipient.refresh_from_db(fields=["wrong_tries"])
    return recipient


# --- What was given --------------------------------------------------------------------------------------------------


def _title(title: str) -> str:
    title = " ".join(clean(title, limit=TITLE_LIMIT, field="title", name="This title").split())
    if not title:
        words = "Give the page a title."
        raise Invalid("title-missing", "A page needs a title.", words, {"title": words})
    return title


def _end(actor: Actor, until: date) -> datetime:
    """The last second of the day, on the educator's calendar."""
    zone, now = people.zone_of(actor.person_id), clock.now()
    at = end_of_day(until, zone)
    if not now < at < now + LONGEST:
        last = long_date((now + LONGEST - timedelta(days=1)).astimezone(zone).date())
        words = f"Choose a day from today to {last}."
        raise Invalid("until-invalid", "A page is shown for a day at least, and for a year at most.", words, {"until": words})
    return at


def _hashed(passcode: str) -> str:
    if passcode and not PASSCODE_LEAST <= len(passcode) <= PASSCODE_LIMIT:
        words = f"Write {PASSCODE_LEAST} to {PASSCODE_LIMIT} characters, or none."
        raise Invalid("passcode-invalid", "This passcode is too short or too long.", words, {"passcode": words})
    return make_password(passcode) if passcode else ""


def _parts(actor: Actor, page: SharedPage, chosen: Sequence[Chosen]) -> list[SharedPart]:
    """Exactly what was chosen, of what may be chosen: of anything else this says why not."""
    offered = {(c.kind, c.thing): c for group in choices(actor) for c in group.choices}
    if not chosen or len(chosen) > PARTS or len({(c.kind, c.thing) for c in chosen}) < len(chosen):
        words = f"Choose what goes on the page: 1 to {PARTS} things, each once."
        raise Invalid("parts-missing", "A page shows something, and each thing once.", words, {"parts": words})
    rows = []
    for place, each in enumerate(chosen):
        found = offered.get((each.kind, each.thing))
        if found is None:
            raise NotFound("thing of yours to show")
        if found.why_not:
            words = f"“{found.title}” cannot go on the page. {found.why_not}"
            raise Invalid("part-stays", words, "Leave it out.", {"parts": words})
        key = {"credential": "credential_id", "feedback": "decision_id", "file": "artifact_id", "answer": "writing_id"}[each.kind]
        note = clean(each.note, limit=NOTE_LIMIT, field="parts", name="A note").strip()
        rows.append(SharedPart(page=page, place=place, kind=each.kind, note=note, **{key: each.thing}))
    return rows


def _names(actor: Actor, addresses: Sequence[str], team: str) -> dict[str, str]:
    """Name -> address of each who gets a link; a team has no address."""
    given = {each.strip().lower(): each.strip().lower() for each in addresses if each.strip()}
    for address in given:
        try:
            validate_email(address)
        except ValidationError:
            words = f"“{address:.80}” is no e-mail address."
            raise Invalid("address-invalid", words, "Write one address on each line.", {"addresses": words}) from None
    team = " ".join(clean(team, limit=TITLE_LIMIT, field="team", name="This name").split())
    names = {**given, **({team: ""} if team else {})}
    if not 1 <= len(names) <= RECIPIENTS:
        words = f"Give 1 to {RECIPIENTS} addresses, or name a team."
        raise Invalid("recipients-missing", "A page is for somebody.", words, {"addresses": words})
    since = clock.now() - timedelta(days=1)
    written = Recipient.objects.filter(page__person_id=actor.person_id, made_at__gt=since).exclude(address="").count()
    if written + len(given) > LETTERS_A_DAY:
        told = f"You have written to {written} addresses since yesterday; {LETTERS_A_DAY} a day is the most."
        raise Conflict("letters-enough", told, "Name fewer, or go on tomorrow.")
    return names
