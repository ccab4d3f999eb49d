"""The life of a letter."""

from cairn.frame.states import States

LETTER = States(
    name="letter",
    owner="comms",
    initial="queued",
    moves={"queued": ("sent",), "sent": ()},
    means={"queued": "written and safe; the worker sends it", "sent": "handed to the mail server"},
)
