"""Opening and assigning cases, scoring, stepping aside, and deciding with the last sheet. Not here: whether a submission is whole
(prechecks), on which days nobody scores (closed_days), an assessor's own sentences (comments)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from cairn.apps.assessment import events, policy, queries
from cairn.apps.assessment.models import Case, ClosedDay, Decision, Precheck, Score, ScoreSheet, TeamScore
from cairn.apps.assessment.states import CASE, ENDED, LEAD, MINERALS, READER, SHEET
from cairn.apps.catalog import queries as catalog
from cairn.apps.ledger.steps import record
from cairn.apps.people import queries as people
from cairn.apps.portfolio import queries as portfolio
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid, NotYet
from cairn.kernel.facts import Recorded
from cairn.kernel.text import clean
from cairn.pure.clocks import business_days_after, end_of_day
from cairn.pure.packs.model import VersionContent
from cairn.pure.rubrics import TEXT_LIMIT, Sheet, Split, check, decide

_NOTHING_TO_SCORE = Sheet("", ())  # everything that is open was scored with a team's first submission


@command
def open_case(*, actor: Actor, fact: Recorded) -> Case:
    """Consequence of a submission: the attempt becomes a case, with the levels that earlier attempts have settled."""
    submitted = portfolio.submitted(actor, fact.subject_id)
    existing = Case.objects.filter(submission_id=submitted.submission_id).first()
    if existing:
        return existing
    content = catalog.content(actor, submitted.version_id)
    days = content.scoring.decide_within_business_days
    case = Case.objects.create(
        submission_id=submitted.submission_id, enrollment_id=submitted.enrollment_id, person_id=submitted.person_id,
        version_id=submitted.version_id, microcredential_id=submitted.microcredential_id, program_id=submitted.program_id,
        organization_id=submitted.organization_id, issuer_id=submitted.issuer_id, attempt=submitted.attempt,
        open_details=list(submitted.open_details), carried=_carried(submitted.enrollment_id, submitted.open_details),
        due_at=_business_days(submitted.organization_id, fact.at, days),
    )  # fmt: skip
    record(events.OPENED, actor=actor, subject=case, thread=case.enrollment_id, organization=case.organization_id, attempt=case.attempt)
    if submitted.is_checked:
        CASE.move(case, to="checking")
        case.save(update_fields=["state"])
        due_at = _business_days(submitted.organization_id, fact.at, 1)
        check = Precheck.objects.create(case=case, program_id=case.program_id, person_id=case.person_id, due_at=due_at)
        record(events.CHECK_ASKED, actor=actor, subject=check, thread=case.enrollment_id, organization=case.organization_id, case=case.pk,
               due_at=due_at.isoformat())  # fmt: skip
    else:
        begin_scoring(actor, case, submitted, content)
    return case


def _business_days(organization_id: str, since: datetime, days: int) -> datetime:
    """The end of that business day, as the organization counts them."""
    zone = people.zone_of(None)
    closed = frozenset(ClosedDay.objects.filter(organization_id=organization_id).values_list("day", flat=True))
    return end_of_day(business_days_after(since.astimezone(zone).date(), days, closed), zone)


def begin_scoring(actor: Actor, case: Case, submitted: portfolio.Submitted, content: VersionContent) -> None:
    """What a team's first submission settles is taken from it; where that is everything, nobody need be asked."""
    _share(case, submitted)
    if not case.open_details:
        _decide_if_complete(actor, case, content)


def _share(case: Case, submitted: portfolio.Submitted) -> None:
    """What a team shows together is scored in the first case with the same evidence, and carried to the others; nobody scores it anew."""
    elsewhere: dict[str, str] = {}
    for detail, digest in sorted(submitted.together.items()):
        same = {"team_id": submitted.team_id, "detail": detail, "digest": digest}
        line, is_first = TeamScore.objects.get_or_create(**same, is_first=True, defaults={"case": case, "first": case})
        if not is_first:
            TeamScore.objects.create(**same, case=case, first_id=line.first_id)
            case.open_details.remove(detail)
            elsewhere[detail] = line.first_id
    # Locked, so that their decision sees this case, or this case sees their decision.
    firsts = Case.objects.filter(pk__in=elsewhere.values()).select_for_update(of=("self",)).order_by("pk")
    decided = {first.pk: Decision.objects.get(case=first).levels for first in firsts if first.state == "decided"}
    case.carried |= {detail: decided[first][detail] for detail, first in elsewhere.items() if first in decided}
    case.save(update_fields=["open_details", "carried"])


