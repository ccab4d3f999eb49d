"""What is wrong with a pack, all of it at once: where, what, and what to do. Not here: finding it (tree, section, read)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cairn.kernel.errors import Invalid


@dataclass(frozen=True, order=True)
class Problem:
    """`line` counts from 1; `path` leads to the field, e.g. "outcomes[2].details[1].levels" (0 and "" for the whole)."""

    file: str
    line: int
    path: str
    message: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}: " if self.line else f"{self.file}: " if self.file else ""
        return f"{place}{self.message} {self.remedy}".strip()


class PackInvalid(Invalid):
    """The pack cannot be read; `problems` names every one found, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        first, count = self.problems[0], len(self.problems)
        where = f"{first.file}, line {first.line}" if first.line else first.file
        lead = "The pack has a problem" if count == 1 else f"The pack has {count} problems; the first is"
        super().__init__("pack-invalid", f"{lead} in {where}: {first.message}" if where else first.message, first.remedy)
