"""Tokens for the API: making, revoking, and when one was used last. Not here: who acts through one (queries.bearer_of)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from cairn.apps.ledger.steps import record
from cairn.apps.people import events, policy
from cairn.apps.people.models import ApiToken, Person
from cairn.apps.people.queries import USE_NOTED_EVERY, hash_of
from cairn.apps.people.states import TOKEN_SCOPES
from cairn.apps.people.steps import plain_name
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid

MOST = 20
LONGEST = timedelta(days=367)


@command
def make_token(*, actor: Actor, name: str, scopes: Sequence[str], expires_at: datetime, secret: str, shown_second_step: bool) -> ApiToken:
    """Enter a token for oneself. `secret` comes from queries.new_secret; only its hash is kept."""
    person = Person.objects.visible_to(actor).locked(pk=actor.person_id)
    policy.MANAGE_TOKENS.require(actor, person)
    if not scopes or set(scopes) - set(TOKEN_SCOPES):
        remedy = "Choose from the list."
        raise Invalid("scopes-unknown", "A token needs something that it may do.", remedy, {"scopes": remedy})
    if not clock.now() < expires_at <= clock.now() + LONGEST:
        remedy = "Choose a day within a year."
        raise Invalid("expiry-wrong", "A token works for a year at most.", remedy, {"expires_at": remedy})
    if ApiToken.objects.visible_to(actor).live().filter(person=person).count() >= MOST:
        raise Conflict("tokens-enough", f"A person has at most {MOST} tokens that work.", "Revoke one that you no longer use.")
    token = ApiToken.objects.create(
        person=person, name=plain_name(name)[:80], secret_hash=hash_of(secret), ending=secret[-4:], scopes=sorted(set(scopes)),
        shown_second_step=shown_second_step, expires_at=expires_at,
    )  # fmt: skip
    record(events.TOKEN_MADE, actor=actor, subject=token, scopes=token.scopes, expires_at=expires_at.isoformat())
    return token


@command
def revoke_token(*, actor: Actor, token_id: str) -> ApiToken:
    """End a token with its next request; revoking it twice is the same as once."""
    token = ApiToken.objects.visible_to(actor).select_related("person").locked(pk=token_id)
    policy.MANAGE_TOKENS.require(actor, token.person)
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        record(events.TOKEN_REVOKED, actor=actor, subject=token)
    return token


@command
def note_token_use(*, actor: Actor, token_id: str) -> None:
    """When a token was used last, to five minutes: its person sees which ones are still in use."""
    mine = ApiToken.objects.visible_to(actor).filter(pk=token_id)
    mine.filter(Q(used_at=None) | Q(used_at__lt=clock.now() - USE_NOTED_EVERY)).update(used_at=clock.now())
