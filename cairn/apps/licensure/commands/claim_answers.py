"""Answering claims: votes that settle them, fees, and what is then given. Not here: what a schedule says (pure.rules)."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from cairn.apps.ledger.steps import record
from cairn.apps.licensure import events, policy
from cairn.apps.licensure.models import Claim, ClaimVote, CreditAward
from cairn.apps.licensure.queries import answers
from cairn.apps.licensure.queries.answers import Said, said_of
from cairn.apps.licensure.queries.councils import Councils, reason_of
from cairn.apps.licensure.queries.recognizers import today_of
from cairn.apps.licensure.queries.schedules import schedule_of
from cairn.apps.licensure.states import CLAIM, CLAIM_VOTES
from cairn.apps.licensure.steps import enter_recognized, lock_educator
from cairn.apps.payments import steps as payments
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid
from cairn.kernel.text import clean
from cairn.pure.rules.schedules import ALLOW
from cairn.pure.rules.words import said_amount

WORDS, REFERENCE, REASON = 4_000, 80, 300


@command
def vote_on_claim(*, actor: Actor, claim_id: str, vote: str, words: str = "") -> ClaimVote:
    """A member's vote; it may be changed until enough of one kind settle it. Nobody grants what the rule does not give."""
    person_id = Claim.objects.visible_to(actor).get_or_not_found(pk=claim_id).person_id
    lock_educator(person_id)
    found = Claim.objects.visible_to(actor).select_related("schedule", "organization").locked(pk=claim_id)
    policy.VOTE_ON_CLAIM.require(actor, found)
    said, words = answers.answer_to(found), clean(words, limit=WORDS, field="words", name="Your reasons").strip()
    found.answer = said.to_json()
    _check_vote(vote, words, said)
    found.save(update_fields=["answer"])
    cast, _ = ClaimVote.objects.update_or_create(
        claim=found, person_id=actor.person_id, is_past=False, defaults={"vote": vote, "words": words, "voted_at": clock.now()}
    )
    record(events.CLAIM_VOTED, actor=actor, subject=cast, thread=found.pk, vote=vote)
    _count(actor, found, said)
    return cast


@command
def count_votes(*, actor: Actor, claim_id: str) -> Claim:
    """Settle a claim by the votes that are in: they may be enough since fewer must agree, or fewer are asked."""
    policy.COUNT_VOTES.require(actor, None)
    lock_educator(Claim.objects.visible_to(actor).get_or_not_found(pk=claim_id).person_id)
    found = Claim.objects.visible_to(actor).select_related("schedule", "organization").locked(pk=claim_id)
    if found.state == "submitted":
        said = answers.answer_to(found)
        found.answer = said.to_json()
        found.save(update_fields=["answer"])
        _count(actor, found, said)
    return found


def _count(actor: Actor, found: Claim, said: Said) -> None:
    votes = {each.person_id: each for each in found.votes.filter(is_past=False)}
    tally = Councils([found.organization_id], [found.person_id]).tally(
        found.person_id, found.organization_id, {person: each.vote for person, each in votes.items()}
    )
    if tally.verdict and not (tally.verdict == "grant" and said.gives_nothing):
        reason = reason_of([each.words for each in votes.values() if each.vote == tally.verdict])
        _settle(actor, found, said, tally.verdict, reason, dict(tally.counts))


def _check_vote(vote: str, words: str, said: Said) -> None:
    if vote not in CLAIM_VOTES:
        raise Invalid("vote-missing", "Choose what you vote.", "Choose one of them.", {"vote": "Choose one of them."})
    if vote == "grant" and said.gives_nothing:
        first = said.reasons[0][0] if said.reasons else "It gives nothing for this."
        raise Conflict(
            "rule-refuses", f"Your rule does not give this: {first}", "Decline it with the citation, or return it.", {"vote": first}
        )
    if vote == "return" and not words:
        raise Invalid("reason-missing", "The claimant is told what to do.", "Write your question.", {"words": "Write your question."})
    if vote == "decline" and not words and not said.reasons:
        raise Invalid("reason-missing", "The claimant is told why.", "Write the reason.", {"words": "Write the reason."})


def _settle(actor: Actor, found: Claim, said: Said, verdict: str, reason: str, votes: dict[str, int]) -> None:
    """Credit that has a fee is approved, and given once that is paid or waived; all other at once."""
    granted = "approved" if said.fee_cents else "granted"
    CLAIM.move(found, to={"grant": granted, "return": "returned", "decline": "declined"}[verdict])
    found.reason, found.settled_at = reason, clock.now()
    found.save(update_fields=["state", "reason", "settled_at"])
    told = {"actor": actor, "thread": found.pk, "organization": found.organization_id, "votes": votes}
    if found.state == "granted":
        _give(actor, found, said, votes)
    elif found.state == "approved":
        found.order = payments.order_fee(
            actor=actor, person_id=found.person_id, organization_id=found.organization_id, sold_id=found.pk,
            name=f"{said_amount(said.amount, said.unit)} for {found.title}", cents=said.fee_cents,
        )  # fmt: skip
        found.save(update_fields=["order"])
        record(events.CLAIM_APPROVED, subject=found, **told, order=found.order_id, cents=said.fee_cents)
    else:
        Claim.objects.filter(joined_to=found).update(joined_to=None)
        record(events.CLAIM_RETURNED if verdict == "return" else events.CLAIM_DECLINED, subject=found, **told, reason=reason)


