"""Who may change a submission, and when."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from cairn.frame.actor import Actor
from cairn.frame.policy import Action
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden
from cairn.pure.clocks import long_moment


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
    """the attempt's deadline has not passed"""
    if clock.now() > submission.due_at:
        moment = long_moment(submission.due_at, ZoneInfo(submission.enrollment.zone))
        raise Conflict(
            "too-late",
            f"This was due {moment}. {submission.due_sentence}",
            "Your work is kept. Ask the program's coordinator for more time.",
        )


UPLOAD = Action("portfolio.upload", "Send a file, see it arrive, take it back", who=(the_educator,))
WRITE = Action("portfolio.write", "Write, add files and cite evidence in a draft", who=(the_educator,), when=(a_draft,))
SUBMIT = Action("portfolio.submit", "Submit an attempt", who=(the_educator,), when=(a_draft, in_time))
