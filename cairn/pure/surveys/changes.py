"""What changed between two answers of the same people: mean change with its interval, effect sizes, and how many changed how much.

Not here: whether the program was the reason; there is nobody to compare with.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import stdtrit

from cairn.pure.surveys.proportions import CONFIDENCE, Share

Pair = tuple[float, float]  # before and after, of one person


@dataclass(frozen=True)
class Change:
    """n pairs; means in the scale's units; `low` and `high` bound the mean change at 95 %. What n does not allow is None."""

    n: int
    before: float | None
    after: float | None
    mean: float | None
    low: float | None
    high: float | None
    d_z: float | None
    d_av: float | None


def paired_change(pairs: Sequence[Pair]) -> Change:
    """The mean change of people who answered twice.

    The interval is Student's for paired differences: mean ± t(n - 1) · s / √n. d_z is the mean change over the standard deviation of the
    changes, d_av over the mean of the two standard deviations (Lakens, D. (2013), Calculating and reporting effect sizes, Frontiers in
    Psychology 4:863, formulas 6 and 10; d_av is the one to compare across studies). None from fewer than two pairs, and where everybody
    changed alike there is no d_z. Raises nothing: no pairs give n = 0.
    """
    n = len(pairs)
    if not n:
        return Change(0, None, None, None, None, None, None, None)
    before, after = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    changes = [late - early for early, late in pairs]
    mean = _mean(changes)
    if n == 1:
        return Change(1, before[0], after[0], mean, None, None, None, None)
    spread, within = _deviation(changes), (_deviation(before) + _deviation(after)) / 2
    half = float(stdtrit(n - 1, (1 + CONFIDENCE) / 2)) * spread / math.sqrt(n)
    return Change(n, _mean(before), _mean(after), mean, mean - half, mean + half, _over(mean, spread), _over(mean, within))


def share_changed(pairs: Sequence[Pair], least: float) -> Share:
    """How many of them rose by `least` or more, in the scale's units."""
    return Share(sum(late - early >= least - 1e-9 for early, late in pairs), len(pairs))


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _deviation(values: Sequence[float]) -> float:
    """The standard deviation of a sample."""
    mean = _mean(values)
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))


def _over(mean: float, spread: float) -> float | None:
    return mean / spread if spread > 1e-9 else None
