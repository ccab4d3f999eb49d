"""Places: asking for one, the line, offers that end, choosing, leaving. A seat that comes free goes to the first in line, at once.

Every command here locks the offering first, so that seats are given one after another; the database refuses one seat too many besides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q

from cairn.apps.ledger.steps import record
from cairn.apps.payments import steps as payments
from cairn.apps.people import queries as people
from cairn.apps.programs import events, policy
from cairn.apps.programs.commands.runs import awaits_kick_off, begin_place, check_seats, end_run, over_for
from cairn.apps.programs.models import Enrollment, Interest, Offering, Program, Registration
from cairn.apps.programs.queries.prices import sold
from cairn.apps.programs.queries.seats import beyond_the_limit, choosing_warning, is_one_too_many, warning
from cairn.apps.programs.states import LEAVING_REASONS, REGISTRATION
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid, NotFound
from cairn.kernel.facts import Event


@command
def show_interest(*, actor: Actor, program_id: str, microcredential_id: str | None = None) -> Interest:
    """Stand on the list of those who are told of pilots; who stands there already stays where they are."""
    program = Program.objects.visible_to(actor).locked(pk=program_id)
    policy.signed_in(actor, program)
    mine = Interest.objects.filter(program=program, microcredential_id=microcredential_id, person_id=actor.person_id, ended_at=None)
    if standing := mine.first():
        return standing
    interest = Interest.objects.create(program=program, microcredential_id=microcredential_id, person=people.me(actor))
    record(events.INTEREST_SHOWN, actor=actor, subject=interest, organization=program.organization_id,
           microcredential=microcredential_id or "")  # fmt: skip
    return interest


@command
def end_interest(*, actor: Actor, interest_id: str) -> Interest:
    interest = Interest.objects.visible_to(actor).filter(person_id=actor.person_id).select_related("program").locked(pk=interest_id)
    if interest.ended_at is None:
        interest.ended_at = clock.now()
        interest.save(update_fields=["ended_at"])
        record(events.INTEREST_ENDED, actor=actor, subject=interest, organization=interest.program.organization_id)
    return interest


@command
def register(*, actor: Actor, offering_id: str, acknowledges: bool = False) -> Registration:
    """Ask for a place: seated where one is free, else in line by the time of asking; where the coordinator chooses, an application.

    Whoever has a place already gets that one; who let an offer end asks anew. `acknowledges`: the educator has read that this is one pilot
    more than is advised.
    """
    offering = _locked(actor, offering_id)
    policy.signed_in(actor, offering)
    if standing := Registration.objects.live().filter(offering=offering, person_id=actor.person_id).select_related("person").first():
        if not standing.offer_has_ended:
            return standing
        standing.offering = offering
        _pass(actor, standing)
    policy.REGISTER.require(actor, offering)
    person = people.me(actor)
    said = _more_than_advised(actor, offering, acknowledges)
    place = Registration(offering=offering, person=person, acknowledged=said)
    if offering.is_chosen:
        place.save()
        tell_of(events.APPLIED, actor, place, **gone_past(said))
    else:
        _place(actor, place, said)
    return place


@command
def choose(*, actor: Actor, registration_id: str, acknowledges: bool = False) -> Registration:
    """Give an applicant a seat, or a place in line where none is free. `acknowledges`: the coordinator has read that the seat is one pilot
    more than is advised; whoever applied knowing it has said so already, and whoever comes into line says so when a seat is offered."""
    place = _place_of(actor, registration_id)
    policy.RUN_PROGRAM.require(actor, place.offering.program)
    if place.state == "applied":
        _place(actor, place, _advised_less(actor, place, acknowledges))
    return place


@command
def turn_down(*, actor: Actor, registration_id: str) -> Registration:
    place = _place_of(actor, registration_id)
    policy.RUN_PROGRAM.require(actor, place.offering.program)
    end_place(place, "not chosen")
    tell_of(events.NOT_CHOSEN, actor, place)
    return place


@command
def take_offer(*, actor: Actor, registration_id: str, acknowledges: bool = False) -> Registration:
    """Take the seat that is kept; a second time answers with the seat. `acknowledges`: as in `register`, which may have heard it before."""
    place = _place_of(actor, registration_id)
    policy.the_learner(actor, place)
    if place.state == "seated":
        return place
    policy.TAKE_OFFER.require(actor, place)
    said = _more_than_advised(actor, place.offering, acknowledges or bool(place.acknowledged), is_offered=True)
    _seat(actor, place, said)
    return place


@command
def pass_offer(*, actor: Actor, registration_id: str) -> Registration:
    place = _place_of(actor, registration_id)
    policy.the_learner(actor, place)
    _pass(actor, place)
    return place


@command
def give_up_place(*, actor: Actor, registration_id: str, reason: str = "unsaid") -> Registration:
    """Leave the line, an offer, or a seat with whatever was begun in it; the seat goes to the first in line."""
    place = _place_of(actor, registration_id)
    policy.LEAVE_PLACE.require(actor, place)
    if reason not in LEAVING_REASONS:
        raise Invalid("reason-unknown", "That is not one of the reasons.", "Choose one from the list.")
    free_place(actor, place, reason)
    if place.enrollment_id:
        end_run(actor, Enrollment.objects.select_related("offering__program").locked(pk=place.enrollment_id))
    return place


@command
def withdraw(*, actor: Actor, enrollment_id: str, reason: str = "unsaid") -> Enrollment:
    """Leave a micro-credential, and the seat that one has in it."""
    found = Enrollment.objects.visible_to(actor).get_or_not_found(pk=enrollment_id)
    offering = _locked(actor, found.offering_id)
    run = Enrollment.objects.visible_to(actor).select_related("offering__program").locked(pk=enrollment_id)
    policy.WITHDRAW.require(actor, run)
    end_run(actor, run)
    place = Registration.objects.live().filter(enrollment=run).select_related("person").first()
    if place:
        place.offering = offering
        free_place(actor, place, reason)
    return run


@command
def change_seats(*, actor: Actor, offering_id: str, seats_min: int | None, seats_max: int | None) -> Offering:
    """More seats go to those in line at once; fewer than are taken cannot be."""
    offering = _locked(actor, offering_id)
    policy.RUN_PROGRAM.require(actor, offering.program)
    check_seats(seats_min, seats_max)
    if seats_max is not None and seats_max < offering.seats_taken:
        message = f"{offering.seats_taken} seats are taken or offered, so there cannot be only {seats_max}."
        raise Conflict("seats-taken", message, f"Give {offering.seats_taken} or more, or wait until somebody leaves.")
    offering.seats_min, offering.seats_max = seats_min, seats_max
    offering.save(update_fields=["seats_min", "seats_max"])
    record(events.SEATS_CHANGED, actor=actor, subject=offering, organization=offering.program.organization_id,
           seats_min=seats_min or 0, seats_max=seats_max or 0)  # fmt: skip
    offer_free_seats(actor, offering)
    return offering


@command
def begin(*, actor: Actor, registration_id: str) -> Enrollment:
    """Open the workspace of a seat whose clock starts with that; a second time answers with what runs."""
    place = _place_of(actor, registration_id)
    policy.the_learner(actor, place)
    if place.enrollment_id:
        return Enrollment.objects.get(pk=place.enrollment_id)
    policy.BEGIN_SEAT.require(actor, place)
    return begin_place(actor, place, clock.now())


@command
def begin_for(*, actor: Actor, registration_id: str, reason: str) -> Enrollment:
    """Start the clock of somebody who missed the kick-off, from now, and say why."""
    place = _place_of(actor, registration_id)
    policy.RUN_PROGRAM.require(actor, place.offering.program)
    policy.seated_and_not_begun(actor, place)
    if not reason.strip():
        raise Invalid("reason-missing", "Say why it begins without the kick-off.", "One sentence is enough.", {"reason": "Say why."})
    run = begin_place(actor, place, clock.now())
    record(events.BEGUN_LATE, actor=actor, subject=run, thread=run.pk, organization=place.offering.program.organization_id, reason=reason)
    return run


@command
def end_offer(*, actor: Actor, registration_id: str) -> Registration:
    """An offer whose time is over goes to the next in line. It runs twice without harm."""
    place = _place_of(actor, registration_id)
    if place.offer_has_ended:
        _pass(actor, place)
    return place


def enter_place(actor: Actor, offering: Offering, person: Any, state: str, asked_at: datetime) -> Registration:
    """A place that a coordinator's list gives, its offering locked: a seat, a place in line by the time of asking, or an application."""
    place = Registration.objects.live().filter(offering=offering, person=person).select_for_update(of=("self",)).first()
    place = place or Registration(offering=offering, person=person, asked_at=asked_at)
    place.offering = offering
    if state == "seated":
        said = beyond_for(offering, [person.pk]).get(person.pk, "")
        if said and offering.program.at_once_mode == "hard":
            raise not_allowed(offering)
        if not _take_seat(offering):
            raise Conflict("no-seat", "Every seat is taken by now.", "Give more seats, or let them stand in line: write waiting.")
        _seat(actor, place, said)
        return place
    if not place._state.adding:
        REGISTRATION.move(place, to=state)
    place.state = state
    place.save()
    tell_of(events.APPLIED if state == "applied" else events.WAITING, actor, place)
    return place


