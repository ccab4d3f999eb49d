"""Licenses: for oneself where they stand, record, plans and claims; for councils and officers what waits for them and what was signed.

Read only: a vote is cast and a decision signed on pages, which show whoever decides what it rests on.
"""

from __future__ import annotations

import json

from ninja import Query

from cairn.apps.licensure import queries as licensure
from cairn.apps.licensure.queries import claims as claiming
from cairn.apps.licensure.queries import officers
from cairn.apps.licensure.queries.claims import Waiting
from cairn.interfaces.api.frame import Request, Routes
from cairn.interfaces.api.paging import Page, Paging, page, part
from cairn.interfaces.api.shapes.base import Id
from cairn.interfaces.api.shapes.licensing import (
    ApplicationPageShown,
    ApplicationShown,
    ClaimShown,
    DeterminationShown,
    EntryShown,
    GrowthPlanShown,
    LicensePlanShown,
    LicenseShown,
    OddityShown,
    OfficerDeterminationShown,
    PlanAsked,
    StandingShown,
    WaitingClaimShown,
)
from cairn.pure.rules import Standing, to_json

routes = Routes("licensing")
OWN, BEFORE_ME = "licenses:read", "decisions:read"


# --- Oneself ----------------------------------------------------------------------------------------------------------


@routes.get("/me/licenses", Page[LicenseShown], scope=OWN)
def my_licenses(request: Request, paging: Query[Paging]) -> Page[LicenseShown]:
    """One's own licenses, the first first."""
    held = licensure.licenses_of(request.actor, str(request.actor.person_id))
    return part([licensure.line(each) for each in held], ("valid_from", "id"), paging, LicenseShown.model_validate)


@routes.get("/me/record", Page[EntryShown], scope=OWN)
def my_record(request: Request, paging: Query[Paging]) -> Page[EntryShown]:
    """Everything that rules may count, the latest first; what is not confirmed or was taken back too."""
    found = licensure.entries_of(request.actor, str(request.actor.person_id))
    return page(found, ("-on", "-entered_at", "pk"), paging, EntryShown.model_validate)


@routes.get("/me/growth-plans", Page[GrowthPlanShown], scope=OWN)
def my_growth_plans(request: Request, paging: Query[Paging]) -> Page[GrowthPlanShown]:
    """One's own growth plans with their goals, the latest first."""
    return page(licensure.plans_of(request.actor), ("-starts_on", "pk"), paging, GrowthPlanShown.model_validate)


@routes.get("/me/claims", Page[ClaimShown], scope=OWN)
def my_claims(request: Request, paging: Query[Paging]) -> Page[ClaimShown]:
    """What one has claimed from recognizers, the latest first."""
    return page(claiming.my_claims(request.actor), ("-begun_at", "-pk"), paging, ClaimShown.model_validate)


@routes.get("/me/applications", Page[ApplicationShown], scope=OWN)
def my_applications(request: Request, paging: Query[Paging]) -> Page[ApplicationShown]:
    """What one has asked a state to decide."""
    return part(licensure.my_applications(request.actor), ("asked_at", "pk"), paging, ApplicationShown.model_validate)


# --- A license, for its educator and the officers whom they asked --------------------------------------------------------


@routes.get("/licenses/{license_id}", LicenseShown, scope=OWN)
def one_license(request: Request, license_id: Id) -> LicenseShown:
    """A license of one's own, or of an educator who asks one's office to decide."""
    return LicenseShown.model_validate(licensure.line(licensure.license(request.actor, license_id)))


@routes.get("/licenses/{license_id}/standings", Page[StandingShown], scope=OWN)
def standings(request: Request, license_id: Id, paging: Query[Paging]) -> Page[StandingShown]:
    """Where it stands today on each route that leads on from it or renews it."""
    found = licensure.license_page(request.actor, license_id).routes
    return part(found, ("route.slug",), paging, lambda known: _standing(license_id, known.standing))


def _standing(license_id: str, found: Standing) -> StandingShown:
    route, told = licensure.rule_set(found.rules), json.loads(to_json(found))
    own = {"license": license_id, "route": route.slug, "title": route.title, "notice": route.notice, "tree": told["root"]}
    return StandingShown.model_validate(told | own)


@routes.get("/licenses/{license_id}/plan", LicensePlanShown, scope=OWN)
def license_plan(request: Request, license_id: Id, asked: Query[PlanAsked]) -> LicensePlanShown:
    """What one has planned for it, and the shortest set of offered micro-credentials that gets as far as any."""
    licensure.own_license(request.actor, license_id)
    found = licensure.plan_page(request.actor, license_id, asked.route)
    slugs = {each.microcredential.id: each.microcredential.slug for each in found.offered}
    return LicensePlanShown(
        license=license_id, route=found.now.route.slug, now=found.now.standing.state, then=found.then.state,
        planned=[slugs[each] for each in found.chosen], proposed=[each.slug for each in found.proposed],
        helping=[each.microcredential.slug for each in found.helping],
    )  # fmt: skip


# --- Councils and officers ------------------------------------------------------------------------------------------------


@routes.get("/claims/waiting", Page[WaitingClaimShown], scope=BEFORE_ME)
def waiting_claims(request: Request, paging: Query[Paging]) -> Page[WaitingClaimShown]:
    """Claims on which one may vote as a member of a council, the earliest due first."""
    found = [each for each in claiming.desk(request.actor).waiting if each.claim]
    return part(found, ("claim.due_on", "claim.pk"), paging, _waiting)


def _waiting(each: Waiting) -> WaitingClaimShown:
    return WaitingClaimShown.model_validate(each.claim).model_copy(update={"my_vote": each.my_vote, "is_late": each.is_late})


@routes.get("/applications", Page[ApplicationShown], scope=BEFORE_ME)
def applications(request: Request, paging: Query[Paging]) -> Page[ApplicationShown]:
    """What educators have asked the offices in which one is a licensing officer, the latest first; what is decided too."""
    return page(officers.applications_at(request.actor), ("-asked_at", "pk"), paging, ApplicationShown.model_validate)


@routes.get("/applications/{application_id}", ApplicationPageShown, scope=BEFORE_ME)
def one_application(request: Request, application_id: Id) -> ApplicationPageShown:
    """For the authority's officers, and for whoever asked."""
    found = licensure.application(request.actor, application_id)
    license_id, made = found.application.license_id, found.determination
    return ApplicationPageShown(
        application=ApplicationShown.model_validate(found.application), asked=_standing(license_id, found.asked.standing),
        now=_standing(license_id, found.now.standing),
        oddities=[OddityShown(about=about, words=words, remedy=remedy) for about, words, remedy in found.oddities],
        determination=DeterminationShown.model_validate(made) if made else None,
    )  # fmt: skip


@routes.get("/determinations", Page[OfficerDeterminationShown], scope=BEFORE_ME)
def determinations(request: Request, paging: Query[Paging]) -> Page[OfficerDeterminationShown]:
    """What was signed in the offices in which one is a licensing officer, the latest first."""
    return page(officers.determinations_at(request.actor), ("-signed_at", "pk"), paging, OfficerDeterminationShown.model_validate)
