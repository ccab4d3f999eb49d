"""Lists of what was run before, by file: read line by line first, taken in once confirmed, corrected by the same list again."""

from __future__ import annotations

import pytest

from cairn.apps.imports.models import Import
from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import ProgramRecord
from cairn.apps.programs.queries import RECORDS
from cairn.frame import tables
from cairn.kernel.errors import Forbidden, Invalid
from tests.imports_world import report, table, take, why
from tests.integration.test_public_pages import client_of, text_of

pytestmark = pytest.mark.django_db
HEAD = ("Code", "Route", "Initiated on", "Finished on", "Earned", "Submitted", "Passed first")
FIRST = ("K1", "Packaged", "8/17/2018", "", "1", "2", "1")
SECOND = ("K2", "", "", "", "", "", "")


@pytest.fixture
def coordinator(world):
    return world.person("Cora Stone", coordinator=world.issuer)


def read(world, actor, *rows, source="Provider"):
    file = table(HEAD, *rows)
    chosen = tables.read(file, RECORDS.columns, name=file.name, formulas="text")
    return programs.read_records(actor=actor, program_id=world.program.pk, source=source, chosen=chosen)


def test_a_list_is_read_line_by_line_and_nothing_counts_yet(world, coordinator):
    source = read(
        world, coordinator, FIRST, SECOND, ("K1",), ("K3", "", "", "", "many"), ("K4", "", "", "", "", "1", "2"), ("", "packaged")
    )
    assert report(coordinator, source) == [(2, "new"), (3, "new"), (4, "refused"), (5, "refused"), (6, "refused"), (7, "refused")]
    assert "line 2" in why(coordinator, source, 4)
    assert "no count" in why(coordinator, source, 5)
    assert "More passed" in why(coordinator, source, 6)
    assert not ProgramRecord.objects.exists()


def test_a_confirmed_list_counts_and_again_changes_nothing(world, coordinator):
    done = take(coordinator, read(world, coordinator, FIRST, SECOND))
    assert (done.state, done.taken) == ("done", 2)
    first = ProgramRecord.objects.get(code="K1")
    assert (first.source, first.route, first.initiated_on.isoformat(), first.earned) == ("Provider", "packaged", "2018-08-17", 1)
    again = read(world, coordinator, FIRST, SECOND)
    assert (again.writes, again.unchanged) == (0, 2)


def test_the_same_list_corrects_and_another_list_stands_beside_it(world, coordinator):
    take(coordinator, read(world, coordinator, FIRST))
    corrected = read(world, coordinator, (*FIRST[:4], "2", *FIRST[5:]))
    assert "earned" in why(coordinator, corrected, 2)
    take(coordinator, corrected)
    take(coordinator, read(world, coordinator, FIRST, source="District"))
    assert sorted(ProgramRecord.objects.values_list("source", "code", "earned")) == [("District", "K1", 1), ("Provider", "K1", 2)]


def test_only_those_who_run_the_program_read_a_named_list_in(world, coordinator):
    with pytest.raises(Forbidden):
        read(world, world.person("Sam Stranger"), FIRST)
    with pytest.raises(Invalid, match="needs a name"):
        read(world, coordinator, FIRST, source=" ")
    key = coordinator.with_key("a click")
    assert read(world, key, FIRST).pk == read(world, key, FIRST).pk


def test_the_page_leads_from_the_file_to_its_report(world, coordinator):
    desk, page = client_of(coordinator), f"/programs/{world.program.slug}/numbers/lists/"
    assert desk.post(page, {"source": "Provider"}).status_code == 422
    assert desk.post(page, {"source": "Provider", "file": table(("Name",), ("Dana",))}).status_code == 422
    answer = desk.post(page, {"source": "Provider", "file": table(HEAD, FIRST)})
    source = Import.objects.get(kind="records")
    assert answer["Location"] == f"/imports/{source.pk}/"
    desk.post(answer["Location"], {"sha256": source.sha256})
    take(coordinator, source)
    assert "Provider" in text_of(desk.get(f"/programs/{world.program.slug}/numbers/exact/"))


@pytest.mark.parametrize("day", ["2999-01-01", "9999-12-31", "0001-01-01"])
def test_what_was_run_before_lies_in_the_past(world, coordinator, day):
    source = read(world, coordinator, ("K1", "", day), ("K2", "", "", day))
    assert {outcome for _, outcome in report(coordinator, source)} == {"refused"}
    assert "and today" in why(coordinator, source, 2)
