"""Writing, citing, describing files, submitting; and what a decision does to an attempt."""

from __future__ import annotations

import hashlib
from typing import Any
from zoneinfo import ZoneInfo

from cairn.apps.catalog import queries as catalog
from cairn.apps.ledger.steps import record
from cairn.apps.portfolio import events, policy
from cairn.apps.portfolio.models import Artifact, Citation, FileOpening, Inclusion, Submission, Writing
from cairn.apps.portfolio.queries import draft_gaps, files_of, is_carried, manifest
from cairn.apps.portfolio.states import ARTIFACT, PEOPLE_SHOWN, SUBMISSION
from cairn.apps.programs import queries as programs
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.frame.policy import Action
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid, NotFound
from cairn.kernel.facts import Recorded
from cairn.kernel.text import clean, word_count
from cairn.pure.clocks import Due, revision_due
from cairn.pure.packs.completeness import is_open

TEXT_LIMIT = 60_000
EXPLANATION_LIMIT = 4_000


def _draft(actor: Actor, enrollment_id: str, action: Action) -> Submission:
    """The latest attempt, locked; the first comes into being with the first thing that is kept in it."""
    enrollment = programs.enrollment(actor, enrollment_id)
    policy.the_educator(actor, enrollment)
    if not Submission.objects.filter(enrollment_id=enrollment_id).exists():
        content = catalog.content(actor, enrollment.version_id)
        Submission.objects.get_or_create(
            enrollment=enrollment, attempt=1,
            defaults={
                "person_id": enrollment.person_id, "version_id": enrollment.version_id, "due_at": enrollment.due_at,
                "organization_id": enrollment.offering.program.organization_id, "due_sentence": enrollment.due_sentence,
                "open_details": [d.key for d in content.details],
            },
        )  # fmt: skip
    latest = Submission.objects.filter(enrollment_id=enrollment_id).order_by("-attempt").values_list("pk", flat=True)[0]
    submission = Submission.objects.visible_to(actor).select_related("enrollment").locked(pk=latest)
    action.require(actor, submission)
    return submission


def _stale() -> Conflict:
    return Conflict(
        "changed-elsewhere",
        "This was changed in another tab or on another device since you opened it here.",
        "Compare the two, and keep the one you want.",
    )


@command
def write(*, actor: Actor, enrollment_id: str, prompt: str, text: str, revision: int) -> Writing:
    """Save the answer to a prompt over `revision`, the one that the writer saw; Conflict where another was saved since."""
    submission = _draft(actor, enrollment_id, policy.WRITE)
    question = catalog.content(actor, submission.version_id).prompt(prompt)
    if not is_open(question, submission.open_details):
        raise Conflict("prompt-locked", "This answer serves details that are shown already.", "Change only what is open in this attempt.")
    text = clean(text, limit=TEXT_LIMIT, field=prompt, name="This answer")
    writing, _ = Writing.objects.get_or_create(submission=submission, prompt=prompt)
    if writing.text == text and writing.revision:
        return writing
    if writing.revision != revision:
        raise _stale()
    writing.text, writing.words, writing.revision, writing.saved_at = text, word_count(text), revision + 1, clock.now()
    writing.save()
    return writing


@command
def cite(
    *, actor: Actor, enrollment_id: str, detail: str, artifact_id: str, page: int | None = None, from_seconds: int | None = None,
    to_seconds: int | None = None, explanation: str = "",
) -> Citation:  # fmt: skip
    """Name a place in an artifact that shows an outcome detail."""
    submission = _draft(actor, enrollment_id, policy.WRITE)
    _open_detail(submission, detail)
    artifact = Artifact.objects.filter(pk=artifact_id, enrollment_id=enrollment_id, state="kept").first()
    if artifact is None:
        raise NotFound("file")
    place = _place(artifact, page, from_seconds, to_seconds)
    explanation = clean(explanation, limit=EXPLANATION_LIMIT, field="explanation", name="This explanation")
    mine = Citation.objects.filter(submission=submission, detail=detail)
    if same := mine.filter(artifact=artifact, explanation=explanation, **place).first():
        return same  # asked twice: a second click, or an answer that got lost
    if mine.count() >= 12:
        raise Conflict("citations-enough", "A detail takes at most 12 citations.", "Keep the ones that show it best.")
    return Citation.objects.create(submission=submission, detail=detail, artifact=artifact, explanation=explanation, revision=1, **place)


@command
def change_citation(
    *, actor: Actor, enrollment_id: str, citation_id: str, page: int | None, from_seconds: int | None, to_seconds: int | None,
    explanation: str, revision: int,
) -> Citation:  # fmt: skip
    submission = _draft(actor, enrollment_id, policy.WRITE)
    citation = Citation.objects.filter(submission=submission).select_related("artifact").locked(pk=citation_id)
    _open_detail(submission, citation.detail)
    place = _place(citation.artifact, page, from_seconds, to_seconds)
    explanation = clean(explanation, limit=EXPLANATION_LIMIT, field="explanation", name="This explanation")
    if all(getattr(citation, k) == v for k, v in {**place, "explanation": explanation}.items()):
        return citation
    if citation.revision != revision:
        raise _stale()
    for name, value in place.items():
        setattr(citation, name, value)
    citation.explanation, citation.revision = explanation, revision + 1
    citation.save()
    return citation


