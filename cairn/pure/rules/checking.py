"""What is odd about a record before anything is decided by it, each with its remedy. Not here: what is refused at the door (apps)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from cairn.pure.rules.case import why_not
from cairn.pure.rules.model import KINDS, Entry, Record, Term
from cairn.pure.rules.spec import UNITS, Jurisdiction
from cairn.pure.rules.words import said_amount, said_day

EARNED_UNDER_A_LICENSE = ("hours", "points", "credit")


@dataclass(frozen=True)
class Oddity:
    """`entry` is the id of the entry that it is about; nothing where it is about the license."""

    entry: str
    message: str
    remedy: str


def check_record(record: Record, on: date, jurisdiction: Jurisdiction) -> tuple[Oddity, ...]:
    """Entries in the future or before the license began, unknown kinds and units, negative amounts, days that run backwards, and one
    award for which both points and credit of a college count."""
    entries = (oddity for entry in record.entries for oddity in _entry(record, entry, on, jurisdiction))
    return (*_license(record), *entries, *_twice(record, on))


def overlapping(terms: Sequence[Term]) -> tuple[tuple[Term, Term], ...]:
    """Pairs of terms of one type that share a day."""
    ordered = sorted(terms, key=lambda term: (term.type, term.from_))
    pairs = pairwise(ordered)
    return tuple((one, two) for one, two in pairs if one.type == two.type and (one.to is None or two.from_ <= one.to))


def _twice(record: Record, on: date) -> Iterator[Oddity]:
    """A rule that adds up points and credit does not say whether one award may give both: both are counted, and somebody must look."""
    standing = [
        entry for entry in record.entries if entry.kind in ("points", "credit") and entry.fields.get("award") and not why_not(entry, on)
    ]
    points = {entry.fields["award"] for entry in standing if entry.kind == "points"}
    for entry in standing:
        if entry.kind == "credit" and entry.fields["award"] in points:
            message = f"{said_amount(entry.amount, entry.unit)} and points rest on one award, and both are counted."
            yield Oddity(entry.id, message, "The rule does not say whether both may count. Look before you decide; take one back if not.")


def _license(record: Record) -> Iterator[Oddity]:
    term = record.license
    if term and term.to and term.to < term.from_:
        yield Oddity("", f"The license ends on {said_day(term.to)}, before it begins on {said_day(term.from_)}.", "Correct its days.")


def _entry(record: Record, entry: Entry, on: date, jurisdiction: Jurisdiction) -> Iterator[Oddity]:
    id = entry.id
    if entry.on > on:
        yield Oddity(id, f"It is dated {said_day(entry.on)}, which is still to come.", "Enter it when it is done.")
    if record.license and entry.kind in EARNED_UNDER_A_LICENSE and entry.on < record.license.from_:
        began = said_day(record.license.from_)
        yield Oddity(
            id, f"It is dated {said_day(entry.on)}, before the license began on {began}.", "Check its day; most rules leave it out."
        )
    if entry.kind not in KINDS:
        yield Oddity(id, f"“{entry.kind}” is no kind of entry.", f"Use one of: {', '.join(KINDS)}.")
    known = (*UNITS, *jurisdiction.units)
    if entry.unit and entry.unit not in known:
        yield Oddity(id, f"“{entry.unit}” is no unit of {jurisdiction.name}.", f"Use one of: {', '.join(known)}.")
    if entry.amount < 0:
        yield Oddity(id, f"Its amount is {entry.amount}.", "Enter what was done; nothing is taken away by an entry.")
    if entry.until and entry.until < entry.on:
        yield Oddity(id, f"It ends on {said_day(entry.until)}, before it began.", "Correct its days.")
