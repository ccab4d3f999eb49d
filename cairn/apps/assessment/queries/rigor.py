"""How a decision came about, for whoever must rely on it: sheets by code name, how far they agree. No assessor and no word is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cairn.apps.assessment.models import Decision, ScoreSheet
from cairn.apps.assessment.states import LEAD
from cairn.apps.catalog import queries as catalog
from cairn.frame.actor import Actor


@dataclass(frozen=True)
class LockedSheet:
    code_name: str
    locked_at: datetime


@dataclass(frozen=True)
class Rigor:
    """`alike`, `adjacent` and `apart`: details that the readers put on one level, on neighboring ones, two or more levels apart."""

    submission_id: str
    attempt: int
    outcome: str
    decided_at: datetime
    number: str  # of the version and its rubric
    scored: int
    carried: int
    readers: tuple[LockedSheet, ...]
    lead: LockedSheet | None
    alike: tuple[str, ...]
    adjacent: tuple[str, ...]
    apart: tuple[str, ...]


def rigor(viewer: Actor, decision_id: str) -> Rigor:
    """For the system: whoever asks on somebody's behalf asks first whether they may."""
    decision = Decision.objects.visible_to(viewer).select_related("case", "version").get_or_not_found(pk=decision_id)
    sheets = list(ScoreSheet.objects.filter(case=decision.case, state="locked").prefetch_related("scores").order_by("code_name"))
    readers = [sheet for sheet in sheets if sheet.kind != LEAD]
    lead = next((sheet for sheet in sheets if sheet.kind == LEAD), None)
    ranks = {level.key: level.rank for level in catalog.content(viewer, decision.version_id).rubric.levels}
    told: dict[str, list[int]] = {}
    for score in (score for sheet in readers for score in sheet.scores.all() if score.level):
        told.setdefault(score.detail, []).append(ranks[score.level])
    gaps = {detail: max(levels) - min(levels) for detail, levels in told.items()}
    same, near, far = (tuple(sorted(d for d, gap in gaps.items() if min(gap, 2) == wide)) for wide in range(3))
    return Rigor(
        decision.case.submission_id, decision.attempt, decision.outcome, decision.decided_at, decision.version.number, len(told),
        len(decision.levels) - len(told), tuple(_locked(sheet) for sheet in readers), _locked(lead) if lead else None, same, near, far,
    )  # fmt: skip


def _locked(sheet: ScoreSheet) -> LockedSheet:
    assert sheet.locked_at is not None
    return LockedSheet(sheet.code_name, sheet.locked_at)
