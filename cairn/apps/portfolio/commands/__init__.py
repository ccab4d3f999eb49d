"""Every change to an educator's own work: writing, citing, files, submitting; and what a decision does to an attempt."""

from cairn.apps.portfolio.commands.attempts import follow_extension, receive_decision, receive_return, submit
from cairn.apps.portfolio.commands.coaching import close_draft, close_drafts_of_group, note, open_draft, settle_note
from cairn.apps.portfolio.commands.files import (
    Copy,
    add_artifact,
    caption_artifact,
    describe_artifact,
    note_erased,
    note_opening,
    remove_artifact,
    remove_captions,
)
from cairn.apps.portfolio.commands.teams import join_team
from cairn.apps.portfolio.commands.uploads import (
    abandon_upload,
    begin_upload,
    block_upload,
    dismiss_upload,
    finish_upload,
    keep_upload,
    pass_upload,
    refuse_upload,
)
from cairn.apps.portfolio.commands.writing import change_citation, cite, uncite, write

__all__ = [
    "Copy",
    "abandon_upload",
    "add_artifact",
    "begin_upload",
    "block_upload",
    "caption_artifact",
    "change_citation",
    "cite",
    "close_draft",
    "close_drafts_of_group",
    "describe_artifact",
    "dismiss_upload",
    "finish_upload",
    "follow_extension",
    "join_team",
    "keep_upload",
    "note",
    "note_erased",
    "note_opening",
    "open_draft",
    "pass_upload",
    "receive_decision",
    "receive_return",
    "refuse_upload",
    "remove_artifact",
    "remove_captions",
    "settle_note",
    "submit",
    "uncite",
    "write",
]
