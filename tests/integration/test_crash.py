"""Web, worker and database killed at random moments while people work: what was acknowledged is there, once.

The driver stands outside the program and writes each acknowledgement to a file of its own (tests.driver); afterwards the tables are held
against that file, and the pages too. `make soak` runs the full counts.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable

import pytest

from tests import faults
from tests.driver import Crew, Ledger, judge, unseen
from tests.faults import Killer, Site, under_faults
from tools import postgres


def survive(site: Site, people: dict, rounds: int, fault: Callable[[], None]) -> dict[str, int]:
    """People work while `fault` strikes; the figures, once nothing is lost, doubled or unclear."""
    ledger = Ledger(site.folder.parent / "acknowledged")
    with Crew(site.port, people, ledger) as crew:
        under_faults(ledger, crew, rounds, fault)
    assert crew.troubles == []
    assert ledger.unclear == []
    assert unseen(crew) == []
    site.stop()
    found = judge(ledger, json.loads(site.beside("tell")))
    assert found.is_clean, found
    return {"faults": rounds, "acknowledged": found.acknowledged, "sent again": crew.again, "lost": 0, "doubled": 0}


# --- Processes -------------------------------------------------------------------------------------------------------


def killed_at_random(tmp_path, rounds):
    with faults.site(tmp_path / "data", educators=20 + 3 * rounds) as (site, people), faults.running(site):
        kill = Killer(site)
        figures = survive(site, people, rounds, kill)
    faults.told("kill -9 at random moments", **figures, **kill.killed)


def test_web_or_worker_killed_while_people_work_loses_and_doubles_nothing(tmp_path):
    killed_at_random(tmp_path, rounds=2)


@pytest.mark.long
def test_web_and_worker_killed_many_times_lose_and_double_nothing(tmp_path):
    killed_at_random(tmp_path, rounds=faults.count(middle=20, full=200))


# --- The database ----------------------------------------------------------------------------------------------------


def database_dies(tmp_path, rounds):
    """PostgreSQL stops as if its machine had; the site is not touched. SQLite lives in the site's processes: all of them die at once."""
    if not os.environ.get("CAIRN_DB"):
        with faults.site(tmp_path / "data", educators=20 + 3 * rounds) as (site, people), faults.running(site):
            figures = survive(site, people, rounds, lambda: Killer(site).kill("web", "worker", "main"))
        return faults.told("every process killed at once", **figures)
    with postgres.cluster() as cluster, faults.site(tmp_path / "data", 20 + 3 * rounds, cluster.address) as (site, people):

        def stop():
            before = site.parts()
            cluster.stop_at_once()
            cluster.start()
            assert site.parts() == before, "it reconnects without being started again"

        with faults.running(site):
            figures = survive(site, people, rounds, stop)
    faults.told("PostgreSQL stopped with -m immediate", **figures)


def test_a_database_that_dies_while_people_work_loses_and_doubles_nothing(tmp_path):
    database_dies(tmp_path, rounds=1)


@pytest.mark.long
def test_a_database_that_dies_many_times_loses_and_doubles_nothing(tmp_path):
    database_dies(tmp_path, rounds=faults.count(middle=8, full=50))
