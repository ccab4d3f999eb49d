"""Micro-credentials as rules look at them. Not here: what they count for (licensure)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cairn.apps.catalog.models import Microcredential
from cairn.frame.actor import Actor


@dataclass(frozen=True)
class Countable:
    """What a filter of a rule can ask of a micro-credential; slugs as the catalog has them."""

    id: str
    slug: str
    title: str
    stack: str
    level: int
    origin: str
    issuer: str


def countable(viewer: Actor, ids: Iterable[str] | None = None) -> tuple[Countable, ...]:
    """Everything that can be earned, in the order of stacks; or of these ids what there is."""
    found = (
        Microcredential.objects.visible_to(viewer).filter(state="published")
        if ids is None
        else (Microcredential.objects.visible_to(viewer).filter(pk__in=list(ids)))
    )
    rows = found.order_by("stack__order", "stack__title", "order", "title")
    return tuple(Countable(*told) for told in rows.values_list("pk", "slug", "title", "stack__slug", "level", "origin", "issuer__slug"))
