"""Meetings: planning them and their times, keeping a place, and noting who was there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from cairn.apps.ledger.steps import record
from cairn.apps.people import queries as people
from cairn.apps.programs import events, policy
from cairn.apps.programs.commands.runs import begin_place, over_for
from cairn.apps.programs.models import Attendance, Caller, Interest, Meeting, MeetingTime, Offering, Program, Registration
from cairn.apps.programs.queries.meetings import callers, expected
from cairn.apps.programs.states import ATTENDED_HOW, MEETING_KINDS
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock, ids, zones
from cairn.kernel.errors import Conflict, Invalid, NotFound
from cairn.kernel.text import clean, is_web_address
from cairn.pure.clocks import long_moment

LINK_OPENS, LINK_CLOSES = timedelta(minutes=15), timedelta(minutes=30)  # before the start, after the end
LONGEST = timedelta(hours=12)
LONGEST_LINK, LONGEST_TITLE = 300, 160  # characters
LONGEST_TEXTS = {"dial_in": 40, "access_code": 40, "note": 200}
MOST_PLACES = 100_000


@dataclass(frozen=True)
class Time:
    """A time of a meeting as it is planned: two aware moments, the zone in which they are said, and how to join."""

    starts_at: datetime
    ends_at: datetime
    zone: str
    join_url: str = ""
    dial_in: str = ""
    access_code: str = ""
    help_url: str = ""
    note: str = ""
    places: int | None = None

    @classmethod
    def lasting(cls, starts_at: datetime, minutes: int, zone: str, **joining: Any) -> Time:
        """So many minutes pass, whatever the clocks on the wall do meanwhile."""
        ends_at = (starts_at.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(starts_at.tzinfo)
        return cls(starts_at, ends_at, zone, **joining)

    def check(self, kept: datetime | None = None) -> None:
        """Invalid where no meeting can have this time. `kept`: the beginning that it has already, which may be past."""
        for name in ("join_url", "help_url"):
            check_link(getattr(self, name), name)
        for name, most in LONGEST_TEXTS.items():
            clean(getattr(self, name), limit=most, field=name, name=f"The {name.replace('_', ' ')}")
        if self.zone not in zones.known():
            raise Invalid(
                "zone-unknown", f"“{self.zone}” is not a time zone.", "Use a name such as America/Chicago.", {"zone": "Choose one."}
            )
        lasts = self.ends_at.astimezone(UTC) - self.starts_at.astimezone(UTC)  # two of one zone would compare what clocks show
        if lasts <= timedelta(0):
            raise Invalid("ends-before-start", "The meeting ends before it starts.", "Correct one of the two times.", {"ends_at": "Later."})
        if lasts > LONGEST:
            raise Invalid("too-long", "A meeting lasts twelve hours at most.", "Correct its end.", {"ends_at": "Earlier."})
        if self.places is not None and not 1 <= self.places <= MOST_PLACES:
            words = f"A time has 1 to {MOST_PLACES:,} places."
            raise Invalid("places-wrong", words, "Leave the number out where anybody may come.", {"places": words})
        if self.starts_at <= clock.now() and self.starts_at.astimezone(UTC) != kept:
            said = long_moment(self.starts_at, ZoneInfo(self.zone))
            raise Invalid("in-the-past", f"{said} is over.", "Choose a time to come.", {"starts_at": "A time to come."})


def check_link(link: str, field: str) -> None:
    """Invalid where it would lead nowhere, or is longer than a link is kept."""
    if link and (len(link) > LONGEST_LINK or not is_web_address(link)):
        words = f"Give an address of the web in at most {LONGEST_LINK} characters, such as https://meet.example.org/room."
        raise Invalid("link-wrong", f"“{link[:60]}” is no address of the web.", words, {field: words})


def titled(text: str) -> str:
    """One line; Invalid where there is none."""
    title = " ".join(clean(text, limit=LONGEST_TITLE, field="title", name="The title").split())
    if not title:
        raise Invalid("title-missing", "A meeting needs a title.", "Give it one.", {"title": "Give it a title."})
    return title


@command
def plan_meeting(
    *, actor: Actor, program_id: str, offering_id: str | None, kind: str, title: str, about: str = "", times: Sequence[Time] = ()
) -> Meeting:
    """Plan a meeting with its times; all of them or none."""
    program = Program.objects.visible_to(actor).locked(pk=program_id)
    policy.RUN_PROGRAM.require(actor, program)
    if kind not in MEETING_KINDS:
        raise Invalid("kind-unknown", f"“{kind}” is not a kind of meeting.", f"Use one of: {', '.join(MEETING_KINDS)}.")
    title = titled(title)
    if offering_id and not Offering.objects.filter(pk=offering_id, program=program).exists():
        raise NotFound("pilot")
    meeting = Meeting.objects.create(program=program, offering_id=offering_id, kind=kind, title=title, about=about)
    record(events.MEETING_PLANNED, actor=actor, subject=meeting, organization=program.organization_id, kind=kind, title=meeting.title,
           offering=offering_id or "")  # fmt: skip
    for time in times:
        add_to(actor, meeting, time)
    return meeting


@command
def add_time(*, actor: Actor, meeting_id: str, time: Time) -> MeetingTime:
    meeting = _run(actor, meeting_id)
    return add_to(actor, meeting, time)


@command
def change_time(*, actor: Actor, time_id: str, time: Time) -> MeetingTime:
    """Move a time, or change how to join; those who keep a place there are told."""
    row = _time(actor, time_id)
    policy.RUN_PROGRAM.require(actor, row.meeting.program)
    return alter(actor, row, time)


def alter(actor: Actor, row: MeetingTime, time: Time) -> MeetingTime:
    """A locked time becomes another."""
    check_time(row.meeting, time, row)
    taken = Attendance.objects.filter(time=row).count()
    if time.places is not None and time.places < taken:
        raise Conflict("places-taken", f"{taken} people keep a place, so there cannot be only {time.places}.", f"Give {taken} or more.")
    for name, value in asdict(time).items():
        setattr(row, name, value)
    row.revision += 1
    row.save()
    record(events.TIME_CHANGED, actor=actor, subject=row, organization=row.meeting.program.organization_id,
           starts_at=row.starts_at.isoformat(), ends_at=row.ends_at.isoformat(), zone=row.zone)  # fmt: skip
    return row


@command
def cancel_time(*, actor: Actor, time_id: str) -> MeetingTime:
    row = _time(actor, time_id)
    policy.RUN_PROGRAM.require(actor, row.meeting.program)
    if not row.is_canceled:
        row.is_canceled = True
        row.revision += 1
        row.save(update_fields=["is_canceled", "revision"])
        record(events.TIME_CANCELED, actor=actor, subject=row, organization=row.meeting.program.organization_id,
               starts_at=row.starts_at.isoformat())  # fmt: skip
    return row


@command
def describe_meeting(*, actor: Actor, meeting_id: str, title: str, about: str, recording_url: str) -> Meeting:
    meeting = _run(actor, meeting_id)
    title = titled(title)
    check_link(recording_url, "recording_url")
    meeting.title, meeting.about, meeting.recording_url = title, about, recording_url
    meeting.save(update_fields=["title", "about", "recording_url"])
    record(events.MEETING_CHANGED, actor=actor, subject=meeting, organization=meeting.program.organization_id, title=meeting.title,
           recording_url=recording_url)  # fmt: skip
    return meeting


@command
def choose_time(*, actor: Actor, time_id: str, phone_ending: str = "") -> Attendance:
    """Keep a place at one time of a meeting; another choice before it begins takes its place."""
    row = _time(actor, time_id)
    policy.KEEP_PLACE.require(actor, row.meeting)
    if phone_ending and not (len(phone_ending) == 4 and phone_ending.isascii() and phone_ending.isdigit()):
        raise Invalid("phone-wrong", "Only the last four digits of a phone are asked for.", "Give four digits, or none.",
                      {"phone_ending": "Four digits, or none."})  # fmt: skip
    mine = Attendance.objects.filter(meeting=row.meeting, person_id=actor.person_id).first()
    if mine and mine.attended_at:
        raise Conflict("attended-already", "Your attendance is noted already.", "There is no need to come again.")
    if row.is_canceled or row.ends_at <= clock.now():
        raise Conflict("time-over", "This time is canceled or over.", "Choose another.")
    others = Attendance.objects.filter(time=row).exclude(person_id=actor.person_id).count()
    if row.places is not None and others >= row.places:
        raise Conflict("time-full", "Every place at this time is taken.", "Choose another time.")
    if mine is None:
        mine = Attendance(meeting=row.meeting, person=people.me(actor))
    mine.time, mine.chosen_at, mine.phone_ending, mine.reminded_at = row, clock.now(), phone_ending, None
    mine.save()
    record(events.TIME_CHOSEN, actor=actor, subject=mine, organization=row.meeting.program.organization_id, time=row.pk)
    return mine


@command
def drop_time(*, actor: Actor, attendance_id: str) -> Attendance:
    """Keep no place any more; choosing again is open to them."""
    mine = (
        Attendance.objects.visible_to(actor).filter(person_id=actor.person_id).select_related("meeting__program").locked(pk=attendance_id)
    )
    if mine.attended_at:
        raise Conflict("attended-already", "Your attendance is noted already.", "Nothing needs to be dropped.")
    record(events.TIME_DROPPED, actor=actor, subject=mine, organization=mine.meeting.program.organization_id, time=mine.time_id or "")
    mine.time, mine.phone_ending = None, ""
    mine.save(update_fields=["time", "phone_ending"])
    return mine


@command
def sign_in(*, actor: Actor, code: str) -> Attendance:
    """Be there, by the link that is shown in the meeting itself: from a quarter of an hour before until half an hour after."""
    row = MeetingTime.objects.visible_to(actor).select_related("meeting__program").filter(sign_in_code=code, is_canceled=False).first()
    if row is None:
        raise NotFound("meeting")
    policy.COME.require(actor, row.meeting)
    now = clock.now()
    if not row.starts_at - LINK_OPENS <= now <= row.ends_at + LINK_CLOSES:
        said = long_moment(row.starts_at, ZoneInfo(row.zone))
        raise Conflict("link-not-open", f"This link works while the meeting is on: {said}.", "Ask the coordinator to note your attendance.")
    return note_presence(actor, row.meeting, row, str(actor.person_id), "link")


@command
def note_attendance(*, actor: Actor, time_id: str, person_ids: Sequence[str]) -> MeetingTime:
    """The roster: whoever is named was there. Who was noted already stays so."""
    row = _time(actor, time_id)
    policy.RUN_PROGRAM.require(actor, row.meeting.program)
    require_begun(row)
    named = list(dict.fromkeys(person_ids))
    if set(named) - set(expected(actor, row.meeting)):
        raise NotFound("person")
    record(events.ROSTER_NOTED, actor=actor, subject=row, organization=row.meeting.program.organization_id, people=len(named))
    for person_id in named:
        note_presence(actor, row.meeting, row, person_id, "roster")
    return row


@command
def note_caller(*, actor: Actor, time_id: str, name: str, phone_ending: str) -> Attendance:
    """Somebody who dialed in: known by their name and the last four digits of their phone, which they or a roster gave."""
    row = _time(actor, time_id)
    policy.RUN_PROGRAM.require(actor, row.meeting.program)
    require_begun(row)
    digits, heard = phone_ending.strip(), set(name.casefold().split())
    known = callers(actor, row.meeting, digits) if digits else ()
    found = [person for person, called, _ in known if heard and heard <= set(called.casefold().split())]
    if len(found) != 1:
        message = "Nobody" if not found else f"{len(found)} people"
        raise Conflict(
            "caller-unclear", f"{message} of that name gave these four digits.", "Ask for the full name, or note them on the roster."
        )
    return note_presence(actor, row.meeting, row, found[0], "phone")


@command
def watch_recording(*, actor: Actor, meeting_id: str) -> Attendance:
    """Say that one has watched the recording; whether it counts, the offering says."""
    meeting = Meeting.objects.visible_to(actor).select_related("program").locked(pk=meeting_id)
    policy.COME.require(actor, meeting)
    if not meeting.recording_url:
        raise Conflict("no-recording", "There is no recording of this meeting.", "Choose a time instead.")
    return note_presence(actor, meeting, None, str(actor.person_id), "recording")


@command
def undo_attendance(*, actor: Actor, attendance_id: str, reason: str) -> Attendance:
    """Take back a mark that was a mistake; a place or a clock that came of it stays, and is the coordinator's to settle."""
    row = Attendance.objects.visible_to(actor).select_related("meeting__program").locked(pk=attendance_id)
    policy.RUN_PROGRAM.require(actor, row.meeting.program)
    if not reason.strip():
        raise Invalid("reason-missing", "Say why the mark is taken back.", "One sentence is enough.", {"reason": "Say why."})
    row.attended_at, row.how = None, ""
    row.save(update_fields=["attended_at", "how"])
    record(events.ATTENDANCE_UNDONE, actor=actor, subject=row, organization=row.meeting.program.organization_id, reason=reason)
    return row