def offer_free_seats(actor: Actor, offering: Offering) -> None:
    """To those in line while it is open to them, the first to have asked first; its offering is locked."""
    for place in _still_open_to(offering):
        if not _take_seat(offering):
            return
        _offer(actor, place)


def free_place(actor: Actor, place: Registration, reason: str) -> None:
    """End a live place with what was fixed for it, its offering locked; a seat goes on to the first in line."""
    held = place.state in ("seated", "offered")
    place.reason = reason
    end_place(place, "left")
    payments.release_price(actor=actor, of=place.pk)
    tell_of(events.PLACE_LEFT, actor, place, reason=reason)
    if held:
        _pass_seat_on(actor, place.offering)


def _locked(actor: Actor, offering_id: str) -> Offering:
    return Offering.objects.visible_to(actor).select_related("program", "microcredential").locked(pk=offering_id)


def _place_of(actor: Actor, registration_id: str) -> Registration:
    """The place, after its offering: in this order everywhere, so that two commands never wait for each other."""
    found = Registration.objects.visible_to(actor).filter(pk=registration_id).values_list("offering_id", flat=True).first()
    if found is None:
        raise NotFound("place")
    offering = _locked(actor, found)
    place = Registration.objects.visible_to(actor).select_related("person").locked(pk=registration_id)
    place.offering = offering
    return place


