"""Where the table of consequences is kept while the program runs. The table itself is site/wiring.py and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cairn.kernel.facts import Event

Handler = Callable[..., Any]  # handler(actor=Actor, fact=Recorded): a command, or work that may safely run twice
Objection = Callable[..., None]  # objection(viewer=Actor, ...): raises a Refused before the fact comes to be; it writes nothing
RANKS = range(1, 7)
_table: dict[str, Mapping[str, Handler]] = {}
_objections: dict[str, tuple[Objection, ...]] = {}


def install(table: Mapping[Event, Mapping[str, Handler]], objections: Mapping[Event, tuple[Objection, ...]]) -> None:
    _table.clear()
    _table.update({event.kind: dict(work) for event, work in table.items()})
    _objections.clear()
    _objections.update({event.kind: asked for event, asked in objections.items()})


def object_to(event: Event, **about: Any) -> None:
    """Ask the capabilities above, inside the command, whether something stands against it."""
    for objection in _objections.get(event.kind, ()):
        objection(**about)


def consequences(kind: str) -> Mapping[str, Handler]:
    return _table.get(kind, {})


def table() -> Mapping[str, Mapping[str, Handler]]:
    return dict(_table)


def rank(handler: Handler) -> int:
    """One of RANKS. Lower goes first: an award is not kept waiting behind a thousand letters."""
    return RANKS[RANKS.index(getattr(handler, "rank", 1))]
