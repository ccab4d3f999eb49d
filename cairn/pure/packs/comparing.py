"""Two versions side by side, section by section and word by word; a third made of sections of both.

Not here: which version came from which (catalog). Sections are cut so that each may be taken over without the others: the rubric, what is
submitted and how it is scored refer to one another by key, so they are one.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from cairn.pure.packs.model import Outcome, Part, VersionContent

# Section -> its title and its fields of VersionContent. Together they are all fields that a fork may take over.
SECTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "summary": ("Summary and whom it is for", ("summary", "audiences", "career_stages", "rigor", "level")),
    "competency": ("What is shown, and how to go about it", ("competency", "key_method", "method_components", "observable_actions")),
    "rationale": ("Why it matters, and what it rests on", ("rationale", "citations")),
    "resources": ("Where to learn more", ("resources",)),
    "rubric": ("Rubric, what is submitted, and how it is scored", ("rubric", "outcomes", "parts", "decision", "scoring", "alignments")),
    "hours": ("Hours and credit", ("hours",)),
}


@dataclass(frozen=True)
class Piece:
    """Words that are in both ("same"), in the later alone ("added"), or in the earlier alone ("removed")."""

    kind: str
    text: str


@dataclass(frozen=True)
class SectionChange:
    """`lines`: each paragraph in pieces; only paragraphs that changed, in the order of the later version."""

    key: str
    title: str
    lines: tuple[tuple[Piece, ...], ...]


def compare(earlier: VersionContent, later: VersionContent) -> tuple[SectionChange, ...]:
    """Sections whose words or rules differ, in the order in which they are read. The same content gives nothing."""
    return tuple(
        SectionChange(key, title, _lines(_told(earlier, fields), _told(later, fields)))
        for key, (title, fields) in SECTIONS.items()
        if any(getattr(earlier, field) != getattr(later, field) for field in fields)
    )


def take_over(mine: VersionContent, theirs: VersionContent, sections: Collection[str]) -> VersionContent:
    """Mine, with the named sections of theirs; KeyError for a section that is none."""
    fields = [field for key in sections for field in SECTIONS[key][1]]
    return replace(mine, **{field: getattr(theirs, field) for field in fields})


def _told(content: VersionContent, fields: tuple[str, ...]) -> list[str]:
    return [line for field in fields for line in _sentences(field, getattr(content, field))]


def _sentences(name: str, value: Any) -> Iterator[str]:
    """A field as paragraphs that people read."""
    if name == "outcomes":
        yield from (line for outcome in value for line in _outcome(outcome))
    elif name == "parts":
        yield from (line for part in value for line in _part(part))
    elif name == "rubric":
        yield "Levels: " + ", ".join(f"{level.title}{' (the bar)' if level.is_bar else ''}" for level in value.levels)
    elif name == "alignments":
        yield from (f"Aligned to {each.framework} {each.code}, {each.target}" for each in value)
    elif isinstance(value, tuple):
        yield from (_one(item) for item in value)
    elif isinstance(value, str) and name not in ("rigor",):
        yield value
    else:
        yield f"{name.capitalize()}: {_one(value)}"


def _one(value: Any) -> str:
    """A value in a line; of a dataclass its fields that say something."""
    if hasattr(value, "__dataclass_fields__"):
        told = [(name, getattr(value, name)) for name in value.__dataclass_fields__]
        said = [(name.replace("_", " "), part) for name, part in told if part not in ("", None, ())]
        return ", ".join(part if isinstance(part, str) else f"{name} {_one(part)}" for name, part in said)
    return ", ".join(_one(item) for item in value) if isinstance(value, tuple) else str(value)


def _outcome(outcome: Outcome) -> Iterator[str]:
    yield f"{outcome.key} {outcome.title}"
    for detail in outcome.details:
        yield f"{detail.key} {detail.text}"
        yield detail.guiding_question
        if detail.is_together:
            yield f"{detail.key} may be shown together by a team"
        yield from (f"{detail.key} {at.level.title}: {at.text}" for at in detail.levels)


def _part(part: Part) -> Iterator[str]:
    yield f"{part.title}: {part.instructions}"
    yield from (f"{p.question} ({p.words_min} to {p.words_max} words{'' if p.is_required else ', optional'})" for p in part.prompts)
    for slot in part.artifacts:
        yield f"{slot.title}: {slot.what_belongs} ({slot.files_min} to {slot.files_max} files: {slot.types})"


def _lines(before: list[str], after: list[str]) -> tuple[tuple[Piece, ...], ...]:
    found: list[tuple[Piece, ...]] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "replace" and j - i == m - k:
            found += [_words(old, new) for old, new in zip(before[i:j], after[k:m], strict=True)]
        elif tag != "equal":
            found += [(Piece("removed", line),) for line in before[i:j]] + [(Piece("added", line),) for line in after[k:m]]
    return tuple(found)


def _words(before: str, after: str) -> tuple[Piece, ...]:
    """Words and the white space between them, so that the pieces put together are the text."""
    old, new = (re.findall(r"\s+|\S+", text) for text in (before, after))
    pieces = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[i:j])))
        else:
            pieces += [Piece(kind, "".join(part)) for kind, part in (("removed", old[i:j]), ("added", new[k:m])) if part]
    return tuple(pieces)
