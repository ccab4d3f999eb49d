"""Who may open offerings, and who may begin and leave."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from cairn.apps.people import queries as people
from cairn.apps.programs.models import Attendance, Enrollment, Meeting, MeetingTime, Program, Registration, taking_part
from cairn.frame.actor import Actor
from cairn.frame.policy import Action
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden
from cairn.pure.clocks import long_date, long_moment

GATES = ("information", "orientation")  # kinds of meetings after which one may register


def runs_it(actor: Actor, program: Any) -> None:
    """a coordinator of the program or of an organization that owns it, an admin of one, or the system"""
    scopes = {"program": program.pk, "organization": program.organization_id}
    leads = actor.is_system or actor.holds("coordinator", **scopes) or actor.holds("organization admin", **scopes)
    holds = actor.holds("coordinator") or actor.holds("organization admin")
    if not leads and not (holds and Program.objects.run_by(actor).filter(pk=program.pk).exists()):
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
    if offering.is_over_on(today):
        raise Conflict("offering-ended", f"This pilot ended on {long_date(offering.last_day)}.", "Look in the catalog for what is open.")
    if today < offering.opens_on:
        raise Conflict("offering-not-begun", f"This begins on {long_date(offering.opens_on)}.", "Come back on that day.")


def attended(actor: Actor, offering: Any) -> None:
    """they have attended the meeting, where the offering asks for one"""
    if not offering.asks_meeting:
        return
    meetings = Meeting.objects.filter(Q(offering=offering) | Q(offering=None, program_id=offering.program_id), kind__in=GATES)
    came = Attendance.objects.filter(meeting__in=meetings, person_id=actor.person_id).exclude(attended_at=None)
    if not offering.recording_satisfies:
        came = came.exclude(how="recording")
    if not came.exists():
        times = MeetingTime.objects.filter(meeting__in=meetings, is_canceled=False, ends_at__gt=clock.now()).order_by("starts_at")
        choices = "; ".join(long_moment(time.starts_at, ZoneInfo(time.zone)) for time in times)
        remedy = f"Choose one of these times: {choices}." if choices else "Ask the coordinator when the next one is."
        raise Conflict("meeting-first", "Registration opens for you once your attendance at a meeting is noted.", remedy)


def its_owner(actor: Actor, offering: Any) -> None:
    """where an educator designed it for themselves, that educator"""
    if offering.microcredential.owner_id not in (None, actor.person_id):
        raise Forbidden("designed-by-another", "An educator designed this for themselves, and earns it alone.", "Propose one of your own.")


def earns_it_nowhere_else(actor: Actor, offering: Any) -> None:
    """they have not earned it, and are not at it elsewhere"""
    check_nowhere_else(str(actor.person_id), offering.microcredential_id)


def check_nowhere_else(person_id: str, microcredential_id: str) -> None:
    """Conflict where somebody has earned it, or is at it."""
    if refusal := at_it_elsewhere(microcredential_id, {person_id}).get(person_id):
        raise refusal


def at_it_elsewhere(microcredential_id: str, person_ids: set[str]) -> dict[str, Conflict]:
    """By person, why each of those who have earned it or are at it cannot begin it."""
    runs = Enrollment.objects.filter(microcredential_id=microcredential_id, person__in=person_ids, state__in=("active", "completed"))
    completed = Conflict("earned-already", "This micro-credential is earned already.", "See it in the portfolio.")
    active = Conflict("at-it-already", "This micro-credential is under way already.", "Go on with it in the portfolio.")
    found = runs.order_by("state").values_list("person_id", "state")
    return {person: completed if state == "completed" else active for person, state in found}


def offer_stands(actor: Actor, place: Any) -> None:
    """a seat is offered, and neither the offer nor the offering has ended"""
    if place.state != "offered" or place.offered_until is None:
        raise Conflict("no-offer", "No seat is offered to you here.", "See the pilot's page for where you stand.")
    if place.offer_has_ended:
        ended = long_moment(place.offered_until, people.zone_of(place.person_id))
        raise Conflict(
            "offer-ended", f"The offer ended {ended}, and the seat went to the next in line.", "Register again to stand in line."
        )
    not_over(actor, place)


def not_over(actor: Actor, place: Any) -> None:
    """the offering has not ended"""
    last = place.offering.last_day
    if last and clock.today(people.zone_of(place.person_id)) > last:
        raise Conflict("offering-ended", f"This pilot ended on {long_date(last)}.", "Look in the catalog for what is open.")


def learner_or_runner(actor: Actor, place: Any) -> None:
    """the learner, or a coordinator of the program"""
    if actor.person_id is None or place.person_id != actor.person_id:
        runs_it(actor, place.offering.program)


def seated_and_not_begun(actor: Actor, place: Any) -> None:
    """the seat is held, and nothing was begun in it"""
    if place.state != "seated" or place.enrollment_id:
        raise Conflict("not-to-begin", "There is no seat here that waits to be begun.", "Reload the page to see where it stands.")


def begins_by_opening(actor: Actor, place: Any) -> None:
    """opening the workspace starts the clock here, or the kick-off is over"""
    if place.offering.clock_event == "kick-off":
        remedy = "Come to the kick-off; if you missed it, ask the coordinator to begin for you."
        raise Conflict("kick-off-first", "Your time begins with the kick-off, so there is nothing to open yet.", remedy)


def owns_it(actor: Actor, program: Any) -> None:
    """an admin of an organization that owns the program"""
    if not (actor.is_system or Program.objects.owned_by(actor).filter(pk=program.pk).exists()):
        raise Forbidden("owners-only", "Only an admin of an organization that owns the program may do this.", "Ask one of them.")


def seated_for_a_kick_off(actor: Actor, meeting: Any) -> None:
    """to a kick-off, those who have a seat"""
    places = Registration.objects.filter(offering_id=meeting.offering_id, person_id=actor.person_id, state="seated")
    if meeting.kind == "kick-off" and meeting.offering_id and not places.exists():
        raise Conflict("seat-first", "The kick-off is for those who have a seat.", "Register for the pilot first.")


def still_asked(actor: Actor, extension: Any) -> None:
    """it is still asked for"""
    if extension.state != "asked":
        raise Conflict("answered-already", "This was answered already.", "Reload the page to see how.")


def still_running(actor: Actor, enrollment: Any) -> None:
    """the enrollment is active, or its time ended"""
    if enrollment.state not in ("active", "lapsed"):
        raise Conflict("enrollment-ended", "This enrollment has ended, so no date of it can move.", "Reload the page to see how it ended.")


def by_the_clock(actor: Actor, thing: Any) -> None:
    """the system alone"""
    if not actor.is_system:
        raise Forbidden("system-only", "Only the clock does this.", "Wait for it.")


def asked_by_it(actor: Actor, survey: Any) -> None:
    """whoever is or was at work in what the survey asks about"""
    runs = Enrollment.objects.filter(person_id=actor.person_id, offering__program_id=survey.program_id)
    if actor.person_id is None or not (runs.filter(offering_id=survey.offering_id) if survey.offering_id else runs).exists():
        raise Forbidden("participants-only", "This asks those who take part.", "Ask the coordinator if you should be among them.")


def takes_answers(actor: Actor, survey_round: Any) -> None:
    """the round is open"""
    if survey_round.state != "open":
        raise Conflict("round-not-open", "Nobody can answer this at the moment.", "What you sent before is kept as it was.")


def learner_who_has_not_left(actor: Actor, enrollment: Any) -> None:
    """the learner, unless they have left"""
    the_learner(actor, enrollment)
    if enrollment.state == "withdrawn":
        raise Conflict("enrollment-ended", "You have left this pilot.", "Write to its coordinator, if you have something to tell.")


def on_the_board(actor: Actor, review: Any) -> None:
    """a member of its board"""
    if actor.person_id is None or not review.votes.filter(person_id=actor.person_id).exists():
        raise Forbidden("board-only", "Only the members of this board vote.", "Ask the coordinator who they are.")


def runs_its_pilot(actor: Actor, review: Any) -> None:
    """a coordinator of the program or its organization, its organization's admin, or the system"""
    runs_it(actor, review.offering.program)


