"""Looking whether a submission is whole before assessors are asked: passing it on, or giving it back.

Not here: whether it is good (scoring).
"""

from __future__ import annotations

from cairn.apps.assessment import events, policy
from cairn.apps.assessment.commands.scoring import begin_scoring
from cairn.apps.assessment.models import Case, Precheck
from cairn.apps.assessment.states import CASE, PRECHECK
from cairn.apps.catalog import queries as catalog
from cairn.apps.ledger.steps import record
from cairn.apps.portfolio import queries as portfolio
from cairn.frame.actor import Actor, system
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Invalid
from cairn.kernel.text import clean

_SYSTEM = system("assessment")
_LONGEST = 1000


@command
def pass_check(*, actor: Actor, check_id: str) -> Precheck:
    """It is whole: assessors are found for it."""
    check = _locked(actor, check_id)
    _settle(actor, check, "passed")
    case = check.case
    CASE.move(case, to="waiting")
    case.save(update_fields=["state"])
    record(events.CHECKED, actor=actor, subject=check, thread=case.enrollment_id, organization=case.organization_id, case=case.pk)
    begin_scoring(actor, case, portfolio.submitted(_SYSTEM, case.submission_id), catalog.content(_SYSTEM, case.version_id))
    return check


@command
def return_incomplete(*, actor: Actor, check_id: str, missing: str) -> Precheck:
    """Something is missing: the educator gets it back to complete, and the attempt is not used up."""
    missing = " ".join(clean(missing, limit=_LONGEST, field="missing", name="This").split())
    if not missing:
        raise Invalid("missing-unsaid", "The educator needs to know what is missing.", "Say it in a sentence or two.",
                      {"missing": "Say what is missing."})  # fmt: skip
    check = _locked(actor, check_id)
    check.missing = missing
    _settle(actor, check, "returned")
    case = check.case
    CASE.move(case, to="returned")
    case.save(update_fields=["state"])
    record(events.RETURNED, actor=actor, subject=check, thread=case.enrollment_id, organization=case.organization_id, case=case.pk,
           submission=case.submission_id, missing=missing)  # fmt: skip
    return check


def _locked(actor: Actor, check_id: str) -> Precheck:
    """The pre-check with its case, the case locked first, as everywhere."""
    case_id = Precheck.objects.visible_to(actor).get_or_not_found(pk=check_id).case_id
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    check = Precheck.objects.visible_to(actor).select_related("program").locked(pk=check_id)
    check.case = case
    policy.CHECK.require(actor, check)
    return check


def _settle(actor: Actor, check: Precheck, to: str) -> None:
    PRECHECK.move(check, to=to)
    check.settled_at, check.by_id = clock.now(), actor.person_id
    check.save(update_fields=["state", "settled_at", "by", "missing"])
