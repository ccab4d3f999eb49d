"""Shares of a whole, each with its n and its interval. Not here: which shares may be shown (suppression)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import ndtri

CONFIDENCE = 0.95
ENOUGH = 20  # below it a share is printed with the words "too few to judge"


@dataclass(frozen=True)
class Share:
    """`count` of `n`."""

    count: int
    n: int

    def __post_init__(self) -> None:
        if not 0 <= self.count <= self.n:
            raise ValueError(f"{self.count} of {self.n} is no share")

    @property
    def part(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return self.count / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.count, self.n) if self.n else None

    @property
    def is_enough(self) -> bool:
        return self.n >= ENOUGH


def wilson(count: int, n: int) -> tuple[float, float]:
    """The 95 % score interval of a share, honest for small n and near 0 and 1; n is 1 or more.

    Wilson, E. B. (1927), Probable inference, Journal of the American Statistical Association 22, 209-212; without continuity correction.
    """
    z, part = float(ndtri((1 + CONFIDENCE) / 2)), count / n
    middle = part + z * z / (2 * n)
    half = z * math.sqrt(part * (1 - part) / n + z * z / (4 * n * n))
    whole = 1 + z * z / n
    return max(0.0, min(part, (middle - half) / whole)), min(1.0, max(part, (middle + half) / whole))  # at 0 and 1 but for rounding
