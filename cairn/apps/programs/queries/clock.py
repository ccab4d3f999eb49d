"""Reading the history of a date: what was asked, granted and declined; and what is to be reminded of."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from cairn.apps.comms.queries import Notice
from cairn.apps.programs import policy
from cairn.apps.programs.models import Enrollment, Extension, Program, Reminder
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.kernel.errors import NotFound
from cairn.kernel.facts import Recorded
from cairn.pure.clocks import long_date, long_moment


def extensions(viewer: Actor, enrollment_id: str) -> QuerySet[Extension]:
    """All of an enrollment, the first first."""
    found = Extension.objects.visible_to(viewer).filter(enrollment_id=enrollment_id)
    return found.select_related("decided_by").order_by("asked_at", "pk")


def asked_extensions(viewer: Actor, program: Program) -> QuerySet[Extension]:
    """Those that wait for an answer, for those who run the program."""
    if not policy.RUN_PROGRAM.allows(viewer, program):
        raise NotFound("page")
    found = Extension.objects.visible_to(viewer).filter(enrollment__offering__program=program, state="asked")
    return found.select_related("enrollment__person", "enrollment__offering__microcredential").order_by("asked_at")


def extension(viewer: Actor, extension_id: str) -> Extension:
    found = Extension.objects.visible_to(viewer).select_related("enrollment__person", "enrollment__offering__program", "decided_by")
    return found.get_or_not_found(pk=extension_id)


def latest_day(viewer: Actor, enrollment: Enrollment) -> date | None:
    """Up to when the viewer may grant time; None for no limit."""
    if policy.EXTEND_BEYOND.allows(viewer, enrollment.offering.program):
        return None
    return enrollment.offering.last_day


def due_for_reminder(viewer: Actor, days: int) -> list[str]:
    """Ids of enrollments due within so many days that were not reminded of this date at that distance; for the timed job."""
    now = clock.now()
    near = Enrollment.objects.visible_to(viewer).filter(state="active", awaits_decision=False, due_at__gt=now)
    coming = near.filter(due_at__lte=now + timedelta(days=days)).values_list("pk", "due_at")
    told = set(Reminder.objects.filter(days__lte=days, enrollment__state="active").values_list("enrollment_id", "due_at"))
    return [pk for pk, due_at in coming if (pk, due_at) not in told] if viewer.is_system else []


def past_due(viewer: Actor) -> QuerySet[Enrollment]:
    """Active ones whose own date is over by an hour and more; for the timed job."""
    found = Enrollment.objects.visible_to(viewer).filter(state="active", awaits_decision=False)
    return found.filter(due_at__lt=clock.now() - timedelta(hours=1)) if viewer.is_system else found.none()


def reminder_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    run = Enrollment.objects.visible_to(viewer).select_related("person", "microcredential").get(pk=fact.subject_id)
    words = {
        "title": run.microcredential.title, "due": long_moment(run.due_at, ZoneInfo(run.zone)), "why": run.due_sentence,
        "days": fact.data["days"], "path": f"/portfolio/{run.pk}/",
    }  # fmt: skip
    return (Notice(fact.kind, run.person_id, run.person.name, run.person.email, words),)


def lapsed_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    run = Enrollment.objects.visible_to(viewer).select_related("person", "microcredential").get(pk=fact.subject_id)
    words = {"title": run.microcredential.title, "due": long_moment(run.due_at, ZoneInfo(run.zone)), "path": f"/portfolio/{run.pk}/time/"}
    return (Notice(fact.kind, run.person_id, run.person.name, run.person.email, words),)


def extension_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """To the educator, of the answer."""
    found = Extension.objects.visible_to(viewer).select_related("enrollment__person", "enrollment__microcredential").get(pk=fact.subject_id)
    run = found.enrollment
    words = {
        "title": run.microcredential.title, "until": long_date(found.until), "reason": found.reason,
        "due": long_moment(run.due_at, ZoneInfo(run.zone)), "path": f"/portfolio/{run.pk}/",
    }  # fmt: skip
    return (Notice(fact.kind, run.person_id, run.person.name, run.person.email, words),)
