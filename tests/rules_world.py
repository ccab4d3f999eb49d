"""Rule sets and records for tests of pure.rules: a made-up jurisdiction, one requirement at a time."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from tempfile import NamedTemporaryFile
from textwrap import indent

from cairn.pure.rules import Entry, Record, Term, evaluate, parse
from cairn.pure.rules.columns import STATES, TABLES, query
from cairn.pure.rules.model import FIELDS, SEVERAL

PLACE = """
jurisdiction: us/zz
name: Zephyr
zone: America/Chicago
fiscal_year: 07-01
school_year: 08-01
terms:
  - {name: Spring, from: 01-01, to: 05-31}
  - {name: Fall, from: 08-01, to: 12-31}
types:
  - {slug: first, title: First license, years: 4, next: second, cite: Z 1}
  - {slug: second, title: Second license, years: 6, cite: Z 2}
"""
SLUG = "us/zz/second"
LICENSE = Term("first", date(2020, 7, 1), date(2024, 6, 30))
ON = date(2024, 3, 1)


def rule_file(requires, versions="", head=""):
    """A rule set's text: one version that requires this, or the versions given."""
    one = f"  - effective: 2015-01-01\n    status: in force\n    cite: Z 3\n    requires:\n{indent(requires.strip(), ' ' * 6)}\n"
    scales = "scales: {degree: [bachelor, master, specialist, doctorate], rating: [ineffective, developing, effective]}"
    return (
        f"rules: {SLUG}\ntitle: Second license\npurpose: advancement\ngives: second\nfrom: first\nsource: Made up\n{scales}\n{head}\n"
        f"versions:\n{versions or one}"
    )


def rules(requires, **more):
    return parse({"us/zz/licenses.yaml": PLACE, f"{SLUG}.yaml": rule_file(requires, **more)}).rules[SLUG]


def entry(kind, on, amount=1, **more):
    names = Entry.__slots__
    given = {name: more.pop(name) for name in list(more) if name in names}
    id = given.pop("id", f"{kind}-{on}-{'-'.join(map(str, more.values()))}-{amount}")
    day = date.fromisoformat(on) if isinstance(on, str) else on
    return Entry(id, kind, day, Decimal(str(amount)), fields=more, **given)


def micro(key, on, **more):
    return entry("micro-credential", on, key=key, **{"id": f"mc-{key}-{on}", **more})


def hours(amount, on, **more):
    return entry("hours", on, amount, unit="hour", **more)


def record(*entries, license=LICENSE, **more):
    return Record(license=license, entries=tuple(entries), **more)


def standing(requires, *entries, on=ON, license=LICENSE, attributes=(), events=None, **more):
    return evaluate(rules(requires, **more), Record(license, tuple(attributes), events or {}, tuple(entries)), on)


def fill(connection, records):
    """The tables of columns.TABLES anew, with these records numbered from 0."""
    connection.execute("DROP TABLE IF EXISTS educator; DROP TABLE IF EXISTS entry; DROP TYPE IF EXISTS kind")
    connection.execute(TABLES)
    people, entries = [], []
    for number, one in enumerate(records):
        term = one.license
        days = (term.from_, term.to) if term else (None, None)
        attributes = [{"name": a.name, "value": a.value, "since": a.since, "until": a.until} for a in one.attributes]
        people.append((number, *days, term.renewals_used if term else 0, attributes, dict(one.events)))
        entries += [(number, *days, *_row(each)) for each in one.entries]
    for table, rows in (("educator", people), ("entry", entries)):
        columns = [name for name, *_ in connection.execute(f"DESCRIBE {table}").fetchall()]
        with NamedTemporaryFile("w", suffix=".json") as file:
            file.writelines(json.dumps(dict(zip(columns, row, strict=True)), default=str) + "\n" for row in rows)
            file.flush()
            connection.execute(f"COPY {table} FROM '{file.name}' (FORMAT json)")


def _row(one):
    suspended = [{"from": start, "to": end} for start, end in one.suspended] or None
    values = (one.fields.get(name) for name in FIELDS)
    fields = ([v] if isinstance(v, str) else v and list(v) for v in values)
    shown = [value if name in SEVERAL or value is None else value[0] for name, value in zip(FIELDS, fields, strict=True)]
    return (
        one.id,
        one.kind,
        one.on,
        one.amount,
        one.unit,
        one.until,
        one.submitted,
        one.revoked,
        one.withdrawn,
        one.verified,
        suspended,
        *shown,
    )


def states_at_once(connection, rule_set, version, records, on):
    """By record, the state of each requirement as the columnar query has it."""
    fill(connection, records)
    rows = connection.execute(query(rule_set, version, on)).fetchall()
    names = [column[0] for column in connection.description][1:]
    return [dict(zip(names, (STATES[state] for state in row[1:]), strict=True)) for row in sorted(rows)]
