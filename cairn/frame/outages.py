"""What the machine under us lacks, told apart from our own mistakes: a disk without room, a database that does not answer.

Not here: waiting for it to come back (the worker), showing it (interfaces).
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterator

from django.db import InterfaceError, OperationalError

from cairn.kernel.errors import Outage, StorageFull

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
FULL = ("SQLITE_FULL", "53100")  # https://sqlite.org/rescode.html#full; https://www.postgresql.org/docs/current/errcodes-appendix.html
OUR_SQL = "SQLITE_ERROR"  # a statement that is wrong: SQLite has one class for this and for what is missing
REMEDY = "What was saved before is safe. Try again in a few minutes; what is sent twice is done once."


def outage(error: BaseException | None) -> Outage | None:
    """The refusal to show in place of `error`; None where the fault is our own."""
    found = [lacks for _, lacks in _found(error)]
    return next((lacks for lacks in found if isinstance(lacks, StorageFull)), found[0] if found else None)


def _found(error: BaseException | None) -> Iterator[tuple[BaseException, Outage]]:
    """What is lacking among an error and what led to it, the last first."""
    while error is not None:
        codes = {getattr(cause, name, None) for cause in (error, error.__cause__) for name in ("sqlite_errorname", "sqlstate")}
        if codes & set(FULL) or (isinstance(error, OSError) and error.errno in NO_ROOM):
            yield error, StorageFull("storage-full", "This site has no room left, so nothing was saved.", REMEDY)
        elif isinstance(error, OperationalError | InterfaceError) and OUR_SQL not in codes:
            yield error, Outage("database-away", "The database of this site does not answer just now.", REMEDY)
        error = error.__cause__ or error.__context__


class Briefly(logging.Filter):
    """An outage takes one line of the log, not a page for each request that meets it: the disk that is full may be the log's own."""

    def filter(self, record: logging.LogRecord) -> bool:
        for error, lacks in _found(record.exc_info[1] if record.exc_info else None):
            reason = str(error).strip().partition("\n")[0]
            record.msg, record.args = f"{lacks.message} ({type(error).__name__}: {reason})", ()
            record.exc_info = record.exc_text = None
        return True
