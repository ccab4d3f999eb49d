"""Faults by the hundred on SQLite and on PostgreSQL: what `make soak` runs. Its figures are kept in docs/reference/resilience.md.

It may take hours; CAIRN_SOAK is the share of the full counts, 1 for all of them. Each suite says what it did and what it found, which is
printed as a table at the end; a suite that found anything fails. Not here: what is done to the site (tests/faults.py).
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from tools import machine, postgres
from tools.test import start

SUITES = {
    "processes and database killed": "tests/integration/test_crash.py",
    "acknowledgements cut": "tests/integration/test_lost_acknowledgements.py",
    "disks without room": "tests/integration/test_disk_full.py",
    "backups under load": "tests/integration/test_backup.py",
    "requests made up": "tests/contract/test_openapi.py",
}
REQUESTS = 20_000


def main() -> int:
    machine.require()
    share = os.environ.get("CAIRN_SOAK") or "1"
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="cairn-soak-") as folder:
        figures = Path(folder) / "figures"
        os.environ |= {"CAIRN_SOAK": share, "CAIRN_SOAK_FIGURES": str(figures), "CAIRN_SOAK_CASES": str(int(REQUESTS * float(share)))}
        with postgres.throwaway() as address:
            failed = [f"{title} on {name}" for title, path in SUITES.items() for name, database in (("SQLite", ""), ("PostgreSQL", address))
                      if _failed(title, name, path, database)]  # fmt: skip
        told = [json.loads(line) for line in figures.read_text().splitlines()] if figures.exists() else []
    print(f"\nShare of the full counts: {share}; {(time.monotonic() - began) / 60:.0f} minutes.\n")
    for each in told:
        rest = ", ".join(f"{key} {value:,}" for key, value in each.items() if key not in ("name", "database"))
        print(f"| {each['name']} | {each['database']} | {rest} |")
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nNothing failed.")
    return 1 if failed else 0


def _failed(title: str, name: str, path: str, database: str) -> bool:
    print(f"\n=== {title}, on {name}", flush=True)
    return start("-m", "pytest", "-m", "soak", path, database=database).wait() != 0


if __name__ == "__main__":
    sys.exit(main())
