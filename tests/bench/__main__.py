"""`make bench`: the table of speeds on the database that CAIRN_DB names (SQLite where it names none)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench import mixed, pages


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="cairn-bench-") as folder:
        pages.show(pages.measure(Path(folder) / "pages"))
        pages.say("from a decision to a verifiable credential")
        environment = {**os.environ, "CAIRN_DATA": str(Path(folder) / "issuing"), "CAIRN_DEMO": "1", "CAIRN_TEST": "1"}
        told = json.loads(subprocess.check_output([sys.executable, "-m", "tests.bench.issuing"], env=environment))
    print(f"decision to verifiable credential, {told['ahead']:,} deliveries ahead: "
          f"p50 {told['p50 s']:.2f} s, p95 {told['p95 s']:.2f} s, n = {told['rounds']}")  # fmt: skip
    if os.environ.get("CAIRN_DB"):  # where many people work at once, PostgreSQL is what they work on
        with tempfile.TemporaryDirectory(prefix="cairn-bench-") as folder:
            mixed.measure(Path(folder))


if __name__ == "__main__":
    main()
