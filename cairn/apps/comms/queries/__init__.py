"""Reading letters, preferences, wordings, feeds and webhooks; and the shape in which other capabilities say whom to tell."""

from cairn.apps.comms.queries.notices import (
    Notice,
    agreed_notice,
    letter,
    letters,
    merged_notice,
    merging_notice,
    person_notice,
    support_notice,
    token_notice,
)

__all__ = [
    "Notice",
    "agreed_notice",
    "letter",
    "letters",
    "merged_notice",
    "merging_notice",
    "person_notice",
    "support_notice",
    "token_notice",
]
