"""On which lines a change of a rule turns: the deepest that changed, and what only one of the versions has."""

import pytest

from cairn.pure.rules import turns
from cairn.pure.rules.spec import Group, Node


def leaf(id, operator="has"):
    return Node(id, id, "", operator)


def group(id, least, *children, unless=None):
    return Node(id, id, "", "at_least", Group(least), children=children, unless=unless)


def turned(before, was, after, now):
    """Ids of the lines, with a minus before those that only the first version has; states as text such as "root=met a=open"."""
    states = ({name: state for name, _, state in (word.partition("=") for word in text.split())} for text in (was, now))
    return [f"{'-' * turn.is_gone}{turn.node.id}" for turn in turns(before, after, *states)]


ANY = group("root", 1, leaf("a"), leaf("b"))
ALL = group("root", 2, leaf("a"), leaf("b"))


@pytest.mark.parametrize(
    ("before", "was", "after", "now", "expected"),
    [
        (ANY, "root=open a=open b=open", group("root", 1, leaf("a"), leaf("c")), "root=met a=open c=met", ["c"]),
        (ALL, "root=open a=met b=open", group("root", 1, leaf("a")), "root=met a=met", ["-b"]),
        (ALL, "root=open a=met b=open", ANY, "root=met a=met b=open", ["root"]),
        (ALL, "root=met a=met b=met", ALL, "root=open a=open b=officer", ["a", "b"]),
        (ANY, "root=met a=met b=open", group("root", 1, leaf("b"), leaf("c")), "root=open b=open c=open", ["-a"]),
        (ANY, "root=met a=met b=open", group("root", 2, leaf("a"), leaf("c")), "root=open a=met c=open", ["c"]),
        (ALL, "root=open a=met b=open", group("root", 1, leaf("j", "officer")), "root=officer j=officer", ["j"]),
        (ALL, "root=open a=open b=open", ALL, "root=open a=open b=open", []),
        (group("root", 1, group("in", 1, leaf("a"))), "root=met in=met a=met",
         group("root", 1, group("in", 1, leaf("a"), unless=leaf("u"))), "root=open in=open a=open u=open", ["a"]),
        (leaf("root"), "root=open", leaf("other"), "other=met", ["other"]),
    ],
)  # fmt: skip
def test_a_change_turns_on_the_deepest_lines_that_changed(before, was, after, now, expected):
    assert turned(before, was, after, now) == expected
