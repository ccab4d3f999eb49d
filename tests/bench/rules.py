"""`make bench`: rule sets over one educator, and over whole states in columns beside one GROUP BY of the same rows, in one run.

Not here: laying a site's own rows out in columns (licensure), which the test of it times.
"""

from __future__ import annotations

import json
import os
import resource
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median

import duckdb

from cairn.pure.rules import Entry, Record, Rulebook, Term, evaluate, parse
from cairn.pure.rules.columns import TABLES, query
from cairn.pure.rules.model import FIELDS

STATES = [int(size) for size in os.environ.get("BENCH_EDUCATORS", "250000,1000000").split(",")]
EACH = 10  # records of an educator
ROUTES = ("us/mo/career-administrator", "us/ks/professional-renewal", "us/il/administrator-renewal")
DATA = Path(__file__).resolve().parents[2] / "cairn" / "data" / "licensure"
ON, FROM, TO = date(2024, 3, 1), date(2018, 7, 1), date(2024, 6, 30)
GROUPED = 'SELECT educator, count(*) AS entries, sum(amount) AS amount, max("on") AS last FROM entry GROUP BY educator'
ROUNDS = 3

# The kinds of records that an educator has, by their number among ten, and what stands in their fields.
KINDS = ("micro-credential",) * 3 + ("hours", "hours", "points", "credit", "degree", "experience", "evaluation")
UNITS = ("",) * 3 + ("contact-hour", "hour", "point", "semester-hour", "", "year", "")
SAID = {
    "key": "CASE WHEN j < 3 THEN 'skill-' || (h % 40) END", "approved_by": "CASE WHEN j < 3 AND h % 5 > 0 THEN ['missouri-dese'] END",
    "category": "CASE WHEN h % 3 = 0 THEN ['college'] END", "elected": "CASE WHEN j IN (3, 4) AND h % 3 = 0 THEN 'academy' END",
    "level": "CASE WHEN j = 7 THEN [['bachelor', 'master', 'specialist'][1 + h % 3]] END",
    "role": "CASE WHEN j = 8 THEN 'administrator' END",
}  # fmt: skip


def shipped() -> Rulebook:
    files = {str(path.relative_to(DATA)): path.read_text() for path in DATA.rglob("*.yaml")}
    return parse(files)


def alone(book: Rulebook) -> dict[str, float]:
    """Milliseconds for one educator with 200 records."""
    kinds = ["micro-credential"] * 3 + ["hours"] * 4 + ["points", "credit", "evaluation"]
    units = {"hours": "hour", "points": "point", "credit": "semester-hour"}
    entries = tuple(
        Entry(f"e{n}", kind := kinds[n % 10], FROM + timedelta(n * 10), Decimal(n % 7 + 1), units.get(kind, ""),
              fields={"key": f"skill-{n}", "approved_by": ("missouri-dese",), "role": "administrator"})
        for n in range(200)
    )  # fmt: skip
    record, found = Record(Term("x", FROM, TO), entries=entries), {}
    for route in ROUTES:
        times = []
        for _ in range(200):
            began = time.perf_counter()
            evaluate(book.rules[route], record, ON)
            times.append(time.perf_counter() - began)
        found[route] = median(times) * 1000
    return found


def fill(db: duckdb.DuckDBPyConnection, educators: int) -> None:
    retired = "[{name: 'retired', value: 'yes', since: NULL::DATE, until: NULL::DATE}]"
    attributes = f"CASE WHEN i % 10 = 0 THEN {retired} ELSE [] END"
    fields = ", ".join(SAID.get(name, "NULL") for name in FIELDS)
    amount = "CASE WHEN j IN (3, 4, 5) THEN 1 + h % 40 WHEN j = 6 THEN 3 ELSE 1 END"
    revoked = "CASE WHEN h % 97 = 0 THEN DATE '2022-01-01' END"
    chance = "(hash(i * 31 + j) % 1000003)::INTEGER AS h"
    drawn = f"SELECT i, j, {chance} FROM range({educators}) people(i), range({EACH}) numbers(j)"
    days = f"DATE '{FROM}', DATE '{TO}'"
    db.execute(TABLES)
    db.execute(f"INSERT INTO educator SELECT i, {days}, i % 3, {attributes}, MAP {{}} FROM range({educators}) people(i)")
    db.execute(
        f"INSERT INTO entry SELECT i, {days}, i || '-' || j, {list(KINDS)}[1 + j]::kind, DATE '2018-01-01' + h % 2300, {amount}, "
        f"{list(UNITS)}[1 + j], NULL, NULL, {revoked}, NULL, TRUE, NULL, {fields} FROM ({drawn})"
    )


def timed(db: duckdb.DuckDBPyConnection, sql: str) -> float:
    """Seconds, the best of several, the answer kept as a table."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        db.execute(f"CREATE OR REPLACE TEMP TABLE answer AS {sql}")
        times.append(time.perf_counter() - began)
    return min(times)


def at_once(book: Rulebook, educators: int) -> dict[str, object]:
    with duckdb.connect(config={"threads": "2", "memory_limit": "3GB"}) as db:
        fill(db, educators)
        grouped = timed(db, GROUPED)
        routes = {route: timed(db, query(rules := book.rules[route], rules.versions[-1], ON)) for route in ROUTES}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 2**30
    return {"educators": educators, "records": educators * EACH, "grouped s": grouped, "routes s": routes, "peak GiB": peak}


def main() -> None:
    book = shipped()
    print(json.dumps({"alone ms": alone(book), "states": [at_once(book, size) for size in STATES]}))


if __name__ == "__main__":
    main()
