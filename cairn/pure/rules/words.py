"""Dates, numbers and units as a person says them. Not here: sentences about a standing (explain)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
HYPHENED, CAPITALS = ("micro-credential", "in-service"), frozenset({"ceu", "cpe", "eila", "pdp", "usbe"})  # in names of units
SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def said_day(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def said_number(amount: Decimal | int) -> str:
    """Without zeros that say nothing: 15, 0.5, 1,200."""
    whole = Decimal(amount)
    return f"{whole:,.0f}" if whole == whole.to_integral_value() else f"{whole.normalize():,f}"


def written(name: str) -> str:
    """A name of the files as words: "in-service hour", "literacy micro-credential"."""
    words = name.replace("-", " ")
    for hyphened in HYPHENED:
        words = words.replace(hyphened.replace("-", " "), hyphened)
    return words


def said_unit(unit: str, amount: Decimal | int = 0) -> str:
    """A unit's name as people write it, for one or for several: "contact hour", "in-service hours", "CEUs"."""
    words = [word.upper() if word in CAPITALS else word for word in written(unit).split()]
    is_one = amount == 1 or not words or words[-1].isdigit()
    return " ".join(words) + ("" if is_one else "s")


def said_amount(amount: Decimal | int, unit: str) -> str:
    """With its unit, such as "1 semester hour" or "60 hours"."""
    return f"{said_number(amount)} {said_unit(unit, amount)}".strip()


def listed(words: Iterable[str], join: str = "and") -> str:
    parts = list(words)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {join} {parts[-1]}" if parts else ""
