"""Run the tests on SQLite and on a throwaway PostgreSQL; the two must come to equal counts.

`--long` runs the long tests alone, `--bench` prints the table of speeds. Arguments after `--` go to pytest.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from xml.etree import ElementTree

from tools import machine, postgres
from tools.install import PYTHON, ROOT, environment

REPORTS = ROOT / "build"
QUICK = ("tests/unit", "tests/architecture")
NOTHING_COLLECTED = 5


@dataclass(frozen=True)
class Count:
    passed: int
    failed: int
    skipped: int

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed" + (f", {self.skipped} skipped" if self.skipped else "")


def run_python(*arguments: str, database: str = "") -> int:
    known = {**environment(), "CAIRN_TEST": "1", "CAIRN_DB": database}
    known.pop("CAIRN_DATA", None)  # each run makes its own folder
    return subprocess.run([str(PYTHON), *arguments], cwd=ROOT, env=known, check=False).returncode


def run_pytest(title: str, *arguments: str, database: str = "") -> Count:
    """Run pytest, shown as it goes, and count by its own report."""
    print(f"\n=== {title}", flush=True)
    REPORTS.mkdir(exist_ok=True)
    report = REPORTS / f"tests-{'postgresql' if database else 'sqlite'}.xml"
    report.unlink(missing_ok=True)
    code = run_python("-m", "pytest", f"--junit-xml={report}", *arguments, database=database)
    if code == NOTHING_COLLECTED:
        return Count(0, 0, 0)
    if not report.is_file():
        return Count(0, 1, 0)
    told = ElementTree.parse(report).getroot().find("testsuite")
    assert told is not None
    total, failed, skipped = (int(told.get(name, 0)) for name in ("tests", "failures", "skipped"))
    failed += int(told.get("errors", 0))
    return Count(total - failed - skipped, failed or int(code != 0), skipped)


def quick_first() -> Count:
    began = time.monotonic()
    count = run_pytest("Unit and architecture tests", "-m", "not long", *QUICK)
    print(f"{count} in {time.monotonic() - began:.0f} s", flush=True)
    return count


def on_both(marker: str, more: list[str]) -> int:
    began = time.monotonic()
    counts = {"SQLite": run_pytest("On SQLite", "-m", marker, *more)}
    with postgres.throwaway() as address:
        counts["PostgreSQL"] = run_pytest("On PostgreSQL", "-m", marker, *more, database=address)
    print("\n" + "\n".join(f"{name}: {count}" for name, count in counts.items()))
    sqlite, postgresql = counts.values()
    if sqlite != postgresql:
        print("The two databases differ in what they ran or passed; they must not.")
    failed = sqlite.failed + postgresql.failed
    print(f"===== {sqlite.passed + postgresql.passed} passed, {failed} failed in {time.monotonic() - began:.2f}s =====", flush=True)
    return 1 if failed or sqlite != postgresql else 0


def bench() -> int:
    print("\n=== On SQLite", flush=True)
    code = run_python("-m", "tests.bench")
    with postgres.throwaway() as address:
        print("\n=== On PostgreSQL", flush=True)
        return run_python("-m", "tests.bench", database=address) or code


def main(arguments: list[str]) -> int:
    more = arguments[arguments.index("--") + 1 :] if "--" in arguments else []
    machine.require()
    if "--bench" in arguments:
        return bench()
    if "--long" in arguments:
        return on_both("long", more)
    if not more and quick_first().failed:
        print("===== 0 passed, 1 failed: the quick tests come first =====")
        return 1
    return on_both("not long", more)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))  # so that the cluster is stopped and removed
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