@command
def remind_of_meeting(*, actor: Actor, attendance_id: str) -> Attendance:
    """Once, in the day before it begins."""
    row = Attendance.objects.visible_to(actor).select_related("meeting__program", "time").locked(pk=attendance_id)
    policy.by_the_clock(actor, row)
    if row.reminded_at is None and row.time and row.attended_at is None and row.time.starts_at > clock.now():
        row.reminded_at = clock.now()
        row.save(update_fields=["reminded_at"])
        record(events.MEETING_REMINDED, actor=actor, subject=row, organization=row.meeting.program.organization_id, time=row.time_id)
    return row


@command
def forget_phones(*, actor: Actor) -> None:
    """Digits that somebody gave are kept until the day after the meeting; those of a roster as long as they are on it."""
    over = Attendance.objects.visible_to(actor).exclude(phone_ending="").filter(time__ends_at__lt=clock.now() - timedelta(days=1))
    over.update(phone_ending="")
    place = Registration.objects.live().filter(offering=OuterRef("offering"), person=OuterRef("person"))
    interest = Interest.objects.filter(program=OuterRef("offering__program"), person=OuterRef("person"), ended_at=None)
    Caller.objects.visible_to(actor).filter(Q(offering__state="closed") | ~Exists(place) & ~Exists(interest)).delete()


