"""Choosing a file on a page, reading what it would change, and taking it in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cairn.apps.imports.models import Import
from cairn.apps.programs.commands import rosters
from cairn.apps.programs.models import Meeting, Registration
from cairn.interfaces.cli.main import main
from cairn.kernel import clock
from cairn.kernel.ids import new_id
from cairn.site.worker import drain, work_once
from tests.imports_world import table
from tests.integration.test_public_pages import client_of
from tests.tables_world import workbook

KIM = ("Kim Lee", "kim@example.org")


@pytest.fixture
def coordinator(world):
    return world.person("Cora Stone", coordinator=world.issuer)


@pytest.fixture
def pilot(world):
    return world.offer(kind="pilot", days=120, last_day=clock.now().date() + timedelta(days=200))


@pytest.fixture
def signed_in(coordinator):
    return client_of(coordinator)


def choose(client, pilot, *rows, kind="roster", **more):
    return client.post(f"/pilots/{pilot.slug}/run/files/{kind}/", {"file": table(*rows), **more}, follow=True)


def test_a_coordinator_chooses_a_file_reads_the_report_and_takes_it_in(signed_in, pilot):
    page = choose(signed_in, pilot, ("Name", "E-mail", "Shoe size"), (*KIM, "42"), ("Cy", "nowhere", "40"))
    words = page.content.decode()
    assert "1 of 2 rows would change something" in words
    assert "Not read: Shoe size" in words
    address, source = page.request["PATH_INFO"], Import.objects.get()
    refused = signed_in.post(address, {"sha256": source.sha256})
    assert refused.status_code == 422
    assert "Say that you have read this" in refused.content.decode()
    taking = signed_in.post(address, {"sha256": source.sha256, "leaves_out": "on"}, follow=True).content.decode()
    assert "0 of 1 rows are taken in" in taking
    drain()
    done = signed_in.get(address).content.decode()
    assert "1 row taken in" in done
    assert "nowhere" in done  # why it was left out stays
    assert Registration.objects.get(offering=pilot).person.email == "kim@example.org"


def test_a_workbook_is_taken_too(signed_in, pilot):
    file = table()
    file.write(workbook([["Spring pilot"], [], ["Name", "E-mail"], list(KIM)]))
    file.seek(0)
    page = signed_in.post(f"/pilots/{pilot.slug}/run/files/roster/", {"file": file}, follow=True)
    assert "sheet “Roster”" in page.content.decode()


def test_a_file_that_is_no_table_comes_back_with_a_sentence(signed_in, pilot):
    file = table()
    file.write(b"%PDF-1.7\n")
    file.seek(0)
    answer = signed_in.post(f"/pilots/{pilot.slug}/run/files/roster/", {"file": file})
    assert answer.status_code == 422
    assert "Save it as CSV" in answer.content.decode()
    assert signed_in.post(f"/pilots/{pilot.slug}/run/files/roster/", {}).status_code == 422


def test_rows_can_be_looked_at_by_what_becomes_of_them(signed_in, pilot):
    page = choose(signed_in, pilot, ("Name", "E-mail"), KIM, ("Cy", "nowhere"))
    left_out = signed_in.get(page.request["PATH_INFO"], {"rows": "refused"}).content.decode()
    assert "nowhere" in left_out
    assert "Kim Lee" not in left_out
    assert signed_in.get(page.request["PATH_INFO"], {"rows": "anything"}).status_code == 200


def test_a_file_can_be_dropped(signed_in, pilot):
    page = choose(signed_in, pilot, ("Name", "E-mail"), KIM)
    assert "This file was erased" in signed_in.post(page.request["PATH_INFO"], {"drop": "yes", "sha256": "x"}, follow=True).content.decode()
    assert not Registration.objects.exists()


def test_a_file_can_be_stopped_and_taken_up_on_its_page_and_at_the_command_line(monkeypatch, signed_in, pilot, capsys):
    monkeypatch.setattr(rosters, "BATCH", 1)
    page = choose(signed_in, pilot, ("Name", "E-mail"), KIM, ("Ana Ruiz", "ana@example.org"), ("Cy Ito", "cy@example.org"))
    address, source = page.request["PATH_INFO"], Import.objects.get()
    drain()

    def send(**told):
        return signed_in.post(address, {"key": new_id(), **told}, follow=True).content.decode()

    assert "Stop it" in send(sha256=source.sha256)
    assert work_once()
    assert "Stopped after 1 of 3 rows" in send(stop="yes")
    assert "Stop it" in send(take_up="yes")
    assert work_once()
    send(stop="yes")
    drain()
    assert Registration.objects.count() == 2
    assert main(["import", "go-on", source.pk]) == 0
    assert "Rows taken in: 3; left out: 0" in capsys.readouterr().out
    assert main(["import", "go-on", source.pk]) == 1
    assert "Only a file that was stopped" in capsys.readouterr().err


def test_meetings_and_attendance_have_their_pages(signed_in, pilot):
    day = (clock.now() + timedelta(days=9)).strftime("%Y-%m-%d")
    page = choose(signed_in, pilot, ("Meeting", "Date", "Time"), ("Kick-off", day, "4 p.m."), kind="meetings", for_whole_program="on")
    source = Import.objects.get()
    signed_in.post(page.request["PATH_INFO"], {"sha256": source.sha256})
    drain()
    assert Meeting.objects.get().offering_id is None
    time = Meeting.objects.get().times.get()
    answer = choose(signed_in, pilot, ("Name", "E-mail"), KIM, kind="attendance", time=time.pk)
    assert answer.status_code == 422
    assert "nobody can have been there" in answer.content.decode()


def test_others_find_no_such_pages(world, signed_in, pilot):
    page = choose(signed_in, pilot, ("Name", "E-mail"), KIM)
    stranger = client_of(world.person())
    assert stranger.get(page.request["PATH_INFO"]).status_code == 404
    assert stranger.get(f"/pilots/{pilot.slug}/run/files/roster/").status_code == 404
    stranger.logout()
    assert stranger.get(page.request["PATH_INFO"]).status_code == 302


def test_a_kind_of_file_that_nobody_knows_is_not_found(signed_in, pilot):
    assert signed_in.get(f"/pilots/{pilot.slug}/run/files/party/").status_code == 404
