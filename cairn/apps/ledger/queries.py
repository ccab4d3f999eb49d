"""Reading facts and deliveries."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Count, Min, Q, QuerySet

from cairn.apps.ledger.models import Answer, Delivery, Fact, TimedJob
from cairn.apps.ledger.states import DELIVERY
from cairn.apps.ledger.steps import leaf_hash, request_digest
from cairn.frame.actor import Actor
from cairn.frame.commands import Call
from cairn.kernel import clock
from cairn.kernel.errors import Conflict
from cairn.kernel.facts import Recorded
from cairn.kernel.ids import Id

KEY_REUSED = "request-key-reused"
# Columns that the body tells too.
_TOLD = ("uid", "kind", "actor", "on_behalf", "organization", "subject_type", "subject_id", "cause", "thread", "request")


def first_answer(call: Call) -> Any:
    """The result of the first call with this actor and request key, or the fact itself where what it told of is no longer there; None where
    there was no such call, Conflict where the key was for something else."""
    fact = Fact.objects.filter(request=request_digest(call.actor)).first()
    if fact is None:
        return None
    if (fact.command, fact.command_digest) != (call.name, call.digest):
        raise Conflict(
            KEY_REUSED,
            "This request carries the key of an earlier, different request.",
            "Reload the page and send it again.",
        )
    return apps.get_model(fact.subject_type)._default_manager.filter(pk=fact.subject_id).first() or seen(fact)


def was_done(viewer: Actor) -> bool:
    """Whether what the viewer sends under their request key was carried out before."""
    return bool(viewer.request_key) and Fact.objects.filter(request=request_digest(viewer)).exists()


def kept_answer(viewer: Actor, key: str) -> Answer | None:
    """The answer to a request key, once there is one; for the system, which knows whose key it is."""
    return Answer.objects.visible_to(viewer).filter(key=key).exclude(status=None).first()


def seen(fact: Fact) -> Recorded:
    return Recorded(
        uid=fact.uid, at=fact.at, kind=fact.kind, actor=fact.actor, organization=fact.organization, subject_type=fact.subject_type,
        subject_id=Id(fact.subject_id), cause=fact.cause, thread=fact.thread, data=told(fact.body),
    )  # fmt: skip


def told(body: str) -> Mapping[str, Any]:
    """A fact's own fields; nothing where its body is no longer that of a fact, which `broken_leaves` finds."""
    try:
        data = json.loads(body)["data"]
    except (ValueError, KeyError, TypeError):
        return {}
    return data if isinstance(data, dict) else {}


def chain(viewer: Actor, uid: str) -> tuple[Recorded, ...]:
    """The fact and what led to it, first cause first."""
    links: list[Recorded] = []
    while uid and len(links) < 100:
        fact = Fact.objects.visible_to(viewer).get_or_not_found(uid=uid)
        links.append(seen(fact))
        uid = fact.cause
    return tuple(reversed(links))


def about(viewer: Actor, subject_type: str, subject_id: str) -> tuple[Recorded, ...]:
    found = Fact.objects.visible_to(viewer).filter(subject_type=subject_type, subject_id=subject_id).order_by("id")
    return tuple(seen(f) for f in found)


@dataclass(frozen=True)
class Link:
    """A fact with its leaf; `holds` says whether its columns, its body and its leaf still agree."""

    fact: Recorded
    leaf: str
    holds: bool


def story(viewer: Actor, thread_id: str, *, about: tuple[str, str], followed_by: str) -> tuple[Link, ...]:
    """The facts of a thread, those about the thing (type, id) that it rests on, and those of one kind that followed from it, in order."""
    facts = Fact.objects.visible_to(viewer)
    own = facts.filter(thread=thread_id)
    followed = Q(kind=followed_by, cause__in=own.values("uid"))
    found = facts.filter(Q(thread=thread_id) | Q(subject_type=about[0], subject_id=about[1]) | followed).order_by("id")
    return tuple(Link(seen(fact), fact.leaf, _holds(fact)) for fact in found)


def unknown(viewer: Actor, uids: Collection[str]) -> set[str]:
    """Those of the uids that no fact bears."""
    return set(uids) - set(Fact.objects.visible_to(viewer).filter(uid__in=uids).values_list("uid", flat=True))


def thread(viewer: Actor, thread_id: str) -> tuple[Recorded, ...]:
    return tuple(seen(f) for f in Fact.objects.visible_to(viewer).filter(thread=thread_id).order_by("id"))


@dataclass(frozen=True)
class QueueLine:
    consequence: str
    state: str
    count: int
    oldest: datetime


def queue(viewer: Actor) -> tuple[QueueLine, ...]:
    """How many deliveries of each consequence stand in each state, with the oldest."""
    rows = Delivery.objects.visible_to(viewer).values("consequence", "state").annotate(n=Count("id"), oldest=Min("created_at"))
    order = list(DELIVERY.moves)
    lines = [QueueLine(r["consequence"], r["state"], r["n"], r["oldest"]) for r in rows]
    return tuple(sorted(lines, key=lambda line: (order.index(line.state), line.consequence)))


def deliveries(viewer: Actor, state: str) -> QuerySet[Delivery]:
    """Deliveries in a state, the oldest open or the latest ended first."""
    found = Delivery.objects.visible_to(viewer).filter(state=state).select_related("fact")
    return found.order_by("-ended_at") if state in ("done", "declined") else found.order_by("run_after")


def something_is_due(viewer: Actor) -> bool:
    """A look without a lock, so that an idle worker never holds up a writer."""
    return Delivery.objects.visible_to(viewer).first_due(clock.now()) is not None


def jobs(viewer: Actor) -> QuerySet[TimedJob]:
    return TimedJob.objects.visible_to(viewer).order_by("name")


def broken_leaves(viewer: Actor) -> list[str]:
    """Facts whose columns, body and leaf do not agree: what `cairn check` reports."""
    return [fact.uid for fact in Fact.objects.visible_to(viewer).order_by("id").iterator(2000) if not _holds(fact)]


def _holds(fact: Fact) -> bool:
    try:
        told = json.loads(fact.body)
        same = all(told[name] == getattr(fact, name) for name in _TOLD) and datetime.fromisoformat(told["at"]) == fact.at
    except (ValueError, KeyError, TypeError):  # the body is no longer that of a fact
        return False
    return same and leaf_hash(fact.body) == fact.leaf
