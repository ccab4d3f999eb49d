"""`make bench`: the table of speeds on the database that CAIRN_DB names (SQLite where it names none)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench import mixed, pages
from tests.migrated import new_database


@contextmanager
def elsewhere(address: str) -> Iterator[Path]:
    """A data folder of its own and, in the cluster at `address`, a database of its own: each measurement is a site."""
    with tempfile.TemporaryDirectory(prefix="cairn-bench-") as folder:
        os.environ["CAIRN_DB"] = new_database(address)
        yield Path(folder)


def main() -> None:
    address = os.environ.get("CAIRN_DB", "")
    with elsewhere(address) as folder:
        pages.show(pages.measure(folder))
    with elsewhere(address) as folder:
        pages.say("from a decision to a verifiable credential")
        environment = {**os.environ, "CAIRN_DATA": str(folder), "CAIRN_DEMO": "1", "CAIRN_TEST": "1"}
        told = json.loads(subprocess.check_output([sys.executable, "-m", "tests.bench.issuing"], env=environment))
    print(f"decision to verifiable credential, {told['ahead']:,} deliveries ahead: "
          f"p50 {told['p50 s']:.2f} s, p95 {told['p95 s']:.2f} s, n = {told['rounds']}")  # fmt: skip
    with elsewhere(address) as folder:
        pages.say("a roster of many rows")
        environment = {**os.environ, "CAIRN_DATA": str(folder), "CAIRN_TEST": "1"}
        told = json.loads(subprocess.check_output([sys.executable, "-m", "tests.bench.rows"], env=environment))
    print(f"roster of {told['rows']:,} rows, per second of the processor: report {told['rows'] / told['read s']:,.0f} rows, "
          f"taken in {told['rows'] / told['taken s']:,.0f} rows, in {told['taken s'] / told['inserted s']:.1f} times what merely "
          "inserting them takes")  # fmt: skip
    with elsewhere(address) as folder:
        pages.say("a license looked at anew")
        environment = {**os.environ, "CAIRN_DATA": str(folder), "CAIRN_TEST": "1"}
        told = json.loads(subprocess.check_output([sys.executable, "-m", "tests.bench.recounting"], env=environment))
    print(f"licenses looked at anew after one award, {told['records']} records: median {told['median ms']:.0f} ms, n = {told['rounds']}")
    if not address:  # columns are no database's
        pages.say("rules over whole states")
        show_rules(json.loads(subprocess.check_output([sys.executable, "-m", "tests.bench.rules"])))
    if address:  # where many people work at once, PostgreSQL is what they work on
        with elsewhere(address) as folder:
            mixed.measure(folder)


def show_rules(told: dict[str, Any]) -> None:
    for route, ms in told["alone ms"].items():
        print(f"{route}, one educator with 200 records: median {ms:.2f} ms")
    for state in told["states"]:
        print(f"{state['educators']:,} educators, {state['records']:,} records: one GROUP BY {state['grouped s']:.1f} s, "
              f"at most {state['peak GiB']:.1f} GiB")  # fmt: skip
        for route, seconds in state["routes s"].items():
            print(f"    {route}: {seconds:.1f} s, {seconds / state['grouped s']:.1f} times that")


if __name__ == "__main__":
    main()
