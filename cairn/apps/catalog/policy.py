"""Who may bring packs into the catalog, who may share, adopt and write."""

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


def admin_of(actor: Actor, organization: Any) -> None:
    """an admin of the organization, or the system"""
    if not (actor.is_system or actor.holds("organization admin", organization=organization.pk)):
        raise Forbidden("admins-only", f"Only an admin of {organization.name} may do this.", f"Ask an admin of {organization.name}.")


def speaks_for(actor: Actor, organization: Any) -> None:
    """an author or an admin of the organization, or the system"""
    if not (actor.holds("author", organization=organization.pk)):
        admin_of(actor, organization)


SET_SHARING = Action("catalog.set-sharing", "Say who may adopt what an organization issues, and answer those who ask", who=(admin_of,))
ADOPT = Action("catalog.adopt", "Adopt another's micro-credential, or make one's own of it", who=(speaks_for,))
WRITE = Action("catalog.write", "Take over what an original changed, and publish a draft", who=(speaks_for,))