def review_is_open(actor: Actor, review: Any) -> None:
    """the board has not decided yet"""
    if review.state != "open":
        raise Conflict("review-over", "The board has decided already.", "Convene another review if something has changed.")


def of_the_team(actor: Actor, team: Any) -> None:
    """a member of the team"""
    if team.group_id not in people.groups_of(actor):
        raise Forbidden("team-only", "Only the members of this team may do this.", "Ask one of them.")


def leaves_or_leads(actor: Actor, member: tuple[Any, str]) -> None:
    """the member themself, whoever formed the team while they are in it, or a coordinator of the program"""
    team, person_id = member
    leads = actor.person_id == team.founder_id and team.group_id in people.groups_of(actor)
    if actor.person_id != person_id and not leads:
        runs_it(actor, team.offering.program)


def asked_by_address(actor: Actor, invitation: Any) -> None:
    """whoever has confirmed the address that was asked"""
    if actor.person_id is None or invitation.address not in people.confirmed_by(actor.person_id):
        raise Forbidden("not-asked", "This invitation is for another address.", "Ask the team to invite the address that you sign in with.")


def still_asking(actor: Actor, invitation: Any) -> None:
    """nobody has answered it yet"""
    if invitation.ended_at is not None:
        raise Conflict("invitation-over", "This invitation was answered or taken back.", "Ask the team to invite you once more.")


def team_or_asked(actor: Actor, invitation: Any) -> None:
    """the team, or whoever is asked"""
    if invitation.team.group_id not in people.groups_of(actor):
        asked_by_address(actor, invitation)


