"""Reading places: one's own, the line, a program's, and how many are open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from cairn.apps.comms.queries import Notice
from cairn.apps.programs import policy
from cairn.apps.programs.models import Attendance, Enrollment, Interest, MeetingTime, Offering, Ownership, Program, Registration
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, NotFound
from cairn.kernel.facts import Recorded
from cairn.pure.clocks import long_moment


@dataclass(frozen=True)
class Seats:
    """How it stands with the seats of an offering. `open` is None where there is no limit; `is_full`: one would stand in line."""

    most: int | None
    fewest: int | None
    taken: int
    waiting: int
    is_told: bool  # whether the public is told how many are open

    @property
    def open(self) -> int | None:
        return None if self.most is None else self.most - self.taken

    @property
    def is_full(self) -> bool:
        return self.open == 0 or self.waiting > 0


def seats(viewer: Actor, offerings: Sequence[Offering]) -> dict[str, Seats]:
    """By the offering's id; one query for all of them. How many wait is no secret, who waits is."""
    found = Registration.objects.filter(offering__in=offerings, state="waiting").values("offering_id").annotate(n=Count("pk"))
    waiting = {row["offering_id"]: row["n"] for row in found}
    return {o.pk: Seats(o.seats_max, o.seats_min, o.seats_taken, waiting.get(o.pk, 0), o.shows_seats) for o in offerings}


def _at_once(program: Program, person_ids: Collection[str], with_offers: bool) -> Counter[str]:
    """In how many pilots of the program each is now: at work, seated (or offered a seat) and not begun, and where so configured awaiting a
    decision."""
    of = {"person_id__in": person_ids, "offering__program": program, "offering__kind": "pilot"}
    runs = Enrollment.objects.filter(**of, state="active")
    if not program.at_once_counts_decisions:
        runs = runs.filter(awaits_decision=False)
    held = Registration.objects.filter(**of, enrollment=None, state__in=["seated", "offered"] if with_offers else ["seated"])
    return Counter([*runs.values_list("person_id", flat=True), *held.values_list("person_id", flat=True)])


def beyond_the_limit(offering: Offering, person_ids: Collection[str], *, with_offers: bool = False) -> set[str]:
    """Those for whom a seat here would be one pilot more than the program allows or advises at one time; two queries for all of them."""
    program = offering.program
    if offering.kind != "pilot" or program.at_once_mode == "none":
        return set()
    counts = _at_once(program, person_ids, with_offers)
    return {person_id for person_id in person_ids if counts[person_id] >= program.at_once}


def is_one_too_many(viewer: Actor, offering: Offering, *, is_offered: bool = False) -> bool:
    """Whether this would be one pilot more than the program advises at one time. `is_offered`: its seat is kept for the viewer, to be
    taken or not; this offer and others count no more then than what they would be added to."""
    person_id = viewer.person_id
    return person_id is not None and bool(beyond_the_limit(offering, [person_id], with_offers=not is_offered))


def warning(program: Program, who: str = "You are", verb: str = "advises") -> str:
    many = "one pilot" if program.at_once == 1 else f"{program.at_once} pilots"
    return f"{who} in {many} of “{program.title}” already, which is as many as it {verb} at one time."


def choosing_warning(viewer: Actor, place: Registration) -> str:
    """That the seat which an applicant can be given is one pilot more than is advised; empty where they have read so themselves."""
    offering = place.offering
    has_seat = offering.seats_max is None or offering.seats_taken < offering.seats_max
    if place.acknowledged or not has_seat or offering.program.at_once_mode != "soft":
        return ""
    return warning(offering.program, "They are") if beyond_the_limit(offering, [place.person_id]) else ""


def my_place(viewer: Actor, offering_id: str) -> Registration | None:
    """The viewer's place, the one that lives or else the last."""
    mine = Registration.objects.visible_to(viewer).filter(offering_id=offering_id, person_id=viewer.person_id)
    return mine.live().first() or mine.order_by("-asked_at").first()


def my_places(viewer: Actor) -> QuerySet[Registration]:
    """The viewer's places that live and are not begun, for their home page."""
    mine = Registration.objects.visible_to(viewer).live().filter(person_id=viewer.person_id, enrollment=None)
    return mine.select_related("offering__microcredential", "offering__program").order_by("asked_at")


def place(viewer: Actor, registration_id: str) -> Registration:
    found = Registration.objects.visible_to(viewer).select_related("person", "offering__program", "offering__microcredential")
    return found.get_or_not_found(pk=registration_id)


def number_in_line(viewer: Actor, place: Registration) -> tuple[int, int]:
    """(2, 5): second of five who wait."""
    line = Registration.objects.filter(offering_id=place.offering_id, state="waiting")
    ahead = line.filter(Q(asked_at__lt=place.asked_at) | Q(asked_at=place.asked_at, pk__lt=place.pk)).count()
    return ahead + 1, line.count()


def run_programs(viewer: Actor) -> QuerySet[Program]:
    """Programs that the viewer runs."""
    return Program.objects.run_by(viewer)


def writes_for(viewer: Actor, program: Program) -> str:
    """Id of the organization in whose name the viewer writes to a program's people: the one that leads it where they act for that one, else
    the owner for which they do."""
    of = {"organization": program.organization_id}
    if not (viewer.holds("coordinator", **of, program=program.pk) or viewer.holds("organization admin", **of)):
        own = viewer.scopes("coordinator", "organization") | viewer.scopes("organization admin", "organization")
        owners = Ownership.objects.filter(program=program, role="owner", left_on=None, organization_id__in=own)
        if found := owners.order_by("organization_id").first():
            return str(found.organization_id)
    return str(program.organization_id)


