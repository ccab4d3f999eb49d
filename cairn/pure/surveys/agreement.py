"""How often two readers gave an answer exactly the same themes. Not here: agreement between assessors, which is of levels."""

from __future__ import annotations

from collections.abc import Mapping, Set

from cairn.pure.surveys.proportions import Share


def exact_agreement(one: Mapping[str, Set[str]], other: Mapping[str, Set[str]]) -> Share:
    """Of the answers that both have read, by id, those with the same set of themes; no theme at all is a set too."""
    both = one.keys() & other.keys()
    return Share(sum(one[answer] == other[answer] for answer in both), len(both))
