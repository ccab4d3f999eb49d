"""Opening offerings; beginning, completing and leaving a micro-credential."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from itertools import count
from typing import Any

from django.db.models import Q

from cairn.apps.catalog import queries as catalog
from cairn.apps.ledger.steps import record
from cairn.apps.payments import steps as payments
from cairn.apps.people import queries as people
from cairn.apps.programs import events, policy
from cairn.apps.programs.commands.board import put_on_board
from cairn.apps.programs.commands.runs import begin_run, check_seats, take_up
from cairn.apps.programs.commands.seats import offer_free_seats
from cairn.apps.programs.models import Enrollment, Offering, Program
from cairn.apps.programs.queries.prices import sold
from cairn.apps.programs.queries.seats import is_one_too_many
from cairn.apps.programs.states import AT_ONCE_MODES, CLOCK_EVENTS, ENROLLMENT, OFFERING_KINDS
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock, text
from cairn.kernel.errors import Conflict, Forbidden, Invalid
from cairn.kernel.facts import Recorded
from cairn.pure.clocks import long_date, read_terms

FIRST_YEAR, LAST_YEAR = 2000, 2100  # of an offering's days; a deadline beyond the calendar could be told to nobody
MOST_COMPLETIONS = 10_000


@dataclass(frozen=True)
class OfferingRules:
    """How one comes to a place in an offering, and what starts the clock. The fields are those of Offering."""

    begins_text: str = ""
    clock_event: str = "registration"
    asks_meeting: bool = False
    recording_satisfies: bool = False
    is_chosen: bool = False
    seats_min: int | None = None
    seats_max: int | None = None
    shows_seats: bool = True
    offer_hours: int = 72
    completions_needed: int = 8
    feedback_required: bool = False
    terms: int | None = None  # academic ones that each person has, of a calendar as its file has it
    calendar: Mapping[str, Any] = field(default_factory=dict)

    def check(self) -> None:
        check_seats(self.seats_min, self.seats_max)
        if not 0 <= self.completions_needed <= MOST_COMPLETIONS:
            words = f"From 0 to {MOST_COMPLETIONS:,}."
            raise Invalid("completions-wrong", "No pilot needs so many completions.", words, {"completions_needed": words})
        if self.terms is not None:
            read_terms(self.terms, self.calendar)
        if self.clock_event not in CLOCK_EVENTS:
            raise Invalid("clock-event-unknown", f"“{self.clock_event}” starts no clock.", f"Use one of: {', '.join(CLOCK_EVENTS)}.")
        if not 1 <= self.offer_hours <= 24 * 60:
            raise Invalid("offer-wrong", "A seat is kept from 1 to 1,440 hours.", "Correct the hours.", {"offer_hours": "From 1 to 1,440."})


AS_OPEN_AS_CAN_BE = OfferingRules()


@command
def found_program(*, actor: Actor, slug: str, title: str, summary: str, organization_id: str) -> Program:
    """Begin a program; the same slug again answers with the one that is there, where the organization leads it."""
    if not (actor.is_system or actor.holds("operator") or actor.holds("organization admin", organization=organization_id)):
        raise Forbidden("admins-only", "Only an admin of the organization may begin a program.", "Ask its admin.")
    slug, title = text.slug(slug), " ".join(title.split())
    if existing := Program.objects.select_related("organization").filter(slug=slug).first():
        if existing.organization_id != organization_id:
            message = f"{existing.organization.name} has a program of this name, “{existing.title}”."
            raise Conflict("slug-taken", message, "Choose another title.", {"title": f"{message} Choose another."})
        return existing
    program = Program.objects.create(slug=slug, title=title, summary=summary, organization_id=organization_id)
    record(events.PROGRAM_FOUNDED, actor=actor, subject=program, organization=organization_id, slug=slug, title=title)
    return program


@command
def offer(
    *, actor: Actor, program_id: str, microcredential_id: str, kind: str, opens_on: date, last_day: date | None, days: int | None,
    rules: OfferingRules = AS_OPEN_AS_CAN_BE, is_listed: bool = False,
) -> Offering:  # fmt: skip
    """Open a micro-credential to educators. `is_listed`: it gets a line on the program's board, unless it has one."""
    program = Program.objects.locked(pk=program_id)
    policy.RUN_PROGRAM.require(actor, program)
    mc = catalog.microcredential_by_id(actor, microcredential_id)
    _check_clock(days, last_day, rules)
    check_window(program, mc.pk, kind, opens_on, last_day)
    rules.check()
    offering = Offering.objects.create(
        program=program, microcredential_id=mc.pk, kind=kind, opens_on=opens_on, last_day=last_day, days=days,
        slug=_address(mc.slug, kind, opens_on), **asdict(rules),
    )  # fmt: skip
    record(events.OFFERED, actor=actor, subject=offering, organization=program.organization_id, microcredential=microcredential_id,
           kind=kind, opens_on=opens_on.isoformat(), last_day=last_day.isoformat() if last_day else "", days=days or 0,
           rules=asdict(rules))  # fmt: skip
    if is_listed:
        put_on_board(actor, program, str(mc.pk), "in pilot" if kind == "pilot" else "published")
    return offering


