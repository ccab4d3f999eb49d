"""Whom to tell of what happens to a case, and in which words. Not here: writing and sending letters (comms)."""

from __future__ import annotations

from cairn.apps.assessment.models import Case, Decision, Precheck, ScoreSheet
from cairn.apps.assessment.states import LEAD
from cairn.apps.comms.queries import Notice
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.kernel.facts import Recorded
from cairn.pure.clocks import long_date, long_moment


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


def returned_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """The educator, with what is missing."""
    check = Precheck.objects.visible_to(viewer).select_related("person", "case__version__microcredential").get(pk=fact.subject_id)
    words = {"title": check.case.version.microcredential.title, "missing": check.missing,
             "path": f"/portfolio/{check.case.enrollment_id}/"}  # fmt: skip
    return (Notice(fact.kind, check.person_id, check.person.name, check.person.email, words),)


def late_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """The educator whose decision takes longer than was said."""
    case = Case.objects.visible_to(viewer).select_related("person", "version__microcredential").get(pk=fact.subject_id)
    words = {"title": case.version.microcredential.title, "due": long_date(case.due_at.astimezone(people.zone_of(None)).date()),
             "path": f"/portfolio/{case.enrollment_id}/"}  # fmt: skip
    return (Notice(fact.kind, case.person_id, case.person.name, case.person.email, words),)
