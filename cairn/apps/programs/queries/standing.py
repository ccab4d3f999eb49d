"""Where somebody stands with a pilot, and what their next step is. Not here: the words for it (interfaces)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cairn.apps.people import queries as people
from cairn.apps.programs import policy
from cairn.apps.programs.models import Enrollment, Interest, Offering, Registration
from cairn.apps.programs.queries.meetings import MeetingLine, has_attended, meetings
from cairn.apps.programs.queries.seats import Seats, is_one_too_many, my_interest, my_place, number_in_line, seats, warning
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.kernel.errors import Refused

# The steps in order; the first that is not behind the viewer is theirs.
STEPS = ("meeting", "register", "kick-off", "work", "done")


@dataclass(frozen=True)
class Standing:
    """`step` is one of STEPS, or "closed"; `at` says more exactly where: the state of the place, "kept", "free", "full", "begun"..."""

    offering: Offering
    step: str
    at: str
    seats: Seats
    meetings: list[MeetingLine]
    place: Registration | None
    run: Enrollment | None
    interest: Interest | None
    line: tuple[int, int]  # the viewer's number, and how many stand in it
    refusal: Refused | None  # why the step cannot be taken just now
    warning: str  # that this is one pilot more than is advised; to be acknowledged
    bar: str  # that this is one pilot more than is allowed
    may_run: bool
    today: date

    def gate(self) -> MeetingLine | None:
        """The meeting after which one may register, the one that the viewer keeps a place at first."""
        gates = [line for line in self.meetings if line.meeting.kind in policy.GATES]
        return next((line for line in gates if line.mine and line.mine.time_id), None) or next(iter(gates), None)

    def kick_off(self) -> MeetingLine | None:
        return next((line for line in self.meetings if line.meeting.kind == "kick-off"), None)


def standing(viewer: Actor, offering: Offering) -> Standing:
    """A dozen queries at most, whoever asks and however many take part."""
    place = my_place(viewer, offering.pk) if viewer.is_known else None
    place = None if place is not None and place.offer_has_ended else place  # one asks anew
    runs = Enrollment.objects.visible_to(viewer).filter(microcredential_id=offering.microcredential_id, person_id=viewer.person_id)
    run = runs.order_by("-started_at").first() if viewer.is_known else None
    counted = seats(viewer, [offering])[offering.pk]
    lines = meetings(viewer, offering)
    step, at = _step(viewer, offering, place, run, lines, counted)
    program = offering.program
    is_beyond = viewer.is_known and step == "register" and is_one_too_many(viewer, offering, is_offered=at == "offered")
    is_barred = is_beyond and program.at_once_mode == "hard"
    return Standing(
        offering, step, at, counted, lines, place, run,
        my_interest(viewer, program.pk, offering.microcredential_id) if viewer.is_known else None,
        number_in_line(viewer, place) if place and place.state == "waiting" else (0, counted.waiting),
        _refusal(viewer, offering) if step in ("meeting", "register", "closed") else None,
        warning(program) if is_beyond and not is_barred and not (place and place.acknowledged) else "",
        warning(program, verb="allows") if is_barred else "",
        policy.RUN_PROGRAM.allows(viewer, program), clock.today(people.zone_of(viewer.person_id)),
    )  # fmt: skip


def _step(
    viewer: Actor, offering: Offering, place: Registration | None, run: Enrollment | None, lines: list[MeetingLine], counted: Seats
) -> tuple[str, str]:
    if run and run.state in ("active", "completed", "lapsed"):
        return ("work" if run.state != "completed" else "done"), run.state
    if place and place.state in ("applied", "waiting", "offered"):
        return "register", place.state
    if place and place.state == "seated":
        return ("kick-off", "seated") if offering.clock_event == "kick-off" else ("work", "seated")
    if not _is_open(viewer, offering):
        return "closed", "closed"
    if offering.asks_meeting and not has_attended(viewer, offering):
        kept = any(line.mine and line.mine.time_id for line in lines if line.meeting.kind in policy.GATES)
        return "meeting", "kept" if kept else "free"
    return "register", "full" if counted.is_full else "free"


def _is_open(viewer: Actor, offering: Offering) -> bool:
    try:
        policy.is_open(viewer, offering)
    except Refused:
        return False
    return True


def _refusal(viewer: Actor, offering: Offering) -> Refused | None:
    try:
        policy.is_open(viewer, offering)
        policy.earns_it_nowhere_else(viewer, offering)
    except Refused as refusal:
        return refusal
    return None
