"""Giving and ending roles."""

from __future__ import annotations

from cairn.apps.ledger.steps import record
from cairn.apps.people import events, policy
from cairn.apps.people.models import Organization, Person, RoleGrant
from cairn.apps.people.states import ROLES, SCOPES
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Invalid, NotFound


@command
def grant_role(
    *, actor: Actor, person_id: str, role: str, organization_id: str, scope: str = "organization", scope_id: str = "", scope_name: str = ""
) -> RoleGrant:
    """Give a role; giving one that is held answers with the grant that is there. The caller names things above people."""
    organization = Organization.objects.locked(pk=organization_id)
    policy.MANAGE_PEOPLE.require(actor, organization)
    if role not in ROLES or scope not in SCOPES:
        raise Invalid("role-unknown", "There is no such role or scope.", f"Roles: {', '.join(ROLES)}. Scopes: {', '.join(SCOPES)}.")
    if role == "operator":
        policy.FOUND_ORGANIZATION.require(actor, None)
    if not Person.objects.filter(pk=person_id, merged_into=None).exists():
        raise NotFound("person")
    scope_id, scope_name = (organization.pk, organization.name) if scope == "organization" else (scope_id, scope_name)
    held = RoleGrant.objects.current().filter(person_id=person_id, role=role, scope=scope, scope_id=scope_id).first()
    if held:
        return held
    grant = RoleGrant.objects.create(
        person_id=person_id, role=role, scope=scope, scope_id=scope_id, scope_name=scope_name, organization=organization
    )
    record(events.ROLE_GRANTED, actor=actor, subject=grant, organization=organization.pk, person=person_id, role=role, scope=scope,
           scope_id=scope_id)  # fmt: skip
    return grant


@command
def end_role(*, actor: Actor, grant_id: str) -> RoleGrant:
    """Take a role away. It is gone with the next request of its holder."""
    grant = RoleGrant.objects.visible_to(actor).select_related("organization").locked(pk=grant_id)
    policy.MANAGE_PEOPLE.require(actor, grant.organization)
    if grant.role == "operator":
        policy.FOUND_ORGANIZATION.require(actor, None)
    if grant.ended_at is None:
        grant.ended_at = clock.now()
        grant.save(update_fields=["ended_at"])
        record(events.ROLE_ENDED, actor=actor, subject=grant, organization=grant.organization_id, person=grant.person_id, role=grant.role,
               scope=grant.scope, scope_id=grant.scope_id)  # fmt: skip
    return grant
