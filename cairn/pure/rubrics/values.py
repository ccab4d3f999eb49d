"""The values of scoring: a scale, a mark on one outcome detail, a sheet of marks. Not here: judging them (checking, deciding)."""

from __future__ import annotations

from dataclasses import dataclass

from cairn.kernel.errors import Invalid


@dataclass(frozen=True)
class Scale:
    """Performance levels from lowest to highest; `bar` is the lowest level that proves a detail."""

    levels: tuple[str, ...]
    bar: str

    def __post_init__(self) -> None:
        if len(set(self.levels)) != len(self.levels) or not all(self.levels):
            raise Invalid("bad-scale", "A scale needs levels with different names.", "Give each level its own name.")
        if self.bar not in self.levels:
            raise Invalid("bad-scale", f"“{self.bar}” is not a level of this scale.", f"Choose one of {', '.join(self.levels)}.")

    def points(self, level: str) -> int:
        """1 for the lowest level; an unknown level is Invalid."""
        if level not in self.levels:
            raise Invalid("unknown-level", f"“{level}” is not a level of this scale.", f"Choose one of {', '.join(self.levels)}.")
        return self.levels.index(level) + 1

    def meets(self, level: str) -> bool:
        return self.points(level) >= self.points(self.bar)


@dataclass(frozen=True)
class Mark:
    """What an assessor says about one outcome detail; empty strings where nothing has been said yet."""

    detail: str
    level: str = ""
    rationale: str = ""
    advice: str = ""


@dataclass(frozen=True)
class Sheet:
    """One assessor's marks on one attempt; `id` identifies the sheet, never the assessor."""

    id: str
    marks: tuple[Mark, ...]
