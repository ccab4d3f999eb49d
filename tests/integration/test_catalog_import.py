"""Importing packs: once, whole, and never backward."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from cairn.apps.catalog import commands, queries
from cairn.apps.catalog.models import Alias, Facet, Microcredential, MicrocredentialVersion, Stack
from cairn.apps.ledger.models import Fact
from cairn.apps.people.models import Organization
from cairn.apps.programs.models import Program
from cairn.frame.actor import VISITOR
from cairn.kernel.errors import Conflict, Forbidden, NotFound
from cairn.pure.packs import PackInvalid
from cairn.site.worker import drain
from tests.packs_world import name_of, pack_files
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db
SLUG = name_of("river-bend", 0)


def bring(**options):
    return commands.import_pack(actor=SYSTEM, files=pack_files(**options))


def missouri():
    root = Path(settings.PACKS_DIR) / "missouri-leadership"
    return {path.name: path.read_text() for path in [*root.glob("*.yaml"), *Path(settings.FRAMEWORKS_DIR).glob("*.yaml")]}


def test_a_pack_brings_its_stack_its_micro_credential_and_a_program_of_its_issuer():
    done = bring()
    drain()
    assert done.new == ["stack river-bend-stack-1", f"{SLUG} 1.0"]
    row = Microcredential.objects.get(slug=SLUG)
    assert (row.state, row.stack.title, row.issuer.name) == ("published", "Stack 1 of river-bend", "River Bend Institute")
    assert Program.objects.get(slug="river-bend-program").organization == row.issuer


def test_the_same_pack_again_changes_nothing_and_says_so():
    bring()
    facts = Fact.objects.count()
    again = bring()
    assert (again.new, again.unchanged) == ([], [f"{SLUG} 1.0"])
    assert Fact.objects.count() == facts
    assert MicrocredentialVersion.objects.count() == 1


def test_the_shipped_pack_is_imported_whole():
    done = commands.import_pack(actor=SYSTEM, files=missouri())
    assert sum(line.endswith(" 1.0") for line in done.new) == 4
    assert Stack.objects.count() == 5
    assert Microcredential.objects.filter(state="planned").count() + sum(Stack.objects.values_list("unnamed", flat=True)) == 11


def test_a_new_version_supersedes_the_one_before():
    bring()
    done = bring(number="1.1", change={"summary": "Show that you can do this one thing well."})
    assert done.new == [f"{SLUG} 1.1"]
    states = dict(MicrocredentialVersion.objects.values_list("number", "state"))
    assert states == {"1.0": "superseded", "1.1": "published"}
    assert queries.version_in_force(VISITOR, Microcredential.objects.get(slug=SLUG).pk).number == "1.1"


def test_a_published_number_cannot_get_other_words():
    bring()
    with pytest.raises(Conflict, match=rf"{SLUG}.yaml, line \d+: Version 1.0 .* has other words") as refusal:
        bring(change={"summary": "Something else."})
    assert refusal.value.remedy == "Give the changed text a new version number."
    assert Microcredential.objects.get(slug=SLUG).words.count("something else") == 0


def test_an_older_number_cannot_come_after_a_newer_one():
    bring(number="1.10")
    with pytest.raises(Conflict, match=r"Version 1\.10 .* is in force"):
        bring(number="1.9")


def test_an_old_pack_that_comes_again_does_not_bring_old_words_back():
    bring()
    bring(number="2.0", change={"title": "A better name"})
    again = bring()
    assert again.new == []
    row = Microcredential.objects.get(slug=SLUG)
    assert (row.title, "a better name" in row.words) == ("A better name", True)


@pytest.mark.parametrize("change", [{"content": {}}, {"number": "9.9"}, {"content_hash": "0" * 64}])
def test_the_database_itself_refuses_to_change_a_published_version(change):
    bring()
    with pytest.raises(DatabaseError), transaction.atomic():
        MicrocredentialVersion.objects.update(**change)


def test_the_hash_is_that_of_the_stored_content():
    bring()
    version = MicrocredentialVersion.objects.get()
    from cairn.pure import packs

    assert version.content_hash == packs.content_hash(queries.content(VISITOR, version.pk))


def test_a_broken_pack_names_every_problem_with_file_line_and_remedy_and_enters_nothing():
    files = pack_files()
    files[f"{SLUG}.yaml"] = files[f"{SLUG}.yaml"].replace("mark: book", "mark: boook").replace("level: 1", "level: 9")
    with pytest.raises(PackInvalid) as refusal:
        commands.import_pack(actor=SYSTEM, files=files)
    problems = refusal.value.problems
    assert {problem.file for problem in problems} == {f"{SLUG}.yaml"}
    assert all(problem.line and problem.remedy for problem in problems)
    assert len(problems) == 2
    assert not Organization.objects.exists()


def test_a_pack_fails_as_a_whole():
    bring(slug="first")
    with pytest.raises(Conflict, match="leads elsewhere already"):
        bring(slug="second", micro_credentials=2, aliases={name_of("second", 1): [name_of("first", 0)]})
    assert not Stack.objects.filter(pack="second").exists()


def test_an_alias_leads_to_one_micro_credential_alone():
    bring(slug="first", aliases={name_of("first", 0): ["old-name"]})
    bring(slug="first", aliases={name_of("first", 0): ["old-name", "older-name"]})
    assert set(Alias.objects.values_list("slug", flat=True)) == {"old-name", "older-name"}
    with pytest.raises(Conflict, match="leads elsewhere already"):
        bring(slug="second", aliases={name_of("second", 0): ["old-name"]})


def test_a_name_that_is_an_alias_already_is_refused():
    bring(slug="first", aliases={name_of("first", 0): [name_of("second", 0)]})
    with pytest.raises(Conflict, match="is another name of a micro-credential"):
        bring(slug="second")


def test_two_packs_cannot_share_a_stack():
    bring()
    renamed = {name: text.replace("slug: river-bend\n", "slug: other\n") for name, text in pack_files().items()}
    with pytest.raises(Conflict, match="belongs to the pack"):
        commands.import_pack(actor=SYSTEM, files=renamed)


def test_a_planned_one_is_found_by_name_and_read_once_it_is_written():
    commands.import_pack(actor=SYSTEM, files=missouri())
    found = queries.search(VISITOR, queries.Search(words="personnel managerial"), {})
    assert [line.title for line in found.lines] == ["Personnel"]
    assert found.planned == 1
    assert queries.microcredential(VISITOR, "personnel").content is None
    assert Facet.objects.filter(microcredential__slug="personnel", value="school-leaders").exists()


def test_strangers_import_nothing(world):
    with pytest.raises(Forbidden, match="Only an operator"):
        commands.import_pack(actor=world.person("Stranger Stone"), files=pack_files())


def test_an_operator_may_import(world):
    operator = world.person("Olga Stone", operator=world.organization())
    assert commands.import_pack(actor=operator, files=pack_files()).new


def test_a_version_that_is_not_there_is_not_found():
    bring()
    with pytest.raises(NotFound):
        queries.microcredential(VISITOR, SLUG, "7.0")
