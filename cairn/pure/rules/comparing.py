"""What makes the difference between two versions of a rule for one educator: which lines, told from the states of all lines of both.

Not here: computing those states (evaluate, columns).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cairn.pure.rules.model import MET
from cairn.pure.rules.spec import Group, Node

States = Mapping[str, str]  # id of a line -> MET, OPEN or OFFICER


@dataclass(frozen=True, slots=True)
class Turn:
    """A line that makes the difference; `is_gone` where only the version before has it."""

    node: Node
    is_gone: bool = False


def turns(before: Node, after: Node, was: States, now: States) -> tuple[Turn, ...]:
    """The lines on which it turns, in their order: those that are met now, those that are met no longer, or, where neither version is
    met, those that an officer must judge. `before` and `after` are what the two versions require, with the state of every line in each."""
    if was[before.id] != MET and now[after.id] != MET:
        return tuple(Turn(node) for node in _to_judge(after, now))
    known = {node.id: node for node in before.walk()}
    return tuple(_turned(after, known, was, now, gains=now[after.id] == MET))


def _turned(node: Node, known: Mapping[str, Node], was: States, now: States, *, gains: bool) -> Iterator[Turn]:
    """The deepest lines that changed. Where nothing below changed, what a version had and the other has not made the change."""
    changed = [child for child in _below(node) if _is_changed(node, child, was, now, gains)]
    if changed:
        for child in changed:
            yield from _turned(child, known, was, now, gains=gains)
        return
    earlier = _below(known[node.id]) if node.id in known else ()
    gone = [child for child in earlier if child.id not in now and (was[child.id] == MET) != gains]
    yield from (Turn(child, is_gone=True) for child in gone) if gone else (Turn(node),)


def _is_changed(group: Node, child: Node, was: States, now: States, gains: bool) -> bool:
    if gains:
        return now[child.id] == MET and was.get(child.id) != MET
    if now[child.id] == MET or child.id in was:
        return now[child.id] != MET and was[child.id] == MET
    # A line that is new takes something away only where every line is asked for.
    return child in group.children and isinstance(group.detail, Group) and group.detail.least == len(group.children)


def _to_judge(node: Node, now: States) -> Iterator[Node]:
    if now[node.id] != MET:
        if node.operator == "officer":
            yield node
        for child in _below(node):
            yield from _to_judge(child, now)


def _below(node: Node) -> tuple[Node, ...]:
    return (*node.children, *((node.unless,) if node.unless else ()))
