"""Organizations, for everybody; who may do what there, who works there and who works together, for those who manage it."""

from __future__ import annotations

from typing import Any

from ninja import Query

from cairn.apps.catalog import queries as catalog
from cairn.apps.people import commands, policy
from cairn.apps.people import queries as people
from cairn.apps.programs import queries as programs
from cairn.interfaces.api.frame import Request, Routes
from cairn.interfaces.api.paging import Page, Paging, page, part
from cairn.interfaces.api.problems import Problem
from cairn.interfaces.api.shapes.base import Id, Slug
from cairn.interfaces.api.shapes.people import (
    AffiliationShown,
    GroupShown,
    HeldShown,
    LastDay,
    NewAffiliation,
    NewGroup,
    NewMember,
    NewOrganization,
    NewRole,
    OrganizationShown,
)
from cairn.kernel import clock
from cairn.kernel.errors import NotFound

routes = Routes("organizations")
ORGANIZATION = "/organizations/{slug}"
GROUP = ORGANIZATION + "/groups/{group_id}"


@routes.get(ORGANIZATION, OrganizationShown)
def organization(request: Request, slug: Slug) -> OrganizationShown:
    """What anyone may know of an organization."""
    return OrganizationShown.model_validate(people.organization(request.actor, slug))


@routes.post("/organizations", OrganizationShown, scope="operations:write")
def found_organization(request: Request, body: NewOrganization) -> OrganizationShown:
    """Enter an organization; the same slug again answers with the one that is there."""
    parent = people.organization(request.actor, body.parent).pk if body.parent else None
    founded = commands.found_organization(
        actor=request.actor, slug=body.slug, name=body.name, kind=body.kind, parent_id=parent, jurisdiction=body.jurisdiction,
        website=body.website,
    )  # fmt: skip
    return OrganizationShown.model_validate(founded)


def _managed(request: Request, slug: str) -> Any:
    """For those who manage its people; for everybody else there is nothing here."""
    found = people.organization(request.actor, slug)
    if not policy.MANAGE_PEOPLE.allows(request.actor, found):
        raise NotFound("organization")
    return found


def _person_id(request: Request, email: str) -> str:
    person = people.person_by_email(request.actor, email)
    if person is None:
        words = "Nobody here signs in with this address."
        raise Problem(422, "address-unknown", words, "Ask them to make an account with it first.", {"email": words})
    return str(person.pk)


# --- Roles ---------------------------------------------------------------------------------------------------------


@routes.get(ORGANIZATION + "/roles", Page[HeldShown], scope="organizations:read")
def roles(request: Request, slug: Slug, paging: Query[Paging]) -> Page[HeldShown]:
    """Every role held under the organization, with its holder."""
    found = people.roles_in(request.actor, _managed(request, slug).pk).select_related("organization")
    return page(found, ("person__name", "role", "pk"), paging, HeldShown.model_validate)


@routes.post(ORGANIZATION + "/roles", HeldShown, scope="organizations:write")
def give_role(request: Request, slug: Slug, body: NewRole) -> HeldShown:
    """Give a role; giving one that is held answers with it."""
    org = _managed(request, slug)
    grant = commands.grant_role(
        actor=request.actor, person_id=_person_id(request, body.email), role=body.role, organization_id=org.pk, scope=body.scope,
        scope_id=body.scope_id or "", scope_name=_scope_name(request, org, body),
    )  # fmt: skip
    return HeldShown.model_validate(people.role(request.actor, grant.pk))


def _scope_name(request: Request, org: Any, body: NewRole) -> str:
    """What the role holds in is the organization, one of its programs, or one of its micro-credentials."""
    if body.scope == "organization":
        return str(org.name)
    runs = programs.programs(request.actor).filter(organization_id=org.pk)
    found = (runs if body.scope == "program" else catalog.microcredentials_of(request.actor, org.pk)).filter(pk=body.scope_id).first()
    if found is None:
        raise NotFound(body.scope)
    return str(found.title)


