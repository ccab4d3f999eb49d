"""The rules of all states, read by anyone: what they ask for, from when, in which exact words; and what a micro-credential counts for."""

from __future__ import annotations

from ninja import Query

from cairn.apps.catalog import queries as catalog
from cairn.apps.licensure import queries as licensure
from cairn.apps.licensure.queries.schedules import shipped_schedule, shipped_schedules
from cairn.interfaces.api.frame import Request, Routes
from cairn.interfaces.api.paging import Page, Paging, part
from cairn.interfaces.api.shapes.base import Slug
from cairn.interfaces.api.shapes.rules import (
    Country,
    JurisdictionShown,
    RulesAsked,
    RuleSetShown,
    ScheduleShown,
    State,
    WhereAsked,
    WorthPageShown,
)
from cairn.kernel.errors import Invalid, NotFound

routes = Routes("rules")


@routes.get("/jurisdictions", Page[JurisdictionShown])
def jurisdictions(request: Request, paging: Query[Paging]) -> Page[JurisdictionShown]:
    """States whose rules are here, with their types of licenses."""
    return part(licensure.jurisdictions(), ("code",), paging, JurisdictionShown.model_validate)


@routes.get("/jurisdictions/{country}/{code}", JurisdictionShown)
def jurisdiction(request: Request, country: Country, code: State) -> JurisdictionShown:
    """One state."""
    return JurisdictionShown.model_validate(licensure.jurisdiction(f"{country}/{code}"))


@routes.get("/rules", Page[RuleSetShown])
def rule_sets(request: Request, asked: Query[RulesAsked], paging: Query[Paging]) -> Page[RuleSetShown]:
    """Routes to licenses and to their renewal, each with its versions and their hashes."""
    found = [each for each in licensure.book().rules.values() if asked.jurisdiction in ("", each.jurisdiction.code)]
    return part(found, ("slug",), paging, RuleSetShown.model_validate)


@routes.get("/rules/{country}/{code}/{slug}", RuleSetShown)
def rule_set(request: Request, country: Country, code: State, slug: Slug) -> RuleSetShown:
    """One route."""
    return RuleSetShown.model_validate(licensure.rule_set(f"{country}/{code}/{slug}"))


@routes.get("/schedules", Page[ScheduleShown])
def schedules(request: Request, asked: Query[RulesAsked], paging: Query[Paging]) -> Page[ScheduleShown]:
    """What recognizers give: points, hours, credit, pay."""
    found = [each for each in shipped_schedules() if asked.jurisdiction in ("", each.jurisdiction.code)]
    return part(found, ("slug",), paging, ScheduleShown.model_validate)


@routes.get("/schedules/{country}/{code}/{slug}", ScheduleShown)
def schedule(request: Request, country: Country, code: State, slug: Slug) -> ScheduleShown:
    """One schedule."""
    found, _ = shipped_schedule(f"{country}/{code}/schedules/{slug}")
    return ScheduleShown.model_validate(found)


@routes.get("/catalog/{slug}/worth", WorthPageShown)
def worth(request: Request, slug: Slug, asked: Query[WhereAsked]) -> WorthPageShown:
    """What a micro-credential counts for in one jurisdiction, as its page says it."""
    line = catalog.microcredential(request.actor, slug).line
    code = asked.where or licensure.where_i_work(request.actor)
    if not code:
        raise Invalid("where-missing", "It is not known where you work.", "Add ?where=us/mo, or another.", {"where": "Name one."})
    found = licensure.worth(request.actor, [line.id], code)
    if found is None:
        raise NotFound("jurisdiction")
    return WorthPageShown.model_validate(found).model_copy(update={"microcredential": line.slug})
