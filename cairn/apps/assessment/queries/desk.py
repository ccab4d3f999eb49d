"""What a lead assessor watches over: cases that wait, and the two sheets beside the own one that settled a split."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from cairn.apps.assessment.models import Case, ClosedDay, Decision, Score, ScoreSheet
from cairn.apps.assessment.queries.conflicts import Eligible, eligible
from cairn.apps.assessment.queries.sheets import QueueLine, queue, readable
from cairn.apps.assessment.states import ENDED, LEAD, READER
from cairn.apps.catalog import queries as catalog
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor, system
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, NotFound
from cairn.pure.packs.model import Detail, Level, VersionContent

_SYSTEM = system("assessment")


@dataclass(frozen=True)
class WaitingCase:
    """A case that waits for readers or a lead, and why in counts. Not whose it is: the lead may be asked to score it."""

    case_id: str
    title: str
    number: str
    attempt: int
    state: str
    since: datetime
    due_at: datetime
    wanted: int
    eligible: Eligible


@dataclass(frozen=True)
class Desk:
    own: tuple[QueueLine, ...]  # splits that this lead settles: open ones first
    waiting: tuple[WaitingCase, ...]
    scoring: int
    settling: int
    decided: int
    adjudicated: int

    @property
    def to_settle(self) -> tuple[QueueLine, ...]:
        return tuple(line for line in self.own if line.state == "open")

    @property
    def settled(self) -> tuple[QueueLine, ...]:
        return tuple(line for line in self.own if line.state == "locked")


def desk(viewer: Actor) -> Desk:
    """For lead assessors; there is no such page for others."""
    if not viewer.holds("lead assessor"):
        raise NotFound("page")
    cases = Case.objects.visible_to(viewer).select_related("version__microcredential").defer("version__content")
    waiting = cases.filter(state__in=["waiting", "split"]).exclude(open_details=[]).order_by("due_at", "pk")
    settled = ScoreSheet.objects.filter(case__in=cases.filter(state="decided"), kind=LEAD, state="locked").count()
    return Desk(
        tuple(line for line in queue(viewer) if line.is_lead), tuple(_waiting(viewer, case) for case in waiting[:100]),
        cases.filter(state="scoring").count(), cases.filter(state="adjudicating").count(), cases.filter(state="decided").count(), settled,
    )  # fmt: skip


def _waiting(viewer: Actor, case: Case) -> WaitingCase:
    given = case.sheets.filter(kind=READER).exclude(state="stepped_aside").count()
    kind, wanted = (READER, catalog.content(_SYSTEM, case.version_id).scoring.assessors - given) if case.state == "waiting" else (LEAD, 1)
    return WaitingCase(case.pk, case.version.microcredential.title, case.version.number, case.attempt, case.state, case.opened_at,
                       case.due_at, wanted, eligible(viewer, case, kind))  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What one sheet says of a detail; not who says it."""

    level: Level
    rationale: str
    advice: str


@dataclass(frozen=True)
class ComparedLine:
    """A detail as the lead and each reader scored it."""

    detail: Detail
    own: Said
    readers: tuple[Said, ...]

    @property
    def differs(self) -> bool:
        return len({self.own.level.key, *(said.level.key for said in self.readers)}) > 1


@dataclass(frozen=True)
class Comparison:
    """The lead's locked sheet beside the readers', who stay nameless."""

    sheet_id: str
    code_name: str
    content: VersionContent
    lines: tuple[ComparedLine, ...]
    outcome: str
    decided_at: datetime

    @property
    def apart(self) -> tuple[ComparedLine, ...]:
        return tuple(line for line in self.lines if line.differs)

    @property
    def alike(self) -> tuple[ComparedLine, ...]:
        return tuple(line for line in self.lines if not line.differs)


def comparison(viewer: Actor, sheet_id: str) -> Comparison:
    """Refused until the lead's own sheet is locked."""
    sheet = readable(viewer, sheet_id)
    if sheet.kind != LEAD:
        raise NotFound("comparison")
    if sheet.state != "locked":
        why = "The two sheets open once your own is locked, so that they cannot sway you."
        raise Conflict("lock-first", why, "Finish and lock your sheet.")
    content = catalog.content(_SYSTEM, sheet.case.version_id)
    readers = ScoreSheet.objects.filter(case=sheet.case, kind=READER, state="locked").order_by("code_name")
    own, *others = ({s.detail: _said(s, content) for s in each.scores.all()} for each in (sheet, *readers))
    lines = tuple(
        ComparedLine(d, own[d.key], tuple(other[d.key] for other in others)) for d in content.details if d.key in sheet.case.open_details
    )
    decision = Decision.objects.get(case=sheet.case)
    return Comparison(sheet.pk, sheet.code_name, content, lines, decision.outcome, decision.decided_at)


def _said(score: Score, content: VersionContent) -> Said:
    return Said(content.rubric.level(score.level), score.rationale, score.advice)


def late_cases(viewer: Actor) -> list[str]:
    """Ids of cases that are not decided though the day is over that their educators were told, and who have not heard of it."""
    open_ = Case.objects.visible_to(viewer).exclude(state__in=ENDED).filter(due_at__lt=clock.now(), told_late_at=None)
    return list(open_.order_by("due_at").values_list("pk", flat=True)) if viewer.is_system else []


def closed_days(viewer: Actor, organization_id: str) -> QuerySet[ClosedDay]:
    """Those of an organization that are still to come, and of the month past."""
    recent = clock.today(people.zone_of(None)) - timedelta(days=31)
    return ClosedDay.objects.visible_to(viewer).filter(organization_id=organization_id, day__gte=recent).order_by("day")
