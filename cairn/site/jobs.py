"""Timed jobs: name -> how often, and what. Each may run twice without harm; a lease keeps workers from doing it side by side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from cairn.apps.assessment.commands import tell_late
from cairn.apps.assessment.queries import late_cases
from cairn.apps.comms.commands import forget_calls, let_go
from cairn.apps.comms.queries import waiting_people
from cairn.apps.communities.commands import announce_prompts
from cairn.apps.communities.outward import erase_taken_out, is_kept
from cairn.apps.credentials.commands import refresh_status_lists
from cairn.apps.imports.commands import drop_forgotten
from cairn.apps.ledger.commands import forget_answers
from cairn.apps.licensure import commands as licensing
from cairn.apps.licensure import queries as licensure
from cairn.apps.licensure.outward import count_everybody as look_at_everybody
from cairn.apps.licensure.outward import look_at_sources
from cairn.apps.payments import queries as money
from cairn.apps.payments.commands import tell_overdue
from cairn.apps.people.commands import forget_sessions, forget_tries
from cairn.apps.portfolio import queries as portfolio
from cairn.apps.portfolio.outward import clear, erase_removed
from cairn.apps.programs import commands as program
from cairn.apps.programs import queries as programs
from cairn.frame.actor import Actor
from cairn.kernel import clock

Job = Callable[[Actor], object]


def clear_sessions(actor: Actor) -> None:
    """Sign-ins that have run out, and tries that no longer count."""
    forget_sessions(actor=actor)
    forget_tries(actor=actor)


def clear_uploads(actor: Actor) -> None:
    """Files that stopped on their way, and copies that nothing keeps."""
    clear(actor, is_kept)


def erase_files(actor: Actor) -> None:
    """What was taken out of portfolios and of the talk of communities a day ago."""
    erase_removed(actor)
    erase_taken_out(actor)


def sign_status_lists(actor: Actor) -> None:
    """They are valid for thirty days from each signing."""
    refresh_status_lists(actor=actor)


def clear_answers(actor: Actor) -> None:
    """Those to programs' requests of more than a day ago."""
    forget_answers(actor=actor)


def pass_offers_on(actor: Actor) -> None:
    """Seats whose offer has ended go to the next in line."""
    for place in programs.offers_that_ended(actor, clock.now()):
        program.end_offer(actor=actor, registration_id=place)


def remind_of_dates(actor: Actor) -> None:
    """Thirty, fourteen, seven and one day before something is due, and the day before a meeting."""
    for days in program.REMINDED_BEFORE:
        for enrollment in programs.due_for_reminder(actor, days):
            program.remind(actor=actor, enrollment_id=enrollment)
    for attendance in programs.unreminded(actor, clock.now() + timedelta(days=1)):
        program.remind_of_meeting(actor=actor, attendance_id=attendance)
    program.forget_phones(actor=actor)


def end_what_is_past_due(actor: Actor) -> None:
    """Enrollments whose time is over, an hour after the last file could have come, with nothing submitted and no attempt still running."""
    for enrollment in portfolio.out_of_time(actor):
        program.lapse(actor=actor, enrollment_id=enrollment)


def send_what_waited(actor: Actor) -> None:
    """Letters of quiet hours that are over, and digests whose time has come."""
    for person_id in waiting_people(actor):
        let_go(actor=actor, person_id=person_id)


def clear_calls(actor: Actor) -> None:
    """What became of webhooks' calls of more than a month ago."""
    forget_calls(actor=actor)


def tell_of_overdue_orders(actor: Actor) -> None:
    """Those who were to pay by a day that is over hear of it once."""
    for order_id in money.overdue(actor):
        tell_overdue(actor=actor, order_id=order_id)


def announce_what_opens(actor: Actor) -> None:
    """Prompts of communities, told of once each."""
    announce_prompts(actor=actor)


def drop_imports(actor: Actor) -> None:
    """Files of rows that somebody read a week ago and did not take in."""
    drop_forgotten(actor=actor)


def tell_of_late_decisions(actor: Actor) -> None:
    """Educators hear the day after the one that they were told."""
    for case_id in late_cases(actor):
        tell_late(actor=actor, case_id=case_id)


def remind_of_licenses(actor: Actor) -> None:
    """A year, half a year, ninety and thirty days before a license ends."""
    for license_id, days in licensure.to_alert(actor):
        licensing.alert(actor=actor, license_id=license_id, days=days)


def return_claims(actor: Actor) -> None:
    """Of educators whose work at the place of the council has ended."""
    for claim_id in licensure.left_behind(actor):
        licensing.return_left(actor=actor, claim_id=claim_id)
    for proposal_id in licensure.plans_left_behind(actor):
        licensing.return_left_plan(actor=actor, proposal_id=proposal_id)


def count_votes(actor: Actor) -> None:
    """What votes settle by now that did not when they were cast."""
    claims, proposals = licensure.to_count(actor)
    for claim_id in claims:
        licensing.count_votes(actor=actor, claim_id=claim_id)
    for proposal_id in proposals:
        licensing.count_votes_on_plan(actor=actor, proposal_id=proposal_id)


def count_everybody(actor: Actor) -> None:
    """Where licenses stand may change with the day."""
    for _ in look_at_everybody(actor):
        pass


JOBS: dict[str, tuple[timedelta, Job]] = {
    "tell-late": (timedelta(hours=1), tell_of_late_decisions),
    "send-what-waited": (timedelta(minutes=5), send_what_waited),
    "clear-calls": (timedelta(hours=24), clear_calls),
    "sign-status-lists": (timedelta(hours=24), sign_status_lists),
    "clear-uploads": (timedelta(minutes=10), clear_uploads),
    "clear-answers": (timedelta(hours=1), clear_answers),
    "erase-files": (timedelta(hours=1), erase_files),
    "pass-offers-on": (timedelta(minutes=1), pass_offers_on),
    "remind-of-dates": (timedelta(minutes=15), remind_of_dates),
    "end-what-is-past-due": (timedelta(minutes=10), end_what_is_past_due),
    "tell-overdue": (timedelta(hours=1), tell_of_overdue_orders),
    "announce-prompts": (timedelta(minutes=5), announce_what_opens),
    "remind-of-licenses": (timedelta(hours=1), remind_of_licenses),
    "return-claims": (timedelta(hours=1), return_claims),
    "count-votes": (timedelta(hours=1), count_votes),
    "look-at-sources": (timedelta(hours=24), look_at_sources),
    "count-everybody": (timedelta(hours=24), count_everybody),
    "drop-imports": (timedelta(hours=6), drop_imports),
    "clear-sessions": (timedelta(hours=6), clear_sessions),
}