def _more_than_advised(actor: Actor, offering: Offering, acknowledges: bool, *, is_offered: bool = False) -> str:
    """The warning that was gone past, as it was said; empty where there was nothing to warn of."""
    hold_program(offering)
    if not is_one_too_many(actor, offering, is_offered=is_offered):
        return ""
    if offering.program.at_once_mode == "hard":
        raise Conflict("too-many-at-once", warning(offering.program, verb="allows"), "Finish or leave one of them first.")
    said = warning(offering.program)
    if not acknowledges:
        raise Conflict("too-many-at-once", said, "Say that you have read this, and go on; or finish one of them first.")
    return said


def not_allowed(offering: Offering) -> Conflict:
    said = warning(offering.program, "They are", "allows")
    return Conflict("too-many-at-once", said, "One of them is to be finished or left first.")


def hold_program(offering: Offering) -> None:
    """One after another, so that two clicks of one person in two pilots are not both their last."""
    if offering.kind == "pilot" and offering.program.at_once_mode != "none":
        Program.objects.locked(pk=offering.program_id)


def _advised_less(actor: Actor, place: Registration, acknowledges: bool) -> str:
    """The same where a coordinator seats somebody who applied to several pilots."""
    offering, program = place.offering, place.offering.program
    hold_program(offering)
    if program.at_once_mode == "hard" and beyond_the_limit(offering, [place.person_id]):
        raise not_allowed(offering)
    said = choosing_warning(actor, place)
    if said and not acknowledges:
        remedy = "Say that you have read this, and give the seat; or turn them down."
        raise Conflict("too-many-at-once", said, remedy, {"acknowledges": f"{said} {remedy}"})
    return said


