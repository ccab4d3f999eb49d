"""What follows for claims from elsewhere: awards that are revoked or reinstated, and work that ends. Not here: answering (answering)."""

from __future__ import annotations

from django.db.models import Q

from cairn.apps.credentials import queries as credentials
from cairn.apps.ledger.steps import record
from cairn.apps.licensure import events, policy
from cairn.apps.licensure.models import Claim, CreditAward
from cairn.apps.licensure.queries import answers
from cairn.apps.licensure.queries.recognizers import works_for
from cairn.apps.licensure.states import CLAIM
from cairn.apps.licensure.steps import lock_educator, resume_recognized, withdraw_recognized
from cairn.frame.actor import Actor, system
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.facts import Recorded

_SYSTEM = system("licensure")


@command
def follow_award(*, actor: Actor, fact: Recorded) -> None:
    """Consequence of an award that was revoked or reinstated: credit that rests on it stops counting, or counts again."""
    claims = Claim.objects.filter(credential_id=fact.subject_id)
    for waiting in claims.filter(state="submitted").select_related("schedule", "organization"):
        waiting.answer = answers.answer_to(waiting).to_json()
        waiting.save(update_fields=["answer"])
    rows = CreditAward.objects.filter(claim__in=[pk for pair in claims.values_list("pk", "joined_to") for pk in pair if pk])
    for award in rows.select_related("claim"):
        is_revoked = not _stand(award)
        if is_revoked == (award.stopped_at is not None):
            continue
        award.stopped_at = clock.now() if is_revoked else None
        award.save(update_fields=["stopped_at"])
        (withdraw_recognized if is_revoked else resume_recognized)(source_id=award.claim_id)
        record(events.CREDIT_STOPPED if is_revoked else events.CREDIT_RESUMED, actor=actor, subject=award, person=award.person_id,
               credential=fact.subject_id)  # fmt: skip


def _stand(award: CreditAward) -> bool:
    """Whether every award stands that it rests on: its claim's, and those of claims that were answered with it."""
    rest_on = set(Claim.objects.filter(Q(pk=award.claim_id) | Q(joined_to=award.claim_id)).values_list("credential_id", flat=True))
    return not any(each.id in rest_on and each.revoked_at for each in credentials.earned(_SYSTEM, award.person_id))


@command
def return_left(*, actor: Actor, claim_id: str) -> Claim:
    """Its educator no longer works where it waits: nobody there reads it any more, so it goes back with all that is in it."""
    policy.RETURN_LEFT.require(actor, None)
    lock_educator(Claim.objects.visible_to(actor).get_or_not_found(pk=claim_id).person_id)
    found = Claim.objects.visible_to(actor).select_related("organization").locked(pk=claim_id)
    if found.state not in ("submitted", "waiting") or not found.is_at_work or works_for(found.person_id, found.organization_id):
        return found
    CLAIM.move(found, to="returned")
    found.reason = f"Your work at {found.organization.name} has ended, so nobody there reads this any more. Claim it where you work now."
    found.settled_at = clock.now()
    found.save(update_fields=["state", "reason", "settled_at"])
    found.votes.filter(is_past=False).update(is_past=True)
    Claim.objects.filter(joined_to=found).update(joined_to=None)
    record(events.CLAIM_RETURNED, actor=actor, subject=found, thread=found.pk, organization=found.organization_id, reason=found.reason,
           votes={})  # fmt: skip
    return found
