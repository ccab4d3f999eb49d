"""Reading teams: one's own, who is in one, who is asked. Not here: what they show together (portfolio)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from cairn.apps.comms.queries import Notice
from cairn.apps.people import queries as people
from cairn.apps.programs import policy
from cairn.apps.programs.models import Enrollment, Offering, Team, TeamInvitation
from cairn.frame.actor import Actor, system
from cairn.kernel.errors import Conflict
from cairn.kernel.facts import Recorded
from cairn.kernel.ids import Id

_SYSTEM = system("programs")


def team(viewer: Actor, team_id: str) -> Team:
    found = Team.objects.visible_to(viewer).select_related("offering__program", "offering__microcredential", "founder")
    return found.get_or_not_found(pk=team_id)


def team_of(enrollment: Enrollment) -> Team | None:
    """The team in which an enrollment's person earns it."""
    mine = people.groups_of(Actor(person_id=Id(enrollment.person_id)))
    found = Team.objects.filter(offering=enrollment.offering_id, version=enrollment.version_id, group_id__in=mine)
    return found.order_by("formed_at").first()


def my_teams(viewer: Actor) -> set[str]:
    """Ids of the teams that the viewer is in."""
    return set(Team.objects.filter(group_id__in=people.groups_of(viewer)).values_list("pk", flat=True))


def teams_in(viewer: Actor, offering: Offering) -> QuerySet[Team]:
    """The teams of an offering that the viewer may know of."""
    return Team.objects.visible_to(viewer).filter(offering=offering).order_by("name", "pk")


def members(team: Team) -> QuerySet[Any]:
    """Who is in it now, by name; their person is `.person`."""
    return people.members_of(_SYSTEM, team.group_id)


def runs_of_team(viewer: Actor, team: Team) -> QuerySet[Enrollment]:
    """What its members are at work on together; for the system."""
    runs = Enrollment.objects.visible_to(viewer).filter(offering=team.offering_id, version=team.version_id, state="active")
    return runs.filter(person__in=[member.person_id for member in members(team)]).select_related("offering__program").order_by("pk")


def invitations(viewer: Actor, team: Team) -> QuerySet[TeamInvitation]:
    """Who is asked and has not answered."""
    return TeamInvitation.objects.visible_to(viewer).filter(team=team, ended_at=None).order_by("asked_at", "pk")


def invitation(viewer: Actor, invitation_id: str) -> TeamInvitation:
    found = TeamInvitation.objects.visible_to(viewer).select_related("team__offering__microcredential", "asked_by")
    return found.get_or_not_found(pk=invitation_id)


def my_invitations(viewer: Actor) -> QuerySet[TeamInvitation]:
    """Teams that ask the viewer to join."""
    if not viewer.person_id:
        return TeamInvitation.objects.none()
    mine = TeamInvitation.objects.filter(address__in=people.confirmed_by(viewer.person_id), ended_at=None)
    return mine.select_related("team__offering__microcredential", "asked_by").order_by("asked_at", "pk")


def may_take_out(viewer: Actor, team: Team, person_id: str) -> bool:
    return policy.LEAVE_TEAM.allows(viewer, (team, person_id))


def team_asked_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """Whoever has the address; nobody where nobody has."""
    asked = invitation(viewer, fact.subject_id)
    person = people.persons(viewer).filter(pk=people.owner_of_address(asked.address)).first()
    if person is None or asked.ended_at:
        return ()
    words = {"asked_by": asked.asked_by.name, "team": asked.team.name, "title": asked.team.offering.microcredential.title,
             "path": f"/teams/invitations/{asked.pk}/"}  # fmt: skip
    return (Notice(fact.kind, person.pk, person.name, asked.address, words),)


def object_to_joining_team(*, viewer: Actor, group_id: str, person_id: str) -> None:
    """A team's group is joined by joining the team, since what it shares comes with it."""
    found = Team.objects.filter(group_id=group_id).first()
    accepted = TeamInvitation.objects.filter(team=found, is_accepted=True, address__in=people.confirmed_by(person_id))
    if found and not accepted.exists():
        raise Conflict("join-by-team", f"“{found.name}” is a team of a program.", "Its members invite others; so do they join.")
