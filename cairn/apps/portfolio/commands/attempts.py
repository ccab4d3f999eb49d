"""Submitting an attempt, and what a decision does to it."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cairn.apps.catalog import queries as catalog
from cairn.apps.ledger.steps import record
from cairn.apps.portfolio import events, policy
from cairn.apps.portfolio.commands.drafts import draft
from cairn.apps.portfolio.commands.teams import gather
from cairn.apps.portfolio.models import Citation, Inclusion, Submission, Upload, Writing
from cairn.apps.portfolio.queries import draft_gaps, manifest, together
from cairn.apps.portfolio.states import SUBMISSION
from cairn.apps.programs import steps as teams
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Invalid, NotYet
from cairn.kernel.facts import Recorded
from cairn.pure.clocks import Due, revision_due

_TICK = timedelta(microseconds=1)  # a draft of the same attempt comes after the one before, and their files are all of this attempt


@command
def submit(*, actor: Actor, enrollment_id: str) -> Submission:
    """Freeze the attempt by SHA-256 and hand it to the assessors."""
    submission = draft(actor, enrollment_id, policy.SUBMIT)
    if waiting := Upload.objects.filter(enrollment_id=enrollment_id, state__in=["pending", "scanned"]).first():
        sentence = f"“{waiting.name}” is still being checked, so it would not be part of what you submit."
        raise NotYet("file-underway", sentence, "Wait until it stands in its place, or take it back there.")
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
    found = Submission.objects.visible_to(actor).select_related("enrollment")
    team = teams.hold_team(found.get_or_not_found(pk=fact.data["submission"]).enrollment)
    submission = found.locked(pk=fact.data["submission"])
    if submission.state != "submitted":
        return submission
    SUBMISSION.move(submission, to=fact.data["outcome"])
    submission.save(update_fields=["state"])
    about = {"actor": actor, "thread": submission.enrollment_id, "organization": submission.organization_id}
    record(events.DECISION_RECEIVED, subject=submission, outcome=fact.data["outcome"], **about)
    if submission.state == "not_yet" and submission.enrollment.state == "active":
        attempt = _next_attempt(submission, fact, catalog.content(actor, submission.version_id).scoring.revision_days)
        if team and (shared := together(attempt.enrollment)):
            gather(shared, attempt, since=submission.submitted_at)
        record(events.REOPENED, subject=attempt, attempt=attempt.attempt, open_details=list(attempt.open_details),
               due_at=attempt.due_at.isoformat(), **about)  # fmt: skip
    return submission


@command
def follow_extension(*, actor: Actor, fact: Recorded) -> Submission | None:
    """Consequence of more time: the draft that runs has it too, unless it had more already."""
    draft_now = Submission.objects.visible_to(actor).filter(enrollment_id=fact.thread, state="draft").order_by("-attempt").first()
    if draft_now is None:
        return None
    submission = Submission.objects.visible_to(actor).select_related("enrollment").locked(pk=draft_now.pk)
    later = datetime.fromisoformat(fact.data["due_after"])
    if submission.state == "draft" and submission.due_at < later:
        submission.due_at, submission.due_sentence = later, fact.data["sentence"]
        submission.save(update_fields=["due_at", "due_sentence"])
        record(events.DUE_MOVED, actor=actor, subject=submission, thread=submission.enrollment_id, organization=submission.organization_id,
               attempt=submission.attempt, due_at=later.isoformat())  # fmt: skip
    return submission


@command
def receive_return(*, actor: Actor, fact: Recorded) -> Submission:
    """Consequence of a pre-check that found something missing: the same attempt goes on in a new draft, with time to complete it."""
    found = Submission.objects.visible_to(actor).select_related("enrollment")
    team = teams.hold_team(found.get_or_not_found(pk=fact.data["submission"]).enrollment)
    submission = found.locked(pk=fact.data["submission"])
    if submission.state != "submitted":
        return submission
    SUBMISSION.move(submission, to="returned")
    submission.save(update_fields=["state"])
    told = {"draft": "", "due_at": ""}
    if submission.enrollment.state == "active":
        days = catalog.content(actor, submission.version_id).scoring.revision_days
        deadline = _deadline(submission, fact, days, "to complete it, from its return")
        draft_again = _open_again(submission, deadline, attempt=submission.attempt, open_details=submission.open_details,
                                  missing=fact.data["missing"], created_at=submission.created_at + _TICK)  # fmt: skip
        if team and (shared := together(draft_again.enrollment)):
            gather(shared, draft_again, since=submission.submitted_at)
        told = {"draft": draft_again.pk, "due_at": draft_again.due_at.isoformat()}
    record(events.RETURNED, actor=actor, subject=submission, thread=submission.enrollment_id, organization=submission.organization_id,
           **told)  # fmt: skip
    return submission


def _next_attempt(before: Submission, fact: Recorded, revision_days: int) -> Submission:
    deadline = _deadline(before, fact, revision_days, "to revise, from the decision")
    return _open_again(before, deadline, attempt=before.attempt + 1, open_details=fact.data["reopened"])


def _deadline(before: Submission, fact: Recorded, days: int, what: str) -> Due:
    zone = ZoneInfo(before.enrollment.zone)
    so_far = Due(before.due_at, before.due_at.astimezone(zone).date(), "days", before.due_sentence)
    return revision_due(so_far, fact.at, days=days, zone=zone, what=what)


def _open_again(before: Submission, deadline: Due, **of_its_own: Any) -> Submission:
    """A draft with all that was in the one before."""
    attempt = Submission.objects.create(
        enrollment=before.enrollment, person_id=before.person_id, version_id=before.version_id, organization_id=before.organization_id,
        due_at=deadline.at, due_sentence=deadline.sentence, **of_its_own,
    )  # fmt: skip
    for writing in Writing.objects.filter(submission=before):
        Writing.objects.create(submission=attempt, prompt=writing.prompt, text=writing.text, words=writing.words, revision=1)
    for inclusion in Inclusion.objects.filter(submission=before):
        Inclusion.objects.create(submission=attempt, artifact_id=inclusion.artifact_id)
    for c in Citation.objects.filter(submission=before).order_by("created_at"):
        Citation.objects.create(submission=attempt, detail=c.detail, artifact_id=c.artifact_id, page=c.page, from_seconds=c.from_seconds,
                                to_seconds=c.to_seconds, explanation=c.explanation, revision=1, shared_as=c.shared_as)  # fmt: skip
    return attempt
