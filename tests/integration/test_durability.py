"""What "saved" means: web and worker read the database's own settings back and run on none that may lose what it confirms; and what the
machine lacks is told apart from our own mistakes."""

from __future__ import annotations

import errno
import logging
import sqlite3
import subprocess
import sys

import psycopg
import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.utils import ConnectionHandler
from django.test import Client

from cairn.frame.outages import Briefly, outage
from cairn.interfaces.cli import durability
from cairn.interfaces.web.views import frame
from cairn.kernel.errors import Refused
from tests import faults

SQLITE = connection.vendor == "sqlite"
SAFE = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
# Setting: how a connection comes to have it wrong.
UNSAFE_SQLITE = {
    "journal_mode": {"init_command": f"{SAFE} PRAGMA journal_mode=DELETE"},
    "synchronous": {"init_command": f"{SAFE} PRAGMA synchronous=NORMAL"},
    "foreign_keys": {"init_command": f"{SAFE} PRAGMA foreign_keys=OFF"},
    "transaction_mode": {"init_command": SAFE, "transaction_mode": "DEFERRED"},
}
UNSAFE_POSTGRESQL = {value: {"options": f"-c synchronous_commit={value}"} for value in ("off", "local", "remote_write")}


@pytest.fixture
def database(tmp_path):
    """The site's own database settings with some of its options changed."""
    opened = []

    def open_with(**options):
        known = {**connection.settings_dict, "OPTIONS": {**connection.settings_dict["OPTIONS"], **options}}
        if SQLITE:
            known["NAME"] = tmp_path / "trial.sqlite3"
        opened.append(ConnectionHandler({"default": known})["default"])
        return opened[-1]

    yield open_with
    for each in opened:
        each.close()


@pytest.mark.django_db
def test_each_setting_that_may_lose_what_was_confirmed_is_refused_by_name(database):
    durability.require(database())
    for name, options in (UNSAFE_SQLITE if SQLITE else UNSAFE_POSTGRESQL).items():
        with pytest.raises(Refused) as refused:
            durability.require(database(**options))
        assert refused.value.code == "database-unsafe"
        assert (f"{name}=" if SQLITE else f"synchronous_commit={name}") in refused.value.message
        assert f"Set {name if SQLITE else 'synchronous_commit'} to " in refused.value.remedy


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_neither_web_nor_worker_starts_on_such_a_database(tmp_path, command):
    """A cluster that does not sync its disk, or SQLite settings that do not: `tests.unsafe` is the site's own settings but for that."""
    with faults.site(tmp_path / "data", faults.enough(0)) as (site, _):
        known = {**site.environment, "CAIRN_TEST": "1" if SQLITE else "0"}
        known |= {"DJANGO_SETTINGS_MODULE": "tests.unsafe"} if SQLITE else {}
        done = subprocess.run([sys.executable, "-m", "cairn", command], env=known, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1
    (said,) = done.stderr.splitlines()
    wrong = "synchronous=1" if SQLITE else "fsync=off"
    assert said.startswith(f"cairn: The database runs with {wrong}, under which what was saved can be lost. Set ")


@pytest.mark.django_db(transaction=True)
def test_readiness_reads_the_settings_of_the_connection_that_serves():
    client = Client(headers={"host": "localhost"})
    assert client.get("/readyz").json() == {"status": "ready"}
    weaken, restore = (
        ("PRAGMA synchronous=NORMAL", "PRAGMA synchronous=FULL") if SQLITE else ("SET synchronous_commit=off", "SET synchronous_commit=on")
    )
    with connection.cursor() as cursor:
        cursor.execute(weaken)
        told = client.get("/readyz")
        cursor.execute(restore)
    assert (told.status_code, told.json()["status"]) == (503, "database-unsafe")
    assert client.get("/readyz").status_code == 200


# --- What the machine lacks ------------------------------------------------------------------------------------------


def raised(statement):
    """What SQLite raises at the statement, in a database of one page."""
    database = sqlite3.connect(":memory:")
    database.execute("PRAGMA max_page_count = 1")
    try:
        database.execute(statement)
    except sqlite3.Error as error:
        return error
    finally:
        database.close()
    raise AssertionError(statement)


def led_to(error, cause, *, as_cause=True):
    """`error` as it is when `cause` led to it."""
    try:
        try:
            raise cause
        except Exception as first:
            if as_cause:
                raise error from first
            raise error  # noqa: B904 - the other way in which one error follows from another
    except Exception as last:
        return last


LACKS = [
    ("storage-full", OSError(errno.ENOSPC, "No space left on device")),
    ("storage-full", OSError(errno.EDQUOT, "Disk quota exceeded")),
    ("storage-full", led_to(OperationalError(), raised("CREATE TABLE much (a)"))),
    ("storage-full", led_to(OperationalError(), psycopg.errors.DiskFull())),
    ("storage-full", led_to(ValueError(), OSError(errno.ENOSPC, "No space left on device"), as_cause=False)),
    ("database-away", led_to(OperationalError(), psycopg.errors.AdminShutdown())),
    ("database-away", led_to(frame.Invalid("a", "b"), OperationalError("server closed the connection"), as_cause=False)),
    ("database-away", InterfaceError("connection already closed")),
    (None, led_to(OperationalError(), raised("SELECT * FROM nowhere"))),
    (None, DatabaseError("a row too many")),
    (None, OSError(errno.EACCES, "Permission denied")),
    (None, ValueError("a mistake of ours")),
    (None, None),
]


@pytest.mark.parametrize(("code", "error"), LACKS)
def test_what_the_machine_lacks_is_told_from_a_mistake(code, error):
    told = outage(error)
    assert (told.code if told else None) == code


@pytest.mark.parametrize(("code", "error"), [each for each in LACKS if each[0]])
def test_a_session_that_could_not_be_saved_is_not_called_a_bad_request(rf, code, error):
    """Django calls it that whatever the reason was."""
    page = frame.bad_request(rf.post("/"), led_to(frame.Invalid("session", "It was interrupted."), error, as_cause=False))
    assert page.status_code == {"storage-full": 507, "database-away": 503}[code]
    assert b"What was saved before is safe." in page.content


def test_an_outage_takes_one_line_of_the_log_and_a_mistake_its_traceback():
    def logged(error):
        record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "Internal: %s", ("/here/",), (type(error), error, None))
        assert Briefly().filter(record)
        return logging.Formatter().format(record)

    away = logged(led_to(ValueError(), OperationalError("server closed the connection\nunexpectedly"), as_cause=False))
    assert away == "The database of this site does not answer just now. (OperationalError: server closed the connection)"
    assert "ValueError: ours" in logged(ValueError("ours"))
