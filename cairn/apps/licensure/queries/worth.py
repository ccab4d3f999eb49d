"""What a micro-credential counts for in a jurisdiction: which lines of which routes, and what recognizers give for it.

Of one, of a shelf, or of each in a list, beside what of the reader's own awards counts already. As many SQL queries however many there are.
Not here: where a license stands (standings).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from cairn.apps.catalog import queries as catalog
from cairn.apps.catalog.queries import Countable
from cairn.apps.licensure.queries.licenses import licenses_of, today_in
from cairn.apps.licensure.queries.planning import counting, entry_for
from cairn.apps.licensure.queries.registry import lists_with
from cairn.apps.licensure.queries.rules import book
from cairn.apps.licensure.queries.standings import pages
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


@dataclass(frozen=True)
class WorthLine:
    """Of one micro-credential in a list. `mine`: titles of the routes on which an award that the viewer has counts already."""

    routes: tuple[Worth, ...]
    recognized: tuple[Worth, ...]
    mine: tuple[str, ...] = ()

    @property
    def counts(self) -> bool:
        return bool(self.routes or self.recognized or self.mine)


def worth_each(viewer: Actor, microcredential_ids: Sequence[str], code: str) -> dict[str, WorthLine]:
    """By id, of those that can be earned; nothing where the jurisdiction's rules are not here."""
    where = book().jurisdictions.get(code)
    rows = catalog.countable(viewer, microcredential_ids) if where else ()
    if where is None or not rows:
        return {}
    on, lists, mine = today_in(where), lists_with(viewer, [each.id for each in rows]), _counted(viewer, code)
    found = {each.id: _alone(code, each, tuple(lists.get(each.id, ())), on) for each in rows}
    return {each.id: replace(found[each.id], mine=tuple(mine.get(each.slug, ()))) for each in rows}


@lru_cache(maxsize=8192)
def _alone(code: str, each: Countable, lists: tuple[str, ...], on: date) -> WorthLine:
    """Rules as shipped say the same of it all day, to whoever asks."""
    where, entry = book().jurisdictions[code], entry_for(each, lists, on)
    return WorthLine(tuple(_routes(where, {each.id: entry}, on)), tuple(_recognized(where, each, entry, on)))


def _counted(viewer: Actor, code: str) -> dict[str, list[str]]:
    """By the slug of a micro-credential, the routes on which the viewer's own award counts, under licenses there that run."""
    held = [each for each in licenses_of(viewer, viewer.person_id or "") if each.jurisdiction == code] if viewer.person_id else []
    found: dict[str, list[str]] = {}
    for known in (known for page in pages(viewer, held) if not page.license.is_over for known in page.routes):
        keys = {entry.id: str(entry.fields.get("key", "")) for entry in known.record.entries}
        for key in {keys[entry_id] for entry_id in counting(known.standing) if keys.get(entry_id)}:
            found.setdefault(key, []).append(known.route.title)
    return found


def worth(viewer: Actor, microcredential_ids: Sequence[str], code: str) -> WorthPage | None:
    """Of one micro-credential, or of several on a shelf. Nothing where the jurisdiction's rules are not here, or none of these is."""
    where = book().jurisdictions.get(code)
    rows = catalog.countable(viewer, microcredential_ids) if where else ()
    if where is None or not rows:
        return None
    on, lists = today_in(where), lists_with(viewer, [each.id for each in rows])
    entries = {each.id: entry_for(each, lists.get(each.id, ()), on) for each in rows}
    first = rows[0]
    return WorthPage(where, tuple(_routes(where, entries, on)), tuple(_recognized(where, first, entries[first.id], on)), rules.NOTICE)


def _routes(where: Jurisdiction, entries: Mapping[str, Entry], on: date) -> Iterator[Worth]:
    for route in book().rules.values():
        if route.jurisdiction.code != where.code:
            continue
        found = counting(rules.evaluate(route, _only(route, entries.values(), on), on))
        counted = [nodes[0] for pk, nodes in found.items() if pk in entries]
        if counted:
            node, many = counted[0], f". {len(counted)} of these {len(entries)} count" if len(entries) > 1 else ""
            need = "" if many or node.need is None or node.operator == "minimum" or node.need <= 1 else f": one of {node.need:g}"
            yield Worth(route.title, f"{node.title}{need}{many}", node.cite, f"/rules/{route.slug}/")


def _only(route: RuleSet, entries: Iterable[Entry], on: date) -> Record:
    """A record with nothing else in it, under a license that runs."""
    kind = route.from_ or route.renews or route.gives
    return Record(license=Term(kind, on - TERM, on + TERM, on - TERM), events={"entry": on - TERM}, entries=tuple(entries))


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
