"""The demonstration's data: people, journeys, and what they write, read from cairn/data/demo and put together for one person.

Not here: carrying any of it out (journeys, loading).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import yaml
from django.conf import settings

FOLDER = Path(settings.PACKS_DIR).parent / "demo"


@cache
def read(name: str) -> Any:
    """One file of the demonstration's data."""
    return yaml.load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)


@dataclass(frozen=True)
class File:
    """A file of evidence: what it fills, its name on the educator's disk, and what is in it, ready to be made."""

    key: str
    slot: str
    name: str
    title: str
    spec: Mapping[str, Any]


@dataclass(frozen=True)
class Cite:
    detail: str
    file: str
    page: int | None
    why: str


@dataclass(frozen=True)
class Journey:
    """One educator's run at one micro-credential; `weak` details are not yet shown in the first attempt."""

    number: int
    who: str
    earns: str
    story: Mapping[str, str]
    steps: Sequence[Mapping[str, Any]]
    weak: frozenset[str] = field(default_factory=frozenset)

    def _part(self, name: str) -> Any:
        return read(f"{self.earns}.{name}")

    def facts(self) -> dict[str, str]:
        """What texts name: the person's school and the story; each also with a capital letter."""
        person = read("people")["people"][self.who]
        facts = {k: v for k, v in person.items() if isinstance(v, str)} | dict(self.story) | {"surname": person["name"].split()[-1]}
        facts = {k: v.format_map(facts) for k, v in facts.items()}
        return facts | {k.capitalize(): v[:1].upper() + v[1:] for k, v in facts.items()}

    def answer(self, prompt: str, attempt: int) -> str:
        """What this person writes to a prompt; the same whenever it is asked."""
        data = self._part("writing")
        paragraphs = data["writing"][prompt]
        for detail, texts in data.get("weak", {}).items():
            if attempt == 1 and detail in self.weak:
                paragraphs = texts.get(prompt, paragraphs)
        facts = self.facts()
        chosen = [p if isinstance(p, str) else p[crc32(f"{self.who} {self.earns} {prompt}".encode()) % len(p)] for p in paragraphs]
        return "\n\n".join(p.format_map(facts) for p in chosen)

    def files(self, attempt: int) -> list[File]:
        """What belongs into the portfolio by this attempt."""
        facts = self.facts()
        told = self._part("files")["files"]
        return [File(k, f["slot"], f["name"].format_map(facts), f["title"].format_map(facts), filled(f, facts))
                for k, f in told.items() if self._belongs(f, attempt)]  # fmt: skip

    def _belongs(self, file: Mapping[str, Any], attempt: int) -> bool:
        if weak_for := file.get("weak_for"):
            return weak_for in self.weak
        return attempt > 1 or file.get("shows") not in self.weak

    def cites(self, detail: str, attempt: int) -> list[Cite]:
        """The places that show a detail, among the files that there are."""
        data, facts = self._part("files"), self.facts()
        there = {f.key for f in self.files(attempt)}
        weak = [c for c in data.get("weak_cites", {}).get(detail, []) if c["file"] in there and attempt == 1]
        told = weak or [c for c in data["cites"][detail] if c["file"] in there]
        return [Cite(detail, c["file"], c.get("page"), c["why"].format_map(facts)) for c in told]

    def score(self, detail: str, level: str, reader: int) -> tuple[str, str]:
        """Rationale and advice of the first (0) or second (1) reader at this level."""
        said = self._part("scoring")[detail]
        choices = said.get(level) or said["proficient"]
        one = choices[(reader + self.number) % len(choices)]
        rationale, advice = (one, "") if isinstance(one, str) else (one["says"], one["advice"])
        facts = self.facts()
        return rationale.format_map(facts), advice.format_map(facts)


def journeys() -> list[Journey]:
    told = read("journeys")["journeys"]
    return [Journey(n, j["who"], j["earns"], j["story"], j["steps"], frozenset(j.get("weak", ()))) for n, j in enumerate(told)]


def filled(value: Any, facts: Mapping[str, str]) -> Any:
    """The same with every {name} replaced."""
    if isinstance(value, str):
        return value.format_map(facts)
    if isinstance(value, list):
        return [filled(v, facts) for v in value]
    return {k: filled(v, facts) for k, v in value.items()} if isinstance(value, dict) else value
