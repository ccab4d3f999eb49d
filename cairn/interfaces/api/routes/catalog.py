"""What can be earned, read by anyone; versions that are still written, by their issuer's authors and admins."""

from __future__ import annotations

from ninja import Query

from cairn.apps.catalog import queries as catalog
from cairn.apps.programs import queries as programs
from cairn.interfaces.api.frame import Request, Routes
from cairn.interfaces.api.paging import Page, Paging, page
from cairn.interfaces.api.shapes.base import Number, Slug
from cairn.interfaces.api.shapes.catalog import (
    CatalogAsked,
    MicrocredentialLine,
    MicrocredentialShown,
    OfferingShown,
    StackPageShown,
    StackShown,
)

routes = Routes("catalog")


@routes.get("/catalog", Page[MicrocredentialLine])
def find(request: Request, asked: Query[CatalogAsked], paging: Query[Paging]) -> Page[MicrocredentialLine]:
    """Micro-credentials by their slugs: all, or those in which every word occurs and everything chosen holds."""
    search = catalog.Search(asked.q.strip(), asked.audience, asked.stage, asked.framework, asked.availability)
    offered: dict[str, set[str]] = {}
    for row in programs.offerings(request.actor, catalog.published(request.actor)):
        offered.setdefault(row.microcredential_id, set()).add(row.kind)
    rows = page(catalog.matching(request.actor, search, offered), ("slug",), paging, lambda row: row)
    return Page(items=[MicrocredentialLine.model_validate(line) for line in catalog.lines(request.actor, rows.items)], next=rows.next)


@routes.get("/catalog/{slug}", MicrocredentialShown)
def microcredential(request: Request, slug: Slug) -> MicrocredentialShown:
    """A micro-credential at the version in force."""
    return MicrocredentialShown.model_validate(catalog.microcredential(request.actor, slug))


@routes.get("/catalog/{slug}/versions/{number}", MicrocredentialShown)
def version(request: Request, slug: Slug, number: Number) -> MicrocredentialShown:
    """A micro-credential at one of its versions."""
    return MicrocredentialShown.model_validate(catalog.microcredential(request.actor, slug, number))


@routes.get("/catalog/{slug}/offerings", Page[OfferingShown])
def offerings(request: Request, slug: Slug, paging: Query[Paging]) -> Page[OfferingShown]:
    """Where it can be begun today."""
    line = catalog.microcredential(request.actor, slug).line
    found = programs.offerings(request.actor, [line.id]).select_related("microcredential")
    return page(found, ("-kind", "opens_on", "pk"), paging, OfferingShown.model_validate)


@routes.get("/stacks", Page[StackShown])
def stacks(request: Request, paging: Query[Paging]) -> Page[StackShown]:
    """Micro-credentials that belong together."""
    return page(catalog.stacks(request.actor), ("order", "slug"), paging, StackShown.model_validate)


@routes.get("/stacks/{slug}", StackPageShown)
def stack(request: Request, slug: Slug) -> StackPageShown:
    """A stack with its micro-credentials in order."""
    return StackPageShown.model_validate(catalog.stack(request.actor, slug))
