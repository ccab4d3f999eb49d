"""Reading programs, offerings and enrollments."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from cairn.apps.comms.queries import Notice
from cairn.apps.programs.models import Enrollment, Offering, Program
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.kernel.facts import Recorded
from cairn.pure.clocks import long_moment


def programs(viewer: Actor) -> QuerySet[Program]:
    return Program.objects.visible_to(viewer).select_related("organization").order_by("title")


def program(viewer: Actor, slug: str) -> Program:
    return Program.objects.visible_to(viewer).select_related("organization").get_or_not_found(slug=slug)


def offerings(viewer: Actor, microcredential_ids: Sequence[str]) -> QuerySet[Offering]:
    """Those that take people today, pilots first."""
    today = clock.today(ZoneInfo("UTC"))
    found = Offering.objects.visible_to(viewer).filter(microcredential_id__in=microcredential_ids, state="open", opens_on__lte=today)
    return found.exclude(last_day__lt=today).select_related("program").order_by("-kind", "opens_on")


def offering(viewer: Actor, offering_id: str) -> Offering:
    return Offering.objects.visible_to(viewer).select_related("program", "microcredential").get_or_not_found(pk=offering_id)


def enrollment(viewer: Actor, enrollment_id: str) -> Enrollment:
    found = Enrollment.objects.visible_to(viewer).select_related("offering__program", "version", "microcredential__stack")
    return found.get_or_not_found(pk=enrollment_id)


def my_enrollments(viewer: Actor) -> QuerySet[Enrollment]:
    """The viewer's own, the latest first."""
    found = Enrollment.objects.visible_to(viewer).filter(person_id=viewer.person_id)
    return found.select_related("microcredential__stack", "offering__program", "version").order_by("-started_at")


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
