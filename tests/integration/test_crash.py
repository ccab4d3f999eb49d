"""Web, worker and database killed at random moments while people work: what was acknowledged is there, once.

The driver stands outside the program and writes each acknowledgement to a file of its own (tests.driver); afterwards the pages and then
the tables are held against that file. `make soak` runs the full counts.
"""

from __future__ import annotations

import os
import time
from datetime import timedelta
from functools import partial

import pytest

from cairn.apps.portfolio import outward
from cairn.kernel import clock
from tests import faults
from tests.faults import Killer, enough, survive
from tests.world import SYSTEM
from tools import postgres

STARTING = 30  # seconds in which a process that finds no database ends, and is followed by another


@pytest.mark.long
@pytest.mark.soak
def test_web_and_worker_killed_many_times_lose_and_double_nothing(tmp_path):
    rounds = faults.count(middle=6, full=200)
    with faults.site(tmp_path / "data", enough(rounds)) as (site, people), faults.running(site):
        kill = Killer(site)
        _, figures = survive(site, people, [kill] * rounds)
    faults.told("kill -9 at random moments", **figures, **{f"of {name}": count for name, count in kill.killed.items()})


@pytest.mark.long
@pytest.mark.soak
def test_a_database_that_dies_many_times_loses_and_doubles_nothing(tmp_path):
    """PostgreSQL stops as if its machine had; the site is not touched. SQLite lives in the site's processes: all of them die at once."""
    rounds = faults.count(middle=3, full=50)
    if not os.environ.get("CAIRN_DB"):
        with faults.site(tmp_path / "data", enough(rounds)) as (site, people), faults.running(site):
            _, figures = survive(site, people, [partial(Killer(site).kill, "web", "worker", "main")] * rounds)
        faults.told("all processes killed at once", **figures)
        return
    with postgres.cluster() as cluster, faults.site(tmp_path / "data", enough(rounds), cluster.address) as (site, people):

        def stop():
            before = {name: part for name, part in site.parts().items() if time.time() - part.create_time() > STARTING}
            cluster.stop_at_once()
            cluster.start()
            assert before.items() <= site.parts().items(), "it reconnects without being started again"

        with faults.running(site):
            _, figures = survive(site, people, [stop] * rounds)
    faults.told("PostgreSQL stopped with -m immediate", **figures)


@pytest.mark.django_db
def test_what_a_killed_process_had_half_written_goes_after_a_day(settings, tmp_path):
    settings.MEDIA_STORE, settings.UPLOADS = tmp_path / "media", tmp_path / "uploads"
    settings.UPLOADS.mkdir()
    (settings.MEDIA_STORE / "ab").mkdir(parents=True)
    draft = settings.MEDIA_STORE / "ab" / ".abcdefghjkmnpqrstvwx.0123abcd"
    draft.write_bytes(b"half a file")
    outward.clear(SYSTEM)
    assert draft.exists()
    with clock.at(clock.now() + timedelta(days=2)):
        outward.clear(SYSTEM)
    assert not draft.exists()
