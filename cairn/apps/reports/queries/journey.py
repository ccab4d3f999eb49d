"""Where each participant of an offering stands, those who need the coordinator first. Constant in queries, however many take part.

Not here: figures of the whole (numbers), and anything that somebody wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cairn.apps.assessment import queries as assessment
from cairn.apps.portfolio import queries as portfolio
from cairn.apps.portfolio.queries import Progress
from cairn.apps.programs import queries as programs
from cairn.apps.programs.queries import Enrollment, Extension, Offering, Registration, Seats
from cairn.frame.actor import Actor
from cairn.kernel import clock

QUIET = timedelta(days=21)  # without anything saved, and one counts as stuck
NEAR = timedelta(days=14)  # before the date
# How urgent it is for the coordinator, and what they can do: state -> (mark as on every page, rank, what to do).
STATES: Mapping[str, tuple[str, int, str]] = {
    "asked": ("soon", 0, "answer"),
    "applied": ("soon", 1, "choose"),
    "lapsed": ("stopped", 2, "write"),
    "decision late": ("stopped", 2, ""),
    "missed": ("stopped", 3, "begin"),
    "quiet": ("stopped", 4, "write"),
    "near": ("soon", 5, "write"),
    "owes feedback": ("soon", 6, "write"),
    "offered": ("soon", 7, ""),
    "working": ("met", 8, ""),
    "revising": ("met", 9, ""),
    "with assessors": ("met", 10, ""),
    "seated": ("later", 11, ""),
    "waiting": ("later", 12, ""),
    "earned": ("met", 13, ""),
    "left": ("later", 14, ""),
    "passed": ("later", 15, ""),
    "not chosen": ("later", 16, ""),
    "line ended": ("later", 17, ""),
}


@dataclass(frozen=True)
class Traveler:
    """A participant and where they are. `since`: days without anything saved, or of the run; `until`: the date that comes next."""

    person_id: str
    name: str
    state: str
    place: Registration | None
    run: Enrollment | None
    progress: Progress | None
    asked: Extension | None
    until: datetime | None
    days: int

    @property
    def mark(self) -> str:
        return STATES[self.state][0]

    @property
    def act(self) -> str:
        return STATES[self.state][2]

    @property
    def is_stuck(self) -> bool:
        return STATES[self.state][1] < 7


@dataclass(frozen=True)
class Funnel:
    """How many people came to each step, each counted once however often they began."""

    interested: int
    attended: int
    seated: int
    began: int
    submitted: int
    earned: int


@dataclass(frozen=True)
class Way:
    """The way through an offering: everybody on it, and how many came to each step."""

    people: list[Traveler]
    funnel: Funnel


@dataclass(frozen=True)
class _Known:
    """What both are made of, read once."""

    places: list[Registration]
    runs: list[Enrollment]
    done: Mapping[str, Progress]


def journey(viewer: Actor, offering: Offering) -> list[Traveler]:
    """NotFound but to those who run the program."""
    return _travelers(viewer, offering, _known(viewer, offering))


def way(viewer: Actor, offering: Offering) -> Way:
    """NotFound but to those who run the program."""
    known = _known(viewer, offering)
    return Way(_travelers(viewer, offering, known), _funnel(viewer, offering, known))


def _known(viewer: Actor, offering: Offering) -> _Known:
    places, runs = programs.places_in(viewer, offering), programs.runs_of(viewer, offering)
    return _Known(list(places), list(runs), portfolio.progress(viewer, offering))


def _travelers(viewer: Actor, offering: Offering, known: _Known) -> list[Traveler]:
    places = {place.person_id: place for place in known.places}  # the last one of each counts
    runs = {run.person_id: run for run in known.runs}
    decided_by = assessment.decisions_due(viewer, offering)
    asked = {row.enrollment_id: row for row in programs.asked_extensions(viewer, offering.program)}
    owing, kick_off_is_over = programs.owing_feedback(viewer, offering), programs.kick_off_is_over(viewer, offering)
    found = []
    for person_id in {**places, **runs}:
        place, run = places.get(person_id), runs.get(person_id)
        if run and run.state == "withdrawn" and place and place.state not in ("left", "seated"):
            run = None  # an earlier run, and they ask again
        step = known.done.get(run.pk) if run else None
        state = _of_run(run, step, asked, owing, decided_by) if run else _of_place(place, kick_off_is_over)
        until = _until(state, place, run, decided_by)
        person = run.person if run else place.person  # type: ignore[union-attr]
        found.append(Traveler(person_id, person.name, state, place, run, step, asked.get(run.pk) if run else None, until, _days(run, step)))
    return sorted(found, key=lambda t: (STATES[t.state][1], t.until or clock.now(), t.name.casefold(), t.person_id))


@dataclass(frozen=True)
class Desk:
    """An offering that the viewer runs: its seats, how many are in it, and who among them needs somebody."""

    offering: Offering
    seats: Seats
    people: int
    stuck: tuple[Traveler, ...]
    earned: int


def desks(viewer: Actor) -> list[Desk]:
    """Those that are open, where most need somebody first; a dozen queries for each."""
    mine = programs.run_by(viewer)
    counted, found = programs.seats(viewer, mine), []
    for offering in mine:
        people = journey(viewer, offering)
        earned = sum(person.run is not None and person.run.state == "completed" for person in people)
        found.append(Desk(offering, counted[offering.pk], len(people), tuple(p for p in people if p.is_stuck), earned))
    return sorted(found, key=lambda desk: (-len(desk.stuck), desk.offering.microcredential.title, desk.offering.pk))


def _funnel(viewer: Actor, offering: Offering, known: _Known) -> Funnel:
    steps = [(run.person_id, known.done.get(run.pk)) for run in known.runs]
    submitted = {person for person, step in steps if step and (step.attempt > 1 or step.state != "draft")}
    interested, attended = programs.informed_in(viewer, offering)
    seated = {place.person_id for place in known.places if place.seated_at}
    began, earned = {run.person_id for run in known.runs}, {run.person_id for run in known.runs if run.state == "completed"}
    return Funnel(*(len(each) for each in (interested | attended | seated, attended, seated, began, submitted, earned)))


def _of_run(
    run: Enrollment, step: Progress | None, asked: Mapping[str, Extension], owing: set[str], decided_by: Mapping[str, datetime]
) -> str:  # fmt: skip
    if run.state == "completed":
        return "owes feedback" if run.pk in owing else "earned"
    if run.state != "active":
        return "left" if run.state == "withdrawn" else "asked" if run.pk in asked else "lapsed"
    if run.pk in asked:
        return "asked"
    if step and step.state == "submitted":
        return "decision late" if run.pk in decided_by and decided_by[run.pk] < clock.now() else "with assessors"
    now, due_at = clock.now(), step.due_at if step else run.due_at
    if now - ((step.saved_at if step else None) or run.started_at) > QUIET:
        return "quiet"
    if due_at - now < NEAR:
        return "near"
    return "revising" if step and step.attempt > 1 else "working"


def _of_place(place: Registration | None, kick_off_is_over: bool) -> str:
    assert place is not None
    if place.state == "seated" and kick_off_is_over:
        return "missed"
    return place.state


def _until(state: str, place: Registration | None, run: Enrollment | None, decided_by: Mapping[str, datetime]) -> datetime | None:
    if state == "offered" and place:
        return place.offered_until
    if run is None or run.state == "withdrawn":
        return None
    if state in ("with assessors", "decision late"):
        return decided_by.get(run.pk)
    return run.due_at if run.state in ("active", "lapsed") else None


def _days(run: Enrollment | None, step: Progress | None) -> int:
    if run is None:
        return 0
    if run.state == "completed" and run.ended_at:
        return (run.ended_at - run.started_at).days
    return (clock.now() - ((step.saved_at if step else None) or run.started_at)).days
