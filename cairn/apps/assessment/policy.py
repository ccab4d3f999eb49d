"""Who may score what, and when."""

from __future__ import annotations

from typing import Any

from cairn.apps.assessment.states import LEAD
from cairn.apps.people.policy import admin_of
from cairn.apps.programs.policy import runs_it
from cairn.frame.actor import Actor
from cairn.frame.policy import Action
from cairn.kernel.errors import Conflict, Forbidden


def its_assessor(actor: Actor, sheet: Any) -> None:
    """the assessor to whom the sheet was given, while they hold the role for it"""
    if sheet.assessor_id != actor.person_id or not still_qualified(actor, sheet.case, sheet.kind):
        raise Forbidden("not-your-sheet", "This sheet is not yours to score.", "Go back to your queue.")


def still_qualified(actor: Actor, case: Any, kind: str) -> bool:
    role = "lead assessor" if kind == LEAD else "assessor"
    by_organization = actor.scopes(role, "organization") & {case.organization_id, case.issuer_id}
    return bool(by_organization) or actor.holds(role, program=case.program_id, microcredential=case.microcredential_id)


def open_sheet(actor: Actor, sheet: Any) -> None:
    """the sheet is open"""
    if sheet.state != "open":
        raise Conflict("sheet-locked", "This sheet is locked, so it can no longer change.", "Go back to your queue.")


def runs_programs(actor: Actor, organization: Any) -> None:
    """a coordinator or an admin of the organization, an operator, or the system"""
    if not actor.holds("coordinator", organization=organization.pk):
        admin_of(actor, organization)


def runs_its_program(actor: Actor, check: Any) -> None:
    """whoever runs the program, but for work of their own"""
    runs_it(actor, check.program)
    if check.person_id == actor.person_id:
        raise Forbidden("own-work", "This is your own work.", "Let somebody else of the program look at it.")


def still_to_check(actor: Actor, check: Any) -> None:
    """nobody has settled it"""
    if check.state != "open":
        raise Conflict("check-settled", "Somebody has looked at this already.", "Go back to the list.")


CHECK = Action("assessment.check", "Say whether a submission is whole", who=(runs_its_program,), when=(still_to_check,))
CLOSE_DAYS = Action("assessment.close-days", "Say on which weekdays nobody scores", who=(runs_programs,))
SCORE = Action("assessment.score", "Score, lock or give back one's own sheet", who=(its_assessor,), when=(open_sheet,))
READ_SHEET = Action("assessment.read-sheet", "Read the evidence of a sheet and one's own scores", who=(its_assessor,))
