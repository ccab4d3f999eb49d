"""How an organization answers claims, by which schedules, and what it says beforehand."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

from django.db.models import Q

from cairn.apps.catalog import queries as catalog
from cairn.apps.ledger.steps import record
from cairn.apps.licensure import events, policy
from cairn.apps.licensure.models import PriorApproval, Recognizer, ScheduleVersion
from cairn.apps.licensure.queries.recognizers import today_of, works_for
from cairn.apps.licensure.queries.schedules import read_schedule, replaced, require_within_state, shipped_schedule
from cairn.apps.licensure.states import BODIES, PRIOR_APPROVAL
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid
from cairn.kernel.text import clean
from cairn.pure.clocks import long_date

WORDS, TEXT = 2_000, 60_000


@command
def set_recognizer(
    *, actor: Actor, organization_id: str, body: str = "council", called: str = "", votes_needed: int = 3, answer_days: int = 15,
    appeal: str = "", meets_at: datetime | None = None, meets_where: str = "",
) -> Recognizer:  # fmt: skip
    """Say who answers claims, how many equal votes settle one, and within how many business days."""
    policy.SET_RECOGNIZER.require(actor, organization_id)
    organization = people.organization_by_id(actor, organization_id)
    if body not in BODIES:
        raise Invalid("body-unknown", "Say who answers.", "Choose one of the two.", {"body": "Choose one of the two."})
    votes_needed = 1 if body == "person" else votes_needed
    if not 1 <= votes_needed <= 25:
        raise Invalid("votes-wrong", "From 1 to 25 equal votes settle a claim.", "Correct it.", {"votes_needed": "From 1 to 25."})
    if not 1 <= answer_days <= 90:
        raise Invalid("days-wrong", "A claim is answered within 1 to 90 business days.", "Correct it.", {"answer_days": "From 1 to 90."})
    told = {
        "body": body, "called": clean(called, limit=120, field="called").strip() or "Professional development council",
        "votes_needed": votes_needed, "answer_days": answer_days, "appeal": clean(appeal, limit=500, field="appeal").strip(),
        "meets_at": meets_at, "meets_where": clean(meets_where, limit=120, field="meets_where").strip(),
    }  # fmt: skip
    recognizer, _ = Recognizer.objects.update_or_create(organization=organization, defaults=told)
    record(events.RECOGNIZER_SET, actor=actor, subject=recognizer, organization=organization_id, body=body, votes_needed=votes_needed,
           answer_days=answer_days)  # fmt: skip
    return recognizer


@command
def adopt_schedule(*, actor: Actor, organization_id: str, effective: date, slug: str = "", text: str = "") -> ScheduleVersion:
    """Give what a shipped schedule says, by its `slug`; or what the organization's own `text` says, within the bounds of the one that it
    overlays. Claims made from `effective` on are answered by it; those made before keep theirs."""
    policy.SET_RECOGNIZER.require(actor, organization_id)
    if not Recognizer.objects.filter(organization_id=organization_id).exists():
        raise Conflict("not-a-recognizer", "This organization does not answer claims yet.", "Say first who answers them.")
    if text.strip():
        text = clean(text, limit=TEXT, field="text", name="The schedule")
        found = read_schedule(text)
    else:
        found, text = shipped_schedule(slug)
    require_within_state(people.organization_by_id(actor, organization_id), found)
    version, made = ScheduleVersion.objects.get_or_create(
        organization_id=organization_id, slug=found.slug, effective=effective, hash=hashlib.sha256(text.encode()).hexdigest(),
        defaults={"title": found.title, "text": text, "rule": found.overlay_of or found.slug, "adopted_by_id": actor.person_id},
    )  # fmt: skip
    if version.ended_on is not None:
        words = f"This schedule of {long_date(effective)} has ended: it takes no claims after {long_date(version.ended_on)}."
        raise Conflict("schedule-ended", words, "Adopt it from another day.", {"effective": words})
    is_again = not made and replaced(version)
    if is_again:
        version.adopted_at, version.adopted_by_id = clock.now(), actor.person_id
        version.save(update_fields=["adopted_at", "adopted_by"])
    if made or is_again:
        record(events.SCHEDULE_ADOPTED, actor=actor, subject=version, organization=organization_id, slug=version.slug,
               effective=effective.isoformat(), hash=version.hash)  # fmt: skip
    return version


@command
def end_schedule(*, actor: Actor, schedule_id: str, ended_on: date) -> ScheduleVersion:
    """Take no more claims under it after that day. What was granted stays."""
    version = ScheduleVersion.objects.visible_to(actor).locked(pk=schedule_id)
    policy.SET_RECOGNIZER.require(actor, version.organization_id)
    if ended_on < version.effective - timedelta(days=1):
        words = f"It is in force from {long_date(version.effective)}, so it cannot end before that."
        raise Invalid("ends-before-start", words, "Give a later day.", {"ended_on": words})
    version.ended_on = ended_on
    version.save(update_fields=["ended_on"])
    record(events.SCHEDULE_ENDED, actor=actor, subject=version, organization=version.organization_id, slug=version.slug,
           ended_on=ended_on.isoformat())  # fmt: skip
    return version


# --- Beforehand -----------------------------------------------------------------------------------------------------------


@command
def ask_approval(*, actor: Actor, organization_id: str, microcredential_id: str = "", title: str = "", why: str = "") -> PriorApproval:
    """Ask a recognizer whether a micro-credential, or something else by its title, will count, before beginning; asking again answers with
    what was asked."""
    policy.ASK_BEFOREHAND.require(actor, organization_id)
    recognizer = Recognizer.objects.visible_to(actor).get_or_not_found(organization_id=organization_id)
    mc = catalog.microcredential_by_id(actor, microcredential_id) if microcredential_id else None
    title = mc.title if mc else clean(title, limit=200, field="title").strip()
    if not title:
        raise Invalid("title-missing", "Say what you mean to do.", "Name it.", {"title": "Name it."})
    about = Q(microcredential=mc) if mc else Q(microcredential=None, title=title)
    mine = PriorApproval.objects.filter(about, person_id=actor.person_id, organization_id=organization_id)
    if running := mine.filter(state__in=["asked", "approved"]).first():
        return running
    approval = PriorApproval.objects.create(
        person_id=str(actor.person_id), organization_id=recognizer.organization_id, microcredential=mc, title=title,
        why=clean(why, limit=WORDS, field="why").strip(), is_at_work=works_for(str(actor.person_id), organization_id),
    )  # fmt: skip
    record(events.APPROVAL_ASKED, actor=actor, subject=approval, organization=organization_id, microcredential=mc.slug if mc else "")
    return approval


@command
def answer_approval(*, actor: Actor, approval_id: str, is_approved: bool, words: str = "") -> PriorApproval:
    """Say in writing whether it will count, with today's date."""
    approval = PriorApproval.objects.visible_to(actor).locked(pk=approval_id)
    policy.ANSWER_BEFOREHAND.require(actor, approval)
    approval.words = clean(words, limit=WORDS, field="words").strip()
    if not is_approved and not approval.words:
        raise Invalid("reason-missing", "The educator is told why not.", "Write the reason.", {"words": "Write the reason."})
    PRIOR_APPROVAL.move(approval, to="approved" if is_approved else "declined")
    approval.answered_at, approval.answered_by_id = clock.now(), actor.person_id
    approval.answered_on = today_of(approval.organization_id)
    approval.save(update_fields=["state", "words", "answered_at", "answered_on", "answered_by"])
    record(events.APPROVAL_ANSWERED, actor=actor, subject=approval, organization=approval.organization_id, outcome=approval.state,
           answered_on=approval.answered_on.isoformat(), words=approval.words)  # fmt: skip
    return approval


@command
def take_back_approval(*, actor: Actor, approval_id: str) -> PriorApproval:
    approval = PriorApproval.objects.visible_to(actor).locked(pk=approval_id)
    policy.TAKE_BACK_ASKING.require(actor, approval)
    PRIOR_APPROVAL.move(approval, to="taken back")
    approval.save(update_fields=["state"])
    record(events.APPROVAL_TAKEN_BACK, actor=actor, subject=approval)
    return approval
