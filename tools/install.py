"""Bring the checkout up to what its locks and sources say: tools, packages, styles, collected files. Does nothing twice.

Run by `make` with any Python 3.11 or newer; standard library alone. `--tests` adds what tests and checks need, and that stays
installed from then on. Not here: the machine's own packages (tools/machine.py for tests, tools/prerequisites.sh for the rest).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS, VENV, BUILD, LOCKS = ROOT / ".tools", ROOT / ".venv", ROOT / "build", ROOT / "requirements"
PYTHON = VENV / "bin" / "python"
OLDEST_NODE = (20, 19)  # sass-embedded asks for it
LAUNCHER = """#!{python}
import sys

from cairn.interfaces.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
"""


class CannotInstall(Exception):
    """A step went wrong; the message says which and what to do."""


@contextmanager
def step(words: str) -> Iterator[None]:
    """Say what begins and how long it took: nothing here runs in silence for more than two seconds."""
    print(f"{words} ...", flush=True)
    began = time.monotonic()
    yield
    print(f"    done in {time.monotonic() - began:.0f} s", flush=True)


def run(*command: str | Path, **more: str) -> None:
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env={**environment(), **more}, check=False)
    if done.returncode:
        raise CannotInstall(f"{Path(command[0]).name} stopped with code {done.returncode}; see the lines above, then run make again.")


def environment() -> dict[str, str]:
    """Ours, with the private tools within reach, and with uv told what pip is told about mirrors and certificates."""
    known = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    if (TOOLS / "bin" / "node").exists():
        known["PATH"] = f"{TOOLS / 'bin'}{os.pathsep}{known.get('PATH', '')}"
    for pip, uv in (("PIP_INDEX_URL", "UV_DEFAULT_INDEX"), ("PIP_CERT", "SSL_CERT_FILE")):
        if pip in known:
            known.setdefault(uv, known[pip])
    return known


def fingerprint(paths: Iterable[Path], *words: str) -> str:
    digest = hashlib.sha256("\0".join(words).encode())
    for path in sorted(paths):
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_done(stamp: Path, mark: str) -> bool:
    return stamp.is_file() and stamp.read_text() == mark


def make_tools() -> None:
    lock = LOCKS / "tools.txt"
    stamp, mark = TOOLS / "cairn.stamp", fingerprint([lock], sys.version)
    if is_done(stamp, mark):
        return
    with step("Installing uv into .tools"):
        run(sys.executable, "-m", "venv", TOOLS)
        run(TOOLS / "bin" / "python", "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock)
    stamp.write_text(mark)


def sync_packages(wants_tests: bool) -> None:
    """Tests' packages, once there, stay: they hold the product's in the same versions."""
    has_tests = (VENV / "bin" / "pytest").exists()
    lock = LOCKS / ("dev.txt" if wants_tests or has_tests else "base.txt")
    stamp, mark = VENV / "cairn.stamp", fingerprint([lock], sys.version)
    if is_done(stamp, mark):
        return
    if not PYTHON.exists():
        run(sys.executable, "-m", "venv", "--clear", "--without-pip", VENV)
    with step(f"Installing the packages of requirements/{lock.name} into .venv"):
        run(TOOLS / "bin" / "uv", "pip", "sync", "--require-hashes", "--compile-bytecode", "--python", PYTHON, lock)
    launch_from_here()
    stamp.write_text(mark)


def launch_from_here() -> None:
    """The project itself, editable: a path for imports and the `cairn` command."""
    for folder in VENV.glob("lib/python3*/site-packages"):
        (folder / "cairn_checkout.pth").write_text(f"{ROOT}\n")
    command = VENV / "bin" / "cairn"
    command.write_text(LAUNCHER.format(python=PYTHON))
    command.chmod(0o755)


def find_node() -> None:
    """The system's Node, where it is new enough; else PyPI's, beside uv."""
    path = environment()["PATH"]
    node = shutil.which("node", path=path)
    if node and shutil.which("npm", path=path):
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        if version.startswith("v") and tuple(map(int, version[1:].split(".")[:2])) >= OLDEST_NODE:
            return
    with step("Installing Node into .tools (there is none on this machine, or too old a one)"):
        run(TOOLS / "bin" / "python", "-m", "pip", "install", "--quiet", "--require-hashes", "-r", LOCKS / "node.txt")


def install_npm() -> None:
    modules = ROOT / "node_modules"
    stamp, mark = modules / "cairn.stamp", fingerprint([ROOT / "package-lock.json"])
    if is_done(stamp, mark):
        return
    find_node()
    with step("Installing the npm packages of package-lock.json"):
        run("npm", "ci", "--no-fund", "--no-audit", "--loglevel=error")
    stamp.write_text(mark)


def build_assets() -> None:
    run(PYTHON, ROOT / "assets" / "build.py")


def collect_static() -> None:
    ours = [p for p in (ROOT / "cairn" / "interfaces" / "web" / "static").rglob("*") if p.is_file()]
    made = [p for p in (BUILD / "static").rglob("*") if p.is_file()]
    stamp, mark = BUILD / "collected.stamp", fingerprint([*ours, *made, LOCKS / "base.txt"])
    if is_done(stamp, mark) and (BUILD / "collected" / "staticfiles.json").is_file():
        return
    with step("Collecting static files"), tempfile.TemporaryDirectory() as folder:
        run(PYTHON, "manage.py", "collectstatic", "--no-input", "--clear", "--verbosity=0", CAIRN_DATA=folder, CAIRN_TEST="0")
    stamp.write_text(mark)


def main() -> None:
    make_tools()
    sync_packages("--tests" in sys.argv[1:])
    install_npm()
    build_assets()
    collect_static()


if __name__ == "__main__":
    try:
        main()
    except CannotInstall as reason:
        sys.exit(f"Cairn's set-up stopped: {reason}")
    except KeyboardInterrupt:
        sys.exit(130)
