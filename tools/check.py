"""Everything about the code that can be checked without running the product: all of it, each with its verdict.

Not here: tests (tools/test.py).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
CHECKS: dict[str, tuple[str, ...]] = {
    "style (ruff)": ("ruff", "check", "--quiet", "."),
    "types (mypy)": ("mypy", "--no-error-summary", "cairn", "tools"),
    "who imports whom (import-linter)": ("lint-imports", "--no-logo"),
    "templates (djlint)": ("djlint", "--lint", "--quiet", "cairn"),
    "generated pages": ("python", "-m", "cairn", "docs", "--check"),
    "migrations": ("python", "manage.py", "makemigrations", "--check", "--dry-run"),
}


def addresses_in_locks(root: Path = ROOT) -> str:
    """A lock names packages, versions and hashes; an address in it would send everybody to one machine's mirror."""
    found = [
        f"{path.relative_to(root)}:{number}: {line.strip()}"
        for path in sorted((root / "requirements").glob("*.txt"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"https?:|file:|--(extra-)?index-url|--find-links", line)
    ]
    npm = (root / "package-lock.json").read_text().splitlines()
    found += [f"package-lock.json:{number}: {line.strip()}" for number, line in enumerate(npm, 1) if '"resolved":' in line]
    return "\n".join(found)


def check(name: str, command: tuple[str, ...], folder: str) -> bool:
    environment = {**os.environ, "CAIRN_DATA": folder, "CAIRN_DB": "", "CAIRN_TEST": "1", "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    began = time.monotonic()
    done = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    return verdict(name, (said or f"stopped with code {done.returncode}") if done.returncode else "", time.monotonic() - began)


def verdict(name: str, trouble: str, seconds: float = 0) -> bool:
    print(f"{'FAILED' if trouble else 'ok':<7} {name} ({seconds:.0f} s)", flush=True)
    if trouble:
        print(trouble.rstrip(), flush=True)
    return not trouble


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="cairn-check-") as folder:
        passed = [check(name, command, folder) for name, command in CHECKS.items()]
    passed.append(verdict("locks carry no addresses", addresses_in_locks()))
    print(f"{sum(passed)} passed, {passed.count(False)} failed")
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