@command
def change_offering(
    *, actor: Actor, offering_id: str, opens_on: date, last_day: date | None, days: int | None, rules: OfferingRules
) -> Offering:
    """Other dates and rules for those who come from now on; whoever has begun keeps the date they were given. Seats: `change_seats`."""
    offering = Offering.objects.select_related("program").locked(pk=offering_id)
    policy.RUN_PROGRAM.require(actor, offering.program)
    check_window(offering.program, offering.microcredential_id, offering.kind, opens_on, last_day, itself=offering.pk)
    _check_clock(days, last_day, rules)
    rules = replace(rules, seats_min=offering.seats_min, seats_max=offering.seats_max)
    rules.check()
    offering.opens_on, offering.last_day, offering.days = opens_on, last_day, days
    for name, value in asdict(rules).items():
        setattr(offering, name, value)
    offering.save(update_fields=["opens_on", "last_day", "days", *asdict(rules)])
    record(events.OFFERING_CHANGED, actor=actor, subject=offering, organization=offering.program.organization_id,
           opens_on=opens_on.isoformat(), last_day=last_day.isoformat() if last_day else "", days=days or 0,
           rules=asdict(rules))  # fmt: skip
    offer_free_seats(actor, offering)
    return offering


@command
def set_at_once(*, actor: Actor, program_id: str, limit: int, mode: str, counts_decisions: bool) -> Program:
    """How many pilots of the program one person should be in at the same time, and what happens to one more."""
    program = Program.objects.locked(pk=program_id)
    policy.RUN_PROGRAM.require(actor, program)
    if mode not in AT_ONCE_MODES or not 1 <= limit <= 100:
        raise Invalid("limit-wrong", "The limit runs from 1 to 100, and is none, soft or hard.", "Correct the two.")
    program.at_once, program.at_once_mode, program.at_once_counts_decisions = limit, mode, counts_decisions
    program.save(update_fields=["at_once", "at_once_mode", "at_once_counts_decisions"])
    record(events.AT_ONCE_SET, actor=actor, subject=program, organization=program.organization_id, limit=limit, mode=mode,
           counts_decisions=counts_decisions)  # fmt: skip
    return program


@command
def set_checking(*, actor: Actor, program_id: str, checks_first: bool) -> Program:
    """Whether whoever runs the program looks that a submission is whole before assessors are asked; from now on."""
    program = Program.objects.locked(pk=program_id)
    policy.RUN_PROGRAM.require(actor, program)
    program.checks_first = checks_first
    program.save(update_fields=["checks_first"])
    record(events.CHECKING_SET, actor=actor, subject=program, organization=program.organization_id, checks_first=checks_first)
    return program


def check_window(program: Program, microcredential_id: str, kind: str, opens_on: date, last_day: date | None, itself: str = "") -> None:
    """Invalid or Conflict where an offering cannot run from a day to a day, beside the program's others."""
    if kind not in OFFERING_KINDS:
        raise Invalid("kind-unknown", f"“{kind}” is not a kind of offering.", "Use open or pilot.")
    for name, day in (("opens_on", opens_on), ("last_day", last_day)):
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            words = f"Give a day from {FIRST_YEAR} to {LAST_YEAR}."
            raise Invalid("day-out-of-range", f"The year {day.year} is too far away for an offering.", words, {name: words})
    if last_day is not None and last_day < opens_on:
        message = f"The last day, {long_date(last_day)}, comes before the first, {long_date(opens_on)}."
        raise Invalid("clock-wrong", message, "Correct one of the two dates.", {"last_day": message})
    others = Offering.objects.filter(program=program, microcredential_id=microcredential_id, kind="pilot", state="open").exclude(pk=itself)
    meets = others.filter(Q(last_day=None) | Q(last_day__gte=opens_on), **({"opens_on__lte": last_day} if last_day else {})).first()
    if kind == "pilot" and meets:
        until = f"to {long_date(meets.last_day)}" if meets.last_day else "without a last day"
        message = f"Another pilot of this micro-credential runs from {long_date(meets.opens_on)} {until}, so the two would overlap."
        raise Conflict("pilots-overlap", message, "Choose dates after it, or close it first.")


