"""Reading cases: who may score, an assessor's queue and blind page, the lead's desk, the educator's feedback."""

from cairn.apps.assessment.queries.conflicts import Eligible, eligible, two_years_before
from cairn.apps.assessment.queries.desk import ComparedLine, Comparison, Desk, WaitingCase, comparison, desk
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
    may_open_file,
    policy_of,
    queue,
    queue_page,
    scale_of,
    score,
    scoring,
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
    "may_open_file",
    "policy_of",
    "queue",
    "queue_page",
    "scale_of",
    "score",
    "scoring",
    "two_years_before",
]