def _run(actor: Actor, meeting_id: str) -> Meeting:
    meeting = Meeting.objects.visible_to(actor).select_related("program").locked(pk=meeting_id)
    policy.RUN_PROGRAM.require(actor, meeting.program)
    return meeting


def _time(actor: Actor, time_id: str) -> MeetingTime:
    return MeetingTime.objects.visible_to(actor).select_related("meeting__program", "meeting__offering").locked(pk=time_id)


def check_time(meeting: Meeting, time: Time, row: MeetingTime | None = None) -> None:
    """Invalid or Conflict where the meeting cannot have this time, beside its others. `row`: which time it changes."""
    time.check(row.starts_at if row else None)
    others = meeting.times.filter(is_canceled=False, starts_at__lt=time.ends_at, ends_at__gt=time.starts_at)
    others = others.exclude(pk=row.pk) if row else others
    if meets := others.first():
        said = long_moment(meets.starts_at, ZoneInfo(meets.zone))
        raise Conflict("times-overlap", f"This overlaps the time of {said}.", "Choose a time before or after it.")


def add_to(actor: Actor, meeting: Meeting, time: Time) -> MeetingTime:
    """One more time of a locked meeting."""
    check_time(meeting, time)
    row = MeetingTime.objects.create(meeting=meeting, sign_in_code=ids.new_id(), **asdict(time))
    record(events.TIME_ADDED, actor=actor, subject=row, organization=meeting.program.organization_id, starts_at=row.starts_at.isoformat(),
           ends_at=row.ends_at.isoformat(), zone=row.zone)  # fmt: skip
    return row