@routes.delete(ORGANIZATION + "/roles/{grant_id}", scope="organizations:write")
def end_role(request: Request, slug: Slug, grant_id: Id) -> None:
    """Take a role away; it is gone with its holder's next request."""
    grant = people.role(request.actor, grant_id)
    if grant.organization_id != _managed(request, slug).pk:
        raise NotFound("role")
    commands.end_role(actor=request.actor, grant_id=grant_id)


# --- Where people work ---------------------------------------------------------------------------------------------


@routes.get(ORGANIZATION + "/affiliations", Page[AffiliationShown], scope="organizations:read")
def affiliations(request: Request, slug: Slug, paging: Query[Paging]) -> Page[AffiliationShown]:
    """Who works or worked here."""
    found = people.affiliations_in(request.actor, _managed(request, slug).pk)
    return page(found, ("person__name", "started_on", "pk"), paging, AffiliationShown.model_validate)


@routes.post(ORGANIZATION + "/affiliations", AffiliationShown, scope="organizations:write")
def affiliate(request: Request, slug: Slug, body: NewAffiliation) -> AffiliationShown:
    """Enter somebody who works here."""
    org = _managed(request, slug)
    made = commands.affiliate(
        actor=request.actor, person_id=_person_id(request, body.email), organization_id=org.pk, title=body.title,
        started_on=body.started_on, ended_on=body.ended_on,
    )  # fmt: skip
    return AffiliationShown.model_validate(people.affiliation(request.actor, made.pk))


@routes.put(ORGANIZATION + "/affiliations/{affiliation_id}", AffiliationShown, scope="organizations:write")
def end_affiliation(request: Request, slug: Slug, affiliation_id: Id, body: LastDay) -> AffiliationShown:
    """Enter or correct somebody's last day here."""
    if people.affiliation(request.actor, affiliation_id).organization_id != _managed(request, slug).pk:
        raise NotFound("affiliation")
    commands.end_affiliation(actor=request.actor, affiliation_id=affiliation_id, ended_on=body.ended_on)
    return AffiliationShown.model_validate(people.affiliation(request.actor, affiliation_id))


# --- Groups --------------------------------------------------------------------------------------------------------


@routes.get(ORGANIZATION + "/groups", Page[GroupShown], scope="organizations:read")
def groups(request: Request, slug: Slug, paging: Query[Paging]) -> Page[GroupShown]:
    """Groups of the organization, with who is in them now."""
    found = people.groups_in(request.actor, _managed(request, slug).pk)
    return part(found, ("group.name", "group.pk"), paging, GroupShown.model_validate)


@routes.post(ORGANIZATION + "/groups", GroupShown, scope="organizations:write")
def form_group(request: Request, slug: Slug, body: NewGroup) -> GroupShown:
    """Form a group."""
    org = _managed(request, slug)
    made = commands.form_group(actor=request.actor, organization_id=org.pk, name=body.name, kind=body.kind)
    return _group(request, org, made.pk)


def _group(request: Request, org: Any, group_id: str) -> GroupShown:
    return GroupShown.model_validate(people.group_in(request.actor, org.pk, group_id))


@routes.get(GROUP, GroupShown, scope="organizations:read")
def group(request: Request, slug: Slug, group_id: Id) -> GroupShown:
    """One group."""
    return _group(request, _managed(request, slug), group_id)


@routes.post(GROUP + "/members", GroupShown, scope="organizations:write")
def join_group(request: Request, slug: Slug, group_id: Id, body: NewMember) -> GroupShown:
    """Put somebody into a group, from today."""
    org = _managed(request, slug)
    _group(request, org, group_id)
    today, person_id = clock.today(people.zone_of(request.actor.person_id)), _person_id(request, body.email)
    commands.join_group(actor=request.actor, group_id=group_id, person_id=person_id, joined_on=today)
    return _group(request, org, group_id)


@routes.delete(GROUP + "/members/{person_id}", scope="organizations:write")
def leave_group(request: Request, slug: Slug, group_id: Id, person_id: Id) -> None:
    """Take somebody out of a group; for two years more they still do not score one another."""
    _group(request, _managed(request, slug), group_id)
    today = clock.today(people.zone_of(request.actor.person_id))
    commands.leave_group(actor=request.actor, group_id=group_id, person_id=person_id, left_on=today)
