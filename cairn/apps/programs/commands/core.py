"""Opening offerings; beginning, completing and leaving a micro-credential."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from cairn.apps.catalog import queries as catalog
from cairn.apps.ledger.steps import record
from cairn.apps.people import queries as people
from cairn.apps.programs import events, policy
from cairn.apps.programs.models import Enrollment, Offering, Program
from cairn.apps.programs.states import ENROLLMENT, OFFERING, OFFERING_KINDS
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock, text
from cairn.kernel.errors import Conflict, Forbidden, Invalid
from cairn.kernel.facts import Recorded
from cairn.pure.clocks import due


@command
def found_program(*, actor: Actor, slug: str, title: str, summary: str, organization_id: str) -> Program:
    """Begin a program; the same slug again answers with the one that is there."""
    if not (actor.is_system or actor.holds("operator") or actor.holds("organization admin", organization=organization_id)):
        raise Forbidden("admins-only", "Only an admin of the organization may begin a program.", "Ask its admin.")
    if existing := Program.objects.filter(slug=text.slug(slug)).first():
        return existing
    program = Program.objects.create(slug=slug, title=title, summary=summary, organization_id=organization_id)
    record(events.PROGRAM_FOUNDED, actor=actor, subject=program, organization=organization_id, slug=slug, title=title)
    return program


@command
def offer(
    *, actor: Actor, program_id: str, microcredential_id: str, kind: str, opens_on: date, last_day: date | None, days: int | None
) -> Offering:
    program = Program.objects.locked(pk=program_id)
    policy.RUN_PROGRAM.require(actor, program)
    if kind not in OFFERING_KINDS:
        raise Invalid("kind-unknown", f"“{kind}” is not a kind of offering.", "Use open or pilot.")
    if days is None and last_day is None:
        raise Invalid("no-clock", "An offering needs a number of days, a last day, or both.", "Give at least one of them.")
    if (days is not None and not 1 <= days <= 3660) or (last_day is not None and last_day < opens_on):
        raise Invalid("clock-wrong", "The days run from 1 to 3,660, and the last day comes after the first.", "Correct the dates.")
    offering = Offering.objects.create(
        program=program, microcredential_id=microcredential_id, kind=kind, opens_on=opens_on, last_day=last_day, days=days
    )
    record(events.OFFERED, actor=actor, subject=offering, organization=program.organization_id, microcredential=microcredential_id,
           kind=kind, opens_on=opens_on.isoformat(), last_day=last_day.isoformat() if last_day else "", days=days or 0)  # fmt: skip
    return offering


@command
def close_offering(*, actor: Actor, offering_id: str) -> Offering:
    offering = Offering.objects.select_related("program").locked(pk=offering_id)
    policy.RUN_PROGRAM.require(actor, offering.program)
    OFFERING.move(offering, to="closed")
    offering.save(update_fields=["state"])
    record(events.OFFERING_CLOSED, actor=actor, subject=offering, organization=offering.program.organization_id)
    return offering


@command
def enroll(*, actor: Actor, offering_id: str) -> Enrollment:
    """Begin; whoever is at it already gets the enrollment that runs."""
    offering = Offering.objects.visible_to(actor).select_related("program", "microcredential").locked(pk=offering_id)
    policy.signed_in(actor, offering)
    mine = Enrollment.objects.filter(person_id=actor.person_id, microcredential_id=offering.microcredential_id)
    if running := mine.filter(state="active").first():
        return running
    if mine.filter(state="completed").exists():
        raise Conflict("earned-already", "You have earned this micro-credential.", "See it in your portfolio.")
    policy.ENROLL.require(actor, offering)
    person = people.me(actor)
    now, zone = clock.now(), ZoneInfo(person.time_zone)
    deadline = due(now, days=offering.days, last_day=offering.last_day, zone=zone)
    enrollment = Enrollment.objects.create(
        person=person, offering=offering, version_id=catalog.version_in_force(actor, offering.microcredential_id).pk,
        microcredential_id=offering.microcredential_id, started_at=now, zone=person.time_zone, due_at=deadline.at,
        due_reason=deadline.reason, due_sentence=deadline.sentence,
    )  # fmt: skip
    record(events.ENROLLED, actor=actor, subject=enrollment, thread=enrollment.pk, organization=offering.program.organization_id,
           version=enrollment.version_id, due_at=deadline.at.isoformat(), due_reason=deadline.reason, zone=person.time_zone)  # fmt: skip
    return enrollment


@command
def withdraw(*, actor: Actor, enrollment_id: str) -> Enrollment:
    enrollment = Enrollment.objects.visible_to(actor).select_related("offering__program").locked(pk=enrollment_id)
    policy.WITHDRAW.require(actor, enrollment)
    ENROLLMENT.move(enrollment, to="withdrawn")
    enrollment.ended_at = clock.now()
    enrollment.save(update_fields=["state", "ended_at"])
    organization = enrollment.offering.program.organization_id
    record(events.WITHDRAWN, actor=actor, subject=enrollment, thread=enrollment.pk, organization=organization)
    return enrollment


@command
def complete(*, actor: Actor, fact: Recorded) -> Enrollment | None:
    """Consequence of a decision: where it is earned, the enrollment has reached its end."""
    if fact.data["outcome"] != "earned":
        return None
    enrollment = Enrollment.objects.visible_to(actor).select_related("offering__program").locked(pk=fact.thread)
    if enrollment.state != "completed":
        ENROLLMENT.move(enrollment, to="completed")
        enrollment.ended_at = clock.now()
        enrollment.save(update_fields=["state", "ended_at"])
        record(events.COMPLETED, actor=actor, subject=enrollment, thread=enrollment.pk, organization=fact.organization)
    return enrollment


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
