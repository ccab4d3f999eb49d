"""Reading cases: who may score, an assessor's queue and blind page, the lead's desk, the educator's feedback."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from cairn.apps.assessment import policy
from cairn.apps.assessment.models import Case, Decision, SavedComment, Score, ScoreSheet
from cairn.apps.assessment.states import LEAD, READER
from cairn.apps.catalog import queries as catalog
from cairn.apps.comms.queries import Notice
from cairn.apps.people import queries as people
from cairn.apps.portfolio import queries as portfolio
from cairn.apps.programs import queries as programs
from cairn.frame.actor import Actor, system
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, NotFound
from cairn.kernel.facts import Recorded
from cairn.pure.clocks import long_moment
from cairn.pure.packs.model import Detail, VersionContent
from cairn.pure.rubrics import Policy, Scale

_SYSTEM = system("assessment")  # reads on behalf of an assessor whose right was checked first


def scale_of(content: VersionContent) -> Scale:
    return Scale(tuple(level.key for level in content.rubric.levels), content.bar.key)


def policy_of(content: VersionContent) -> Policy:
    return Policy(str(content.decision.policy), tuple(str(t) for t in content.scoring.adjudicate_when), content.decision.cut)


# --- Who may score -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Eligible:
    """Persons free to take a case; how many are qualified at all, and what keeps the others away, in counts only."""

    persons: tuple[str, ...]
    qualified: int
    kept_away: Mapping[str, int]
    open_sheets: Mapping[str, int]

    @property
    def sentence(self) -> str:
        away = ", ".join(f"{n} {why}" for why, n in self.kept_away.items())
        return f"of {self.qualified} qualified, {len(self.persons)} are free" + (f" ({away})" if away else "")


def two_years_before(day: date) -> date:
    """24 months back; February 29 becomes February 28."""
    return day.replace(year=day.year - 2, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 2)


def eligible(viewer: Actor, case: Case, kind: str) -> Eligible:
    """Everyone who holds the role for the case and has no conflict with its educator. For the system, or about a case one sees."""
    role = "lead assessor" if kind == LEAD else "assessor"
    qualified = set(people.holders(_SYSTEM, role, {"microcredential": case.microcredential_id, "program": case.program_id,
                                                   "organization": case.organization_id}))  # fmt: skip
    qualified |= set(people.holders(_SYSTEM, role, {"organization": case.issuer_id}))
    reads_it = set(ScoreSheet.objects.filter(case=case).values_list("assessor_id", flat=True))
    settled = ScoreSheet.objects.filter(case__enrollment_id=case.enrollment_id, kind=LEAD, state="locked")
    reads_it |= set(settled.values_list("assessor_id", flat=True)) if kind == READER else set()
    pursuing = programs.pursuers(_SYSTEM, case.microcredential_id)
    ties = people.ties_of(_SYSTEM, [*qualified, case.person_id], two_years_before(clock.today(people.zone_of(None))))
    hers = ties[case.person_id]

    def why_not(person: str) -> str:
        if person == case.person_id:
            return "submitted it"
        if person in reads_it:
            return "scored it or gave it back"
        if ties[person].employers & hers.employers:
            return "shared an employer in the last 24 months"
        if ties[person].groups & hers.groups:
            return "shared a group in the last 24 months"
        return "earning it themselves" if person in pursuing else ""

    reasons = {person: why_not(person) for person in sorted(qualified)}
    free = tuple(person for person, why in reasons.items() if not why)
    load = ScoreSheet.objects.filter(assessor_id__in=free, state="open").values_list("assessor_id").annotate(n=Count("pk"))
    return Eligible(free, len(qualified), Counter(why for why in reasons.values() if why), dict(load))


# --- The assessor --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class QueueLine:
    """A sheet in the assessor's queue: a code name, what it is of, by when. Nothing about whose it is."""

    sheet_id: str
    code_name: str
    title: str
    slug: str
    number: str
    kind: str
    state: str
    attempt: int
    details: int
    done: int
    due_at: datetime
    locked_at: datetime | None

    @property
    def is_late(self) -> bool:
        return self.state == "open" and clock.now() > self.due_at


