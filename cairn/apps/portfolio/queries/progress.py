"""How far people have come in an offering, for those who run it: attempts, and when something was saved. Not here: any of their words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from cairn.apps.portfolio.models import Artifact, Submission, Writing
from cairn.apps.programs import queries as programs
from cairn.apps.programs.queries import Offering
from cairn.frame.actor import Actor


@dataclass(frozen=True)
class Progress:
    """The latest attempt of an enrollment. `saved_at`: the last writing or file, None where there is none yet."""

    attempt: int
    state: str
    due_at: datetime
    submitted_at: datetime | None
    saved_at: datetime | None


def progress(viewer: Actor, offering: Offering) -> Mapping[str, Progress]:
    """By enrollment, with three queries however many there are; NotFound but to those who run the program."""
    programs.require_runner(viewer, offering)
    latest = Submission.objects.filter(enrollment__offering=offering).order_by("attempt", "created_at")
    writings = Writing.objects.filter(submission__enrollment__offering=offering).values_list("submission__enrollment_id")
    saved = dict(writings.annotate(at=Max("saved_at")))
    files = Artifact.objects.filter(enrollment__offering=offering).values_list("enrollment_id").annotate(at=Max("created_at"))
    for enrollment, at in files:
        saved[enrollment] = max(saved.get(enrollment, at), at)
    rows = latest.values_list("enrollment_id", "attempt", "state", "due_at", "submitted_at")
    return {e: Progress(attempt, state, due_at, submitted_at, saved.get(e)) for e, attempt, state, due_at, submitted_at in rows}
