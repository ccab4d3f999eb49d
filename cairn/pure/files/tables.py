"""A table by its headings: rows of named cells, and each problem with its line, its column and what to do.

It starts from what `read_table` wrote in its cell. Not here: reading the bytes (grids, sheets), what the values mean (whoever asks).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from cairn.kernel.errors import Invalid

_SEARCHED = 25  # rows in which the headings may stand, below a title
# Where a spreadsheet would calculate (https://owasp.org/www-community/attacks/CSV_Injection); numbers, also of telephones, keep their sign.
_FORMULA = re.compile(r"[=@＝＠]|[+\-＋－](?![\d\s().,/-]*%?$)(?=.*[(|!])", re.DOTALL)
_ERRORS = frozenset(("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"))

Formulas = Literal["refuse", "text"]


@dataclass(frozen=True)
class Column:
    """A column that is asked for. `name` is what code calls it, `title` what people do; a heading means it when it is spelled like its
    title, its name or one of the aliases, whatever the case, spaces and punctuation. `inherits`: a blank cell means the one above."""

    name: str
    title: str
    aliases: tuple[str, ...] = ()
    is_needed: bool = False
    inherits: bool = False

    @property
    def spellings(self) -> frozenset[str]:
        return frozenset(_spelled(each) for each in (self.name, self.title, *self.aliases))


@dataclass(frozen=True)
class Row:
    """`line` counts as the file's own program counts it; `cells` holds every column that the file has, by name; `calculated` names those
    whose value is the saved result of a formula."""

    line: int
    cells: Mapping[str, str]
    calculated: frozenset[str] = frozenset()


@dataclass(frozen=True, order=True)
class Problem:
    """`column` is the heading as the file spells it; empty where the whole row is meant."""

    line: int
    column: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


@dataclass(frozen=True)
class Table:
    """`rows` are those without a problem; `ignored` are the headings that nobody asked for; `how` says how the file was read."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...] = ()
    ignored: tuple[str, ...] = ()
    header_line: int = 1
    how: str = ""
    headings: Mapping[str, str] = field(default_factory=dict)


def table(lines: Iterable[str | bytes], columns: Sequence[Column], *, formulas: Formulas = "refuse", how: str = "") -> Table:
    """The table in what `read_table` wrote. `formulas`: whether a cell that a spreadsheet would calculate is refused, or kept as text with
    an apostrophe before it. Raises Invalid where needed headings are missing, a heading stands twice, or no row follows."""
    grid = iter(lines)
    first = [json.loads(line) for line in islice(grid, _SEARCHED)]
    at = _header(first, columns)
    header = _Header(first[at][0], first[at][1], columns)
    reading = _Reading(header, columns, formulas)
    for raw in first[at + 1 :]:
        reading.take(*raw)
    for line in grid:
        reading.take(*json.loads(line))
    if not reading.rows and not reading.problems:
        raise Invalid("table-empty", "There is no row below the headings.", "Add the rows, and choose the file again.")
    return Table(
        columns=tuple(header.places), rows=tuple(reading.rows), problems=tuple(sorted(reading.problems)), ignored=header.ignored,
        header_line=header.line, how=how, headings={name: header.titles[place] for name, place in header.places.items()},
    )  # fmt: skip


def _spelled(heading: str) -> str:
    return "".join(filter(str.isalnum, heading.casefold()))


def _header(first: list[list[object]], columns: Sequence[Column]) -> int:
    """The first row that holds all the needed headings, or the one that comes nearest."""
    needed = [column.spellings for column in columns if column.is_needed] or [column.spellings for column in columns[:1]]

    def found(row: list[object]) -> int:
        given = {_spelled(str(cell)) for cell in row[1]}  # type: ignore[attr-defined]
        return sum(bool(spellings & given) for spellings in needed)

    return max(range(len(first)), key=lambda place: (found(first[place]), -place), default=0)


class _Header:
    """Which place in a row holds which column."""

    def __init__(self, line: int, titles: list[str], columns: Sequence[Column]) -> None:
        self.line, self.titles = line, titles
        self.places: dict[str, int] = {}
        spelled = [_spelled(title) for title in titles]
        for column in columns:
            places = [place for place, each in enumerate(spelled) if each and each in column.spellings]
            if len(places) > 1:
                names = " and ".join(f"“{titles[place]}”" for place in places)
                raise Invalid(
                    "heading-twice",
                    f"Line {line:,}: the headings {names} both mean “{column.title}”.",
                    "Keep one of the columns, or rename it.",
                )
            if places:
                self.places[column.name] = places[0]
        if missing := [column for column in columns if column.is_needed and column.name not in self.places]:
            raise self._missing(missing)
        self.ignored = tuple(title for place, title in enumerate(titles) if title and place not in self.places.values())

    def _missing(self, missing: list[Column]) -> Invalid:
        names = " and ".join(f"“{column.title}”" for column in missing)
        seen = ", ".join(f"“{title[:40]}”" for title in self.titles[:12] if title)
        return Invalid(
            "heading-missing",
            f"No row among the first {_SEARCHED} has the heading{'s' if len(missing) > 1 else ''} {names}; line {self.line:,} has {seen}.",
            f"Name the column, for example {names}, in the row above the first entry.",
        )


class _Reading:
    """Rows and problems so far, and what blank cells inherit."""

    def __init__(self, header: _Header, columns: Sequence[Column], formulas: Formulas) -> None:
        self.rows: list[Row] = []
        self.problems: list[Problem] = []
        self._header, self._formulas = header, formulas
        self._wanted = [(column, header.places[column.name]) for column in columns if column.name in header.places]
        self._above: dict[str, str] = {}

    def take(self, line: int, cells: list[str], calculated: list[int]) -> None:
        if cells == self._header.titles:
            return  # the headings again, as on each printed page
        problems: list[Problem] = []

        def problem(place: int, message: str, remedy: str) -> None:
            problems.append(Problem(line, self._header.titles[place] if place >= 0 else "", message, remedy))

        if any(cells[len(self._header.titles) :]):
            problem(-1, "This row has more cells than there are headings.", "Put a cell that holds the delimiter into quotation marks.")
        named: dict[str, str] = {}
        for column, place in self._wanted:
            value = cells[place] if place < len(cells) else ""
            if value:
                value = self._safe(value, place, place in calculated, problem)
            elif place in calculated:
                problem(place, "This cell has a formula without a saved result.", "Open the file in a spreadsheet and save it once more.")
            if column.inherits:
                value = self._above[column.name] = value or self._above.get(column.name, "")
            if column.is_needed and not value and place not in calculated:
                problem(place, f"“{column.title}” is empty.", "Fill it in, or take the row out.")
            named[column.name] = value
        if problems:
            self.problems += problems
        elif any(cells):
            names = frozenset(column.name for column, place in self._wanted if place in calculated) if calculated else frozenset()
            self.rows.append(Row(line, named, names))

    def _safe(self, value: str, place: int, is_calculated: bool, problem: Callable[[int, str, str], None]) -> str:
        if value in _ERRORS:
            problem(place, f"This cell holds the error {value}.", "Correct the formula, or write the value.")
        elif value[0] in "=@+-＝＠＋－" and _FORMULA.match(value):
            if self._formulas == "text":
                return f"'{value}"
            problem(place, "This cell begins like a formula.", "Write the value itself.")
        return value
