"""Those who would like to hear of pilots: who they are, and what they are told when there is something to join."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from cairn.apps.comms.queries import Notice
from cairn.apps.people import queries as people
from cairn.apps.programs import policy
from cairn.apps.programs.models import Attendance, Interest, MeetingTime, Offering, Program, Registration
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.kernel.errors import NotFound
from cairn.kernel.facts import Recorded
from cairn.pure.clocks import long_date, long_moment


def interests_in(viewer: Actor, program: Program, microcredential_id: str | None = None) -> QuerySet[Interest]:
    """Who would like to hear of pilots; of this micro-credential or of all that the program will have."""
    if not policy.RUN_PROGRAM.allows(viewer, program):
        raise NotFound("page")
    return _keen(program.pk, microcredential_id).select_related("person", "microcredential").order_by("said_at")


def _keen(program_id: str, microcredential_id: str | None) -> QuerySet[Interest]:
    found = Interest.objects.filter(program_id=program_id, ended_at=None)
    return found.filter(Q(microcredential_id=microcredential_id) | Q(microcredential_id=None)) if microcredential_id else found


def offered_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """To everybody who asked to hear of it: that it can be begun, now or again, and from which day. Whoever has a place there, is at it or
    has earned it is not asked; nor is anybody where it has ended, or took people all the while."""
    found = Offering.objects.visible_to(viewer).select_related("program", "microcredential")
    offering = found.get(pk=fact.subject_id)
    today = clock.today(people.zone_of(None))
    took_people = fact.data.get("last_day_before", "") >= today.isoformat()
    if offering.state != "open" or offering.microcredential.owner_id or offering.is_over_on(today) or took_people:
        return ()
    keen = {row.person_id: row.person for row in _keen(offering.program_id, offering.microcredential_id).select_related("person")}
    there = Registration.objects.live().filter(offering=offering).values_list("person_id", flat=True)
    done = {*policy.at_it_elsewhere(offering.microcredential_id, set(keen)), *there}
    words = {
        "title": offering.microcredential.title, "program": offering.program.title, "is_pilot": offering.kind == "pilot",
        "begins": offering.begins_text,
        "until": long_date(offering.last_day) if offering.last_day else "", "path": f"/pilots/{offering.slug}/",
    }  # fmt: skip
    return tuple(
        Notice(fact.kind, person.pk, person.name, person.email, words | {"opens": _to_come(offering, person.time_zone)})
        for person in sorted(keen.values(), key=lambda each: each.pk)
        if person.pk not in done
    )


def _to_come(offering: Offering, zone: str) -> str:
    return long_date(offering.opens_on) if offering.opens_on > clock.today(ZoneInfo(zone)) else ""


def first_time_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """To everybody who asked to hear of it and has attended none: when the next meeting is after which one may register. Only the earliest
    of several times says so, so that a meeting with three of them is one letter."""
    time = MeetingTime.objects.visible_to(viewer).select_related("meeting__program", "meeting__offering").get(pk=fact.subject_id)
    meeting = time.meeting
    if meeting.offering and meeting.offering.state != "open":
        return ()
    gates = Q(meeting__offering=meeting.offering_id, meeting__program=meeting.program_id)
    to_come = MeetingTime.objects.filter(gates, meeting__kind__in=policy.GATES, is_canceled=False, starts_at__gt=clock.now())
    if to_come.order_by("starts_at", "pk").values_list("pk", flat=True).first() != time.pk:
        return ()
    keen = _keen(meeting.program_id, meeting.offering.microcredential_id if meeting.offering else None)
    been = Attendance.objects.filter(meeting__program=meeting.program_id, meeting__kind__in=policy.GATES).values("person_id")
    persons = {row.person_id: row.person for row in keen.exclude(person_id__in=been).select_related("person")}
    path = f"/pilots/{meeting.offering.slug}/" if meeting.offering else f"/programs/{meeting.program.slug}/"
    when = long_moment(time.starts_at, ZoneInfo(time.zone))
    words = {"title": meeting.title, "program": meeting.program.title, "when": when, "path": path}
    return tuple(
        Notice(fact.kind, pk, who.name, who.email, words | {"mine": long_moment(time.starts_at, people.zone_of(pk))})
        for pk, who in sorted(persons.items())
    )
