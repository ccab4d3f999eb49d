"""Reading a program's research log. Not here: how it looks, and the table that leaves (web)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from cairn.apps.programs import policy
from cairn.apps.programs.models import Program, ResearchEntry, taking_part
from cairn.apps.programs.states import RESEARCH_KINDS
from cairn.frame.actor import Actor
from cairn.kernel.errors import NotFound


@dataclass(frozen=True)
class ResearchLog:
    """What a program's log tells the viewer: entries of `kind`, or of all, the latest day first; and how many of each kind there are."""

    viewer: Actor
    program: Program
    kind: str
    entries: QuerySet[ResearchEntry]
    counts: dict[str, int]
    may_add: bool
    may_run: bool

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def may_change(self, entry: ResearchEntry) -> bool:
        return self.may_run or entry.person_id == self.viewer.person_id


def research_log(viewer: Actor, slug: str, kind: str = "") -> ResearchLog:
    """For those who run the program or take part in it; for everybody else there is no such page."""
    program = Program.objects.visible_to(viewer).select_related("organization").get_or_not_found(slug=slug)
    if not may_read_research(viewer, program):
        raise NotFound("page")
    found = ResearchEntry.objects.visible_to(viewer).filter(program=program)
    counted = dict(found.order_by().values_list("kind").annotate(Count("pk")))
    kind = kind if kind in RESEARCH_KINDS else ""
    shown = found.filter(kind=kind) if kind else found
    return ResearchLog(
        viewer, program, kind, shown.select_related("person").order_by("-day", "-entered_at", "pk"),
        {each: counted.get(each, 0) for each in RESEARCH_KINDS}, policy.ADD_RESEARCH.allows(viewer, program),
        policy.RUN_PROGRAM.allows(viewer, program),
    )  # fmt: skip


def may_read_research(viewer: Actor, program: Program) -> bool:
    if policy.RUN_PROGRAM.allows(viewer, program):
        return True
    return bool(viewer.person_id) and taking_part(viewer).filter(offering__program=program).exists()


def research_entry(viewer: Actor, program: Program, research_id: str) -> ResearchEntry:
    """One that the viewer may change; for everybody else there is no such page."""
    entry = ResearchEntry.objects.visible_to(viewer).select_related("program").filter(program=program).get_or_not_found(pk=research_id)
    if not policy.CHANGE_RESEARCH.allows(viewer, entry):
        raise NotFound("page")
    return entry
