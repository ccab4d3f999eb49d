"""What "saved" must mean: the database's own settings read back over the connection that writes, and unsafe ones refused.

With anything weaker a power cut can lose work that a page has called saved. Web and worker ask at their start, each in its own process,
and `/readyz` asks again whenever it is asked.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper

from cairn.kernel.errors import Refused

# Setting: the values under which a committed row survives a power cut.
SQLITE = {"journal_mode": ("wal",), "synchronous": ("2", "3"), "foreign_keys": ("1",)}
POSTGRESQL = {"fsync": ("on",), "full_page_writes": ("on",), "synchronous_commit": ("on", "remote_apply")}
OF_THE_MACHINE = ("fsync", "full_page_writes")  # a test's throwaway cluster need not survive its machine


def require(database: BaseDatabaseWrapper) -> None:
    """Refused where a committed row could be lost, or where two writers could each read before the other writes."""
    for name, value, safe in _read_back(database):
        if value not in safe and not (name in OF_THE_MACHINE and os.environ.get("CAIRN_TEST") == "1"):
            raise Refused(
                "database-unsafe",
                f"The database runs with {name}={value}, under which what was saved can be lost.",
                f"Set {name} to {' or '.join(safe)} and start again.",
            )


def _read_back(database: BaseDatabaseWrapper) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Each setting with what it is on this connection and what it may be."""
    wanted, ask = (SQLITE, "PRAGMA") if database.vendor == "sqlite" else (POSTGRESQL, "SHOW")
    with database.cursor() as cursor:
        for name, safe in wanted.items():
            cursor.execute(f"{ask} {name}")
            yield name, str(cursor.fetchone()[0]), safe
    if database.vendor == "sqlite":  # kept by Django and not by SQLite: how each transaction is begun
        yield "transaction_mode", str(getattr(database, "transaction_mode", None)).upper(), ("IMMEDIATE", "EXCLUSIVE")
