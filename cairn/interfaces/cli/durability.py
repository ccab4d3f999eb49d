"""What "saved" must mean: the database's own settings read back at start-up, and unsafe ones refused.

With anything weaker a power cut can lose work that a page has called saved.
"""

from __future__ import annotations

import os

from django.db.backends.base.base import BaseDatabaseWrapper

from cairn.kernel.errors import Refused

# Setting: the values under which a committed row survives a power cut.
SQLITE = {"journal_mode": ("wal",), "synchronous": ("2", "3"), "foreign_keys": ("1",)}
POSTGRESQL = {"fsync": ("on",), "synchronous_commit": ("on", "remote_apply")}


def require(database: BaseDatabaseWrapper) -> None:
    """Refused where a committed row could be lost; a test's throwaway cluster may run without fsync."""
    wanted, ask = (SQLITE, "PRAGMA") if database.vendor == "sqlite" else (POSTGRESQL, "SHOW")
    with database.cursor() as cursor:
        for name, safe in wanted.items():
            cursor.execute(f"{ask} {name}")
            value = str(cursor.fetchone()[0])
            if value not in safe and not (name == "fsync" and os.environ.get("CAIRN_TEST") == "1"):
                raise Refused(
                    "database-unsafe",
                    f"The database runs with {name}={value}, under which a power cut can lose what was saved.",
                    f"Set {name} to {' or '.join(safe)} and start again.",
                )
