"""What capabilities above write of programs inside their own commands: a team that is joined together with the work that it shares,
an offering of what an educator designed for themselves."""

from __future__ import annotations

from cairn.apps.ledger.steps import record
from cairn.apps.people import queries as people
from cairn.apps.people import steps as groups
from cairn.apps.programs import events, policy
from cairn.apps.programs.models import Enrollment, Offering, Program, Team, TeamInvitation
from cairn.apps.programs.queries.teams import members, team_of
from cairn.apps.programs.states import TEAM_LIMITS
from cairn.frame.actor import Actor
from cairn.frame.commands import running
from cairn.kernel import clock
from cairn.kernel.errors import Conflict


def join_team(*, actor: Actor, invitation_id: str) -> tuple[Team, Enrollment]:
    """The team, locked, with the enrollment that is in it from now on."""
    running()
    asked = TeamInvitation.objects.visible_to(actor).select_related("team").get_or_not_found(pk=invitation_id)
    run = Enrollment.objects.filter(person_id=actor.person_id, offering=asked.team.offering_id, state="active").select_for_update().first()
    team = Team.objects.select_related("offering__program").locked(pk=asked.team_id)
    asked = TeamInvitation.objects.select_related("team").locked(pk=invitation_id)
    policy.JOIN_TEAM.require(actor, asked)
    if run is None:
        raise Conflict("begin-first", "You are not at work on this micro-credential.", f"Begin at /pilots/{team.offering.slug}/ first.")
    _check_fits(team, run)
    asked.ended_at, asked.is_accepted = clock.now(), True
    asked.save(update_fields=["ended_at", "is_accepted"])
    record(events.TEAM_JOINED, actor=actor, subject=team, organization=team.offering.program.organization_id, person=run.person_id)
    today = clock.today(people.zone_of(run.person_id))
    groups.join_group(actor=actor, group_id=team.group_id, person_id=run.person_id, joined_on=today)
    return team, run


def hold_team(enrollment: Enrollment) -> Team | None:
    """The team of an enrollment, locked: whoever writes for it comes first to the team, then to drafts, so nobody waits for one another."""
    running()
    found = team_of(enrollment)
    if found is None:
        return None
    Team.objects.locked(pk=found.pk)
    return team_of(enrollment)


def offer_own(*, actor: Actor, microcredential_id: str, slug: str, issuer_id: str, days: int) -> Offering:
    """Open what an educator designed for themselves, in the first program of its issuer: their seat and nobody else's (policy)."""
    running()
    program = Program.objects.filter(organization_id=issuer_id).order_by("slug").first()
    if program is None:
        raise Conflict("no-program", "Its issuer runs no program in which it could be earned.", "Ask the operator of this site.")
    today = clock.today(people.zone_of(None))
    offering = Offering.objects.create(
        program=program, microcredential_id=microcredential_id, kind="open", opens_on=today, days=days, slug=slug
    )
    record(events.OFFERED, actor=actor, subject=offering, organization=issuer_id, microcredential=microcredential_id, kind="open",
           opens_on=today.isoformat(), last_day="", days=days)  # fmt: skip
    return offering


def _check_fits(team: Team, run: Enrollment) -> None:
    if other := team_of(run):
        raise Conflict("in-a-team", f"You are in the team “{other.name}” for this.", "Leave it first, then join this one.")
    if run.version_id != team.version_id:
        why = "The team has begun another version of this micro-credential, with other questions."
        raise Conflict("other-version", why, "Go on alone, or form a team with those who have your version.")
    if members(team).count() >= TEAM_LIMITS[team.mode]:
        raise Conflict("team-full", f"A team of this kind has at most {TEAM_LIMITS[team.mode]} members.", "Form another one.")
