"""Likert scales: items, reverse-scored ones among them, and one score a person. Not here: the wording of any scale (data/surveys)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cairn.kernel.errors import Invalid

Answers = Mapping[str, int | None]


@dataclass(frozen=True)
class Item:
    """One sentence to agree with; `is_reversed` where agreeing speaks against what the scale is about."""

    key: str
    text: str
    is_reversed: bool = False


@dataclass(frozen=True)
class Scale:
    """Items answered from `least` to `most` in whole steps, with words for each step; `source` names where the construct comes from."""

    key: str
    title: str
    items: tuple[Item, ...]
    least: int
    most: int
    steps: tuple[str, ...] = ()
    source: str = ""

    def __post_init__(self) -> None:
        keys = [item.key for item in self.items]
        if not keys or len(set(keys)) < len(keys) or self.least >= self.most:
            raise Invalid(
                "scale-wrong", "A scale has items, each with a key of its own, and more than one step.", "Correct the definition."
            )
        if self.steps and len(self.steps) != self.most - self.least + 1:
            raise Invalid("scale-steps", f"The scale {self.title} needs a word for each step, or none at all.", "Correct the definition.")

    @property
    def choices(self) -> tuple[tuple[int, str], ...]:
        numbers = range(self.least, self.most + 1)
        return tuple(zip(numbers, self.steps or map(str, numbers), strict=True))


def read_scale(told: Mapping[str, Any]) -> Scale:
    """A scale as a YAML file or a stored survey has it: key, title, least, most, steps, source, items (key, text, reversed)."""
    try:
        items = tuple(Item(str(item["key"]), str(item["text"]), bool(item.get("reversed", False))) for item in told["items"])
        words = tuple(map(str, told.get("steps", ())))
        return Scale(str(told["key"]), str(told["title"]), items, int(told["least"]), int(told["most"]), words, str(told.get("source", "")))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Invalid("scale-unreadable", "This scale lacks something.", "Give key, title, least, most and items.") from None


def reverse(value: int, least: int, most: int) -> int:
    """The value counted from the other end: 2 of 1 to 5 becomes 4. Reversed twice it is what it was."""
    return least + most - value


def scored(scale: Scale, answers: Answers) -> tuple[int | None, ...]:
    """One number an item in the scale's order, reversed items turned around, None where nothing was answered; Invalid outside the steps."""
    return tuple(_value(scale, item, answers.get(item.key)) for item in scale.items)


def _value(scale: Scale, item: Item, answer: int | None) -> int | None:
    if answer is None:
        return None
    if not scale.least <= answer <= scale.most:
        words = f"Answer from {scale.least} to {scale.most}."
        raise Invalid("answer-outside", f"{answer} is no answer on the scale {scale.title}.", words, {item.key: words})
    return reverse(answer, scale.least, scale.most) if item.is_reversed else answer


def score(scale: Scale, answers: Answers) -> float | None:
    """A person's score: the mean of the items that they answered, in the scale's own units; None where they answered fewer than half.

    The half rule: Fairclough, D. L., & Cella, D. F. (1996), Functional Assessment of Cancer Therapy (FACT-G): non-response to individual
    questions, Quality of Life Research 5, 321-329 (a mean of the rest is unbiased while half or more are answered).
    """
    given = [value for value in scored(scale, answers) if value is not None]
    return sum(given) / len(given) if 2 * len(given) >= len(scale.items) else None
