"""`cairn ...` as whoever runs a site types it: what it prints, what it refuses, and with which exit code."""

from __future__ import annotations

import json
import os

import pytest
from django.db import connection, transaction
from django.db.utils import ConnectionHandler

from cairn.apps.catalog.models import MicrocredentialVersion
from cairn.apps.credentials.models import Credential
from cairn.apps.people.models import RoleGrant
from cairn.interfaces.cli import durability
from cairn.interfaces.cli.main import COMMANDS, main
from cairn.kernel.errors import Refused
from tests.officers_world import determined
from tests.packs_world import pack_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def pack(tmp_path):
    folder = tmp_path / "pack"
    folder.mkdir()
    for name, text in pack_files("river-bend").items():
        (folder / name.replace("/", "-")).write_text(text)
    return folder


def test_a_pack_is_new_once_and_unchanged_after(pack, capsys):
    assert main(["import-pack", str(pack)]) == 0
    assert "2 new, 0 unchanged" in capsys.readouterr().out
    assert main(["import-pack", str(pack)]) == 0
    assert "0 new, 1 unchanged" in capsys.readouterr().out


def test_a_broken_pack_names_every_problem_with_file_and_line_and_changes_nothing(pack, capsys):
    broken = pack / "broken.yaml"
    broken.write_text("kind: micro-credential\nslug: Not A Slug\nsurprise: 1\n")
    assert main(["import-pack", str(pack)]) == 1
    told = capsys.readouterr().err
    assert f"{broken}:2: " in told
    assert f"{broken}:3: " in told
    assert "Nothing was imported" in told
    assert not MicrocredentialVersion.objects.exists()


def test_what_is_no_pack_is_refused_in_a_sentence(tmp_path, capsys):
    (tmp_path / "latin.yaml").write_bytes(b"title: caf\xe9")
    (tmp_path / "empty").mkdir()
    refused = {"nowhere": "There is no file or folder", "latin.yaml": "line 1, is not text in UTF-8", "empty": "There are no YAML files"}
    for path, words in refused.items():
        assert main(["import-pack", str(tmp_path / path)]) == 1
        assert words in capsys.readouterr().err


def test_roles_are_given_by_address(world, capsys):
    dana = world.person("Dana")
    email = _email(dana)
    assert main(["found-organization", "oak-hill", "Oak Hill", "--kind", "school"]) == 0
    assert main(["grant", email, "coordinator", "oak-hill"]) == 0
    assert "Dana is now coordinator at Oak Hill." in capsys.readouterr().out
    assert RoleGrant.objects.current().filter(person_id=dana.person_id, role="coordinator").count() == 1


def test_the_first_operator_is_made_here_and_twice_is_once(world):
    dana = world.person("Dana")
    assert [main(["operator", _email(dana)]) for _ in range(2)] == [0, 0]
    assert RoleGrant.objects.current().filter(person_id=dana.person_id, role="operator").count() == 1


def _email(actor):
    from cairn.apps.people.queries import me

    return me(actor).email


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (["operator", "nobody@example.org"], "Nobody here has the address nobody@example.org."),
        (["grant", "nobody@example.org", "assessor", "nowhere"], "There is no such organization."),
        (["found-organization", "oak-hill", "Oak Hill", "--kind", "castle"], "is not a kind of organization"),
        (["found-organization", "Oak Hill", "Oak Hill"], "Write it like springfield-schools."),
        (["found-organization", "o" * 81, "Oak Hill"], "A name in addresses has up to 80 lower-case letters"),
        (["found-organization", "", "Oak Hill"], "A name in addresses has"),
        (["found-organization", "oak-hill", " "], "A name has 1 to 160 characters; this one has 0."),
        (["found-organization", "oak-hill", "n" * 5000], "this one has 5,000."),
        (["found-organization", "oak-hill", "Oak\a Hill"], "This name holds signs that cannot be seen."),
        (["operator", "a\udcffb"], "What was typed is not text in UTF-8."),
        (["import-pack", "a\udcffb"], "What was typed is not text in UTF-8."),
        (["verify", "nothing.json"], "There is no file nothing.json."),
        (["verify", "/dev/null"], "There is no file /dev/null."),
        (["serve", "--host", "nowhere.invalid"], "“nowhere.invalid” is not an address of this machine"),
        (["serve", "--host", "192.0.2.1"], "Take 127.0.0.1 for this machine alone"),
        (["verify", "https://elsewhere.example/badge.json"], "is not an address of this site"),
        (["verify", "http://localhost:8000/résumé"], "http://localhost:8000/résumé is not an address."),
        (["verify", "http://localhost:8000/a b"], "http://localhost:8000/a b is not an address."),
    ],
)
def test_a_no_is_one_sentence_with_its_remedy(typed, words, capsys):
    assert main(typed) == 1
    told = capsys.readouterr()
    assert told.err.startswith("cairn: ")
    assert words in told.err
    assert told.out == ""


