"""Small counts kept back, so that published figures point at nobody. Not here: who may see exact ones (apps)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cairn.pure.surveys.proportions import Share

FLOOR = 10


@dataclass(frozen=True)
class Cells:
    """Counts and their total as they may be published; None is kept back."""

    counts: tuple[int | None, ...]
    total: int | None


def is_small(count: int, floor: int = FLOOR) -> bool:
    """Somebody, and fewer than `floor`: nobody is no small group."""
    return 0 < count < floor


def suppressed(counts: Sequence[int], floor: int = FLOOR) -> Cells:
    """Counts of groups that make up a whole, whose total is shown. A small count is kept back; where what is kept back could be worked out
    from the total, so are the next larger ones, and where nothing is left to keep back, the total.

    What is kept back together is always `floor` people or more in two groups or more, and never pinned by its own sum (each group at
    its least, or each at its most). The secondary rule of tabular disclosure control: Hundepool, A., et al. (2012), Statistical Disclosure
    Control, chapter 4. Negative counts raise ValueError.
    """
    if any(count < 0 for count in counts):
        raise ValueError("a count is not negative")
    hidden = {place for place, count in enumerate(counts) if is_small(count, floor)}
    others = {count for count in counts if count >= floor}
    while hidden and others and _is_derivable([counts[place] for place in hidden], floor):
        smallest = min(others)
        others.remove(smallest)
        hidden |= {place for place, count in enumerate(counts) if count == smallest}  # all alike, or their order would tell
    hides_total = bool(hidden) and _is_derivable([counts[place] for place in hidden], floor)
    shown = tuple(None if place in hidden else count for place, count in enumerate(counts))
    return Cells(shown, None if hides_total else sum(counts))


def _is_derivable(hidden: Sequence[int], floor: int) -> bool:
    whole, many = sum(hidden), len(hidden)
    return many < 2 or whole < floor or whole == many or whole == many * (floor - 1)


def shown_share(share: Share, floor: int = FLOOR) -> Share | None:
    """The share, or None where those in it, those not in it, or all of them are a small group: the one tells the other."""
    small = (is_small(count, floor) for count in (share.count, share.n - share.count, share.n))
    return None if any(small) else share
