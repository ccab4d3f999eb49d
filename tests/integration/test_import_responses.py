"""Answers to a survey by file: read line by line first, taken in once confirmed, the same file again changes nothing."""

from __future__ import annotations

import pytest

from cairn.apps.imports.models import Import
from cairn.apps.programs import commands as programs
from cairn.apps.programs import queries
from cairn.apps.programs.models import SurveyResponse
from cairn.frame import tables
from cairn.interfaces.cli.main import main
from cairn.kernel.errors import NotFound
from cairn.kernel.ids import new_id
from tests.imports_world import report, table, take, why
from tests.integration.test_public_pages import client_of, text_of
from tests.surveys_world import SurveyWorld, answers

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return SurveyWorld()


@pytest.fixture
def survey(world):
    return world.survey()


def line(survey, code, level):
    return (code, *answers(survey, level).values())


def head(survey):
    """Half of the columns are headed by the items' keys, half by their words."""
    columns = queries.response_file(survey).columns[1 : len(answers(survey, 1)) + 1]
    return ("Code", *(column.name if n % 2 else column.title for n, column in enumerate(columns)))


def read(world, survey, *rows, actor=None, kind="before"):
    file = table(head(survey), *rows)
    chosen = tables.read(file, queries.response_file(survey).columns, name=file.name, formulas="text")
    return programs.read_responses(actor=actor or world.coordinator, survey_id=survey.pk, kind=kind, chosen=chosen)


def test_each_line_of_answers_is_judged_and_nothing_is_entered_yet(world, survey):
    rows = [line(survey, "P1", 3), line(survey, "P1", 2), ("P2", "99"), ("P3",), ("", "1")]
    source = read(world, survey, *rows)
    assert report(world.coordinator, source) == [(2, "new"), (3, "refused"), (4, "refused"), (5, "refused"), (6, "refused")]
    assert "line 2" in why(world.coordinator, source, 3)
    assert "Nothing is answered" in why(world.coordinator, source, 5)
    assert not SurveyResponse.objects.exists()


def test_confirmed_answers_count_once_and_other_answers_to_a_code_are_refused(world, survey):
    done = take(world.coordinator, read(world, survey, line(survey, "P1", 3), line(survey, "P2", 3)))
    assert (done.state, done.taken) == ("done", 2)
    assert dict(SurveyResponse.objects.get(code="P1").answers) == {key: int(step) for key, step in answers(survey, 3).items()}
    again = read(world, survey, line(survey, "P1", 3), line(survey, "P2", 4))
    assert report(world.coordinator, again) == [(2, "unchanged"), (3, "refused")]
    assert read(world, survey, line(survey, "P1", 5), kind="after").new == 1


def test_answers_that_somebody_entered_meanwhile_are_left_out_with_the_reason(world, survey):
    source = read(world, survey, line(survey, "P1", 3), line(survey, "P2", 3))
    programs.enter_responses(actor=world.coordinator, survey_id=survey.pk, kind="before", rows=[("P1", answers(survey, 4))])
    done = take(world.coordinator, source)
    assert (done.taken, done.refused) == (1, 1)
    assert "other answers already" in why(world.coordinator, done, 2)


def test_only_those_who_run_the_program_read_answers_in_and_a_replay_reads_once(world, survey):
    with pytest.raises(NotFound):
        read(world, survey, line(survey, "P1", 3), actor=world.person("Sam Stranger"))
    keyed = world.coordinator.with_key(new_id())
    assert read(world, survey, line(survey, "P1", 3), actor=keyed) == read(world, survey, line(survey, "P1", 3), actor=keyed)


def test_the_page_says_what_the_file_looks_like_and_leads_to_its_report(world, survey):
    desk, page = client_of(world.coordinator), f"/surveys/{survey.pk}/file/"
    assert page in desk.get(f"/programs/{world.program.slug}/surveys/").content.decode()
    assert queries.response_file(survey).columns[1].title in text_of(desk.get(page))
    assert desk.post(page, {"kind": "before"}).status_code == 422
    assert desk.post(page, {"kind": "before", "file": table(("Name",), ("Dana",))}).status_code == 422
    answer = desk.post(page, {"kind": "before", "file": table(head(survey), line(survey, "P1", 3))})
    source = Import.objects.get(kind="responses")
    assert answer["Location"] == f"/imports/{source.pk}/"
    assert "answers" in text_of(desk.get(answer["Location"]))
    assert client_of(world.person("Sam Stranger")).get(page).status_code == 404


# --- At the command line ----------------------------------------------------------------------------------------------------


def typed(world, survey, tmp_path):
    """What is typed for a file of each kind that is not about a pilot."""
    members, records, responses = (tmp_path / f"{name}.csv" for name in ("members", "records", "responses"))
    members.write_text("Name,E-mail,Since\nKim Lee,kim@example.org,2025-07-01\n")
    records.write_text("Code,Submitted\nK1,2\n")
    responses.write_bytes(table(head(survey), line(survey, "P1", 3)).getvalue())
    return (
        ["import", "members", str(members), "--organization", world.issuer.slug],
        ["import", "records", str(records), "--program", world.program.slug, "--list", "Provider"],
        ["import", "responses", str(responses), "--survey", survey.pk, "--round", "before"],
    )


def test_members_records_and_answers_come_in_at_the_command_line_too(world, survey, tmp_path, capsys):
    for command in typed(world, survey, tmp_path):
        assert main(command) == 1
        assert "Nothing was changed" in capsys.readouterr().out
        assert main([*command, "--yes"]) == 0
        assert "Rows taken in: 1; left out: 0" in capsys.readouterr().out


def test_the_command_line_says_which_option_a_kind_of_file_needs(world, survey, tmp_path, capsys):
    for command in typed(world, survey, tmp_path):
        assert main(command[:3]) == 1
        assert f"needs {command[3]}" in capsys.readouterr().err
