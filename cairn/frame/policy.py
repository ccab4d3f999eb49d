"""Policies as data: an action and the rules that must hold. `require` raises the first refusal, `allows` is derived from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cairn.frame.actor import Actor
from cairn.kernel.errors import Refused

Rule = Callable[[Actor, Any], None]  # raises a Refused, or returns nothing; its docstring is its line in the permission table
ACTIONS: dict[str, Action] = {}


@dataclass(frozen=True)
class Action:
    """`who` decides by the person, `when` by the state of the thing: kept apart so that each can be read alone."""

    name: str
    about: str
    who: tuple[Rule, ...]
    when: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        ACTIONS[self.name] = self

    def require(self, actor: Actor, thing: Any) -> None:
        for rule in (*self.who, *self.when):
            rule(actor, thing)

    def allows(self, actor: Actor, thing: Any) -> bool:
        try:
            self.require(actor, thing)
        except Refused:
            return False
        return True
