"""Meetings and attendance by file: what becomes of each row, and taking one in. Not here: one meeting at a time (meetings)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from cairn.apps.imports.queries import Import
from cairn.apps.imports.steps import Judged, keep, one_by_one, take_in
from cairn.apps.ledger.steps import record
from cairn.apps.people import queries as people
from cairn.apps.people import steps as person_steps
from cairn.apps.programs import events, policy
from cairn.apps.programs.commands.meetings import (
    MOST_PLACES,
    Time,
    add_to,
    alter,
    check_link,
    check_time,
    note_presence,
    require_begun,
    titled,
)
from cairn.apps.programs.models import Attendance, Meeting, MeetingTime, Offering
from cairn.apps.programs.queries.imports import ATTENDANCE, MEETINGS
from cairn.apps.programs.queries.meetings import callers, expected
from cairn.apps.programs.states import MEETING_KINDS
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.frame.tables import Chosen, Unread
from cairn.kernel.errors import Conflict, Invalid
from cairn.kernel.facts import Recorded
from cairn.kernel.text import clean
from cairn.pure.clocks import long_moment, moment_at
from cairn.pure.files import Row, Table, read_day, read_email, read_phone_ending, read_time, read_zone

USUAL = timedelta(hours=1)  # where the file names no end
_LIKE = {
    "info": "information", "informational": "information", "information meeting": "information", "kickoff": "kick-off",
    "kick off": "kick-off", "kick-off meeting": "kick-off", "": "other", "meeting": "other",
}  # fmt: skip
_ABSENT = ("no", "n", "absent", "0", "false", "no show", "no-show", "not present", "not attended", "did not attend", "missed", "excused",
           "absent (excused)")  # fmt: skip
_PRESENT = ("yes", "y", "present", "true", "x", "attended", "was there", "here", "joined", "late", "tardy", "left early", "in person",
            "online", "virtual", "remote", "by phone")  # fmt: skip
_DETAILS = ("join_url", "dial_in", "access_code", "help_url", "note")
_LONGEST = {"dial_in": 40, "code": 40, "note": 200}  # characters that are kept
_YEARS = range(1950, 2200)  # calendars of every zone know their moments


@command
def read_meetings(*, actor: Actor, offering_id: str, chosen: Chosen | Unread, for_whole_program: bool = False) -> Import:
    """The dry run: which meetings and times this file would plan or change."""
    offering = Offering.objects.visible_to(actor).select_related("program", "microcredential").locked(pk=offering_id)
    policy.RUN_PROGRAM.require(actor, offering.program)
    own = None if for_whole_program else offering.pk
    return keep(
        actor=actor, kind=MEETINGS.name, about=offering.pk, title=f"Meetings of {offering.microcredential.title}",
        page=f"/pilots/{offering.slug}/run/", organization_id=offering.program.organization_id, chosen=chosen,
        judge=lambda table: _judged_meetings(offering, own, table, people.zone_of(actor.person_id).key), offering=own or "",
    )  # fmt: skip


@command
def take_meetings(*, actor: Actor, fact: Recorded) -> Import | None:
    """Consequence of a confirmed file of meetings."""
    return take_in(actor=actor, fact=fact, write=one_by_one(_plan))


@command
def read_attendance(*, actor: Actor, time_id: str, chosen: Chosen | Unread) -> Import:
    """The dry run: whom this list would note as present."""
    time = MeetingTime.objects.visible_to(actor).select_related("meeting__program", "meeting__offering").locked(pk=time_id)
    policy.RUN_PROGRAM.require(actor, time.meeting.program)
    require_begun(time)
    offering = time.meeting.offering
    page = f"/pilots/{offering.slug}/run/" if offering else f"/programs/{time.meeting.program.slug}/"
    return keep(
        actor=actor, kind=ATTENDANCE.name, about=time.pk, title=f"Attendance at {time.meeting.title}", page=page,
        organization_id=time.meeting.program.organization_id, chosen=chosen, judge=lambda table: _judged_attendance(actor, time, table),
    )  # fmt: skip


@command
def take_attendance(*, actor: Actor, fact: Recorded) -> Import | None:
    """Consequence of a confirmed list of those who were present."""
    return take_in(actor=actor, fact=fact, write=one_by_one(_note))


# --- Meetings --------------------------------------------------------------------------------------------------------


def _judged_meetings(offering: Offering, own: str | None, table: Table, zone: str) -> Iterator[Judged]:
    known = {
        (meeting.kind, meeting.title.casefold()): meeting for meeting in Meeting.objects.filter(program=offering.program, offering=own)
    }
    planned: dict[tuple[str, str], list[tuple[int, Time]]] = {}
    for row in table.rows:
        try:
            kind, title, time = _kind(row.cells.get("kind", "")), titled(row.cells["title"]), _time(row, zone)
            key = (kind, title.casefold())
            yield _judge_time(row, kind, title, time, known.get(key), planned.setdefault(key, []))
        except (Invalid, Conflict) as no:
            column = table.headings.get(next(iter(no.fields), ""), "")
            yield Judged(row.line, "refused", {"label": _label(row)}, str(no), column)


def _judge_time(row: Row, kind: str, title: str, time: Time, meeting: Meeting | None, beside: list[tuple[int, Time]]) -> Judged:
    cells = {"label": _label(row), "kind": kind, "title": title, **_written(time)}
    for line, other in beside:
        if time == other:
            return Judged(row.line, "unchanged", cells, f"The same as line {line:,}.")
        if time.starts_at < other.ends_at and other.starts_at < time.ends_at:
            raise Conflict("times-overlap", f"This overlaps line {line:,}.", "Correct one of the two.", {"time": "Overlaps."})
    beside.append((row.line, time))
    there = meeting.times.filter(starts_at=time.starts_at, is_canceled=False).first() if meeting else None
    said = long_moment(time.starts_at, ZoneInfo(time.zone))
    if there and all(getattr(there, name) == getattr(time, name) for name in ("ends_at", "zone", "places", *_DETAILS)):
        return Judged(row.line, "unchanged", cells)
    if meeting is None:
        time.check()
    else:
        check_time(meeting, time, there)
    if there:
        return Judged(row.line, "changed", cells, f"{said}: how to join, or the end, changes.")
    return Judged(row.line, "new", cells, said)


def _kind(said: str) -> str:
    words = " ".join(said.lower().split())
    kind = _LIKE.get(words, words)
    if kind not in MEETING_KINDS:
        message = f"“{said[:40]}” is not a kind of meeting."
        raise Invalid("kind-unknown", message, f"Write one of: {', '.join(MEETING_KINDS)}.", {"kind": message})
    return kind


def _time(row: Row, usual_zone: str) -> Time:
    """Raises Invalid, with the column in `fields`, where a cell cannot be understood."""
    given = row.cells
    column = "day"
    try:
        day = _sensible(read_day(given["day"]))
        column = "time"
        starts = read_time(given["time"])
        column = "end"
        ends = read_time(given["end"]) if given.get("end") else None
        column = "zone"
        zone = read_zone(given["zone"]) if given.get("zone") else usual_zone
        column = "places"
        places = int(given["places"]) if given.get("places") else None
        if places and places > MOST_PLACES:
            raise Invalid("places-wrong", f"A time has at most {MOST_PLACES:,} places.", "Leave the number out where anybody may come.")
    except (Invalid, ValueError) as no:
        message = no.message if isinstance(no, Invalid) else f"“{given[column][:40]}” is not a number."
        raise Invalid("cell-unclear", message, getattr(no, "remedy", "Write digits alone."), {column: message}) from None
    starts_at = moment_at(datetime.combine(day, starts), ZoneInfo(zone)).astimezone(UTC)
    ends_at = moment_at(datetime.combine(day, ends), ZoneInfo(zone)).astimezone(UTC) if ends else starts_at + USUAL
    for name in ("link", "help"):
        check_link(given.get(name, ""), name)
    dial_in, code, note = (clean(given.get(name, ""), limit=most, field=name) for name, most in _LONGEST.items())
    return Time(starts_at, ends_at, zone, given.get("link", ""), dial_in, code, given.get("help", ""), note, places)


def _sensible(day: date) -> date:
    if day.year not in _YEARS:
        raise Invalid("day-far", f"No meeting is in the year {day.year}.", "Correct the day.")
    return day


def _label(row: Row) -> str:
    return f"{row.cells['title']}, {row.cells['day']}, {row.cells['time']}"


def _written(time: Time) -> dict[str, str]:
    return {
        "starts_at": time.starts_at.isoformat(), "ends_at": time.ends_at.isoformat(), "zone": time.zone,
        "places": str(time.places or ""), **{name: getattr(time, name) for name in _DETAILS},
    }  # fmt: skip


def _plan(actor: Actor, source: Import, cells: Mapping[str, str]) -> None:
    offering = Offering.objects.visible_to(actor).select_related("program").locked(pk=source.about)
    program, own = offering.program, source.options["offering"] or None
    beside = Meeting.objects.filter(program=program, offering_id=own, kind=cells["kind"]).select_for_update(of=("self",))
    meeting = next((each for each in beside if each.title.casefold() == cells["title"].casefold()), None)
    if meeting is None:
        meeting = Meeting.objects.create(program=program, offering_id=own, kind=cells["kind"], title=cells["title"])
        record(events.MEETING_PLANNED, actor=actor, subject=meeting, organization=program.organization_id, kind=meeting.kind,
               title=meeting.title, offering=own or "")  # fmt: skip
    meeting.program = program
    time = Time(
        datetime.fromisoformat(cells["starts_at"]), datetime.fromisoformat(cells["ends_at"]), cells["zone"],
        places=int(cells["places"]) if cells["places"] else None, **{name: cells[name] for name in _DETAILS},
    )  # fmt: skip
    there = meeting.times.filter(starts_at=time.starts_at, is_canceled=False).select_for_update(of=("self",)).first()
    if there is None:
        add_to(actor, meeting, time)
    else:
        there.meeting = meeting
        alter(actor, there, time)


# --- Attendance ------------------------------------------------------------------------------------------------------


def _judged_attendance(actor: Actor, time: MeetingTime, table: Table) -> Iterator[Judged]:
    if not {"name", "email", "phone"} & set(table.columns):
        raise Invalid("heading-missing", "The list names nobody.", "It needs a column with e-mail addresses, names, or telephone numbers.")
    known = _Expected(actor, time, table)
    for row in table.rows:
        label = ", ".join(row.cells[name] for name in ("name", "email") if row.cells.get(name)) or _caller(row)
        cells = {"label": label, "name": row.cells.get("name", ""), "email": row.cells.get("email", "")}
        try:
            if _was_absent(row.cells.get("present", "")):
                yield Judged(row.line, "unchanged", cells, "Was not there.")
                continue
            yield known.judge(row, cells)
        except (Invalid, Conflict) as no:
            yield Judged(row.line, "refused", {"label": label}, str(no), table.headings.get(next(iter(no.fields), ""), ""))


def _was_absent(said: str) -> bool:
    """Of a cell that says whether somebody came; minutes and times of day mean that they did. Invalid for a word that may mean either."""
    words = " ".join(said.lower().split())
    if words and words not in _ABSENT and words not in _PRESENT and not any(map(str.isdigit, words)) and any(map(str.isalpha, words)):
        message = f"“{said[:40]}” does not say whether they were there."
        raise Invalid("presence-unclear", message, "Write yes or no.", {"present": message})
    return words in _ABSENT


class _Expected:
    """Who may have been there: by address, by the last four digits of a phone, by name."""

    def __init__(self, actor: Actor, time: MeetingTime, table: Table) -> None:
        self.expected = expected(actor, time.meeting)
        self.names: dict[str, set[str]] = {}
        for person_id, name in self.expected.items():
            self.names.setdefault(_spelled(name), set()).add(person_id)
        self.owners = people.owners_of_addresses(filter(None, (_address(row.cells.get("email", "")) for row in table.rows)))
        there = Attendance.objects.filter(meeting=time.meeting)
        self.phones: dict[str, set[str]] = {}
        for person_id, _, ending in callers(actor, time.meeting):
            self.phones.setdefault(ending, set()).add(person_id)
        self.came = set(there.exclude(attended_at=None).exclude(how="recording").values_list("person_id", flat=True))
        self.first: dict[str, int] = {}

    def judge(self, row: Row, cells: Mapping[str, str]) -> Judged:
        person, how = self._found(row)
        key = person or _address(cells["email"])
        if earlier := self.first.get(key):
            return Judged(row.line, "unchanged", cells, f"The same person as in line {earlier:,}.")
        self.first[key] = row.line
        known = {**cells, "person": person, "how": how}
        if person in self.came:
            return Judged(row.line, "unchanged", known, "Noted already.")
        return Judged(row.line, "new", known, "Noted as present." if person else "Entered as a person, and noted as present.")

    def _found(self, row: Row) -> tuple[str, str]:
        """Id of the person and how they are known; no id for somebody new, who has name and address."""
        name, address = row.cells.get("name", ""), row.cells.get("email", "")
        if address:
            try:
                owner = self.owners.get(read_email(address), "")
            except Invalid as no:
                raise Invalid(no.code, no.message, no.remedy, {"email": no.message}) from None
            if not owner and name:
                person_steps.plain_name(name)
            if not owner and not name:
                raise Invalid(
                    "name-missing", f"Nobody here has the address {address}.", "Add their name, and they are entered.", {"email": ""}
                )
            return owner, "roster"
        digits = _ending(row)
        by_name = self.names.get(_spelled(name), set()) if name else set(self.expected)
        callers = self.phones.get(digits, set()) & by_name if digits else set()
        found = callers or (by_name if name else set())
        if len(found) != 1:
            who = name or (_caller(row) if digits else "This row")
            message = f"{who} is {'nobody' if not found else 'more than one person'} of those who are expected."
            raise Conflict("person-unclear", message, "Add their e-mail address, or note them by hand.", {"name": message})
        return next(iter(found)), "phone" if callers else "roster"


def _address(said: str) -> str:
    """As it is kept; nothing where there is none."""
    try:
        return read_email(said)
    except Invalid:
        return ""


def _ending(row: Row) -> str:
    """Of the phone in a row; nothing where there is none, or a list shows none that could be read."""
    try:
        return read_phone_ending(row.cells.get("phone", ""))
    except Invalid:
        return ""


def _caller(row: Row) -> str:
    """A row that only a phone names, without the phone."""
    return f"A caller with …{ending}" if (ending := _ending(row)) else ""


def _spelled(name: str) -> str:
    """The same for "Lee, Kim" and "Kim Lee"."""
    return " ".join(sorted(re.findall(r"\w+", name.casefold())))


def _note(actor: Actor, source: Import, cells: Mapping[str, str]) -> None:
    time = MeetingTime.objects.visible_to(actor).select_related("meeting__program", "meeting__offering").locked(pk=source.about)
    person_id = cells["person"] or people.owner_of_address(read_email(cells["email"]))
    if not person_id:
        person_id = person_steps.enter_person(actor=actor, name=cells["name"], email=read_email(cells["email"])).pk
    note_presence(actor, time.meeting, time, person_id, cells["how"])
