"""Claiming recognition: drafts with their papers, sending, taking back. Not here: what a schedule says to it (pure.rules)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cairn.apps.credentials import queries as credentials
from cairn.apps.ledger.steps import record
from cairn.apps.licensure import events, policy
from cairn.apps.licensure.commands.records import EARLIEST, Paper
from cairn.apps.licensure.models import CLAIMED, Claim, ClaimPaper, Election, Recognizer, ScheduleVersion
from cairn.apps.licensure.queries import answers
from cairn.apps.licensure.queries.answers import Said
from cairn.apps.licensure.queries.councils import answer_due
from cairn.apps.licensure.queries.recognizers import today_of, works_for, zone_of
from cairn.apps.licensure.queries.schedules import schedule_of
from cairn.apps.licensure.states import CLAIM, PURPOSES
from cairn.apps.licensure.steps import lock_educator
from cairn.apps.payments import steps as payments
from cairn.frame.actor import Actor, system
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid, NotFound
from cairn.kernel.text import clean
from cairn.pure.clocks import long_date

_SYSTEM = system("licensure")
WORDS, TITLE, UNIT, PAPERS = 4_000, 200, 40, 5


@dataclass(frozen=True)
class Done:
    """What is claimed for: an award by its id, or something else that was done, so much (`quantity`) of a `unit` that the schedule takes;
    none: the usual one of its kind, of hours `hours`. `like_id`: a claim of one's own with papers for it too."""

    credential_id: str = ""
    title: str = ""
    done_on: date | None = None
    kind: str = "hours"
    hours: Decimal | None = None
    quantity: Decimal = Decimal(1)
    unit: str = ""
    days: int = 1
    evidence: str = ""
    papers: tuple[Paper, ...] = ()
    like_id: str = ""


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
    told, papers = _subject(actor, done), [*done.papers, *_papers_of(actor, done.like_id)]
    claims = [_drafted(actor, told, ask) for ask in asks]
    for each, ask in zip(claims, asks, strict=True):
        if is_sent:
            _send(actor, each, ask.despite)
        else:
            _require_unclaimed(each)
            each.save()
            record(events.CLAIM_DRAFTED, actor=actor, subject=each, thread=each.pk, schedule=each.schedule.slug,
                   credential=each.credential_id or "")  # fmt: skip
        _keep(actor, each, papers)
    return claims[0]


@command
def change_draft(*, actor: Actor, claim_id: str, done: Done, ask: Ask, is_sent: bool = False) -> Claim:
    """Say anew what a draft asks for, and send it or keep it. Its papers stay; what it is claimed for stays the same award."""
    lock_educator(str(actor.person_id))
    found = Claim.objects.visible_to(actor).select_related("schedule", "organization").locked(pk=claim_id)
    policy.CHANGE_DRAFT.require(actor, found)
    anew = _drafted(actor, _subject(actor, done, found.credential_id), ask)
    for name in DRAFTED:
        setattr(found, name, getattr(anew, name))
    if is_sent:
        _send(actor, found, ask.despite)
    else:
        _require_unclaimed(found)
        found.save(update_fields=DRAFTED)
    _keep(actor, found, done.papers)
    return found


# What a draft says.
DRAFTED = ["schedule", "organization", "is_at_work", "title", "done_on", "kind", "hours", "quantity", "unit", "days", "evidence",
           "purpose", "level", "bucket", "elected", "asked", "buys", "note", "rests_on"]  # fmt: skip


# --- Papers ---------------------------------------------------------------------------------------------------------------


@command
def remove_paper(*, actor: Actor, paper_id: str) -> Claim:
    """Erase a paper of a claim that is a draft or came back."""
    paper = ClaimPaper.objects.visible_to(actor).get_or_not_found(pk=paper_id)
    found = Claim.objects.visible_to(actor).locked(pk=paper.claim_id)
    policy.SEND_CLAIM.require(actor, found)
    _erase(actor, found, paper_id)
    return found


def _keep(actor: Actor, found: Claim, papers: Sequence[Paper]) -> None:
    known = set(found.papers.values_list("sha256", flat=True))
    fresh = {each.sha256: each for each in papers if each.sha256 not in known}
    if len(known) + len(fresh) > PAPERS:
        words = f"A claim has at most {PAPERS} papers."
        raise Conflict("too-many-papers", words, "Put several pages into one PDF, or remove one.", {"document": words})
    for each in fresh.values():
        ClaimPaper.objects.create(claim=found, name=each.name, kind=each.kind, sha256=each.sha256, content=each.content)
        record(events.CLAIM_PAPER_ADDED, actor=actor, subject=found, thread=found.pk, sha256=each.sha256)


def _erase(actor: Actor, found: Claim, *paper_ids: str) -> None:
    """The bytes are gone; that there was a paper stays among the facts."""
    for paper in found.papers.filter(pk__in=paper_ids) if paper_ids else found.papers.all():
        paper.delete()
        record(events.CLAIM_PAPER_ERASED, actor=actor, subject=found, thread=found.pk, sha256=paper.sha256)


