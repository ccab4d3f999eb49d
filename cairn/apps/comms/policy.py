"""Who may word an organization's letters, write to its participants, and have its facts told elsewhere. Letters the system writes."""

from __future__ import annotations

from typing import Any

from cairn.apps.people.policy import admin_of
from cairn.frame.actor import Actor
from cairn.frame.policy import Action
from cairn.kernel.errors import Conflict, Forbidden


def oneself(actor: Actor, thing: Any) -> None:
    """the person themself"""
    if actor.person_id is None or actor.person_id != thing.person_id:
        raise Forbidden("not-you", "Only the person themself may change this.", "Sign in as that person.")


def signed_in(actor: Actor, thing: Any) -> None:
    """whoever is signed in, for themself"""
    if not actor.is_known:
        raise Forbidden("sign-in-first", "This is for people who are signed in.", "Sign in, then come back here.")


def writes_there(actor: Actor, organization: Any) -> None:
    """a coordinator or an admin of the organization, or a coordinator of the program"""
    if actor.holds("coordinator", organization=organization.pk, program=organization.program_id):
        return
    admin_of(actor, organization)


def admin_of_its_organization(actor: Actor, webhook: Any) -> None:
    """an admin of its organization"""
    admin_of(actor, webhook.organization)


def not_removed(actor: Actor, webhook: Any) -> None:
    """it has not been removed"""
    if webhook.state == "removed":
        raise Conflict("webhook-removed", "This webhook has been removed.", "Register its address anew.")


CHOOSE = Action("comms.choose", "Say how one wants letters and dates", who=(signed_in,))
READ = Action("comms.read", "Mark one's own notices as read", who=(oneself,))
WORD = Action("comms.word", "Word an organization's letters", who=(admin_of,))
NUDGE = Action("comms.nudge", "Write to participants", who=(writes_there,))
REGISTER_WEBHOOK = Action("comms.register-webhook", "Have an organization's facts told to an address", who=(admin_of,))
MANAGE_WEBHOOK = Action(
    "comms.manage-webhook", "Change, try, renew, restart, remove a webhook", who=(admin_of_its_organization,), when=(not_removed,)
)
