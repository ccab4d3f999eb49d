"""The kinds of files that a program takes, and their columns. Not here: what becomes of their rows (commands)."""

from __future__ import annotations

from dataclasses import dataclass

from cairn.pure.files import Column


@dataclass(frozen=True)
class FileKind:
    """`title` is what the file is called, `about` what it does."""

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]


ROSTER = FileKind(
    "roster",
    "Roster",
    "Who takes part, stands in line, has applied or would like to hear of it.",
    (
        Column("name", "Name", ("full name", "participant", "participant name", "educator", "principal"), is_needed=True),
        Column("email", "E-mail", ("e-mail address", "mail", "mail address", "work e-mail", "email address"), is_needed=True),
        Column("organization", "Organization", ("school", "district", "employer", "school district", "building")),
        Column("state", "State", ("status", "place", "standing")),
        Column("asked", "Asked on", ("timestamp", "applied on", "registered on", "date", "registration date")),
        Column("previous", "Previous e-mail", ("old e-mail", "former e-mail", "old email address")),
        Column(
            "phone",
            "Phone",
            ("telephone", "phone number", "telephone number", "mobile", "mobile phone", "cell", "cell phone", "work phone"),
        ),
    ),
)
MEETINGS = FileKind(
    "meetings",
    "Meetings",
    "Meetings with their times. A blank cell means the one above, except for day, time and end.",
    (
        Column("kind", "Kind", ("type", "meeting type"), inherits=True),
        Column("title", "Meeting", ("title", "session", "meeting title"), is_needed=True, inherits=True),
        Column("day", "Day", ("date", "meeting date"), is_needed=True),
        Column("time", "Time", ("start", "starts", "start time", "begins"), is_needed=True),
        Column("end", "End", ("ends", "end time", "until")),
        Column("zone", "Time zone", ("zone", "timezone"), inherits=True),
        Column("link", "Link", ("join link", "join url", "url", "meeting link", "join"), inherits=True),
        Column("dial_in", "Dial-in", ("phone", "dial in number", "telephone"), inherits=True),
        Column("code", "Access code", ("code", "pin", "passcode", "meeting id"), inherits=True),
        Column("help", "Get ready", ("help", "app link", "instructions"), inherits=True),
        Column("note", "Note", ("notes", "remark", "remarks"), inherits=True),
        Column("places", "Places", ("limit", "most"), inherits=True),
    ),
)
ATTENDANCE = FileKind(
    "attendance",
    "Attendance",
    "Who was at a meeting, as the meeting's own program lists them.",
    (
        Column("name", "Name", ("full name", "participant", "attendee", "attendee name", "user name")),
        Column("email", "E-mail", ("e-mail address", "mail", "user email", "attendee email", "email address")),
        Column("phone", "Phone", ("telephone", "caller", "caller id", "phone number", "last four digits")),
        Column("present", "Present", ("attended", "was there")),
    ),
)
RECORD_COUNTS = ("earned", "submitted", "passed_first", "resubmitted", "passed_second")
RECORDS = FileKind(  # of a program; the others are of a pilot
    "records",
    "A list of what was run before",
    "One line for each person, under a code that names nobody.",
    (
        Column("code", "Code", ("person", "id"), is_needed=True),
        Column("route", "Route"),
        Column("group", "Group"),
        Column("initiated_on", "Initiated on", ("began", "started")),
        Column("finished_on", "Finished on"),
        Column("earned", "Earned"),
        Column("relicensed", "Re-licensed"),
        *(Column(name, name.replace("_", " ").capitalize()) for name in RECORD_COUNTS[1:]),
        Column("left_because", "Left because"),
    ),
)
FILE_KINDS = {kind.name: kind for kind in (ROSTER, MEETINGS, ATTENDANCE)}
RESPONSES = "responses"  # of a round of a survey, whose items are the columns: see queries.surveys
