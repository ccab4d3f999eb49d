"""A PostgreSQL cluster that lives for one test run: in a folder of its own, reached by a socket there, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.machine import postgresql_bin

SERVER = (
    "-c listen_addresses='' -c unix_socket_directories='{folder}' -c max_connections=60 "
    "-c lock_timeout=60s "  # two connections of one test that wait for each other fail, and do not wait for ever
)
FORGETFUL = "-c fsync=off -c full_page_writes=off "  # it need not survive the machine, so it starts in two seconds


@dataclass(frozen=True)
class Cluster:
    folder: Path
    options: str

    @property
    def address(self) -> str:
        """For CAIRN_DB."""
        return f"postgresql://cairn@/cairn?host={self.folder}"

    def start(self) -> None:
        self._control("-l", self.folder / "log", "-o", self.options.format(folder=self.folder), "start")

    def stop_at_once(self) -> None:
        """As if its process had died: nothing is finished, nothing is written down."""
        self._control("-m", "immediate", "stop")

    def is_running(self) -> bool:
        pid = self.folder / "data" / "postmaster.pid"
        return pid.is_file() and Path(f"/proc/{pid.read_text().split()[0]}").exists()

    def _control(self, *arguments: str | Path) -> None:
        _run(_program("pg_ctl"), "-D", self.folder / "data", "-w", *arguments)


@contextmanager
def cluster(options: str = SERVER, *, parent: Path | None = None) -> Iterator[Cluster]:
    """A new cluster with an empty database, in a folder of its own below `parent`; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="cairn-pg-", dir=parent))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        _run(_program("initdb"), "-D", folder / "data", "--no-sync", "-A", "trust", "-U", "cairn", "-E", "UTF8", "--no-locale")
        made = Cluster(folder, options)
        made.start()
        try:
            _run(_program("createdb"), "-h", folder, "-U", "cairn", "cairn")
            yield made
        finally:
            if made.is_running():
                made.stop_at_once()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def throwaway() -> Iterator[str]:
    """The address, for CAIRN_DB, of a cluster that keeps nothing through a power cut."""
    with cluster(SERVER + FORGETFUL) as made:
        yield made.address


def _program(name: str) -> Path:
    programs = postgresql_bin()
    if programs is None:
        raise SystemExit("The tests need PostgreSQL; install with: sudo apt install postgresql")
    return programs / name


def _run(*command: str | Path) -> None:
    """PostgreSQL refuses to run as root, so root runs it as the user that its package made."""
    lead = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    done = subprocess.run([*lead, *map(str, command)], capture_output=True, text=True, cwd="/", check=False)
    if done.returncode:
        raise SystemExit(f"{Path(command[0]).name} stopped with code {done.returncode}:\n{done.stdout}{done.stderr}")