@command
def share_scores(*, actor: Actor, fact: Recorded) -> None:
    """Consequence of a decision: what was scored in it for a team counts for the members with the same evidence."""
    decision = Decision.objects.visible_to(actor).get_or_not_found(pk=fact.subject_id)
    lines = TeamScore.objects.visible_to(actor).filter(first=decision.case_id, is_first=False)
    for case_id in sorted(set(lines.values_list("case_id", flat=True))):
        case = Case.objects.visible_to(actor).locked(pk=case_id)
        if case.state != "decided":
            case.carried |= {line.detail: decision.levels[line.detail] for line in lines.filter(case=case)}
            case.save(update_fields=["carried"])
            _decide_if_complete(actor, case, catalog.content(actor, case.version_id))


def _carried(enrollment_id: str, open_details: Sequence[str]) -> dict[str, str]:
    before = Decision.objects.filter(enrollment_id=enrollment_id).order_by("-attempt").first()
    return {d: level for d, level in before.levels.items() if d not in open_details} if before else {}


@command
def tell_late(*, actor: Actor, case_id: str) -> Case:
    """Timed, once for a case: the day that its educator was told is over, and there is no decision."""
    case = Case.objects.visible_to(actor).locked(pk=case_id)
    if case.state not in ENDED and case.told_late_at is None and case.due_at < clock.now():
        case.told_late_at = clock.now()
        case.save(update_fields=["told_late_at"])
        record(events.LATE, actor=actor, subject=case, thread=case.enrollment_id, organization=case.organization_id,
               due_at=case.due_at.isoformat())  # fmt: skip
    return case


@command
def assign(*, actor: Actor, fact: Recorded) -> Case | None:
    """Consequence of an opened case, or of a reader stepping aside: find readers blind. NotYet while too few are free of conflict."""
    case = Case.objects.visible_to(actor).locked(pk=fact.subject_id if fact.kind == events.OPENED.kind else fact.data["case"])
    if case.state != "waiting" or not case.open_details:
        return None
    wanted = catalog.content(actor, case.version_id).scoring.assessors - _sheets(case, READER).count()
    free = queries.eligible(actor, case, READER)
    if len(free.persons) < wanted:
        raise NotYet("too-few-assessors", f"Needs {wanted} more readers, and {free.sentence}.", "Qualify another assessor.")
    for person_id in _pick(case, free, wanted):
        _give(actor, case, person_id, READER)
    CASE.move(case, to="scoring")
    case.save(update_fields=["state"])
    return case


@command
def assign_lead(*, actor: Actor, fact: Recorded) -> Case | None:
    """Consequence of a split, or of a lead stepping aside: find a lead assessor who scored neither. NotYet while there is none."""
    case = Case.objects.visible_to(actor).locked(pk=fact.subject_id if fact.kind == events.SPLIT.kind else fact.data["case"])
    if case.state != "split":
        return None
    free = queries.eligible(actor, case, LEAD)
    if not free.persons:
        raise NotYet("no-lead-assessor", f"Needs a lead assessor, and {free.sentence}.", "Give the role to another lead assessor.")
    _give(actor, case, _pick(case, free, 1)[0], LEAD)
    CASE.move(case, to="adjudicating")
    case.save(update_fields=["state"])
    return case


def _sheets(case: Case, kind: str) -> QuerySet[ScoreSheet]:
    return case.sheets.filter(kind=kind).exclude(state="stepped_aside")


def _pick(case: Case, free: queries.Eligible, wanted: int) -> list[str]:
    """Those who read the attempt before first, then those with the least open work; chance decides between equals."""
    before = set(ScoreSheet.objects.filter(case__enrollment_id=case.enrollment_id, state="locked").values_list("assessor_id", flat=True))
    order = sorted(free.persons, key=lambda p: (p not in before, free.open_sheets.get(p, 0), secrets.randbits(32)))
    return order[:wanted]


