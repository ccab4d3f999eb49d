"""Who may change a submission, and when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cairn.apps.portfolio.models import Upload
from cairn.frame.actor import Actor
from cairn.frame.policy import Action
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden
from cairn.pure.clocks import long_moment

GRACE = timedelta(minutes=15)  # for the last byte of a file whose first came by the deadline


def the_educator(actor: Actor, thing: Any) -> None:
    """the educator whose work it is"""
    if actor.person_id is None or thing.person_id != actor.person_id:
        raise Forbidden("not-yours", "Only the educator whose work this is may change it.", "Sign in as that person.")


def a_draft(actor: Actor, submission: Any) -> None:
    """the attempt is a draft"""
    if submission.state != "draft":
        remedy = "Reload the page to see where it stands."
        raise Conflict("already-submitted", "This attempt was submitted, so it can no longer change.", remedy)
    if submission.enrollment.state != "active":
        raise Conflict("enrollment-ended", "You have left this micro-credential.", "Begin it again from the catalog.")


def in_time(actor: Actor, submission: Any) -> None:
    """the attempt's deadline has not passed, or a file that was on its way then has just arrived"""
    if clock.now() > submission.due_at and not _awaited(submission):
        moment = long_moment(submission.due_at, ZoneInfo(submission.enrollment.zone))
        raise Conflict(
            "too-late",
            f"This was due {moment}. {submission.due_sentence}",
            "Your work is kept. Ask the program's coordinator for more time.",
        )


def _awaited(submission: Any) -> bool:
    """A file was begun by the deadline and came whole within the grace; from when it is settled, the grace is there for submitting."""
    came = Upload.objects.filter(
        enrollment_id=submission.enrollment_id, begun_at__lte=submission.due_at, received_at__lte=submission.due_at + GRACE, state="clean"
    )
    return came.filter(settled_at__gt=max(submission.due_at, clock.now() - GRACE)).exists()


def either_side(actor: Actor, access: Any) -> None:
    """the educator, or the coach whom the draft is open to"""
    if actor.person_id not in (access.person_id, access.coach_id):
        raise Forbidden("not-yours", "Only the two of them may end this.", "Ask the educator.")


def under_way(actor: Actor, enrollment: Any) -> None:
    """the enrollment goes on"""
    if enrollment.state != "active":
        raise Conflict("enrollment-ended", "This micro-credential is no longer under way.", "Open one that you are at work on.")


def the_coach(actor: Actor, access: Any) -> None:
    """the coach whom the draft is open to"""
    if actor.person_id != access.coach_id:
        raise Forbidden("not-open-to-you", "Only a coach whom the draft is open to may write notes on it.", "Ask the educator to open it.")


OPEN_DRAFT = Action("portfolio.open-draft", "Let a coach read one's draft", who=(the_educator,), when=(under_way,))
CLOSE_DRAFT = Action("portfolio.close-draft", "Close a draft to a coach", who=(either_side,))
NOTE = Action("portfolio.note", "Write notes on a draft", who=(the_coach,))
SETTLE_NOTE = Action("portfolio.settle-note", "Mark a coach's note as dealt with", who=(the_educator,))
UPLOAD = Action("portfolio.upload", "Send a file, see it arrive, take it back", who=(the_educator,))
WRITE = Action("portfolio.write", "Write, add files and cite evidence in a draft", who=(the_educator,), when=(a_draft,))
SUBMIT = Action("portfolio.submit", "Submit an attempt", who=(the_educator,), when=(a_draft, in_time))
