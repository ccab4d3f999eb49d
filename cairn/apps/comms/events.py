"""What comms records."""

from cairn.kernel.facts import Event

POSTED = Event("comms.posted", "A letter was written to somebody.", ("kind",))
KEPT = Event("comms.kept", "A letter was written and waits for its time, or is to be read here alone.", ("kind", "waits_for"))
GATHERED = Event("comms.gathered", "Letters that waited were told of in a digest.", ("letters",))
SENT = Event("comms.sent", "A letter was handed to the mail server.", ("kind",))
PREFERENCES_CHANGED = Event("comms.preferences_changed", "A person said how they want letters.", ("hows", "how"))
WORDED = Event("comms.worded", "An organization worded a letter itself, or went back to ours.", ("kind", "number", "is_ours"))
NUDGED = Event("comms.nudged", "A coordinator wrote to participants.", ("kind", "program", "chosen"))
FEED_BEGUN = Event("comms.feed_begun", "A person made a secret address for their dates; an earlier one ended.")
FEED_ENDED = Event("comms.feed_ended", "The secret address of a person's dates ended.")
WEBHOOK_REGISTERED = Event("comms.webhook_registered", "An organization has facts told to an address.", ("kinds",))
WEBHOOK_CHANGED = Event("comms.webhook_changed", "A webhook was given another address or other kinds, or was paused.", ("kinds", "state"))
WEBHOOK_RENEWED = Event("comms.webhook_renewed", "A webhook was given a new secret; the last one counts for a day more.")
WEBHOOK_STOPPED = Event("comms.webhook_stopped", "A webhook was stopped, since nobody took its calls.", ("status",))
WEBHOOK_STARTED = Event("comms.webhook_started", "A webhook that was stopped or paused is called again.")
WEBHOOK_REMOVED = Event("comms.webhook_removed", "A webhook was removed.")
CALL_QUEUED = Event("comms.call_queued", "A call of a webhook is to be made.", ("kind",))
CALL_ENDED = Event("comms.call_ended", "A call of a webhook was taken, or given up.", ("kind", "state", "status"))
