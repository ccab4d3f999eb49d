"""Who may take a file in that was read."""

from __future__ import annotations

from typing import Any

from cairn.frame.actor import Actor
from cairn.frame.policy import Action
from cairn.kernel.errors import Forbidden


def whoever_chose_it(actor: Actor, thing: Any) -> None:
    """whoever chose the file, or the system where the command line did"""
    if not (actor.is_system or (actor.person_id and thing.person_id == actor.person_id)):
        raise Forbidden("not-your-file", "Only whoever chose this file may take it in.", "Choose the file yourself.")


TAKE_IN = Action("imports.take-in", "Take a file in that was read, stop it, or drop it", who=(whoever_chose_it,))