@pytest.mark.parametrize("typed", [["--processes", "0"], ["--processes", "2000000"], ["--threads", "-1"], ["--threads", "٣"]])
def test_numbers_that_cannot_work_are_refused_before_anything_starts(typed, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["serve", *typed])
    assert stopped.value.code == 2
    assert "is not a number from 1 to 256" in capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_explains_itself(name, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([name, "--help"])
    assert stopped.value.code == 0
    assert "--data" in capsys.readouterr().out


# --- The records as a whole ----------------------------------------------------------------------------------------


def _checked(capsys):
    code = main(["check", "--json"])
    told = json.loads(capsys.readouterr().out)
    return code, {check["name"]: check for check in told["checks"]}


def test_records_made_by_commands_are_sound(world, capsys):
    world.earned()
    determined(world)
    code, checks = _checked(capsys)
    assert code == 0
    assert {name for name, check in checks.items() if check["failures"]} == set()
    assert all(check["checked"] for check in checks.values())


# What somebody with the database in their hands may do, and the check that tells.
TAMPERING = [
    ("leaves", "ledger_fact", "UPDATE ledger_fact SET actor = 'person:somebody-else'"),
    ("leaves", "ledger_fact", "UPDATE ledger_fact SET body = 'no fact' WHERE kind = 'assessment.decided'"),
    ("leaves", "ledger_fact", "UPDATE ledger_fact SET body = '[]' WHERE kind = 'assessment.decided'"),
    ("facts", "ledger_fact", "UPDATE ledger_fact SET kind = 'portfolio.invented' WHERE kind = 'portfolio.submitted'"),
    ("facts", "ledger_fact", "UPDATE ledger_fact SET cause = '00000000000000000000' WHERE kind = 'credentials.intended'"),
    ("told", "ledger_fact", "UPDATE ledger_fact SET subject_id = '00000000000000000000' WHERE kind = 'credentials.issued'"),
    ("manifests", "portfolio_writing", "UPDATE portfolio_writing SET text = 'better words'"),
    ("manifests", "portfolio_submission", "UPDATE portfolio_submission SET content_hash = 'ff' WHERE state <> 'draft'"),
    ("decisions", "assessment_decision", "UPDATE assessment_decision SET sheets = '[]'"),
    ("credentials", "assessment_decision", "UPDATE assessment_decision SET outcome = 'not_yet'"),
    ("awards", "credentials_credential", "DELETE FROM credentials_credential"),
    ("told", "assessment_score", "UPDATE assessment_score SET level = 'advanced'"),
    ("told", "assessment_score", "UPDATE assessment_score SET rationale = 'Because.'"),
    ("told", "assessment_score", "DELETE FROM assessment_score"),
    ("told", "assessment_scoresheet", "UPDATE assessment_scoresheet SET assessor_id = (SELECT person_id FROM portfolio_submission) "
     "WHERE id = (SELECT MIN(id) FROM assessment_scoresheet)"),
    ("told", "assessment_decision", "UPDATE assessment_decision SET levels = '{}'"),
    ("told", "credentials_credential", "UPDATE credentials_credential SET signed = 'x'"),
    ("told", "credentials_credential", "UPDATE credentials_credential SET status_index = status_index + 1"),
    ("told", "catalog_microcredentialversion", "UPDATE catalog_microcredentialversion SET content = '{}'"),
    ("told", "catalog_microcredentialversion", "UPDATE catalog_microcredentialversion SET content_hash = 'ff'"),
    ("told", "people_rolegrant", "UPDATE people_rolegrant SET role = 'lead assessor'"),
    ("told", "ledger_fact", "UPDATE ledger_fact SET kind = 'portfolio.file_opened' WHERE kind = 'portfolio.artifact_added'"),
    ("states", "credentials_credential", "UPDATE credentials_credential SET state = 'revoked'"),
    ("states", "portfolio_submission", "UPDATE portfolio_submission SET state = 'not_yet'"),
    ("states", "assessment_scoresheet", "UPDATE assessment_scoresheet SET state = 'stepped_aside'"),
    ("states", "programs_enrollment", "UPDATE programs_enrollment SET state = 'active'"),
    ("told", "portfolio_submission", "UPDATE portfolio_submission SET submitted_at = '2026-01-01 00:00:00+00:00'"),
    ("told", "assessment_decision", "UPDATE assessment_decision SET decided_at = '2026-01-01 00:00:00+00:00'"),
    ("told", "assessment_scoresheet", "UPDATE assessment_scoresheet SET locked_at = '2026-01-01 00:00:00+00:00'"),
    ("status lists", "credentials_statuslist", "UPDATE credentials_statuslist SET signed = ''"),
    ("status lists", "credentials_statuslist", "UPDATE credentials_statuslist SET signed = '{}'"),
    ("status lists", "credentials_statuslist", "UPDATE credentials_statuslist SET signed = REPLACE(signed, 'H4sI', 'H4sJ')"),
    ("status lists", "credentials_statuslist", "UPDATE credentials_statuslist SET signed = (SELECT signed FROM credentials_credential)"),
    ("determinations", "licensure_snapshot", "UPDATE licensure_snapshot SET result = '{}'"),
    ("determinations", "licensure_snapshot", "UPDATE licensure_snapshot SET \"on\" = '2025-01-01'"),
    ("told", "licensure_determination", "UPDATE licensure_determination SET outcome = 'met'"),
    ("deliveries", "ledger_delivery", "DELETE FROM ledger_delivery WHERE consequence = 'tell' AND fact_id = "
     "(SELECT MAX(id) FROM ledger_fact WHERE kind = 'assessment.assigned')"),
]  # fmt: skip


def test_tampering_behind_the_guards_is_found(world, capsys):
    world.earned()
    determined(world)
    missed = []
    for check, table, statement in TAMPERING:
        with transaction.atomic(), connection.cursor() as cursor:
            _take_off_guards(cursor, table)
            cursor.execute(statement)
            assert cursor.rowcount > 0
            code, checks = _checked(capsys)
            if code != 1 or not checks[check]["failures"]:
                missed.append((check, statement))
            transaction.set_rollback(True)
    assert missed == []


def _take_off_guards(cursor, table):
    if connection.vendor == "postgresql":
        cursor.execute("SET LOCAL session_replication_role = replica")
        return
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
    for (name,) in cursor.fetchall():
        cursor.execute(f"DROP TRIGGER {name}")


def test_a_file_that_was_exchanged_is_found(world, capsys):
    from cairn.apps.portfolio.models import Artifact
    from cairn.apps.portfolio.outward import path_of

    world.earned()
    stored = path_of(Artifact.objects.first().pk)
    for spoil in (lambda: stored.write_bytes(b"something else"), stored.unlink, stored.mkdir):
        spoil()
        code, checks = _checked(capsys)
        assert code == 1
        assert len(checks["files"]["failures"]) == 1


# --- One credential ------------------------------------------------------------------------------------------------


def test_a_credential_is_verified_from_its_file(world, tmp_path, capsys):
    world.earned()
    file = tmp_path / "badge.json"
    file.write_text(Credential.objects.get().signed)
    assert main(["verify", str(file)]) == 0
    assert "This credential is valid." in capsys.readouterr().out


def test_a_changed_credential_is_told_from_the_signed_one(world, tmp_path, capsys):
    world.earned()
    told = json.loads(Credential.objects.get().signed)
    told["name"] = "Something grander"
    file = tmp_path / "badge.json"
    file.write_text(json.dumps(told))
    assert main(["verify", str(file)]) == 1
    out = capsys.readouterr().out
    assert "failed" in out
    assert "This credential is invalid." in out


# --- Durability ----------------------------------------------------------------------------------------------------


def _database(tmp_path, *, is_safe):
    """The site's own database settings, or the same with one that trades durability for speed."""
    known = {**connection.settings_dict, "OPTIONS": dict(connection.settings_dict["OPTIONS"])}
    if connection.vendor == "sqlite":
        mode = "FULL" if is_safe else "NORMAL"
        known["NAME"] = tmp_path / "trial.sqlite3"
        known["OPTIONS"]["init_command"] = f"PRAGMA journal_mode=WAL; PRAGMA synchronous={mode}; PRAGMA foreign_keys=ON"
    else:
        known["OPTIONS"]["options"] = f"-c synchronous_commit={'on' if is_safe else 'off'}"
    return ConnectionHandler({"default": known})["default"]


def test_a_database_that_keeps_what_it_confirms_is_accepted(tmp_path):
    database = _database(tmp_path, is_safe=True)
    durability.require(database)
    database.close()


def test_a_database_that_may_lose_what_it_confirms_is_refused(tmp_path):
    database = _database(tmp_path, is_safe=False)
    with pytest.raises(Refused) as refused:
        durability.require(database)
    assert refused.value.code == "database-unsafe"
    assert "synchronous" in refused.value.message
    database.close()


def test_a_database_that_is_damaged_or_empty_is_said_in_a_sentence(tmp_path):
    import subprocess
    import sys

    known = {**os.environ, "CAIRN_DATA": str(tmp_path), "CAIRN_DB": ""}
    for content in (b"", b"no database" * 1000):
        (tmp_path / "cairn.sqlite3").write_bytes(content)
        done = subprocess.run([sys.executable, "-m", "cairn", "check"], env=known, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert done.stderr.startswith("cairn: The database does not answer (")
        assert len(done.stderr.splitlines()) == 1


def test_settings_that_cannot_work_stop_the_start_with_one_sentence(tmp_path):
    import subprocess
    import sys

    for name, value in (("PORT", "80a"), ("CAIRN_DB", "mysql://somewhere/cairn"), ("CAIRN_DEMO", "yes"), ("CAIRN_MAIL", "pigeon://loft")):
        known = {**os.environ, "CAIRN_DATA": str(tmp_path), name: value}
        done = subprocess.run([sys.executable, "-m", "cairn", "migrate"], env=known, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert done.stderr.startswith("Cairn cannot start: ")
        assert len(done.stderr.splitlines()) == 1
