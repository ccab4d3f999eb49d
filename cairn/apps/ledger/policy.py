"""Who may touch the queue."""

from typing import Any

from cairn.frame.actor import Actor
from cairn.frame.policy import Action
from cairn.kernel.errors import Forbidden


def operator(actor: Actor, thing: Any) -> None:
    """an operator"""
    if not actor.holds("operator"):
        raise Forbidden("operators-only", "Only an operator of this site may do this.", "Ask the person who runs the site.")


READ_OPERATIONS = Action("ledger.read-operations", "See the queues and timed jobs", who=(operator,))
TRY_AGAIN = Action("ledger.try-again", "Try a parked delivery again, or set it aside", who=(operator,))
