"""The lives of letters and of calls; kinds of letters; which of them an organization may word itself. Closed lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cairn.frame.states import States

LETTER = States(
    name="letter",
    owner="comms",
    initial="queued",
    moves={"queued": ("sent", "waiting", "kept"), "waiting": ("queued", "gathered", "kept"), "sent": (), "gathered": (), "kept": ()},
    means={
        "queued": "written and safe; the worker sends it",
        "waiting": "waits for the end of quiet hours, or for the next digest",
        "sent": "handed to the mail server",
        "gathered": "told of in a digest",
        "kept": "to be read here alone, as its addressee wishes",
    },
)
CALL = States(
    name="call",
    owner="comms",
    initial="queued",
    moves={"queued": ("delivered", "failed"), "failed": ("queued",), "delivered": ("queued",)},
    means={
        "queued": "waits to be made, or to be made again",
        "delivered": "the other side took it",
        "failed": "given up; it can be sent once more by hand",
    },
)
WEBHOOK_STATES = {"on": "Called", "paused": "Paused", "stopped": "Stopped, since it did not answer", "removed": "Removed"}

HOWS = {
    "now": "By e-mail at once",
    "daily": "By e-mail, once a day together",
    "weekly": "By e-mail, once a week together",
    "here": "Only here",
}


@dataclass(frozen=True)
class Category:
    """A kind of letters, as people choose how they get them. `hows` are what may be chosen; the first counts until one chooses."""

    title: str
    about: str
    hows: tuple[str, ...] = ("now", "daily", "weekly", "here")


CATEGORIES = {
    "account": Category("Your account", "Signing in, tokens, support, and what else guards your account.", ("now",)),
    "decisions": Category("Decisions", "What was decided about your work, and the credentials that you earn.", ("now", "daily", "weekly")),
    "deadlines": Category("Deadlines and work", "What is due, what has arrived, what waits for you, and letters of your coordinator."),
    "community": Category("Communities", "Prompts and answers in communities that you are in.", ("daily", "now", "weekly", "here")),
    "mentions": Category("Said to you", "When somebody names you, replies to you, opens a draft to you, or writes a note on yours."),
    "news": Category("Program news", "Meetings, seats and news of the programs that you are in."),
    "money": Category("Money", "Orders, invoices and payments."),
}
DIGEST = "comms.digest"  # the kind of a letter that gathers others
URGENT = frozenset({"account"})  # no quiet hours


@dataclass(frozen=True)
class Worded:
    """A letter that an organization may word itself: what it tells of, its category where it is no notice of a fact, and sample words."""

    title: str
    sample: Mapping[str, str] = field(default_factory=dict)
    is_nudge: bool = False


_TITLE = "Culturally Responsive Classrooms"
_DUE = "May 31, 2027, 11:59 p.m. Central"
_SEAT = {"title": _TITLE, "program": "Leadership Pilot"}
_MEETING = {
    "title": "What the pilot asks of you", "program": "Leadership Pilot", "when": "April 7, 2027, 10:00 a.m. Central",
    "mine": "April 7, 2027, 11:00 a.m. Eastern", "join_url": "https://meet.example.org/818", "dial_in": "(573) 555-0142",
    "access_code": "818-555-157", "help_url": "https://meet.example.org/help", "calendar": "/meetings/1.ics",
}  # fmt: skip
ALWAYS = {"name": "Dana Whitfield", "organization": "Springfield Schools", "link": "https://cairn.example.org/portfolio/"}
# Kind -> what may stand in it. Beside the sample's words, those of ALWAYS may; each is filled in from what the notice says.
WORDED = {
    "programs.applied": Worded("Somebody has asked for a seat", _SEAT),
    "programs.waiting": Worded("Somebody stands in line", _SEAT),
    "programs.seat_offered": Worded("A seat is kept for somebody", {**_SEAT, "until": _DUE}),
    "programs.seated": Worded("Somebody has a seat", _SEAT),
    "programs.not_chosen": Worded("Somebody has no seat", _SEAT),
    "programs.line_ended": Worded("The line for a seat has ended", _SEAT),
    "programs.time_chosen": Worded("A place at a meeting is kept", _MEETING),
    "programs.meeting_reminded": Worded("A meeting is near", _MEETING),
    "programs.reminded": Worded("The due date is near", {"title": _TITLE, "due": _DUE, "why": "120 days from January 31, 2027."}),
    "programs.enrolled": Worded("Somebody has begun", {"title": _TITLE, "due": _DUE, "why": "120 days from January 31, 2027."}),
    "portfolio.submitted": Worded(
        "Work has arrived", {"title": _TITLE, "at": "May 2, 2027, 4:10 p.m. Central", "days": "10", "hash": "9f2c51d08ab3e774"}
    ),
    "credentials.issued": Worded("A credential is signed", {"title": _TITLE}),
    "nudge.begin": Worded("A nudge: nothing is written yet", {"title": _TITLE, "due": _DUE}, is_nudge=True),
    "nudge.go_on": Worded("A nudge: the work rests", {"title": _TITLE, "due": _DUE}, is_nudge=True),
    "nudge.due_soon": Worded("A nudge: the due date is near", {"title": _TITLE, "due": _DUE}, is_nudge=True),
    "nudge.own": Worded("A letter of your own", {"title": _TITLE, "due": _DUE}, is_nudge=True),
}
