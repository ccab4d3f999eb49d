"""Questions to a community: scheduled, copied from a template, announced when they open."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cairn.apps.communities import events, policy
from cairn.apps.communities.models import Community, Post, Prompt
from cairn.apps.ledger.steps import record
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid
from cairn.kernel.text import clean
from cairn.pure.clocks import end_of_day
from cairn.pure.packs.questions import read_questions

TITLE_LIMIT, TEXT_LIMIT, AT_MOST = 160, 4_000, 60
ANNOUNCED_AT_ONCE = 50
MORNING = time(8)


def opening(day: date, zone: ZoneInfo) -> datetime:
    """Prompts open in the morning, and are due at the end of their day."""
    return datetime.combine(day, MORNING, zone)


@command
def schedule_prompt(
    *, actor: Actor, community_id: str, title: str, text: str, opens_on: date, due_on: date, is_required: bool = True
) -> Prompt:
    community = _led(actor, community_id)
    return _schedule(actor, community, title, text, opens_on, due_on, is_required)


@command
def copy_prompts(*, actor: Actor, community_id: str, template: str, first_day: date) -> Community:
    """All the prompts of a template (YAML), the first on `first_day`; those that are here by title already are left as they are."""
    community = _led(actor, community_id)
    known = set(Prompt.objects.filter(community=community, withdrawn_at=None).values_list("title", flat=True))
    for question in read_questions("prompts.yaml", template).questions:
        if question.title not in known:
            opens_on = first_day + timedelta(days=question.after_days)
            due_on = opens_on + timedelta(days=question.days)
            _schedule(actor, community, question.title, question.text, opens_on, due_on, question.is_required)
    return community


def _led(actor: Actor, community_id: str) -> Community:
    community = Community.objects.visible_to(actor).locked(pk=community_id)
    policy.LEAD.require(actor, community)
    return community


def _schedule(
    actor: Actor, community: Community, title: str, text: str, opens_on: date, due_on: date, is_required: bool
) -> Prompt:  # fmt: skip
    if Prompt.objects.filter(community=community, withdrawn_at=None).count() >= AT_MOST:
        raise Conflict("prompts-enough", f"A community takes at most {AT_MOST} prompts.", "Withdraw one that nobody has answered.")
    prompt = Prompt(community=community, is_required=is_required)
    _say(prompt, title, text, opens_on, due_on)
    prompt.save(force_insert=True)
    _record(actor, prompt, is_new=True)
    return prompt


def _say(prompt: Prompt, title: str, text: str, opens_on: date, due_on: date) -> None:
    community, zone = prompt.community, ZoneInfo(prompt.community.zone)
    prompt.title = " ".join(clean(title, limit=TITLE_LIMIT, field="title", name="This question").split())
    prompt.text = clean(text, limit=TEXT_LIMIT, field="text", name="This text").strip()
    if not prompt.title:
        raise Invalid("question-missing", "There is no question.", "Write it in a line.", {"title": "Write the question."})
    if due_on < opens_on:
        words = "Give a day that is not before the one on which it opens."
        raise Invalid("due-first", "It would be due before it opens.", words, {"due_on": words})
    prompt.opens_at, prompt.due_at = opening(opens_on, zone), end_of_day(due_on, zone)
    first, last = community.opens_at.astimezone(zone).date(), community.closes_at
    if opens_on < first or (last is not None and prompt.due_at > last):
        words = "Choose days within the community’s window, or change the window first."
        raise Invalid("outside-window", "Nobody could answer it on all of these days.", words, {"opens_on": words})


def _record(actor: Actor, prompt: Prompt, *, is_new: bool) -> None:
    record(events.PROMPT_SCHEDULED if is_new else events.PROMPT_CHANGED, actor=actor, subject=prompt,
           organization=prompt.community.organization_id, community=prompt.community_id, title=prompt.title,
           opens_at=prompt.opens_at.isoformat(), due_at=prompt.due_at.isoformat(), is_required=prompt.is_required)  # fmt: skip


def _prompt(actor: Actor, prompt_id: str) -> Prompt:
    prompt = Prompt.objects.visible_to(actor).select_related("community").filter(withdrawn_at=None).locked(pk=prompt_id)
    policy.LEAD.require(actor, prompt.community)
    return prompt


@command
def change_prompt(*, actor: Actor, prompt_id: str, title: str, text: str, opens_on: date, due_on: date, is_required: bool) -> Prompt:
    """Its words only while nobody has answered; its days always."""
    prompt = _prompt(actor, prompt_id)
    before = (prompt.title, prompt.text)
    _say(prompt, title, text, opens_on, due_on)
    if before != (prompt.title, prompt.text) and _is_answered(prompt):
        words = "Leave the words, or ask the new question as one of its own."
        raise Conflict("answered-already", "Members have answered the question as it stands.", words)
    prompt.is_required = is_required
    prompt.save()
    _record(actor, prompt, is_new=False)
    return prompt


@command
def withdraw_prompt(*, actor: Actor, prompt_id: str) -> Prompt:
    prompt = _prompt(actor, prompt_id)
    if _is_answered(prompt):
        raise Conflict("answered-already", "Members have answered it, so it stays.", "Make it optional instead.")
    prompt.withdrawn_at = clock.now()
    prompt.save(update_fields=["withdrawn_at"])
    record(
        events.PROMPT_WITHDRAWN, actor=actor, subject=prompt, organization=prompt.community.organization_id, community=prompt.community_id
    )
    return prompt


def _is_answered(prompt: Prompt) -> bool:
    return Post.objects.filter(prompt=prompt, parent=None).exclude(state="deleted").exists()


@command
def announce_prompts(*, actor: Actor) -> int:
    """Timed: tells once of every prompt that has opened, and says of how many; of none that is over, or whose community is closed."""
    now = clock.now()
    due = Prompt.objects.visible_to(actor).filter(announced_at=None, withdrawn_at=None, opens_at__lte=now, due_at__gte=now)
    found = (
        due.filter(community__opens_at__lte=now)
        .exclude(community__closes_at__lt=now)
        .select_related("community")
        .order_by("opens_at", "pk")
    )
    told = 0
    for prompt in found[:ANNOUNCED_AT_ONCE]:
        if Prompt.objects.filter(pk=prompt.pk, announced_at=None).update(announced_at=now):
            told += 1
            organization = prompt.community.organization_id
            record(events.PROMPT_OPENED, actor=actor, subject=prompt, organization=organization, community=prompt.community_id)
    return told
