"""S27: the status board of an association, eight lines as its own list had them, out of live records."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from cairn.apps.ledger.models import Fact
from cairn.apps.programs import commands as programs
from cairn.apps.programs import queries
from cairn.apps.programs.models import Listing
from cairn.frame.actor import VISITOR
from cairn.kernel import clock
from cairn.kernel.errors import Forbidden, Invalid, NotFound
from cairn.kernel.ids import new_id
from tests.consortium_world import SOURCE, illinois, illinois_board
from tests.integration.test_public_pages import client_of, text_of
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db
VISITING = {"headers": {"host": "localhost"}}


@pytest.fixture
def board():
    """Offerings as the list says, and the list itself entered as it was written."""
    return illinois_board()


def said(here, viewer=VISITOR):
    return [(line.title, line.progress.said) for line in queries.board(viewer, [here.program])]


def editor(here):
    return here.person("Ed Editor", coordinator=here.issuer)


def page(path, client=None):
    return text_of((client or Client(**VISITING)).get(path)).replace("\u00a0", " ")


def test_eight_lines_stand_as_in_the_source(board):
    assert said(board) == [
        ("Collaborative Leadership Coaching", "Available"),
        ("Reflective Leadership Coaching", "Currently in pilot (3 pilot spots open)"),
        ("Directive Leadership Coaching", "Currently in pilot (13 pilot spots open)"),
        ("Communication Standards", "Pilot spots open; pilot to begin in mid February"),
        ("Educational Advocate", "Pilot spots open; pilot to begin in mid February"),
        ("Communication Structures", "Pilot spots open; pilot to begin in mid February"),
        ("Personal Communicator", "3 pilot spots open; pilot to begin in mid February"),
        ("", "Currently in pilot (full)"),
    ]
    shown = page(f"/programs/{board.program.slug}/board/")
    for title, words in said(board):
        assert title in shown
        assert words in shown
    assert "Six pilots have room today. One line says what the program's editor wrote; the others are drawn from live records." in shown


def test_a_board_whose_lines_were_all_typed_calls_none_of_them_live():
    here = illinois()
    lines = ["Personal Communicator - 3 pilot spots open", "Educational Advocate - available", "Currently in pilot (full)"]
    programs.enter_lines(actor=SYSTEM, program_id=here.program.pk, lines=lines)
    shown = page(f"/programs/{here.program.slug}/board/")
    assert "One pilot is said to have room. Each line says what the program's editor wrote" in shown
    assert not any(words in shown for words in ("live records", "Join the waiting list", "Begin whenever you like"))


def test_the_line_without_a_name_is_flagged_to_its_editor_and_to_nobody_else(board):
    words = "This line names no micro-credential."
    (flagged,) = [line for line in queries.board(editor(board), [board.program]) if line.flag]
    assert (flagged.title, flagged.listing.stated) == ("", "Currently in pilot (full)")
    edit = f"/programs/{board.program.slug}/board/edit/"
    shown = page(edit, client_of(editor(board)))
    assert "One line needs a look" in shown
    assert words in shown
    for path in ("board/", ""):
        assert words not in page(f"/programs/{board.program.slug}/{path}")
    assert all(line.flag == "" for line in queries.board(VISITOR, [board.program]))


def test_the_same_list_again_changes_nothing(board):
    before = list(Listing.objects.order_by("pk").values())
    programs.enter_lines(actor=SYSTEM, program_id=board.program.pk, lines=SOURCE.splitlines())
    assert list(Listing.objects.order_by("pk").values()) == before


def test_a_seat_that_is_taken_is_off_the_board_at_once(board):
    pilot = queries.offerings_in(SYSTEM, board.program.pk).get(microcredential__title="Reflective Leadership Coaching")
    for _ in range(3):
        assert "full" not in dict(said(board))["Reflective Leadership Coaching"]
        programs.register(actor=board.person("Pat Pilot"), offering_id=pilot.pk)
    assert dict(said(board))["Reflective Leadership Coaching"] == "Currently in pilot (full)"
    shown = page(f"/programs/{board.program.slug}/board/")
    assert all(words in shown for words in ("Five pilots have room today.", "Join the waiting list", "Begin whenever you like"))


def test_what_was_in_pilot_is_under_review_once_the_pilot_is_closed(board):
    pilot = queries.offerings_in(SYSTEM, board.program.pk).get(microcredential__title="Reflective Leadership Coaching")
    programs.close_offering(actor=SYSTEM, offering_id=pilot.pk)
    assert dict(said(board))["Reflective Leadership Coaching"] == "Under review"


def test_the_editor_resolves_the_flag_by_saying_which_it_is_or_by_leaving_it(board):
    client, row = client_of(editor(board)), Listing.objects.get(title="")
    path = f"/programs/{board.program.slug}/board/{row.pk}/"
    sent = {"title": "Instructional Rounds", "microcredential_id": "", "stage": "in pilot", "begins_text": "", "key": new_id()}
    assert client.post(path, sent).status_code == 302
    assert said(board)[-1] == ("Instructional Rounds", "Currently in pilot")
    assert not Listing.objects.exclude(flag="").exists()
    again = programs.enter_lines(actor=SYSTEM, program_id=board.program.pk, lines=["Currently in pilot (full)"])
    row = Listing.objects.get(program=again, title="")
    client.post(f"{path.replace(str(row.pk), '')}".rsplit("/", 2)[0] + f"/{row.pk}/act/", {"act": "keep", "key": new_id()})
    row.refresh_from_db()
    assert (row.flag, row.stated) == ("", "Currently in pilot (full)")


def test_lines_change_places_and_leave_the_board(board):
    rows = list(Listing.objects.order_by("order"))
    client, path = client_of(editor(board)), f"/programs/{board.program.slug}/board/"
    client.post(f"{path}{rows[1].pk}/act/", {"act": "up", "key": new_id()})
    client.post(f"{path}{rows[0].pk}/act/", {"act": "up", "key": new_id()})
    client.post(f"{path}{rows[7].pk}/act/", {"act": "down", "key": new_id()})
    assert [title for title, _ in said(board)][:3] == [rows[0].title, rows[1].title, rows[2].title]
    client.post(f"{path}{rows[0].pk}/act/", {"act": "down", "key": new_id()})
    assert [title for title, _ in said(board)][:2] == [rows[1].title, rows[0].title]
    client.post(f"{path}{rows[7].pk}/act/", {"act": "remove", "key": new_id()})
    assert len(said(board)) == 7


def test_a_line_that_cannot_be_is_refused_beside_its_field_and_nothing_typed_is_lost(board):
    client, path = client_of(editor(board)), f"/programs/{board.program.slug}/board/edit/"
    response = client.post(path, {"title": "", "microcredential_id": "", "stage": "written", "begins_text": "late spring"})
    assert response.status_code == 422
    assert "Write its title, or choose it from the catalog." in text_of(response)
    assert 'value="late spring"' in response.content.decode()
    row, other = Listing.objects.order_by("order")[:2]
    sent = {"title": "X", "microcredential_id": other.microcredential_id, "stage": "written", "begins_text": ""}
    response = client.post(f"/programs/{board.program.slug}/board/{row.pk}/", sent)
    assert response.status_code == 422
    assert "It has its line on the board already." in text_of(response)


def test_the_board_leaves_as_a_table_in_which_nothing_is_a_formula(board):
    row = Listing.objects.order_by("order").first()
    programs.change_line(actor=editor(board), listing_id=row.pk, title="=HYPERLINK(1)", stage="planned")
    for at in (f"/programs/{board.program.slug}/", f"/org/{board.program.organization.slug}/"):
        told = Client(**VISITING).get(f"{at}board.csv")
        rows = list(csv.reader(io.StringIO(told.content.decode("utf-8-sig"))))
        sheet = load_workbook(io.BytesIO(Client(**VISITING).get(f"{at}board.xlsx").content)).active
        assert told["Content-Disposition"] == f'attachment; filename="{at.split("/")[2]}-board.csv"'
        assert [cell.value for cell in sheet[1]] == rows[0]
        assert len(rows) == sheet.max_row == 1 + 8
        assert rows[1][0] == "'=HYPERLINK(1)"
        assert all(cell.data_type != "f" for line in sheet for cell in line)
        assert any(line[2] == "Currently in pilot (3 pilot spots open)" and line[4] == "3" for line in rows)


def test_a_program_says_whose_words_stand_on_its_pages(board):
    client, at = client_of(editor(board)), f"/programs/{board.program.slug}/"
    words = "Example, not the program's own text."
    assert client.post(f"{at}edit/", {"form": "notice", "notice": f" {words}  "}).status_code == 302
    programs.set_notice(actor=editor(board), program_id=board.program.pk, notice=words)
    assert Fact.objects.filter(kind="programs.notice_set").count() == 1
    for path in ("", "board/", "numbers/"):
        assert words in page(f"{at}{path}")
    long = client.post(f"{at}edit/", {"form": "notice", "notice": "x" * 301})
    assert (long.status_code, "x" * 301 in long.content.decode()) == (422, True)
    with pytest.raises(Forbidden):
        programs.set_notice(actor=board.person(), program_id=board.program.pk, notice="")


def test_strangers_change_no_board(board):
    stranger, row = board.person("Sam Stranger"), Listing.objects.first()
    told = {"title": "X", "stage": "planned"}
    with pytest.raises(Forbidden):
        programs.add_line(actor=stranger, program_id=board.program.pk, **told)
    with pytest.raises(Forbidden):
        programs.change_line(actor=stranger, listing_id=row.pk, **told)
    with pytest.raises(Forbidden):
        programs.remove_line(actor=stranger, listing_id=row.pk)
    with pytest.raises(NotFound):
        queries.board_to_edit(stranger, board.program)
    assert client_of(stranger).get(f"/programs/{board.program.slug}/board/edit/").status_code == 404


def test_a_repeated_line_with_its_key_is_added_once(board):
    keyed = editor(board).with_key(new_id())
    told = {"program_id": board.program.pk, "title": "Another", "stage": "planned"}
    assert programs.add_line(actor=keyed, **told).pk == programs.add_line(actor=keyed, **told).pk
    assert Listing.objects.filter(title="Another").count() == 1


def test_columns_and_titles_that_hold_words_of_status_are_read_as_they_are_meant(board):
    lines = ["Live Coaching\tin pilot\t12 of 20 spots open", "  Beginning Principals  -  in development "]
    programs.enter_lines(actor=SYSTEM, program_id=board.program.pk, lines=lines)
    entered = Listing.objects.filter(program=board.program).order_by("-order")[:2]
    assert [(line.title, line.stage) for line in entered] == [("Beginning Principals", "planned"), ("Live Coaching", "in pilot")]


def test_an_unknown_name_is_kept_and_flagged(board):
    programs.enter_lines(actor=SYSTEM, program_id=board.program.pk, lines=["Data Coaching - currently in pilot (2 pilot spots open)"])
    line = next(each for each in queries.board(editor(board), [board.program]) if each.title == "Data Coaching")
    assert line.progress.said == "Currently in pilot (2 pilot spots open)"
    assert "The catalog has no micro-credential of this name" in line.flag


def test_more_lines_ask_no_more_questions(board):
    def asked():
        with CaptureQueriesContext(
            connection,
        ) as found:
            queries.board(VISITOR, [board.program])
        return len(found)

    before = asked()
    programs.enter_lines(actor=SYSTEM, program_id=board.program.pk, lines=[f"Plan {n} - planned" for n in range(40)])
    assert asked() == before


# --- Roadmap --------------------------------------------------------------------------------------------------------------


def test_the_roadmap_counts_what_is_there_and_states_what_is_not(board):
    programs.set_roadmap(
        actor=editor(board), program_id=board.program.pk, counts={"planned": 15, "written": 6, "to pilot": 4, "stacks": 21}
    )
    figures = {figure.what: (figure.number, figure.counted) for figure in queries.roadmap(VISITOR, board.program)}
    assert figures == {"planned": (15, 8), "written": (8, 8), "to pilot": (8, 8), "stacks": (21, 0)}
    shown = page(f"/programs/{board.program.slug}/board/")
    assert "15 as the program states it; 8 on this board" in shown
    assert "8 on this board and in the catalog; the program states 6" in shown
    assert "21 as the program states it" in shown


def test_a_program_without_a_board_states_its_roadmap():
    here = illinois()
    programs.set_roadmap(actor=SYSTEM, program_id=here.program.pk, counts={"planned": 15, "written": 6, "to pilot": 4})
    assert [figure.number for figure in queries.roadmap(VISITOR, here.program)] == [15, 6, 4]
    shown = page(f"/programs/{here.program.slug}/")
    assert "What stands in the catalog" in shown
    assert "15 as the program states it" in shown
    with pytest.raises(Invalid, match="no number for a roadmap"):
        programs.set_roadmap(actor=SYSTEM, program_id=here.program.pk, counts={"planned": 99_999})
    programs.set_roadmap(actor=SYSTEM, program_id=here.program.pk, counts={"planned": None})
    assert [figure.what for figure in queries.roadmap(VISITOR, here.program)] == ["written", "to pilot"]


def test_an_organizations_board_shows_what_it_has_a_part_in(board):
    other = board.organization("Business Officials", kind="association")
    assert "Nothing stands on this board yet" in page(f"/org/{other.slug}/board/")
    programs.join_program(actor=SYSTEM, program_id=board.program.pk, organization_id=other.pk, role="co-author",
                          joined_on=clock.now().date())  # fmt: skip
    assert "Reflective Leadership Coaching" in page(f"/org/{other.slug}/board/")
    assert board.program.title in page(f"/org/{other.slug}/")


def test_an_organizations_board_says_of_each_line_which_program_it_is_of_where_it_has_several(board):
    org, mc = board.program.organization, queries.offerings_in(SYSTEM, board.program.pk).first().microcredential
    assert board.program.title not in page(f"/org/{org.slug}/board/").split("What is open, and what is coming")[1].split("The board as")[0]
    programs.found_program(actor=SYSTEM, slug="second-round", title="Second Round", summary="", organization_id=org.pk)
    second = queries.program(SYSTEM, "second-round")
    programs.offer(actor=SYSTEM, program_id=second.pk, microcredential_id=mc.pk, kind="pilot", opens_on=clock.now().date(), last_day=None,
                   days=60, rules=programs.OfferingRules(seats_max=4), is_listed=True)  # fmt: skip
    shown = page(f"/org/{org.slug}/board/")
    assert f"{mc.title} in Second Round" in shown
    assert f"in {board.program.title}" in shown
