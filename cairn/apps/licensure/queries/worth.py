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
from cairn.apps.licensure.queries.states import state
from cairn.frame.actor import Actor
from cairn.pure import rules
from cairn.pure.rules import Claim, Entry, Jurisdiction, Record, RuleSet, Schedule, Term
from cairn.pure.rules.convert import rates
from cairn.pure.rules.words import said_amount

TERM = timedelta(days=365)
EVERYBODY = ("prior-approval",)  # of what a schedule needs, what every claim does; the rest is about levels


@dataclass(frozen=True)
class Worth:
    """One thing that it counts for: a line of a route, or what a recognizer gives. `brief` is how much of it, for lists; `needs` what has
    to come with it, in words."""

    title: str
    words: str
    brief: str
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
    return WorthLine(tuple(_routes(where, {each.id: entry}, on)), tuple(_recognized(where, {each.id: entry}, on)))


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
    return WorthPage(where, tuple(_routes(where, entries, on)), tuple(_recognized(where, entries, on)), rules.NOTICE)


def _routes(where: Jurisdiction, entries: Mapping[str, Entry], on: date) -> Iterator[Worth]:
    """In the order of the ladder."""
    for route in state(where.code).routes:
        found = counting(rules.evaluate(route, _only(route, entries.values(), on), on))
        counted = [nodes[0] for pk, nodes in found.items() if pk in entries]
        if counted:
            node, many = counted[0], _of_these(len(counted), len(entries))
            need = "" if many or node.need is None or node.operator == "minimum" or node.need <= 1 else f"one of {node.need:g}"
            yield Worth(route.title, f"{node.title}{need and f': {need}'}{many}", need, node.cite, f"/rules/{route.slug}/")


def _of_these(counted: int, asked: int) -> str:
    if asked == 1:
        return ""
    return f". All {asked} of these count" if counted == asked else f". {counted} of these {asked} count{'s' if counted == 1 else ''}"


def _only(route: RuleSet, entries: Iterable[Entry], on: date) -> Record:
    """A record with nothing else in it, under a license that runs."""
    kind = route.from_ or route.renews or route.gives
    return Record(license=Term(kind, on - TERM, on + TERM, on - TERM), events={"entry": on - TERM}, entries=tuple(entries))


def _recognized(where: Jurisdiction, entries: Mapping[str, Entry], on: date) -> Iterator[Worth]:
    """What is given for the first of these that anything is given for; a district's own words beside a state's stand on its own page."""
    for schedule in state(where.code).schedules:
        terms = None if schedule.overlay_of else schedule.on(on)
        given = list(filter(None, (_given(schedule, entry, on) for entry in entries.values()))) if terms else []
        if terms and given:
            needs = tuple(need.replace("-", " ") for need in terms.needs if need in EVERYBODY)
            words = f"{given[0]}{_of_these(len(given), len(entries))}"
            yield Worth(schedule.title, words, given[0], terms.cite, f"/rules/{where.code}/", needs)


def _given(schedule: Schedule, entry: Entry, on: date) -> str:
    """For it alone, asked beforehand; where that hangs on more than the award, at which rate."""
    claim = Claim(kind="micro-credential", on=on, claimed_on=on, award=entry.id, approved_before=on, fields=entry.fields)
    answer = rules.convert(schedule, claim, (), on)
    return said_amount(answer.amount, answer.unit) if answer.amount else " or ".join(rates(schedule, claim, on))
