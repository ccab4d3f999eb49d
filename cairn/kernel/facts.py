"""The shape of a fact's kind: what each app's `events.py` declares. Not here: recording one (apps.ledger)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cairn.kernel.ids import Id


@dataclass(frozen=True)
class Event:
    """A kind of fact, past tense, e.g. Event("portfolio.submitted", "An educator submitted an attempt.", ("attempt",)).

    `fields` are the body's keys; `personal` those of them whose values identify a person: the fact keeps only a
    salted hash of them, value and salt lie in a side table that can be erased.
    """

    kind: str
    about: str
    fields: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        missing = set(self.personal) - set(self.fields)
        if missing:
            raise ValueError(f"{self.kind}: personal fields {sorted(missing)} are not among its fields")

    def __str__(self) -> str:
        return self.kind


@dataclass(frozen=True)
class Recorded:
    """A recorded fact as consequences and readers see it. `data` is the event's body, personal values left out."""

    uid: str
    at: datetime
    kind: str
    actor: str
    organization: str
    subject_type: str
    subject_id: Id
    cause: str
    thread: str
    data: Mapping[str, Any]
