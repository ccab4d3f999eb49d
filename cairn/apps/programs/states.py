"""The lives of an offering and of an enrollment."""

from cairn.frame.states import States

OFFERING_KINDS = {"open": "Open to all", "pilot": "Pilot"}

OFFERING = States(
    name="offering",
    owner="programs",
    initial="open",
    moves={"open": ("closed",), "closed": ("open",)},
    means={"open": "educators may begin", "closed": "nobody new may begin; those enrolled go on"},
)

ENROLLMENT = States(
    name="enrollment",
    owner="programs",
    initial="active",
    moves={"active": ("completed", "withdrawn"), "completed": (), "withdrawn": ()},
    means={
        "active": "the educator is at work, or waits for a decision",
        "completed": "the micro-credential is earned",
        "withdrawn": "the educator has left; nothing is scored any more",
    },
)
