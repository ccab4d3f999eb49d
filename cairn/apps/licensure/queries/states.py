"""The shipped rules as the public reads them: states, routes, and the worked cases beside them. Not here: what is kept (rules)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from cairn.apps.licensure.queries.licenses import today_in
from cairn.apps.licensure.queries.rules import book, rule_set
from cairn.kernel.errors import NotFound
from cairn.pure.rules import Answer, Jurisdiction, Record, RuleSet, Schedule, Standing, Version, convert, evaluate
from cairn.pure.rules.cases import RuleCase, parse_cases
from cairn.pure.rules.claim_cases import ClaimCase, parse_claims
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


@dataclass(frozen=True)
class WorkedClaim:
    """A case of a schedule, and what the schedule gives for its claim as computed now."""

    case: ClaimCase
    answer: Answer


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
    route, (path, text) = rule_set(slug), _cases_of(slug)
    return tuple(Worked(case, evaluate(route, case.record, case.on)) for case in parse_cases(path, text)) if text else ()


@lru_cache(maxsize=128)
def worked_claims(slug: str) -> tuple[WorkedClaim, ...]:
    """The cases beside a schedule, computed once for each process."""
    schedule, (path, text) = book().schedules[slug], _cases_of(slug)
    cases = parse_claims(path, text) if text else ()
    return tuple(WorkedClaim(case, convert(schedule, case.claim, case.granted, case.on)) for case in cases)


def _cases_of(slug: str) -> tuple[str, str]:
    """Their path and text; no text where nobody wrote any yet."""
    path = f"{slug}.cases.yaml"
    file = Path(settings.LICENSURE_DIR) / path
    return path, file.read_text(encoding="utf-8") if file.is_file() else ""
