"""Micro-credentials as rules look at them. Not here: what they count for (licensure)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.db.models.fields.json import KT

from cairn.apps.catalog.models import Microcredential, MicrocredentialVersion
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
    hours: int = 0  # that it takes at least; 0 where no version in force says so


def countable(viewer: Actor, ids: Iterable[str] | None = None) -> tuple[Countable, ...]:
    """Everything that can be earned, in the order of stacks; or of these ids what there is."""
    found = (
        Microcredential.objects.visible_to(viewer).filter(state="published")
        if ids is None
        else (Microcredential.objects.visible_to(viewer).filter(pk__in=list(ids)))
    )
    rows = found.order_by("stack__order", "stack__title", "order", "title")
    in_force = MicrocredentialVersion.objects.visible_to(viewer).filter(state="published", microcredential=OuterRef("pk"))
    least = in_force.annotate(hours=KT("content__hours__estimated_min")).values("hours")[:1]
    asked = ("pk", "slug", "title", "stack__slug", "level", "origin", "issuer__slug")
    told = rows.annotate(least=Subquery(least)).values_list(*asked, "least")
    return tuple(
        Countable(pk, slug, title, stack, level, origin, issuer, int(hours or 0))
        for pk, slug, title, stack, level, origin, issuer, hours in told
    )
