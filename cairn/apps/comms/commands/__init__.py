"""Every change to letters, preferences, wordings, feeds and webhooks."""

from cairn.apps.comms.commands.letters import let_go, mark_sent, nudge, post, write_letter
from cairn.apps.comms.commands.preferences import begin_feed, change_preferences, end_feed, end_letters, mark_all_read, mark_read
from cairn.apps.comms.commands.webhooks import (
    change_webhook,
    forget_calls,
    note_call,
    queue_calls,
    register_webhook,
    remove_webhook,
    renew_secret,
    send_again,
    start_webhook,
    try_webhook,
)
from cairn.apps.comms.commands.wordings import try_wording, word, word_as_ours

__all__ = [
    "begin_feed",
    "change_preferences",
    "change_webhook",
    "end_feed",
    "end_letters",
    "forget_calls",
    "let_go",
    "mark_all_read",
    "mark_read",
    "mark_sent",
    "note_call",
    "nudge",
    "post",
    "queue_calls",
    "register_webhook",
    "remove_webhook",
    "renew_secret",
    "send_again",
    "start_webhook",
    "try_webhook",
    "try_wording",
    "word",
    "word_as_ours",
    "write_letter",
]
