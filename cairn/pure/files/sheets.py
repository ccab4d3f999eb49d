"""The rows of an Excel workbook as text: dates in ISO form, numbers as they are written, formulas as their saved results.

SpreadsheetML as ECMA-376 part 1 section 18 describes it. Not here: the zip (packages), XML (xmls), what the columns mean (tables).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import BinaryIO

from cairn.kernel.errors import Invalid
from cairn.pure.files.kinds import XLSX, damaged, too_large
from cairn.pure.files.office import links_of
from cairn.pure.files.packages import BadPackage, Package
from cairn.pure.files.xmls import BadXml, elements, parse

MOST_ROWS, MOST_COLUMNS = 200_000, 300
_LARGEST = 30_000_000  # bytes
# Formats that come without a code (section 18.8.30).
_BUILT_IN = {**dict.fromkeys((14, 15, 16, 17), "date"), **dict.fromkeys((18, 19, 20, 21, 45, 46, 47), "time"), 22: "moment"}
_WORDS_IN_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|am/pm|a/p', re.IGNORECASE)
_LEAP_BUG = 60  # the day that was not: 1900 counts as a leap year (section 18.17.4.1)
_LAST_DAY = 2_958_465  # 9999-12-31
_DAY = 86_400  # seconds

Put = Callable[[int, Sequence[str], Sequence[int]], None]


@dataclass(frozen=True)
class _Book:
    """What the cells of a sheet refer to. `formats`: "", "date", "time", "moment", or zeros for each digit, by style."""

    title: str
    part: str
    strings: tuple[str, ...]
    formats: tuple[str, ...]
    from_1904: bool


def read(file: BinaryIO, put: Put) -> str:
    """Give `put` each row of the first sheet that is shown: its number, its cells, and the places in it that are calculated. Answers with
    the sheet's title; raises Invalid where the workbook is damaged or too large."""
    if file.seek(0, 2) > _LARGEST:
        raise too_large(XLSX, "more than 30 MB", "Split it into smaller files, or save the sheet as CSV.")
    try:
        package = Package(file)
        book = _book(package)
        sheet = _Sheet(book, put)
        parse(package.read(book.part), sheet.start, sheet.end, sheet.text)
    except (BadPackage, BadXml, KeyError, IndexError, ValueError):
        raise damaged(XLSX) from None
    return book.title


def _book(package: Package) -> _Book:
    workbook = next((link.part for link in links_of(package, "") if link.role == "officeDocument"), "")
    links = {link.id: link for link in links_of(package, workbook)}
    of_role = {link.role: link.part for link in links.values()}
    titles, from_1904 = [], False
    for name, attributes in elements(package.read(workbook)):
        if name == "workbookPr":
            from_1904 = attributes.get("date1904", "0") in ("1", "true")
        elif name == "sheet" and attributes.get("state", "visible") == "visible":
            link = links[attributes["id"] if "id" in attributes else attributes["r:id"]]
            if link.role == "worksheet":
                titles.append((attributes.get("name", ""), link.part))
    if not titles:
        raise Invalid("sheet-missing", "This workbook shows no sheet with cells.", "Put the table on a sheet that is not hidden.")
    strings = _Strings()
    if part := of_role.get("sharedStrings"):
        parse(package.read(part), strings.start, strings.end, strings.text)
    formats = _formats(package, of_role.get("styles", ""))
    return _Book(*titles[0], tuple(strings.found), formats, from_1904)


def _formats(package: Package, part: str) -> tuple[str, ...]:
    """What each style of a cell (cellXfs) makes of a number."""
    codes: dict[str, str] = {}
    styles: list[str] = []
    is_cell_style = False
    for name, attributes in elements(package.read(part)) if part else []:
        if name == "numFmt":
            codes[attributes["numFmtId"]] = _meaning(attributes.get("formatCode", ""))
        elif name in ("cellStyleXfs", "cellXfs", "cellStyles", "dxfs"):
            is_cell_style = name == "cellXfs"
        elif name == "xf" and is_cell_style:
            number = attributes.get("numFmtId", "0")
            styles.append(codes.get(number) or _BUILT_IN.get(int(number), ""))
    return tuple(styles)


def _meaning(code: str) -> str:
    first = _WORDS_IN_FORMAT.sub("", code.partition(";")[0]).lower()
    if re.fullmatch(r"0{2,}", first):
        return first
    if first == "general":
        return ""
    has_time = "h" in first or "s" in first
    has_day = "y" in first or "d" in first or ("m" in first and not has_time)
    return ("moment" if has_time else "date") if has_day else "time" if has_time else ""


