"""Files of rows: judged row by row, confirmed by hash, taken in batch by batch; the same file again changes nothing."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from cairn.apps.imports import commands as imports
from cairn.apps.imports.models import Import, ImportRow
from cairn.apps.people.models import Person
from cairn.apps.programs import commands as programs
from cairn.apps.programs.commands import rosters
from cairn.apps.programs.models import Interest, Offering, Registration
from cairn.apps.programs.queries.imports import FILE_KINDS
from cairn.frame import tables
from cairn.interfaces.cli.main import main
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from cairn.site.worker import drain, work_once
from tests.imports_world import chosen, read_roster, report, take, why
from tests.tables_world import with_part_replaced, workbook

HEAD = ("Name", "E-mail", "Organization", "State", "Asked on", "Previous e-mail")
KIM = ("Kim Lee", "kim@example.org", "", "", "", "")
ANA = ("Ana Ruiz", "ana@example.org", "", "", "", "")


@pytest.fixture
def coordinator(world):
    return world.person("Cora Stone", coordinator=world.issuer)


@pytest.fixture
def pilot(world, coordinator):
    offering = world.offer(kind="pilot", days=120, last_day=clock.now().date() + timedelta(days=200))
    return programs.change_seats(actor=coordinator, offering_id=offering.pk, seats_min=1, seats_max=10)


def people_in(offering):
    return sorted(Registration.objects.filter(offering=offering).values_list("person__email", "state"))


def test_a_dry_run_says_what_each_row_would_change_and_changes_nothing(coordinator, pilot):
    before = Person.objects.count()
    source = read_roster(coordinator, pilot, HEAD, KIM, ANA, ("", "bo@example.org"), ("Cy", "no address"))
    assert report(coordinator, source) == [(2, "new"), (3, "new"), (4, "refused"), (5, "refused")]
    assert "“Name” is empty" in why(coordinator, source, 4)
    assert "kim@example.org" in why(coordinator, source, 5)  # the remedy shows how an address looks
    assert (Person.objects.count(), Registration.objects.count()) == (before, 0)


def test_a_confirmed_roster_enters_people_and_seats_and_the_file_is_erased(coordinator, pilot):
    source = take(coordinator, read_roster(coordinator, pilot, HEAD, KIM, ANA))
    assert people_in(pilot) == [("ana@example.org", "seated"), ("kim@example.org", "seated")]
    assert (source.state, source.taken) == ("done", 2)
    assert not ImportRow.objects.filter(source=source).exists()
    assert Offering.objects.get(pk=pilot.pk).seats_taken == 2


def test_the_same_roster_again_changes_nothing(coordinator, pilot):
    take(coordinator, read_roster(coordinator, pilot, HEAD, KIM, ANA))
    again = read_roster(coordinator, pilot, HEAD, KIM, ANA)
    assert {outcome for _, outcome in report(coordinator, again)} == {"unchanged"}
    with pytest.raises(Conflict, match="Nothing in this file"):
        imports.confirm(actor=coordinator, import_id=again.pk, sha256=again.sha256)


def test_somebody_with_an_account_is_known_by_their_address(world, coordinator, pilot):
    dana = world.person("Dana Whitfield")
    address = Person.objects.get(pk=dana.person_id).email
    take(coordinator, read_roster(coordinator, pilot, HEAD, ("D. Whitfield", address.upper())))
    assert Registration.objects.get(offering=pilot).person_id == dana.person_id
    assert Person.objects.get(pk=dana.person_id).name == "Dana Whitfield"


def test_duplicate_people_are_entered_once(coordinator, pilot):
    source = read_roster(coordinator, pilot, HEAD, KIM, KIM, ("Kim Lee-Brown", "KIM@example.org"))
    assert report(coordinator, source) == [(2, "new"), (3, "unchanged"), (4, "refused")]
    assert "Line 2" in why(coordinator, source, 4)


def test_a_changed_address_is_asked_about_and_then_followed(coordinator, pilot):
    take(coordinator, read_roster(coordinator, pilot, HEAD, KIM))
    person = Person.objects.get(email="kim@example.org")
    moved = ("Kim Lee", "kim.lee@example.org")
    asked = read_roster(coordinator, pilot, HEAD, moved)
    assert report(coordinator, asked) == [(2, "refused")]
    assert "kim@example.org" in why(coordinator, asked, 2)
    take(coordinator, read_roster(coordinator, pilot, HEAD, (*moved, "", "", "", "kim@example.org")))
    assert Person.objects.get(pk=person.pk).email == "kim.lee@example.org"
    assert people_in(pilot) == [("kim.lee@example.org", "seated")]


def test_two_people_of_one_name_stay_two_where_the_list_says_so(coordinator, pilot):
    take(coordinator, read_roster(coordinator, pilot, HEAD, KIM))
    take(coordinator, read_roster(coordinator, pilot, HEAD, ("Kim Lee", "other.kim@example.org", "", "", "", "-")))
    assert people_in(pilot) == [("kim@example.org", "seated"), ("other.kim@example.org", "seated")]


def test_the_address_of_an_account_is_not_changed_by_a_list(world, coordinator, pilot):
    dana = world.person("Dana Whitfield")
    address = Person.objects.get(pk=dana.person_id).email
    source = read_roster(coordinator, pilot, HEAD, ("Dana Whitfield", "new@example.org", "", "", "", address))
    assert report(coordinator, source) == [(2, "refused")]
    assert "opens an account" in why(coordinator, source, 2)


def test_states_are_read_in_the_words_of_offices(coordinator, pilot):
    states = ("Participant", "Wait list", "Pending", "Interested", "withdrawn")
    rows = [(f"N{n}", f"n{n}@example.org", "", state) for n, state in enumerate(states)]
    source = read_roster(coordinator, pilot, HEAD, *rows, ("Bo", "bo@example.org", "", "perhaps"))
    assert [outcome for _, outcome in report(coordinator, source)] == ["new", "new", "new", "new", "unchanged", "refused"]
    take(coordinator, source, leaves_out=True)
    assert people_in(pilot) == [("n0@example.org", "seated"), ("n1@example.org", "offered"), ("n2@example.org", "applied")]
    assert Interest.objects.get().person.email == "n3@example.org"


def test_the_line_is_in_the_order_in_which_people_asked(coordinator, pilot):
    programs.change_seats(actor=coordinator, offering_id=pilot.pk, seats_min=1, seats_max=1)
    rows = [("Late", "late@example.org", "", "waiting", "3/21/2020 9:00 AM"), ("Early", "early@example.org", "", "waiting", "2020-03-20")]
    take(coordinator, read_roster(coordinator, pilot, HEAD, KIM, *rows))
    assert [place.person.email for place in Registration.objects.in_line()] == ["early@example.org", "late@example.org"]


def test_no_seat_stays_free_while_a_list_lets_somebody_wait_and_the_same_list_again_changes_nothing(coordinator, pilot):
    programs.change_seats(actor=coordinator, offering_id=pilot.pk, seats_min=1, seats_max=2)
    rows = [(*ANA[:3], "waiting", "2020-03-21"), ("Bo Oak", "bo@example.org", "", "waiting", "2020-03-20"), KIM]
    take(coordinator, read_roster(coordinator, pilot, HEAD, *rows))
    assert people_in(pilot) == [("ana@example.org", "waiting"), ("bo@example.org", "offered"), ("kim@example.org", "seated")]
    again = read_roster(coordinator, pilot, HEAD, *rows)
    assert [outcome for _, outcome in report(coordinator, again)] == ["unchanged"] * 3


def test_a_roster_never_gives_more_seats_than_there_are(coordinator, pilot):
    rows = [(f"N{n}", f"n{n}@example.org") for n in range(12)]
    source = read_roster(coordinator, pilot, HEAD, *rows)
    assert [outcome for _, outcome in report(coordinator, source)] == ["new"] * 10 + ["refused"] * 2
    assert "write waiting" in why(coordinator, source, 13)
    take(coordinator, source, leaves_out=True)
    assert Offering.objects.get(pk=pilot.pk).seats_taken == 10


def test_leaving_by_a_list_frees_the_seat_for_the_first_in_line(coordinator, pilot):
    programs.change_seats(actor=coordinator, offering_id=pilot.pk, seats_min=1, seats_max=1)
    take(coordinator, read_roster(coordinator, pilot, HEAD, KIM, (*ANA[:3], "waiting")))
    take(coordinator, read_roster(coordinator, pilot, HEAD, (*KIM[:3], "left")))
    assert people_in(pilot) == [("ana@example.org", "offered"), ("kim@example.org", "left")]


def test_a_known_organization_is_where_they_work_and_an_unknown_one_is_told(world, coordinator, pilot):
    school = world.organization("Springfield Schools")
    source = read_roster(coordinator, pilot, HEAD, (*KIM[:2], "springfield  SCHOOLS"), (*ANA[:2], "Nowhere High"))
    assert "Works at" in why(coordinator, source, 2)
    assert "“Nowhere High” is no organization" in why(coordinator, source, 3)
    take(coordinator, source)
    assert [place.person.email for place in Registration.objects.filter(person__in=_workers(school))] == ["kim@example.org"]


def _workers(school):
    from cairn.apps.people.models import Affiliation

    return Affiliation.objects.filter(organization=school).values("person")


def test_rows_that_are_refused_are_left_out_only_when_somebody_has_read_that(coordinator, pilot):
    source = read_roster(coordinator, pilot, HEAD, KIM, ("Cy", "no address"))
    with pytest.raises(Invalid, match="left out"):
        imports.confirm(actor=coordinator, import_id=source.pk, sha256=source.sha256)
    done = take(coordinator, source, leaves_out=True)
    assert (done.taken, done.refused) == (1, 1)
    assert [(row.line, row.cells) for row in ImportRow.objects.filter(source=done)] == [(3, {})]  # why stays, what was typed goes


def test_only_the_file_whose_report_was_read_is_taken_in(coordinator, pilot):
    first = read_roster(coordinator, pilot, HEAD, KIM)
    second = read_roster(coordinator, pilot, HEAD, ANA)
    with pytest.raises(Conflict, match="not the file"):
        imports.confirm(actor=coordinator, import_id=second.pk, sha256=first.sha256)
    assert Import.objects.get(pk=first.pk).state == "dropped"
    with pytest.raises(Conflict):
        imports.confirm(actor=coordinator, import_id=first.pk, sha256=first.sha256)


def test_batches_are_whole_and_go_on_where_a_worker_was_killed(monkeypatch, coordinator, pilot):
    monkeypatch.setattr(rosters, "BATCH", 2)
    source = read_roster(coordinator, pilot, HEAD, *[(f"N{n}", f"n{n}@example.org") for n in range(5)])
    drain()
    imports.confirm(actor=coordinator, import_id=source.pk, sha256=source.sha256)
    assert work_once()
    assert Import.objects.get(pk=source.pk).taken == 2
    assert Registration.objects.count() == 2
    drain()
    assert (Import.objects.get(pk=source.pk).state, Registration.objects.count()) == ("done", 5)


def test_an_import_that_is_stopped_keeps_what_it_took_and_goes_on_from_there(monkeypatch, world, coordinator, pilot):
    monkeypatch.setattr(rosters, "BATCH", 2)
    source = read_roster(coordinator, pilot, HEAD, *[(f"N{n}", f"n{n}@example.org") for n in range(5)])
    drain()
    told = {"actor": coordinator, "import_id": source.pk}
    for wrong in (imports.stop, imports.take_up):
        with pytest.raises(Conflict):
            wrong(**told)
    imports.confirm(sha256=source.sha256, **told)
    assert work_once()
    assert imports.stop(**told) == imports.stop(**told)
    drain()
    stopped = Import.objects.get(pk=source.pk)
    assert (stopped.state, stopped.taken, Registration.objects.count()) == ("stopped", 2, 2)
    for stranger, no in ((world.person(), NotFound), (world.person(organization_admin=world.issuer), Forbidden)):
        with pytest.raises(no):
            imports.take_up(**{**told, "actor": stranger})
    imports.take_up(**told)
    imports.stop(**told)
    imports.take_up(**told)
    drain()
    done = Import.objects.get(pk=source.pk)
    assert (done.state, done.taken, Registration.objects.count()) == ("done", 5, 5)
    with pytest.raises(Conflict):
        imports.stop(**told)


def test_the_rest_of_a_stopped_file_is_erased_when_nobody_comes_back(monkeypatch, coordinator, pilot):
    monkeypatch.setattr(rosters, "BATCH", 2)
    source = read_roster(coordinator, pilot, HEAD, *[(f"N{n}", f"n{n}@example.org") for n in range(3)])
    drain()
    imports.confirm(actor=coordinator, import_id=source.pk, sha256=source.sha256)
    assert work_once()
    imports.stop(actor=coordinator, import_id=source.pk)
    Import.objects.filter(pk=source.pk).update(read_at=clock.now() - timedelta(days=8))
    imports.drop_forgotten(actor=world_system())
    dropped = Import.objects.get(pk=source.pk)
    assert (dropped.state, dropped.taken, ImportRow.objects.exists(), Registration.objects.count()) == ("dropped", 2, False, 2)


def test_a_row_that_has_become_impossible_is_left_out_with_its_reason(world, coordinator, pilot):
    source = read_roster(coordinator, pilot, HEAD, KIM, ANA)
    programs.change_seats(actor=coordinator, offering_id=pilot.pk, seats_min=1, seats_max=1)
    done = take(coordinator, source)
    assert (done.state, done.taken, done.refused, done.new) == ("done", 1, 1, 1)
    assert "Every seat is taken" in why(coordinator, done, 3)


def test_confirming_twice_takes_in_once(coordinator, pilot):
    source = read_roster(coordinator, pilot, HEAD, KIM)
    key = coordinator.with_key("a click")
    first, second = (imports.confirm(actor=key, import_id=source.pk, sha256=source.sha256) for _ in range(2))
    drain()
    assert first == second
    assert Registration.objects.count() == 1


def test_strangers_see_no_report_and_colleagues_do_not_confirm_it(world, coordinator, pilot):
    source = read_roster(coordinator, pilot, HEAD, KIM)
    with pytest.raises(NotFound):
        imports.confirm(actor=world.person(), import_id=source.pk, sha256=source.sha256)
    admin = world.person(organization_admin=world.issuer)
    with pytest.raises(Forbidden):
        imports.confirm(actor=admin, import_id=source.pk, sha256=source.sha256)
    with pytest.raises(Forbidden):
        programs.read_roster(actor=world.person(), offering_id=pilot.pk, chosen=chosen("roster", HEAD, KIM))


def test_a_file_that_is_dropped_or_forgotten_is_erased(world, coordinator, pilot):
    dropped = read_roster(coordinator, pilot, HEAD, KIM)
    imports.drop(actor=coordinator, import_id=dropped.pk)
    imports.drop(actor=coordinator, import_id=dropped.pk)
    forgotten = read_roster(coordinator, pilot, HEAD, KIM)
    Import.objects.filter(pk=forgotten.pk).update(read_at=clock.now() - timedelta(days=8))
    imports.drop_forgotten(actor=world_system())
    assert set(Import.objects.values_list("state", flat=True)) == {"dropped"}
    assert not ImportRow.objects.exists()


def world_system():
    from tests.world import SYSTEM

    return SYSTEM


def test_a_closed_pilot_takes_no_roster(coordinator, pilot):
    programs.close_offering(actor=coordinator, offering_id=pilot.pk)
    with pytest.raises(Conflict, match="closed"):
        read_roster(coordinator, pilot, HEAD, KIM)


# --- At the command line ---------------------------------------------------------------------------------------------


def test_the_command_line_reports_first_and_takes_in_when_told_to(pilot, tmp_path, capsys):
    file = tmp_path / "roster.csv"
    file.write_bytes("Name;E-mail\nZoë [b]Peña[/b];zoe@example.org\nCy;nowhere\n".encode("cp1252"))
    typed = ["import", "roster", str(file), "--pilot", pilot.slug]
    assert main(typed) == 1
    told = capsys.readouterr().out
    assert "Windows-1252" in told
    assert "Nothing was changed" in told
    assert not Registration.objects.exists()
    assert main([*typed, "--yes"]) == 1
    assert "left out" in capsys.readouterr().err
    assert main([*typed, "--yes", "--leave-out"]) == 1
    assert "Rows taken in: 1; left out: 1" in capsys.readouterr().out
    assert Registration.objects.get().person.name == "Zoë [b]Peña[/b]"
    assert main(typed) == 1
    assert "Nothing in this file changes anything" in capsys.readouterr().out


def test_the_command_line_names_a_file_that_is_not_there(pilot, tmp_path, capsys):
    assert main(["import", "roster", str(tmp_path / "none.csv"), "--pilot", pilot.slug]) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_the_report_says_which_cells_hold_the_result_of_a_formula(coordinator, pilot):
    book = workbook([["Name", "E-mail"], ["Kim Lee", '=CONCATENATE("kim","@example.org")']])
    for old, new in (("</f><v></v></c>", "</f><v>kim@example.org</v></c>"), ('<c r="B2"', '<c r="B2" t="str"')):
        book = with_part_replaced(book, "xl/worksheets/sheet1.xml", old, new)
    read = tables.read(io.BytesIO(book), FILE_KINDS["roster"].columns, name="roster.xlsx")
    source = programs.read_roster(actor=coordinator, offering_id=pilot.pk, chosen=read)
    assert why(coordinator, source, 2) == "Gets a seat. Saved result of a formula: “E-mail”."


@pytest.mark.parametrize(("asked", "previous"), [("12/31/9999 23:59", ""), ("0001-01-01", ""), ("soon", ""), ("", "nobody")])
def test_a_day_that_no_calendar_of_here_knows_and_an_address_that_is_none_are_refused_in_their_column(coordinator, pilot, asked, previous):
    source = read_roster(coordinator, pilot, HEAD, ("Kim Lee", "kim@example.org", "", "", asked, previous), ANA)
    assert report(coordinator, source) == [(2, "refused"), (3, "new")]
    assert ImportRow.objects.get(source=source, line=2).column == ("Asked on" if asked else "Previous e-mail")
    assert take(coordinator, source, leaves_out=True).state == "done"
