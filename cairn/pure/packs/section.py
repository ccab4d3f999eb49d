"""Reading one mapping's fields: each ask returns a value of the right type, and notes a problem where the file has none.

After a problem a stand-in is returned, so that reading goes on and every problem is found; `parse` raises before a stand-in can escape.
Not here: which fields a pack has (read).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from collections.abc import Sequence as Choices
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from cairn.kernel.text import SLUG, SLUG_LENGTH, SLUG_RULE, is_hidden
from cairn.pure.packs.problems import Problem
from cairn.pure.packs.tree import Mapping, Node, Sequence, Text

E = TypeVar("E", bound=StrEnum)
URL = re.compile(r"https?://[^\s<>\"]+")
TITLE, PROSE = 140, 4000
KEY_LENGTH = CODE_LENGTH = 40
MAX_ITEMS = 200


class Section:
    """A mapping of a file. `path` leads to it; a section that the file lacks is `is_missing` and asks nothing further."""

    def __init__(self, file: str, node: Mapping | None, path: str, problems: list[Problem]) -> None:
        self.file, self.path, self.problems = file, path, problems
        self.node = node or Mapping(1)
        self.is_missing = node is None
        self.opened: list[Section] = []
        self.asked: list[str] = []

    def problem(self, name: str, message: str, remedy: str) -> None:
        """Note a problem at the field `name`, or at the section itself when it has no such field."""
        self._at(self.node.entries.get(name, self.node), name, message, remedy)

    def has(self, name: str) -> bool:
        self._ask(name)
        return name in self.node.entries

    def text(self, name: str, *, most: int = PROSE, optional: bool = False) -> str:
        """Prose in Unicode's composed form; line breaks of the file's value are kept, other runs of space become one."""
        node = self._node(name, optional)
        if node is None:
            return ""
        if not isinstance(node, Text):
            self.problem(name, f"“{name}” is {node.kind}; it must be text.", "Write it behind the colon, in quotes if need be.")
            return ""
        return self._clean(name, node, most, optional)

    def title(self, name: str, *, optional: bool = False) -> str:
        """Text on one line."""
        value = self.text(name, most=TITLE, optional=optional)
        if "\n" in value:
            self.problem(name, f"“{name}” has more than one line.", "Write it on one line.")
        return value

    def matching(self, name: str, pattern: re.Pattern[str], rule: str, *, most: int = TITLE, optional: bool = False) -> str:
        value = self.text(name, most=most, optional=optional)
        if value and not pattern.fullmatch(value):
            self.problem(name, f"“{name}” is “{value}”; it must be {rule}.", "Change it to that form.")
            return ""
        return value

    def slug(self) -> str:
        return self.matching("slug", SLUG, SLUG_RULE, most=SLUG_LENGTH)

    def key(self) -> str:
        return self.matching("key", SLUG, SLUG_RULE, most=KEY_LENGTH)

    def url(self, name: str) -> str:
        return self.matching(name, URL, "an address that begins with https:// or http://", most=300, optional=True)

    def place(self, name: str) -> str:
        """Where the field stands, for what is found out only later."""
        return f"{self.file}, line {self.node.entries.get(name, self.node).line}"

    def integer(self, name: str, low: int, high: int, default: int | None = None) -> int:
        if default is not None and not self.has(name):
            return default
        found = self._number(name, low, high, optional=False)
        return low if found is None else found

    def maybe_integer(self, name: str, low: int, high: int) -> int | None:
        return self._number(name, low, high, optional=True)

    def amount(self, name: str) -> float:
        value = self.title(name)
        if re.fullmatch(r"\d{1,4}(\.\d{1,2})?", value) and float(value) > 0:
            return float(value)
        if value:
            self.problem(name, f"“{name}” is “{value}”; it must be a number above 0, such as 15 or 0.5.", "Change the number.")
        return 1.0

    def flag(self, name: str, default: bool) -> bool:
        return default if not self.has(name) else self.one_of(name, ("true", "false")) == "true"

    def one_of(self, name: str, options: Choices[str]) -> str:
        value = self.title(name)
        if value and value not in options:
            self.not_among(name, value, options)
        return value if value in options else options[0]

    def choice(self, name: str, kind: type[E], default: E | None = None) -> E:
        if default is not None and not self.has(name):
            return default
        return kind(self.one_of(name, [str(option) for option in kind]))

    def choices(self, name: str, kind: type[E], least: int = 1) -> tuple[E, ...]:
        options = [str(option) for option in kind]
        found = self.texts(name, least=least, most=TITLE)
        for value in found:
            if value not in options:
                self.not_among(name, value, options)
        return tuple(kind(value) for value in self.distinct(name, found) if value in options)

    def texts(self, name: str, *, least: int = 1, most: int = PROSE) -> tuple[str, ...]:
        """A list of texts; a single text counts as a list of one."""
        out = []
        for index, item in enumerate(self._items(name, least)):
            if isinstance(item, Text):
                out.append(self._clean(f"{name}[{index}]", item, most, False))
            else:
                self._at(item, f"{name}[{index}]", f"“{name}” holds {item.kind} where a text belongs.", "Write one text per entry.")
        return tuple(out)

    def distinct(self, name: str, values: Iterable[str]) -> tuple[str, ...]:
        seen: dict[str, None] = {}
        for value in values:
            if value in seen:
                self.problem(name, f"“{name}” names “{value}” twice.", "Take one of the two out.")
            seen[value] = None
        return tuple(seen)

    def span(self, name: str, low: int, high: int, default: tuple[int, int] | None = None) -> tuple[int, int]:
        """A mapping {min, max} of whole numbers between `low` and `high`."""
        if default is not None and not self.has(name):
            return default
        section = self.section(name)
        least, most = section.integer("min", low, high), section.integer("max", low, high)
        if least > most:
            section.problem("max", f"“max” is {most} and smaller than “min”, {least}.", "Exchange the two, or change one.")
        return least, most

    def section(self, name: str) -> Section:
        node = self._node(name, False)
        if node is not None and not isinstance(node, Mapping):
            self.problem(name, f"“{name}” is {node.kind}; it must be a mapping of fields.", "Write its fields below it, one on each line.")
            node = None
        return self._open(node, self._to(name))

    def sections(self, name: str, least: int = 1) -> list[Section]:
        """One section for each entry of a list of mappings."""
        out = []
        for index, item in enumerate(self._items(name, least)):
            path = f"{name}[{index}]"
            if isinstance(item, Mapping):
                out.append(self._open(item, self._to(path)))
            else:
                self._at(item, path, f"“{name}” holds {item.kind} where fields belong.", "Write each entry's fields below its hyphen.")
        return out

    def mixed(self, name: str) -> list[str | Section]:
        """The entries of a list that may hold texts as well as mappings; a mapping alone counts as a list of one."""
        node = self.node.entries.get(name)
        items = [node] if isinstance(node, Mapping) else self._items(name, 1)
        self._ask(name)
        out: list[str | Section] = []
        for index, item in enumerate(items):
            path = f"{name}[{index}]"
            if isinstance(item, Sequence):
                self._at(item, path, f"“{name}” holds a list within the list.", "Take out one pair of brackets.")
            else:
                out.append(self._open(item, self._to(path)) if isinstance(item, Mapping) else self._clean(path, item, TITLE, False))
        return out

    def ignore(self) -> None:
        """Take every field as asked for: what it should hold is not known, because of another problem."""
        self.asked.extend(self.node.entries)

    def report_unknown(self) -> None:
        """Once reading is over: whatever was never asked for, here and below, is not a field of the format."""
        for name in self.node.entries:
            if name not in self.asked:
                self.not_among(name, name, self.asked, "There is no field")
        for section in self.opened:
            section.report_unknown()

    def _number(self, name: str, low: int, high: int, optional: bool) -> int | None:
        value = self.title(name, optional=optional)
        if re.fullmatch(r"-?\d{1,9}", value) and low <= int(value) <= high:
            return int(value)
        if value:
            self.problem(name, f"“{name}” is “{value}”; it must be a whole number from {low} to {high}.", "Change the number.")
        return None

    def _open(self, node: Mapping | None, path: str) -> Section:
        section = Section(self.file, node, path, self.problems)
        self.opened.append(section)
        return section

    def _ask(self, name: str) -> None:
        if name not in self.asked:
            self.asked.append(name)

    def _to(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path and name else self.path or name

    def _at(self, node: Node, name: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.file, node.line, self._to(name), message, remedy))

    def _node(self, name: str, optional: bool) -> Node | None:
        self._ask(name)
        node = self.node.entries.get(name)
        if node is None and not optional and not self.is_missing:
            self.problem(name, f"The field “{name}” is missing.", f"Add “{name}:”, or check how it is spelled.")
        return node

    def _items(self, name: str, least: int) -> list[Node]:
        node = self._node(name, least == 0)
        if node is None or (isinstance(node, Text) and not node.text and not least):
            return []
        if isinstance(node, Mapping):
            self.problem(name, f"“{name}” is {node.kind}; it must be a list.", "Begin each entry with a hyphen.")
            return []
        items: list[Node] = node.items if isinstance(node, Sequence) else [node]
        if not least <= len(items) <= MAX_ITEMS:
            allowed = f"{least} to {MAX_ITEMS}"
            self.problem(name, f"“{name}” has {len(items)} entries; {allowed} are allowed.", "Add what is missing, or take some out.")
        return items[:MAX_ITEMS]

    def _clean(self, name: str, node: Text, most: int, optional: bool) -> str:
        lines = (" ".join(line.split()) for line in unicodedata.normalize("NFC", node.text).splitlines())
        value = "\n".join(line for line in lines if line)
        if not value and not optional:
            self._at(node, name, f"“{name}” is empty.", "Write something, or remove the line if the field may be left out.")
        if len(value) > most:
            self._at(node, name, f"“{name}” has {len(value):,} characters; at most {most:,} are allowed.", "Shorten it.")
        if hidden := next(filter(is_hidden, value), ""):
            self._at(node, name, f"“{name}” holds a sign that cannot be seen, U+{ord(hidden):04X}.", "Take it out, or type the text anew.")
        return value

    def not_among(self, name: str, value: str, options: Choices[str], lead: str = "") -> None:
        close = get_close_matches(value, options, n=1)
        remedy = f"Did you mean “{close[0]}”?" if close else "Use one of those." if not lead else "Remove it."
        allowed = ", ".join(options)
        message = f"{lead} “{value}” here; the fields are: {allowed}." if lead else f"“{name}” is “{value}”; allowed are: {allowed}."
        self.problem(name, message, remedy)


class Once:
    """Names that may be given once each, such as the keys of one version; the first to claim a name keeps it."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.places: dict[str, str] = {}

    def claim(self, section: Section, name: str, value: str) -> str:
        place = section.place(name)
        if value in self.places:
            message = f"The {self.what} “{value}” is taken; it stands at {self.places[value]} already."
            section.problem(name, message, "Give one of the two another name.")
        elif value:
            self.places[value] = place
        return value
