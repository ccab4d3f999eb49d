"""Claiming recognition, answering claims, and what follows when an award is revoked. Not here: what a schedule says (pure.rules)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cairn.apps.credentials import queries as credentials
from cairn.apps.ledger.steps import record
from cairn.apps.licensure import events, policy
from cairn.apps.licensure.models import Claim, ClaimVote, CreditAward, Election, Recognizer, ScheduleVersion
from cairn.apps.licensure.queries import answers
from cairn.apps.licensure.queries.answers import Said
from cairn.apps.licensure.queries.councils import Councils, answer_due, reason_of
from cairn.apps.licensure.queries.recognizers import today_of, works_for, zone_of
from cairn.apps.licensure.queries.schedules import schedule_of
from cairn.apps.licensure.states import CLAIM, CLAIM_VOTES, PURPOSES
from cairn.apps.licensure.steps import enter_recognized, lock_educator, resume_recognized, withdraw_recognized
from cairn.frame.actor import Actor, system
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid, NotFound
from cairn.kernel.facts import Recorded
from cairn.kernel.text import clean
from cairn.pure.clocks import long_date

_SYSTEM = system("licensure")
WORDS, TITLE, REFERENCE = 4_000, 200, 80
OPEN = ("drafted", "waiting", "submitted", "returned", "granted")


@dataclass(frozen=True)
class Done:
    """What is claimed for: an award by its id, or something else that was done."""

    credential_id: str = ""
    title: str = ""
    done_on: date | None = None
    kind: str = "hours"
    hours: Decimal | None = None
    quantity: Decimal = Decimal(1)
    days: int = 1
    evidence: str = ""


@dataclass(frozen=True)
class Ask:
    """What one recognizer is asked for. `despite`: put it before them though their rule says no, with a note that says why."""

    schedule_id: str
    purpose: str = "professional-development"
    level: str = ""
    bucket: str = ""
    elected: str = ""
    amount: Decimal | None = None
    note: str = ""
    despite: bool = False
    buys: bool = False
    rests_on_id: str = ""


@command
def claim(*, actor: Actor, done: Done, asks: Sequence[Ask], is_sent: bool = True) -> Claim:
    """Ask several recognizers at once for what one thing is worth to each of them: all of it goes, or none. The first claim answers."""
    policy.CLAIM.require(actor, None)
    if not asks:
        raise Invalid("nobody-asked", "Choose who should recognize it.", "Tick at least one.", {"asks": "Tick at least one."})
    lock_educator(str(actor.person_id))
    told = _subject(actor, done)
    claims = [_drafted(actor, told, ask) for ask in asks]
    for each, ask in zip(claims, asks, strict=True):
        if is_sent:
            _send(actor, each, ask.despite)
        else:
            each.save()
            record(events.CLAIM_DRAFTED, actor=actor, subject=each, thread=each.pk, schedule=each.schedule.slug,
                   credential=each.credential_id or "")  # fmt: skip
    return claims[0]


def _subject(actor: Actor, done: Done) -> Claim:
    """An unsaved claim that holds what was done."""
    if done.credential_id:
        award = next((each for each in credentials.earned(_SYSTEM, str(actor.person_id)) if each.id == done.credential_id), None)
        if award is None:
            raise NotFound("credential")
        if award.revoked_at:
            raise Conflict("award-revoked", f"“{award.title}” was revoked, so nothing can be claimed for it.", "Write to its issuer.")
        return Claim(credential_id=award.id, title=award.title, kind="micro-credential", hours=done.hours, days=_days(done),
                     evidence=_text(done.evidence, "evidence"))  # fmt: skip
    title = clean(done.title, limit=TITLE, field="title", name="What you did").strip()
    if not title or done.done_on is None:
        missing = {"title": "Say what it was."} if not title else {"done_on": "Say on which day it ended."}
        raise Invalid("activity-missing", "Say what you did, and when it ended.", "Fill in both.", missing)
    if done.kind == "hours" and done.hours is None:
        raise Invalid("hours-missing", "Say how many clock hours it took.", "Give the hours.", {"hours": "Give the hours."})
    return Claim(title=title, done_on=done.done_on, kind=done.kind, hours=done.hours, quantity=done.quantity, days=_days(done),
                 evidence=_text(done.evidence, "evidence"))  # fmt: skip


def _days(done: Done) -> int:
    for value, field in ((done.hours, "hours"), (done.quantity, "quantity")):
        if value is not None and not 0 < value <= 2000:
            raise Invalid(
                f"{field}-wrong", f"{field.capitalize()} run from above 0 to 2,000.", "Correct them.", {field: "From above 0 to 2,000."}
            )
    if not 1 <= done.days <= 366:
        raise Invalid("days-wrong", "Days run from 1 to 366.", "Correct them.", {"days": "From 1 to 366."})
    return done.days


def _text(text: str, field: str) -> str:
    return clean(text, limit=WORDS, field=field).strip()


def _drafted(actor: Actor, told: Claim, ask: Ask) -> Claim:
    if ask.purpose not in PURPOSES:
        raise Invalid("purpose-unknown", "Say what it is for.", "Choose one of the list.", {"purpose": "Choose one of the list."})
    if ask.amount is not None and not 0 < ask.amount <= 10_000:
        raise Invalid("amount-wrong", "Ask for more than 0.", "Correct it.", {"amount": "Ask for more than 0."})
    version = ScheduleVersion.objects.visible_to(actor).select_related("organization").get_or_not_found(pk=ask.schedule_id)
    done_on = told.done_on
    if told.credential_id:
        award = next(each for each in credentials.earned(_SYSTEM, str(actor.person_id)) if each.id == told.credential_id)
        done_on = award.awarded_at.astimezone(zone_of(version.organization_id)).date()
    rests_on = None
    if ask.rests_on_id:
        rests_on = Claim.objects.visible_to(actor).filter(person_id=actor.person_id).get_or_not_found(pk=ask.rests_on_id)
    return Claim(
        person_id=str(actor.person_id), organization=version.organization,
        schedule=version, credential_id=told.credential_id, title=told.title,
        done_on=done_on, kind=_kind(told, version), hours=told.hours, quantity=told.quantity, days=told.days, evidence=told.evidence,
        buys=ask.buys, purpose=ask.purpose, level=ask.level, bucket=ask.bucket,
        elected=ask.elected, asked=ask.amount, note=_text(ask.note, "note"), rests_on=rests_on,
        is_at_work=works_for(str(actor.person_id), version.organization_id),
    )  # fmt: skip


def _kind(told: Claim, version: ScheduleVersion) -> str:
    """An award is claimed as the micro-credential it is; where the schedule knows only hours, as the hours that it took."""
    terms = schedule_of(version).on(today_of(version.organization_id)) or schedule_of(version).versions[-1]
    kinds = {gift.for_ for gift in terms.gives}
    return "hours" if told.kind == "micro-credential" and "micro-credential" not in kinds else told.kind


@command
def send_claim(*, actor: Actor, claim_id: str, note: str = "", hours: Decimal | None = None, evidence: str = "",
               amount: Decimal | None = None, despite: bool = False) -> Claim:  # fmt: skip
    """Send a claim that was drafted or came back, with what was asked about mended. Its day stays that of the first sending."""
    lock_educator(str(actor.person_id))
    found = Claim.objects.visible_to(actor).select_related("schedule", "organization").locked(pk=claim_id)
    policy.SEND_CLAIM.require(actor, found)
    found.note, found.evidence = _text(note, "note") or found.note, _text(evidence, "evidence") or found.evidence
    found.hours, found.asked = hours or found.hours, amount or found.asked
    _send(actor, found, despite)
    return found


def _send(actor: Actor, found: Claim, despite: bool) -> None:
    """Elect, ask the schedule, and put it before the recognizer, or let it wait for what it is answered together with."""
    today = today_of(found.organization_id)
    if found.done_on > today:
        words = f"{long_date(found.done_on)} is still to come. Claim it when it is done."
        raise Invalid("done-later", words, "", {"done_on": words})
    _require_in_force(found, today)
    found.claimed_on = found.claimed_on or today
    said = answers.answer_to(found)
    if said.is_refused and not (despite and found.note):
        appeal = Recognizer.objects.get(organization_id=found.organization_id).appeal
        remedy = "To put it before them all the same, say so and write why. " if not despite else "Write why they should. "
        first = said.reasons[0] if said.reasons else ("Their rule does not give anything for this.", "")
        cited = f"{first[0]} ({first[1]})" if first[1] else first[0]
        raise Conflict("rule-refuses", cited, f"{remedy}{appeal}".strip(), {"despite": cited})
    _require_unclaimed(found)
    _elect(found)
    found.answer = said.to_json()
    if said.waits:
        CLAIM.move(found, to="waiting")
        found.save()
    else:
        _submit(found, today)
        _take_along(found, said)
    record(events.CLAIMED, actor=actor, subject=found, thread=found.pk, organization=found.organization_id, schedule=found.schedule.slug,
           hash=found.schedule.hash, credential=found.credential_id or "", level=found.level, bucket=found.bucket, elected=found.elected,
           claimed_on=found.claimed_on.isoformat(), due_on=found.due_on.isoformat() if found.due_on else "", amount=str(said.amount),
           unit=said.unit, is_refused=said.is_refused)  # fmt: skip


def _submit(found: Claim, today: date) -> None:
    CLAIM.move(found, to="submitted")
    found.submitted_at, found.reason = clock.now(), ""
    found.due_on = answer_due(Recognizer.objects.get(organization_id=found.organization_id), today)
    found.save()
    found.votes.filter(is_past=False).update(is_past=True)


def _require_in_force(found: Claim, today: date) -> None:
    version = found.schedule
    if today < version.effective or (version.ended_on and today > version.ended_on):
        raise Conflict(
            "schedule-not-in-force", f"{version.title} takes no claims of {long_date(today)}.", "Choose the schedule that is in force."
        )


def _require_unclaimed(found: Claim) -> None:
    same = Claim.objects.filter(organization_id=found.organization_id, state__in=OPEN, level=found.level, bucket=found.bucket)
    same = same.filter(person_id=found.person_id, title=found.title, done_on=found.done_on, credential_id=found.credential_id)
    if same.exclude(pk=found.pk).exists():
        words = f"You have claimed this from {found.organization.name} already."
        raise Conflict("claimed-already", words, "See where it stands among your claims.", {"asks": words})


def _elect(found: Claim) -> None:
    """Where the rule lets an award count as one thing or another, the first choice is the last."""
    if not (found.elected and found.credential_id):
        return
    made, _ = Election.objects.get_or_create(
        credential_id=found.credential_id, rule=found.schedule.rule, defaults={"person_id": found.person_id, "elected": found.elected}
    )
    if made.elected != found.elected:
        chosen = made.elected.replace("-", " ")
        words = f"You chose “{chosen}” for this award on {long_date(made.elected_at.date())}, and that choice is final."
        raise Conflict("elected-already", words, "Claim it as what you chose.", {"elected": words})


def _take_along(found: Claim, said: Said) -> None:
    """Those that waited for this one are answered with it."""
    Claim.objects.filter(pk__in=said.together, state="waiting").update(joined_to=found)


@command
def withdraw_claim(*, actor: Actor, claim_id: str) -> Claim:
    """Take it back while it is not settled. What was elected for the award stays elected."""
    found = Claim.objects.visible_to(actor).locked(pk=claim_id)
    policy.WITHDRAW_CLAIM.require(actor, found)
    CLAIM.move(found, to="withdrawn")
    found.settled_at = clock.now()
    found.save(update_fields=["state", "settled_at"])
    Claim.objects.filter(joined_to=found).update(joined_to=None)
    record(events.CLAIM_WITHDRAWN, actor=actor, subject=found, thread=found.pk)
    return found


# --- Answering ------------------------------------------------------------------------------------------------------------


@command
def vote_on_claim(*, actor: Actor, claim_id: str, vote: str, words: str = "", reference: str = "") -> Claim:
    """A member's vote; it may be changed until enough of one kind settle it. Nobody grants what the rule does not give.

    `reference`: of the transcript, where the schedule has a fee for credit.
    """
    person_id = Claim.objects.visible_to(actor).get_or_not_found(pk=claim_id).person_id
    lock_educator(person_id)
    found = Claim.objects.visible_to(actor).select_related("schedule", "organization").locked(pk=claim_id)
    policy.VOTE_ON_CLAIM.require(actor, found)
    said, words = answers.answer_to(found), clean(words, limit=WORDS, field="words", name="Your reasons").strip()
    found.answer = said.to_json()
    found.reference = clean(reference, limit=REFERENCE, field="reference").strip() or found.reference
    _check_vote(vote, words, said, found)
    found.save(update_fields=["answer", "reference"])
    cast, _ = ClaimVote.objects.update_or_create(
        claim=found, person_id=actor.person_id, is_past=False, defaults={"vote": vote, "words": words, "voted_at": clock.now()}
    )
    record(events.CLAIM_VOTED, actor=actor, subject=cast, thread=found.pk, vote=vote)
    votes = {each.person_id: each for each in found.votes.filter(is_past=False)}
    tally = Councils([found.organization_id], [person_id]).tally(
        person_id, found.organization_id, {person: each.vote for person, each in votes.items()}
    )
    if tally.verdict:
        reason = reason_of([each.words for each in votes.values() if each.vote == tally.verdict])
        _settle(actor, found, said, tally.verdict, reason, dict(tally.counts))
    return found


def _check_vote(vote: str, words: str, said: Said, found: Claim) -> None:
    if vote not in CLAIM_VOTES:
        raise Invalid("vote-missing", "Choose what you vote.", "Choose one of them.", {"vote": "Choose one of them."})
    if vote == "grant" and (said.is_refused or said.amount <= 0):
        first = said.reasons[0][0] if said.reasons else "It gives nothing for this."
        raise Conflict(
            "rule-refuses", f"Your rule does not give this: {first}", "Decline it with the citation, or return it.", {"vote": first}
        )
    if vote == "grant" and said.fee_cents and not found.reference:
        asked = "Give the reference of the transcript that it is posted to."
        raise Invalid("reference-missing", asked, "", {"reference": asked})
    if vote == "return" and not words:
        raise Invalid("reason-missing", "The claimant is told what to do.", "Write your question.", {"words": "Write your question."})
    if vote == "decline" and not words and not said.reasons:
        raise Invalid("reason-missing", "The claimant is told why.", "Write the reason.", {"words": "Write the reason."})


def _settle(actor: Actor, found: Claim, said: Said, verdict: str, reason: str, votes: dict[str, int]) -> None:
    to = {"grant": "granted", "return": "returned", "decline": "declined"}[verdict]
    CLAIM.move(found, to=to)
    found.reason, found.settled_at = reason, clock.now()
    found.save(update_fields=["state", "reason", "settled_at"])
    told = {"actor": actor, "thread": found.pk, "organization": found.organization_id, "votes": votes}
    if to == "granted":
        award = _grant(found, said, actor)
        record(events.GRANTED, subject=award, **told, person=found.person_id, amount=str(award.amount), unit=award.unit, level=found.level,
               bucket=found.bucket, schedule=found.schedule.slug, hash=found.schedule.hash)  # fmt: skip
        return
    Claim.objects.filter(joined_to=found).update(joined_to=None)
    record(events.CLAIM_RETURNED if to == "returned" else events.CLAIM_DECLINED, subject=found, **told, reason=reason)


def _grant(found: Claim, said: Said, actor: Actor) -> CreditAward:
    """Never more than the rule gives, never more than was asked for. It stands in the educator's record at once."""
    amount = min(said.amount, found.asked) if found.asked else said.amount
    today = today_of(found.organization_id)
    award = CreditAward.objects.create(
        claim=found, person_id=found.person_id, organization_id=found.organization_id, is_at_work=found.is_at_work, amount=amount,
        unit=said.unit, level=found.level, bucket=found.bucket, done_on=found.done_on, granted_on=today,
        lasts_until=said.lasts_until, cite=said.cites,
    )  # fmt: skip
    Claim.objects.filter(joined_to=found).update(state="granted", settled_at=clock.now(), reason=f"Granted together with “{found.title}”.")
    _enter(award, actor.person_id)
    for other in Claim.objects.filter(person_id=found.person_id, organization_id=found.organization_id, state="submitted"):
        other.answer = answers.answer_to(other).to_json()
        other.save(update_fields=["answer"])
    return award


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
        fields=fields, until=None, by=by,
    )  # fmt: skip


# --- Awards that are revoked ----------------------------------------------------------------------------------------------


@command
def follow_award(*, actor: Actor, fact: Recorded) -> None:
    """Consequence of an award that was revoked or reinstated: credit that rests on it stops counting, or counts again."""
    is_revoked = any(each.id == fact.subject_id and each.revoked_at for each in credentials.earned(_SYSTEM, _earner(fact.subject_id)))
    for award in CreditAward.objects.select_related("claim").filter(claim__credential_id=fact.subject_id):
        if is_revoked == (award.stopped_at is not None):
            continue
        award.stopped_at = clock.now() if is_revoked else None
        award.save(update_fields=["stopped_at"])
        (withdraw_recognized if is_revoked else resume_recognized)(source_id=award.claim_id)
        record(events.CREDIT_STOPPED if is_revoked else events.CREDIT_RESUMED, actor=actor, subject=award, person=award.person_id,
               credential=fact.subject_id)  # fmt: skip


def _earner(credential_id: str) -> str:
    return str(CreditAward.objects.filter(claim__credential_id=credential_id).values_list("person_id", flat=True).first() or "")
