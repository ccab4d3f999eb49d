"""Reading programs, offerings and enrollments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from cairn.apps.comms.queries import Notice
from cairn.apps.people import queries as people
from cairn.apps.programs import policy
from cairn.apps.programs.models import Enrollment, EnrollmentQuerySet, Offering, Program
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, NotFound
from cairn.kernel.facts import Recorded
from cairn.pure.clocks import Due, Terms, due, long_moment, read_terms


def programs(viewer: Actor) -> QuerySet[Program]:
    return Program.objects.visible_to(viewer).select_related("organization").order_by("title")


def program(viewer: Actor, slug: str) -> Program:
    return Program.objects.visible_to(viewer).select_related("organization").get_or_not_found(slug=slug)


def offerings(viewer: Actor, microcredential_ids: Sequence[str]) -> QuerySet[Offering]:
    """Those that take people today, pilots first; what an educator designed for themselves is offered to nobody else."""
    today = clock.today(people.zone_of(viewer.person_id))
    found = Offering.objects.visible_to(viewer).filter(microcredential_id__in=microcredential_ids, state="open", opens_on__lte=today)
    theirs = Q(microcredential__owner=None) | Q(microcredential__owner_id=viewer.person_id)
    return found.filter(theirs).exclude(last_day__lt=today).select_related("program").order_by("-kind", "opens_on")


def offerings_in(viewer: Actor, program_id: str) -> QuerySet[Offering]:
    """Everything that a program offers or has offered."""
    found = Offering.objects.visible_to(viewer).filter(program_id=program_id)
    return found.select_related("program", "microcredential").order_by("-opens_on", "pk")


def offering(viewer: Actor, offering_id: str) -> Offering:
    return Offering.objects.visible_to(viewer).select_related("program", "microcredential").get_or_not_found(pk=offering_id)


def clock_for(viewer: Actor, offering: Offering) -> Due:
    """The clock that would run for the viewer who began now."""
    return due_in(offering, clock.now(), people.zone_of(viewer.person_id))


def due_in(offering: Offering, start: datetime, zone: ZoneInfo) -> Due:
    """When what is begun in an offering at a moment is due."""
    return due(start, days=offering.days, terms=terms_of(offering), last_day=offering.last_day, zone=zone)


def terms_of(offering: Offering) -> Terms | None:
    """The academic terms that each person has; None where they are not counted."""
    return read_terms(offering.terms, offering.calendar) if offering.terms else None


def _enrollments(viewer: Actor) -> EnrollmentQuerySet:
    """With what names them; the words of a version stay in the database, since the catalog keeps them read."""
    found = Enrollment.objects.visible_to(viewer).select_related("offering__program", "version", "microcredential__stack")
    return found.defer("version__content")


def enrollment(viewer: Actor, enrollment_id: str) -> Enrollment:
    return _enrollments(viewer).get_or_not_found(pk=enrollment_id)


def my_enrollment(viewer: Actor, enrollment_id: str) -> Enrollment:
    """The viewer's own; NotFound for anyone else's, also to those who run the program."""
    return _enrollments(viewer).filter(person_id=viewer.person_id).get_or_not_found(pk=enrollment_id)


def my_enrollments(viewer: Actor) -> QuerySet[Enrollment]:
    """The viewer's own, the latest first."""
    return _enrollments(viewer).filter(person_id=viewer.person_id).order_by("-started_at")


def enrollments_in(viewer: Actor, program: Program) -> QuerySet[Enrollment]:
    """Who is or was at work in a program; there is no such list but for those who run it."""
    if not policy.RUN_PROGRAM.allows(viewer, program):
        raise NotFound("page")
    return _enrollments(viewer).filter(offering__program=program).select_related("person").order_by("-started_at", "pk")


def running(viewer: Actor, microcredential_id: str) -> Enrollment | None:
    """The viewer's own run at it that has not ended."""
    return my_enrollments(viewer).filter(microcredential_id=microcredential_id, state="active").first()


def pursuers(viewer: Actor, microcredential_id: str) -> set[str]:
    """Persons who are at work on a micro-credential; for the system alone."""
    found = Enrollment.objects.visible_to(viewer).filter(microcredential_id=microcredential_id, state="active")
    return set(found.values_list("person_id", flat=True)) if viewer.is_system else set()


def enrolled_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    run = Enrollment.objects.visible_to(viewer).select_related("person", "microcredential").get(pk=fact.subject_id)
    words = {
        "title": run.microcredential.title, "due": long_moment(run.due_at, ZoneInfo(run.zone)), "why": run.due_sentence,
        "path": f"/portfolio/{run.pk}/",
    }  # fmt: skip
    return (Notice(fact.kind, run.person_id, run.person.name, run.person.email, words),)


def object_to_merging(*, viewer: Actor, gone: str, kept: str) -> None:
    """Two persons cannot become one while both are at the same thing: one person has one run at a time."""
    runs = Enrollment.objects.filter(state="active").select_related("microcredential")
    both = runs.filter(person_id=gone, microcredential__in=runs.filter(person_id=kept).values("microcredential")).first()
    if both:
        title = both.microcredential.title
        raise Conflict("both-enrolled", f"Both accounts are at work on “{title}”.", "Leave it with one of them first, then answer again.")
