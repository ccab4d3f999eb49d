"""How micro-credentials and stacks look in lists: badge, cairn, and one line about where they stand for this reader.

Not here: drawing (art), and what there is to show (catalog, programs).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from cairn.apps.catalog import queries as catalog
from cairn.apps.programs import queries as programs
from cairn.frame.actor import Actor
from cairn.interfaces.web.art import Badge, Stone
from cairn.interfaces.web.licensed import WhereILook
from cairn.interfaces.web.wording import hours
from cairn.pure.clocks import long_date


class HasStack(Protocol):
    """A micro-credential as it is drawn: a row of the catalog or a line of one of its pages, with its stack."""

    slug: Any
    title: Any
    level: Any
    mark: Any
    stack: Any


def badge_of(mc: HasStack | catalog.Line) -> Badge:
    return Badge(mc.slug, mc.title, mc.stack.title, mc.stack.slug, mc.level, mc.mark, mc.stack.family, mc.stack.shape)


@dataclass(frozen=True)
class Mine:
    """Where the reader stands with a micro-credential; `state` is that of their enrollment."""

    enrollment_id: str
    state: str
    due: str
    version_id: str


@dataclass(frozen=True)
class Shown:
    """A line with its drawing. `kind` is a state of the tag `state`, `said` its words; no address while it is planned. `counts` says what
    it counts for, where a state is chosen."""

    line: catalog.Line
    badge: Badge
    url: str
    kind: str
    said: str
    counts: str = ""

    @property
    def title(self) -> str:
        return self.line.title

    @property
    def time(self) -> str:
        """The estimate of its author; nothing while it is planned."""
        return hours(*self.line.hours) if self.line.hours[1] else ""

    @property
    def words(self) -> str:
        """State and hours in one line, as stones carry it."""
        return f"{self.said}, {self.time}" if self.time and self.kind not in ("met", "half") else self.said


def mine(viewer: Actor) -> dict[str, Mine]:
    """The reader's latest run at each micro-credential, those that they left aside."""
    if not viewer.is_known:
        return {}
    runs: dict[str, Mine] = {}
    for run in programs.my_enrollments(viewer):
        if run.state != "withdrawn":
            due = long_date(run.due_at.astimezone(ZoneInfo(run.zone)).date())
            runs.setdefault(run.microcredential_id, Mine(run.pk, run.state, due, run.version_id))
    return runs


def open_now(viewer: Actor) -> tuple[Shown, ...]:
    """What the reader could begin today, a handful of it."""
    lines = catalog.a_few(viewer, 12)
    return tuple(each for each in shown(lines, offered(viewer, lines), mine(viewer)) if each.kind == "seats")[:6]


def offered(viewer: Actor, lines: Iterable[catalog.Line]) -> dict[str, set[str]]:
    """By micro-credential, the kinds of what is open to newcomers."""
    found: dict[str, set[str]] = {}
    for microcredential_id, kind in programs.offerings(viewer, [line.id for line in lines]).values_list("microcredential_id", "kind"):
        found.setdefault(microcredential_id, set()).add(kind)
    return found


def shown(
    lines: Iterable[catalog.Line], kinds: Mapping[str, Collection[str]], runs: Mapping[str, Mine], looked: WhereILook | None = None
) -> tuple[Shown, ...]:
    found = (_shown(line, kinds.get(line.id, ()), runs.get(line.id)) for line in lines)
    if looked is None:
        return tuple(found)
    return tuple(replace(each, counts=looked.line(each.line.id), url=each.url and f"{each.url}{looked.carried}") for each in found)


def _shown(line: catalog.Line, kinds: Collection[str], run: Mine | None) -> Shown:
    kind, said = _standing(line, kinds, run)
    return Shown(line, badge_of(line), "" if line.state == "planned" else f"/catalog/{line.slug}/", kind, said)


def _standing(line: catalog.Line, kinds: Collection[str], run: Mine | None) -> tuple[str, str]:
    if run is not None:
        return ("met", "You earned this") if run.state == "completed" else ("half", f"You are at work on this, due {run.due}")
    if line.state == "planned":
        return "later", "Planned"
    if "open" in kinds:
        return "seats", "Open now"
    return ("seats", "In pilot") if "pilot" in kinds else ("later", "Not open at the moment")


def cairn_of(stack: catalog.StackLine, lines: Sequence[Shown], is_known: bool) -> tuple[Stone, ...]:
    """The stack as the reader's own path; for those without an account, what is written is solid and what is planned dotted."""
    stones = [_stone(each, is_known) for each in lines]
    stones += [Stone(f"{stack.slug}-unnamed-{n}", "not named yet", "planned") for n in range(stack.unnamed)]
    return tuple(sorted(stones, key=lambda stone: ("earned", "progress", "planned").index(stone.state)))


def _stone(each: Shown, is_known: bool) -> Stone:
    if is_known:
        state = {"met": "earned", "half": "progress"}.get(each.kind, "planned")
    else:
        state = "planned" if each.line.state == "planned" else "earned"
    return Stone(each.line.slug, each.title, state, 0.5 if state == "progress" else float(state == "earned"))
