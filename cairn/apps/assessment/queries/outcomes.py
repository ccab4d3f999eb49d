"""What a case came to: the educator's feedback, and the award that credentials needs. No assessor is named in either."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cairn.apps.assessment.models import Case, Decision, Score, ScoreSheet
from cairn.apps.assessment.queries.sheets import elsewhere
from cairn.apps.assessment.states import ENDED, LEAD
from cairn.apps.catalog import queries as catalog
from cairn.apps.programs import queries as programs
from cairn.frame.actor import Actor, system
from cairn.pure.packs.model import Detail, VersionContent

_SYSTEM = system("assessment")


@dataclass(frozen=True)
class Voice:
    """What one counted sheet says of a detail."""

    rationale: str
    advice: str
    level: str


@dataclass(frozen=True)
class DetailFeedback:
    detail: Detail
    level: str
    is_shown: bool
    is_carried: bool
    is_together: bool  # scored with the team's first submission
    voices: tuple[Voice, ...]


@dataclass(frozen=True)
class Feedback:
    decision_id: str
    attempt: int
    outcome: str
    decided_at: datetime
    content: VersionContent
    details: tuple[DetailFeedback, ...]
    readers: int
    is_adjudicated: bool

    @property
    def not_yet(self) -> tuple[DetailFeedback, ...]:
        return tuple(d for d in self.details if not d.is_shown)

    @property
    def shown(self) -> tuple[DetailFeedback, ...]:
        return tuple(d for d in self.details if d.is_shown)


def feedback(viewer: Actor, enrollment_id: str) -> tuple[Feedback, ...]:
    """What the assessors said of each decided attempt, the latest first, for the educator; no assessor is named."""
    found = Decision.objects.visible_to(viewer).filter(enrollment_id=enrollment_id, person_id=viewer.person_id)
    return tuple(_feedback(d) for d in found.select_related("case").order_by("-attempt"))


def _feedback(decision: Decision) -> Feedback:
    content = catalog.content(_SYSTEM, decision.version_id)
    said = list(Score.objects.filter(sheet_id__in=decision.sheets).order_by("sheet__code_name"))
    shared = _said_of_team(decision.case)
    details = tuple(_detail_feedback(d, decision, shared.get(d.key, [s for s in said if s.detail == d.key]), d.key in shared)
                    for d in content.details)  # fmt: skip
    lead = ScoreSheet.objects.filter(pk__in=decision.sheets, kind=LEAD).exists()
    return Feedback(decision.pk, decision.attempt, decision.outcome, decision.decided_at, content, details, len(decision.sheets), lead)


def _said_of_team(case: Case) -> dict[str, list[Score]]:
    """What was said of details that were scored with a team's first submission, by detail."""
    found = {}
    for line in elsewhere(case):
        sheets = Decision.objects.get(case=line.first_id).sheets
        found[line.detail] = list(Score.objects.filter(sheet_id__in=sheets, detail=line.detail).order_by("sheet__code_name"))
    return found


def _detail_feedback(detail: Detail, decision: Decision, said: list[Score], is_together: bool) -> DetailFeedback:
    voices = tuple(Voice(s.rationale, s.advice, s.level) for s in said)
    shown, carried = detail.key not in decision.reopened, detail.key in decision.case.carried and not is_together
    return DetailFeedback(detail, decision.levels[detail.key], shown, carried, is_together, voices)


@dataclass(frozen=True)
class Award:
    """An earned decision as credentials needs it."""

    decision_id: str
    enrollment_id: str
    person_id: str
    version_id: str
    outcome: str
    levels: Mapping[str, str]
    readers: int
    decided_at: datetime


def award(viewer: Actor, decision_id: str) -> Award:
    """For the system: the decision behind a credential."""
    d = Decision.objects.visible_to(viewer).get_or_not_found(pk=decision_id)
    return Award(d.pk, d.enrollment_id, d.person_id, d.version_id, d.outcome, d.levels, len(d.sheets), d.decided_at)


def decisions_due(viewer: Actor, offering: programs.Offering) -> dict[str, datetime]:
    """By enrollment, when what is with the assessors is to be decided; to those who run the program. Who scores is not told."""
    programs.require_runner(viewer, offering)
    found = Case.objects.filter(enrollment__offering=offering).exclude(state__in=ENDED)
    return dict(found.order_by("attempt").values_list("enrollment_id", "due_at"))


def case_state(viewer: Actor, submission_id: str) -> tuple[str, datetime] | None:
    """For the educator: where their submitted attempt stands, and by when it is to be decided."""
    own = Case.objects.filter(submission_id=submission_id, person_id=viewer.person_id).values_list("state", "due_at").first()
    return own if viewer.person_id else None


def submitted_moments(viewer: Actor, decision_ids: Iterable[str]) -> dict[str, datetime]:
    """For the system: by decision, when the attempt was submitted that it is about."""
    found = Decision.objects.visible_to(viewer).filter(pk__in=list(decision_ids)) if viewer.is_system else Decision.objects.none()
    return {pk: at for pk, at in found.values_list("pk", "case__submission__submitted_at") if at}
