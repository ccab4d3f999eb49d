"""Teams: formed, others asked, left. Not here: joining, which brings the shared work along (steps, portfolio)."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from cairn.apps.catalog import queries as catalog
from cairn.apps.ledger.steps import record
from cairn.apps.people import queries as people
from cairn.apps.people import steps as groups
from cairn.apps.programs import events, policy
from cairn.apps.programs.models import Enrollment, Team, TeamInvitation
from cairn.apps.programs.queries.teams import members, team_of
from cairn.apps.programs.states import TEAM_LIMITS, TEAM_MODES
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid, NotFound
from cairn.kernel.facts import Recorded
from cairn.kernel.text import clean
from cairn.pure.packs.together import may_be_together

NAME_LIMIT, REASON_LIMIT = 80, 300
ASKED_AT_MOST = 200  # by one team, over all its time


@command
def form_team(*, actor: Actor, enrollment_id: str, name: str, mode: str = "small group") -> Team:
    """For what one is at work on; whoever forms it is its first member."""
    run = Enrollment.objects.visible_to(actor).select_related("offering__program").locked(pk=enrollment_id)
    policy.FORM_TEAM.require(actor, run)
    if not may_be_together(catalog.content(actor, run.version_id)):
        raise Conflict("shown-alone", "Nothing of this micro-credential is shown together.", "Go on alone; ask others to read along.")
    if mode not in TEAM_MODES:
        raise Invalid("mode-unknown", "Say who is in it.", "Choose one of the list.", {"mode": "Choose one of the list."})
    if mine := team_of(run):
        raise Conflict("in-a-team", f"You are in the team “{mine.name}” for this.", "Leave it first, then form another.")
    name = " ".join(clean(name, limit=NAME_LIMIT, field="name", name="This name").split())
    if not name:
        raise Invalid("name-missing", "A team needs a name.", "Give it one.", {"name": "Give it a name."})
    organization = run.offering.program.organization_id
    team = Team(offering=run.offering, version_id=run.version_id, mode=mode, name=name, founder_id=run.person_id)
    record(events.TEAM_FORMED, actor=actor, subject=team, organization=organization, offering=run.offering_id, mode=mode, name=name)
    team.group_id = groups.form_group(actor=actor, organization_id=organization, name=name, kind="team").pk
    groups.join_group(actor=actor, group_id=team.group_id, person_id=run.person_id, joined_on=_today(run.person_id))
    team.save(force_insert=True)
    return team


@command
def ask_to_team(*, actor: Actor, team_id: str, address: str) -> TeamInvitation:
    """Ask whoever has the address; whether anybody has it is not told. Asked twice is asked once."""
    team = Team.objects.visible_to(actor).select_related("offering__program").locked(pk=team_id)
    policy.ASK_TO_TEAM.require(actor, team)
    address = address.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        words = "Write it in full, like name@example.org."
        raise Invalid("address-wrong", "That is no e-mail address.", words, {"address": words}) from None
    asked = TeamInvitation.objects.filter(team=team)
    if waiting := asked.filter(address=address, ended_at=None).first():
        return waiting
    if members(team).filter(person_id=people.owner_of_address(address)).exists():
        raise Conflict("in-it-already", "They are in the team already.", "Go on together.")
    if members(team).count() + asked.filter(ended_at=None).count() >= TEAM_LIMITS[team.mode] or asked.count() >= ASKED_AT_MOST:
        raise Conflict("team-full", f"A team of this kind has at most {TEAM_LIMITS[team.mode]} members, those who are asked among them.",
                       "Take an invitation back, or form another team.")  # fmt: skip
    invitation = TeamInvitation.objects.create(team=team, address=address, asked_by_id=str(actor.person_id))
    record(events.TEAM_ASKED, actor=actor, subject=invitation, organization=team.offering.program.organization_id, address=address)
    return invitation


@command
def end_asking(*, actor: Actor, invitation_id: str) -> TeamInvitation:
    """Declined, or taken back; what was answered already stays as it is."""
    asked = TeamInvitation.objects.visible_to(actor).select_related("team__offering__program").locked(pk=invitation_id)
    policy.END_ASKING.require(actor, asked)
    if asked.ended_at is None:
        asked.ended_at = clock.now()
        asked.save(update_fields=["ended_at"])
        organization = asked.team.offering.program.organization_id
        record(events.TEAM_ASKED_NO_MORE, actor=actor, subject=asked, organization=organization)
    return asked


@command
def leave_team(*, actor: Actor, team_id: str, person_id: str, reason: str = "") -> Team:
    """Leave, or take somebody out. Each keeps what the team wrote so far, as it stands in their own work."""
    team = Team.objects.visible_to(actor).select_related("offering__program").locked(pk=team_id)
    policy.LEAVE_TEAM.require(actor, (team, person_id))
    if not members(team).filter(person_id=person_id).exists():
        raise NotFound("member")
    _leave(actor, team, person_id, " ".join(clean(reason, limit=REASON_LIMIT, field="reason", name="This reason").split()))
    return team


@command
def leave_team_behind(*, actor: Actor, fact: Recorded) -> Team | None:
    """Consequence of leaving a micro-credential: one is no more in the team for it."""
    run = Enrollment.objects.visible_to(actor).get_or_not_found(pk=fact.subject_id)
    mine = team_of(run)
    if mine is None or run.state != "withdrawn":
        return None
    team = Team.objects.select_related("offering__program").locked(pk=mine.pk)
    _leave(actor, team, run.person_id, "")
    return team


def _leave(actor: Actor, team: Team, person_id: str, reason: str) -> None:
    TeamInvitation.objects.filter(team=team, is_accepted=True, address__in=people.confirmed_by(person_id)).update(is_accepted=False)
    record(events.TEAM_LEFT, actor=actor, subject=team, organization=team.offering.program.organization_id, person=person_id,
           reason=reason)  # fmt: skip
    groups.leave_group(actor=actor, group_id=team.group_id, person_id=person_id, left_on=_today(person_id))


def _today(person_id: str) -> date:
    return clock.today(people.zone_of(person_id))
