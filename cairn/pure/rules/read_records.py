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
    return Record(
        license=_term(fields),
        attributes=tuple(_attributes(fields)),
        events={name: events.day(name) for name in events} if events else {},
        entries=tuple(entry for number, one in enumerate(entries, 1) for entry in _repeated(one, number)),
    )


def _term(fields: Fields) -> Term | None:
    term = fields.fields("license")
    if term is None:
        return None
    return Term(term.text("type", ""), term.day("from"), term.maybe_day("to"), term.maybe_day("entered"), term.whole("renewals_used", 0))


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
    return Entry(
        id=id.replace("{n}", str(n)) if "{n}" in id or not n else f"{id}-{n}",
        kind=one.one_of("kind", KINDS),
        on=one.day("on"),
        amount=one.number("amount", ONE),
        unit=one.text("unit", ""),
        until=one.maybe_day("until"),
        submitted=one.maybe_day("submitted"),
        recorded=one.maybe_day("recorded"),
        fields=values,
        revoked=one.maybe_day("revoked"),
        suspended=tuple(_suspended(one)),
        withdrawn=one.maybe_day("withdrawn"),
        verified=one.flag("verified", True),
    )


def _suspended(one: Fields) -> Iterator[tuple[date, date | None]]:
    for span in one.list_of_fields("suspended"):
        yield span.day("from"), span.maybe_day("to")
