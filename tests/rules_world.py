"""Rule sets and records for tests of pure.rules: a made-up jurisdiction, one requirement at a time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from textwrap import indent

from cairn.pure.rules import Entry, Record, Term, evaluate, parse

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
