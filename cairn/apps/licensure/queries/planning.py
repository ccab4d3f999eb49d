"""What is on offer for a license: what a plan would change, and the shortest set that meets the rule."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from cairn.apps.catalog import queries as catalog
from cairn.apps.catalog.queries import Countable
from cairn.apps.licensure.models import EducatorLicense
from cairn.apps.licensure.queries.licenses import LicenseLine, license, line
from cairn.apps.licensure.queries.plans import planned_for
from cairn.apps.licensure.queries.registry import lists_with
from cairn.apps.licensure.queries.rules import routes_from
from cairn.apps.licensure.queries.standings import Known, as_known
from cairn.apps.programs import queries as programs
from cairn.frame.actor import Actor
from cairn.kernel.errors import NotFound
from cairn.pure import rules
from cairn.pure.rules import Entry

EARNED_IN = timedelta(days=60)  # how long earning one is taken to need, where nothing else is known


@dataclass(frozen=True)
class Offered:
    """A micro-credential that could be begun today, is begun, or is planned; `helps` where some line of the route would count it."""

    microcredential: Countable
    is_chosen: bool
    helps: bool


@dataclass(frozen=True)
class PlanPage:
    """`now` is where the license stands, `then` where it would with what is chosen; `proposed` the shortest set."""

    license: LicenseLine
    now: Known
    then: rules.Standing
    offered: tuple[Offered, ...]
    chosen: tuple[str, ...]
    proposed: tuple[Countable, ...]

    @property
    def titles(self) -> dict[str, str]:
        """Of everything on offer, by id."""
        return {each.microcredential.id: f"{each.microcredential.title} (planned)" for each in self.offered}

    @property
    def helping(self) -> tuple[Offered, ...]:
        return tuple(each for each in self.offered if each.helps)


def plan_page(viewer: Actor, license_id: str, route: str = "", chosen: Collection[str] | None = None) -> PlanPage:
    """`chosen` are ids of micro-credentials; None: what is planned already."""
    held = license(viewer, license_id)
    now = as_known(held, route or _main(held))
    picked = planned_for(viewer, [held.pk]).get(held.pk, []) if chosen is None else list(chosen)
    earned = {entry.fields.get("key") for entry in now.record.entries}
    open_now = _open_to(viewer)
    rows = [each for each in catalog.countable(viewer) if each.slug not in earned and (each.id in open_now or each.id in picked)]
    entries = {each.id: entry for each, entry in zip(rows, _entries(viewer, rows, _when(held, now.on)), strict=True)}
    picked = [each for each in picked if each in entries]
    then = rules.what_if(now.route, now.record, [entries[each] for each in picked], now.on)
    counted = _counted(now, entries.values())
    efforts = {each.id: (Decimal(each.hours), each.title) for each in rows}
    usable = [entries[pk] for pk in entries if pk in counted & open_now]
    found = rules.propose(now.route, now.record, usable, now.on, held.valid_to, efforts)
    short = {entry.id for entry in found.entries}
    return PlanPage(
        line(held), now, then, tuple(Offered(each, each.id in picked, each.id in counted) for each in rows), tuple(picked),
        tuple(each for each in rows if each.id in short),
    )  # fmt: skip


def _open_to(viewer: Actor) -> set[str]:
    """Ids of what the viewer could begin today, in an open offering or a pilot with a free seat, and of what they are at work on."""
    found = list(programs.offerings(viewer, [each.id for each in catalog.countable(viewer)]))
    seats = programs.seats(viewer, found)
    begun = programs.my_enrollments(viewer).filter(state="active").values_list("microcredential_id", flat=True)
    return {each.microcredential_id for each in found if not seats[each.pk].is_full} | set(begun)


def _main(held: EducatorLicense) -> str:
    routes = routes_from(held.jurisdiction, held.type)
    if not routes:
        raise NotFound("rule to plan for")
    return routes[0].slug


def _when(held: EducatorLicense, on: date) -> date:
    soon = on + EARNED_IN
    return max(on, min(soon, held.valid_to)) if held.valid_to else soon


def _entries(viewer: Actor, rows: Iterable[Countable], on: date) -> list[Entry]:
    asked = list(rows)
    lists = lists_with(viewer, [each.id for each in asked])
    return [entry_for(each, lists.get(each.id, ()), on) for each in asked]


def entry_for(each: Countable, bodies: tuple[str, ...], on: date) -> Entry:
    """As if it had been earned that day."""
    fields: dict[str, str | tuple[str, ...]] = {
        "key": each.slug,
        "stack": each.stack,
        "origin": each.origin,
        "issuer": each.issuer,
        "approved_by": bodies,
    }
    if each.level:
        fields["level"] = str(each.level)
    return Entry(id=each.id, kind="micro-credential", on=on, submitted=on, fields=fields)


def _counted(known: Known, entries: Iterable[Entry]) -> set[str]:
    """Ids of those that some line would count, each looked at by itself."""
    offered = list(entries)
    everything = replace(known.record, entries=tuple(offered))
    standing = rules.evaluate(known.route, everything, max([known.on, *(each.on for each in offered)]))
    return set(counting(standing)) & {each.id for each in offered}


def counting(standing: rules.Standing) -> dict[str, list[rules.NodeResult]]:
    """By entry, the lines that count it."""
    found: dict[str, list[rules.NodeResult]] = {}

    def walk(node: rules.NodeResult) -> None:
        for entry_id, _ in node.counted:
            found.setdefault(entry_id, []).append(node)
        for child in node.children:
            walk(child)

    if standing.root is not None:
        walk(standing.root)
    return found
