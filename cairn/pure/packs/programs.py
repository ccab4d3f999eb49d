"""A program as a YAML file: whom to ask, what it means to make, its status board, its pilots and their meetings.

Days have no year: what is meant is the next one to come when the file is imported. Not here: the micro-credentials (read), storing (apps).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time

from cairn.kernel import zones
from cairn.pure.packs.model import Organization
from cairn.pure.packs.problems import PackInvalid, Problem
from cairn.pure.packs.section import Section
from cairn.pure.packs.tree import read_tree
from cairn.pure.packs.words import OrganizationKind

FORMAT = 1
PART_ROLES = ("owner", "host", "co-author", "partner")
CLOCKS = ("kick-off", "registration", "first access")
MEETING_KINDS = ("information", "orientation", "kick-off", "other")
TARGETS = {"planned": "planned", "written": "written", "to_pilot": "to pilot", "stacks": "stacks"}
INHERITED = ("kind", "title", "about", "zone", "link", "dial_in", "code", "help", "note", "pilot")
_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_ANY_YEAR = 2000  # it has a February 29


@dataclass(frozen=True)
class Day:
    """A month and a day of it."""

    month: int
    day: int

    def next_from(self, start: date) -> date:
        """The first such day on or after `start`; February 29 waits for a year that has one."""
        for year in range(start.year, start.year + 9):
            try:
                if (found := date(year, self.month, self.day)) >= start:
                    return found
            except ValueError:
                continue
        raise ValueError(f"There is no {self.month}-{self.day} in eight years from {start}.")


@dataclass(frozen=True)
class Contact:
    role: str
    name: str
    email: str
    phone: str


@dataclass(frozen=True)
class Partner:
    organization: Organization
    role: str


@dataclass(frozen=True)
class Pilot:
    """`opens` is today where the file names no day; `begins` is a time in words, until a date is fixed."""

    microcredential: str
    opens: Day | None
    last_day: Day | None
    days: int | None
    terms: int | None
    calendar: str  # whose academic terms: a file's name
    clock: str
    asks_meeting: bool
    recording_satisfies: bool
    seats_min: int | None
    seats_max: int | None
    shows_seats: bool
    begins: str


@dataclass(frozen=True)
class PlannedMeeting:
    """One time of a meeting; entries of one kind, title and pilot are times of the same. `pilot`: a micro-credential, or empty for all."""

    kind: str
    title: str
    about: str
    day: Day
    starts: time
    ends: time
    zone: str
    link: str
    dial_in: str
    code: str
    help: str
    note: str
    pilot: str


@dataclass(frozen=True)
class ProgramPlan:
    slug: str
    title: str
    summary: str
    notice: str
    organization: Organization
    partners: tuple[Partner, ...]
    contacts: tuple[Contact, ...]
    targets: dict[str, int]
    board: tuple[str, ...]
    pilots: tuple[Pilot, ...]
    meetings: tuple[PlannedMeeting, ...]


def parse_program(file: str, text: str) -> ProgramPlan:
    """The program written in a file; PackInvalid with every problem found, each with line and remedy."""
    problems: list[Problem] = []
    root = Section(file, read_tree(file, text, problems), "", problems)
    if problems:
        raise PackInvalid(problems)
    root.one_of("kind", ("program",))
    root.integer("format", 1, FORMAT)
    plan = ProgramPlan(
        slug=root.slug(), title=root.title("title"), summary=root.text("summary", optional=True), notice=root.text("notice"),
        organization=_organization(root.section("organization")),
        partners=tuple(Partner(_organization(each), each.one_of("role", PART_ROLES)) for each in root.sections("partners", least=0)),
        contacts=tuple(_contact(each) for each in root.sections("contacts", least=0)), targets=_targets(root),
        board=root.texts("board", least=0, most=200), pilots=_pilots(root), meetings=_meetings(root),
    )  # fmt: skip
    root.report_unknown()
    if problems:
        raise PackInvalid(problems)
    return plan


def _organization(section: Section) -> Organization:
    return Organization(section.slug(), section.title("name"), section.choice("kind", OrganizationKind))


def _contact(section: Section) -> Contact:
    found = Contact(section.title("role"), section.title("name", optional=True), section.title("email", optional=True),
                    section.title("phone", optional=True))  # fmt: skip
    if not (found.email or found.phone):
        section.problem("", "Nobody could reach this contact.", "Give an “email”, a “phone”, or both.")
    return found


def _targets(root: Section) -> dict[str, int]:
    if not root.has("roadmap"):
        return {}
    section = root.section("roadmap")
    return {what: section.integer(name, 0, 10_000) for name, what in TARGETS.items() if section.has(name)}


def _pilots(root: Section) -> tuple[Pilot, ...]:
    pilots: list[Pilot] = []
    for section in root.sections("pilots", least=0):
        least, most = section.span("seats", 1, 100_000) if section.has("seats") else (None, None)
        pilot = Pilot(
            section.title("microcredential"), _day(section, "opens", optional=True), _day(section, "last_day", optional=True),
            section.maybe_integer("days", 1, 3660), section.maybe_integer("terms", 1, 12), section.title("calendar", optional=True),
            section.one_of("clock", CLOCKS), section.flag("asks_meeting", False), section.flag("recording_satisfies", False), least, most,
            section.flag("shows_seats", True), section.title("begins", optional=True),
        )  # fmt: skip
        if pilot.days is None and pilot.terms is None and pilot.last_day is None:
            section.problem("", "This pilot has no clock.", "Give “days”, “terms”, “last_day”, or several of them.")
        if bool(pilot.terms) != bool(pilot.calendar):
            section.problem("terms", "Terms are those of a calendar.", "Give “terms” and “calendar”, or neither.")
        if any(other.microcredential == pilot.microcredential for other in pilots):
            section.problem("microcredential", f"“{pilot.microcredential}” has two pilots.", "Keep one of the two.")
        pilots.append(pilot)
    return tuple(pilots)


def _meetings(root: Section) -> tuple[PlannedMeeting, ...]:
    """What an entry leaves out is as in the one above it, but for its day and times."""
    above: dict[str, str] = {}
    meetings = []
    for section in root.sections("meetings", least=0):
        said = {name: section.text(name, most=1000, optional=True) or above.get(name, "") for name in INHERITED}
        for name in ("kind", "title", "zone"):
            if not said[name]:
                section.problem(name, f"“{name}” is neither here nor in an entry above.", "Write it once, in the first entry.")
        if said["kind"] and said["kind"] not in MEETING_KINDS:
            section.not_among("kind", said["kind"], MEETING_KINDS)
        if said["zone"] and said["zone"] not in zones.known():
            section.problem("zone", f"“{said['zone']}” is not a time zone.", "Use a name such as America/Chicago.")
        day, starts, ends = _day(section, "day"), _time(section, "starts"), _time(section, "ends")
        if ends <= starts:
            section.problem("ends", "The meeting ends before it starts.", "Correct one of the two.")
        meetings.append(PlannedMeeting(day=day or Day(1, 1), starts=starts, ends=ends, **said))
        above = said
    return tuple(meetings)


def _day(section: Section, name: str, *, optional: bool = False) -> Day | None:
    value = section.matching(name, _DAY, "a month and a day, such as 04-07", optional=optional)
    if not value:
        return None
    month, day = int(value[:2]), int(value[3:])
    try:
        date(_ANY_YEAR, month, day)
    except ValueError:
        section.problem(name, f"There is no {value} in any year.", "Correct the day.")
        return None
    return Day(month, day)


def _time(section: Section, name: str) -> time:
    value = section.matching(name, _TIME, "a time of day, such as 16:00")
    return time(int(value[:2]), int(value[3:])) if value else time()
