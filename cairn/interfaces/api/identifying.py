"""Who asks: the person behind a token, or whoever is signed in here. Not here: what they may do (each capability's policy)."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from ninja.utils import check_csrf

from cairn.apps.people import commands, queries
from cairn.frame.actor import VISITOR, Actor
from cairn.interfaces.api.problems import Problem

SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Caller:
    """`owner` names token or session: keys of requests and links to files belong to it. Without scopes all of them are held."""

    actor: Actor
    owner: str
    scopes: frozenset[str] | None = None

    def may(self, scope: str) -> bool:
        return self.scopes is None or scope in self.scopes


def caller_of(request: HttpRequest) -> Caller | None:
    """VISITOR where nobody says who they are; None where a token is shown that does not work."""
    given = request.headers.get("Authorization", "")
    if given:
        return _bearer(given)
    actor: Actor = getattr(request, "actor", VISITOR)
    return Caller(actor.with_key(""), f"session:{request.session.session_key}" if actor.is_known else "")


def _bearer(given: str) -> Caller | None:
    scheme, _, secret = given.partition(" ")
    bearer = queries.bearer_of(secret.strip()) if scheme.lower() == "bearer" else None
    if bearer is None:
        return None
    if not bearer.use_is_noted:
        commands.note_token_use(actor=bearer.actor, token_id=bearer.token_id)
    return Caller(bearer.actor, f"token:{bearer.token_id}", bearer.scopes)


def require(caller: Caller | None, scope: str, request: HttpRequest) -> Caller:
    """Refused where the caller is nobody, their token is for something else, or another site's page sent the request."""
    if caller is None:
        words = "This token does not work: it is unknown, has run out, or was revoked."
        raise Problem(401, "token-unknown", words, "Make a new one on your account page.", WWW_Authenticate='Bearer error="invalid_token"')
    if scope and not caller.actor.is_known:
        raise Problem(401, "sign-in-first", "This asks for somebody who is known.", "Send a token, or sign in.", WWW_Authenticate="Bearer")
    if scope and not caller.may(scope):
        remedy = f"Make a token with the scope {scope}."
        asked = f'Bearer error="insufficient_scope", scope="{scope}"'
        raise Problem(403, "scope-missing", f"This token is not for {scope}.", remedy, WWW_Authenticate=asked)
    if caller.scopes is None and caller.actor.is_known and request.method not in SAFE and check_csrf(request):
        raise Problem(403, "csrf-missing", "A signed-in session shows its form token too.", "Send the cookie's token as X-CSRFToken.")
    return caller
