"""The beginning and the end of an enrollment, inside a command that has locked its offering: version, clock and zone are frozen then."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cairn.apps.catalog import queries as catalog
from cairn.apps.ledger.steps import record
from cairn.apps.payments import steps as payments
from cairn.apps.programs import events, policy
from cairn.apps.programs.models import Attendance, Enrollment, Meeting, MeetingTime, Offering, Registration
from cairn.apps.programs.queries.core import due_in
from cairn.apps.programs.states import ENROLLMENT
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid
from cairn.pure.clocks import long_date


def begin_run(actor: Actor, offering: Offering, person: Any, at: datetime) -> Enrollment:
    """The enrollment, its clock running from `at`. Its price is the caller's to fix, or to carry over."""
    if no := over_for(offering, person, at):
        raise no
    deadline = due_in(offering, at, ZoneInfo(person.time_zone))
    run = Enrollment.objects.create(
        person=person, offering=offering, version_id=catalog.version_in_force(actor, offering.microcredential_id).pk,
        microcredential_id=offering.microcredential_id, started_at=at, zone=person.time_zone, due_at=deadline.at,
        due_reason=deadline.reason, due_sentence=deadline.sentence,
    )  # fmt: skip
    record(events.ENROLLED, actor=actor, subject=run, thread=run.pk, organization=offering.program.organization_id,
           version=run.version_id, due_at=deadline.at.isoformat(), due_reason=deadline.reason, zone=person.time_zone,
           started_at=at.isoformat())  # fmt: skip
    return run


def over_for(offering: Offering, person: Any, at: datetime) -> Conflict | None:
    """Why the time of somebody who would begin at that moment has ended already; None where it has not."""
    if offering.last_day is None or not offering.is_over_on(at.astimezone(ZoneInfo(person.time_zone)).date()):
        return None
    said = f"This pilot ended on {long_date(offering.last_day)}, so nobody begins in it."
    return Conflict("offering-ended", said, "Give it a later last day first.")


def begin_place(actor: Actor, place: Registration, at: datetime) -> Enrollment:
    """The enrollment of a seat that is held, its clock running from `at`, at the price that was fixed with the seat."""
    policy.check_nowhere_else(place.person_id, place.offering.microcredential_id)
    run = begin_run(actor, place.offering, place.person, at)
    place.enrollment = run
    place.save(update_fields=["enrollment"])
    payments.carry_price(place_id=place.pk, enrollment_id=run.pk)
    return run


def end_run(actor: Actor, run: Enrollment) -> None:
    """The educator leaves; what they wrote stays theirs."""
    ENROLLMENT.move(run, to="withdrawn")
    run.ended_at, run.awaits_decision = clock.now(), False
    run.save(update_fields=["state", "ended_at", "awaits_decision"])
    record(events.WITHDRAWN, actor=actor, subject=run, thread=run.pk, organization=run.offering.program.organization_id)
    payments.release_price(actor=actor, of=run.pk)


def take_up(actor: Actor, run: Enrollment) -> None:
    """One whose time had ended goes on; nothing happens to one that runs."""
    if run.state == "lapsed":
        ENROLLMENT.move(run, to="active")
        run.ended_at = None
        run.save(update_fields=["state", "ended_at"])
        record(events.TAKEN_UP, actor=actor, subject=run, thread=run.pk, organization=run.offering.program.organization_id)


def awaits_kick_off(offering: Offering, person_id: str) -> bool:
    """Whether the clock of somebody who is seated now starts with a kick-off that is still to come."""
    meetings = Meeting.objects.filter(offering=offering, kind="kick-off")
    if Attendance.objects.filter(meeting__in=meetings, person_id=person_id).exclude(attended_at=None).exists():
        return False
    return MeetingTime.objects.filter(meeting__in=meetings, is_canceled=False, ends_at__gt=clock.now()).exists()


def check_seats(seats_min: int | None, seats_max: int | None) -> None:
    if seats_max is not None and not 1 <= seats_max <= 100_000:
        raise Invalid("seats-wrong", "An offering has from 1 to 100,000 seats.", "Correct the number, or leave it empty for no limit.",
                      {"seats_max": "1 to 100,000, or empty for no limit."})  # fmt: skip
    if seats_min is not None and not 0 <= seats_min <= 100_000:
        raise Invalid("seats-wrong", "A pilot begins with 100,000 people at most.", "Correct the number.", {"seats_min": "0 to 100,000."})
    if seats_min is not None and seats_max is not None and seats_min > seats_max:
        message = "The fewest seats cannot be more than the most."
        raise Invalid("seats-wrong", message, "Correct one of the two.", {"seats_min": f"{message} Correct one of the two."})