def _check_clock(days: int | None, last_day: date | None, rules: OfferingRules) -> None:
    if days is None and last_day is None and rules.terms is None:
        words = "An offering needs a number of days or of academic terms, a last day, or several of them."
        raise Invalid("no-clock", words, "Give at least one of them.")
    if days is not None and not 1 <= days <= 3660:
        raise Invalid("clock-wrong", "The days run from 1 to 3,660.", "Correct the number of days.", {"days": "From 1 to 3,660."})


def _address(slug: str, kind: str, opens_on: date) -> str:
    """What the offering is called in addresses: its micro-credential's name, a pilot's with the year, numbered where that is taken."""
    name = f"{slug}-pilot-{opens_on:%Y}" if kind == "pilot" else slug
    taken = set(Offering.objects.filter(slug__startswith=name).values_list("slug", flat=True))
    return next(told for n in count(1) if (told := name if n == 1 else f"{name}-{n}") not in taken)


@command
def enroll(*, actor: Actor, offering_id: str) -> Enrollment:
    """Begin; whoever is at it already gets the enrollment that runs."""
    offering = Offering.objects.visible_to(actor).select_related("program", "microcredential").locked(pk=offering_id)
    policy.signed_in(actor, offering)
    mine = Enrollment.objects.filter(person_id=actor.person_id, microcredential_id=offering.microcredential_id)
    if running := mine.filter(state="active").first():
        return running
    policy.ENROLL.require(actor, offering)
    if offering.is_by_registration or is_one_too_many(actor, offering):
        raise Conflict("register-first", "In this pilot one registers first.", f"Go to /pilots/{offering.slug}/ and register there.")
    run = begin_run(actor, offering, people.me(actor), clock.now())
    payments.lock_price(actor=actor, person_id=run.person_id, sold=sold(offering), enrollment_id=run.pk)
    return run


@command
def complete(*, actor: Actor, fact: Recorded) -> Enrollment | None:
    """Consequence of a decision: it is awaited no more, and where it is earned, the enrollment has reached its end."""
    enrollment = Enrollment.objects.visible_to(actor).select_related("offering__program").locked(pk=fact.thread)
    is_earned = fact.data["outcome"] == "earned"
    is_over = is_earned and enrollment.state != "completed"
    enrollment.awaits_decision = False
    if is_over:
        ENROLLMENT.move(enrollment, to="completed")
        enrollment.ended_at = clock.now()
    enrollment.save(update_fields=["awaits_decision", "state", "ended_at"])
    if is_over:
        record(events.COMPLETED, actor=actor, subject=enrollment, thread=enrollment.pk, organization=fact.organization)
    return enrollment if is_earned else None


@command
def await_decision(*, actor: Actor, fact: Recorded) -> Enrollment:
    """Consequence of a submission: the educator waits, and no clock runs out on them."""
    run = Enrollment.objects.visible_to(actor).select_related("offering__program").locked(pk=fact.thread)
    take_up(actor, run)
    run.awaits_decision = run.state == "active"
    run.save(update_fields=["awaits_decision"])
    return run


@command
def resume(*, actor: Actor, fact: Recorded) -> Enrollment:
    """Consequence of a submission that came back incomplete: the clock runs for them again."""
    run = Enrollment.objects.visible_to(actor).locked(pk=fact.thread)
    run.awaits_decision = False
    run.save(update_fields=["awaits_decision"])
    return run


@command
def begin_from_pack(*, actor: Actor, fact: Recorded) -> Program:
    """Consequence of an imported pack: its issuer has the program that the pack names."""
    told = fact.data["program"]
    existing = Program.objects.filter(slug=told["slug"]).first()
    if existing:
        return existing
    program = Program.objects.create(**told, organization_id=fact.organization)
    record(events.PROGRAM_FOUNDED, actor=actor, subject=program, organization=fact.organization, slug=program.slug, title=program.title)
    return program
