"""Whether the items of a scale go together: Cronbach's alpha, its interval, and what it would be without each item."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import fdtri

from cairn.pure.surveys.proportions import CONFIDENCE


@dataclass(frozen=True)
class Alpha:
    """From n people who answered every one of `items` items; `without` has one value an item. None where it is not defined."""

    n: int
    items: int
    value: float | None
    low: float | None
    high: float | None
    without: tuple[float | None, ...]


def alpha(rows: Sequence[Sequence[int | float | None]]) -> Alpha:
    """Cronbach's alpha of rows (people) by columns (items), reversed items already turned; rows with a None are left out, and n says so.

    alpha = k/(k-1) · (1 - Σ item variances / variance of the sums) (Cronbach, L. J. (1951), Psychometrika 16, 297-334). The interval is
    Feldt's: (1 - alpha) follows F with n - 1 and (n - 1)(k - 1) degrees (Feldt, L. S. (1965), Psychometrika 30, 357-370). At most 1, and
    below 0 where items speak against each other. None from fewer than two people or items, or where no one differs.
    """
    whole = [[float(value) for value in row if value is not None] for row in rows if None not in row]
    n, k = len(whole), len(rows[0]) if rows else 0
    value = _alpha(whole)
    without = tuple(_alpha([[*row[:place], *row[place + 1 :]] for row in whole]) for place in range(k))
    if value is None:
        return Alpha(n, k, None, None, None, without)
    low, high = (1 - (1 - value) * float(fdtri(n - 1, (n - 1) * (k - 1), at)) for at in ((1 + CONFIDENCE) / 2, (1 - CONFIDENCE) / 2))
    return Alpha(n, k, value, low, high, without)


def _alpha(rows: Sequence[Sequence[float]]) -> float | None:
    n, k = len(rows), len(rows[0]) if rows else 0
    if n < 2 or k < 2:
        return None
    total = _variance([math.fsum(row) for row in rows])
    if total < 1e-12:
        return None
    return min(1.0, k / (k - 1) * (1 - math.fsum(_variance(column) for column in zip(*rows, strict=True)) / total))


def _variance(values: Sequence[float]) -> float:
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)
