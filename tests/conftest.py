"""Every test runs on the database that CAIRN_DB names (SQLite where it names none)."""

from __future__ import annotations

import gc
import os

import pytest
from django.conf import settings
from django.db import transaction
from django.db.backends.sqlite3.base import DatabaseWrapper

from tests import migrated

DatabaseOperations = DatabaseWrapper.ops_class

_flush = DatabaseOperations.sql_flush


def _flush_past_the_guards(self, style, tables, **options):
    """SQLite empties tables by DELETE, which the insert-only triggers refuse; they are taken off and put back around it."""
    with self.connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
    off = [f"DROP TRIGGER {name}" for name, _ in triggers]
    return [*off, *_flush(self, style, tables, **options), *(sql for _, sql in triggers)]


DatabaseOperations.sql_flush = _flush_past_the_guards


@pytest.fixture(scope="session")
def django_db_modify_db_settings():
    """The tests' database begins as a copy of one that is up to date. Two runs in one cluster have each their own."""
    known = settings.DATABASES["default"]
    if address := os.environ.get("CAIRN_DB"):
        known["TEST"] = {**known["TEST"], "NAME": f"tests_{os.getpid()}", "TEMPLATE": migrated.name_of(migrated.template(address))}
    else:
        migrated.copy_to(known["TEST"]["NAME"])


@pytest.fixture(scope="session")
def django_db_keepdb():
    """SQLite's copy is what is found there; it goes with its folder."""
    return not os.environ.get("CAIRN_DB")


@pytest.fixture(scope="module")
def standing(django_db_setup, django_db_blocker):
    """What a module's fixtures arrange after this one stands for all of its tests, and is undone when the module is through. Each test
    undoes its own changes; a test that asks for such a fixture asks for `db` too."""
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole._from_testcase = True  # what TestCase does, so that commands may still be durable
        with whole:
            yield
            transaction.set_rollback(True)


@pytest.fixture
def world(db):
    from tests.world import World

    return World()


@pytest.fixture
def open_world(transactional_db):
    """A world whose commits are real: for several connections, for servers and for workers."""
    from tests.world import World

    return World()


def pytest_collection_finish(session):
    """What was loaded stays to the end; looking through it again and again for garbage takes a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)


def pytest_unconfigure(config):
    gc.unfreeze()


def pytest_report_header(config):
    return f"database: {settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}"
