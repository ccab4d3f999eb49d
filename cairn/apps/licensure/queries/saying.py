"""A standing in sentences: each line met, not yet or for an officer, with what counted, what did not and why, and what would change it.

Not here: computing it (pure.rules), or how a page shows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cairn.apps.licensure.models import RecordEntry
from cairn.apps.licensure.queries.rules import book
from cairn.pure.rules import MET, OFFICER, NodeResult, Standing
from cairn.pure.rules.spec import Node, Tally
from cairn.pure.rules.words import said_day, said_number, said_unit

SMALL = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
OF_WORDS = {
    "micro-credential": "micro-credential", "degree": "degree", "evaluation": "evaluation", "program": "requirement",
    "approval": "approval", "test": "test",
}  # fmt: skip
SINGLE = {"degree": "A degree", "evaluation": "An evaluation", "approval": "An approval"}
GROUPS = ("all", "any", "at_least")
YEARS = {
    "fiscal-year": "fiscal year", "school-year": "school year", "license-year": "year of the license", "calendar-year": "calendar year",
    "academic-term": "academic term",
}  # fmt: skip


@dataclass(frozen=True)
class SaidEntry:
    """An entry that counted, with how much of it; or was left out, with the reason."""

    title: str
    words: str


@dataclass(frozen=True)
class SaidLine:
    """One requirement. `mark` is how it is drawn: met, soon, open or officer; `joint` says how those below it go together."""

    id: str
    title: str
    figures: str
    mark: str
    state: str
    words: tuple[str, ...]
    joint: str
    cite: str
    counted: tuple[SaidEntry, ...]
    left_out: tuple[SaidEntry, ...]
    below: tuple[SaidLine, ...]

    @property
    def is_for_officer(self) -> bool:
        return self.state == OFFICER and not self.below


@dataclass(frozen=True)
class Said:
    """`headline` is what is missing, by when; `lines` what the rule asks for, `joint` how they go together."""

    headline: str
    lead: str
    joint: str
    cite: str
    lines: tuple[SaidLine, ...]


def said(standing: Standing, planned: Mapping[str, str] | None = None) -> Said:
    """One query, for the titles of entries; `planned` has those of what is not there yet."""
    root = standing.root
    if root is None:
        return Said("Nothing is computed here", "The text of this rule was not found, so only the state's office can say.", "", "", ())
    ids = {entry_id for node in root.walk() for entry_id, _ in (*node.counted, *node.left_out)}
    titles = {**(planned or {}), **dict(RecordEntry.objects.filter(pk__in=ids).values_list("pk", "title"))}
    words = _Words(standing, titles)
    headline, lead = words.headline(root)
    if root.operator not in GROUPS:
        return Said(headline, lead, "", root.cite, (words.line(root),))
    return Said(headline, lead, _joint(root), root.cite, tuple(words.line(child) for child in root.children))


class _Words:
    def __init__(self, standing: Standing, titles: Mapping[str, str]) -> None:
        self.on, self.titles = standing.on, titles
        route = book().rules.get(standing.rules)
        version = route.version(standing.version) if route and standing.version else None
        self.nodes: dict[str, Node] = {node.id: node for node in version.requires.walk()} if version and version.requires else {}
        parts = [(part.id, node) for node in self.nodes.values() if isinstance(node.detail, Tally) for part in node.detail.minimums]
        self.nodes.update(parts)

    def line(self, node: NodeResult) -> SaidLine:
        is_officers = node.state == OFFICER and not (node.children and self._is_begun(node))
        mark = "met" if node.state == MET else "officer" if is_officers else "soon" if self._is_begun(node) else "open"
        return SaidLine(
            node.id, node.title, self._figures(node), mark, node.state, tuple(self._sentences(node)), _joint(node), node.cite,
            tuple(SaidEntry(self._title(pk), said_number(amount)) for pk, amount in node.counted),
            tuple(SaidEntry(self._title(pk), why) for pk, why in node.left_out),
            tuple(self.line(child) for child in node.children),
        )  # fmt: skip

    def headline(self, root: NodeResult) -> tuple[str, str]:
        if root.state == MET:
            return "Everything the rule asks for is met", "You must still apply: an officer of the state decides."
        lacking = self._lacking(root)
        figures = [more for node in lacking if (more := self.more(node))]
        others = "Everything else the rule asks for is met." if len(lacking) == 1 and lacking != [root] else ""
        still = "When all lines are met you must still apply; an officer decides."
        by = min((by for node in lacking if (by := _last_day(node, self.on))), default=None)
        if len(figures) == len(lacking) in (1, 2):
            told = " and ".join([figures[0], *(f"{more[0].lower()}{more[1:]}" for more in figures[1:])])
            return f"{told}{_until(by, self.on)}", f"{others} {still}".strip()
        if not lacking:
            return "An officer must judge", "Everything that can be computed is met. What is left no rule computes: ask an officer."
        if len(lacking) == 1:
            return f"One line to go: “{lacking[0].title}”{_until(by, self.on)}", f"{others} {still}".strip()
        return f"{_spelled(Decimal(len(lacking)))} lines to go{_until(by, self.on)}", still

    def more(self, node: NodeResult) -> str:
        """What is missing of a figure: "Two more micro-credentials"."""
        if node.need is None or node.have is None or node.state == MET or node.operator in ("all", "any"):
            return ""
        if self._is_single(node):
            return SINGLE.get(self._of(node), "")
        parts = [part for part in node.children if part.operator == "minimum" and part.state != MET]
        short = max(node.need - node.have, self._of_parts(node, parts))
        if short <= 0:
            return ""
        told = f"{_spelled(short)} more {self._unit(node, short)}".strip()
        if len(parts) > 2:
            return f"{told}, so that each line below has enough"
        among = [f"{_spelled(_short(part)).lower()} for “{part.title}”" for part in parts]
        return f"{told}, among them {' and '.join(among)}" if among else told

    def _of_parts(self, node: NodeResult, parts: list[NodeResult]) -> Decimal:
        """How much is needed for the parts that lack something, where each entry fills one of them, or several if the rule allows that."""
        detail = self.nodes[node.id].detail if node.id in self.nodes else None
        lacks = [_short(part) for part in parts]
        return max(lacks, default=Decimal(0)) if isinstance(detail, Tally) and detail.is_shared else sum(lacks, Decimal(0))

    def _is_single(self, node: NodeResult) -> bool:
        """Whether it asks for one thing that is there or not, such as a degree: nothing to count."""
        return node.need == 1 and not node.unit and self._of(node) != "micro-credential"

    def _lacking(self, node: NodeResult) -> list[NodeResult]:
        """The lines that keep it from being met; of several ways one by micro-credentials, else the one that is furthest along."""
        if node.state == MET or (node.state == OFFICER and not node.children):
            return []
        if node.operator not in GROUPS:
            return [node]
        below = [self._lacking(child) for child in node.children if child.state != MET]
        if node.operator == "all":
            return [leaf for leaves in below for leaf in leaves]
        open_ways = [leaves for leaves in below if leaves]
        return min(open_ways, key=lambda leaves: (any(not self._is_offered(leaf) for leaf in leaves), sum(map(_share, leaves))), default=[])

    def _is_offered(self, node: NodeResult) -> bool:
        """Whether a site like this one can help: it is about micro-credentials."""
        return self._of(node) == "micro-credential"

    def _of(self, node: NodeResult) -> str:
        detail = self.nodes[node.id].detail if node.id in self.nodes else None
        return detail.of[0] if isinstance(detail, Tally) and len(detail.of) == 1 else ""

    def _sentences(self, node: NodeResult) -> Iterator[str]:
        if node.waived_by:
            yield "Something else stands in for it."
        if node.state == MET and node.met_on and not node.children:
            yield f"Met on {said_day(node.met_on)}."
        elif node.state == OFFICER and not node.children:
            yield f"{_sentence(node.note)} An officer must judge; it is not computed.".strip()
        elif (node.state != MET and not node.children) or node.operator in ("count", "sum"):
            yield from self._open(node)

    def _open(self, node: NodeResult) -> Iterator[str]:
        if node.state == MET:
            return
        if node.note:
            yield _sentence(node.note)
        for period in node.periods:
            if not period.is_met:
                figures = f"{said_number(period.have)} of {said_number(period.need)}{_until(period.to, self.on)}"
                yield f"{period.title[:1].upper()}{period.title[1:]}: {figures}."
        if node.periods:
            return
        if more := "" if self._is_single(node) else self.more(node):
            yield f"{more}{_until(node.by, self.on)}."
            return
        if self._is_single(node) and not node.note:
            yield "Nothing that counts for it is recorded."
        if node.by:
            yield f"The time for it {'ends' if node.by >= self.on else 'ended'} on {said_day(node.by)}."

    def _figures(self, node: NodeResult) -> str:
        if node.have is None or node.need is None or (node.children and node.operator not in ("count", "sum")):
            return ""
        years = f" {'year' if node.need == 1 else 'years'}" if node.periods and "year" in node.unit else ""
        return f"{said_number(node.have)} of {said_number(node.need)}{years}"

    def _unit(self, node: NodeResult, short: Decimal) -> str:
        if node.periods:
            word = YEARS.get(node.unit, "period")
            return word if short == 1 else f"{word.replace('year', 'years', 1)}" if "year" in word else f"{word}s"
        of = self._of(node)
        if node.unit:
            more = f" of {of}" if of in ("experience", "mentoring") else ""
            return said_unit(node.unit, short) + more
        word = OF_WORDS.get(of, "")
        return word + ("" if short == 1 or not word else "s")

    def _is_begun(self, node: NodeResult) -> bool:
        return bool(node.have) or any(self._is_begun(child) for child in node.children)

    def _title(self, entry_id: str) -> str:
        return self.titles.get(entry_id, "An entry")


def _joint(node: NodeResult) -> str:
    if node.operator == "at_least" and node.need is not None:
        return f"{_spelled(node.need)} of these"
    if node.operator in GROUPS or not node.children:
        return {"all": "All of these", "any": "Any one of these"}.get(node.operator, "")
    parts = [child.operator == "minimum" for child in node.children]
    return "Of these" if all(parts) else "Of these, or the last one instead" if any(parts) else "Or this instead"


def _short(node: NodeResult) -> Decimal:
    return (node.need or Decimal(0)) - (node.have or Decimal(0))


def _last_day(node: NodeResult, on: date) -> date | None:
    """By when it can still be met: a period that is over without enough ended it."""
    return next((period.to for period in node.periods if not period.is_met and period.to < on), node.by)


def _share(node: NodeResult) -> Decimal:
    """How much of a line is missing, from 0 to 1."""
    return (node.need - (node.have or 0)) / node.need if node.need else Decimal(1)


def _until(by: date | None, on: date) -> str:
    return "" if by is None else f" by {said_day(by)}" if by >= on else f"; the time for it ended on {said_day(by)}"


def _spelled(number: Decimal) -> str:
    return SMALL[int(number)] if number == int(number) and number < len(SMALL) else said_number(number)


def _sentence(text: str) -> str:
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."
