"""Where licenses stand: computed when somebody looks, from the record as it is. Not here: keeping it (commands), sentences (pure.rules)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from cairn.apps.licensure.models import Application, EducatorLicense, RuleSetVersion, Standing
from cairn.apps.licensure.queries.licenses import LicenseLine, license, licenses_of, line, today_in
from cairn.apps.licensure.queries.records import record_of, records_of
from cairn.apps.licensure.queries.rules import book, routes_from, rule_set
from cairn.frame.actor import Actor, system
from cairn.pure import rules
from cairn.pure.rules import Record, RuleSet
from cairn.pure.rules.spec import Node, Tally

_SYSTEM = system("licensure")
AHEAD = 3  # licenses of a ladder that are looked at beyond the next


@dataclass(frozen=True)
class Known:
    """A license on a route, with the record that its standing was computed from and the kept version of the rule."""

    license: EducatorLicense
    route: RuleSet
    record: Record
    standing: rules.Standing

    @property
    def on(self) -> date:
        return self.standing.on

    @cached_property
    def version_id(self) -> str | None:
        found = RuleSetVersion.objects.filter(slug=self.route.slug, hash=self.standing.hash).values_list("pk", flat=True)
        return found.first()


@dataclass(frozen=True)
class Rung:
    """A license further up the ladder: the route to it, and how many micro-credentials of those that it asks for are there."""

    route: RuleSet
    title: str
    years: int
    have: int
    need: int


@dataclass(frozen=True)
class LicensePage:
    """One license with all that it may become; `routes` are what leads on from it, what leads onward first. `applied` are the routes on
    which an application waits for the state."""

    license: LicenseLine
    routes: tuple[Known, ...]
    ladder: tuple[Rung, ...]
    applied: frozenset[str] = frozenset()

    @property
    def main(self) -> Known | None:
        """What its holder most likely works toward: the first that is computed."""
        computed = [each for each in self.routes if each.standing.root is not None]
        return next(iter(computed or self.routes), None)

    @property
    def oddities(self) -> tuple[rules.Oddity, ...]:
        """What is odd about the record behind it, each with its remedy."""
        known = self.main
        return rules.check_record(known.record, known.on, known.route.jurisdiction) if known else ()

    @property
    def others(self) -> tuple[Known, ...]:
        return tuple(each for each in self.routes if each is not self.main)


def as_known(held: EducatorLicense, route: str, on: date | None = None) -> Known:
    """Where a license stands on a route, today on the calendar of its jurisdiction or on another day; the caller has let the viewer in."""
    return _known(held, rule_set(route), record_of(_SYSTEM, held), on)


def _known(held: EducatorLicense, route: RuleSet, record: Record, on: date | None = None) -> Known:
    return Known(held, route, record, rules.evaluate(route, record, on or today_in(route.jurisdiction)))


def license_page(viewer: Actor, license_id: str) -> LicensePage:
    return pages(viewer, [license(viewer, license_id)])[0]


def my_pages(viewer: Actor) -> tuple[LicensePage, ...]:
    """One's own licenses, those that run first. As many queries for several as for one."""
    return pages(viewer, licenses_of(viewer, str(viewer.person_id))) if viewer.person_id else ()


def pages(viewer: Actor, held: Iterable[EducatorLicense]) -> tuple[LicensePage, ...]:
    rows = list(held)
    records = records_of(viewer, rows)
    asked = list(Application.objects.visible_to(viewer).open().filter(license__in=rows).values_list("license_id", "rules"))
    return tuple(_page(row, records[row.pk], frozenset(route for pk, route in asked if pk == row.pk)) for row in rows)


def _page(row: EducatorLicense, record: Record, applied: frozenset[str]) -> LicensePage:
    shown = line(row)
    routes = tuple(_known(row, route, record) for route in routes_from(row.jurisdiction, row.type))
    return LicensePage(shown, routes, tuple(_ladder(row, record)), applied)


def _ladder(row: EducatorLicense, record: Record) -> Iterator[Rung]:
    """The licenses that follow the next one, as far as they ask for micro-credentials."""
    where = book().jurisdictions.get(row.jurisdiction)
    kind = where.type(row.type) if where else None
    for _ in range(AHEAD):
        kind = where.type(kind.next) if where and kind and kind.next else None
        if kind is None or where is None:
            return
        route = next((each for each in book().rules.values() if each.jurisdiction.code == where.code and each.gives == kind.slug), None)
        if route is not None:
            have, need = microcredentials_of(route, rules.evaluate(route, record, today_in(where)))
            yield Rung(route, kind.title, kind.years, have, need)


def microcredentials_of(route: RuleSet, standing: rules.Standing) -> tuple[int, int]:
    """How many micro-credentials count, and how many are asked for, in the line that asks for the most; (0, 0) where none does."""
    counted = [(int(found.have or 0), int(found.need or 0)) for found in standing.walk() if found.id in _counting(route, standing)]
    return max(counted, key=lambda pair: pair[1], default=(0, 0))


def _counting(route: RuleSet, standing: rules.Standing) -> set[str]:
    """Ids of the lines that count micro-credentials."""
    version = route.version(standing.version) if standing.version else None
    walked: Iterable[Node] = version.requires.walk() if version and version.requires else ()
    return {node.id for node in walked if isinstance(node.detail, Tally) and node.detail.of == ("micro-credential",)}


def digest_of(result: Mapping[str, Any]) -> str:
    """Stands for all that a standing says but the day and the engine: the same standing tomorrow is no news."""
    return hashlib.sha256(json.dumps({k: v for k, v in result.items() if k not in ("on", "engine")}, sort_keys=True).encode()).hexdigest()


def kept(viewer: Actor, license_ids: Iterable[str]) -> QuerySet[Standing]:
    """Standings as they were last kept, of several licenses."""
    return Standing.objects.visible_to(viewer).filter(license__in=list(license_ids), is_current=True)


def history(viewer: Actor, license_id: str, route: str) -> QuerySet[Standing]:
    """How a standing came to be what it is, the latest first."""
    return Standing.objects.visible_to(viewer).filter(license=license_id, rules=route).order_by("-computed_at", "-pk")
