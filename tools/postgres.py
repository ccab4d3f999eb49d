"""A PostgreSQL cluster that lives for one test run: in a folder of its own, reached by a socket there, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.machine import postgresql_bin

SERVER = (
    "-c listen_addresses='' -c unix_socket_directories='{folder}' -c max_connections=60 "
    "-c fsync=off -c full_page_writes=off "  # it need not survive the machine
    "-c lock_timeout=60s"  # two connections of one test that wait for each other fail, and do not wait for ever
)


@contextmanager
def throwaway() -> Iterator[str]:
    """The cluster's address for CAIRN_DB. It keeps nothing through a power cut, so it starts in two seconds."""
    programs = postgresql_bin()
    if programs is None:
        raise SystemExit("The tests need PostgreSQL; install with: sudo apt install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="cairn-pg-"))
    data, log = folder / "data", folder / "log"
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        _run(programs / "initdb", "-D", data, "--no-sync", "-A", "trust", "-U", "cairn", "-E", "UTF8", "--no-locale")
        _run(programs / "pg_ctl", "-D", data, "-l", log, "-w", "-o", SERVER.format(folder=folder), "start")
        try:
            _run(programs / "createdb", "-h", folder, "-U", "cairn", "cairn")
            yield f"postgresql://cairn@/cairn?host={folder}"
        finally:
            _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(*command: str | Path) -> None:
    """PostgreSQL refuses to run as root, so root runs it as the user that its package made."""
    lead = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    done = subprocess.run([*lead, *map(str, command)], capture_output=True, text=True, cwd="/", check=False)
    if done.returncode:
        raise SystemExit(f"{Path(command[0]).name} stopped with code {done.returncode}:\n{done.stdout}{done.stderr}")
