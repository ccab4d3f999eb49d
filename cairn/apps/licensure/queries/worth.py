"""What a micro-credential counts for in a jurisdiction: which lines of which routes, and what recognizers give for it.

Not here: any educator's own standing. Two queries, however many routes there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from cairn.apps.catalog import queries as catalog
from cairn.apps.catalog.queries import Countable
from cairn.apps.licensure.queries.licenses import today_in
from cairn.apps.licensure.queries.planning import counting, entry_for
from cairn.apps.licensure.queries.registry import lists_with
from cairn.apps.licensure.queries.rules import book
from cairn.frame.actor import Actor
from cairn.pure import rules
from cairn.pure.rules import Claim, Entry, Jurisdiction, Record, RuleSet, Term
from cairn.pure.rules.words import said_amount

TERM = timedelta(days=365)


@dataclass(frozen=True)
class Worth:
    """One thing that it counts for: a line of a route, or what a recognizer gives. `needs` is what has to come with it, in words."""

    title: str
    words: str
    cite: str
    url: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorthPage:
    jurisdiction: Jurisdiction
    routes: tuple[Worth, ...]
    recognized: tuple[Worth, ...]
    notice: str

    @property
    def is_empty(self) -> bool:
        return not (self.routes or self.recognized)


def worth(viewer: Actor, microcredential_id: str, code: str) -> WorthPage | None:
    """Nothing where the jurisdiction's rules are not here, or there is no such micro-credential."""
    where = book().jurisdictions.get(code)
    rows = catalog.countable(viewer, [microcredential_id])
    if where is None or not rows:
        return None
    on = today_in(where)
    entry = entry_for(rows[0], lists_with(viewer, [rows[0].id]).get(rows[0].id, ()), on)
    return WorthPage(where, tuple(_routes(where, entry, on)), tuple(_recognized(where, rows[0], entry, on)), rules.NOTICE)


def _routes(where: Jurisdiction, entry: Entry, on: date) -> Iterator[Worth]:
    for route in book().rules.values():
        if route.jurisdiction.code == where.code:
            standing = rules.evaluate(route, _only(route, entry, on), on)
            for node in counting(standing).get(entry.id, [])[:1]:
                need = "" if node.need is None or node.operator == "minimum" else f": one of {node.need:g}" if node.need > 1 else ""
                yield Worth(route.title, f"{node.title}{need}", node.cite, f"/rules/{route.slug}/")


def _only(route: RuleSet, entry: Entry, on: date) -> Record:
    """A record with nothing else in it, under a license that runs."""
    kind = route.from_ or route.renews or route.gives
    return Record(license=Term(kind, on - TERM, on + TERM, on - TERM), events={"entry": on - TERM}, entries=(entry,))


def _recognized(where: Jurisdiction, each: Countable, entry: Entry, on: date) -> Iterator[Worth]:
    for schedule in book().schedules.values():
        if schedule.jurisdiction.code != where.code or schedule.overlay_of:
            continue
        terms = schedule.on(on)
        claim = Claim(kind="micro-credential", on=on, claimed_on=on, award=each.id, approved_before=on, fields=entry.fields)
        answer = rules.convert(schedule, claim, (), on)
        if terms is not None and answer.amount:
            needs = tuple(need.replace("-", " ") for need in terms.needs)
            yield Worth(schedule.title, said_amount(answer.amount, answer.unit), terms.cite, f"/rules/{where.code}/", needs)
