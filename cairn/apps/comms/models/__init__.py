"""Letters and how people want them, organizations' own words, calendar feeds, webhooks and their calls."""

from cairn.apps.comms.models.letters import CalendarFeed, Letter, Nudge, Preferences, Wording
from cairn.apps.comms.models.webhooks import Call, Webhook

__all__ = ["CalendarFeed", "Call", "Letter", "Nudge", "Preferences", "Webhook", "Wording"]