@command
def uncite(*, actor: Actor, enrollment_id: str, citation_id: str) -> None:
    """Take a citation out of the draft; taking it out twice is the same as once."""
    submission = _draft(actor, enrollment_id, policy.WRITE)
    citation = Citation.objects.filter(submission=submission, pk=citation_id).first()
    if citation is not None:
        _open_detail(submission, citation.detail)
        citation.delete()


def _open_detail(submission: Submission, detail: str) -> None:
    if detail not in submission.open_details:
        raise Conflict("detail-locked", f"Detail {detail} is not open in this attempt.", "Change only the details that are not yet shown.")


def _place(artifact: Artifact, page: int | None, start: int | None, end: int | None) -> dict[str, Any]:
    if page is not None and (page < 1 or (artifact.pages is not None and page > artifact.pages)):
        pages = f"pages 1 to {artifact.pages}" if artifact.pages else "no such page"
        raise Invalid("page-unknown", f"This file has {pages}.", "Give a page that is in it.", {"page": f"This file has {pages}."})
    last = artifact.seconds
    for moment in (start, end):
        if moment is not None and (moment < 0 or (last is not None and moment > last + 1)):
            raise Invalid("moment-unknown", "This recording is shorter than that.", "Give a time that is in it.",
                          {"from_seconds": "Give a time that is in the recording."})  # fmt: skip
    if start is not None and end is not None and end < start:
        raise Invalid("moment-order", "The end comes before the beginning.", "Give a later end.", {"to_seconds": "Give a later end."})
    return {"page": page, "from_seconds": start, "to_seconds": end}


@command
def add_artifact(
    *, actor: Actor, enrollment_id: str, artifact_id: str, requirement: str, title: str, original_name: str, kind: str, media_type: str,
    extension: str, size: int, sha256: str, pages: int | None = None, seconds: float | None = None,
) -> Artifact:  # fmt: skip
    """Enter a file whose scrubbed bytes already lie safely in the store under `artifact_id` (see outward.receive)."""
    submission = _draft(actor, enrollment_id, policy.WRITE)
    slot = catalog.content(actor, submission.version_id).artifact(requirement)
    here = [a for a in files_of(submission) if a.requirement == requirement]
    if any(a.sha256 == sha256 for a in here):
        raise Conflict("file-here-already", f"This file is in “{slot.title}” already.", "Choose another, or go on.")
    if sum(not is_carried(submission, a) for a in here) >= slot.files_max:
        raise Conflict("slot-full", f"“{slot.title}” takes no more than {slot.files_max}.", "Take one out first, then add this one.")
    number = Artifact.objects.filter(enrollment_id=enrollment_id).count() + 1
    if number > 200:
        sentence = "An enrollment takes at most 200 files, those that were taken out again among them."
        raise Conflict("files-enough", sentence, "Go on with the files that are here.")
    artifact = Artifact.objects.create(
        pk=artifact_id, person_id=submission.person_id, enrollment_id=enrollment_id, requirement=requirement, number=number,
        title=title[:120], original_name=original_name[-255:], kind=kind, media_type=media_type, extension=extension, size=size,
        sha256=sha256, pages=pages, seconds=seconds,
    )  # fmt: skip
    Inclusion.objects.create(submission=submission, artifact=artifact)
    record(events.ARTIFACT_ADDED, actor=actor, subject=artifact, thread=enrollment_id, organization=submission.organization_id,
           requirement=requirement, kind=kind, size=size, sha256=sha256, original_name=original_name)  # fmt: skip
    return artifact


@command
def describe_artifact(*, actor: Actor, enrollment_id: str, artifact_id: str, title: str, people_shown: str) -> Artifact:
    """The educator's own name for a file, and who can be recognized in it."""
    submission = _draft(actor, enrollment_id, policy.WRITE)
    artifact = _own_artifact(submission, artifact_id)
    if people_shown not in PEOPLE_SHOWN:
        raise Invalid("people-unknown", "Say who can be recognized in this file.", "Choose one of the three.",
                      {"people_shown": "Choose one of the three."})  # fmt: skip
    artifact.title = clean(title, limit=120, field="title", name="This name").strip() or artifact.original_name[:120]
    changed, artifact.people_shown = artifact.people_shown != people_shown, people_shown
    artifact.save(update_fields=["title", "people_shown"])
    if changed:
        record(events.ARTIFACT_DESCRIBED, actor=actor, subject=artifact, thread=enrollment_id, organization=submission.organization_id,
               people_shown=people_shown)  # fmt: skip
    return artifact


