"""A disk without room: one clear sentence for whoever wanted something saved, nothing half-written, and no hand needed once there is room.

Small disks are mounted where the tests may do that; in the long tier people work on a whole site whose disk fills up again and again.
"""

from __future__ import annotations

import os
import random
import subprocess
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from cairn.apps.people.models import Group
from cairn.apps.portfolio.models import Artifact
from cairn.apps.reports.queries import integrity
from cairn.interfaces.cli.processes import say
from tests import faults
from tests.api_world import Program, code
from tests.faults import OK, Killer, enough, survive, wait_for
from tests.learning_world import JSON, browser, root, send, upload
from tests.world import SYSTEM
from tools import postgres

FULL = Path("/dev/full")  # a log on it is always full
SAID = "This site has no room left, so nothing was saved."
REMEDY = "What was saved before is safe. Try again in a few minutes; what is sent twice is done once."


@contextmanager
def small_disk(megabytes: int):
    """A disk of its own, or a skipped test that says why."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    folder = Path(tempfile.mkdtemp(prefix="cairn-disk-"))
    options = ["-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", str(folder)]
    done = subprocess.run(["mount", *options], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


@contextmanager
def filled(folder: Path):
    """Not a byte is left on the disk at `folder`."""
    rest = folder / "filler"
    with rest.open("wb", buffering=0) as out:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while out.write(b"\0" * size):
                    pass
            except OSError:
                continue
    try:
        yield
    finally:
        rest.unlink()


def told(answer, status=507):
    """It is this sentence and this remedy, on a page or as JSON."""
    assert answer.status_code == status
    if answer["Content-Type"] == "application/json":
        assert (answer.json()["code"], answer.json()["message"], answer.json()["remedy"]) == ("storage-full", SAID, REMEDY)
    else:
        assert SAID in answer.content.decode()
        assert REMEDY in answer.content.decode()


def patient(actor) -> Client:
    client = browser(actor)
    client.raise_request_exception = False
    return client


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name != "filler"]


# --- Files -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["MEDIA_STORE", "UPLOADS"])
@pytest.mark.parametrize("options", [{}, {"headers": JSON}], ids=["page", "json"])
def test_a_file_for_which_there_is_no_room_is_refused_whole_and_taken_once_there_is(world, settings, place, options):
    actor, enrollment = world.enrolled()
    client = patient(actor)
    assert client.get(f"{root(enrollment)}portfolio/").status_code == 200
    with small_disk(megabytes=4) as disk:
        setattr(settings, place, disk)
        settings.FILE_UPLOAD_TEMP_DIR = settings.UPLOADS
        with filled(disk):
            told(send(client, enrollment, upload(), **options))
            assert client.get(f"{root(enrollment)}portfolio/").status_code == 200
            assert files_in(disk) == []
            assert not Artifact.objects.exists()
        assert send(client, enrollment, upload(), **options).status_code < 400
        assert Artifact.objects.count() == 1
        assert [finding.failures for finding in integrity(SYSTEM) if finding.failures] == []


# --- The database ----------------------------------------------------------------------------------------------------


@contextmanager
def full_database():
    """SQLite may grow no further; PostgreSQL says of a new group what it says when its disk is full (SQLSTATE 53100)."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA max_page_count = 1")  # of those that it has, none is taken away
        else:
            cursor.execute(
                "CREATE FUNCTION no_room() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; "
                "END $$ LANGUAGE plpgsql; CREATE TRIGGER no_room BEFORE INSERT ON people_group EXECUTE FUNCTION no_room()"
            )
    yield
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA max_page_count = 1073741823")
        else:
            cursor.execute("DROP TRIGGER no_room ON people_group; DROP FUNCTION no_room")


