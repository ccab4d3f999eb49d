"""YAML text as a tree of located texts, lists and mappings, built from the parser's events.

Nothing is guessed from a value's look ("no", 1.10 and 2020-01-01 stay the text that was written) and nothing is ever constructed from a
tag. Anchors, aliases and tags are refused, so a small file cannot grow into a large tree. A node's `line` is
where its field's name stands, if it has one. Not here: what the fields mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from cairn.pure.packs.problems import Problem

MAX_CHARACTERS = 400_000
MAX_DEPTH = 12


@dataclass
class Text:
    line: int
    text: str
    kind = "text"


@dataclass
class Sequence:
    line: int
    items: list[Node] = field(default_factory=list)
    kind = "a list"


@dataclass
class Mapping:
    line: int
    entries: dict[str, Node] = field(default_factory=dict)
    kind = "a mapping of fields"


Node = Text | Sequence | Mapping


class _Stop(Exception):
    """The file cannot be read beyond this line."""


def read_tree(file: str, text: str, problems: list[Problem]) -> Mapping:
    """The file's mapping; what cannot be read is added to `problems` and an empty mapping comes back."""

    def stop(line: int, message: str, remedy: str) -> Mapping:
        problems.append(Problem(file, line, "", message, remedy))
        return Mapping(line)

    if len(text) > MAX_CHARACTERS:
        return stop(1, f"The file has {len(text):,} characters; {MAX_CHARACTERS:,} are allowed.", "Split the pack into more files.")
    try:
        root = _Builder(file, problems).build(_events(text))
    except UnicodeEncodeError as error:
        return stop(1 + text.count("\n", 0, error.start), "The file holds half a character.", "Save it as UTF-8 text.")
    except yaml.YAMLError as error:
        return stop(*_syntax(text, error))
    except _Stop as error:
        return stop(*error.args)
    if not isinstance(root, Mapping) or not root.entries:
        found = "nothing" if root is None or isinstance(root, Mapping) else root.kind
        return stop(root.line if root else 1, f"The file holds {found}; it must hold fields.", "Begin it with a line such as “kind: pack”.")
    return root


def _events(text: str) -> Iterator[Any]:
    """Each event of the file's only document that stands for content."""
    documents = 0
    event: Any
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _Stop(line, "The file holds a second document.", "Put it into a file of its own and remove the line “---”.")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Stop(
                line, f"Anchors and aliases are not read; “{event.anchor}” was found.", "Write the value out, or quote it if it is text."
            )
        if getattr(event, "tag", None):
            raise _Stop(line, f"Tags are not read; “{event.tag}” was found.", "Remove the tag, or quote the value if it is text.")
        if isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent):
            yield event


def _syntax(text: str, error: yaml.YAMLError) -> tuple[int, str, str]:
    if isinstance(error, yaml.reader.ReaderError):
        line, what = 1 + text.encode().count(b"\n", 0, error.position), error.reason
    else:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line, what = (mark.line + 1 if mark else 1), getattr(error, "problem", None) or "it cannot be read"
    return line, f"This is not YAML: {what}.", "Check the indentation, and quote text that contains “: ” or begins with a mark."


class _Builder:
    """Turns events into nodes without recursion; a key written twice is a problem, and the first one stands."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file, self.problems = file, problems
        self.root: Node | None = None
        self.open: list[Sequence | Mapping] = []
        self.keys: list[tuple[str, int] | None] = []

    def build(self, events: Iterator[Any]) -> Node | None:
        for event in events:
            line = event.start_mark.line + 1
            if isinstance(event, yaml.CollectionEndEvent):
                self.open.pop()
                self.keys.pop()
            elif self.open and isinstance(self.open[-1], Mapping) and self.keys[-1] is None:
                self._key(event, line)
            else:
                self._value(event, line)
        return self.root

    def _key(self, event: Any, line: int) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            raise _Stop(line, "A field's name is a list or a mapping.", "Write the name as one word.")
        self.keys[-1] = (event.value, line)

    def _value(self, event: Any, line: int) -> None:
        node: Node
        if isinstance(event, yaml.ScalarEvent):
            is_null = event.implicit[0] and event.value in ("~", "null")
            node = Text(line, "" if is_null else event.value)
        else:
            node = Mapping(line) if isinstance(event, yaml.MappingStartEvent) else Sequence(line)
        self._attach(node)
        if not isinstance(node, Text):
            if len(self.open) >= MAX_DEPTH:
                raise _Stop(
                    line, f"Fields lie more than {MAX_DEPTH} deep.", "Take out brackets or indentation; no field of a pack lies that deep."
                )
            self.open.append(node)
            self.keys.append(None)

    def _attach(self, node: Node) -> None:
        if not self.open:
            self.root = node
            return
        parent, key = self.open[-1], self.keys[-1]
        node.line = key[1] if key else node.line
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif key and key[0] in parent.entries:
            message = f"The field “{key[0]}” is here twice; it stands on line {parent.entries[key[0]].line} already."
            self.problems.append(Problem(self.file, key[1], key[0], message, "Keep one of the two."))
        elif key:
            parent.entries[key[0]] = node
        self.keys[-1] = None
