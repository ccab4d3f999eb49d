"""Letting issuers name oneself among those who have earned something, and letting it no more. Not here: who is named then (queries)."""

from __future__ import annotations

from collections.abc import Collection

from cairn.apps.credentials import events, policy
from cairn.apps.credentials.models import AnnouncingConsent, Credential
from cairn.apps.credentials.queries import mine
from cairn.apps.ledger.steps import record
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import NotFound


@command
def let_announce(*, actor: Actor, everything: bool, credential_ids: Collection[str] = ()) -> list[AnnouncingConsent]:
    """From now on exactly this may be announced: `everything`, also what is earned later, or these credentials. What was let before and is
    not named here is withdrawn. What is in force."""
    policy.ANNOUNCE.require(actor, None)
    asked: set[str | None] = {None} if everything else set(credential_ids)
    if not everything and set(mine(actor).filter(pk__in=asked).values_list("pk", flat=True)) != asked:
        raise NotFound("credential")
    given = AnnouncingConsent.objects.visible_to(actor).in_force().filter(person_id=actor.person_id)
    standing = {consent.credential_id: consent for consent in given.select_for_update(of=("self",)).order_by("pk")}
    named = Credential.objects.filter(pk__in=asked | set(standing))
    issuers: dict[str | None, str] = dict(named.values_list("pk", "issuer_id"))
    for credential_id, consent in standing.items():
        if credential_id not in asked:
            consent.withdrawn_at = clock.now()
            consent.save(update_fields=["withdrawn_at"])
            record(events.ANNOUNCING_WITHDRAWN, actor=actor, subject=consent, organization=issuers.get(credential_id, ""),
                   credential=credential_id)  # fmt: skip
    for credential_id in sorted(asked - set(standing), key=str):
        consent = AnnouncingConsent.objects.create(person_id=str(actor.person_id), credential_id=credential_id)
        standing[credential_id] = consent
        record(
            events.ANNOUNCING_ALLOWED, actor=actor, subject=consent, organization=issuers.get(credential_id, ""), credential=credential_id
        )
    return [consent for consent in standing.values() if consent.withdrawn_at is None]
