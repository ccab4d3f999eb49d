"""Opening a draft to a coach, closing it, and the notes on it. Not here: who may be a coach of whom (people)."""

from __future__ import annotations

from cairn.apps.catalog import queries as catalog
from cairn.apps.ledger.steps import record
from cairn.apps.people import queries as people
from cairn.apps.portfolio import events, policy
from cairn.apps.portfolio.models import Artifact, DraftAccess, Note, Submission, Writing
from cairn.apps.programs import queries as programs
from cairn.frame.actor import Actor, system
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid, NotFound
from cairn.kernel.facts import Recorded
from cairn.kernel.text import clean

ASKS_LIMIT, QUOTE_LIMIT, NOTE_LIMIT = 300, 300, 4_000
NOTES_AT_MOST = 200  # on one attempt


@command
def open_draft(*, actor: Actor, enrollment_id: str, coach_id: str, asks: str = "") -> DraftAccess:
    """Let a coach of one's own groups read the draft; whom it is open to already keeps it, with the new question."""
    enrollment = programs.enrollment(actor, enrollment_id)
    policy.OPEN_DRAFT.require(actor, enrollment)
    asks = clean(asks, limit=ASKS_LIMIT, field="asks", name="This question").strip()
    if not people.coaches_of(actor).filter(pk=coach_id).exists():
        words = "Choose somebody who coaches one of your groups."
        raise Invalid("not-your-coach", "A draft is opened to coaches of one’s own groups only.", words, {"coach": words})
    access, made = DraftAccess.objects.get_or_create(
        enrollment=enrollment, coach_id=coach_id, ended_at=None, defaults={"person_id": enrollment.person_id, "asks": asks}
    )
    if made:
        record(events.DRAFT_OPENED, actor=actor, subject=access, organization=enrollment.offering.program.organization_id, person=coach_id)
    elif access.asks != asks:
        access.asks = asks
        access.save(update_fields=["asks"])
    return access


@command
def close_draft(*, actor: Actor, access_id: str) -> DraftAccess:
    """The coach sees nothing of it any more; the notes stay with the educator."""
    access = DraftAccess.objects.visible_to(actor).select_related("enrollment__offering__program").locked(pk=access_id)
    policy.CLOSE_DRAFT.require(actor, access)
    if access.ended_at is None:
        _close(actor, access)
    return access


@command
def close_drafts_of_group(*, actor: Actor, fact: Recorded) -> None:
    """Consequence of leaving a group: what was open to a coach, or by an educator, whom no group joins any more, is closed."""
    left = str(fact.data["person"])
    for access in DraftAccess.objects.live().select_related("enrollment__offering__program").select_for_update(of=("self",)).order_by("pk"):
        if left in (access.person_id, access.coach_id) and not _are_together(access):
            _close(actor, access)


def _are_together(access: DraftAccess) -> bool:
    return people.coaches_of(Actor(person_id=access.person_id)).filter(pk=access.coach_id).exists()


def _close(actor: Actor, access: DraftAccess) -> None:
    access.ended_at = clock.now()
    access.save(update_fields=["ended_at"])
    organization = access.enrollment.offering.program.organization_id
    record(events.DRAFT_CLOSED, actor=actor, subject=access, organization=organization, person=access.coach_id)


@command
def note(*, actor: Actor, enrollment_id: str, text: str, prompt: str = "", artifact_id: str = "", quote: str = "") -> Note:
    """Say something of an answer or a file; `quote` are the words of the answer that it points at."""
    found = DraftAccess.objects.visible_to(actor).live().select_related("enrollment__offering__program")
    access = found.filter(coach_id=actor.person_id).locked(enrollment_id=enrollment_id)
    policy.NOTE.require(actor, access)
    submission = _draft_of(enrollment_id)
    text = clean(text, limit=NOTE_LIMIT, field="text", name="This note").strip()
    if not text:
        raise Invalid("note-empty", "There is nothing in this note.", "Write it first.", {"text": "Write your note."})
    quote = " ".join(clean(quote, limit=QUOTE_LIMIT, field="quote", name="What you point at").split())
    place = _file(submission, artifact_id) if artifact_id else _answer(submission, prompt, quote)
    written = Note.objects.filter(submission=submission)
    if same := written.filter(author_id=actor.person_id, text=text, dealt_at=None, **place).first():
        return same  # a second click
    if written.count() >= NOTES_AT_MOST:
        raise Conflict("notes-enough", f"A draft takes at most {NOTES_AT_MOST} notes.", "Talk about the rest.")
    kept = Note.objects.create(submission=submission, author_id=str(actor.person_id), text=text, **place)
    record(events.NOTED, actor=actor, subject=kept, organization=submission.organization_id, on="file" if artifact_id else "answer")
    return kept


def _draft_of(enrollment_id: str) -> Submission:
    """The attempt that is being written; what was submitted takes no notes."""
    latest = Submission.objects.filter(enrollment_id=enrollment_id).order_by("-attempt", "-created_at").first()
    if latest is None:
        raise Conflict("nothing-written", "Nothing is written in this draft yet.", "Come back when there is something to read.")
    if latest.state != "draft":
        raise Conflict("already-submitted", "This was submitted, so notes would come too late.", "Write again when it is a draft.")
    return latest


def _file(submission: Submission, artifact_id: str) -> dict[str, object]:
    artifact = Artifact.objects.filter(pk=artifact_id, enrollment_id=submission.enrollment_id, state="kept").first()
    if artifact is None:
        raise NotFound("file")
    return {"artifact": artifact, "prompt": "", "quote": ""}


def _answer(submission: Submission, prompt: str, quote: str) -> dict[str, object]:
    catalog.content(system("portfolio"), submission.version_id).prompt(prompt)
    written = Writing.objects.filter(submission=submission, prompt=prompt).values_list("text", flat=True).first() or ""
    if quote and quote not in " ".join(written.split()):
        words = "Copy them from the answer as it stands now; it may have changed since you opened it."
        raise Invalid("quote-unknown", "These words are not in the answer.", words, {"quote": f"They are not in the answer. {words}"})
    return {"artifact": None, "prompt": prompt, "quote": quote}


@command
def settle_note(*, actor: Actor, note_id: str, is_dealt: bool = True) -> Note:
    """The educator has dealt with a note; or takes that back."""
    found = Note.objects.visible_to(actor).select_related("submission").locked(pk=note_id)
    policy.SETTLE_NOTE.require(actor, found.submission)
    if (found.dealt_at is not None) != is_dealt:
        found.dealt_at = clock.now() if is_dealt else None
        found.save(update_fields=["dealt_at"])
        record(events.NOTE_SETTLED, actor=actor, subject=found, organization=found.submission.organization_id, is_dealt=is_dealt)
    return found
