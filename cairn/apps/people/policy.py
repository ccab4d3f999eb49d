"""Who may change people, organizations and roles."""

from __future__ import annotations

from typing import Any

from cairn.frame.actor import Actor
from cairn.frame.policy import Action
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden


def oneself(actor: Actor, person: Any) -> None:
    """the person themself"""
    if actor.person_id != person.pk:
        raise Forbidden("not-you", "Only the person themself may change this.", "Sign in as that person.")


def oneself_or_system(actor: Actor, person: Any) -> None:
    """the person themself, or the system where what guards their account was changed"""
    if not actor.is_system:
        oneself(actor, person)


def system_alone(actor: Actor, thing: Any) -> None:
    """the system, of what it has seen"""
    if not actor.is_system:
        raise Forbidden("system-only", "Only the system itself notes this.", "There is nothing for you to do.")


def operator_or_system(actor: Actor, thing: Any) -> None:
    """an operator, or the system while it sets itself up"""
    if not (actor.is_system or actor.holds("operator")):
        raise Forbidden("operators-only", "Only an operator of this site may do this.", "Ask the person who runs the site.")


def admin_of(actor: Actor, organization: Any) -> None:
    """an admin of the organization, an operator, or the system"""
    if not (actor.is_system or actor.holds("operator") or actor.holds("organization admin", organization=organization.pk)):
        raise Forbidden("admins-only", f"Only an admin of {organization.name} may do this.", f"Ask an admin of {organization.name}.")


CHANGE_PROFILE = Action("people.change-profile", "Change one's own name, time zone and visibility", who=(oneself,))
FOLLOW_ADDRESS = Action("people.follow-address", "Write to a person at the address they sign in with", who=(operator_or_system,))


def operator_who_reads_nothing_blind(actor: Actor, person: Any) -> None:
    """an operator, at somebody else, unless they score without knowing whose it is"""
    if not actor.holds("operator"):
        raise Forbidden("operators-only", "Only an operator of this site may do this.", "Ask the person who runs the site.")
    if actor.holds("assessor") or actor.holds("lead assessor"):
        why = "You score work without knowing whose it is, so you cannot look through anybody's eyes."
        raise Forbidden("reads-blind", why, "Ask another operator.")
    if actor.person_id == person.pk:
        raise Forbidden("own-eyes", "These are your own eyes.", "Open your pages as always.")


def either_side(actor: Actor, access: Any) -> None:
    """the operator who looks, or the person who is looked at"""
    if actor.person_id not in (access.operator_id, access.person_id):
        raise Forbidden("not-yours", "Only the two of them may end this.", "Wait until its time is over.")


def the_other_themself(actor: Actor, merging: Any) -> None:
    """the second person, signed in as such"""
    if merging.gone is None or actor.person_id != merging.gone_id:
        raise Forbidden("sign-in-as-other", "Only the other account can answer this.", "Sign in with the address that the letter went to.")


def who_asked(actor: Actor, merging: Any) -> None:
    """the person who asked"""
    if actor.person_id != merging.kept_id:
        raise Forbidden("not-who-asked", "Only whoever asked makes the two one.", "Say yes, and they are told to go on.")


def one_of_the_two(actor: Actor, merging: Any) -> None:
    """either of the two whom it is about"""
    if actor.person_id not in (merging.kept_id, merging.gone_id):
        raise Forbidden("not-yours", "This is about two other persons.", "There is nothing for you to do.")


def agreed(actor: Actor, merging: Any) -> None:
    """the second has said yes; or has no account, and the letter to their address is at hand"""
    if merging.gone is None or (merging.gone.account_id and not merging.agreed_at):
        raise Conflict("not-agreed", "The other account has not said yes yet.", "Sign in where the letter went, and say yes.")


def still_open(actor: Actor, merging: Any) -> None:
    """nobody has answered yet, and the letter is not older than two days"""
    if merging.outcome or merging.ends_at <= clock.now():
        raise Conflict("merging-over", "This question has been answered, or is too old.", "Ask once more, from the account that you keep.")


ASK_MERGING = Action("people.ask-merging", "Say that a second person here is oneself too", who=(oneself,))
AGREE_MERGING = Action("people.agree-merging", "Say that one is the person who asked", who=(the_other_themself,), when=(still_open,))
DECLINE_MERGING = Action("people.decline-merging", "Say that the two are not one", who=(one_of_the_two,), when=(still_open,))
MERGE = Action("people.merge", "Make the two one", who=(who_asked,), when=(still_open, agreed))
SEE_AS = Action("people.see-as", "See for a while what a person sees, for a reason", who=(operator_who_reads_nothing_blind,))
END_SUPPORT = Action("people.end-support", "End support access before its time", who=(either_side,))
END_SESSIONS = Action("people.end-sessions", "Sign a person out elsewhere, or everywhere", who=(oneself_or_system,))
FORGET_SECOND_STEP = Action("people.forget-second-step", "Let somebody in who has lost their second step", who=(operator_or_system,))
NOTE_SIGN_IN = Action("people.note-sign-in", "Record that a person signed in, or changed how they do", who=(system_alone,))
FOUND_ORGANIZATION = Action("people.found-organization", "Enter an organization", who=(operator_or_system,))
MANAGE_PEOPLE = Action("people.manage", "Grant and end roles, affiliate people, form groups", who=(admin_of,))
SET_BRAND = Action("people.set-brand", "Choose an organization's name, colors, logo and legal words on its pages", who=(admin_of,))
MANAGE_TOKENS = Action("people.manage-tokens", "Make and revoke one's own tokens for the API", who=(oneself,))