def with_a_confirmed_address(actor: Actor, thing: Any) -> None:
    """whoever is signed in, with an address that they have confirmed"""
    if not actor.person_id:
        raise Forbidden("sign-in-first", "Sign in first, so that we can write to you.", "Sign in or make an account.")
    account = people.me(actor).account_id
    if account is None or not people.has_confirmed_address(account):
        raise Forbidden("confirm-first", "Your e-mail address is not confirmed yet.", "Follow the link in the letter that we sent you.")


def lets_in(actor: Actor, joining: Any) -> None:
    """an operator, or an admin of an organization that owns the program they ask to take part in"""
    if actor.is_system or actor.holds("operator"):
        return
    if joining.program is None:
        raise Forbidden("operators-only", "Only an operator of this site may decide this.", "Ask the person who runs the site.")
    owns_it(actor, joining.program)


def still_asks(actor: Actor, joining: Any) -> None:
    """nobody has decided it"""
    if joining.state != "asked":
        raise Conflict("joining-settled", "This is decided already.", "Go back to the list.")


def adds_research(actor: Actor, program: Any) -> None:
    """those who run the program; where it lets them, those who take part in it"""
    if not (program.research_by_all and actor.person_id and taking_part(actor).filter(offering__program_id=program.pk).exists()):
        runs_it(actor, program)


def entered_or_runs(actor: Actor, entry: Any) -> None:
    """whoever entered it, or those who run the program"""
    if actor.person_id is None or entry.person_id != actor.person_id:
        runs_it(actor, entry.program)


ADD_RESEARCH = Action("programs.add-research", "Add to a program's research log", who=(adds_research,))
CHANGE_RESEARCH = Action("programs.change-research", "Correct what stands in a research log, or take it out", who=(entered_or_runs,))
ASK_TO_JOIN = Action("programs.ask-to-join", "Ask for one's organization to come in", who=(with_a_confirmed_address,))
LET_IN = Action("programs.let-in", "Let an organization in, or say why not", who=(lets_in,), when=(still_asks,))
RUN_PROGRAM = Action("programs.run", "Open and close offerings", who=(runs_it,))
SHARE_PROGRAM = Action("programs.share", "Say which organizations own, host and write a program with others", who=(owns_it,))
EDIT_BOARD = Action("programs.edit-board", "Edit the status board, contacts and roadmap", who=(runs_it,))
ENROLL = Action("programs.enroll", "Begin a micro-credential", who=(signed_in, its_owner), when=(is_open, earns_it_nowhere_else))
WITHDRAW = Action("programs.withdraw", "Leave a micro-credential", who=(the_learner,))
REGISTER = Action("programs.register", "Ask for a place", who=(signed_in, its_owner), when=(is_open, earns_it_nowhere_else, attended))
TAKE_OFFER = Action("programs.take-offer", "Take a seat that is offered", who=(the_learner,), when=(offer_stands,))
LEAVE_PLACE = Action("programs.leave-place", "Give up a place, or take it from somebody who asked for that", who=(learner_or_runner,))
BEGIN_SEAT = Action(
    "programs.begin-seat", "Begin in a seat that one holds", who=(the_learner,), when=(seated_and_not_begun, begins_by_opening, not_over)
)
COME = Action("programs.come", "Sign in at a meeting, or say that one watched it", who=(signed_in,))
KEEP_PLACE = Action("programs.keep-place", "Keep a place at a meeting", who=(signed_in,), when=(seated_for_a_kick_off,))
ASK_EXTENSION = Action("programs.ask-extension", "Ask for more time", who=(the_learner,), when=(still_running,))
EXTEND_BEYOND = Action("programs.extend-beyond", "Grant time past the end of a pilot", who=(owns_it,))
ANSWER_SURVEY = Action("programs.answer-survey", "Answer a survey, and say yes or no to research", who=(asked_by_it,))
GIVE_FEEDBACK = Action("programs.give-feedback", "Tell the developers what one thinks", who=(learner_who_has_not_left,))
VOTE = Action("programs.vote", "Vote on a launch", who=(on_the_board,), when=(review_is_open,))
DECIDE_LAUNCH = Action("programs.decide-launch", "Say what a board has decided", who=(runs_its_pilot,), when=(review_is_open,))
OVERRIDE_GATE = Action("programs.override-gate", "Launch below the minimum, with the board's minutes", who=(owns_it,))
FORM_TEAM = Action("programs.form-team", "Form a team for what one is at", who=(the_learner,), when=(still_running,))
ASK_TO_TEAM = Action("programs.ask-to-team", "Ask somebody to join one's team", who=(of_the_team,))
JOIN_TEAM = Action("programs.join-team", "Join a team that asks", who=(asked_by_address,), when=(still_asking,))
END_ASKING = Action("programs.end-asking", "Decline an invitation to a team, or take it back", who=(team_or_asked,))
LEAVE_TEAM = Action("programs.leave-team", "Leave a team, or take a member out of it", who=(leaves_or_leads,))
