"""A rule set in plain words: each requirement with how it is computed, versions, license types, what recognizers give.

Not here: the rules themselves (pure.rules), or where an educator stands (explain).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from cairn.apps.licensure.queries.states import State, Worked, holding
from cairn.pure.rules import Jurisdiction, RuleSet, Version
from cairn.pure.rules.spec import Condition, Group, Has, LicenseType, Node, Renewals, Score, Tally, Within
from cairn.pure.rules.words import MONTHS, listed, said_amount, said_number

PURPOSES = {
    "preparation": "Preparation", "initial": "First license", "professional-development": "Professional development", "renewal": "Renewal",
    "endorsement": "Endorsement", "advancement": "Advancement", "compensation": "Pay", "growth": "Growth and induction",
}  # fmt: skip
# Status of a version -> how its mark is drawn, and its words.
STATUSES = {
    "in force": ("met", "In force"), "pilot": ("seats", "Pilot"), "enacted": ("later", "Enacted, not in force"),
    "repealed": ("stopped", "Repealed"), "not found": ("officer", "Rule not found"),
}  # fmt: skip
STANDINGS = {
    "met": ("met", "Met"), "open": ("later", "Not yet"), "officer": ("officer", "Needs an officer"),
    "not-computed": ("later", "Not computed"),
}  # fmt: skip
JOINTS = {"all": "All of these", "any": "Any one of these"}
# Kinds of entries: one of them, several, and what a sum is taken from.
KINDS = {
    "micro-credential": ("micro-credential", "micro-credentials", "micro-credentials"), "hours": ("activity", "activities", "hours"),
    "credit": ("credit", "credits", "credit"), "points": ("grant of points", "grants of points", "points granted"),
    "degree": ("degree", "degrees", "degrees"), "experience": ("post", "posts", "service"),
    "mentoring": ("mentoring", "mentorings", "mentoring"), "evaluation": ("evaluation", "evaluations", "evaluations"),
    "test": ("test", "tests", "tests"), "program": ("thing completed", "things completed", "things completed"),
    "approval": ("approval", "approvals", "approvals"),
}  # fmt: skip
YEARS = {"fiscal-year": "fiscal year", "school-year": "school year", "license-year": "year of the license",
         "calendar-year": "calendar year", "academic-term": "academic term"}  # fmt: skip


@dataclass(frozen=True)
class ShownRequirement:
    """One line of the tree; `rates`: what is turned into its unit; `joint`: how those below join; `instead`: what may stand for it."""

    title: str
    words: str
    rates: tuple[str, ...] = ()
    cite: str = ""
    joint: str = ""
    is_officers: bool = False
    below: tuple[ShownRequirement, ...] = ()
    instead: ShownRequirement | None = None


@dataclass(frozen=True)
class ShownVersion:
    """`until` is the day before the next version begins."""

    version: Version
    until: date | None
    tree: ShownRequirement | None
    mark: str
    status: str
    holds: bool


@dataclass(frozen=True)
class ShownRoute:
    """A route with the version that holds today, or the one to come; the others below it, the latest first."""

    rules: RuleSet
    purpose: str
    current: ShownVersion
    others: tuple[ShownVersion, ...]
    license: str  # that it leads to, or renews


@dataclass(frozen=True)
class ShownType:
    type: LicenseType
    lasts: str
    next: str


@dataclass(frozen=True)
class ShownState:
    jurisdiction: Jurisdiction
    routes: tuple[ShownRoute, ...]
    types: tuple[ShownType, ...]
    purposes: frozenset[str]  # of its recognizers' schedules
    fiscal_year: str
    terms: tuple[tuple[str, str], ...]

    @property
    def given(self) -> str:
        """What its recognizers' schedules are for, in words."""
        return _purposes(self.purposes)

    @property
    def counts_for(self) -> str:
        """What an award may count for there, as far as a rule or a schedule was found."""
        return _purposes({each.rules.purpose for each in self.routes if each.current.tree} | self.purposes)

    @property
    def rows(self) -> int:
        return len(self.routes) + bool(self.purposes)


def _purposes(names: Collection[str]) -> str:
    said = listed(PURPOSES[name].lower() for name in PURPOSES if name in names)
    return said[:1].upper() + said[1:]


@dataclass(frozen=True)
class ShownCase:
    worked: Worked
    expected: tuple[str, str]
    computed: tuple[str, str]


