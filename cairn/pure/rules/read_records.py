"""The record of one educator out of YAML, as cases write it. Not here: records out of the database (apps.licensure)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from cairn.pure.rules.model import FIELDS, KINDS, SEVERAL, Attribute, Entry, Record, Term, Value
from cairn.pure.rules.reading import Fields

MAX_REPEAT = 1000
ONE = Decimal(1)


def read_record(fields: Fields) -> Record:
    """`license`, `attributes` (by name, or a list with dates), `events` and `entries`; `repeat: n` writes an entry n times, with {n} in its
    texts numbered from 1."""
    events = fields.fields("events")
    entries = fields.list_of_fields("entries")
    made = [(one, entry) for number, one in enumerate(entries, 1) for entry in _repeated(one, number)]
    seen: set[str] = set()
    for one, entry in made:
        if entry.id in seen:
            one.problem("id", f"The id “{entry.id}” is taken.", "Give one of the two another.")
        seen.add(entry.id)
    return Record(
        license=_term(fields),
        attributes=tuple(_attributes(fields)),
        events={name: events.day(name) for name in events} if events else {},
        entries=tuple(entry for _, entry in made),
    )


def _term(fields: Fields) -> Term | None:
    term = fields.fields("license")
    if term is None:
        return None
    first, last = term.day("from"), term.maybe_day("to")
    _in_order(term, "to", first, last)
    return Term(term.text("type", ""), first, last, term.maybe_day("entered"), term.whole("renewals_used", 0))


def _attributes(fields: Fields) -> Iterator[Attribute]:
    if fields.is_mapping("attributes"):
        named = fields.fields("attributes")
        for name in named or ():
            assert named is not None
            yield from (Attribute(name, value) for value in named.names(name))
        return
    for one in fields.list_of_fields("attributes"):
        yield Attribute(one.text("name"), one.text("value"), one.maybe_day("since"), one.maybe_day("until"))


def _repeated(one: Fields, number: int) -> Iterator[Entry]:
    count = one.whole("repeat", 1)
    if not 1 <= count <= MAX_REPEAT:
        one.problem("repeat", f"“repeat” is {count}.", f"It must be 1 to {MAX_REPEAT}.")
    for n in range(1, min(count, MAX_REPEAT) + 1):
        yield _entry(one, number, n if one.has("repeat") else 0)


def _entry(one: Fields, number: int, n: int) -> Entry:
    id = one.text("id", f"{one.text('kind')}-{number}")
    values: dict[str, Value] = {}
    for name in FIELDS:
        if one.has(name):
            texts = tuple(text.replace("{n}", str(n)) for text in one.names(name))
            if len(texts) > 1 and name not in SEVERAL:
                one.problem(name, f"“{name}” has {len(texts)} values.", f"Only these may have several: {', '.join(sorted(SEVERAL))}.")
            values[name] = texts if len(texts) > 1 else "".join(texts)
    on, submitted, suspended = one.day("on"), one.maybe_day("submitted"), tuple(_suspended(one))
    for name in ("until", "revoked", "withdrawn"):
        _in_order(one, name, on, one.maybe_day(name))
    if submitted:
        _in_order(one, "on", submitted, on)
    return Entry(
        id=id.replace("{n}", str(n)) if "{n}" in id or not n else f"{id}-{n}",
        kind=one.one_of("kind", KINDS),
        on=on,
        amount=one.number("amount", ONE),
        unit=one.text("unit", ""),
        until=one.maybe_day("until"),
        submitted=submitted,
        recorded=one.maybe_day("recorded"),
        fields=values,
        revoked=one.maybe_day("revoked"),
        suspended=suspended,
        withdrawn=one.maybe_day("withdrawn"),
        verified=one.flag("verified", True),
    )


def _suspended(one: Fields) -> Iterator[tuple[date, date | None]]:
    for span in one.list_of_fields("suspended"):
        first, last = span.day("from"), span.maybe_day("to")
        _in_order(span, "to", first, last)
        yield first, last


def _in_order(fields: Fields, name: str, first: date, last: date | None) -> None:
    if last and last < first:
        fields.problem(name, f"“{name}” is {last}, before {first}.", "Days must run forward.")
