"""Reading a program's public face: its owners, contacts, status board and roadmap. Not here: how it looks (web)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, IntegerField, QuerySet, When

from cairn.apps.catalog import queries as catalog
from cairn.apps.people import queries as people
from cairn.apps.programs import policy
from cairn.apps.programs.models import Contact, LaunchReview, Listing, Offering, Ownership, Program, Target
from cairn.apps.programs.queries.seats import Seats, seats
from cairn.apps.programs.states import OWNER_ROLES, STAGES, TARGETS
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.kernel.errors import NotFound
from cairn.pure.clocks import long_date

_DONE_WITH = {"approved": "published", "sent back": "written"}  # a review's state -> the stage after it


@dataclass(frozen=True)
class Progress:
    """How far a micro-credential is. `offering`: the pilot or the open offering that says so; `begins`: words for when, empty once it runs;
    `seats` of a pilot; `stated`: the words of a line of which nothing live is known."""

    stage: str
    offering: Offering | None = None
    seats: Seats | None = None
    begins: str = ""
    stated: str = ""

    @property
    def is_full(self) -> bool:
        return self.seats is not None and self.seats.is_full

    @property
    def takes_people(self) -> bool:
        return self.offering is not None and self.offering.kind == "pilot" and not self.is_full

    @property
    def said(self) -> str:
        """As the public reads it."""
        if self.stated:
            return self.stated[:1].upper() + self.stated[1:]
        begins = f"pilot to begin {self.begins}" if self.begins else ""
        if self.stage != "in pilot":
            return f"{STAGES[self.stage]}; {begins}" if begins else STAGES[self.stage]
        places = "full" if self.is_full else _places(self.seats) if self.offering else ""
        if begins:
            return "; ".join(filter(None, (places[:1].upper() + places[1:], begins)))
        return f"{STAGES['in pilot']} ({places})" if places else STAGES["in pilot"]


def _places(told: Seats | None) -> str:
    """The number only where there is one and the program tells it."""
    if told is None or told.open is None or not told.is_told:
        return "pilot spots open"
    return f"{told.open} pilot spot{'' if told.open == 1 else 's'} open"


@dataclass(frozen=True)
class BoardLine:
    """A line of the board. `line` is what the catalog knows of it; None where the line names nothing in it. `flag` is for editors alone."""

    listing: Listing
    line: catalog.Line | None
    progress: Progress
    flag: str

    @property
    def title(self) -> str:
        return self.listing.title


@dataclass(frozen=True)
class Figure:
    """A number of the roadmap: what can be counted on the board and in the catalog, and what the program states."""

    what: str
    label: str
    counted: int
    stated: int | None

    @property
    def number(self) -> int:
        """The more of the two: a board grows line by line toward what is planned, and may pass it."""
        return max(self.counted, self.stated or 0)


def board(viewer: Actor, programs: Sequence[Program]) -> list[BoardLine]:
    """All lines of the programs in their editors' order; the same number of queries however many lines."""
    listings = list(Listing.objects.visible_to(viewer).filter(program__in=programs).order_by("program__title", "order", "pk"))
    edited = {program.pk for program in programs if policy.EDIT_BOARD.allows(viewer, program)}
    known = {line.id: line for line in catalog.lines_by_id(viewer, [row.microcredential_id for row in listings if row.microcredential_id])}
    found = _progress_of(viewer, listings)
    return [
        BoardLine(row, known.get(row.microcredential_id or ""), found[row.pk], row.flag if row.program_id in edited else "")
        for row in listings
    ]


def _progress_of(viewer: Actor, listings: Sequence[Listing]) -> dict[str, Progress]:
    ids = {row.microcredential_id for row in listings if row.microcredential_id}
    found = Offering.objects.visible_to(viewer).filter(microcredential_id__in=ids, program__in={row.program_id for row in listings})
    offerings = list(found.order_by("opens_on", "pk"))
    told = seats(viewer, offerings)
    reviews = LaunchReview.objects.filter(offering__in=offerings).order_by("convened_at", "pk").values_list("offering_id", "state")
    reviewed = dict(reviews)
    by_line: dict[tuple[str, str | None], list[Offering]] = {}
    for offering in offerings:
        by_line.setdefault((offering.program_id, offering.microcredential_id), []).append(offering)
    today = clock.today(people.zone_of(viewer.person_id))
    return {row.pk: _progress(row, by_line.get((row.program_id, row.microcredential_id), []), told, reviewed, today) for row in listings}


