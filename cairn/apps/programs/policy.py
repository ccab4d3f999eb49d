"""Who may open offerings, and who may begin and leave."""

from __future__ import annotations

from typing import Any

from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.frame.policy import Action
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden
from cairn.pure.clocks import long_date


def runs_it(actor: Actor, program: Any) -> None:
    """a coordinator of the program or its organization, its organization's admin, or the system"""
    scopes = {"program": program.pk, "organization": program.organization_id}
    if not (actor.is_system or actor.holds("coordinator", **scopes) or actor.holds("organization admin", **scopes)):
        raise Forbidden("coordinators-only", "Only those who run this program may do this.", "Ask its coordinator.")


def signed_in(actor: Actor, thing: Any) -> None:
    """anyone who is signed in"""
    if not actor.is_known:
        raise Forbidden("sign-in-first", "Begin by signing in, so that your work has a place to be kept.", "Sign in or make an account.")


def the_learner(actor: Actor, enrollment: Any) -> None:
    """the learner"""
    if enrollment.person_id != actor.person_id:
        raise Forbidden("not-yours", "Only the learner may do this.", "Ask them.")


def is_open(actor: Actor, offering: Any) -> None:
    """the offering is open, has begun and has not ended"""
    today = clock.today(people.zone_of(actor.person_id))
    if offering.state != "open" or offering.microcredential.state != "published":
        raise Conflict("offering-closed", "This micro-credential takes nobody new at the moment.", "Look in the catalog for what is open.")
    if offering.last_day and today > offering.last_day:
        raise Conflict("offering-ended", f"This pilot ended on {long_date(offering.last_day)}.", "Look in the catalog for what is open.")
    if today < offering.opens_on:
        raise Conflict("offering-not-begun", f"This begins on {long_date(offering.opens_on)}.", "Come back on that day.")


RUN_PROGRAM = Action("programs.run", "Open and close offerings", who=(runs_it,))
ENROLL = Action("programs.enroll", "Begin a micro-credential", who=(signed_in,), when=(is_open,))
WITHDRAW = Action("programs.withdraw", "Leave a micro-credential", who=(the_learner,))
