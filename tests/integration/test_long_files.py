"""A file that is too long to be read while somebody waits: held, read and judged by a worker, with a page that says how far that is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cairn.apps.imports import commands as imports
from cairn.apps.imports import outward
from cairn.apps.imports.models import HeldFile, Import, ImportRow
from cairn.apps.ledger.models import Fact
from cairn.apps.people import commands as people
from cairn.apps.people.models import RoleGrant
from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import Registration
from cairn.frame import tables
from cairn.frame.actor import system
from cairn.kernel import clock
from cairn.site.worker import drain
from tests.imports_world import table
from tests.integration.test_public_pages import client_of
from tests.world import SYSTEM

HEAD = ("Name", "E-mail", "Notes")
PADDING = "x" * 9000
LINES = 60  # with PADDING more than tables.AT_ONCE bytes


@pytest.fixture
def coordinator(world):
    return world.person("Cora Stone", coordinator=world.issuer)


@pytest.fixture
def pilot(world):
    return world.offer(kind="pilot", days=120, last_day=clock.now().date() + timedelta(days=200))


@pytest.fixture
def signed_in(coordinator):
    return client_of(coordinator)


def long_file(head=HEAD):
    rows = [(f"Kim Lee {n}", f"kim{n}@example.org", PADDING) for n in range(LINES - 2)]
    return table(head, *rows, rows[0], ("Cy", "nowhere", ""))


def choose(client, pilot, file):
    return client.post(f"/pilots/{pilot.slug}/run/files/roster/", {"file": file}, follow=True)


def words(client, source):
    return client.get(f"/imports/{source.pk}/").content.decode()


def test_a_long_file_is_answered_at_once_then_read_and_taken_in_like_any(signed_in, pilot):
    page = choose(signed_in, pilot, long_file())
    assert "The file is being read" in page.content.decode()
    source = Import.objects.get()
    assert (source.state, source.total, HeldFile.objects.count(), ImportRow.objects.count()) == ("reading", 0, 1, 0)
    assert source.title.startswith("Roster of ")
    drain()
    source.refresh_from_db()
    assert (source.state, source.found, source.new, source.unchanged, source.refused) == ("read", LINES, LINES - 2, 1, 1)
    assert not HeldFile.objects.exists()
    assert f"{LINES - 2:,} of {LINES:,} rows would change something" in words(signed_in, source)
    signed_in.post(f"/imports/{source.pk}/", {"sha256": source.sha256, "leaves_out": "on"})
    drain()
    assert f"{LINES - 2:,} rows taken in" in words(signed_in, source)
    assert Registration.objects.filter(offering=pilot).count() == LINES - 2
    again = choose(signed_in, pilot, long_file())
    drain()
    source = Import.objects.exclude(pk=source.pk).get()
    assert "Nothing in this file changes anything" in words(signed_in, source), again


def test_the_page_says_how_many_rows_are_judged(signed_in, pilot):
    choose(signed_in, pilot, long_file())
    source = Import.objects.get()
    imports.note_rows(actor=SYSTEM, import_id=source.pk, rows=LINES)
    assert f"{LINES:,} rows are found and being judged" in words(signed_in, source)


def test_what_cannot_be_read_says_why_and_is_erased(signed_in, pilot):
    choose(signed_in, pilot, long_file(("Who", "Shoe size", "Notes")))
    drain()
    source = Import.objects.get()
    told = words(signed_in, source)
    assert "This file could not be read" in told
    assert "E-mail" in told
    assert (source.state, HeldFile.objects.count()) == ("dropped", 0)


def test_a_pilot_that_closes_before_its_file_is_read_refuses_it_with_the_remedy(signed_in, pilot):
    choose(signed_in, pilot, long_file())
    programs.close_offering(actor=SYSTEM, offering_id=pilot.pk)
    drain()
    assert "This pilot is closed, so nobody can be entered. Open it first." in words(signed_in, Import.objects.get())


def test_whoever_loses_the_role_before_the_file_is_read_learns_nothing_by_it(signed_in, coordinator, pilot):
    choose(signed_in, pilot, long_file())
    people.end_role(actor=SYSTEM, grant_id=RoleGrant.objects.get(person_id=coordinator.person_id).pk)
    drain()
    source = Import.objects.get()
    assert source.state == "dropped"
    assert source.unread
    assert not ImportRow.objects.exists()


def test_reading_is_stopped_by_whoever_chose_the_file_and_by_choosing_another(signed_in, pilot):
    choose(signed_in, pilot, long_file())
    source = Import.objects.get()
    assert "Stop reading, erase the file" in words(signed_in, source)
    signed_in.post(f"/imports/{source.pk}/", {"drop": "yes"})
    choose(signed_in, pilot, long_file())
    choose(signed_in, pilot, table(HEAD, ("Kim Lee", "kim@example.org", "")))
    drain()
    assert sorted(Import.objects.values_list("state", "new")) == [("dropped", 0), ("dropped", 0), ("read", 1)]
    assert not HeldFile.objects.exists()


def test_a_worker_that_is_killed_after_it_found_the_rows_reads_again_and_one_that_is_late_does_nothing(signed_in, pilot):
    choose(signed_in, pilot, long_file())
    source = Import.objects.get()
    fact = Fact.objects.get(kind="imports.file_held")
    told = type("Told", (), {"subject_id": fact.subject_id})
    imports.note_rows(actor=SYSTEM, import_id=source.pk, rows=7)
    outward.read_held(actor=system("worker"), fact=told)
    outward.read_held(actor=system("worker"), fact=told)
    source.refresh_from_db()
    assert (source.state, source.found, source.new, ImportRow.objects.count()) == ("read", LINES, LINES - 2, LINES)
    assert Fact.objects.filter(kind="imports.file_read").count() == 1


def test_a_file_beyond_what_can_be_read_is_refused_at_once(signed_in, pilot, monkeypatch):
    monkeypatch.setattr(tables, "LARGEST", 600_000)
    assert tables.AT_ONCE < 550_000
    file = table(HEAD, *[("Kim", f"k{n}@example.org", PADDING) for n in range(70)])
    page = choose(signed_in, pilot, file)
    assert page.status_code == 422
    assert "Split it." in page.content.decode()
    assert not Import.objects.exists()
