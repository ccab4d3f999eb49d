"""The shipped rules as the public reads them: states with their routes, and each route's worked cases. Not here: what is kept (rules)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from cairn.apps.licensure.queries.licenses import today_in
from cairn.apps.licensure.queries.rules import book, rule_set
from cairn.kernel.errors import NotFound
from cairn.pure.rules import Jurisdiction, Record, RuleSet, Schedule, Standing, Version, evaluate
from cairn.pure.rules.cases import RuleCase, parse_cases
from cairn.pure.rules.evaluate import versions_on


@dataclass(frozen=True)
class State:
    """A state with what leads to its licenses or renews them, and what recognizers there give."""

    jurisdiction: Jurisdiction
    routes: tuple[RuleSet, ...]
    schedules: tuple[Schedule, ...]


@dataclass(frozen=True)
class Worked:
    """A case, and where its educator stands as computed now."""

    case: RuleCase
    standing: Standing

    @property
    def agrees(self) -> bool:
        return self.case.state == self.standing.state


def states() -> tuple[State, ...]:
    """All of them by name, each with its routes in the order of its ladder."""
    shelf = book()
    return tuple(_state(place) for place in sorted(shelf.jurisdictions.values(), key=lambda each: each.name))


def state(code: str) -> State:
    place = book().jurisdictions.get(code)
    if place is None:
        raise NotFound("state")
    return _state(place)


def _state(place: Jurisdiction) -> State:
    shelf = book()
    ladder = {kind.slug: step for step, kind in enumerate(place.types)}
    routes = [each for each in shelf.rules.values() if each.jurisdiction == place]
    routes.sort(key=lambda each: (ladder.get(each.gives or each.renews, len(ladder)), each.slug))
    schedules = [each for each in shelf.schedules.values() if each.jurisdiction == place]
    return State(place, tuple(routes), tuple(sorted(schedules, key=lambda each: (bool(each.overlay_of), each.title))))


def holding(route: RuleSet) -> Version | None:
    """The version that holds for somebody who begins today, on the state's calendar."""
    return next(iter(versions_on(route, Record(), today_in(route.jurisdiction))), None)


@lru_cache(maxsize=128)
def worked_cases(slug: str) -> tuple[Worked, ...]:
    """The cases beside a route, computed once for each process."""
    route, path = rule_set(slug), f"{slug}.cases.yaml"
    file = Path(settings.LICENSURE_DIR) / path
    told = parse_cases(path, file.read_text(encoding="utf-8")) if file.is_file() else ()
    return tuple(Worked(case, evaluate(route, case.record, case.on)) for case in told)
