"""States as data: a table of moves for each thing that has a life, and the one function that makes a move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cairn.kernel.errors import Conflict

TABLES: dict[str, States] = {}


@dataclass(frozen=True)
class States:
    """`moves` maps each state to those it may become; a state that maps to nothing is terminal. `means` says each in words."""

    name: str
    owner: str
    initial: str
    moves: Mapping[str, tuple[str, ...]]
    means: Mapping[str, str]

    def __post_init__(self) -> None:
        if set(self.moves) != set(self.means):
            raise ValueError(f"{self.name}: every state needs its moves and its meaning")
        unknown = {to for targets in self.moves.values() for to in targets} - set(self.moves)
        if unknown:
            raise ValueError(f"{self.name}: moves lead to unknown states {sorted(unknown)}")
        TABLES[self.name] = self

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(state, state) for state in self.moves]

    def move(self, thing: Any, to: str) -> None:
        """Set `thing.state`; Conflict where the table has no such move. The caller saves."""
        if to not in self.moves[thing.state]:
            raise Conflict(
                f"{self.name.replace(' ', '-')}-is-{thing.state}",
                f"This {self.name} is {thing.state.replace('_', ' ')}, so it cannot become {to.replace('_', ' ')}.",
                "Reload the page to see where it stands now.",
            )
        thing.state = to
