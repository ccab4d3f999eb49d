"""Whether an educator's record meets a rule set on a day: a tree of met, not yet, needs an officer, with what counted and what did not.

Nothing here names a state. More evidence never lowers a requirement, but for `at_most`, `newest`, `not`, and credit recognized for an
award that the same requirement counts in its place. Not here: sentences (explain), planning, or the same over a whole state (columns).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from cairn.pure.rules.calendar import Days, Window, periods
from cairn.pure.rules.case import Case, decimal_of, holds
from cairn.pure.rules.matching import allot
from cairn.pure.rules.model import ENGINE, MET, NOT_COMPUTED, OFFICER, OPEN, NodeResult, Period, Record, Standing
from cairn.pure.rules.spec import Group, Has, Node, Renewals, RuleSet, Score, Tally, Version
from cairn.pure.rules.tallies import NONE, Found, Total, fill, gather, key_of, total

RANK = {MET: 2, OFFICER: 1, OPEN: 0}


def evaluate(rules: RuleSet, record: Record, on: date) -> Standing:
    """The standing on a day under the version that holds then: the last one in force, the one of entry where a rule set locks it, or the
    one before where a transition still allows either and it serves better."""
    chosen = versions_on(rules, record, on)
    if not chosen:
        return Standing(rules.slug, None, "", "", on, NOT_COMPUTED, engine=ENGINE)
    standings = [evaluate_version(rules, version, record, on) for version in chosen]
    return max(standings, key=lambda standing: RANK.get(standing.state, -1))


def evaluate_version(rules: RuleSet, version: Version, record: Record, on: date, engine: int = ENGINE) -> Standing:
    """The standing under this version, whether or not it holds on that day: so a change can be looked at before it takes effect, and a
    past decision be computed again by the engine of its day. ValueError for an engine that there is not."""
    if not 1 <= engine <= ENGINE:
        raise ValueError(f"There is no engine {engine}.")
    if version.requires is None:
        return Standing(rules.slug, version.effective, version.status, version.hash, on, NOT_COMPUTED, engine=engine)
    root = result(Case(rules.jurisdiction, record, on, engine), version.requires)
    return Standing(rules.slug, version.effective, version.status, version.hash, on, root.state, root.met_on, root, engine)


def versions_on(rules: RuleSet, record: Record, on: date) -> list[Version]:
    """The version that holds on a day, then the one before where either may be used. What is enacted holds only where nothing else does."""
    day = _entry(record) or on if rules.is_locked_on_entry else on
    known = [version for version in rules.versions if version.effective <= day]
    holding = [version for version in known if version.status != "enacted"] or known
    if not holding:
        return []
    last = holding[-1]
    before = holding[-2:-1] if last.either_until and on <= last.either_until else []
    return [last, *before] if last.until is None or day <= last.until else []


def _entry(record: Record) -> date | None:
    if "entry" in record.events:
        return record.events["entry"]
    return (record.license.entered or record.license.from_) if record.license else None


def result(case: Case, node: Node) -> NodeResult:
    """What becomes of one requirement."""
    for group in node.once:
        _allot(case, node, group)
    own = OPERATORS[node.operator](case, node)
    return own if node.unless is None else _unless(case, node.unless, own)


def _unless(case: Case, stand_in: Node, own: NodeResult) -> NodeResult:
    other = result(case, stand_in)
    children = (*own.children, other)
    if own.state == MET or RANK[other.state] <= RANK[own.state]:
        return _copy(own, children=children)
    waived = stand_in.id if other.state == MET else ""
    return _copy(own, state=other.state, met_on=other.met_on, waived_by=waived, children=children)


def _copy(one: NodeResult, **changed: object) -> NodeResult:
    return NodeResult(**{name: changed.get(name, getattr(one, name)) for name in NodeResult.__slots__})  # type: ignore[arg-type]


def _group(case: Case, node: Node) -> NodeResult:
    """All, any, or so many of the children; an officer is needed where officers could make up what is missing."""
    assert isinstance(node.detail, Group)
    children = tuple(result(case, child) for child in node.children)
    need, met = node.detail.least, [child for child in children if child.state == MET]
    officers = sum(child.state == OFFICER for child in children)
    state = MET if len(met) >= need else OFFICER if len(met) + officers >= need else OPEN
    days = sorted(child.met_on or date.min for child in met)[:need] if state == MET else []
    met_on = days[-1] if days and days[-1] != date.min else None
    ends = [child.by for child in children if child.state != MET and child.by]
    by = (min if need == len(children) else max)(ends, default=None)
    return NodeResult(
        node.id, node.title, node.cite, node.operator, state, Decimal(len(met)), Decimal(need), by=by, met_on=met_on, children=children,
        note=node.note,
    )  # fmt: skip


def _tally(case: Case, node: Node) -> NodeResult:
    tally = node.detail
    assert isinstance(tally, Tally)
    window = case.window(node.within)
    found, left = gather(case, tally, window)
    if node.id in case.allotted:
        allowed = case.allotted[node.id]
        left += [(entry.id, "not needed here, or counts toward another requirement") for _, entry in found if entry.id not in allowed]
        found = [pair for pair in found if pair[1].id in allowed]
    need = needed(case, tally)
    if tally.each:
        return _each(case, node, tally, need, window, found, left)
    whole = total(case, tally, found)
    minimums = _minimums(tally, fill(case, tally, found))
    is_met = not window.missing and whole.have >= need and (tally.at_most is None or whole.have <= tally.at_most)
    is_met = is_met and all(part.state == MET for part in minimums)
    days = [day for day in (whole.reached(need), *(part.met_on for part in minimums)) if day] if is_met and need else []
    return NodeResult(
        node.id, node.title, node.cite, node.operator, MET if is_met else OPEN, whole.have, need, tally.unit, _by(case, node, window),
        max(days, default=None), tuple((entry.id, amount) for _, entry, amount in whole.counted), tuple(left + whole.left_out),
        note=window.missing or node.note, children=minimums,
    )  # fmt: skip


def needed(case: Case, tally: Tally) -> Decimal:
    need = tally.at_least
    for adjust in tally.adjust:
        if case.has(adjust.when):
            need *= adjust.times
    return need


def _by(case: Case, node: Node, window: Window) -> date | None:
    if window.end and node.within.kind not in ("last", "since"):
        return window.end
    return case.record.license.to if case.record.license else None


def _minimums(tally: Tally, found: list[Total]) -> tuple[NodeResult, ...]:
    results = []
    for part, some in zip(tally.minimums, found, strict=True):
        state, met_on = (MET, some.reached(part.amount)) if some.have >= part.amount else (OPEN, None)
        counted = tuple((entry.id, amount) for _, entry, amount in some.counted)
        results.append(
            NodeResult(part.id, part.title, part.cite, "minimum", state, some.have, part.amount, tally.unit, met_on=met_on, counted=counted)
        )
    return tuple(results)


def _each(
    case: Case, node: Node, tally: Tally, need: Decimal, window: Window, found: list[Found], left: list[tuple[str, str]]
) -> NodeResult:
    """Every period of the window must have enough; what one has too many is carried to the next as far as the rule allows."""
    results: list[Period] = []
    counted: list[tuple[str, Decimal]] = []
    carried, days = NONE, []
    for period in periods(tally.each, window, case.jurisdiction, case.record):
        inside = [pair for pair in found if period.start <= pair[0] <= period.end]
        whole = total(case, tally, inside)
        have = whole.have + carried
        is_met = have >= need and all(part.state == MET for part in _minimums(tally, fill(case, tally, inside)))
        days.append(whole.reached(need - carried) if carried < need else None)
        results.append(Period(period.title, period.start, period.end, have, need, is_met))
        counted += [(entry.id, amount) for _, entry, amount in whole.counted]
        left += whole.left_out
        carried = max(have - need, NONE) if tally.carry_over is None else min(max(have - need, NONE), tally.carry_over)
    met = sum(period.is_met for period in results)
    is_met = bool(results) and met == len(results)
    note = window.missing or ("" if results else "The days of the window are not known.") or node.note
    return NodeResult(
        node.id, node.title, node.cite, node.operator, MET if is_met else OPEN, Decimal(met), Decimal(len(results)), tally.each,
        _by(case, node, window), max(filter(None, days), default=None) if is_met else None, tuple(counted), tuple(left),
        tuple(results), note=note,
    )  # fmt: skip


def _allot(case: Case, node: Node, group: tuple[str, ...]) -> None:
    """Decide which entries each requirement of a group may count, so that none counts twice; period by period where there are any."""
    leaves = {leaf.id: leaf for leaf in node.walk() if leaf.id in group}
    tallies = [leaf.detail for leaf in map(leaves.__getitem__, group) if isinstance(leaf.detail, Tally)]
    windows = [case.window(leaves[id].within) for id in group]
    gathered = [gather(case, tally, window)[0] for tally, window in zip(tallies, windows, strict=True)]
    days: list[Days | None] = [None]
    if tallies[0].each:
        days = list(periods(tallies[0].each, windows[0], case.jurisdiction, case.record))
    needs = [int(needed(case, tally).to_integral_value("ROUND_CEILING")) for tally in tallies]
    allotted: list[set[str]] = [set() for _ in group]
    for period in days:
        inside = [[pair for pair in found if period is None or period.start <= pair[0] <= period.end] for found in gathered]
        first = _first_of_each(inside, tallies[0].by_key)
        suits = [list(dict.fromkeys(_key(pair, tallies[0].by_key) for pair in found)) for found in inside]
        order = sorted(first, key=lambda key: first[key])
        for number, keys in enumerate(allot(suits, needs, order)):
            chosen = set(keys)
            allotted[number] |= {pair[1].id for pair in inside[number] if _key(pair, tallies[0].by_key) in chosen}
    case.allotted.update(zip(group, map(frozenset, allotted), strict=True))


def _key(pair: Found, by_key: bool) -> object:
    return key_of(pair[1]) if by_key else pair[1].id


def _first_of_each(inside: list[list[Found]], by_key: bool) -> dict[object, tuple[date, str]]:
    first: dict[object, tuple[date, str]] = {}
    for found in inside:
        for pair in found:
            place = pair[0], pair[1].id
            key = _key(pair, by_key)
            first[key] = min(first.get(key, place), place)
    return first


def _has(case: Case, node: Node) -> NodeResult:
    assert isinstance(node.detail, Has)
    known = case.attributes.get(node.detail.attribute, [])
    fitting = [attribute for attribute in known if holds(node.detail.condition, attribute.value)]
    met_on = min((attribute.since or date.min for attribute in fitting), default=date.min)
    note = node.note or ("" if known else f"Nothing is recorded about “{node.detail.attribute}”.")
    state = MET if fitting else OPEN
    by = None if fitting or not case.record.license else case.record.license.to
    return NodeResult(node.id, node.title, node.cite, node.operator, state, by=by, met_on=met_on if met_on != date.min else None, note=note)


def _score(case: Case, node: Node) -> NodeResult:
    """A score counts from the cut less the tolerance on, that number itself included."""
    assert isinstance(node.detail, Score)
    window = case.window(node.within)
    found, left = gather(case, Tally(of=("test",)), window)
    passed = []
    for day, entry in found:
        if entry.fields.get("name") != node.detail.test:
            left.append((entry.id, f"not the test “{node.detail.test}”"))
            continue
        score, cut, sem = (decimal_of(entry.fields.get(name, "")) for name in ("score", "cut", "sem"))
        if score is None or cut is None or (sem is None and node.detail.tolerance):
            left.append((entry.id, "its score, its cut or its standard error is not recorded"))
        elif score < cut - node.detail.tolerance * (sem or NONE):
            left.append((entry.id, f"its score of {score} is below {(cut - node.detail.tolerance * (sem or NONE)).normalize():f}"))
        else:
            passed.append((day, entry))
    return NodeResult(
        node.id, node.title, node.cite, node.operator, MET if passed else OPEN, Decimal(min(len(passed), 1)), Decimal(1), "",
        _by(case, node, window), passed[0][0] if passed else None, tuple((entry.id, Decimal(1)) for _, entry in passed), tuple(left),
        note=window.missing or node.note,
    )  # fmt: skip


def _renewals(case: Case, node: Node) -> NodeResult:
    assert isinstance(node.detail, Renewals)
    license = case.record.license
    if license is None:
        return NodeResult(node.id, node.title, node.cite, node.operator, OPEN, note="No license is recorded.")
    is_met = license.renewals_used < node.detail.fewer_than
    have, need = Decimal(license.renewals_used), Decimal(node.detail.fewer_than)
    return NodeResult(node.id, node.title, node.cite, node.operator, MET if is_met else OPEN, have, need, note=node.note)


def _officer(case: Case, node: Node) -> NodeResult:
    return NodeResult(node.id, node.title, node.cite, node.operator, OFFICER, note=node.note)


# An operator is a function here, a reader in read_nodes, a writer of SQL in columns, and a property test.
OPERATORS: dict[str, Callable[[Case, Node], NodeResult]] = {
    "all": _group, "any": _group, "at_least": _group, "count": _tally, "sum": _tally, "has": _has, "score": _score, "renewals": _renewals,
    "officer": _officer,
}  # fmt: skip
