"""What is still missing from a submission, said part by part. Not here: whether it is any good (that is for assessors)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cairn.kernel.text import megabytes
from cairn.pure.packs.model import ArtifactRequirement, Prompt, VersionContent
from cairn.pure.packs.words import FileType, PartKind


@dataclass(frozen=True)
class Held:
    """A file in a slot: `type` is a FileType, `people` who can be recognized in it ("" where that is not said yet).

    `is_carried`: an earlier attempt showed it, so it can no longer be taken out and does not count against the slot's most.
    """

    requirement: str
    type: str
    megabytes: float
    pages: int | None = None
    seconds: float | None = None
    people: str = ""
    is_carried: bool = False


@dataclass(frozen=True)
class Cited:
    """A citation for an outcome detail, with the educator's explanation."""

    detail: str
    explanation: str


@dataclass(frozen=True)
class Gap:
    """One thing to do before submitting: in which part, at which prompt, slot or detail, and what."""

    part: str
    key: str
    sentence: str


def gaps(
    content: VersionContent, *, words: Mapping[str, int], held: Sequence[Held], cited: Sequence[Cited], open_details: Sequence[str]
) -> tuple[Gap, ...]:
    """Everything missing, in the order of the parts; empty when the attempt may be submitted.

    `words` counts each prompt's answer; `open_details` are those that this attempt is about: in a later attempt the
    prompts that serve only other details are left alone.
    """
    found: list[Gap] = []
    for part in content.parts:
        for prompt in part.prompts:
            if is_open(prompt, open_details):
                found += [Gap(part.key, prompt.key, sentence) for sentence in _writing(prompt, words.get(prompt.key, 0))]
        for slot in part.artifacts:
            mine = [h for h in held if h.requirement == slot.key]
            found += [Gap(part.key, slot.key, sentence) for sentence in _slot(slot, mine)]
        if part.kind == PartKind.ANALYSIS and content.artifacts:
            found += [Gap(part.key, key, sentence) for key, sentence in _citations(content, open_details, cited)]
    return tuple(found)


def is_open(prompt: Prompt, open_details: Sequence[str]) -> bool:
    """A prompt that serves the whole stays open in every attempt."""
    return not prompt.serves or any(detail in open_details for detail in prompt.serves)


def _writing(prompt: Prompt, words: int) -> Iterator[str]:
    if words == 0:
        if prompt.is_required:
            least = f"; it asks for at least {_count(prompt.words_min, 'word')}" if prompt.words_min else ""
            yield f"“{prompt.question}” has no answer yet{least}."
    elif words < prompt.words_min:
        yield f"“{prompt.question}” has {_count(words, 'word')}; it takes {prompt.words_min - words:,} more to reach the minimum."
    elif words > prompt.words_max:
        yield f"“{prompt.question}” has {_count(words, 'word')}; take out {words - prompt.words_max:,} to meet the maximum."


def _slot(slot: ArtifactRequirement, held: Sequence[Held]) -> Iterator[str]:
    new = [file for file in held if not file.is_carried]
    if len(held) < slot.files_min:
        yield f"“{slot.title}” has {_count(len(held), 'file') if held else 'no file'} yet; it asks for at least {slot.files_min}."
    elif len(new) > slot.files_max:
        yield f"“{slot.title}” has {_count(len(new), 'file')}; it takes at most {slot.files_max}."
    elif held and not slot.types.is_met_by({h.type for h in held}):
        yield f"“{slot.title}” asks for {slot.types}."
    for number, file in enumerate(held, 1):
        if not file.people:
            yield f"Say who can be recognized in file {number} of “{slot.title}”."
        elif file.people == "students" and not slot.minors_may_appear:
            yield f"Students may not appear in “{slot.title}”: replace file {number} by one in which nobody can be recognized."
        if slot.seconds_min is not None and file.seconds is not None and file.seconds < slot.seconds_min:
            yield f"File {number} of “{slot.title}” is {_time(file.seconds)} long; it should be at least {_time(slot.seconds_min)}."


def _citations(content: VersionContent, open_details: Sequence[str], cited: Sequence[Cited]) -> Iterator[tuple[str, str]]:
    for detail in content.details:
        if detail.key not in open_details:
            continue
        mine = [c for c in cited if c.detail == detail.key]
        if not mine:
            yield detail.key, f"Detail {detail.key} cites no evidence yet: name a file, the place in it, and why it shows the detail."
        elif any(not c.explanation.strip() for c in mine):
            yield detail.key, f"A citation for detail {detail.key} does not say why it shows the detail."


def too_much(slot: ArtifactRequirement, file: Held) -> str:
    """Why this file can never stand in this slot, or "": asked when it is uploaded."""
    if file.type not in slot.types.types:
        return f"“{slot.title}” takes {slot.types}; this file is {_a(file.type)}."
    if slot.max_megabytes is not None and file.megabytes > slot.max_megabytes:
        return f"This file has {megabytes(round(1e6 * file.megabytes))}; “{slot.title}” takes at most {slot.max_megabytes} MB."
    if slot.max_pages is not None and file.pages is not None and file.pages > slot.max_pages:
        return f"This file has {file.pages} pages; “{slot.title}” takes at most {slot.max_pages}."
    if slot.seconds_max is not None and file.seconds is not None and file.seconds > slot.seconds_max:
        return f"This recording is {_time(math.ceil(file.seconds))} long; “{slot.title}” takes at most {_time(slot.seconds_max)}."
    return ""


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _a(kind: str) -> str:
    return "an audio recording" if kind == FileType.AUDIO else f"an {kind}" if kind == FileType.IMAGE else f"a {kind}"


def _time(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d} minutes"
