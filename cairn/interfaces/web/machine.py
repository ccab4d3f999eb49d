"""The machine under the site, as its operator is shown it: the database and what it promises, the disk, the version.

Not here: refusing to start on a database that may lose what was saved (cli.durability), queues and timed jobs (ledger).
"""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import connection

from cairn.apps.portfolio import outward
from cairn.kernel.errors import NotYet

_SQLITE = ("journal_mode", "synchronous", "foreign_keys")
_POSTGRESQL = ("fsync", "synchronous_commit", "full_page_writes")
_SYNCHRONOUS = {"0": "off", "1": "normal", "2": "full", "3": "extra"}  # https://sqlite.org/pragma.html#pragma_synchronous


@dataclass(frozen=True)
class Database:
    """`settings`: what decides whether a committed row survives a power cut, as the database itself says."""

    name: str
    version: str
    settings: tuple[tuple[str, str], ...]
    size: int


@dataclass(frozen=True)
class Disk:
    """Bytes: of the evidence, of drawn badges, and of the whole disk."""

    evidence: int
    drawn: int
    free: int
    total: int


def shown() -> dict[str, object]:
    return {"database": database(), "disk": disk(), "files": files(), "version": version()}


def database() -> Database:
    with connection.cursor() as cursor:

        def ask(question: str) -> str:
            cursor.execute(question)
            return str(cursor.fetchone()[0])

        if connection.vendor == "postgresql":
            told = tuple((name, ask(f"SHOW {name}")) for name in _POSTGRESQL)
            return Database("PostgreSQL", ask("SHOW server_version"), told, int(ask("SELECT pg_database_size(current_database())")))
        told = tuple((name, ask(f"PRAGMA {name}")) for name in _SQLITE)
        told = tuple((name, _SYNCHRONOUS.get(value, value) if name == "synchronous" else value) for name, value in told)
        file = Path(connection.settings_dict["NAME"])
        return Database("SQLite", ask("SELECT sqlite_version()"), told, sum(f.stat().st_size for f in file.parent.glob(f"{file.name}*")))


def disk() -> Disk:
    whole = shutil.disk_usage(settings.FOLDER.path)
    return Disk(sum(_sizes(settings.MEDIA_STORE)), sum(_sizes(settings.FOLDER.path / "drawn")), whole.free, whole.total)


@dataclass(frozen=True)
class Files:
    """Where evidence lies, and what the virus scanner says of itself; `is_scanned` where one answers."""

    place: str
    scanner: str
    is_scanned: bool


def files() -> Files:
    place = outward.store().place
    if not outward.has_scanner():
        return Files(place, "None is configured, so files are kept unscanned", False)
    try:
        return Files(place, outward.scanner_version(), True)
    except NotYet:
        return Files(place, "Does not answer, so files wait for it", False)


def _sizes(folder: Path) -> Iterator[int]:
    if folder.is_dir():
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    yield from _sizes(Path(entry.path))
                else:
                    yield entry.stat(follow_symlinks=False).st_size


@lru_cache(maxsize=1)
def version() -> str:
    return str(tomllib.loads((settings.ROOT / "pyproject.toml").read_text())["project"]["version"])
