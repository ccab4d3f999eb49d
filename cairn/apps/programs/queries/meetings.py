"""Reading meetings: what there is to choose, how to join, who is expected and who came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from cairn.apps.comms.queries import Notice
from cairn.apps.people import queries as people
from cairn.apps.programs import policy
from cairn.apps.programs.models import Attendance, Caller, Interest, Meeting, MeetingTime, Offering, Program, Registration
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, NotFound
from cairn.kernel.facts import Recorded
from cairn.pure.clocks import long_moment


@dataclass(frozen=True)
class TimeLine:
    """A time to choose. `taken` places, of whom so many `came`; `may_join`: the viewer keeps a place here or runs the program, so joining
    is shown."""

    time: MeetingTime
    taken: int
    came: int
    is_mine: bool
    may_join: bool

    @property
    def is_over(self) -> bool:
        return self.time.ends_at <= clock.now()

    @property
    def is_full(self) -> bool:
        return self.time.places is not None and self.taken >= self.time.places

    @property
    def is_open(self) -> bool:
        return not (self.is_over or self.is_full or self.time.is_canceled)

    @property
    def is_to_note(self) -> bool:
        """It is on, or was, and nobody is noted of those who keep a place."""
        return bool(self.taken and not self.came and not self.time.is_canceled and self.time.starts_at <= clock.now())


@dataclass(frozen=True)
class MeetingLine:
    """A meeting with its times and the viewer's own attendance, if any."""

    meeting: Meeting
    times: tuple[TimeLine, ...]
    mine: Attendance | None

    @property
    def open_times(self) -> tuple[TimeLine, ...]:
        return tuple(line for line in self.times if line.is_open or (line.is_mine and not line.is_over))


def meetings(viewer: Actor, offering: Offering) -> list[MeetingLine]:
    """Those of the offering and of its whole program, the information meetings first."""
    found = Meeting.objects.visible_to(viewer).filter(Q(offering=offering) | Q(offering=None, program=offering.program_id))
    return _lines(viewer, found, policy.RUN_PROGRAM.allows(viewer, offering.program))


def meetings_in(viewer: Actor, program: Program) -> list[MeetingLine]:
    """All that a program holds."""
    return _lines(viewer, Meeting.objects.visible_to(viewer).filter(program=program), policy.RUN_PROGRAM.allows(viewer, program))


def next_time(viewer: Actor, offering: Offering) -> TimeLine | None:
    """What a participant of the offering comes to next: of a meeting they have chosen a time of, that one, else its first; information
    meetings are for those who have not begun."""
    ahead = [
        line
        for each in meetings(viewer, offering)
        if each.meeting.kind != "information" and not (each.mine and each.mine.attended_at)
        for line in each.times
        if not (line.is_over or line.time.is_canceled) and (line.is_mine or not (each.mine and each.mine.time_id))
    ]
    return min(ahead, key=lambda line: line.time.starts_at, default=None)


def my_times(viewer: Actor) -> QuerySet[MeetingTime]:
    """Times that the viewer keeps a place at and that are not over; canceled ones too, so that a calendar can say so."""
    kept = Attendance.objects.filter(person_id=viewer.person_id, time=OuterRef("pk"), attended_at=None)
    found = MeetingTime.objects.visible_to(viewer).filter(Exists(kept), ends_at__gt=clock.now())
    return found.select_related("meeting__program", "meeting__offering").order_by("starts_at")


def meeting_time(viewer: Actor, time_id: str) -> MeetingTime:
    """For whoever keeps a place there, or runs the program: how to join is in it."""
    found = MeetingTime.objects.visible_to(viewer).select_related("meeting__program", "meeting__offering").get_or_not_found(pk=time_id)
    keeps = viewer.person_id and Attendance.objects.filter(time=found, person_id=viewer.person_id).exists()
    if not keeps and not policy.RUN_PROGRAM.allows(viewer, found.meeting.program):
        raise NotFound("meeting")
    return found


def meeting_of_code(viewer: Actor, code: str) -> MeetingTime:
    """What the link in the meeting leads to; how to join is not shown by it."""
    found = MeetingTime.objects.visible_to(viewer).filter(is_canceled=False).select_related("meeting__program", "meeting__offering")
    return _bare(found.get_or_not_found(sign_in_code=code))


def meeting(viewer: Actor, meeting_id: str) -> Meeting:
    return Meeting.objects.visible_to(viewer).select_related("program", "offering").get_or_not_found(pk=meeting_id)


def expected(viewer: Actor, meeting: Meeting) -> dict[str, str]:
    """Who may be noted as present, by id with their name: whoever keeps a place, has or asks for a seat, and before the kick-off whoever
    has shown interest; for those who run it."""
    if not policy.RUN_PROGRAM.allows(viewer, meeting.program):
        raise NotFound("page")
    asks = Registration.objects.live().filter(offering__program=meeting.program_id)
    lists: list[QuerySet[Any]] = [
        Attendance.objects.filter(meeting=meeting),
        asks.filter(offering=meeting.offering_id) if meeting.offering_id else asks,
    ]
    if meeting.kind != "kick-off":
        lists.append(Interest.objects.filter(program=meeting.program_id, ended_at=None))
    found = {pk: name for rows in lists for pk, name in rows.values_list("person_id", "person__name")}
    return dict(sorted(found.items(), key=lambda item: (item[1].casefold(), item[0])))


