"""Run the tests on SQLite and on a throwaway PostgreSQL; the two must come to equal counts.

Of the ordinary tests, those that no database tells apart run once: unit and architecture tests, what is shown in a browser or asked by
address, stores of files, properties of pure code. The long tests run on both.

`--long` runs the long tests alone, `--bench` prints the table of speeds. Arguments after `--` go to pytest.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from tools import machine, postgres
from tools.install import PYTHON, ROOT, environment

REPORTS = ROOT / "build"
# Two halves of about the same length: those of badges and the architecture; all other unit tests.
BADGES = "tests/unit/badges"
QUICK = {"Unit tests": ["tests/unit", f"--ignore={BADGES}"], "unit tests of badges, architecture tests": [BADGES, "tests/architecture"]}
QUICK_PATHS = ["tests/unit", "tests/architecture"]
# Ordinary tests that run once, on the stricter database of the two or on the quicker one.
LONGEST = "tests/browser/test_every_page.py"
SHOWN = ["tests/browser/test_*.py"]
ASKED = [
    "tests/integration/test_*_pages.py",
    *(
        f"tests/integration/test_{what}.py"
        for what in (
            "access", "api_blindness", "api_drafts", "api_main_job", "bad_input", "blindness", "blindness_canaries", "demo", "every_answer",
            "formulas", "nothing_leaves", "open_redirects", "sharing", "sharing_refusals", "sign_in", "sign_in_second_step",
            "support_access", "uploads", "uploads_captioned",
        )
    ),
    "tests/contract/test_openapi.py",
    "tests/contract/test_storage.py",
]  # fmt: skip
PURE = [
    *(f"tests/property/test_{what}.py" for what in ("badges", "clocks", "colors", "files", "packs", "rubrics", "surveys", "tables")),
    "tests/contract/test_outside_verifier.py",
]
AT_ONCE = 2  # there are two cores
NOTHING_COLLECTED = 5
# Seconds for one test, by marker; one that hangs ends its run with a trace of where, and does not hold up everybody for hours.
ORDINARY = "not long and not soak"
PATIENCE = {ORDINARY: 300, "long": 1200}


@dataclass(frozen=True)
class Count:
    passed: int
    failed: int
    skipped: int

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed" + (f", {self.skipped} skipped" if self.skipped else "")


def start(*arguments: str, database: str = "", output: IO[str] | None = None) -> subprocess.Popen[bytes]:
    known = {**environment(), "CAIRN_TEST": "1", "CAIRN_DB": database}
    known.pop("CAIRN_DATA", None)  # each run makes its own folder
    return subprocess.Popen([str(PYTHON), *arguments], cwd=ROOT, env=known, stdout=output, stderr=output, stdin=subprocess.DEVNULL)


def count(report: Path, code: int) -> Count:
    if code == NOTHING_COLLECTED:
        return Count(0, 0, 0)
    if not report.is_file():
        return Count(0, 1, 0)
    told = ElementTree.parse(report).getroot().find("testsuite")
    assert told is not None
    total, failed, skipped = (int(told.get(name, 0)) for name in ("tests", "failures", "skipped"))
    failed += int(told.get("errors", 0))
    return Count(total - failed - skipped, failed or int(code != 0), skipped)


def side_by_side(runs: dict[str, tuple[list[str], str]]) -> dict[str, Count]:
    """Run pytest for each title with its arguments and database, two at a time, the next as soon as one is done. The first is shown as
    it goes, the others when they are done. Counted by pytest's own reports."""
    REPORTS.mkdir(exist_ok=True)
    reports = {title: REPORTS / f"tests-{re.sub('[^a-z]+', '-', title.lower())}.xml" for title in runs}
    waiting = list(runs)
    counts: dict[str, Count] = {}
    going: dict[str, tuple[subprocess.Popen[bytes], IO[str] | None]] = {}
    print(f"\n=== {', '.join(runs)}, {AT_ONCE} at a time", flush=True)
    try:
        while waiting or going:
            while waiting and len(going) < AT_ONCE:
                title = waiting.pop(0)
                arguments, database = runs[title]
                reports[title].unlink(missing_ok=True)
                output = reports[title].with_suffix(".log").open("w+") if len(counts) + len(going) else None
                going[title] = start("-m", "pytest", f"--junit-xml={reports[title]}", *arguments, database=database, output=output), output
            time.sleep(0.2)
            for title in [title for title, (process, _) in going.items() if process.poll() is not None]:
                counts[title] = count(reports[title], _ended(title, *going.pop(title)))
        return {title: counts[title] for title in runs}
    finally:
        for process, _ in going.values():
            process.terminate()


