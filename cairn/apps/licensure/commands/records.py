"""Entries of an educator's record: entered on their own word, confirmed or declined by whom they ask, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cairn.apps.ledger.steps import record
from cairn.apps.licensure import events, policy
from cairn.apps.licensure.models import RecordDocument, RecordEntry
from cairn.apps.licensure.models.records import RUNS_OUT
from cairn.apps.licensure.queries.asking import askable
from cairn.apps.licensure.states import ENTRY, ENTRY_KINDS
from cairn.apps.licensure.steps import lock_educator
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid
from cairn.kernel.text import clean
from cairn.pure.clocks import long_date

TITLE_LIMIT, FIELD_LIMIT, REASON_LIMIT, MOST = 200, 80, 500, Decimal(10_000)
EARLIEST, LATEST = date(1950, 1, 1), date(2100, 12, 31)
EARNED = ("micro-credential",)  # what only a credential brings


@dataclass(frozen=True)
class Paper:
    """A document that was read in a cell (outward.read_paper): its clean bytes, and their hash for the request key."""

    name: str
    kind: str
    sha256: str
    content: bytes

    def __str__(self) -> str:
        return self.sha256


@command
def add_entry(
    *, actor: Actor, kind: str, title: str, on: date, until: date | None = None, amount: Decimal = Decimal(1), unit: str = "",
    fields: Mapping[str, str] | None = None, asked_id: str = "", paper: Paper | None = None, holder: str = "",
) -> RecordEntry:  # fmt: skip
    """Enter a degree, hours, a year of experience... of one's own. It counts once the organization that is asked has confirmed it."""
    policy.ADD_ENTRY.require(actor, None)
    if kind not in ENTRY_KINDS or kind in EARNED:
        words = "Choose what it is from the list."
        raise Invalid("entry-kind-unknown", "This cannot be entered by hand.", words, {"kind": words})
    if asked_id and asked_id not in {each.pk for each in askable(actor)}:
        words = "Choose one of the organizations in the list."
        raise Invalid("cannot-be-asked", "This organization cannot confirm it.", words, {"asked": words})
    person_id = str(actor.person_id)
    lock_educator(person_id)
    entry = RecordEntry.objects.create(
        person_id=person_id, kind=kind, title=_title(title), **_when(actor, kind, on, until), amount=_amount(amount), unit=unit[:20],
        fields=_fields(fields or {}), holder=" ".join(clean(holder, limit=TITLE_LIMIT, field="holder", name="This name").split()),
        source="document" if paper else "own word", asked_id=asked_id or None,
    )  # fmt: skip
    if paper is not None:
        RecordDocument.objects.create(entry=entry, name=paper.name, kind=paper.kind, sha256=paper.sha256, content=paper.content)
    record(events.ENTRY_ADDED, actor=actor, subject=entry, thread=person_id, organization=asked_id, entry_kind=kind, source=entry.source)
    return entry


@command
def verify_entry(*, actor: Actor, entry_id: str) -> RecordEntry:
    """Confirm it: from now on it counts, as far as a rule asks for it."""
    entry = _to_settle(actor, entry_id)
    return _settle(actor, entry, "verified")


@command
def decline_entry(*, actor: Actor, entry_id: str, reason: str) -> RecordEntry:
    """Say that it could not be confirmed, and why: the educator reads it."""
    entry = _to_settle(actor, entry_id)
    entry.reason = clean(reason, limit=REASON_LIMIT, field="reason", name="This reason").strip()
    if not entry.reason:
        words = "Write why: the educator reads it, and may enter it anew."
        raise Invalid("reason-missing", "This needs a reason.", words, {"reason": words})
    return _settle(actor, entry, "declined")


@command
def withdraw_entry(*, actor: Actor, entry_id: str) -> RecordEntry:
    """Take an entry back that one entered oneself. What a credential or a recognizer brought is taken back where it came from."""
    entry = RecordEntry.objects.visible_to(actor).locked(pk=entry_id)
    policy.WITHDRAW_ENTRY.require(actor, entry)
    if entry.source not in ("own word", "document"):
        raise Conflict("entry-from-elsewhere", "This came from a credential, a claim or a file of rows.", "It changes where it came from.")
    ENTRY.move(entry, to="withdrawn")
    entry.withdrawn_at = clock.now()
    entry.save(update_fields=["state", "withdrawn_at"])
    record(events.ENTRY_WITHDRAWN, actor=actor, subject=entry, thread=entry.person_id, entry_kind=entry.kind)
    return entry


def _to_settle(actor: Actor, entry_id: str) -> RecordEntry:
    entry = RecordEntry.objects.visible_to(actor).locked(pk=entry_id)
    policy.SETTLE_ENTRY.require(actor, entry)
    return entry


def _settle(actor: Actor, entry: RecordEntry, to: str) -> RecordEntry:
    ENTRY.move(entry, to=to)
    entry.verified_by_id, entry.settled_at = actor.person_id, clock.now()
    entry.save(update_fields=["state", "verified_by", "settled_at", "reason"])
    event = events.ENTRY_VERIFIED if to == "verified" else events.ENTRY_DECLINED
    record(event, actor=actor, subject=entry, thread=entry.person_id, organization=str(entry.asked_id), entry_kind=entry.kind)
    return entry


def _title(title: str) -> str:
    title = " ".join(clean(title, limit=TITLE_LIMIT, field="title", name="This title").split())
    if not title:
        words = "Say what it is, as the document says it."
        raise Invalid("title-missing", "An entry needs a title.", words, {"title": words})
    return title


def _when(actor: Actor, kind: str, on: date, until: date | None) -> dict[str, date | None]:
    today = clock.today(people.zone_of(actor.person_id))
    if not EARLIEST <= on <= today:
        words = f"Choose a day from {long_date(EARLIEST)} to today; what is still to come is planned, not entered."
        raise Invalid("entry-day-invalid", "An entry tells of something that has happened.", words, {"on": words})
    if until is not None and until < on:
        words = f"The last day is before the first, {long_date(on)}."
        raise Invalid("entry-ends-before-it-begins", "It ends before it begins.", words, {"until": words})
    last = LATEST if kind in RUNS_OUT else today
    if until is not None and until > last:
        words = f"Choose a day up to {long_date(last)}; what goes on until later is entered when it is done."
        raise Invalid("entry-not-over", f"{long_date(until)} is still to come.", words, {"until": words})
    return {"on": on, "until": until}


def _amount(amount: Decimal) -> Decimal:
    if not 0 < amount <= MOST:
        words = f"Write a number above 0, and at most {MOST:,}."
        raise Invalid("amount-invalid", "So much cannot be entered at once.", words, {"amount": words})
    return amount


def _fields(fields: Mapping[str, str]) -> dict[str, str]:
    return {name: clean(value, limit=FIELD_LIMIT, field=name, name="This") for name, value in fields.items() if value}
