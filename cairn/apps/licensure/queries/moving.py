"""What an educator takes to another state: what its rules would count of their record, what not and why, and what is to be done in time."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cairn.apps.licensure.models import EducatorLicense
from cairn.apps.licensure.queries.licenses import today_in
from cairn.apps.licensure.queries.planning import counting
from cairn.apps.licensure.queries.records import EntryLine, lines, record_of
from cairn.apps.licensure.queries.rules import book, jurisdiction
from cairn.apps.licensure.queries.worth import TERM
from cairn.frame.actor import Actor
from cairn.pure import rules
from cairn.pure.rules import Jurisdiction, Record, RuleSet, Term


@dataclass(frozen=True)
class Moved:
    """An entry, with the lines that would count it there, or why none would."""

    entry: EntryLine
    counts: tuple[str, ...]
    why_not: tuple[str, ...]


@dataclass(frozen=True)
class MovingPage:
    to: Jurisdiction
    counted: tuple[Moved, ...]
    left: tuple[Moved, ...]
    routes: tuple[RuleSet, ...]
    notice: str

    @property
    def total(self) -> int:
        return len(self.counted) + len(self.left)


def moving(viewer: Actor, code: str) -> MovingPage:
    """Each route is looked at as if a license of the kind it begins with had begun a year ago."""
    where = jurisdiction(code)
    routes = tuple(each for each in book().rules.values() if each.jurisdiction.code == code)
    record = record_of(viewer, EducatorLicense(person_id=str(viewer.person_id), jurisdiction=code, valid_from=today_in(where)))
    standings = [_standing(route, record) for route in routes]
    counts: dict[str, list[str]] = {}
    reasons: dict[str, list[str]] = {}
    for route, standing in zip(routes, standings, strict=True):
        for entry_id, found in counting(standing).items():
            counts.setdefault(entry_id, []).extend(f"{route.title}: {node.title}" for node in found[:1])
        for entry_id, why in (one for node in standing.walk() for one in node.left_out):
            reasons.setdefault(entry_id, []).append(why)
    rows = [
        Moved(line, tuple(counts.get(line.id, ())), tuple(dict.fromkeys(reasons.get(line.id, ()))))
        for line in lines(viewer, str(viewer.person_id))
    ]
    return MovingPage(where, tuple(r for r in rows if r.counts), tuple(r for r in rows if not r.counts), routes, rules.NOTICE)


def _standing(route: RuleSet, record: Record) -> rules.Standing:
    on = today_in(route.jurisdiction)
    began = min([on - TERM, *(entry.on for entry in record.entries)])
    held = Term(route.from_ or route.renews or route.gives, began, on + TERM, began)
    return rules.evaluate(route, replace(record, license=held, events={"entry": began}), on)
