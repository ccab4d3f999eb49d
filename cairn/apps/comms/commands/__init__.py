"""Every change to letters, preferences, wordings, feeds and webhooks."""

from cairn.apps.comms.commands.letters import mark_sent, post, write_letter

__all__ = ["mark_sent", "post", "write_letter"]
