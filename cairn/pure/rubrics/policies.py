"""The registries a pack chooses from by name: decision policies and what sends two sheets to adjudication.

To add one, write a function and give it a line in POLICIES or TRIGGERS. Not here: which sheets count (deciding).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cairn.kernel.errors import Invalid
from cairn.pure.rubrics.values import Scale

Levels = Mapping[str, str]  # outcome detail -> level, carried details included

SPLIT = "split"
TWO_LEVELS_APART = "two-levels-apart"
THIRD_DIFFERS = "third-differs"


@dataclass(frozen=True)
class Policy:
    """A decision policy as a pack states it: a name in POLICIES, the triggers of adjudication, and a `cut` where the policy needs one."""

    name: str
    adjudicate: tuple[str, ...] = (SPLIT, TWO_LEVELS_APART)
    cut: int | None = None

    def __post_init__(self) -> None:
        if self.name not in POLICIES:
            raise Invalid("unknown-policy", f"There is no decision policy “{self.name}”.", f"Choose one of {', '.join(POLICIES)}.")
        for trigger in self.adjudicate:
            if trigger not in TRIGGERS:
                raise Invalid(
                    "unknown-trigger", f"Nothing called “{trigger}” sends a case to adjudication.", f"Choose from {', '.join(TRIGGERS)}."
                )
        if (self.name == "compensatory") != (self.cut is not None):
            raise Invalid("bad-cut", "A compensatory policy has a cut, in points; no other policy does.", "Add or remove `cut`.")


@dataclass(frozen=True)
class Rule:
    """How one policy reads the levels of one sheet."""

    is_passing: Callable[[Levels, Scale, Policy], bool]
    reopens: Callable[[Levels, Scale], tuple[str, ...]]
    in_words: str


def total(levels: Levels, scale: Scale) -> int:
    """Points over all details, the lowest level being 1 point."""
    return sum(scale.points(level) for level in levels.values())


def _every_detail_at_bar(levels: Levels, scale: Scale, policy: Policy) -> bool:
    return all(scale.meets(level) for level in levels.values())


def _at_or_above_cut(levels: Levels, scale: Scale, policy: Policy) -> bool:
    cut, most = policy.cut or 0, len(levels) * len(scale.levels)
    if not len(levels) <= cut <= most:
        raise Invalid("bad-cut", f"The cut of {cut} points is out of reach.", f"Choose a cut from {len(levels)} to {most}.")
    return total(levels, scale) >= cut


def _below_bar(levels: Levels, scale: Scale) -> tuple[str, ...]:
    return tuple(detail for detail, level in levels.items() if not scale.meets(level))


def _below_bar_or_top(levels: Levels, scale: Scale) -> tuple[str, ...]:
    """Below the bar; where nothing is, whatever could still gain points."""
    return _below_bar(levels, scale) or tuple(detail for detail, level in levels.items() if level != scale.levels[-1])


def _outcomes_differ(a: Levels, b: Levels, scale: Scale, passing: tuple[bool, bool]) -> bool:
    return passing[0] != passing[1]


def _two_levels_apart(a: Levels, b: Levels, scale: Scale, passing: tuple[bool, bool]) -> bool:
    return any(abs(scale.points(a[detail]) - scale.points(b[detail])) >= 2 for detail in a)


def _third_differs(a: Levels, b: Levels, scale: Scale, passing: tuple[bool, bool]) -> bool:
    return 3 * sum(a[detail] != b[detail] for detail in a) > len(a)


POLICIES: Mapping[str, Rule] = {
    "every-detail-at-bar": Rule(_every_detail_at_bar, _below_bar, "Every outcome detail must reach the bar."),
    "compensatory": Rule(_at_or_above_cut, _below_bar_or_top, "The points of all details together must reach the cut."),
}

TRIGGERS: Mapping[str, Callable[[Levels, Levels, Scale, tuple[bool, bool]], bool]] = {
    SPLIT: _outcomes_differ,
    TWO_LEVELS_APART: _two_levels_apart,
    THIRD_DIFFERS: _third_differs,
}