@pytest.mark.parametrize("options", [{}, {"headers": JSON}], ids=["page", "json"])
def test_what_the_database_has_no_room_for_is_refused_whole_and_taken_once_there_is(open_world, options):
    client = patient(open_world.person("Ada Stone", organization_admin=open_world.issuer))
    at = f"/org/{open_world.issuer.slug}/people/groups/"

    def form(number):
        return client.post(at, {"name": f"Group {number}", "kind": "team", "key": f"{number:020}"}, **options)

    with full_database():
        formed = next(number for number in range(500) if form(number).status_code != 302)  # pages that are begun take some
        told(form(formed))
        assert client.get(f"/org/{open_world.issuer.slug}/people/").status_code == 200
        assert Group.objects.count() == formed
    assert form(formed).status_code == 302
    assert Group.objects.count() == formed + 1
    assert [finding.failures for finding in integrity(SYSTEM) if finding.failures] == []


def test_a_program_is_told_as_a_program_and_what_it_sends_again_is_done_once(open_world):
    program = Program(open_world.person("Ada Stone", organization_admin=open_world.issuer), raise_request_exception=False)

    def form(number):
        at = f"/organizations/{open_world.issuer.slug}/groups"
        return program.post(at, {"name": f"Group {number}", "kind": "team"}, key=f"group-{number}")

    with full_database():
        formed = next(number for number in range(500) if form(number).status_code >= 400)
        refused = form(formed)
        assert code(refused) == (507, "storage-full")
        assert refused.json()["remedy"] == "Send it again in a few minutes, with the same key."
    assert [form(formed).status_code for _ in range(2)] == [201, 201]
    assert Group.objects.count() == formed + 1


# --- A whole site ----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not FULL.exists(), reason="this machine has no /dev/full")
def test_words_for_which_there_is_no_room_stop_nothing(monkeypatch):
    full = FULL.open("w")
    monkeypatch.setattr("sys.stdout", full)
    with pytest.raises(OSError, match="No space left"):
        print("This is what would stop it.", flush=True)
    say("The worker stopped; starting another.")
    with suppress(OSError):  # it still holds what it could not say
        full.close()


@pytest.mark.long
@pytest.mark.soak
@pytest.mark.skipif(not FULL.exists(), reason="this machine has no /dev/full")
def test_a_site_whose_log_has_no_room_goes_on_and_replaces_what_died(tmp_path):
    with ExitStack() as stack:
        site, _ = stack.enter_context(faults.site(tmp_path / "data", enough(0)))
        full = stack.enter_context(FULL.open("wb"))
        stack.enter_context(faults.running(site, stdout=full, stderr=full))
        before = site.parts()
        Killer(site).kill("web", "worker")
        wait_for(lambda: site.parts().keys() == before.keys() and site.ask("/readyz").startswith(OK), "going on")
        assert site.ask("/nowhere/").startswith(b"HTTP/1.1 404")
        assert site.parts()["main"] == before["main"]


@pytest.mark.long
@pytest.mark.soak
def test_people_work_on_while_their_site_has_no_room_again_and_again(tmp_path):
    rounds = faults.count(middle=2, full=40)
    with ExitStack() as stack:
        disk = stack.enter_context(small_disk(megabytes=48))
        cluster = None
        if os.environ.get("CAIRN_DB"):
            other = stack.enter_context(small_disk(megabytes=256))
            os.chmod(other, 0o777)
            cluster = stack.enter_context(postgres.cluster(postgres.SERVER + "-c max_wal_size=64MB -c min_wal_size=32MB ", parent=other))
        site, people = stack.enter_context(faults.site(disk / "data", enough(rounds), cluster.address if cluster else ""))
        stack.enter_context(faults.running(site))

        def fill():
            with filled(random.choice([disk, cluster.folder.parent]) if cluster else disk):
                time.sleep(random.uniform(1, 3))
            if cluster and not cluster.is_running():
                cluster.start()  # as whatever looks after services does

        ledger, figures = survive(site, people, [fill] * rounds, notes=tmp_path / "acknowledged")
        assert ledger.statuses[507] > 0
    faults.told("disk full", **figures, **{f"said {status}": count for status, count in ledger.statuses.items()})
