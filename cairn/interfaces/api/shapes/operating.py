"""Queues and timed jobs, for operators."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cairn.interfaces.api.shapes.base import WHOLE, Asked, Id, Moment, Plain, Shown, at, example


class QueueShown(Shown):
    """How many deliveries of one consequence stand in one state, and since when the oldest."""

    consequence: Annotated[str, Field(examples=["sign"])]
    state: Annotated[str, Field(examples=["done"])]
    count: int
    oldest: Moment


class JobShown(Shown):
    name: Annotated[str, Field(examples=["sign-status-lists"])]
    state: Annotated[str, Field(examples=["idle"])]
    next_at: Moment
    last_ended_at: Moment | None
    last_reason: str


class OperationsShown(Shown):
    queue: list[QueueShown]
    jobs: list[JobShown]


class DeliveriesAsked(Asked):
    state: Literal["queued", "leased", "waiting", "parked", "done", "declined"] = "parked"


class DeliveryShown(Shown):
    """One consequence of one fact, and what became of it."""

    id: Id
    consequence: Annotated[str, Field(examples=["mail"])]
    follows: Annotated[str, Field(examples=["comms.posted"])] = at("fact", "kind")
    state: Annotated[str, Field(examples=["parked"])]
    attempts: int
    run_after: Moment
    code: str
    reason: str
    ended_at: Moment | None


class AsideReason(Plain):
    model_config = example(reason="The address no longer exists.")

    reason: Annotated[str, Field(min_length=1, max_length=2000, pattern=WHOLE)]
