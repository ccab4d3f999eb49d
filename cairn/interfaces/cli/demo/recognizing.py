"""A council of the demonstration: what it gives for what, what is claimed from it, and its votes. Not here: when (loading)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from cairn.apps.licensure import commands
from cairn.apps.licensure.commands import Ask, Done, Written
from cairn.apps.licensure.queries import claims, proposals, recognizers, schedules
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.interfaces.cli.demo.journeys import SYSTEM, actor
from cairn.interfaces.cli.demo.texts import read


def _told() -> Mapping[str, Any]:
    told: Mapping[str, Any] = read("recognizing")
    return told


def _district() -> str:
    return str(people.organization(SYSTEM, _told()["district"]).pk)


def found(today: date) -> None:
    """How the council answers, and its rule."""
    council, rule = _told()["council"], _told()["schedule"]
    meets_at = datetime.combine(today + timedelta(days=council["meets"]), time(22, 15), UTC)
    commands.set_recognizer(
        actor=SYSTEM.with_key("demo: council"), organization_id=_district(), meets_at=meets_at,
        **{name: council[name] for name in ("votes_needed", "answer_days", "appeal", "meets_where")},
    )  # fmt: skip
    begins = today + timedelta(days=rule["from"])
    commands.adopt_schedule(actor=SYSTEM.with_key("demo: points"), organization_id=_district(), effective=begins, text=rule["text"])


def carry_out(number: int, step: Mapping[str, Any], today: date) -> None:
    DOINGS[step["do"]](actor(step["who"]).with_key(f"demo: recognizing {number}"), step, today)


def _ask(me: Actor, step: Mapping[str, Any], today: date) -> None:
    commands.ask_approval(actor=me, organization_id=_district(), title=step["title"], why=step["why"])


def _approve(me: Actor, step: Mapping[str, Any], today: date) -> None:
    asked = recognizers.approvals_of(actor(step["of"])).filter(title=step["title"])[0]
    commands.answer_approval(actor=me, approval_id=asked.pk, is_approved=True)


def _claim(me: Actor, step: Mapping[str, Any], today: date) -> None:
    rule = schedules.schedules_in_force(SYSTEM, [_district()], today)[0]
    done = Done(title=step["title"], done_on=today + timedelta(days=step["ended"]), hours=Decimal(step["hours"]), days=step["days"],
                evidence=step["evidence"])  # fmt: skip
    rests_on = _claim_called(step["rests_on"]) if "rests_on" in step else ""
    ask = Ask(rule.pk, step["purpose"], step["level"], step["bucket"], amount=Decimal(step["asks"]) if "asks" in step else None,
              note=step.get("note", ""), despite=step.get("despite", False), rests_on_id=rests_on)  # fmt: skip
    commands.claim(actor=me, done=done, asks=[ask])


def _claim_called(name: str) -> str:
    """By the step that made it."""
    made = next(step for step in _told()["steps"] if step["do"] == "claim" and step["name"] == name)
    mine = claims.my_claims(actor(made["who"]))
    return str(mine.filter(title=made["title"], level=made["level"])[0].pk)


def _vote(me: Actor, step: Mapping[str, Any], today: date) -> None:
    commands.vote_on_claim(actor=me, claim_id=_claim_called(step["name"]), vote=step["vote"], words=step.get("words", ""))


def _propose(me: Actor, step: Mapping[str, Any], today: date) -> None:
    plan = _told()["plan"]
    begun = commands.begin_proposal(actor=me, organization_id=_district(), title=step["title"])
    written = Written(step["title"], plan["answers"], plan["sources"])
    saved = commands.save_proposal(actor=me.with_key(""), proposal_id=begun.pk, written=written, revision=begun.revision)
    commands.send_proposal(actor=me.with_key(""), proposal_id=saved.pk)


def _vote_plan(me: Actor, step: Mapping[str, Any], today: date) -> None:
    made = next(each for each in _told()["steps"] if each["do"] == "propose" and each["name"] == step["name"])
    plan = proposals.my_proposals(actor(made["who"])).filter(title=made["title"])[0]
    commands.vote_on_proposal(actor=me, proposal_id=plan.pk, vote=step["vote"], words=step["words"])


DOINGS = {"ask": _ask, "approve": _approve, "claim": _claim, "vote": _vote, "propose": _propose, "vote-plan": _vote_plan}
