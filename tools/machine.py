"""What tests need from the machine itself: Chromium, PostgreSQL, ffmpeg, ClamAV. Installs it through apt where it may.

Not here: Python's and Node's packages (tools/install.py).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from glob import glob
from pathlib import Path

# What is looked for, and the package that brings it: Debian's, Homebrew's.
NEEDS = {
    "chromium": ("chromium", "--cask chromium"),
    "postgresql": ("postgresql", "postgresql@17"),
    "ffmpeg": ("ffmpeg", "ffmpeg"),
    "clamd": ("clamav-daemon", "clamav"),
}
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/Applications/Chromium.app/Contents/MacOS/Chromium")
POSTGRESQL = ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin")


def clamd() -> str | None:
    """The virus scanner's daemon, which lies where the path of ordinary users does not lead."""
    return shutil.which("clamd", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin")


def postgresql_bin() -> Path | None:
    """The folder of initdb and pg_ctl, of the newest version there is."""
    found = [Path(folder) for pattern in POSTGRESQL for folder in glob(pattern)]
    if config := shutil.which("pg_config"):
        told = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False).stdout.strip()
        found.append(Path(told))
    complete = [folder for folder in found if (folder / "initdb").is_file() and (folder / "pg_ctl").is_file()]
    return max(complete, key=_version, default=None)


def _version(folder: Path) -> int:
    number = re.search(r"\d+", str(folder))
    return int(number[0]) if number else 0


def missing() -> list[str]:
    there = {
        "chromium": any(Path(path).exists() for path in CHROMIUM),
        "postgresql": postgresql_bin() is not None,
        "ffmpeg": shutil.which("ffmpeg") is not None,
        "clamd": clamd() is not None,
    }
    return [name for name in NEEDS if not there[name]]


def _may_install() -> list[str] | None:
    """How to become the one who may install, or None."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0:
        return ["sudo", "-n"]
    return None


def require() -> None:
    """Install what is missing, or stop with the command to type."""
    names = missing()
    if not names:
        return
    may = _may_install()
    if may is not None:
        packages = [NEEDS[name][0] for name in names]
        print(f"Installing {', '.join(packages)} through apt ...", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]):
            subprocess.run([*may, "env", "DEBIAN_FRONTEND=noninteractive", *command], env=quiet, stdin=subprocess.DEVNULL, check=False)
        names = missing()
    if names:
        on_mac = sys.platform == "darwin"
        tool = "brew install" if on_mac else "sudo apt install"
        packages = [NEEDS[name][1 if on_mac else 0] for name in names]
        sys.exit(f"The tests need {', '.join(names)}; install with: {tool} {' '.join(packages)}")
