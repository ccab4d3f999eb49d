"""Who may count what, where no entry may count for two requirements: decided by matching, so that no order of entries matters.

All the requirements can be met exactly if for each choice of them the entries that suit any of them are enough for all of them together
(Hall's condition). Amounts may be divided among requirements, whole things may not. Not here: which entries suit (tallies).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal

Key = Hashable


def allot(suits: Sequence[Sequence[Key]], needs: Sequence[int], order: Sequence[Key]) -> list[list[Key]]:
    """For each requirement the keys that it may count, never more than it needs. `suits` has the keys that suit each, `order` all of them,
    the earliest first.

    Where all can be met the earliest keys that allow it are taken; where not, the first requirement gets as many as it can, then the
    second as many as leave the first what it has, and so on.
    """
    allotted = _earliest(suits, needs, order)
    if all(len(keys) == need for keys, need in zip(allotted, needs, strict=True)):
        return allotted
    return _first_come(suits, needs)


def _earliest(suits: Sequence[Sequence[Key]], needs: Sequence[int], order: Sequence[Key]) -> list[list[Key]]:
    """Keys, the earliest first, each given a place if any arrangement has one for it."""
    sets = [frozenset(keys) for keys in suits]
    held: list[list[Key]] = [[] for _ in suits]

    def place(key: Key, tried: set[int]) -> bool:
        for number, fitting in enumerate(sets):
            if key not in fitting or number in tried or not needs[number]:
                continue
            tried.add(number)
            if len(held[number]) < needs[number]:
                held[number].append(key)
                return True
            for other in held[number]:
                if place(other, tried):
                    held[number].remove(other)
                    held[number].append(key)
                    return True
        return False

    for key in order:
        place(key, set())
    return held


def _first_come(suits: Sequence[Sequence[Key]], needs: Sequence[int]) -> list[list[Key]]:
    """Requirements in their order, each as many as any arrangement allows it that takes nothing from those before."""
    owner: dict[Key, int] = {}

    def take(number: int, seen: set[Key]) -> bool:
        for key in suits[number]:
            if key not in seen:
                seen.add(key)
                if key not in owner or take(owner[key], seen):
                    owner[key] = number
                    return True
        return False

    for number, need in enumerate(needs):
        for _ in range(need):
            if not take(number, {key for key, holder in owner.items() if holder == number}):
                break
    return [[key for key, holder in owner.items() if holder == number] for number in range(len(needs))]


def share(amounts: Mapping[str, Decimal], suits: Sequence[Sequence[str]], needs: Sequence[Decimal]) -> list[dict[str, Decimal]]:
    """How much of each amount goes to each requirement, so that none is given twice: the first gets as much of its need as it can, then
    the second as much as leaves the first what it has, and so on."""
    free = dict(amounts)
    given: list[dict[str, Decimal]] = [{} for _ in suits]

    def more(number: int, wanted: Decimal, seen: set[int]) -> Decimal:
        for key in suits[number]:
            if got := min(wanted, free[key]):
                free[key] -= got
                given[number][key] = given[number].get(key, Decimal(0)) + got
                return got
        for key in suits[number]:
            for other in range(len(suits)):
                held = given[other].get(key, Decimal(0)) if other not in seen else Decimal(0)
                if held and (got := more(other, min(wanted, held), seen | {other})):
                    given[other][key] -= got
                    given[number][key] = given[number].get(key, Decimal(0)) + got
                    return got
        return Decimal(0)

    for number, need in enumerate(needs):
        left = need
        while left > 0 and (got := more(number, left, {number})):
            left -= got
    return given
