"""Who may found and lead communities, and who may write in them."""

from __future__ import annotations

from typing import Any

from cairn.apps.communities.models import Community, Facilitator
from cairn.apps.people import queries as people
from cairn.apps.programs import queries as programs
from cairn.frame.actor import Actor
from cairn.frame.policy import Action
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden
from cairn.pure.clocks import long_moment

_LEADERS = "Ask one of its facilitators."


def runs_it(actor: Actor, community: Any) -> None:
    """a coordinator or admin of the organization, those who run the program for one of its owners, or the system"""
    scope = {"organization": community.organization_id}
    leads = actor.is_system or actor.holds("coordinator", **scope) or actor.holds("organization admin", **scope)
    if not leads and not programs.run_programs(actor).filter(pk=community.program_id).exists():
        raise Forbidden("coordinators-only", "Only those who run the program may do this.", "Ask its coordinator.")


def leads_it(actor: Actor, community: Any) -> None:
    """a facilitator of the community, or whoever runs its program"""
    if not Community.objects.led_by(actor).filter(pk=community.pk).exists():
        raise Forbidden("facilitators-only", "Only those who lead this community may do this.", _LEADERS)


def belongs(actor: Actor, community: Any) -> None:
    """a member, or a facilitator"""
    if community.group_id in people.groups_of(actor):
        return
    if not Facilitator.objects.filter(community=community, person_id=actor.person_id, ended_at=None).exists():
        raise Forbidden("members-only", "Only members write here.", "Whoever runs the program reads along, and names who facilitates.")


def the_author(actor: Actor, post: Any) -> None:
    """the author"""
    if post.author_id != actor.person_id:
        raise Forbidden("not-yours", "Only its author may change a post.", "Reply to it, or report it if it does not belong here.")


def window_is_open(actor: Actor, community: Any) -> None:
    """the community has opened and not closed"""
    if community.is_open:
        return
    zone = people.zone_of(actor.person_id)
    if clock.now() < community.opens_at:
        raise Conflict("not-open-yet", f"This community opens {long_moment(community.opens_at, zone)}.", "Come back then.")
    said = f"This community closed {long_moment(community.closes_at, zone)}. All that was said can still be read."
    raise Conflict("community-closed", said, "Ask its coordinator whether it can be opened longer.")


def still_there(actor: Actor, post: Any) -> None:
    """the post was not deleted"""
    if post.state == "deleted":
        raise Conflict("post-deleted", "This was deleted by its author.", "Go back to the talk.")


def by_the_clock(actor: Actor, file: Any) -> None:
    """the system alone"""
    if not actor.is_system:
        raise Forbidden("system-only", "Only the clock does this.", "Take the file out of your post; the rest happens by itself.")


FOUND = Action("communities.found", "Open a community for a cohort, a stack or a group", who=(runs_it,))
RUN = Action("communities.run", "Name facilitators, change the window", who=(runs_it,))
LEAD = Action("communities.lead", "Schedule prompts, moderate, see who takes part", who=(leads_it,))
WRITE = Action("communities.write", "Answer, share, reply", who=(belongs,), when=(window_is_open,))
EDIT = Action("communities.edit", "Change or delete a post", who=(the_author,), when=(still_there,))
REPORT = Action("communities.report", "Say that a post does not belong here", who=(belongs,))
ERASE = Action("communities.erase", "Erase a file that was taken out", who=(by_the_clock,))
