"""Who may bring packs into the catalog."""

from __future__ import annotations

from typing import Any

from cairn.frame.actor import Actor
from cairn.frame.policy import Action
from cairn.kernel.errors import Forbidden


def importer(actor: Actor, thing: Any) -> None:
    """an operator, or the system at the command line"""
    if not (actor.is_system or actor.holds("operator")):
        raise Forbidden("operators-only", "Only an operator of this site may import a pack.", "Send it to the person who runs the site.")


IMPORT_PACK = Action("catalog.import-pack", "Import a catalog pack", who=(importer,))