def run_by(viewer: Actor) -> list[Offering]:
    """What is open in the programs that the viewer runs, pilots first."""
    found = Offering.objects.visible_to(viewer).filter(program__in=Program.objects.run_by(viewer), state="open")
    return list(found.select_related("program__organization", "microcredential__stack").order_by("-kind", "microcredential__title", "pk"))


def require_runner(viewer: Actor, offering: Offering) -> None:
    """NotFound but to those who run the program: for capabilities above that tell how its people fare."""
    if not policy.RUN_PROGRAM.allows(viewer, offering.program):
        raise NotFound("page")


def places_in(viewer: Actor, offering: Offering) -> QuerySet[Registration]:
    """Everyone who asked for a place, for those who run the program."""
    require_runner(viewer, offering)
    found = Registration.objects.visible_to(viewer).filter(offering=offering)
    return found.select_related("person", "enrollment").order_by("asked_at", "pk")


def runs_of(viewer: Actor, offering: Offering) -> QuerySet[Enrollment]:
    """Every run in the offering, for those who run it; of a person the latest last."""
    require_runner(viewer, offering)
    found = Enrollment.objects.visible_to(viewer).filter(offering=offering)
    return found.select_related("person").order_by("started_at", "pk")


def kick_off_is_over(viewer: Actor, offering: Offering) -> bool:
    """Whether those who are seated wait for something that has been."""
    times = MeetingTime.objects.visible_to(viewer).filter(meeting__offering=offering, meeting__kind="kick-off", is_canceled=False)
    return offering.clock_event == "kick-off" and times.exists() and not times.filter(ends_at__gt=clock.now()).exists()


def informed_in(viewer: Actor, offering: Offering) -> tuple[set[str], set[str]]:
    """Persons who showed interest or kept a place at an information meeting, and those who attended one."""
    require_runner(viewer, offering)
    wide = Q(microcredential=None) | Q(microcredential_id=offering.microcredential_id)
    keen = set(Interest.objects.filter(wide, program=offering.program_id).values_list("person_id", flat=True))
    mine = Q(meeting__offering=offering) | Q(meeting__offering=None, meeting__program=offering.program_id)
    kept = Attendance.objects.filter(mine, meeting__kind__in=policy.GATES).values_list("person_id", "attended_at")
    return keen | {person for person, _ in kept}, {person for person, at in kept if at}


def my_interest(viewer: Actor, program_id: str, microcredential_id: str | None) -> Interest | None:
    mine = Interest.objects.visible_to(viewer).filter(person_id=viewer.person_id, program_id=program_id, ended_at=None)
    return mine.filter(microcredential_id=microcredential_id).first()


def offers_that_ended(viewer: Actor, moment: object) -> list[str]:
    """Ids of places whose offer is over; for the timed job."""
    over = Registration.objects.visible_to(viewer).filter(state="offered", offered_until__lt=moment).order_by("offered_until")
    return list(over.values_list("pk", flat=True)[:500]) if viewer.is_system else []


def offering_by_slug(viewer: Actor, slug: str) -> Offering:
    found = Offering.objects.visible_to(viewer).select_related("program__organization", "microcredential__stack")
    return found.get_or_not_found(slug=slug)


def place_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """To the educator: where they stand now."""
    place = Registration.objects.visible_to(viewer).select_related("person", "offering__microcredential", "offering__program").get(
        pk=fact.subject_id
    )  # fmt: skip
    zone = ZoneInfo(place.person.time_zone)
    words = {
        "title": place.offering.microcredential.title, "program": place.offering.program.title, "path": f"/pilots/{place.offering.slug}/",
        "until": long_moment(place.offered_until, zone) if place.offered_until else "", "begun": bool(place.enrollment_id),
        "awaits_kick_off": place.offering.clock_event == "kick-off" and not place.enrollment_id,
        "beyond": bool(fact.data.get("acknowledged")) and fact.actor != Actor(person_id=place.person_id).reference,
        "advised": place.offering.program.at_once,
    }  # fmt: skip
    return (Notice(fact.kind, place.person_id, place.person.name, place.person.email, words),)


def nudge_notices(viewer: Actor, offering: Offering, kind: str, person_ids: Sequence[str]) -> tuple[Notice, ...]:
    """To chosen participants, with the words that a coordinator's letter may name."""
    require_runner(viewer, offering)
    runs = {run.person_id: run for run in runs_of(viewer, offering).filter(person__in=person_ids)}
    found = places_in(viewer, offering).filter(person__in=person_ids)
    people = {**{row.person_id: row.person for row in found}, **{pk: run.person for pk, run in runs.items()}}
    return tuple(_nudge(offering, kind, person, runs.get(pk)) for pk, person in people.items())


def _nudge(offering: Offering, kind: str, person: Any, run: Enrollment | None) -> Notice:
    due = long_moment(run.due_at, ZoneInfo(run.zone)) if run else "not set yet"
    path = f"/portfolio/{run.pk}/" if run else f"/pilots/{offering.slug}/"
    return Notice(kind, person.pk, person.name, person.email, {"title": offering.microcredential.title, "due": due, "path": path})


def object_to_merging_places(*, viewer: Actor, gone: str, kept: str) -> None:
    """One person cannot hold two places in one offering."""
    live = Registration.objects.live().select_related("offering__microcredential")
    both = live.filter(person_id=gone, offering__in=live.filter(person_id=kept).values("offering")).first()
    if both:
        title = both.offering.microcredential.title
        raise Conflict("both-registered", f"Both accounts have a place in the pilot of “{title}”.", "Give up one of them first.")
