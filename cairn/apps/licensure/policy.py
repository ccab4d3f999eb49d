"""Who may change licenses, records, lists and plans, and who decides on them."""

from __future__ import annotations

from typing import Any

from cairn.apps.people import queries as people
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


def an_officer_there(actor: Actor, authority: Any) -> None:
    """a licensing officer of the authority, or the system"""
    if not (actor.is_system or actor.holds("licensing officer", organization=authority.organization_id)):
        raise Forbidden("officers-only", "Only a licensing officer of the authority may do this.", "Ask one of its officers.")


def keeps_the_authority(actor: Actor, organization_id: str) -> None:
    """an operator, or an admin of the authority"""
    if not (actor.is_system or actor.holds("operator") or actor.holds("organization admin", organization=organization_id)):
        raise Forbidden("authority-only", "Only the authority's admins may say how it decides.", "Ask one of them.")


SET_AUTHORITY = Action("licensure.set-authority", "Say how an authority decides on licenses", who=(keeps_the_authority,))
APPLY = Action("licensure.apply", "Ask the authority to decide on one's own license", who=(the_licensed,), when=(not_over,))
ANSWER = Action("licensure.answer", "Answer what an officer asked, or take the application back", who=(the_licensed,))
DECIDE = Action("licensure.decide", "Determine, return or refer an application", who=(an_officer,))
LOOK_AHEAD = Action("licensure.look-ahead", "See what a change of a rule would do, before it takes effect", who=(an_officer_there,))
COUNTERSIGN = Action("licensure.countersign", "Sign second, or not agree", who=(an_officer, another_officer))


# --- Recognizers, claims, proposals ---------------------------------------------------------------------------------------


def keeps_recognition(actor: Actor, organization_id: str) -> None:
    """an admin of the organization, or the system"""
    if not (actor.is_system or actor.holds("organization admin", organization=organization_id)):
        raise Forbidden("admins-only", "Only an admin of the organization may say what it gives for what.", "Ask one of its admins.")


def a_member(actor: Actor, thing: Any) -> None:
    """a council member of the recognizer"""
    if not actor.holds("council member", organization=thing.organization_id):
        raise Forbidden("members-only", "Only members of the council answer this.", "Ask an admin of the organization.")


def not_ones_own(actor: Actor, thing: Any) -> None:
    """never of their own"""
    if actor.person_id == thing.person_id:
        raise Forbidden("your-own", "Nobody answers what they ask for themselves.", "The other members answer it.")


def from_another_building(actor: Actor, thing: Any) -> None:
    """who works in another building than the educator"""
    if share_building(str(actor.person_id), str(thing.person_id), thing.organization_id):
        raise Forbidden("same-building", "You work in the same building, so you are not asked.", "The other members answer it.")


def share_building(one: str, other: str, organization_id: str) -> bool:
    """Whether two people work at one place today, the recognizer itself aside."""
    places: dict[str, set[str]] = {one: set(), other: set()}
    for person, place in people.work_now([one, other]):
        places[person].add(place)
    return bool((places[one] & places[other]) - {organization_id})


def before_the_council(actor: Actor, thing: Any) -> None:
    """it is sent, and not settled"""
    if thing.state != "submitted":
        raise Conflict(
            "not-before-the-council", f"This is {thing.state}, so there is nothing to vote on.", "Reload the page to see where it stands."
        )


def still_asked(actor: Actor, approval: Any) -> None:
    """it is not answered yet"""
    if approval.state != "asked":
        raise Conflict("answered-already", f"This was {approval.state} already.", "Reload the page to see the answer.")


def still_drafted(actor: Actor, thing: Any) -> None:
    """it is a draft"""
    if thing.state != "drafted":
        raise Conflict("no-draft", f"This is {thing.state}, so it is no draft any more.", "Reload the page to see where it stands.")


def awaits_its_fee(actor: Actor, claim: Any) -> None:
    """it is approved, and its credit is not given yet"""
    if claim.state != "approved":
        raise Conflict("no-fee-open", f"This is {claim.state}, so no fee is open.", "Reload the page to see where it stands.")


def may_be_changed(actor: Actor, thing: Any) -> None:
    """it is a draft, or was returned"""
    if thing.state not in ("drafted", "returned"):
        raise Conflict("sent-already", f"This is {thing.state}, so it stays as it was sent.", "Take it back, and begin another.")


SET_RECOGNIZER = Action(
    "licensure.set-recognizer", "Say how an organization answers claims, and by which schedules", who=(keeps_recognition,)
)
ASK_BEFOREHAND = Action("licensure.ask-beforehand", "Ask a recognizer before beginning", who=(signed_in,))
ANSWER_BEFOREHAND = Action(
    "licensure.answer-beforehand", "Say beforehand whether something will count", who=(a_member, not_ones_own), when=(still_asked,)
)
TAKE_BACK_ASKING = Action("licensure.take-back-asking", "No longer ask beforehand", who=(the_educator,), when=(still_asked,))
CLAIM = Action("licensure.claim", "Claim recognition for an award or for something else that one did", who=(signed_in,))
CHANGE_DRAFT = Action("licensure.change-draft", "Change a claim that is not sent", who=(the_educator,), when=(still_drafted,))
SEND_CLAIM = Action("licensure.send-claim", "Send a claim that was drafted or returned", who=(the_educator,), when=(may_be_changed,))
WITHDRAW_CLAIM = Action("licensure.withdraw-claim", "Take a claim back", who=(the_educator,))
VOTE_ON_CLAIM = Action(
    "licensure.vote-on-claim", "Vote on a claim", who=(a_member, not_ones_own, from_another_building), when=(before_the_council,)
)
POST_CREDIT = Action(
    "licensure.post-credit", "Waive the fee of credit that was approved, or give it once that is paid", who=(a_member, not_ones_own),
    when=(awaits_its_fee,),
)  # fmt: skip
RETURN_LEFT = Action("licensure.return-left", "Return claims and proposals of educators whose work has ended", who=(system_alone,))
COUNT_VOTES = Action("licensure.count-votes", "Settle what the votes that are in settle by now", who=(system_alone,))
LOOK_AT_SOURCES = Action("licensure.look-at-sources", "Ask sources of proposals whether they answer", who=(system_alone,))
PROPOSE = Action("licensure.propose", "Design a micro-credential of one's own", who=(signed_in,))
WRITE_PROPOSAL = Action("licensure.write-proposal", "Write a proposal", who=(the_educator,))
WITHDRAW_PROPOSAL = Action("licensure.withdraw-proposal", "Take a proposal back", who=(the_educator,))
VOTE_ON_PROPOSAL = Action(
    "licensure.vote-on-proposal", "Vote on a proposal, and say which of its sources lead nowhere",
    who=(a_member, not_ones_own, from_another_building), when=(before_the_council,),
)  # fmt: skip
