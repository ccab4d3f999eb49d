"""Who may change licenses, records, lists and plans."""

from __future__ import annotations

from typing import Any

from cairn.frame.actor import Actor
from cairn.frame.policy import Action
from cairn.kernel.errors import Conflict, Forbidden


def signed_in(actor: Actor, thing: Any) -> None:
    """anyone with an account"""
    if not actor.is_known:
        raise Forbidden("sign-in-first", "Licenses belong to somebody.", "Sign in first.")


def the_educator(actor: Actor, thing: Any) -> None:
    """the educator whose it is"""
    if actor.person_id is None or thing.person_id != actor.person_id:
        raise Forbidden("not-yours", "Only the educator whose it is may change this.", "Sign in as that person.")


def not_over(actor: Actor, license: Any) -> None:
    """the license was not ended"""
    if license.ended_on is not None:
        raise Conflict("license-ended", "You have said that this license is over.", "Add the license that you hold now.")


def who_was_asked(actor: Actor, entry: Any) -> None:
    """an admin or licensing officer of the organization that the educator asked, never the educator"""
    if actor.person_id == entry.person_id:
        raise Forbidden("own-entry", "Nobody confirms an entry of their own.", "Ask your employer or the licensing office.")
    holds = actor.holds("organization admin", organization=entry.asked_id) or actor.holds("licensing officer", organization=entry.asked_id)
    if not (entry.asked_id and holds):
        raise Forbidden("not-asked", "Only the organization that was asked may confirm this.", "Ask one of its admins.")


def list_keeper(actor: Actor, organization: Any) -> None:
    """a licensing officer or admin of the organization that keeps the list, or the system"""
    is_keeper = actor.holds("licensing officer", organization=organization.pk) or actor.holds(
        "organization admin", organization=organization.pk
    )
    if not (actor.is_system or is_keeper):
        told = f"Only {organization.name} may change its list."
        raise Forbidden("list-keepers-only", told, "Ask one of its licensing officers.")


def the_supervisor(actor: Actor, plan: Any) -> None:
    """the supervisor whom the educator named"""
    if actor.person_id is None or plan.supervisor_id != actor.person_id:
        raise Forbidden("not-the-supervisor", "Only the supervisor who was named may agree to this plan.", "Sign in as that person.")


def still_written(actor: Actor, plan: Any) -> None:
    """it is a draft"""
    if plan.state != "drafted":
        raise Conflict("plan-not-a-draft", "This plan is shared or agreed, so its words stay.", "Take it back first, or begin another.")


def system_alone(actor: Actor, thing: Any) -> None:
    """the system alone"""
    if not actor.is_system:
        raise Forbidden("system-only", "Only the system itself does this.", "There is nothing for you to do.")


LOAD_RULES = Action("licensure.load-rules", "Keep the rule sets that were read from files", who=(system_alone,))
ADD_LICENSE = Action("licensure.add-license", "Enter a license of one's own", who=(signed_in,))
CHANGE_LICENSE = Action("licensure.change-license", "Correct or end a license", who=(the_educator,), when=(not_over,))
ADD_ENTRY = Action("licensure.add-entry", "Enter something into one's own record", who=(signed_in,))
WITHDRAW_ENTRY = Action("licensure.withdraw-entry", "Take an entry of one's record back", who=(the_educator,))
SETTLE_ENTRY = Action("licensure.settle-entry", "Confirm or decline an entry of an educator's record", who=(who_was_asked,))
KEEP_LIST = Action("licensure.keep-list", "Put micro-credentials on a list of approved ones, and take them off", who=(list_keeper,))
COUNT = Action("licensure.count", "Enter credentials into records, compute standings, send reminders", who=(system_alone,))
WRITE_PLAN = Action("licensure.write-plan", "Write a growth plan", who=(the_educator,), when=(still_written,))
MOVE_PLAN = Action("licensure.move-plan", "Share a growth plan, take it back, close it", who=(the_educator,))
AGREE_PLAN = Action("licensure.agree-plan", "Agree to a growth plan", who=(the_supervisor,))


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
