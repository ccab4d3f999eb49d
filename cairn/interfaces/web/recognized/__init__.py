"""Claims, schedules, proposals and transcripts in words, as pages and papers show them. Not here: deciding anything."""

from cairn.interfaces.web.recognized.given import certificate_pdf, claim_rows, rows, transcript, transcript_pdf
from cairn.interfaces.web.recognized.shown import (
    choices,
    claim,
    fee,
    head,
    line,
    my_groups,
    my_head,
    plan,
    proposal,
    schedule,
    terms,
    voted,
)

__all__ = [
    "certificate_pdf",
    "choices",
    "claim",
    "claim_rows",
    "fee",
    "head",
    "line",
    "my_groups",
    "my_head",
    "plan",
    "proposal",
    "rows",
    "schedule",
    "terms",
    "transcript",
    "transcript_pdf",
    "voted",
]
