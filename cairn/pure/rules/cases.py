"""Cases beside a rule set: educators and the standing that is expected of each; where the two differ is said in words.

Not here: finding the files (tests/rulesets), the pages that show them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cairn.pure.rules.evaluate import evaluate
from cairn.pure.rules.model import MET, NOT_COMPUTED, OFFICER, OPEN, NodeResult, Record, Standing
from cairn.pure.rules.parse import CASES
from cairn.pure.rules.read_records import read_record
from cairn.pure.rules.reading import Fields, read_cases
from cairn.pure.rules.spec import RuleSet
from cairn.pure.rules.words import said_number

STATES = (MET, OPEN, OFFICER, NOT_COMPUTED)


@dataclass(frozen=True)
class ExpectedNode:
    """What a requirement should come to; None and nothing say that it does not matter. `left_out` is a number or ids of entries."""

    id: str
    state: str
    have: str = ""
    need: str = ""
    met_on: date | None = None
    left_out: tuple[str, ...] = ()
    periods_open: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleCase:
    """One educator on one day, under the version that holds then, and what is expected."""

    file: str
    line: int
    name: str
    on: date
    record: Record
    state: str
    met_on: date | None
    version: date | None
    nodes: tuple[ExpectedNode, ...]


def parse_cases(path: str, text: str) -> tuple[RuleCase, ...]:
    """The cases of the rule set that the path names, such as us/mo/career.cases.yaml; RulesInvalid with every problem."""
    return read_cases(path, text, _case)


def slug_of(path: str) -> str:
    """What the cases in a file are about: its path without the ending."""
    return path.removesuffix(CASES)


def differences(case: RuleCase, rules: RuleSet) -> list[str]:
    """Where the standing differs from what the case expects, a sentence each; none where they agree."""
    standing = evaluate(rules, case.record, case.on)
    return [f"{case.file}, line {case.line}, “{case.name}”: {what}" for what in _differences(case, standing)]


def _differences(case: RuleCase, standing: Standing) -> Iterator[str]:
    if standing.state != case.state:
        yield f"the whole is {standing.state}, expected {case.state}; {_states(standing.root)}"
    if case.met_on and standing.met_on != case.met_on:
        yield f"met on {standing.met_on}, expected {case.met_on}"
    if case.version and standing.version != case.version:
        yield f"evaluated under the version of {standing.version}, expected {case.version}"
    for expected in case.nodes:
        found = standing.find(expected.id)
        if found is None:
            yield f"there is no requirement “{expected.id}”; {_states(standing.root)}"
        else:
            yield from (f"“{expected.id}” {what}" for what in _node_differences(expected, found))


def _node_differences(expected: ExpectedNode, found: NodeResult) -> Iterator[str]:
    if found.state != expected.state:
        have = f" (has {found.have} of {found.need})" if found.have is not None else ""
        yield f"is {found.state}{have}, expected {expected.state}"
    for name in ("have", "need"):
        wanted, number = getattr(expected, name), getattr(found, name)
        if wanted and (number is None or said_number(number).replace(",", "") != wanted.replace(",", "")):
            yield f"{name}: {number}, expected {wanted}"
    if expected.met_on and found.met_on != expected.met_on:
        yield f"met on {found.met_on}, expected {expected.met_on}"
    left = [id for id, _ in found.left_out]
    if expected.left_out and expected.left_out[0].isdigit():
        if len(left) != int(expected.left_out[0]):
            yield f"leaves out {len(left)} ({', '.join(left)}), expected {expected.left_out[0]}"
    elif missing := set(expected.left_out) - set(left):
        yield f"counts {', '.join(sorted(missing))}, expected to be left out"
    open_titles = [period.title for period in found.periods if not period.is_met]
    if expected.periods_open and list(expected.periods_open) != open_titles:
        yield f"lacks {open_titles}, expected {list(expected.periods_open)}"


def _states(root: NodeResult | None) -> str:
    if root is None:
        return "nothing was computed"
    return ", ".join(f"{one.id} {one.state}" + (f" {one.have}/{one.need}" if one.need is not None else "") for one in _walk(root))


def _walk(one: NodeResult) -> Iterator[NodeResult]:
    yield one
    for child in one.children:
        yield from _walk(child)


def _case(one: Fields) -> RuleCase:
    expect, record = one.fields("expect", required=True), one.fields("record")
    expect = expect or Fields(one.file, [])
    nodes, read = expect.fields("nodes"), read_record(record) if record else Record()
    return RuleCase(
        file=one.file,
        line=one.line_of("name"),
        name=one.text("name"),
        on=one.day("on"),
        record=read,
        state=expect.one_of("state", STATES),
        met_on=expect.maybe_day("met_on"),
        version=expect.maybe_day("version"),
        nodes=tuple(_expected(nodes, id, {entry.id for entry in read.entries}) for id in nodes) if nodes else (),
    )


def _expected(nodes: Fields, id: str, entries: set[str]) -> ExpectedNode:
    if nodes.is_text(id):
        return ExpectedNode(id, nodes.one_of(id, STATES))
    one = nodes.fields(id, required=True)
    if one is None:
        return ExpectedNode(id, OPEN)
    for name in ("have", "need"):
        one.number(name, Decimal(0))
    left_out = one.names("left_out", ())
    for left in left_out if not (left_out and left_out[0].isdigit()) else ():
        if left not in entries:
            one.not_among("left_out", f"“left_out” names “{left}”, which is no entry.", left, entries)
    return ExpectedNode(
        id, one.one_of("state", STATES), one.text("have", ""), one.text("need", ""), one.maybe_day("met_on"), left_out,
        one.names("periods_open", ()),
    )  # fmt: skip
