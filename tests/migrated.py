"""Databases that are up to date and empty: made by `cairn migrate` once for each state of the migrations, and copied by whoever needs one.

Bringing an empty database up to date takes many seconds of a processor. Not here: the tests of migrating itself, which begin with none.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "build" / "migrated"
# What a database that was brought up to date depends on.
SOURCES = ("cairn/*/*/migrations/*.py", "cairn/frame/*.py", "cairn/site/settings.py", "requirements/base.txt")


def prepare(folder: Path, address: str = "") -> str:
    """CAIRN_DB for a site in this data folder that is up to date: a new database of the cluster at `address`, or the folder's own file."""
    if address:
        return new_database(address, like=template(address))
    folder.mkdir(parents=True, exist_ok=True)
    copy_to(folder / "cairn.sqlite3")
    return ""


def copy_to(path: Path) -> None:
    with _alone("file"):
        shutil.copyfile(_file(), path)


def new_database(address: str, like: str = "") -> str:
    """The address of another database of the cluster at `address`, a copy of the one at `like` or empty; nothing without a cluster."""
    if not address:
        return ""
    name = f"test_{secrets.token_hex(4)}"
    with psycopg.connect(address, autocommit=True) as cluster:
        cluster.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {name_of(like)}" if like else ""))
        cluster.execute("CHECKPOINT")  # a copied sequence knows values as written that recovery would take back: PostgreSQL's own doing
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))


def drop(database: str, address: str) -> None:
    if database:
        with psycopg.connect(address, autocommit=True) as cluster:
            cluster.execute(f"DROP DATABASE IF EXISTS {name_of(database)} WITH (FORCE)")


def name_of(database: str) -> str:
    return urlsplit(database).path[1:]


@cache
def template(address: str) -> str:
    """The address of the cluster's database that is copied; nobody else connects to it."""
    with _alone("cluster"):
        made = urlunsplit(urlsplit(address)._replace(path=f"/migrated_{_state()[:16]}"))
        with psycopg.connect(address, autocommit=True) as cluster:
            if not cluster.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name_of(made),)).fetchone():
                begun = new_database(address)
                _migrate(begun)
                cluster.execute(f"ALTER DATABASE {name_of(begun)} RENAME TO {name_of(made)}")
    return made


def _file() -> Path:
    path = KEPT / f"{_state()}.sqlite3"
    if not path.is_file():
        for old in KEPT.glob("*.sqlite3"):
            old.unlink()
        _migrate("", path)
    return path


def _migrate(database: str, keep: Path | None = None) -> None:
    with tempfile.TemporaryDirectory(prefix="cairn-migrated-") as folder:
        known = {**os.environ, "CAIRN_DATA": folder, "CAIRN_DB": database, "CAIRN_TEST": "1", "CAIRN_DEMO": "1"}
        subprocess.run([sys.executable, "-m", "cairn", "migrate"], env=known, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
        if keep is not None:
            with closing(sqlite3.connect(Path(folder) / "cairn.sqlite3")) as made:
                made.execute("VACUUM INTO ?", (str(keep),))


@cache
def _state() -> str:
    told = hashlib.sha256()
    for path in sorted(path for pattern in SOURCES for path in ROOT.glob(pattern)):
        told.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return told.hexdigest()


@contextmanager
def _alone(making: str) -> Iterator[None]:
    """Among all runs of tests in this checkout."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / f"{making}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
