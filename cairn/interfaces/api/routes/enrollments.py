"""An educator's run at a micro-credential: beginning, what is missing, submitting, feedback, leaving."""

from __future__ import annotations

from ninja import Query

from cairn.apps.assessment import queries as assessment
from cairn.apps.credentials import queries as credentials
from cairn.apps.portfolio import commands
from cairn.apps.portfolio import queries as portfolio
from cairn.apps.programs import commands as running
from cairn.apps.programs import queries as programs
from cairn.interfaces.api.frame import Request, Routes
from cairn.interfaces.api.paging import Page, Paging, page, part
from cairn.interfaces.api.shapes.base import Id
from cairn.interfaces.api.shapes.learning import (
    AttemptShown,
    CheckShown,
    EnrollmentShown,
    FeedbackShown,
    GapShown,
    NameShown,
    NewEnrollment,
    WorkShown,
)

routes = Routes("enrollments")


@routes.post("/enrollments", EnrollmentShown, scope="portfolio:write")
def enroll(request: Request, body: NewEnrollment) -> EnrollmentShown:
    """Begin; whoever is at it already gets the enrollment that runs."""
    begun = running.enroll(actor=request.actor, offering_id=body.offering)
    return EnrollmentShown.model_validate(programs.my_enrollment(request.actor, begun.pk))


@routes.get("/enrollments", Page[EnrollmentShown], scope="portfolio:read")
def enrollments(request: Request, paging: Query[Paging]) -> Page[EnrollmentShown]:
    """One's own, the latest first."""
    return page(programs.my_enrollments(request.actor), ("-started_at", "pk"), paging, EnrollmentShown.model_validate)


@routes.get("/enrollments/{enrollment_id}", WorkShown, scope="portfolio:read")
def enrollment(request: Request, enrollment_id: Id) -> WorkShown:
    """One's own work at its latest attempt: parts, writing, files, citations, and what is still missing."""
    work = portfolio.workspace(request.actor, enrollment_id)
    case = assessment.case_state(request.actor, work.submission.pk) if work.submission else None
    earned = credentials.credential_of(request.actor, enrollment_id)
    more = {"decision_due_at": case[1] if case else None, "credential": earned.pk if earned else None}
    return WorkShown.model_validate(work).model_copy(update=more)


@routes.get("/enrollments/{enrollment_id}/check", CheckShown, scope="portfolio:read")
def check(request: Request, enrollment_id: Id) -> CheckShown:
    """What is missing, names that would tell whose it is, and details that would be read again unchanged."""
    work = portfolio.workspace(request.actor, enrollment_id)
    names = portfolio.names_told(request.actor, work) if work.is_draft else ()
    unchanged = portfolio.unchanged_details(request.actor, work) if work.is_draft else ()
    return CheckShown(
        may_submit=work.is_draft and not work.is_late and not work.gaps, gaps=[GapShown.model_validate(gap) for gap in work.gaps],
        names=[NameShown.model_validate(name) for name in names], unchanged=list(unchanged),
    )  # fmt: skip


@routes.post("/enrollments/{enrollment_id}/submit", AttemptShown, scope="portfolio:write", status=200)
def submit(request: Request, enrollment_id: Id) -> AttemptShown:
    """Freeze the attempt and hand it to the assessors."""
    return AttemptShown.model_validate(commands.submit(actor=request.actor, enrollment_id=enrollment_id))


@routes.get("/enrollments/{enrollment_id}/attempts", Page[AttemptShown], scope="portfolio:read")
def attempts(request: Request, enrollment_id: Id, paging: Query[Paging]) -> Page[AttemptShown]:
    """Every attempt, the first first."""
    run = programs.my_enrollment(request.actor, enrollment_id)
    return page(portfolio.attempts(request.actor, run.pk), ("attempt",), paging, AttemptShown.model_validate)


@routes.get("/enrollments/{enrollment_id}/feedback", Page[FeedbackShown], scope="portfolio:read")
def feedback(request: Request, enrollment_id: Id, paging: Query[Paging]) -> Page[FeedbackShown]:
    """What the assessors said of each decided attempt, the first first."""
    run = programs.my_enrollment(request.actor, enrollment_id)
    return part(assessment.feedback(request.actor, run.pk), ("attempt",), paging, FeedbackShown.model_validate)


@routes.post("/enrollments/{enrollment_id}/withdraw", EnrollmentShown, scope="portfolio:write", status=200)
def withdraw(request: Request, enrollment_id: Id) -> EnrollmentShown:
    """Leave; nothing of it is scored."""
    running.withdraw(actor=request.actor, enrollment_id=enrollment_id)
    return EnrollmentShown.model_validate(programs.my_enrollment(request.actor, enrollment_id))