def _ended(title: str, process: subprocess.Popen[bytes], output: IO[str] | None) -> int:
    code = process.wait()
    if output:
        output.seek(0)
        print(f"\n=== {title}\n{output.read()}", flush=True)
        output.close()
    return code


def verdict(counts: dict[str, Count], began: float) -> int:
    print("\n" + "\n".join(f"{title}: {count}" for title, count in counts.items()))
    passed, failed = sum(c.passed for c in counts.values()), sum(c.failed for c in counts.values())
    print(f"===== {passed} passed, {failed} failed in {time.monotonic() - began:.2f}s =====", flush=True)
    return 1 if failed else 0


def only(marker: str, *more: str) -> list[str]:
    return ["-m", marker, "-o", f"faulthandler_timeout={PATIENCE[marker]}", "-o", "faulthandler_exit_on_timeout=true", *more]


def found(*patterns: str) -> list[str]:
    return sorted({str(path.relative_to(ROOT)) for pattern in patterns for path in ROOT.glob(pattern)})


def all_ordinary() -> dict[str, tuple[str, list[str]]]:
    """By title, where and what, but for what ran at first: the longest first, so that both cores are busy to the end."""
    asked, pure, shown = found(*ASKED), found(*PURE), [file for file in found(*SHOWN) if file != LONGEST]
    seen = [*QUICK_PATHS, *asked, *pure, "tests/browser"]
    both = [f"--ignore={path}" for path in seen]
    return {
        "PostgreSQL": ("PostgreSQL", both),
        "SQLite": ("SQLite", both),
        "Pages on PostgreSQL": ("PostgreSQL", asked),
        "pages in a browser on PostgreSQL": ("PostgreSQL", shown),
        "every page in a browser on SQLite": ("SQLite", [LONGEST]),
        "pure code": ("SQLite", pure),
    }


def on_both(marker: str, runs: dict[str, tuple[str, list[str]]]) -> int:
    """All that the marker chooses, by title on which database and what; those that bear a database's name must come to the same."""
    began = time.monotonic()
    with postgres.throwaway() as address:
        on = {"SQLite": "", "PostgreSQL": address}
        counts = side_by_side({title: (only(marker, *what), on[database]) for title, (database, what) in runs.items()})
    if counts["SQLite"] != counts["PostgreSQL"]:
        print("The two databases differ in what they ran or passed, which they must not.")
        return verdict(counts, began) or 1
    return verdict(counts, began)


def quick_first() -> int:
    began = time.monotonic()
    return verdict(side_by_side({title: (only(ORDINARY, *what), "") for title, what in QUICK.items()}), began)


def bench() -> int:
    print("\n=== On SQLite", flush=True)
    code = start("-m", "tests.bench").wait()
    with postgres.throwaway() as address:
        print("\n=== On PostgreSQL", flush=True)
        return start("-m", "tests.bench", database=address).wait() or code


def main(arguments: list[str]) -> int:
    more = arguments[arguments.index("--") + 1 :] if "--" in arguments else []
    machine.require()
    if "--bench" in arguments:
        return bench()
    chosen = {database: (database, more) for database in ("SQLite", "PostgreSQL")}
    if "--long" in arguments:
        return on_both("long", chosen)
    if more:
        return on_both(ORDINARY, chosen)
    return quick_first() or on_both(ORDINARY, all_ordinary())


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))  # so that the cluster is stopped and removed
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