def queue(viewer: Actor) -> tuple[QueueLine, ...]:
    """Open sheets by due time, then the twenty locked last. Sheets for which the role has ended are not in it."""
    complete = Q(scores__level__gt="", scores__rationale__gt="")
    sheets = ScoreSheet.objects.visible_to(viewer).select_related("case__version__microcredential").annotate(
        done=Count("scores", filter=complete))  # fmt: skip
    mine = [s for s in sheets.filter(state="open").order_by("due_at") if policy.still_qualified(viewer, s.case, s.kind)]
    ended = [s for s in sheets.filter(state="locked").order_by("-locked_at")[:20] if policy.still_qualified(viewer, s.case, s.kind)]
    return tuple(_queue_line(s) for s in [*mine, *ended])


def _queue_line(sheet: ScoreSheet) -> QueueLine:
    mc = sheet.case.version.microcredential
    done: int = sheet.done  # type: ignore[attr-defined]
    return QueueLine(sheet.pk, sheet.code_name, mc.title, mc.slug, sheet.case.version.number, sheet.kind, sheet.state, sheet.case.attempt,
                     len(sheet.case.open_details), done, sheet.due_at, sheet.locked_at)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One outcome detail on a sheet, with what this assessor has said of it so far."""

    detail: Detail
    level: str
    rationale: str
    advice: str
    revision: int
    places: tuple[portfolio.EvidencePlace, ...]
    answers: tuple[portfolio.Answer, ...]  # writings that serve this detail

    @property
    def is_done(self) -> bool:
        return bool(self.level and self.rationale.strip())


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
    carried: Mapping[str, str]
    evidence: portfolio.Evidence

    def line(self, key: str) -> Line:
        found = next((line for line in self.lines if line.detail.key == key), None)
        if found is None:
            raise NotFound("detail")
        return found


def scoring(viewer: Actor, sheet_id: str) -> ScoringPage:
    sheet = _readable(viewer, sheet_id)
    evidence = portfolio.evidence(_SYSTEM, sheet.case.submission_id)
    scores = {s.detail: s for s in sheet.scores.all()}
    lines = tuple(_line(d, scores.get(d.key), evidence) for d in evidence.content.details if d.key in sheet.case.open_details)
    return ScoringPage(sheet.pk, sheet.code_name, sheet.kind, sheet.state, sheet.case.attempt, sheet.due_at, evidence.content, lines,
                       sheet.case.carried, evidence)  # fmt: skip


def _readable(viewer: Actor, sheet_id: str) -> ScoreSheet:
    sheet = ScoreSheet.objects.visible_to(viewer).select_related("case").get_or_not_found(pk=sheet_id)
    if not policy.READ_SHEET.allows(viewer, sheet):
        raise NotFound("score sheet")
    return sheet


def _line(detail: Detail, score: Score | None, evidence: portfolio.Evidence) -> Line:
    level, rationale, advice, revision = (score.level, score.rationale, score.advice, score.revision) if score else ("", "", "", 0)
    answers = tuple(a for a in evidence.answers if detail.key in a.prompt.serves)
    return Line(detail, level, rationale, advice, revision, evidence.places_for(detail.key), answers)


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


# --- The lead assessor ---------------------------------------------------------------------------------------------


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
    eligible: Eligible


@dataclass(frozen=True)
class Desk:
    waiting: tuple[WaitingCase, ...]
    scoring: int
    decided: int
    adjudicated: int


def desk(viewer: Actor) -> Desk:
    """What a lead assessor watches over."""
    cases = Case.objects.visible_to(viewer).select_related("version__microcredential")
    waiting = cases.filter(state__in=["waiting", "split"]).order_by("due_at")
    lines = tuple(
        WaitingCase(c.pk, c.version.microcredential.title, c.version.number, c.attempt, c.state, c.opened_at, c.due_at,
                    eligible(viewer, c, READER if c.state == "waiting" else LEAD))
        for c in waiting[:100]
    )  # fmt: skip
    settled = ScoreSheet.objects.filter(case__in=cases.filter(state="decided"), kind=LEAD, state="locked").count()
    return Desk(lines, cases.filter(state__in=["scoring", "adjudicating"]).count(), cases.filter(state="decided").count(), settled)


@dataclass(frozen=True)
class ComparedLine:
    detail: Detail
    own: Score
    first: Score
    second: Score

    @property
    def differs(self) -> bool:
        return len({self.own.level, self.first.level, self.second.level}) > 1


@dataclass(frozen=True)
class Comparison:
    """The lead's locked sheet beside the two readers', who stay nameless."""

    code_name: str
    content: VersionContent
    lines: tuple[ComparedLine, ...]
    outcome: str


def comparison(viewer: Actor, sheet_id: str) -> Comparison:
    """Refused until the lead's own sheet is locked."""
    sheet = _readable(viewer, sheet_id)
    if sheet.kind != LEAD:
        raise NotFound("comparison")
    if sheet.state != "locked":
        raise Conflict("lock-first", "The two sheets open once your own is locked, so that they cannot sway you.", "Finish and lock your sheet.")
    content = catalog.content(_SYSTEM, sheet.case.version_id)
    readers = list(ScoreSheet.objects.filter(case=sheet.case, kind=READER, state="locked").order_by("code_name"))
    by_detail = [{s.detail: s for s in each.scores.all()} for each in (sheet, *readers)]
    lines = tuple(ComparedLine(d, *(marks[d.key] for marks in by_detail)) for d in content.details if d.key in sheet.case.open_details)
    return Comparison(sheet.code_name, content, lines, Decision.objects.get(case=sheet.case).outcome)


