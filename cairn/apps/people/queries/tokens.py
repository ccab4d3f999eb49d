"""Tokens for the API, and who acts through one."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet

from cairn.apps.people.models import (
    ApiToken,
)
from cairn.apps.people.queries.core import actor_of, guarded
from cairn.frame.actor import Actor
from cairn.kernel import clock

PREFIX = "cairn_"  # so that those who look for lost secrets recognize one
USE_NOTED_EVERY = timedelta(minutes=5)


def new_secret(viewer: Actor) -> str:
    """A token's secret: 160 bits. It follows from the request key, so that a form sent twice shows the same secret twice."""
    if not viewer.request_key:
        return PREFIX + secrets.token_hex(20)
    words = f"token\n{viewer.reference}\n{viewer.request_key}"
    return PREFIX + hmac.new(settings.SECRET_KEY.encode(), words.encode(), hashlib.sha256).hexdigest()[:40]


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True)
class Bearer:
    """Who acts through a token, with the roles held at this moment, and what the token may be used for.

    Guarded roles are withheld from a token that its person made without showing a second step.
    """

    actor: Actor
    token_id: str
    scopes: frozenset[str]
    use_is_noted: bool


def bearer_of(secret: str) -> Bearer | None:
    """None where no token of this secret works: unknown, expired, revoked, or its account is closed."""
    token = ApiToken.objects.live().filter(secret_hash=hash_of(secret)).first()
    if token is None:
        return None
    is_noted = token.used_at is not None and token.used_at > clock.now() - USE_NOTED_EVERY
    actor = guarded(actor_of(token.person_id), lambda: token.shown_second_step)
    return Bearer(actor, token.pk, frozenset(token.scopes), is_noted)


def tokens(viewer: Actor) -> QuerySet[ApiToken]:
    """The viewer's own, the latest first."""
    return ApiToken.objects.visible_to(viewer).filter(person_id=viewer.person_id).order_by("-made_at", "pk")


def token(viewer: Actor, token_id: str) -> ApiToken:
    return ApiToken.objects.visible_to(viewer).select_related("person").get_or_not_found(pk=token_id)


def token_is_live(token_id: str) -> bool:
    return ApiToken.objects.live().filter(pk=token_id).exists()
