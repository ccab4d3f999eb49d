"""Oneself: profile, roles, tokens, credentials. Tokens are made on a page, by a person who is signed in."""

from __future__ import annotations

from ninja import Query

from cairn.apps.credentials import queries as credentials
from cairn.apps.people import commands
from cairn.apps.people import queries as people
from cairn.interfaces.api.frame import Request, Routes
from cairn.interfaces.api.paging import Page, Paging, page
from cairn.interfaces.api.shapes.base import Id
from cairn.interfaces.api.shapes.credentials import OwnAwardShown
from cairn.interfaces.api.shapes.people import MeShown, Profile, RoleShown, TokenShown

routes = Routes("me")


def _me(request: Request) -> MeShown:
    me = people.me(request.actor)
    roles = [RoleShown.model_validate(grant) for grant in people.roles_of(request.actor, me.pk)]
    scopes = None if request.scopes is None else sorted(request.scopes)
    return MeShown.model_validate(me).model_copy(update={"roles": roles, "scopes": scopes})


@routes.get("/me", MeShown, scope="profile:read")
def me(request: Request) -> MeShown:
    """Who asks, and what they may do."""
    return _me(request)


@routes.put("/me/profile", MeShown, scope="profile:write")
def change_profile(request: Request, body: Profile) -> MeShown:
    """Change one's own name, time zone and visibility."""
    commands.change_profile(actor=request.actor, name=body.name, time_zone=body.time_zone, shows_name=body.shows_name)
    return _me(request)


@routes.get("/me/tokens", Page[TokenShown], scope="profile:read")
def tokens(request: Request, paging: Query[Paging]) -> Page[TokenShown]:
    """One's own tokens, the latest first."""
    return page(people.tokens(request.actor), ("-made_at", "pk"), paging, TokenShown.model_validate)


@routes.delete("/me/tokens/{token_id}", scope="profile:write")
def revoke_token(request: Request, token_id: Id) -> None:
    """Revoke one of one's own tokens; it works no more from then on."""
    commands.revoke_token(actor=request.actor, token_id=token_id)


@routes.get("/me/credentials", Page[OwnAwardShown], scope="profile:read")
def my_credentials(request: Request, paging: Query[Paging]) -> Page[OwnAwardShown]:
    """What one has earned, the latest first."""
    return page(credentials.mine(request.actor), ("-awarded_at", "pk"), paging, OwnAwardShown.model_validate)