def beyond_for(offering: Offering, person_ids: Collection[str]) -> dict[str, str]:
    """By person, what a coordinator's list goes past with a seat; its report has said so."""
    hold_program(offering)
    return dict.fromkeys(beyond_the_limit(offering, person_ids), warning(offering.program, "They are"))


def gone_past(said: str) -> dict[str, str]:
    """What a fact says of a warning, where there was one."""
    return {"acknowledged": said} if said else {}


def _place(actor: Actor, place: Registration, said: str) -> None:
    """A seat where one is free, else the end of the line. `said`: the warning that is gone past with a seat."""
    if _take_seat(place.offering):
        _seat(actor, place, said)
        return
    if place.offering.state != "open":
        raise Conflict(
            "no-line", "No seat is free, and nobody stands in line for a pilot that is closed.", "Give more seats, or open it again."
        )
    if place.state == "applied" and not place._state.adding:
        REGISTRATION.move(place, to="waiting")
    place.state = "waiting"
    place.save()
    tell_of(events.WAITING, actor, place, **gone_past(said if said == place.acknowledged else ""))


def _still_open_to(offering: Offering) -> Iterator[Registration]:
    """Those in line for whom the last day is not over where they live."""
    for place in Registration.objects.in_line().filter(offering=offering).select_related("person"):
        if over_for(offering, place.person, clock.now()) is None:
            place.offering = offering
            yield place


def _take_seat(offering: Offering) -> bool:
    """One conditional UPDATE: it changes no row where no seat is free."""
    free = Q(seats_max=None) | Q(seats_taken__lt=F("seats_max"))
    return Offering.objects.filter(free, pk=offering.pk).update(seats_taken=F("seats_taken") + 1) == 1


def _seat(actor: Actor, place: Registration, said: str) -> None:
    """The seat is taken already, and its price is fixed; the clock starts now where registering starts it, or the kick-off is over. `said`:
    the warning that the actor has gone past."""
    if not place._state.adding:
        REGISTRATION.move(place, to="seated")
    place.state, place.seated_at, place.offered_until = "seated", clock.now(), None
    place.acknowledged = place.acknowledged or said
    place.save()
    tell_of(events.SEATED, actor, place, **gone_past(said))
    payments.lock_price(actor=actor, person_id=place.person_id, sold=sold(place.offering), place_id=place.pk)
    begins_later = place.offering.clock_event == "first access" or (
        place.offering.clock_event == "kick-off" and awaits_kick_off(place.offering, place.person_id)
    )
    if not begins_later:
        begin_place(actor, place, clock.now())


def _offer(actor: Actor, place: Registration) -> None:
    """Keep a seat that is taken for them already, for as long as the offering says."""
    REGISTRATION.move(place, to="offered")
    place.offered_until = clock.now() + timedelta(hours=place.offering.offer_hours)
    place.save(update_fields=["state", "offered_until"])
    tell_of(events.SEAT_OFFERED, actor, place, until=place.offered_until.isoformat())


def _pass(actor: Actor, place: Registration) -> None:
    end_place(place, "passed")
    tell_of(events.OFFER_PASSED, actor, place)
    _pass_seat_on(actor, place.offering)


def _pass_seat_on(actor: Actor, offering: Offering) -> None:
    """The seat of somebody who is gone stays taken, for the first in line; with nobody there, or after the last day, it is free."""
    following = next(_still_open_to(offering), None)
    if following is not None:
        _offer(actor, following)
    else:
        Offering.objects.filter(pk=offering.pk, seats_taken__gt=0).update(seats_taken=F("seats_taken") - 1)


def end_place(place: Registration, to: str) -> None:
    """The place lives no more; what becomes of its seat is the caller's to say."""
    REGISTRATION.move(place, to=to)
    place.ended_at, place.offered_until = clock.now(), None
    place.save(update_fields=["state", "ended_at", "offered_until", "reason"])


def tell_of(event: Event, actor: Actor, place: Registration, **more: str) -> None:
    """The fact of a place, with its offering."""
    record(event, actor=actor, subject=place, thread=place.pk, organization=place.offering.program.organization_id,
           offering=place.offering_id, **more)  # fmt: skip