class _Strings:
    """The texts that cells share; how they are pronounced (rPh) is left out."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._pieces: list[str] = []
        self._is_text, self._is_sound = False, False

    def start(self, name: str, flat: list[str]) -> None:
        local = name.rpartition(":")[2]
        if local == "si":
            self._pieces = []
        elif local == "rPh":
            self._is_sound = True
        self._is_text = local == "t" and not self._is_sound

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local == "si":
            self.found.append("".join(self._pieces))
        elif local == "rPh":
            self._is_sound = False
        self._is_text = False

    def text(self, data: str) -> None:
        if self._is_text:
            self._pieces.append(data)


@dataclass
class _Sheet:
    """Follows a sheet's XML, and puts each row that holds something as soon as it ends."""

    book: _Book
    put: Put
    line: int = 0
    cells: list[str] = field(default_factory=list)
    calculated: list[int] = field(default_factory=list)
    place: int = -1
    kind: str = ""
    style: int = 0
    inside: str = ""  # "v" or "t": whose text is read
    has_formula: bool = False
    has_sound: bool = False
    value: str = ""
    rows: int = 0

    def start(self, name: str, flat: list[str]) -> None:
        local = name.rpartition(":")[2]
        if local == "c":
            given = dict(zip(flat[::2], flat[1::2], strict=True))
            self.place = _column(given["r"]) if "r" in given else self.place + 1
            self.kind, self.style = given.get("t", "n"), int(given.get("s", 0))
            self.value, self.has_formula = "", False
        elif local == "row":
            given = dict(zip(flat[::2], flat[1::2], strict=True))
            self.line = int(given["r"]) if "r" in given else self.line + 1
            self.cells, self.calculated, self.place = [], [], -1
        elif local == "f":
            self.has_formula = True
        elif local == "rPh":
            self.has_sound = True
        elif local == "v" or (local == "t" and not self.has_sound):
            self.inside = local

    def text(self, data: str) -> None:
        if self.inside:
            self.value += data

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local == "c":
            self._end_cell()
        elif local == "row" and (any(self.cells) or self.calculated):
            self.rows += 1
            if self.rows > MOST_ROWS:
                raise too_large(XLSX, f"more than {MOST_ROWS:,} rows", "Split it into smaller files.")
            self.put(self.line, self.cells, self.calculated)
        elif local == "rPh":
            self.has_sound = False
        self.inside = ""

    def _end_cell(self) -> None:
        words = self._words()
        if not words and not self.has_formula:
            return
        if self.place >= MOST_COLUMNS:
            raise too_large(XLSX, f"more than {MOST_COLUMNS} columns", "Take out the columns that are not needed.")
        self.cells.extend([""] * (self.place + 1 - len(self.cells)))
        self.cells[self.place] = words
        if self.has_formula:
            self.calculated.append(self.place)

    def _words(self) -> str:
        if self.kind == "s":
            return self.book.strings[int(self.value)] if self.value else ""
        if self.kind == "b":
            return {"1": "yes", "0": "no"}.get(self.value, self.value)
        if self.kind == "d":
            return self.value.removesuffix("Z").removesuffix("T00:00:00")
        if self.kind == "n" and self.value:
            form = self.book.formats[self.style] if self.style < len(self.book.formats) else ""
            return _number(float(self.value), form, self.book.from_1904)
        return self.value  # text, and the name of an error


def _column(place: str) -> int:
    """0 for "A7", 27 for "AB7"."""
    number = 0
    for letter in place.rstrip("0123456789").upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _number(value: float, form: str, from_1904: bool) -> str:
    if form in ("date", "time", "moment") and 0 <= value < _LAST_DAY:
        return _moment(value, form, from_1904)
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value)).zfill(len(form)) if form.startswith("0") else str(int(value))
    return f"{value:.15g}"


def _moment(value: float, form: str, from_1904: bool) -> str:
    day, seconds = divmod(round(value * _DAY), _DAY)
    clock = f"{seconds // 3600:02}:{seconds % 3600 // 60:02}" + (f":{seconds % 60:02}" if seconds % 60 else "")
    if form == "time" and not day:
        return clock
    if from_1904:
        on = date(1904, 1, 1) + timedelta(days=day)
    elif day == _LEAP_BUG:
        return "1900-02-29"
    else:
        on = date(1899, 12, 30) + timedelta(days=day + (day < _LEAP_BUG))
    return on.isoformat() if form == "date" or not seconds else f"{on.isoformat()}T{clock}"