@command
def remove_artifact(*, actor: Actor, enrollment_id: str, artifact_id: str) -> Artifact:
    """Take a file out of the draft, with its citations; what an earlier attempt submitted stays."""
    submission = _draft(actor, enrollment_id, policy.WRITE)
    artifact = Artifact.objects.visible_to(actor).filter(enrollment_id=enrollment_id).locked(pk=artifact_id)
    if artifact.state == "removed":
        return artifact
    _own_artifact(submission, artifact_id)
    ARTIFACT.move(artifact, to="removed")
    artifact.save(update_fields=["state"])
    Citation.objects.filter(submission=submission, artifact=artifact).delete()
    Inclusion.objects.filter(submission=submission, artifact=artifact).delete()
    record(events.ARTIFACT_REMOVED, actor=actor, subject=artifact, thread=enrollment_id, organization=submission.organization_id)
    return artifact


def _own_artifact(submission: Submission, artifact_id: str) -> Artifact:
    artifact = Artifact.objects.filter(enrollment_id=submission.enrollment_id, state="kept").locked(pk=artifact_id)
    if Inclusion.objects.filter(artifact=artifact).exclude(submission=submission).exists():
        raise Conflict("file-submitted", "This file belongs to an attempt that was scored, so it stays as it is.", "Add a new file.")
    return artifact


@command
def submit(*, actor: Actor, enrollment_id: str) -> Submission:
    """Freeze the attempt by SHA-256 and hand it to the assessors."""
    submission = _draft(actor, enrollment_id, policy.SUBMIT)
    missing = draft_gaps(actor, submission)
    if missing:
        raise Invalid(
            "incomplete", "Something is still missing before this can be submitted.", "See the list, and complete each line.",
            {f"{gap.part}/{gap.key}": gap.sentence for gap in missing},
        )  # fmt: skip
    submission.manifest = manifest(submission)
    submission.content_hash = hashlib.sha256(submission.manifest.encode()).hexdigest()
    SUBMISSION.move(submission, to="submitted")
    submission.submitted_at = clock.now()
    submission.save()
    record(events.SUBMITTED, actor=actor, subject=submission, thread=enrollment_id, organization=submission.organization_id,
           attempt=submission.attempt, content_hash=submission.content_hash, version=submission.version_id)  # fmt: skip
    return submission


@command
def receive_decision(*, actor: Actor, fact: Recorded) -> Submission:
    """Consequence of a decision: mark the attempt, and where it is not yet earned open the next one for what is not shown."""
    submission = Submission.objects.visible_to(actor).select_related("enrollment").locked(pk=fact.data["submission"])
    if submission.state != "submitted":
        return submission
    SUBMISSION.move(submission, to=fact.data["outcome"])
    submission.save(update_fields=["state"])
    about = {"actor": actor, "thread": submission.enrollment_id, "organization": submission.organization_id}
    record(events.DECISION_RECEIVED, subject=submission, outcome=fact.data["outcome"], **about)
    if submission.state == "not_yet" and submission.enrollment.state == "active":
        attempt = _next_attempt(submission, fact, catalog.content(actor, submission.version_id).scoring.revision_days)
        record(events.REOPENED, subject=attempt, attempt=attempt.attempt, open_details=list(attempt.open_details),
               due_at=attempt.due_at.isoformat(), **about)  # fmt: skip
    return submission


def _next_attempt(before: Submission, fact: Recorded, revision_days: int) -> Submission:
    zone = ZoneInfo(before.enrollment.zone)
    so_far = Due(before.due_at, before.due_at.astimezone(zone).date(), "days", before.due_sentence)
    deadline = revision_due(so_far, fact.at, days=revision_days, zone=zone)
    attempt = Submission.objects.create(
        enrollment=before.enrollment, person_id=before.person_id, version_id=before.version_id, organization_id=before.organization_id,
        attempt=before.attempt + 1, open_details=fact.data["reopened"], due_at=deadline.at, due_sentence=deadline.sentence,
    )  # fmt: skip
    for writing in Writing.objects.filter(submission=before):
        Writing.objects.create(submission=attempt, prompt=writing.prompt, text=writing.text, words=writing.words, revision=1)
    for inclusion in Inclusion.objects.filter(submission=before):
        Inclusion.objects.create(submission=attempt, artifact_id=inclusion.artifact_id)
    for c in Citation.objects.filter(submission=before).order_by("created_at"):
        Citation.objects.create(submission=attempt, detail=c.detail, artifact_id=c.artifact_id, page=c.page, from_seconds=c.from_seconds,
                                to_seconds=c.to_seconds, explanation=c.explanation, revision=1)  # fmt: skip
    return attempt


@command
def note_opening(*, actor: Actor, nonce: str, artifact_id: str) -> FileOpening:
    """Write down that a signed link was opened: who saw which file, and from when its two hours of streaming count."""
    opening, made = FileOpening.objects.get_or_create(nonce=nonce, defaults={"artifact_id": artifact_id, "viewer_id": str(actor.person_id)})
    if made:
        record(events.FILE_OPENED, actor=actor, subject=opening.artifact, thread=opening.artifact.enrollment_id, viewer=actor.person_id)
    return opening
