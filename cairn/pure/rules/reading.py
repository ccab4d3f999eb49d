"""A YAML file as mappings whose fields are asked for by name and kind; each problem with file, line, what was found, what is allowed.

Values are the text that was written ("no" and 2020-01-01 are read as nothing else); anchors, aliases and tags are refused, so that a
small file cannot grow into a large tree. Not here: which fields there are (read_versions, read_nodes, read_schedules).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, TypeVar

import yaml

from cairn.kernel.errors import Invalid
from cairn.kernel.text import is_hidden

T = TypeVar("T")
MAX_CHARACTERS, MAX_DEPTH, MAX_TEXT = 400_000, 40, 4000
NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,4})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NAME = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
MAX_NAME = 80


@dataclass(frozen=True, order=True)
class Problem:
    """`line` counts from 1; `found` and `allowed` are sentences."""

    file: str
    line: int
    found: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.found} {self.allowed}".strip()


class RulesInvalid(Invalid):
    """The files cannot be read; `problems` names each one found, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        first, count = self.problems[0], len(self.problems)
        lead = "" if count == 1 else f"There are {count} problems; the first: "
        super().__init__("rules-invalid", f"{lead}{first.file}, line {first.line}: {first.found}", first.allowed)


class Fields:
    """One mapping of a file. After a problem a stand-in is given, so that every problem is found; parsing raises before it can escape."""

    def __init__(self, file: str, problems: list[Problem], node: yaml.MappingNode | None = None, line: int = 1) -> None:
        self.file, self.problems, self.line, self.node = file, problems, line, node
        self.asked: dict[str, None] = {}
        self.opened: dict[int, Fields] = {}
        self._values: dict[str, tuple[int, yaml.Node]] = {}
        for key, value in node.value if node else ():
            name, at = key.value, key.start_mark.line + 1
            if not isinstance(name, str) or name in self._values:
                self.problems.append(Problem(file, at, f"The field “{name}” is here twice or is not a word.", "Keep one of the two."))
            else:
                self._values[name] = (at, value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def has(self, name: str) -> bool:
        self.asked[name] = None
        return name in self._values

    def line_of(self, name: str) -> int:
        return self._values[name][0] if name in self._values else self.line

    def problem(self, name: str, found: str, allowed: str) -> None:
        self.problems.append(Problem(self.file, self.line_of(name), found, allowed))

    def text(self, name: str, default: str | None = None) -> str:
        """A text; it may be left out where a default is given."""
        node = self._node(name, default is None)
        if node is None:
            return default or ""
        if not isinstance(node, yaml.ScalarNode):
            self.problem(name, f"“{name}” holds {kind_of(node)}.", "It must be a text.")
            return default or ""
        value = _plain(node)
        if any(map(is_hidden, value)) or len(value) > MAX_TEXT:
            self.problem(
                name, f"“{name}” has {len(value):,} characters or a hidden one.", f"At most {MAX_TEXT:,} visible ones are allowed."
            )
        if not value:
            self.problem(name, f"“{name}” is empty.", "Write a text, or take the line out if it may be left out.")
        return value

    def one_of(self, name: str, options: Sequence[str], default: str | None = None) -> str:
        value = self.text(name, default)
        if value not in options and value != default and value:
            self.not_among(name, f"“{name}” is “{value}”.", value, options)
            return options[0] if default is None else default
        return value

    def called(self, name: str, default: str | None = None) -> str:
        """A name that other lines may use: letters, digits and single hyphens."""
        value = self.text(name, default)
        if value and (not NAME.fullmatch(value) or len(value) > MAX_NAME):
            allowed = f"It must be of letters, digits and single hyphens, {MAX_NAME} at most."
            self.problem(name, f"“{name}” is “{value[:MAX_NAME]}”.", allowed)
        return value

    def names(self, name: str, default: Sequence[str] | None = None) -> tuple[str, ...]:
        """A list of texts; one text counts as a list of one."""
        node = self._node(name, default is None)
        if node is None:
            return tuple(default or ())
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if not items or not all(isinstance(item, yaml.ScalarNode) for item in items):
            self.problem(name, f"“{name}” holds {kind_of(node)}.", "It must be a text or a list of texts.")
            return tuple(default or ())
        values = tuple(_plain(item) for item in items)
        if "" in values or len(set(values)) < len(values):
            self.problem(name, f"“{name}” holds an empty text, or one twice.", "Each must be there once, and hold something.")
        return values

    def number(self, name: str, default: Decimal | None = None) -> Decimal:
        """A number of up to nine digits, four of them behind the point at most, never below nothing."""
        value = self.text(name, None if default is None else str(default))
        if not NUMBER.fullmatch(value) or Decimal(value) < 0:
            if value:
                self.problem(name, f"“{name}” is “{value}”.", "It must be a number such as 4 or 0.5.")
            return default or Decimal(1)
        return Decimal(value)

    def whole(self, name: str, default: int | None = None) -> int:
        value = self.number(name, None if default is None else Decimal(default))
        if value != int(value):
            self.problem(name, f"“{name}” is {value}.", "It must be a whole number.")
        return int(value)

    def flag(self, name: str, default: bool = False) -> bool:
        return self.one_of(name, ("true", "false"), "true" if default else "false") == "true"

    def day(self, name: str) -> date:
        return self.maybe_day(name, required=True) or date.min

    def maybe_day(self, name: str, required: bool = False) -> date | None:
        value = self.text(name, None if required else "")
        if not value:
            return None
        try:
            return date.fromisoformat(value if DAY.fullmatch(value) else "")
        except ValueError:
            self.problem(name, f"“{name}” is “{value}”.", "It must be a date such as 2024-06-30.")
            return None

    def fields(self, name: str, required: bool = False) -> Fields | None:
        """The mapping below a name."""
        node = self._node(name, required)
        if node is None:
            return None
        if not isinstance(node, yaml.MappingNode):
            self.problem(name, f"“{name}” holds {kind_of(node)}.", "It must be a mapping of fields.")
            return None
        return self._open(node, self.line_of(name))

    def list_of_fields(self, name: str, required: bool = False) -> list[Fields]:
        node = self._node(name, required)
        if node is None:
            return []
        items: list[Any] = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if not all(isinstance(item, yaml.MappingNode) for item in items) or (required and not items):
            self.problem(name, f"“{name}” holds {kind_of(node)}.", "It must be a list of mappings, each behind a hyphen.")
            return []
        return [self._open(item, _line(item)) for item in items]

    def is_text(self, name: str) -> bool:
        return name in self._values and isinstance(self._values[name][1], yaml.ScalarNode)

    def is_mapping(self, name: str) -> bool:
        return name in self._values and isinstance(self._values[name][1], yaml.MappingNode)

    def plain(self) -> Any:
        """The mapping as dictionaries, lists and the texts that were written."""
        return plain(self.node) if self.node else {}

    def not_among(self, name: str, found: str, value: str, options: Iterable[str]) -> None:
        allowed = list(options)
        close = get_close_matches(value, allowed, n=1)
        hint = f" Did you mean “{close[0]}”?" if close else ""
        self.problem(name, found, f"Allowed: {', '.join(allowed) or 'none'}.{hint}")

    def report_unknown(self) -> None:
        """Whatever was never asked for, here and below, is no field of the format."""
        for name in self:
            if name not in self.asked:
                self.not_among(name, f"There is no field “{name}” here.", name, self.asked)
        for below in self.opened.values():
            below.report_unknown()

    def ignore(self) -> None:
        self.asked.update(dict.fromkeys(self))

    def _open(self, node: yaml.MappingNode, line: int) -> Fields:
        """The mapping as fields; one that was opened before stays the same, so that what it was asked for is known."""
        if id(node) not in self.opened:
            self.opened[id(node)] = Fields(self.file, self.problems, node, line)
        return self.opened[id(node)]

    def _node(self, name: str, required: bool) -> yaml.Node | None:
        self.asked[name] = None
        if name not in self._values:
            if required:
                self.problem(name, f"The field “{name}” is missing.", f"Write “{name}:” with its value.")
            return None
        return self._values[name][1]


def read(file: str, text: str, problems: list[Problem]) -> Fields:
    """The file's mapping; what cannot be read becomes a problem, and an empty mapping comes back."""
    empty = Fields(file, problems)
    if len(text) > MAX_CHARACTERS:
        problems.append(Problem(file, 1, f"The file has {len(text):,} characters.", f"{MAX_CHARACTERS:,} are allowed."))
        return empty
    try:
        if refused := _refused(file, text):
            problems.append(refused)
            return empty
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        what = getattr(error, "problem", None) or "it cannot be read"
        found = f"This is not YAML: {what}."
        problems.append(Problem(file, mark.line + 1 if mark else 1, found, "Check the indentation, and quote text that contains “: ”."))
        return empty
    if not isinstance(node, yaml.MappingNode):
        problems.append(Problem(file, 1, f"The file holds {kind_of(node)}.", "It must hold fields, such as “rules: us/mo/…”."))
        return empty
    return Fields(file, problems, node)


def _line(place: Any) -> int:
    return int(place.start_mark.line) + 1


def kind_of(node: yaml.Node | None) -> str:
    if node is None:
        return "nothing"
    return {yaml.ScalarNode: f"“{node.value}”", yaml.SequenceNode: "a list"}.get(type(node), "a mapping of fields")


def plain(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): plain(value) for key, value in node.value}
    return [plain(item) for item in node.value] if isinstance(node, yaml.SequenceNode) else _plain(node)


def _plain(node: yaml.Node) -> str:
    is_null = node.tag == "tag:yaml.org,2002:null"
    return "" if is_null else " ".join(str(node.value).split())


def _refused(file: str, text: str) -> Problem | None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line = _line(event)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            return Problem(file, line, "An anchor, an alias or a tag stands here.", "Write the value out, or quote it if it is text.")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            return Problem(file, line, f"Fields lie more than {MAX_DEPTH} deep.", "Take out a level.")
    return None


def read_cases(file: str, text: str, case: Callable[[Fields], T]) -> tuple[T, ...]:
    """Each of the cases in a file, as `case` makes it; RulesInvalid with every problem."""
    problems: list[Problem] = []
    fields = read(file, text, problems)
    cases = tuple(map(case, fields.list_of_fields("cases", required=True))) if not problems else ()
    named: set[str] = set()
    for one in fields.list_of_fields("cases") if cases else ():
        if (name := one.text("name", "-")) in named:
            one.problem("name", f"Two cases are called “{name}”.", "Each has a name of its own.")
        named.add(name)
    fields.report_unknown()
    if problems:
        raise RulesInvalid(problems)
    return cases
