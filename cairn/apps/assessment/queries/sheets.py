"""What an assessor reads: the queue, one sheet with its evidence, whether a file is theirs to open. There is no identity in any of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import rfc8785
from django.db.models import Count, Q, QuerySet

from cairn.apps.assessment import policy
from cairn.apps.assessment.models import Case, SavedComment, Score, ScoreSheet, TeamScore
from cairn.apps.assessment.states import LEAD
from cairn.apps.portfolio import queries as portfolio
from cairn.frame.actor import Actor, system
from cairn.kernel import clock
from cairn.kernel.errors import NotFound
from cairn.pure.packs.model import Detail, DetailLevel, Level, VersionContent
from cairn.pure.rubrics import Mark, Policy, Problem, Scale, check

_SYSTEM = system("assessment")  # reads on behalf of an assessor whose right was checked first
FIELDS = ("level", "rationale", "advice")  # what a line holds
SOON = timedelta(days=3)


def scale_of(content: VersionContent) -> Scale:
    return Scale(tuple(level.key for level in content.rubric.levels), content.bar.key)


def policy_of(content: VersionContent) -> Policy:
    return Policy(str(content.decision.policy), tuple(str(t) for t in content.scoring.adjudicate_when), content.decision.cut)


# --- The queue -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class QueueLine:
    """A sheet in the assessor's queue: a code name, what it is of, by when. Nothing about whose it is."""

    sheet_id: str
    code_name: str
    microcredential: Any  # catalog's, with its stack
    number: str
    kind: str
    state: str
    attempt: int
    details: int
    done: int
    due_at: datetime
    locked_at: datetime | None

    @property
    def title(self) -> str:
        return str(self.microcredential.title)

    @property
    def left(self) -> int:
        return self.details - self.done

    @property
    def is_lead(self) -> bool:
        return self.kind == LEAD

    @property
    def is_late(self) -> bool:
        return self.state == "open" and clock.now() > self.due_at

    @property
    def is_soon(self) -> bool:
        return self.state == "open" and clock.now() <= self.due_at < clock.now() + SOON


@dataclass(frozen=True)
class QueuePage:
    """Open sheets by due time, then the twenty locked last; `locked_so_far` counts them all."""

    waiting: tuple[QueueLine, ...]
    locked: tuple[QueueLine, ...]
    locked_so_far: int

    @property
    def first(self) -> QueueLine | None:
        return self.waiting[0] if self.waiting else None

    @property
    def details_left(self) -> int:
        return sum(line.left for line in self.waiting)


def queue(viewer: Actor) -> tuple[QueueLine, ...]:
    """Open sheets by due time, then the twenty locked last. Sheets for which the role has ended are not in it."""
    complete = Q(scores__level__gt="", scores__rationale__gt="")
    of = "case__version__microcredential__stack"
    sheets = ScoreSheet.objects.visible_to(viewer).select_related(of).defer("case__version__content").annotate(
        done=Count("scores", filter=complete))  # fmt: skip
    waiting = sheets.filter(state="open").order_by("due_at", "code_name")  # code names are drawn by lot: equals stand in no telling order
    mine = [s for s in waiting if policy.still_qualified(viewer, s.case, s.kind)]
    ended = [s for s in sheets.filter(state="locked").order_by("-locked_at")[:20] if policy.still_qualified(viewer, s.case, s.kind)]
    return tuple(_queue_line(s) for s in [*mine, *ended])


def _queue_line(sheet: ScoreSheet) -> QueueLine:
    version = sheet.case.version
    done: int = sheet.done  # type: ignore[attr-defined]
    return QueueLine(sheet.pk, sheet.code_name, version.microcredential, version.number, sheet.kind, sheet.state, sheet.case.attempt,
                     len(sheet.case.open_details), done, sheet.due_at, sheet.locked_at)  # fmt: skip


def queue_page(viewer: Actor) -> QueuePage:
    """For whoever holds a scoring role; there is no such page for others."""
    if not (viewer.holds("assessor") or viewer.holds("lead assessor")):
        raise NotFound("page")
    lines = queue(viewer)
    locked = ScoreSheet.objects.visible_to(viewer).filter(state="locked").count()
    return QueuePage(tuple(n for n in lines if n.state == "open"), tuple(n for n in lines if n.state == "locked"), locked)


# --- One sheet -----------------------------------------------------------------------------------------------------


