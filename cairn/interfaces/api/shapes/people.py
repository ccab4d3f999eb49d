"""People and organizations: oneself, tokens, roles, affiliations, groups."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from cairn.apps.people.queries import GROUP_KINDS, ORGANIZATION_KINDS, ROLES
from cairn.interfaces.api.shapes.base import WHOLE, Day, Email, Id, Moment, Name, Plain, Shown, Slug, Title, at, example

Zone = Annotated[str, Field(max_length=60, pattern=r"^[A-Za-z0-9_+/-]+$", examples=["America/Chicago"])]
Role = Annotated[str, Field(json_schema_extra={"enum": list(ROLES)}, pattern=f"^({'|'.join(ROLES)})$")]
GroupKind = Annotated[str, Field(json_schema_extra={"enum": list(GROUP_KINDS)}, pattern=f"^({'|'.join(GROUP_KINDS)})$")]
Kind = Annotated[str, Field(json_schema_extra={"enum": list(ORGANIZATION_KINDS)}, pattern=f"^({'|'.join(ORGANIZATION_KINDS)})$")]


class RoleShown(Shown):
    """A role held now, and where it holds."""

    id: Id
    role: Role
    scope: Annotated[str, Field(examples=["organization"])]
    scope_id: Id
    scope_name: Annotated[str, Field(examples=["Missouri Leadership Program"])]
    organization: Slug = at("organization", "slug")
    granted_at: Moment


class MeShown(Shown):
    """Who asks, what they may do here, and what this token may be used for (null: a session, for all of it)."""

    id: Id
    name: Annotated[str, Field(examples=["Dana Whitfield"])]
    email: Annotated[str, Field(examples=["dana.whitfield@marlow.example"])]
    time_zone: Zone
    shows_name: bool
    roles: list[RoleShown] = []
    scopes: Annotated[list[str] | None, Field(examples=[["profile:read", "portfolio:write"]])] = None


class Profile(Plain):
    """How one appears, and whose calendar counts."""

    model_config = example(name="Dana Whitfield", time_zone="America/Chicago", shows_name=True)

    name: Name
    time_zone: Zone
    shows_name: bool


class TokenShown(Shown):
    """A token without its secret, which was shown once."""

    id: Id
    name: Annotated[str, Field(examples=["District data warehouse"])]
    ending: Annotated[str, Field(examples=["9f3a"])]
    scopes: Annotated[list[str], Field(examples=[["portfolio:read"]])]
    made_at: Moment
    expires_at: Moment
    used_at: Moment | None
    revoked_at: Moment | None


class OrganizationShown(Shown):
    """What anyone may know of an organization."""

    slug: Slug
    name: Annotated[str, Field(examples=["Marlow R-IV School District"])]
    kind: Kind
    jurisdiction: Annotated[str, Field(examples=["us-mo"])]
    website: Annotated[str, Field(examples=["https://marlow.example"])]


class NewOrganization(Plain):
    model_config = example(
        slug="marlow", name="Marlow R-IV School District", kind="district", parent=None, jurisdiction="us-mo", website=""
    )

    slug: Slug
    name: Annotated[str, Field(min_length=1, max_length=160, pattern=WHOLE)]
    kind: Kind
    parent: Slug | None = None
    jurisdiction: Annotated[str, Field(pattern=r"^([a-z]{2}(-[a-z]{2,3})?)?$")] = ""
    website: Annotated[str, Field(max_length=200, pattern=r"^(https?://[^\s\x00]+)?$")] = ""


class PersonShown(Shown):
    id: Id
    name: Annotated[str, Field(examples=["Dana Whitfield"])]


class HeldShown(RoleShown):
    """A role with its holder, for those who manage it."""

    person: PersonShown


class NewRole(Plain):
    """Whoever is meant is named by the exact address they sign in with, so that nobody can be listed."""

    model_config = example(email="dana.whitfield@marlow.example", role="assessor", scope="organization", scope_id=None)

    email: Email
    role: Role
    scope: Literal["organization", "program", "microcredential"] = "organization"
    scope_id: Id | None = None


class AffiliationShown(Shown):
    """Who works here, from when to when: nobody scores the work of somebody from the same place."""

    id: Id
    person: PersonShown
    title: Annotated[str, Field(examples=["Principal"])]
    started_on: date
    ended_on: date | None


class NewAffiliation(Plain):
    model_config = example(email="dana.whitfield@marlow.example", title="Principal", started_on="2024-08-01", ended_on=None)

    email: Email
    title: Title = ""
    started_on: Day
    ended_on: Day | None = None


class LastDay(Plain):
    model_config = example(ended_on="2026-05-31")

    ended_on: Day


class MemberShown(Shown):
    person: PersonShown
    joined_on: date


class GroupShown(Shown):
    """People who work together; they never score one another."""

    id: Id = at("group", "id")
    name: Annotated[str, Field(examples=["Thursday coaching circle"])] = at("group", "name")
    kind: GroupKind = at("group", "kind")
    members: list[MemberShown]


class NewGroup(Plain):
    model_config = example(name="Thursday coaching circle", kind="coaching")

    name: Name
    kind: GroupKind


class NewMember(Plain):
    model_config = example(email="dana.whitfield@marlow.example")

    email: Email
