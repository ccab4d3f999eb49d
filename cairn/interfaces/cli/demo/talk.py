"""What is said in the demonstration's community, and the draft that is open to a coach. Not here: when (loading)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cairn.apps.communities import commands as talking
from cairn.apps.communities import queries as communities
from cairn.apps.communities.queries import CommunityView
from cairn.apps.people import queries as people
from cairn.apps.portfolio import commands as working
from cairn.apps.portfolio import queries as portfolio
from cairn.apps.programs import queries as programs
from cairn.frame.actor import Actor
from cairn.interfaces.cli.demo import texts
from cairn.interfaces.cli.demo.journeys import SYSTEM, actor

ZONE = ZoneInfo("America/Chicago")


def found(today: date) -> None:
    told = texts.read("talk")["community"]
    group = next(group for group in people.groups(SYSTEM) if group.name == told["group"])
    community = talking.found_community(
        actor=SYSTEM.with_key(f"demo: {told['slug']}"), slug=told["slug"], title=told["title"], group_id=group.pk, closes_at=None,
        opens_at=datetime.combine(today + timedelta(days=told["opens"]), time(), ZONE),
    )  # fmt: skip
    leads = str(actor(told["by"]).person_id)
    talking.name_facilitator(actor=SYSTEM.with_key(f"demo: {told['slug']} is led"), community_id=community.pk, person_id=leads)


def carry_out(number: int, step: Mapping[str, Any], today: date) -> None:
    talking.announce_prompts(actor=SYSTEM)  # as the timed job would have
    me = actor(step["who"]).with_key(f"demo: talk {number}")
    doing = step["do"]
    if doing in ("opens-draft", "note"):
        _coach(me, step)
        return
    seen = communities.view(me, texts.read("talk")["community"]["slug"])
    if doing == "ask":
        opens, due = (today + timedelta(days=step[name]) for name in ("opens", "due"))
        talking.schedule_prompt(actor=me, community_id=seen.community.pk, title=step["title"], text=step.get("text", ""), opens_on=opens,
                                due_on=due)  # fmt: skip
        return
    _say(me, step, seen)


def _say(me: Actor, step: Mapping[str, Any], seen: CommunityView) -> None:
    named = [str(actor(who).person_id) for who in step.get("names", ())]
    if step["do"] == "answer":
        prompt = next(each.prompt for each in seen.prompts if each.prompt.title == step["to"])
        talking.answer(actor=me, prompt_id=prompt.pk, text=step["text"], mentions=named)
    elif step["do"] == "share":
        talking.share(actor=me, community_id=seen.community.pk, text=step["text"], link=step.get("link", ""), mentions=named)
    else:
        latest = communities.talk(me, seen.community)[0]
        talking.reply(actor=me, post_id=latest.pk, text=step["text"], mentions=named)


def _coach(me: Actor, step: Mapping[str, Any]) -> None:
    educator = me if step["do"] == "opens-draft" else actor(step["of"])
    run = next(run.pk for run in programs.my_enrollments(educator) if run.microcredential.slug == step["earns"])
    if step["do"] == "opens-draft":
        working.open_draft(actor=me, enrollment_id=run, coach_id=str(actor(step["to"]).person_id), asks=step["text"])
        return
    answers = [a for part in portfolio.draft(me, run).parts for a in part.answers if a.text]
    pointed = " ".join(answers[0].text.split()[:6]) if answers else ""
    working.note(actor=me, enrollment_id=run, prompt=answers[0].prompt.key, text=step["text"], quote=pointed)