def _papers_of(actor: Actor, claim_id: str) -> list[Paper]:
    """Those of another claim of one's own."""
    if not claim_id:
        return []
    found = Claim.objects.visible_to(actor).filter(person_id=actor.person_id).get_or_not_found(pk=claim_id)
    return [Paper(each.name, each.kind, each.sha256, bytes(each.content)) for each in found.papers.all()]


# --- What is asked --------------------------------------------------------------------------------------------------------


def _subject(actor: Actor, done: Done, drafted_for: str | None = None) -> Claim:
    """An unsaved claim that holds what was done; a draft stays with the award that it was begun for."""
    credential_id = drafted_for or done.credential_id
    if credential_id:
        award = next((each for each in credentials.earned(_SYSTEM, str(actor.person_id)) if each.id == credential_id), None)
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
    if done.done_on < EARLIEST:
        words = f"Choose a day from {long_date(EARLIEST)} on."
        raise Invalid("done-long-ago", f"{long_date(done.done_on)} can only be a slip.", words, {"done_on": words})
    if done.kind == "hours" and not done.unit and done.hours is None:
        raise Invalid("hours-missing", "Say how many clock hours it took.", "Give the hours.", {"hours": "Give the hours."})
    return Claim(title=title, done_on=done.done_on, kind=done.kind, hours=done.hours, quantity=done.quantity, unit=done.unit[:UNIT],
                 days=_days(done), evidence=_text(done.evidence, "evidence"))  # fmt: skip


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
        done_on=done_on, kind=_kind(told, version), hours=told.hours, quantity=told.quantity, unit=told.unit, days=told.days,
        evidence=told.evidence, buys=ask.buys, purpose=ask.purpose, level=ask.level, bucket=ask.bucket,
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
               amount: Decimal | None = None, despite: bool = False, papers: Sequence[Paper] = ()) -> Claim:  # fmt: skip
    """Send a claim that was drafted or came back, with what was asked about mended. Its day stays that of the first sending."""
    lock_educator(str(actor.person_id))
    found = Claim.objects.visible_to(actor).select_related("schedule", "organization").locked(pk=claim_id)
    policy.SEND_CLAIM.require(actor, found)
    found.note, found.evidence = _text(note, "note") or found.note, _text(evidence, "evidence") or found.evidence
    found.hours, found.asked = hours or found.hours, amount or found.asked
    _send(actor, found, despite)
    _keep(actor, found, papers)
    return found


def _send(actor: Actor, found: Claim, despite: bool) -> None:
    """Elect, ask the schedule, and put it before the recognizer, or let it wait for what it is answered together with."""
    today = today_of(found.organization_id)
    if found.done_on > today:
        words = f"{long_date(found.done_on)} is still to come. Claim it when it is done."
        raise Invalid("done-later", words, "", {"done_on": words})
    _require_in_force(found, today)
    _require_still_there(found)
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


def _require_still_there(found: Claim) -> None:
    if found.is_at_work and not works_for(found.person_id, found.organization_id):
        raise Conflict(
            "works-elsewhere", f"Your work at {found.organization.name} has ended, so nobody there reads your claims any more.",
            "Claim it where you work now; what you wrote and its papers come along.",
        )  # fmt: skip


def _require_in_force(found: Claim, today: date) -> None:
    version = found.schedule
    if today < version.effective or (version.ended_on and today > version.ended_on):
        raise Conflict(
            "schedule-not-in-force", f"{version.title} takes no claims of {long_date(today)}.", "Choose the schedule that is in force."
        )


def _require_unclaimed(found: Claim) -> None:
    same = Claim.objects.filter(organization_id=found.organization_id, state__in=CLAIMED, level=found.level, bucket=found.bucket)
    same = same.filter(person_id=found.person_id, title=found.title, done_on=found.done_on, credential_id=found.credential_id)
    if same.exclude(pk=found.pk).exists():
        words = f"You have claimed this from {found.organization.name} already, or drafted it."
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
        chosen_on = long_date(made.elected_at.astimezone(zone_of(found.organization_id)).date())
        words = f"You chose “{chosen}” for this award on {chosen_on}, and that choice is final."
        raise Conflict("elected-already", words, "Claim it as what you chose.", {"elected": words})


def _take_along(found: Claim, said: Said) -> None:
    """Those that waited for this one are answered with it."""
    Claim.objects.filter(pk__in=said.together, state="waiting").update(joined_to=found)


@command
def withdraw_claim(*, actor: Actor, claim_id: str) -> Claim:
    """Take it back while nothing is given, or discard a draft. Its papers are erased; what was elected for the award stays elected."""
    found = Claim.objects.visible_to(actor).locked(pk=claim_id)
    policy.WITHDRAW_CLAIM.require(actor, found)
    CLAIM.move(found, to="withdrawn")
    found.settled_at = clock.now()
    found.save(update_fields=["state", "settled_at"])
    Claim.objects.filter(joined_to=found).update(joined_to=None)
    record(events.CLAIM_WITHDRAWN, actor=actor, subject=found, thread=found.pk)
    _erase(actor, found)
    if found.order_id:
        payments.call_off(actor=actor, order_id=found.order_id, reason="The claim was taken back.")
    return found
