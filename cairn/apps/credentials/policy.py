"""Who may revoke and reinstate, who may read why, and who may share a page and read one."""

from __future__ import annotations

from typing import Any

from cairn.apps.assessment import queries as assessment
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.frame.policy import Action
from cairn.kernel.errors import Conflict, Forbidden


def issuers_admin(actor: Actor, credential: Any) -> None:
    """an admin of the issuing organization, or an operator"""
    if not (actor.holds("operator") or actor.holds("organization admin", organization=credential.issuer_id)):
        raise Forbidden("issuers-only", "Only the issuing organization may do this.", "Ask one of its admins.")


REVOKE = Action("credentials.revoke", "Revoke or reinstate a credential, and read why that was done", who=(issuers_admin,))
READ_CHAIN = Action("credentials.read-chain", "Read the chain of facts behind a credential", who=(issuers_admin,))


# --- Pages that educators share -------------------------------------------------------------------------------------


def signed_in(actor: Actor, thing: Any) -> None:
    """anyone with an account"""
    if not actor.is_known:
        raise Forbidden("sign-in-first", "Only somebody with work of their own can show it.", "Sign in first.")


def the_educator(actor: Actor, page: Any) -> None:
    """the educator whose page it is"""
    if actor.person_id is None or page.person_id != actor.person_id:
        raise Forbidden("not-yours", "Only the educator who shares this page may change it.", "Sign in as that person.")


def not_ended(actor: Actor, page: Any) -> None:
    """the educator has not ended it"""
    if page.ended_at is not None:
        raise Conflict("shared-page-ended", "You have ended this page, so it stays closed.", "Make another one.")


def nobody_from_support(actor: Actor, recipient: Any) -> None:
    """whoever has a link, and not support through somebody's eyes"""
    if actor.only_looks:
        raise Forbidden("shared-page-stays-closed", "Pages that educators share stay closed to support.", "Stop looking first.")


def nobody_who_may_score(actor: Actor, recipient: Any) -> None:
    """nobody who scores the educator's work, or might be given it: neither as the reader nor as the owner of the link's address"""
    owner = people.owner_of_address(recipient.address) if recipient.address else None
    for person in {str(actor.person_id or ""), owner or ""} - {"", recipient.page.person_id}:
        if assessment.might_score(person, recipient.page.person_id):
            told = "Whoever scores in a program does not read what its educators share: scoring goes without names."
            raise Forbidden("may-score", told, "Ask the program's coordinator if you need to know more.")


ANNOUNCE = Action("credentials.let-announce", "Say whether issuers may name one as an earner", who=(signed_in,))
SHARE = Action("credentials.share-page", "Make a page of one's own work for others to read", who=(signed_in,))
CHANGE_SHARED = Action("credentials.change-shared", "Extend a shared page, renew and end its links", who=(the_educator,), when=(not_ended,))
END_SHARED = Action("credentials.end-shared", "End a shared page", who=(the_educator,))
READ_SHARED = Action("credentials.read-shared", "Read a shared page through a link", who=(nobody_from_support, nobody_who_may_score))
