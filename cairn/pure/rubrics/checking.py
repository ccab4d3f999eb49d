"""Is a score sheet complete and within its limits? Not here: what it decides (deciding)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cairn.pure.rubrics.values import Mark, Scale

TEXT_LIMIT = 5_000


@dataclass(frozen=True)
class Problem:
    """One thing to put right: `field` is level, rationale, advice or detail; `code` is stable, `sentence` is for people."""

    detail: str
    field: str
    code: str
    sentence: str


def check(marks: Sequence[Mark], *, details: Sequence[str], scale: Scale, text_limit: int = TEXT_LIMIT) -> tuple[Problem, ...]:
    """Every problem that keeps these marks from being a finished sheet, in the order of `details`; empty when it may be locked.

    `details` are the open outcome details of the attempt; `text_limit` is in characters.
    """
    given = {mark.detail: mark for mark in marks}
    problems = [*_strangers(marks, details)]
    for detail in details:
        problems += _of_mark(given.get(detail, Mark(detail)), scale, text_limit)
    return tuple(problems)


def _strangers(marks: Sequence[Mark], details: Sequence[str]) -> Iterator[Problem]:
    for detail, times in Counter(mark.detail for mark in marks).items():
        if detail not in details:
            yield Problem(detail, "detail", "unknown-detail", f"“{detail}” is not open for scoring in this attempt.")
        elif times > 1:
            yield Problem(detail, "detail", "repeated-detail", "This detail is marked more than once.")


def _of_mark(mark: Mark, scale: Scale, text_limit: int) -> Iterator[Problem]:
    def problem(field: str, code: str, sentence: str) -> Problem:
        return Problem(mark.detail, field, code, sentence)

    if not mark.level:
        yield problem("level", "missing-level", "Choose a level.")
    elif mark.level not in scale.levels:
        yield problem("level", "unknown-level", f"Choose one of {', '.join(scale.levels)}.")
    elif not scale.meets(mark.level) and not mark.advice.strip():
        yield problem("advice", "missing-advice", f"Say what the educator can do to reach {scale.bar}.")
    if not mark.rationale.strip():
        yield problem("rationale", "missing-rationale", "Say what in the evidence supports this level.")
    for field, text in (("rationale", mark.rationale), ("advice", mark.advice)):
        if len(text) > text_limit:
            over = len(text) - text_limit
            yield problem(field, "too-long", f"Shorten this by {over:,} characters: the limit is {text_limit:,}.")
