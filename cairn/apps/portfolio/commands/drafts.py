"""The draft that writing, citing, files and submitting change: found or begun, locked, and allowed. Not here: what each of them changes."""

from __future__ import annotations

from cairn.apps.catalog import queries as catalog
from cairn.apps.portfolio import policy
from cairn.apps.portfolio.models import Submission
from cairn.apps.programs import queries as programs
from cairn.apps.programs import steps as teams
from cairn.apps.programs.queries import Enrollment
from cairn.frame.actor import Actor, system
from cairn.frame.policy import Action
from cairn.kernel.errors import Conflict


def draft(actor: Actor, enrollment_id: str, action: Action) -> Submission:
    """The latest attempt, locked, after its team where it has one; the first comes into being with the first thing that is kept in it."""
    enrollment = programs.enrollment(actor, enrollment_id)
    policy.the_educator(actor, enrollment)
    teams.hold_team(enrollment)
    begin(enrollment)
    latest = Submission.objects.filter(enrollment_id=enrollment_id).order_by("-attempt", "-created_at").values_list("pk", flat=True)[0]
    submission = Submission.objects.visible_to(actor).select_related("enrollment").locked(pk=latest)
    action.require(actor, submission)
    return submission


def begin(enrollment: Enrollment) -> None:
    """The first attempt, unless there is one."""
    if Submission.objects.filter(enrollment=enrollment).exists():
        return
    content = catalog.content(system("portfolio"), enrollment.version_id)
    Submission.objects.get_or_create(
        enrollment=enrollment, attempt=1,
        defaults={
            "person_id": enrollment.person_id, "version_id": enrollment.version_id, "due_at": enrollment.due_at,
            "organization_id": enrollment.offering.program.organization_id, "due_sentence": enrollment.due_sentence,
            "open_details": [d.key for d in content.details],
        },
    )  # fmt: skip


def stale() -> Conflict:
    return Conflict(
        "changed-elsewhere",
        "This was changed in another tab or on another device since you opened it here.",
        "Compare the two, and keep the one you want.",
    )
