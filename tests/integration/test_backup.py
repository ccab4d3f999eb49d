"""Everything of a site in one file while it runs, and back from it into an empty folder; nothing that was changed on the way is taken."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile

import pytest

from cairn.interfaces.cli import archive
from cairn.kernel.errors import Refused
from tests import faults, migrated
from tests.driver import Crew, Ledger, judge
from tests.faults import Site, enough


def cairn(*typed, **known):
    command = [sys.executable, "-m", "cairn", *map(str, typed)]
    given = {**os.environ, "CAIRN_DB": "", **known}
    return subprocess.run(command, env=given, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A site with an earned credential, and a backup of it: its folder, its database, the archive."""
    folder = tmp_path_factory.mktemp("kept")
    database = migrated.prepare(folder / "data", os.environ.get("CAIRN_DB", ""))
    site = Site(folder / "data", database)
    site.beside(module="tests.contract.earn")
    done = cairn("backup", folder / "kept.tar", "--data", site.folder, CAIRN_DB=database)
    assert done.returncode == 0, done.stderr
    return site, folder / "kept.tar", done.stdout


def where(site, tmp_path):
    """Somewhere to restore to: an empty folder, and an empty database where the site has one."""
    return tmp_path / "restored", migrated.new_database(os.environ.get("CAIRN_DB", ""))


def restore(path, folder, database="", *more):
    return cairn("restore", path, folder, *(["--db", database] if database else []), *more)


def rows(site):
    """Every row of what must be there once, in no order."""
    told = json.loads(site.beside("tell"))
    assert told["unsound"] == []
    return {kind: sorted(map(str, found)) for kind, found in told["rows"].items()}


def files(path):
    with tarfile.open(path) as tar:
        return {member.name: member for member in tar}


def test_what_was_kept_is_restored_into_an_empty_folder_and_is_sound(kept, tmp_path):
    site, path, said = kept
    assert "keep it like a key" in said
    folder, database = where(site, tmp_path)
    done = restore(path, folder, database)
    assert done.returncode == 0, done.stderr
    checked = cairn("check", "--json", "--data", folder, CAIRN_DB=database)
    assert checked.returncode == 0, checked.stdout
    assert {check["name"]: check["checked"] for check in json.loads(checked.stdout)["checks"]}["credentials"] == 1
    assert rows(Site(folder, database)) == rows(site)
    for name in ("site.json", "secret.key"):
        assert (folder / name).read_bytes() == (site.folder / name).read_bytes()
        assert (folder / name).stat().st_mode & 0o777 == 0o600
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in folder.iterdir() if each.name.startswith(".")] == []


def test_only_evidence_that_the_copied_database_knows_is_taken_along(kept, tmp_path):
    """A file whose row is written while the backup runs would belong to nothing once it is restored, and nobody would erase it."""
    site, path, _ = kept
    stray = site.folder / "media" / "zz" / "zz00000000000000000z"
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"not known yet")
    try:
        assert cairn("backup", tmp_path / "now.tar", "--data", site.folder, CAIRN_DB=site.database).returncode == 0
    finally:
        stray.unlink()
    assert (
        {name for name in files(tmp_path / "now.tar") if "/media/" in name} == {name for name in files(path) if "/media/" in name} != set()
    )


def test_nothing_is_overwritten(kept, tmp_path):
    site, path, _ = kept
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "mine").write_text("mine")
    assert "is not empty" in restore(path, taken).stderr
    assert [each.name for each in taken.iterdir()] == ["mine"]
    before = path.read_bytes()
    assert "is there already" in cairn("backup", path, "--data", site.folder, CAIRN_DB=site.database).stderr
    assert path.read_bytes() == before
    if site.database:
        assert "holds tables" in restore(path, tmp_path / "new", site.database).stderr
        assert list((tmp_path / "new").iterdir()) == []


def test_a_byte_changed_anywhere_is_refused_by_name(kept, tmp_path):
    _, path, _ = kept
    for name, member in files(path).items():
        changed = bytearray(path.read_bytes())
        changed[member.offset_data + member.size // 2] ^= 1
        damaged = tmp_path / "damaged.tar"
        damaged.write_bytes(changed)
        with pytest.raises(Refused) as refused:
            archive.unpack(damaged, tmp_path / name.replace("/", "-"), lambda count: None)
        assert ("manifest" if name.startswith("manifest-") else name) in refused.value.message


def test_a_damaged_or_cut_archive_leaves_the_folder_empty(kept, tmp_path):
    _, path, _ = kept
    whole = path.read_bytes()
    first = next(iter(files(path).values()))
    wrong = {
        "changed": whole[: first.offset_data + 9] + bytes([whole[first.offset_data + 9] ^ 1]) + whole[first.offset_data + 10 :],
        "cut": whole[: len(whole) // 2],
        "other": b"This is a letter.",
    }
    for name, data in wrong.items():
        (tmp_path / name).write_bytes(data)
        done = restore(tmp_path / name, tmp_path / f"{name}-restored", "")
        assert done.returncode == 1
        (said,) = done.stderr.splitlines()
        assert said.startswith("cairn: ")
        assert list((tmp_path / f"{name}-restored").iterdir()) == []


@pytest.mark.parametrize("name", ["../outside", "/outside", "data/../../outside"])
def test_an_archive_writes_nothing_outside_its_folder(tmp_path, name):
    with tarfile.open(tmp_path / "bad.tar", "w") as tar:
        told = tarfile.TarInfo(name)
        told.size = 4
        tar.addfile(told, io.BytesIO(b"evil"))
    with pytest.raises(Refused, match="outside the folder"):
        archive.unpack(tmp_path / "bad.tar", tmp_path / "in" / "here", lambda count: None)
    assert sorted(each.name for each in tmp_path.rglob("*") if each.is_file()) == ["bad.tar"]


def test_a_secret_that_was_left_out_is_asked_for(kept, tmp_path):
    site, _, _ = kept
    path = tmp_path / "open.tar"
    done = cairn("backup", path, "--without-secret", "--data", site.folder, CAIRN_DB=site.database)
    assert str(site.folder / "secret.key") in done.stdout
    assert (site.folder / "secret.key").read_bytes().strip() not in path.read_bytes()
    folder, database = where(site, tmp_path)
    assert "--secret FILE" in restore(path, folder, database).stderr
    assert restore(path, folder, database, "--secret", site.folder / "secret.key").returncode == 0
    assert (folder / "secret.key").read_bytes() == (site.folder / "secret.key").read_bytes()


@pytest.mark.long
@pytest.mark.soak
def test_a_backup_taken_while_people_work_is_sound_and_holds_what_was_acknowledged_before_it(tmp_path):
    for number in range(faults.count(middle=1, full=10)):
        folder = tmp_path / str(number)
        folder.mkdir()
        with faults.site(folder / "data", enough(8)) as (site, people), faults.running(site):
            ledger = Ledger(folder / "acknowledged")
            with Crew(site.port, people, ledger) as crew:
                faults.wait_for(lambda crew=crew: len(crew.ledger.lines) >= 20 or crew.troubles, "working")
                before = list(ledger.lines)
                done = cairn("backup", folder / "kept.tar", "--data", site.folder, CAIRN_DB=site.database)
                assert done.returncode == 0, done.stderr
            assert not crew.troubles, crew.troubles
        back, database = where(site, folder)
        assert restore(folder / "kept.tar", back, database).returncode == 0
        ledger.lines[:] = [line for line in before if line["kind"] in ("group", "enrollment", "file", "citation")]
        assert judge(ledger, json.loads(Site(back, database).beside("tell"))).is_clean