def _give(actor: Actor, found: Claim, said: Said, votes: dict[str, int]) -> CreditAward:
    award = _grant(found, said, actor)
    record(events.GRANTED, actor=actor, subject=award, thread=found.pk, organization=found.organization_id, votes=votes,
           person=found.person_id, amount=str(award.amount), unit=award.unit, level=found.level, bucket=found.bucket,
           schedule=found.schedule.slug, hash=found.schedule.hash)  # fmt: skip
    return award


def _grant(found: Claim, said: Said, actor: Actor) -> CreditAward:
    """Never more than the rule gives, never more than was asked for. It stands in the educator's record at once."""
    amount = min(said.amount, found.asked) if found.asked else said.amount
    today = today_of(found.organization_id)
    award = CreditAward.objects.create(
        claim=found, person_id=found.person_id, organization_id=found.organization_id, is_at_work=found.is_at_work, amount=amount,
        unit=said.unit, level=found.level, bucket=found.bucket, done_on=found.done_on, granted_on=today,
        lasts_until=said.lasts_until, cite=said.cites, is_again=_is_again(found, today),
    )  # fmt: skip
    Claim.objects.filter(joined_to=found).update(state="granted", settled_at=clock.now(), reason=f"Granted together with “{found.title}”.")
    if not award.is_again:
        votes = found.votes.filter(is_past=False, vote="grant").order_by("-voted_at")
        _enter(award, actor.person_id or votes.values_list("person_id", flat=True).first())
    for other in Claim.objects.filter(person_id=found.person_id, organization_id=found.organization_id, state="submitted"):
        other.answer = answers.answer_to(other).to_json()
        other.save(update_fields=["answer"])
    return award


def _is_again(found: Claim, today: date) -> bool:
    """Whether the same, at the same level, was given here for another bucket, and the rule lets it serve both. It was earned once."""
    terms = schedule_of(found.schedule).on(found.claimed_on or today)
    if not found.bucket or terms is None or terms.same_award != ALLOW:
        return False
    same = Q(claim__credential_id=found.credential_id) if found.credential_id else Q(claim__title=found.title, done_on=found.done_on)
    rows = CreditAward.objects.filter(same, person_id=found.person_id, organization_id=found.organization_id, level=found.level)
    return bool(rows.filter(claim__schedule__rule=found.schedule.rule, stopped_at=None).exclude(bucket=found.bucket).exists())


def _enter(award: CreditAward, by: str | None) -> None:
    """As an entry of the record: hours, credit or points, by the unit."""
    found = award.claim
    kind = answers.kind_of(award.unit)
    fields = {"recognizer": found.organization.slug, "title": found.title}
    fields |= {name: value for name, value in (("level", award.level), ("bucket", award.bucket), ("elected", found.elected)) if value}
    fields |= {"award": found.credential_id} if found.credential_id else {}
    fields |= {"activity": (found.rests_on_id or found.pk)} if found.level else {}
    enter_recognized(
        person_id=award.person_id, source_id=found.pk, kind=kind, title=found.title, on=award.done_on, amount=award.amount, unit=award.unit,
        fields=fields, until=award.lasts_until, by=by,
    )  # fmt: skip


# --- Fees -----------------------------------------------------------------------------------------------------------------


@command
def waive_fee(*, actor: Actor, claim_id: str, reason: str) -> Claim:
    """Ask nothing for the credit, with the reason; an invoice that is out is credited in full."""
    found = Claim.objects.visible_to(actor).select_related("order").locked(pk=claim_id)
    policy.POST_CREDIT.require(actor, found)
    reason = clean(reason, limit=REASON, field="reason", name="The reason").strip()
    if not reason:
        raise Invalid("reason-missing", "A fee is waived for a reason.", "Write it.", {"reason": "Write why it is waived."})
    if found.is_fee_settled:
        raise Conflict("paid-already", "This fee is paid or waived already.", "What was paid is given back on the page of its order.")
    found.waived = reason
    found.save(update_fields=["waived"])
    record(events.FEE_WAIVED, actor=actor, subject=found, thread=found.pk, organization=found.organization_id, order=found.order_id or "")
    payments.call_off(actor=actor, order_id=str(found.order_id), reason=reason)
    return found


@command
def post_credit(*, actor: Actor, claim_id: str, reference: str) -> CreditAward:
    """Give what was approved, once its fee is paid or waived, with the reference of the transcript that it is posted to."""
    person_id = Claim.objects.visible_to(actor).get_or_not_found(pk=claim_id).person_id
    lock_educator(person_id)
    found = Claim.objects.visible_to(actor).select_related("schedule", "organization", "order").locked(pk=claim_id)
    policy.POST_CREDIT.require(actor, found)
    if not found.is_fee_settled:
        words = "Its fee is neither paid nor waived."
        raise Conflict("fee-unpaid", words, "Wait for the money, or waive the fee with a reason.", {"reference": words})
    if (now := answers.answer_to(found)).gives_nothing:
        words = f"Nothing is given for it any more: {now.reasons[0][0]}" if now.reasons else "Nothing is given for it any more."
        raise Conflict("gives-nothing", words, "Call its order off, and write to the educator.", {"reference": words})
    found.reference = clean(reference, limit=REFERENCE, field="reference", name="The reference").strip()
    if not found.reference:
        asked = "Give the reference of the transcript that it is posted to."
        raise Invalid("reference-missing", asked, "", {"reference": asked})
    CLAIM.move(found, to="granted")
    found.settled_at = clock.now()
    found.save(update_fields=["state", "settled_at", "reference"])
    return _give(actor, found, said_of(found.answer), {})
