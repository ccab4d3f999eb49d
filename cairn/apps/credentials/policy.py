"""Who may revoke and reinstate, and who may read why."""

from __future__ import annotations

from typing import Any

from cairn.frame.actor import Actor
from cairn.frame.policy import Action
from cairn.kernel.errors import Forbidden


def issuers_admin(actor: Actor, credential: Any) -> None:
    """an admin of the issuing organization, or an operator"""
    if not (actor.holds("operator") or actor.holds("organization admin", organization=credential.issuer_id)):
        raise Forbidden("issuers-only", "Only the issuing organization may do this.", "Ask one of its admins.")


REVOKE = Action("credentials.revoke", "Revoke or reinstate a credential, and read why that was done", who=(issuers_admin,))
READ_CHAIN = Action("credentials.read-chain", "Read the chain of facts behind a credential", who=(issuers_admin,))
