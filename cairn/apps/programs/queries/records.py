"""Reading what was run before, and the runs of today, as figures need them. Not here: the figures (reports)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from cairn.apps.programs import policy
from cairn.apps.programs.models import Enrollment, Program, ProgramRecord, Registration
from cairn.frame.actor import Actor
from cairn.kernel.errors import NotFound


@dataclass(frozen=True)
class Run:
    """An enrollment without its person's name: `route` is the origin of its micro-credential, `zone` that of the person's calendar."""

    id: str
    person_id: str
    route: str
    state: str
    started_at: datetime
    ended_at: datetime | None
    zone: str


def may_run(viewer: Actor, program: Program) -> bool:
    return policy.RUN_PROGRAM.allows(viewer, program)


def require_run(viewer: Actor, program: Program) -> None:
    """NotFound to whoever does not run the program."""
    if not may_run(viewer, program):
        raise NotFound("page")


def run_program(viewer: Actor, slug: str) -> Program:
    """A program, for those who run it."""
    found = Program.objects.visible_to(viewer).select_related("organization").get_or_not_found(slug=slug)
    require_run(viewer, found)
    return found


def records_in(viewer: Actor, program: Program) -> QuerySet[ProgramRecord]:
    require_run(viewer, program)
    return ProgramRecord.objects.visible_to(viewer).filter(program=program).order_by("source", "code")


def record_lists(viewer: Actor, program: Program) -> list[tuple[str, int]]:
    """The lists that were entered, with how many lines each has."""
    counted = records_in(viewer, program).order_by("source").values_list("source").annotate(lines=Count("pk"))
    return list(counted)


def runs_in(viewer: Actor, program: Program) -> Iterator[Run]:
    require_run(viewer, program)
    names = ("id", "person_id", "microcredential__origin", "state", "started_at", "ended_at", "zone")
    runs = Enrollment.objects.visible_to(viewer).filter(offering__program=program).order_by("started_at", "pk")
    return (Run(*row) for row in runs.values_list(*names))


def reasons_in(viewer: Actor, program: Program) -> list[tuple[str, int]]:
    """Why people gave up their seats, as often as each reason was chosen; who left a line had not begun."""
    require_run(viewer, program)
    left = Registration.objects.visible_to(viewer).filter(offering__program=program, state="left", seated_at__isnull=False)
    left = left.exclude(reason="")
    return list(left.order_by("reason").values_list("reason").annotate(times=Count("pk")))
