"""Who may change licenses, records, lists and plans, and who decides on them."""

from __future__ import annotations

from typing import Any

from cairn.frame.actor import Actor
from cairn.frame.policy import Action
from cairn.kernel.errors import Forbidden


# --- Applications ---------------------------------------------------------------------------------------------------------


def the_licensed(actor: Actor, thing: Any) -> None:
    """the educator whose license it is"""
    if actor.person_id is None or thing.person_id != actor.person_id:
        raise Forbidden("not-yours", "Only the educator whose license this is may do that.", "Sign in as that person.")


def an_officer(actor: Actor, application: Any) -> None:
    """a licensing officer of the authority, and never of one's own application"""
    if not actor.holds("licensing officer", organization=application.authority.organization_id):
        raise Forbidden("officers-only", "Only a licensing officer of the authority may do this.", "Ask one of its officers.")
    if actor.person_id == application.person_id:
        raise Forbidden("your-own", "Nobody decides on their own license.", "Another officer of the authority answers.")


def another_officer(actor: Actor, application: Any) -> None:
    """an officer who has not signed it yet"""
    proposed = application.determinations.filter(signed_at=None, is_set_aside=False).first()
    if proposed is not None and proposed.first_by_id == actor.person_id:
        raise Forbidden("two-persons", "You have signed this already; a second officer must sign it too.", "Ask another officer.")


def keeps_the_authority(actor: Actor, organization_id: str) -> None:
    """an operator, or an admin of the authority"""
    if not (actor.is_system or actor.holds("operator") or actor.holds("organization admin", organization=organization_id)):
        raise Forbidden("authority-only", "Only the authority's admins may say how it decides.", "Ask one of them.")


SET_AUTHORITY = Action("licensure.set-authority", "Say how an authority decides on licenses", who=(keeps_the_authority,))
APPLY = Action("licensure.apply", "Ask the authority to decide on one's own license", who=(the_licensed,))
ANSWER = Action("licensure.answer", "Answer what an officer asked, or take the application back", who=(the_licensed,))
DECIDE = Action("licensure.decide", "Determine, return or refer an application", who=(an_officer,))
COUNTERSIGN = Action("licensure.countersign", "Sign second, or not agree", who=(an_officer, another_officer))
