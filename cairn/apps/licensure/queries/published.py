"""What authorities publish of their work: counts for anyone, so that they point at nobody. Not here: what was signed (determinations)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from cairn.apps.licensure.models import Application, Authority, Determination
from cairn.apps.licensure.queries.applications import Computed
from cairn.apps.licensure.queries.rules import rule_set
from cairn.frame.actor import Actor, system
from cairn.pure.surveys import FLOOR, is_small, suppressed

_SYSTEM = system("licensure")


@dataclass(frozen=True)
class RouteFigures:
    """What was signed on a route; `solely`: of what was met, how many where nothing but micro-credentials counted."""

    title: str
    met: int | None
    solely: int | None
    not_met: int | None


@dataclass(frozen=True)
class Figures:
    """What an authority publishes of its work. None is kept back: a group of fewer than `fewest`, or one that would tell such a group."""

    authority: Authority
    asked: int | None
    signed: int | None
    routes: tuple[RouteFigures, ...]
    fewest: int = FLOOR


def figures(viewer: Actor, jurisdiction: str) -> Figures | None:
    """For anyone; None where no authority of the jurisdiction is here."""
    authority = Authority.objects.visible_to(viewer).select_related("organization").filter(jurisdiction=jurisdiction).first()
    if authority is None:
        return None
    asked = Application.objects.visible_to(_SYSTEM).filter(authority=authority).count()
    made = Determination.objects.visible_to(_SYSTEM).filter(application__authority=authority).exclude(signed_at=None)
    return published(authority, asked, _counted(authority.pk, made.count()))


def published(authority: Authority, asked: int, counts: Mapping[tuple[str, str, bool], int]) -> Figures:
    """`counts`: route, outcome and whether solely micro-credentials counted -> how many were signed. What was asked is made up of what was
    met and not met on each route and what is not signed; of these a small one is kept back with another, so that no sum tells it."""
    routes = sorted({route for route, _, _ in counts})
    groups = [(route, outcome) for route in routes for outcome in ("met", "not met")]
    signed = [counts.get((*group, True), 0) + counts.get((*group, False), 0) for group in groups]
    told = suppressed([*signed, asked - sum(signed)])
    shown = dict(zip(groups, told.counts, strict=False))
    is_told = told.total is not None and told.counts[-1] is not None
    rows = [
        RouteFigures(
            rule_set(route).title, shown[route, "met"],
            _part(counts.get((route, "met", True), 0), shown[route, "met"]), shown[route, "not met"],
        )
        for route in routes
    ]  # fmt: skip
    return Figures(authority, told.total, sum(signed) if is_told else None, tuple(rows))


def _part(count: int, whole: int | None) -> int | None:
    """Kept back with its whole, and where it or the rest of it is small."""
    return None if whole is None or is_small(count) or is_small(whole - count) else count


@lru_cache(maxsize=64)
def _counted(authority_id: str, number: int) -> Counter[tuple[str, str, bool]]:
    """Read once for each number of what was signed: that only grows, and never changes."""
    made = Determination.objects.visible_to(_SYSTEM).filter(application__authority_id=authority_id).exclude(signed_at=None)
    rows = made.select_related("application", "snapshot").iterator(chunk_size=100)
    return Counter((each.application.rules, each.outcome, _solely(each)) for each in rows)


def _solely(made: Determination) -> bool:
    """Whether nothing but micro-credentials counted anywhere."""
    kinds = {entry["id"]: entry["kind"] for entry in made.snapshot.record["entries"]}
    return {kinds.get(entry, "") for entry in Computed.of(made.snapshot).counted} == {"micro-credential"}