def callers(viewer: Actor, meeting: Meeting, ending: str = "") -> QuerySet[Any]:
    """Who is known at this meeting by the last four digits of a phone, and by which: they gave them, or a roster did; for those who run
    it."""
    if not policy.RUN_PROGRAM.allows(viewer, meeting.program):
        raise NotFound("page")
    gave = Attendance.objects.filter(meeting=meeting).exclude(phone_ending="")
    listed = Caller.objects.filter(offering__program=meeting.program_id)
    if meeting.offering_id:
        listed = listed.filter(offering=meeting.offering_id)
    if ending:
        gave, listed = gave.filter(phone_ending=ending), listed.filter(ending=ending)
    fields = ("person_id", "person__name")
    return gave.values_list(*fields, "phone_ending").union(listed.values_list(*fields, "ending"))


def attendance_at(viewer: Actor, meeting: Meeting) -> QuerySet[Attendance]:
    """Who keeps a place and who came; for those who run it."""
    if not policy.RUN_PROGRAM.allows(viewer, meeting.program):
        raise NotFound("page")
    found = Attendance.objects.visible_to(viewer).filter(meeting=meeting)
    return found.select_related("person", "time").order_by("person__name", "pk")


def has_attended(viewer: Actor, offering: Offering) -> bool:
    """Whether the viewer may register as far as meetings go."""
    try:
        policy.attended(viewer, offering)
    except Conflict:
        return False
    return True


def unreminded(viewer: Actor, begins_before: object) -> list[str]:
    """Ids of attendances whose time comes within a day, told of nothing yet; for the timed job."""
    near = Attendance.objects.visible_to(viewer).filter(reminded_at=None, attended_at=None, time__is_canceled=False)
    near = near.filter(time__starts_at__gt=clock.now(), time__starts_at__lte=begins_before)
    return list(near.values_list("pk", flat=True)[:1000]) if viewer.is_system else []


def time_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """To whoever keeps a place: when, and how to join."""
    kept = Attendance.objects.visible_to(viewer).select_related("person", "time__meeting__program", "time__meeting__offering")
    row = kept.filter(pk=fact.subject_id).exclude(time=None).first()
    return (_notice(fact.kind, row),) if row else ()


def changed_time_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """To everybody who keeps a place at a time that was moved or canceled."""
    kept = Attendance.objects.visible_to(viewer).filter(time_id=fact.subject_id, attended_at=None)
    return tuple(_notice(fact.kind, row) for row in kept.select_related("person", "time__meeting__program", "time__meeting__offering"))


def _notice(kind: str, row: Attendance) -> Notice:
    time = row.time
    assert time is not None
    path = f"/pilots/{time.meeting.offering.slug}/" if time.meeting.offering else f"/programs/{time.meeting.program.slug}/"
    words = {
        "title": time.meeting.title, "program": time.meeting.program.title, "when": long_moment(time.starts_at, ZoneInfo(time.zone)),
        "mine": long_moment(time.starts_at, people.zone_of(row.person_id)), "join_url": time.join_url, "dial_in": time.dial_in,
        "access_code": time.access_code, "help_url": time.help_url, "path": path, "calendar": f"/meetings/{time.pk}.ics",
        "is_canceled": time.is_canceled,
    }  # fmt: skip
    return Notice(kind, row.person_id, row.person.name, row.person.email, words)


def _lines(viewer: Actor, found: QuerySet[Meeting], runs: bool) -> list[MeetingLine]:
    """With four queries, whatever there is."""
    rows = list(found.prefetch_related(Prefetch("times", MeetingTime.objects.order_by("starts_at"))).order_by("created_at", "pk"))
    rows.sort(key=lambda row: ("information", "orientation", "kick-off", "other").index(row.kind))
    kept = Attendance.objects.filter(meeting__in=rows).exclude(time=None).values_list("time_id")
    told = {pk: (taken, came) for pk, taken, came in kept.annotate(taken=Count("pk"), came=Count("attended_at"))}
    mine = {row.meeting_id: row for row in _own(viewer, rows)}
    return [MeetingLine(m, tuple(_line(t, told.get(t.pk, (0, 0)), mine.get(m.pk), runs) for t in m.times.all()), mine.get(m.pk))
            for m in rows]  # fmt: skip


def _own(viewer: Actor, rows: Sequence[Meeting]) -> QuerySet[Attendance]:
    return Attendance.objects.visible_to(viewer).filter(person_id=viewer.person_id, meeting__in=rows)


def _line(time: MeetingTime, told: tuple[int, int], mine: Attendance | None, runs: bool) -> TimeLine:
    is_mine = mine is not None and mine.time_id == time.pk
    return TimeLine(time if runs or is_mine else _bare(time), *told, is_mine, runs or is_mine)


def _bare(time: MeetingTime) -> MeetingTime:
    """Without how to join and the link that is shown in it: never to be saved."""
    time.join_url = time.dial_in = time.access_code = time.help_url = time.sign_in_code = ""
    return time
