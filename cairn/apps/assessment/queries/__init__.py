"""Reading cases: who may score, an assessor's queue and blind page, the lead's desk, the educator's feedback."""

from cairn.apps.assessment.queries.conflicts import Eligible, eligible, is_tied, two_years_before
from cairn.apps.assessment.queries.desk import ComparedLine, Comparison, Desk, WaitingCase, comparison, desk
from cairn.apps.assessment.queries.merging import object_to_merging
from cairn.apps.assessment.queries.notices import assigned_notice, decided_notice
from cairn.apps.assessment.queries.outcomes import Award, DetailFeedback, Feedback, Voice, award, case_state, feedback
from cairn.apps.assessment.queries.sheets import (
    FIELDS,
    Line,
    QueueLine,
    QueuePage,
    ScoringPage,
    comments,
    fingerprint,
    marks,
    may_open_file,
    policy_of,
    queue,
    queue_page,
    scale_of,
    score,
    scoring,
    sheet_hash,
)

__all__ = [
    "FIELDS",
    "Award",
    "ComparedLine",
    "Comparison",
    "Desk",
    "DetailFeedback",
    "Eligible",
    "Feedback",
    "Line",
    "QueueLine",
    "QueuePage",
    "ScoringPage",
    "Voice",
    "WaitingCase",
    "assigned_notice",
    "award",
    "case_state",
    "comments",
    "comparison",
    "decided_notice",
    "desk",
    "eligible",
    "feedback",
    "fingerprint",
    "is_tied",
    "marks",
    "may_open_file",
    "object_to_merging",
    "policy_of",
    "queue",
    "queue_page",
    "scale_of",
    "score",
    "scoring",
    "sheet_hash",
    "two_years_before",
]