def state(one: State) -> ShownState:
    place = one.jurisdiction
    titles = {kind.slug: kind.title for kind in place.types}
    types = tuple(ShownType(kind, lasts(kind), titles.get(kind.next, "")) for kind in place.types)
    terms = tuple((f"{term.name} term".capitalize(), f"{_month_day(term.from_)} to {_month_day(term.to)}") for term in place.terms)
    fiscal_year = _month_day(place.fiscal_year) if place.fiscal_year else ""
    purposes = frozenset(each.purpose for each in one.schedules)
    return ShownState(place, tuple(map(route, one.routes)), types, purposes, fiscal_year, terms)


def _month_day(day: tuple[int, int]) -> str:
    return f"{MONTHS[day[0] - 1]} {day[1]}"


def route(rules: RuleSet) -> ShownRoute:
    held = holding(rules)
    versions = [_version(rules.versions, number, held) for number in reversed(range(len(rules.versions)))]
    current = next((each for each in versions if each.holds), versions[-1])
    kind = rules.jurisdiction.type(rules.gives or rules.renews)
    others = tuple(each for each in versions if each is not current)
    license = kind.title if kind else ""
    return ShownRoute(rules, PURPOSES[rules.purpose], current, others, license)


def _version(versions: Sequence[Version], number: int, held: Version | None) -> ShownVersion:
    one = versions[number]
    mark, status = STATUSES[one.status]
    after = versions[number + 1].effective - timedelta(days=1) if number + 1 < len(versions) else None
    tree = requirement(one.requires, one.cite) if one.requires else None
    return ShownVersion(one, one.until or after, tree, mark, status, one is held)


def chosen(states: Iterable[ShownState], purpose: str = "", status: str = "") -> list[ShownState]:
    """The states with those of their routes that are for this and stand so; states without any are left out. Schedules have no status."""
    found = []
    for state in states:
        routes = tuple(each for each in state.routes if _fits(each, purpose, status))
        purposes = frozenset(name for name in state.purposes if purpose in ("", name) and not status)
        found.append(replace(state, routes=routes, purposes=purposes))
    return [state for state in found if state.rows]


def _fits(route: ShownRoute, purpose: str, status: str) -> bool:
    return purpose in ("", route.rules.purpose) and status in ("", route.current.version.status)


def figures(states: Sequence[ShownState]) -> dict[str, int]:
    found = [each.current.version.status for state in states for each in state.routes]
    return {"states": len(states), "routes": len(found), "computed": sum(status != "not found" for status in found)}


def cases(worked: Iterable[Worked]) -> list[ShownCase]:
    return [ShownCase(each, STANDINGS[each.case.state], STANDINGS[each.standing.state]) for each in worked]


def requirement(node: Node, above: str) -> ShownRequirement:
    """`above` is the citation that stands over it, which is not said again."""
    tally = node.detail if isinstance(node.detail, Tally) else None
    parts, convert = (tally.minimums, tally.convert) if tally else ((), {})
    rates = tuple(_rate(name, rate.every or Decimal(1), rate.gives, tally.unit) for name, rate in convert.items()) if tally else ()
    minimums = tuple(
        ShownRequirement(part.title or part.id, f"At least {said_number(part.amount)} of it: {filtered(part.where)}.") for part in parts
    )
    return ShownRequirement(
        title=node.title or node.id.replace("-", " "), words=_words(node), rates=rates, cite="" if node.cite == above else node.cite,
        joint=_joint(node), is_officers=node.operator == "officer",
        below=minimums + tuple(requirement(child, node.cite) for child in node.children),
        instead=requirement(node.unless, node.cite) if node.unless else None,
    )  # fmt: skip


def _joint(node: Node) -> str:
    if not isinstance(node.detail, Group):
        return _parts(node.detail) if isinstance(node.detail, Tally) and node.detail.minimums else ""
    shared = "; nothing counts for two of them" if node.once else ""
    return JOINTS.get(node.operator, f"At least {said_number(Decimal(node.detail.least))} of these") + shared


def _parts(tally: Tally) -> str:
    """How the parts of a count or a sum join."""
    several = "; one entry may fill several of them" if tally.is_shared else "; nothing counts for two of them"
    return "With these parts" + (several if len(tally.minimums) > 1 else "")


def _words(node: Node) -> str:
    """How a machine computes it, in one sentence; an officer's line says why a person must judge."""
    if isinstance(node.detail, Tally):
        return f"{_tally(node.detail, node.within)}."
    if isinstance(node.detail, Has):
        return f"On the educator's record: {_condition(node.detail.condition)}."
    if isinstance(node.detail, Score):
        less = f", less {said_number(node.detail.tolerance)} standard errors of measurement" if node.detail.tolerance else ""
        return f"A score in “{plain(node.detail.test)}” at or above the cut{less}."
    if isinstance(node.detail, Renewals):
        return f"Renewed fewer than {said_number(Decimal(node.detail.fewer_than))} times."
    return node.note