def _give(actor: Actor, case: Case, person_id: str, kind: str) -> None:
    zone = people.zone_of(person_id)
    half = max(1, catalog.content(actor, case.version_id).scoring.decide_within_business_days // 2)
    due_at = end_of_day(business_days_after(clock.today(zone), half), zone)
    sheet = ScoreSheet.objects.create(case=case, assessor_id=person_id, kind=kind, code_name=_code_name(), due_at=due_at)
    record(events.ASSIGNED, actor=actor, subject=sheet, thread=case.enrollment_id, organization=case.organization_id, case=case.pk,
           kind=kind, due_at=due_at.isoformat())  # fmt: skip


def _code_name() -> str:
    while True:
        name = f"{secrets.choice(MINERALS)} {secrets.randbelow(9000) + 1000}"
        if not ScoreSheet.objects.filter(code_name=name).exists():
            return name


def _locked_sheet(actor: Actor, sheet_id: str) -> ScoreSheet:
    """The actor's sheet with its case, the case locked first: two readers who lock at once wait for one another."""
    case_id = ScoreSheet.objects.visible_to(actor).get_or_not_found(pk=sheet_id).case_id
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    sheet = ScoreSheet.objects.visible_to(actor).locked(pk=sheet_id)
    sheet.case = case
    policy.SCORE.require(actor, sheet)
    return sheet


def _line_of(sheet: ScoreSheet, detail: str, content: VersionContent) -> Score:
    content.detail(detail)
    if detail not in sheet.case.open_details:
        raise Conflict("detail-not-open", f"Detail {detail} is not open in this attempt.", "Score only the open details.")
    score, _ = Score.objects.get_or_create(sheet=sheet, detail=detail)
    return score


def _cleaned(given: Mapping[str, str], content: VersionContent) -> dict[str, str]:
    """Fields of a line as they are kept: the level one of the rubric's, texts within their limit."""
    if given.get("level") and given["level"] not in queries.scale_of(content).levels:
        raise Invalid("level-unknown", "That is not a level of this rubric.", "Choose one of its levels.", {"level": "Choose a level."})
    texts = [name for name in ("rationale", "advice") if name in given]
    return {**given, **{name: clean(given[name], limit=TEXT_LIMIT, field=name, name=f"This {name}") for name in texts}}


def _keep(score: Score, values: Mapping[str, str]) -> Score:
    for name, value in values.items():
        setattr(score, name, value)
    score.revision, score.saved_at = score.revision + 1, clock.now()
    score.save()
    return score


def _stale() -> Conflict:
    return Conflict("changed-elsewhere", "This line was changed in another tab since you opened it here.",
                    "Compare the two, and keep the one you want.")  # fmt: skip


@command
def record_score(*, actor: Actor, sheet_id: str, detail: str, level: str, rationale: str, advice: str, revision: int) -> Score:
    """Save one line of the sheet over `revision`; Conflict where another was saved since."""
    sheet = _locked_sheet(actor, sheet_id)
    content = catalog.content(actor, sheet.case.version_id)
    score = _line_of(sheet, detail, content)
    values = _cleaned({"level": level, "rationale": rationale, "advice": advice}, content)
    if score.revision and all(getattr(score, name) == value for name, value in values.items()):
        return score
    if score.revision != revision:
        raise _stale()
    return _keep(score, values)


@command
def revise_score(*, actor: Actor, sheet_id: str, detail: str, values: Mapping[str, str], seen: Mapping[str, str]) -> Score:
    """Save the named fields of one line and leave the others; Conflict where one of them is no longer what the writer saw.

    `seen` holds each field's fingerprint (queries.fingerprint), since a page saves its fields one by one.
    """
    if not values or values.keys() - set(queries.FIELDS):
        raise Invalid("field-unknown", "A line has a level, a rationale and advice.", "Reload the page and try again.")
    sheet = _locked_sheet(actor, sheet_id)
    content = catalog.content(actor, sheet.case.version_id)
    score = _line_of(sheet, detail, content)
    changed = {name: value for name, value in _cleaned(values, content).items() if value != getattr(score, name)}
    if any(queries.fingerprint(getattr(score, name)) != seen.get(name) for name in changed):
        raise _stale()
    return _keep(score, changed) if changed else score


@command
def lock_sheet(*, actor: Actor, sheet_id: str) -> ScoreSheet:
    """Make the sheet final; the last sheet decides the case, or calls a lead assessor."""
    sheet = _locked_sheet(actor, sheet_id)
    case = sheet.case
    content = catalog.content(actor, case.version_id)
    problems = check(queries.marks(sheet), details=case.open_details, scale=queries.scale_of(content))
    if problems:
        raise Invalid("sheet-incomplete", "This sheet is not finished.", "See the list, and complete each line.",
                      {f"{p.detail}/{p.field}": f"Detail {p.detail}: {p.sentence}" for p in problems})  # fmt: skip
    SHEET.move(sheet, to="locked")
    sheet.locked_at = clock.now()
    sheet.save(update_fields=["state", "locked_at"])
    record(events.SCORED, actor=actor, subject=sheet, thread=case.enrollment_id, organization=case.organization_id, case=case.pk,
           kind=sheet.kind, hash=queries.sheet_hash(sheet), code_name=sheet.code_name, microcredential=case.microcredential_id)  # fmt: skip
    _decide_if_complete(actor, case, content)
    return sheet


def _decide_if_complete(actor: Actor, case: Case, content: VersionContent) -> None:
    readers = list(_sheets(case, READER).filter(state="locked").order_by("assigned_at", "pk"))
    lead = _sheets(case, LEAD).filter(state="locked").first()
    if (case.open_details and len(readers) < content.scoring.assessors) or queries.awaited(case):
        return
    sheets = [Sheet(s.pk, queries.marks(s)) for s in readers] if case.open_details else [_NOTHING_TO_SCORE]
    result = decide(
        sheets, details=case.open_details, scale=queries.scale_of(content),
        policy=queries.policy_of(content), carried=case.carried, adjudicated=Sheet(lead.pk, queries.marks(lead)) if lead else None,
    )  # fmt: skip
    if isinstance(result, Split):
        CASE.move(case, to="split")
        case.save(update_fields=["state"])
        record(events.SPLIT, actor=actor, subject=case, thread=case.enrollment_id, organization=case.organization_id,
               reasons=list(result.reasons), details=list(result.details))  # fmt: skip
        return
    outcome = "earned" if result.outcome == "earned" else "not_yet"
    counted = list(result.counted) if case.open_details else []
    decision = Decision.objects.create(
        case=case, enrollment_id=case.enrollment_id, person_id=case.person_id, version_id=case.version_id, attempt=case.attempt,
        outcome=outcome, levels=dict(result.levels), reopened=list(result.reopened), sheets=counted, trace=dict(result.trace),
    )  # fmt: skip
    CASE.move(case, to="decided")
    case.save(update_fields=["state"])
    record(events.DECIDED, actor=actor, subject=decision, thread=case.enrollment_id, organization=case.organization_id, outcome=outcome,
           submission=case.submission_id, attempt=case.attempt, levels=decision.levels, reopened=decision.reopened,
           sheets=decision.sheets, version=case.version_id)  # fmt: skip


@command
def step_aside(*, actor: Actor, sheet_id: str) -> ScoreSheet:
    """Give a case back, no questions asked. What was written is kept apart; somebody else is found."""
    sheet = _locked_sheet(actor, sheet_id)
    SHEET.move(sheet, to="stepped_aside")
    sheet.save(update_fields=["state"])
    _back_to(sheet.case, "split" if sheet.kind == LEAD else "waiting")
    record(events.STEPPED_ASIDE, actor=actor, subject=sheet, thread=sheet.case.enrollment_id, organization=sheet.case.organization_id,
           kind=sheet.kind, case=sheet.case_id)  # fmt: skip
    return sheet


def _back_to(case: Case, state: str) -> None:
    if case.state != state:  # the other reader may have stepped aside before
        CASE.move(case, to=state)
        case.save(update_fields=["state"])


@command
def release_sheets(*, actor: Actor, fact: Recorded) -> None:
    """Consequence of a role that ended: open sheets of whoever may no longer score them go to somebody else."""
    person = people.actor_of(fact.data["person"])
    _release(actor, Q(assessor_id=fact.data["person"]), lambda case, sheet: policy.still_qualified(person, case, sheet.kind))


@command
def release_tied_sheets(*, actor: Actor, fact: Recorded) -> None:
    """Consequence of a new tie: two persons became one, or somebody joined a group or coaches. Open sheets of theirs, and about them, go
    to somebody else where a tie stands against them."""
    person = fact.data.get("person", fact.subject_id)
    theirs = Q(assessor_id=person) | Q(case__person_id=person)
    _release(actor, theirs, lambda case, sheet: not queries.is_tied(case, sheet.assessor_id))


def _release(actor: Actor, which: Q, may_keep: Callable[[Case, ScoreSheet], bool]) -> None:
    open_sheets = ScoreSheet.objects.visible_to(actor).filter(which, state="open").order_by("pk")
    for sheet_id, case_id in open_sheets.values_list("pk", "case_id"):
        case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
        sheet = ScoreSheet.objects.visible_to(actor).locked(pk=sheet_id)
        if sheet.state != "open" or may_keep(case, sheet):
            continue
        SHEET.move(sheet, to="stepped_aside")
        sheet.save(update_fields=["state"])
        _back_to(case, "split" if sheet.kind == LEAD else "waiting")
        record(events.STEPPED_ASIDE, actor=actor, subject=sheet, thread=case.enrollment_id, organization=case.organization_id,
               kind=sheet.kind, case=case.pk)  # fmt: skip
