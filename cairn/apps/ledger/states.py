"""The life of a delivery."""

from cairn.frame.states import States

DELIVERY = States(
    name="delivery",
    owner="ledger",
    initial="queued",
    moves={
        "queued": ("leased",),
        "leased": ("leased", "queued", "waiting", "done", "declined", "parked"),
        "waiting": ("leased",),
        "done": (),
        "declined": (),
        "parked": ("queued", "declined"),
    },
    means={
        "queued": "to be done, now or after a pause that follows an error",
        "leased": "a worker is at it; when its lease runs out another takes over",
        "waiting": "not possible yet, and tried again by itself",
        "done": "it happened, once",
        "declined": "refused for a reason that is shown; nothing is to follow",
        "parked": "tried six times without success: an operator looks",
    },
)

JOB_STATES = ("idle", "leased")
