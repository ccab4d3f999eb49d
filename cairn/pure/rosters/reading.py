"""What one row of a roster says. Not here: which column is which."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from cairn.kernel.errors import Invalid

ReadDay = Callable[[str], date]
_ADDRESS = re.compile(r"[^@\s,;<>\"]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_DAY = re.compile(r"(\d+[-/]\d+[-/]\d+|\d{5}|[A-Za-z].*)(?:\.\d+|[T ][\d:.]*(?: ?[AP]M)?Z?)?", re.IGNORECASE)  # may have an hour
_DASHED = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})")  # 6-30-2026
_OVER = frozenset({"inactive", "lapsed", "expired", "ended", "cancelled", "canceled", "terminated", "tobedeleted", "no", "false", "0"})
_LONGEST = {"number": 40, "name": 120, "email": 254, "tier": 60}


@dataclass(frozen=True)
class Told:
    """A member as a row tells of them: an empty number, or no day, where it tells none; `is_over` where it says that they are none now."""

    number: str
    name: str
    email: str
    tier: str
    valid_from: date | None
    valid_to: date | None
    is_over: bool


def told(cells: Mapping[str, str], read_day: ReadDay) -> Told:
    """Of the cells number, name or given and family, email, tier, valid_from, valid_to, status; Invalid with the column's name in `fields`
    where one cannot be. `read_day` reads a day as every table's days are read, and raises Invalid for what is none (files.read_day)."""
    name = " ".join((cells.get("name") or f"{cells.get('given', '')} {cells.get('family', '')}").split())
    plain = {"number": cells.get("number", "").strip(), "name": name, "email": cells.get("email", "").strip().lower(),
             "tier": " ".join(cells.get("tier", "").split())}  # fmt: skip
    for column, most in _LONGEST.items():
        if len(plain[column]) > most:
            raise _wrong(column, f"This is longer than {most} characters.", "Shorten it.")
    if not plain["name"]:
        raise _wrong("name", "There is no name.", "Fill it in, or take the row out.")
    if plain["email"] and not _ADDRESS.fullmatch(plain["email"]):
        raise _wrong(
            "email", f"“{plain['email'][:60]}” is no e-mail address.", "Correct it, or leave it empty where there is a member number."
        )
    if not plain["number"] and not plain["email"]:
        raise _wrong("email", "Neither a member number nor an e-mail address says who this is.", "Fill in one of them.")
    first, last = _day(cells, "valid_from", read_day), _day(cells, "valid_to", read_day)
    if first and last and last < first:
        raise _wrong("valid_to", "The membership ends before it begins.", "Correct one of the two days.")
    return Told(**plain, valid_from=first, valid_to=last, is_over=cells.get("status", "").strip().lower() in _OVER)


def _day(cells: Mapping[str, str], column: str, read_day: ReadDay) -> date | None:
    """Of a year that a membership may have; it may have an hour beside it."""
    text = cells.get(column, "").strip()
    if not text:
        return None
    with suppress(Invalid):
        found = _DAY.fullmatch(text)
        said = found[1] if found else ""
        day = read_day(said.replace("-", "/") if _DASHED.fullmatch(said) else said)
        if 1950 <= day.year <= 2200:
            return day
    raise _wrong(column, f"“{text[:30]}” is no day.", "Write it like 2026-06-30 or 6/30/2026.")


def _wrong(column: str, message: str, remedy: str) -> Invalid:
    return Invalid("row-wrong", message, remedy, {column: message})