def _tally(tally: Tally, within: Within) -> str:
    parts = [_need(tally)]
    parts += [f"at most {said_number(tally.at_most)}"] if tally.at_most is not None else []
    parts += [filtered(tally.where)] if tally.where else []
    parts += [f"each of {amount(tally.smallest, tally.unit)} or more"] if tally.smallest else []
    parts += [f"at most {amount(tally.cap.at_most, tally.unit)} from one {YEARS.get(tally.cap.per, 'day')}"] if tally.cap else []
    parts += [f"at most {amount(most.amount, tally.unit)} with {filtered(most.where)}" for most in tally.maximums]
    parts += [f"in every {YEARS[tally.each]}, {_carried(tally.carry_over)}"] if tally.each else []
    parts += [_window(within)] if within.kind != "any" and tally.each != "license-year" else []
    parts += ["by the day it was sent in"] if tally.on_submission else []
    parts += ["only the newest is looked at"] if tally.newest is not None else []
    parts += [f"each lasts {tally.lasts}"] if tally.lasts else []
    parts += [f"within {tally.after.within} of what it follows"] if tally.after else []
    parts += [f"{said_number(one.times * tally.at_least)} where {_when(one.when)}" for one in tally.adjust]
    return "; ".join(parts)


def _need(tally: Tally) -> str:
    if not tally.unit:
        one, several, _ = KINDS[tally.of[0]]
        different = "different " if tally.by_key and tally.at_least > 1 else ""
        return f"At least {said_number(tally.at_least)} {different}{one if tally.at_least == 1 else several}"
    sources = listed((KINDS[kind][2] for kind in tally.of), "or")
    said = f"At least {amount(tally.at_least, tally.unit)}"
    if len(tally.of) > 1:
        return f"{said}, from {sources}"
    return said if said.endswith(sources) else f"{said} of {sources}"


def _rate(name: str, every: Decimal, gives: Decimal, unit: str) -> str:
    return f"{amount(every, name)} {'gives' if every == 1 else 'give'} {amount(gives, unit)}."


def amount(number: Decimal, unit: str) -> str:
    return said_amount(number, unit)


def _carried(carry_over: Decimal | None) -> str:
    if carry_over is None:
        return "what is too much counts in the next"
    return f"at most {said_number(carry_over)} counts in the next" if carry_over else "nothing carries over"


def _window(within: Within) -> str:
    if within.kind == "license":
        return "during the license"
    if within.kind == "last":
        return f"in the last {within.span}"
    if within.kind == "since":
        return f"since “{plain(within.event)}”"
    last = f"{within.terms} academic terms" if within.terms else str(within.span)
    return f"within {last} of “{plain(within.event)}”"


def filtered(where: Iterable[Condition]) -> str:
    return ", ".join(map(_condition, where))


def _condition(one: Condition) -> str:
    """A filter in words; what stands in quotation marks is a word of the record."""
    if one.choices:
        chosen = ((choice, _condition(Condition(one.field, choice.values))) for choice in one.choices)
        return ", ".join(f"{words} {'where ' + _when(choice.when) if choice.when else 'otherwise'}" for choice, words in chosen)
    label = {"approved_by": "approved by", "name": "on the record as"}.get(one.field, plain(one.field))
    below = one.reason.partition(" is below ")[2]
    if below:
        return f"{label} “{below}” or higher"
    values = listed((f"“{plain(value)}”" for value in sorted(one.values)), "or")
    return f"{label} {'other than ' if one.negated else ''}{values}"


def _when(when: Iterable[tuple[str, tuple[str, ...]]]) -> str:
    return listed(f"“{plain(name)}” is {listed((f'“{value}”' for value in values), 'or')}" for name, values in when)


def plain(name: str) -> str:
    """A name of the files as words."""
    words = name.replace("-", " ").replace("_", " ")
    return words.replace("micro credential", "micro-credential").replace("in service", "in-service")


def lasts(kind: LicenseType) -> str:
    """How long a license of this type is valid."""
    length = said_amount(Decimal(kind.years), "year") if kind.years else "No length is stored"
    return f"{length}, {'may be renewed' if kind.renewable else 'not renewed'}"
