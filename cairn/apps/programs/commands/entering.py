"""Many new places at once, in as many statements for five hundred people as for one. Not here: what a list says (rosters), places that
change (seats)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Q

from cairn.apps.catalog import queries as catalog
from cairn.apps.ledger.steps import Entry, record_all
from cairn.apps.payments import queries as prices
from cairn.apps.payments import steps as payments
from cairn.apps.programs import events, policy
from cairn.apps.programs.commands.runs import over_for
from cairn.apps.programs.commands.seats import beyond_for, gone_past, not_allowed
from cairn.apps.programs.models import Attendance, Enrollment, Meeting, MeetingTime, Offering, Registration
from cairn.apps.programs.queries.core import due_in
from cairn.apps.programs.queries.prices import sold
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Refused

_TOLD = {"seated": events.SEATED, "waiting": events.WAITING, "applied": events.APPLIED}


@dataclass(frozen=True)
class NewPlace:
    """What a list gives to somebody who has no place in the offering: `state` is seated, waiting or applied."""

    person: Any
    state: str
    asked_at: datetime


def enter_places(actor: Actor, offering: Offering, wanted: Sequence[NewPlace]) -> list[Refused | None]:
    """The places, their offering locked, and the runs that begin with them; for each None, or why there is none."""
    now = clock.now()
    begins = _begin_at_once(offering, [each.person.pk for each in wanted if each.state == "seated"])
    no: dict[str, Refused] = {each.person.pk: over for each in wanted if (over := over_for(offering, each.person, now))}
    no |= policy.at_it_elsewhere(offering.microcredential_id, begins)
    beyond = beyond_for(offering, [each.person.pk for each in wanted if each.state == "seated" and each.person.pk not in no])
    if offering.program.at_once_mode == "hard":
        no |= dict.fromkeys(beyond, not_allowed(offering))
    asked = [each for each in wanted if each.state == "seated" and each.person.pk not in no]
    for each in asked[_take_seats(offering, len(asked)) :]:
        no[each.person.pk] = Conflict("no-seat", "Every seat is taken by now.", "Give more seats, or let them wait: write waiting.")
    given = [each for each in wanted if each.person.pk not in no]
    runs = _runs(actor, offering, [each.person for each in given if each.person.pk in begins], now)
    places = [
        Registration(offering=offering, person=each.person, state=each.state, asked_at=each.asked_at,
                     seated_at=now if each.state == "seated" else None, acknowledged=beyond.get(each.person.pk, ""),
                     enrollment=runs.get(each.person.pk))
        for each in given
    ]  # fmt: skip
    Enrollment.objects.bulk_create(runs.values())
    Registration.objects.bulk_create(places)
    _tell(actor, offering, places)
    _fix_prices(actor, offering, [place for place in places if place.state == "seated"])
    return [no.get(each.person.pk) for each in wanted]


def _take_seats(offering: Offering, many: int) -> int:
    """How many of so many seats there are: taken by one conditional UPDATE, which changes no row where one is free no more."""
    given = many if offering.seats_max is None else min(many, offering.seats_max - offering.seats_taken)
    free = Q(seats_max=None) | Q(seats_taken__lte=F("seats_max") - given)
    return given if Offering.objects.filter(free, pk=offering.pk).update(seats_taken=F("seats_taken") + given) else 0


def _begin_at_once(offering: Offering, person_ids: Sequence[str]) -> set[str]:
    """Those whose clock starts with the seat, and not with a kick-off to come or their first look."""
    if offering.clock_event == "first access":
        return set()
    kick_offs = Meeting.objects.filter(offering=offering, kind="kick-off")
    is_to_come = MeetingTime.objects.filter(meeting__in=kick_offs, is_canceled=False, ends_at__gt=clock.now()).exists()
    if offering.clock_event != "kick-off" or not is_to_come:
        return set(person_ids)
    came = Attendance.objects.filter(meeting__in=kick_offs, person__in=person_ids).exclude(attended_at=None)
    return set(came.values_list("person_id", flat=True))


def _runs(actor: Actor, offering: Offering, persons: Sequence[Any], at: datetime) -> dict[str, Enrollment]:
    """By person, their clocks running from `at`; not saved yet."""
    version_id = catalog.version_in_force(actor, offering.microcredential_id).pk if persons else ""
    deadlines = {zone: due_in(offering, at, ZoneInfo(zone)) for zone in {each.time_zone for each in persons}}
    return {
        person.pk: Enrollment(
            person=person, offering=offering, version_id=version_id, microcredential_id=offering.microcredential_id, started_at=at,
            zone=person.time_zone, due_at=deadlines[person.time_zone].at, due_reason=deadlines[person.time_zone].reason,
            due_sentence=deadlines[person.time_zone].sentence,
        )
        for person in persons
    }  # fmt: skip


def _tell(actor: Actor, offering: Offering, places: Sequence[Registration]) -> None:
    """A fact for each place, and for each run one that follows from that of its seat."""
    organization = offering.program.organization_id
    causes: dict[str, str] = {}
    for state, event in _TOLD.items():
        these = [place for place in places if place.state == state]
        entries = [
            Entry(place, {"offering": offering.pk, **gone_past(place.acknowledged)}, thread=place.pk, organization=organization)
            for place in these
        ]
        facts = record_all(event, actor=actor, entries=entries)
        causes |= {place.pk: fact.uid for place, fact in zip(these, facts, strict=True)}
    began = [(run, causes[place.pk]) for place in places if (run := place.enrollment)]
    entries = [Entry(run, _beginning(run), thread=run.pk, organization=organization, cause=cause) for run, cause in began]
    record_all(events.ENROLLED, actor=actor, entries=entries)


def _beginning(run: Enrollment) -> dict[str, str]:
    return {"version": run.version_id, "due_at": run.due_at.isoformat(), "due_reason": run.due_reason, "zone": run.zone,
            "started_at": run.started_at.isoformat()}  # fmt: skip


def _fix_prices(actor: Actor, offering: Offering, seats: Sequence[Registration]) -> None:
    """What each seat costs, where anything is asked for it: by whose members they are, and so one by one."""
    thing = sold(offering)
    asked = prices.prices_in(actor, thing.organization_id).filter(sold_id__in=(thing.id, thing.within), withdrawn_at=None)
    for place in seats if asked.exists() else ():
        payments.lock_price(actor=actor, person_id=place.person_id, sold=thing, place_id=place.pk)
        if place.enrollment_id:
            payments.carry_price(place_id=place.pk, enrollment_id=place.enrollment_id)
