"""The only entry points that write: from a submitted attempt to a decision."""

from cairn.apps.assessment.commands.closed_days import close_day, open_day
from cairn.apps.assessment.commands.comments import drop_comment, keep_comment
from cairn.apps.assessment.commands.prechecks import pass_check, return_incomplete
from cairn.apps.assessment.commands.scoring import (
    assign,
    assign_lead,
    lock_sheet,
    open_case,
    record_score,
    release_sheets,
    release_tied_sheets,
    revise_score,
    share_scores,
    step_aside,
    tell_late,
)

__all__ = [
    "assign",
    "assign_lead",
    "close_day",
    "drop_comment",
    "keep_comment",
    "lock_sheet",
    "open_case",
    "open_day",
    "pass_check",
    "record_score",
    "release_sheets",
    "release_tied_sheets",
    "return_incomplete",
    "revise_score",
    "share_scores",
    "step_aside",
    "tell_late",
]
