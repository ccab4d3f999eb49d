"""What the ledger records about itself."""

from cairn.kernel.facts import Event

RETRIED = Event("ledger.retried", "An operator put a parked delivery back into the queue.", ("consequence",))
SET_ASIDE = Event("ledger.set_aside", "An operator decided that a parked delivery shall not happen.", ("consequence", "reason"))