def require_begun(row: MeetingTime) -> None:
    """Conflict while nobody can have been there."""
    if row.starts_at - LINK_OPENS > clock.now():
        said = long_moment(row.starts_at, ZoneInfo(row.zone))
        raise Conflict(
            "not-begun", f"This meeting begins {said}; nobody can have been there.", "Note attendance while it is on, or after it."
        )


def note_presence(actor: Actor, meeting: Meeting, row: MeetingTime | None, person_id: str, how: str) -> Attendance:
    """They were there; noted once. The clock of a seat that waited for this kick-off starts with it, unless they are at it elsewhere."""
    mine, _ = Attendance.objects.select_for_update(of=("self",)).get_or_create(meeting=meeting, person_id=person_id)
    if mine.attended_at and not (mine.how == "recording" and how != "recording"):
        return mine
    mine.time, mine.how = row or mine.time, how
    mine.attended_at = row.starts_at if row else clock.now()
    mine.save()
    record(events.ATTENDED, actor=actor, subject=mine, organization=meeting.program.organization_id, how=ATTENDED_HOW[how],
           at=mine.attended_at.isoformat())  # fmt: skip
    if meeting.kind == "kick-off" and meeting.offering_id:
        _begin_by(actor, meeting, mine)
    return mine


def _begin_by(actor: Actor, meeting: Meeting, came: Attendance) -> None:
    offering = Offering.objects.select_related("program", "microcredential").locked(pk=meeting.offering_id)
    counts = came.how != "recording" or offering.recording_satisfies
    waits = Registration.objects.filter(offering=offering, person_id=came.person_id, state="seated", enrollment=None)
    place = waits.select_related("person").select_for_update(of=("self",)).first()
    is_free = not policy.at_it_elsewhere(offering.microcredential_id, {came.person_id})
    if place and counts and is_free and offering.clock_event == "kick-off" and came.attended_at:
        place.offering, at = offering, max(came.attended_at, place.seated_at or came.attended_at)
        if over_for(offering, place.person, at) is None:
            begin_place(actor, place, at)