# --- The educator --------------------------------------------------------------------------------------------------


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
    said = Score.objects.filter(sheet_id__in=decision.sheets).order_by("sheet__code_name")
    details = tuple(_detail_feedback(d, decision, [s for s in said if s.detail == d.key]) for d in content.details)
    lead = ScoreSheet.objects.filter(pk__in=decision.sheets, kind=LEAD).exists()
    return Feedback(decision.pk, decision.attempt, decision.outcome, decision.decided_at, content, details, len(decision.sheets), lead)


def _detail_feedback(detail: Detail, decision: Decision, said: list[Score]) -> DetailFeedback:
    voices = tuple(Voice(s.rationale, s.advice, s.level) for s in said)
    return DetailFeedback(detail, decision.levels[detail.key], detail.key not in decision.reopened, detail.key in decision.case.carried, voices)


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


def case_state(viewer: Actor, submission_id: str) -> tuple[str, datetime] | None:
    """For the educator: where their submitted attempt stands, and by when it is to be decided."""
    own = Case.objects.filter(submission_id=submission_id, person_id=viewer.person_id).values_list("state", "due_at").first()
    return own if viewer.person_id else None


# --- Notices -------------------------------------------------------------------------------------------------------


def assigned_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    sheet = ScoreSheet.objects.visible_to(viewer).select_related("case__version__microcredential", "assessor").get(pk=fact.subject_id)
    due = long_moment(sheet.due_at, people.zone_of(sheet.assessor_id))
    words = {"code_name": sheet.code_name, "title": sheet.case.version.microcredential.title, "due": due, "path": f"/scoring/{sheet.pk}/",
             "is_lead": sheet.kind == LEAD, "details": len(sheet.case.open_details)}  # fmt: skip
    return (Notice(fact.kind, sheet.assessor_id, sheet.assessor.name, sheet.assessor.email, words),)


def decided_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    decision = Decision.objects.visible_to(viewer).select_related("person", "version__microcredential").get(pk=fact.subject_id)
    words = {"title": decision.version.microcredential.title, "earned": decision.outcome == "earned", "open": len(decision.reopened),
             "path": f"/portfolio/{decision.enrollment_id}/feedback/"}  # fmt: skip
    return (Notice(fact.kind, decision.person_id, decision.person.name, decision.person.email, words),)