def fingerprint(text: str) -> str:
    """Stands for the words that a page was opened with, so that a save can tell whether another changed them since."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def marks(sheet: ScoreSheet) -> tuple[Mark, ...]:
    """What a sheet says, by detail."""
    return tuple(Mark(s.detail, s.level, s.rationale, s.advice) for s in sorted(sheet.scores.all(), key=lambda score: score.detail))


def sheet_hash(sheet: ScoreSheet) -> str:
    """SHA-256 of all that a sheet says, in hex: recorded when it is locked."""
    return hashlib.sha256(rfc8785.dumps([[m.detail, m.level, m.rationale, m.advice] for m in marks(sheet)])).hexdigest()


@dataclass(frozen=True)
class Line:
    """One outcome detail on a sheet, with what this assessor has said of it so far, and what it lacks."""

    detail: Detail
    level: str
    rationale: str
    advice: str
    revision: int
    problems: tuple[Problem, ...]
    places: tuple[portfolio.EvidencePlace, ...]
    answers: tuple[portfolio.Answer, ...]  # writings that serve this detail

    @property
    def is_done(self) -> bool:
        return not self.problems

    @property
    def chosen(self) -> DetailLevel | None:
        return self.detail.at(self.level) if self.level else None

    @property
    def versions(self) -> Mapping[str, str]:
        """Of each field, what a save must know of it."""
        return {field: fingerprint(getattr(self, field)) for field in FIELDS}


@dataclass(frozen=True)
class ScoringPage:
    """Everything an assessor reads to score one sheet; there is no identity in it."""

    sheet_id: str
    code_name: str
    kind: str
    state: str
    attempt: int
    due_at: datetime
    content: VersionContent
    lines: tuple[Line, ...]  # open details only
    carried: Mapping[str, str]  # from this educator's earlier attempts
    elsewhere: tuple[Detail, ...]  # scored with the first submission that has the same evidence
    evidence: portfolio.Evidence

    def line(self, key: str) -> Line:
        found = next((line for line in self.lines if line.detail.key == key), None)
        if found is None:
            raise NotFound("detail")
        return found

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @property
    def is_lead(self) -> bool:
        return self.kind == LEAD

    @property
    def unfinished(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if not line.is_done)

    @property
    def settled(self) -> tuple[tuple[Detail, Level], ...]:
        """Details that an earlier attempt has shown, with their levels."""
        return tuple((d, self.content.rubric.level(self.carried[d.key])) for d in self.content.details if d.key in self.carried)

    def before(self, key: str) -> Line | None:
        place = self.lines.index(self.line(key))
        return self.lines[place - 1] if place else None

    def after(self, key: str) -> Line | None:
        place = self.lines.index(self.line(key)) + 1
        return self.lines[place] if place < len(self.lines) else None


def scoring(viewer: Actor, sheet_id: str) -> ScoringPage:
    sheet = readable(viewer, sheet_id)
    evidence = portfolio.evidence(_SYSTEM, sheet.case.submission_id)
    scores = {s.detail: s for s in sheet.scores.all()}
    lines = tuple(_line(d, scores.get(d.key), evidence) for d in evidence.content.details if d.key in sheet.case.open_details)
    shared = set(elsewhere(sheet.case).values_list("detail", flat=True))
    carried = {detail: level for detail, level in sheet.case.carried.items() if detail not in shared}
    return ScoringPage(sheet.pk, sheet.code_name, sheet.kind, sheet.state, sheet.case.attempt, sheet.due_at, evidence.content, lines,
                       carried, tuple(d for d in evidence.content.details if d.key in shared), evidence)  # fmt: skip


def elsewhere(case: Case) -> QuerySet[TeamScore]:
    """Details of the case that are scored with a team's first submission."""
    return TeamScore.objects.filter(case=case, is_first=False)


def awaited(case: Case) -> bool:
    """Whether one of them is not decided yet."""
    return elsewhere(case).exclude(detail__in=case.carried).exists()


def readable(viewer: Actor, sheet_id: str) -> ScoreSheet:
    """The viewer's own sheet with its case, while they hold the role for it; NotFound otherwise."""
    sheet = ScoreSheet.objects.visible_to(viewer).select_related("case").get_or_not_found(pk=sheet_id)
    if not policy.READ_SHEET.allows(viewer, sheet):
        raise NotFound("score sheet")
    return sheet


def _line(detail: Detail, score: Score | None, evidence: portfolio.Evidence) -> Line:
    level, rationale, advice, revision = (score.level, score.rationale, score.advice, score.revision) if score else ("", "", "", 0)
    problems = check([Mark(detail.key, level, rationale, advice)], details=[detail.key], scale=scale_of(evidence.content))
    answers = tuple(a for a in evidence.answers if detail.key in a.prompt.serves)
    return Line(detail, level, rationale, advice, revision, problems, evidence.places_for(detail.key), answers)


def score(viewer: Actor, sheet_id: str, detail: str) -> Score | None:
    """What is saved now of one line: for the tab that came too late."""
    return Score.objects.visible_to(viewer).filter(sheet_id=sheet_id, detail=detail).first()


def may_open_file(viewer: Actor, artifact_id: str) -> portfolio.EvidenceFile:
    """The file, for an assessor with a sheet on the attempt that shows it; NotFound for anyone else. Asked again at each range request."""
    submissions = portfolio.submissions_with(_SYSTEM, artifact_id)
    for sheet in ScoreSheet.objects.visible_to(viewer).filter(case__submission_id__in=submissions).select_related("case"):
        if policy.READ_SHEET.allows(viewer, sheet):
            files = portfolio.evidence(_SYSTEM, sheet.case.submission_id).files
            return next(f for f in files if f.artifact_id == artifact_id)
    raise NotFound("file")


def comments(viewer: Actor) -> tuple[SavedComment, ...]:
    return tuple(SavedComment.objects.visible_to(viewer).order_by("text"))
