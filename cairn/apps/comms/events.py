"""What comms records."""

from cairn.kernel.facts import Event

POSTED = Event("comms.posted", "A letter was written to somebody.", ("kind",))
SENT = Event("comms.sent", "A letter was handed to the mail server.", ("kind",))