def _progress(row: Listing, offerings: Sequence[Offering], told: dict[str, Seats], reviewed: dict[str, str], today: date) -> Progress:
    """What live records say; where they say nothing, what the editor does."""
    running = [each for each in offerings if each.state == "open" and not each.is_over_on(today)]
    pilots = [each for each in offerings if each.kind == "pilot"]
    open_to_all = next((each for each in running if each.kind == "open" and each.opens_on <= today), None)
    pilot = next((each for each in running if each.kind == "pilot"), None)
    if pilot:
        return Progress("in pilot", pilot, told[pilot.pk], _begins(pilot, today))
    if open_to_all:
        return Progress("published", open_to_all)
    if row.stated and not pilots:
        return Progress(row.stage, stated=row.stated)
    if pilots and row.stage != "published":
        return Progress(_DONE_WITH.get(reviewed.get(pilots[-1].pk, ""), "under review"))
    return Progress(row.stage, begins=f"in {row.begins_text}" if row.begins_text else "")


def _begins(pilot: Offering, today: date) -> str:
    if pilot.begins_text:
        return f"in {pilot.begins_text}"
    return f"on {long_date(pilot.opens_on)}" if pilot.opens_on > today else ""


def board_to_edit(viewer: Actor, program: Program) -> list[BoardLine]:
    """For those who run the program; for everybody else there is no such page."""
    if not policy.EDIT_BOARD.allows(viewer, program):
        raise NotFound("page")
    return board(viewer, [program])


def listing(viewer: Actor, program: Program, listing_id: str) -> Listing:
    if not policy.EDIT_BOARD.allows(viewer, program):
        raise NotFound("page")
    return Listing.objects.visible_to(viewer).filter(program=program).get_or_not_found(pk=listing_id)


# --- Owners, contacts, roadmap --------------------------------------------------------------------------------------------


def parts_in(viewer: Actor, program: Program) -> QuerySet[Ownership]:
    """What organizations are to the program now, beside the one that leads it; owners first."""
    order = Case(*(When(role=role, then=place) for place, role in enumerate(OWNER_ROLES)), output_field=IntegerField())
    found = Ownership.objects.visible_to(viewer).filter(program=program, left_on=None).select_related("organization")
    return found.order_by(order, "organization__name")


def programs_of(viewer: Actor, organization_id: str) -> list[Program]:
    """Those that an organization leads or owns with others, and those that it hosts, writes or takes part in."""
    parts = Ownership.objects.visible_to(viewer).filter(organization_id=organization_id, left_on=None)
    found = Program.objects.visible_to(viewer).select_related("organization")
    led, joined = found.filter(organization_id=organization_id), found.filter(pk__in=parts.values("program_id"))
    return sorted({*led, *joined}, key=lambda program: program.title)


def contacts_in(viewer: Actor, programs: Iterable[Program]) -> QuerySet[Contact]:
    return Contact.objects.visible_to(viewer).filter(program__in=programs).order_by("program__title", "order", "pk")


def roadmap(viewer: Actor, program: Program) -> tuple[Figure, ...]:
    """Counted from the board and the catalog; a written one counts as planned too, and so on. Nothing known gives nothing."""
    stated = dict(Target.objects.visible_to(viewer).filter(program=program).values_list("what", "count"))
    stages = [line.progress.stage for line in board(viewer, [program])]
    past = list(STAGES)
    beyond = {stage: sum(past.index(each) >= past.index(stage) for each in stages) for stage in ("planned", "written", "pilot-ready")}
    owners = [program.organization_id, *parts_in(viewer, program).filter(role="owner").values_list("organization_id", flat=True)]
    stacks = sum(stack.is_planned for owner in owners for stack in catalog.stacks_of(viewer, owner))
    counted = {"planned": beyond["planned"], "written": beyond["written"], "to pilot": beyond["pilot-ready"], "stacks": stacks}
    return tuple(Figure(what, label, counted[what], stated.get(what)) for what, label in TARGETS.items() if counted[what] or what in stated)


def may_edit_board(viewer: Actor, program: Program) -> bool:
    return policy.EDIT_BOARD.allows(viewer, program)


def may_share(viewer: Actor, program: Program) -> bool:
    return policy.SHARE_PROGRAM.allows(viewer, program)
