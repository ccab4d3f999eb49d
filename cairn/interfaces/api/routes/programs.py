"""Programs, for everybody; opening and closing offerings and seeing who is at work, for those who run one."""

from __future__ import annotations

from ninja import Query

from cairn.apps.catalog import queries as catalog
from cairn.apps.programs import commands
from cairn.apps.programs import queries as programs
from cairn.interfaces.api.frame import Request, Routes
from cairn.interfaces.api.paging import Page, Paging, page
from cairn.interfaces.api.shapes.base import Id, Slug
from cairn.interfaces.api.shapes.catalog import NewOffering, OfferingShown, ProgramShown, RunShown

routes = Routes("programs")


@routes.get("/programs", Page[ProgramShown])
def all_programs(request: Request, paging: Query[Paging]) -> Page[ProgramShown]:
    """Programs of this site."""
    return page(programs.programs(request.actor), ("title", "slug"), paging, ProgramShown.model_validate)


@routes.get("/programs/{slug}", ProgramShown)
def program(request: Request, slug: Slug) -> ProgramShown:
    """A program."""
    return ProgramShown.model_validate(programs.program(request.actor, slug))


@routes.get("/programs/{slug}/offerings", Page[OfferingShown])
def program_offerings(request: Request, slug: Slug, paging: Query[Paging]) -> Page[OfferingShown]:
    """Everything that a program offers or has offered, the latest first."""
    found = programs.offerings_in(request.actor, programs.program(request.actor, slug).pk)
    return page(found, ("-opens_on", "pk"), paging, OfferingShown.model_validate)


@routes.post("/programs/{slug}/offerings", OfferingShown, scope="organizations:write")
def offer(request: Request, slug: Slug, body: NewOffering) -> OfferingShown:
    """Open a micro-credential to educators."""
    line = catalog.microcredential(request.actor, body.microcredential).line
    offering = commands.offer(
        actor=request.actor, program_id=programs.program(request.actor, slug).pk, microcredential_id=line.id, kind=body.kind,
        opens_on=body.opens_on, last_day=body.last_day, days=body.days, is_listed=True,
    )  # fmt: skip
    return OfferingShown.model_validate(programs.offering(request.actor, offering.pk))


@routes.post("/offerings/{offering_id}/close", OfferingShown, scope="organizations:write", status=200)
def close_offering(request: Request, offering_id: Id) -> OfferingShown:
    """Take nobody new; whoever has begun goes on."""
    commands.close_offering(actor=request.actor, offering_id=offering_id)
    return OfferingShown.model_validate(programs.offering(request.actor, offering_id))


@routes.get("/programs/{slug}/enrollments", Page[RunShown], scope="organizations:read")
def program_enrollments(request: Request, slug: Slug, paging: Query[Paging]) -> Page[RunShown]:
    """Who is or was at work in a program, for those who run it, the latest first."""
    found = programs.enrollments_in(request.actor, programs.program(request.actor, slug))
    return page(found, ("-started_at", "pk"), paging, RunShown.model_validate)
