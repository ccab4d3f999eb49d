"""The pages of surveys, reviews and program figures over HTTP: who opens them, what comes back filled, what leaves as a table."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from cairn.apps.imports.models import Import
from cairn.apps.people.models import Person
from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import (
    DeveloperFeedback,
    LaunchReview,
    ProgramRecord,
    ResearchConsent,
    Survey,
    SurveyResponse,
    SurveyRound,
    ThemeReading,
)
from cairn.interfaces.web.forms.surveys import scales
from cairn.kernel.ids import new_id
from tests.imports_world import take
from tests.integration.test_public_pages import client_of, text_of
from tests.integration.test_reviews import board, run_of, said
from tests.integration.test_s26_pilot_report import enter_answers, enter_kansas
from tests.surveys_world import SurveyWorld, answers

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


@pytest.fixture
def world(db):
    return SurveyWorld()


@pytest.fixture
def visitor():
    return Client(headers={"host": "localhost"})


def plain(response) -> str:
    return text_of(response).replace("\u00a0", " ")


# --- Answering ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(world):
    """A participant at their browser, and the open round."""
    (actor,) = world.participants(1)
    return client_of(actor), world.round(world.survey())


def test_a_participant_answers_and_sends_and_finds_it_again(asked):
    client, round_ = asked
    page = client.get(f"/surveys/{round_.pk}/")
    assert "16 statements and one question" in plain(page)
    assert "whether you answer changes nothing about what you earn" in plain(page)
    client.post(f"/surveys/{round_.pk}/", {**answers(round_.survey, 5), "q1": "More <b>trust</b>.", "key": new_id()})
    again = client.get(f"/surveys/{round_.pk}/")
    assert 'id="se-plan_5" name="se-plan" value="5" data-version="1" checked' in again.content.decode()
    assert "More &lt;b&gt;trust&lt;/b&gt;." in again.content.decode()
    assert "Your answers are sent" in plain(again)


def test_a_refused_answer_comes_back_with_everything_that_was_filled_in(asked):
    client, round_ = asked
    response = client.post(f"/surveys/{round_.pk}/", {"se-plan": "9", "se-adapt": "3", "q1": "Kept."})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'href="#se-plan"' in page
    assert 'id="se-adapt_3" name="se-adapt" value="3" data-version="0" checked' in page
    assert "Kept.</textarea>" in page
    assert not SurveyResponse.objects.exists()


def test_a_field_saves_itself_and_another_tab_is_told_what_stands_there(asked):
    client, round_ = asked
    one = {"field": "se-plan", "value": "4", "version": "0"}
    assert client.post(f"/surveys/{round_.pk}/save/", one, headers=JSON).json()["version"] == 1
    stale = client.post(f"/surveys/{round_.pk}/save/", {**one, "value": "2"}, headers=JSON)
    assert (stale.status_code, stale.json()["current"]) == (409, {"value": "4", "version": 1})
    wrong = client.post(f"/surveys/{round_.pk}/save/", {**one, "value": "17", "version": "1"}, headers=JSON)
    assert (wrong.status_code, "Answer from 1 to 6" in wrong.json()["remedy"]) == (422, True)
    assert client.post(f"/surveys/{round_.pk}/save/", {**one, "version": "9" * 40}, headers=JSON).status_code in (200, 409)


def test_a_closed_survey_can_still_be_read_by_those_who_answered(world, asked):
    client, round_ = asked
    client.post(f"/surveys/{round_.pk}/", {"se-plan": "5", "q1": "Mine."})
    programs.close_round(actor=world.coordinator, round_id=round_.pk)
    page = plain(client.get(f"/surveys/{round_.pk}/"))
    assert "This survey is closed" in page
    assert "Mine." in page
    assert client.post(f"/surveys/{round_.pk}/", {"se-plan": "1"}).status_code == 409


def test_research_is_agreed_to_by_a_button_of_its_own(asked):
    client, round_ = asked
    assert "You take part in the program whichever you choose" in plain(client.get(f"/surveys/{round_.pk}/"))
    client.post(f"/surveys/{round_.pk}/research/", {"agree": "yes"})
    assert "You agreed" in plain(client.get(f"/surveys/{round_.pk}/"))
    client.post(f"/surveys/{round_.pk}/research/", {"withdraw": "yes"})
    assert ResearchConsent.objects.get().withdrawn_at is not None


# --- Asking ---------------------------------------------------------------------------------------------------------------


def test_a_coordinator_makes_a_survey_opens_it_and_reads_what_came(world):
    client, page = client_of(world.coordinator), f"/programs/{world.program.slug}/surveys/"
    assert "No survey yet" in plain(client.get(page))
    told = {"title": "How I see my work", "scales": ["self-efficacy"], "questions": "What changed?\n\nWhat did not?", "key": new_id()}
    client.post(page, told)
    survey = Survey.objects.get()
    assert [question["text"] for question in survey.content["questions"]] == ["What changed?", "What did not?"]
    for state, told in (("open", {}), ("closed", {"close": "yes"})):
        client.post(f"/surveys/{survey.pk}/before/", told)
        assert SurveyRound.objects.get(survey=survey, kind="before").state == state
    assert "0 of 0" in plain(client.get(page))
    assert "Fewer than ten people answered both times" in plain(client.get(f"/surveys/{survey.pk}/results/"))


def test_a_survey_that_cannot_be_made_comes_back_filled(world):
    client, page = client_of(world.coordinator), f"/programs/{world.program.slug}/surveys/"
    response = client.post(page, {"title": "Kept title", "irb_number": "IRB 1", "scales": ["self-efficacy"]})
    assert response.status_code == 422
    assert "Say what people agree to" in plain(response)
    assert 'value="Kept title"' in response.content.decode()


def test_every_scale_that_comes_with_cairn_can_be_asked(world):
    assert set(scales()) == {"self-efficacy", "collective-efficacy"}
    assert all(len(scale["items"]) == 8 and sum(bool(item.get("reversed")) for item in scale["items"]) == 2 for scale in scales().values())


def test_open_answers_are_read_one_by_one_without_names(world):
    (actor,) = world.participants(1)
    survey = world.survey()
    world.send(actor, world.round(survey), 4, "We trust one another.")
    client, page = client_of(world.coordinator), f"/surveys/{survey.pk}/themes/"
    client.post(page, {"themes": "Trust\nTime"})
    shown = plain(client.get(page))
    assert "One answer to read" in shown
    assert "We trust one another." in shown
    assert "Participant0" not in shown
    response = SurveyResponse.objects.get()
    client.post(f"{page}{response.pk}/q1/", {"themes": ["Trust"]})
    assert ThemeReading.objects.get().themes == ["Trust"]
    assert "You have read every answer" in plain(client.get(page))
    refused = client.post(page, {"themes": "Time"})
    assert (refused.status_code, "so it stays" in plain(refused)) == (422, True)


def test_the_study_gets_a_table_of_those_who_agreed(world):
    (actor,) = world.participants(1)
    survey = world.survey()
    world.send(actor, world.round(survey), 4)
    programs.agree_to_research(actor=actor, survey_id=survey.pk)
    client = client_of(world.coordinator)
    table = client.get(f"/surveys/{survey.pk}/research.csv")
    assert table["Content-Disposition"] == 'attachment; filename="survey-research.csv"'
    assert len(table.content.decode("utf-8-sig").splitlines()) == 2
    book = load_workbook(io.BytesIO(client.get(f"/surveys/{survey.pk}/research.xlsx").content))
    assert [cell.value for cell in next(book.active.iter_rows())][:3] == ["code", "round", "self-efficacy score"]


def test_pages_for_those_who_run_it_are_not_there_for_anyone_else(world, visitor):
    survey = world.survey()
    participant = client_of(world.participants(1)[0])
    stranger = client_of(world.person("Sam Stranger"))
    slug = world.program.slug
    paths = [f"/surveys/{survey.pk}/{tail}" for tail in ("results/", "themes/", "research.csv", "research.xlsx")]
    paths += [f"/programs/{slug}/{tail}" for tail in ("surveys/", "numbers/exact/", "numbers/exact.csv", "numbers/exact.xlsx")]
    paths += [f"/pilots/{world.offering.slug}/{tail}" for tail in ("heard/", "launch/")]
    for path in paths:
        assert (path, participant.get(path).status_code, stranger.get(path).status_code) == (path, 404, 404)
        assert visitor.get(path).status_code == 302
        assert client_of(world.coordinator).get(path).status_code == 200
    for path in (f"/surveys/{survey.pk}/before/", f"/programs/{slug}/numbers/lists/", f"/programs/{slug}/numbers/finish/"):
        assert stranger.post(path, {"finish_at": "2"}).status_code == 404


# --- Reviews --------------------------------------------------------------------------------------------------------------


def test_a_participant_tells_the_developers_section_by_section(world):
    (actor,) = world.participants(1)
    client, page = client_of(actor), f"/developers/{run_of(actor).pk}/"
    sent = {f"{key}-{name}": str(value) for key, told in said(actor, words="Say 3a plainly.").items() for name, value in told.items()}
    refused = client.post(page, {**sent, "rubric-clarity": ""})
    assert refused.status_code == 422
    assert 'href="#rubric-clarity"' in refused.content.decode()
    assert refused.content.decode().count("Say 3a plainly.") == len(said(actor))
    client.post(page, sent)
    assert DeveloperFeedback.objects.get().sections["rubric"]["words"] == "Say 3a plainly."
    author = client_of(world.person("Ann Author", author=world.issuer))
    heard = plain(author.get(f"/pilots/{world.offering.slug}/heard/"))
    assert "One participant told you what to mend" in heard
    assert "4.0 of 5 (n = 1, from 4 to 4)" in heard
    assert "Participant0" not in heard


def test_a_board_is_convened_votes_and_is_refused_below_the_minimum(world):
    world.completed(6)
    member = world.person("Member Stone", author=world.issuer)
    client, page = client_of(world.coordinator), f"/pilots/{world.offering.slug}/launch/"
    assert "Two more must finish before it can launch" in plain(client.get(page))
    unknown = client.post(f"{page}board/", {"members": "nobody@example.org"})
    assert (unknown.status_code, "nobody@example.org</textarea>" in unknown.content.decode()) == (422, True)
    client.post(f"{page}board/", {"members": Person.objects.get(pk=member.person_id).email})
    voter = client_of(member)
    assert voter.post(f"{page}vote/", {"rigor": "4", "words": "Kept."}).status_code == 422
    voter.post(f"{page}vote/", {"rigor": "4", "clarity": "5", "vote": "launch", "words": "Strong."})
    assert voter.post(f"{page}decision/", {"minutes": "Mine."}).status_code == 422
    refused = client.post(f"{page}decision/", {"minutes": "We discussed it."})
    assert refused.status_code == 422
    assert "Say why the board goes past the minimum." in plain(refused)
    assert "We discussed it.</textarea>" in refused.content.decode()
    shown = plain(client.get(page))
    assert "6 of 6 (100 %)" in shown
    assert "too few to judge" in shown
    admin = client_of(world.admin)
    admin.post(f"{page}decision/", {"minutes": "We discussed it.", "override": "The six were strong."})
    assert LaunchReview.objects.get().state == "approved"
    assert "Below the minimum: The six were strong." in plain(client.get(page))


def test_without_a_board_nobody_votes_and_a_pilot_without_an_end_is_not_extended(world):
    client, page = client_of(world.coordinator), f"/pilots/{world.offering.slug}/launch/"
    vote = client.post(f"{page}vote/", {"rigor": "4", "clarity": "5", "vote": "launch"})
    assert (vote.status_code, "No board has been convened yet" in plain(vote)) == (422, True)
    longer = client.post(f"{page}longer/", {"last_day": "2031-01-01"})
    assert (longer.status_code, "It has no last day" in plain(longer)) == (422, True)
    board(world)
    assert "0 of 3 board members have voted" in plain(client.get(page))


# --- Figures --------------------------------------------------------------------------------------------------------------


def test_anybody_reads_what_the_kansas_pilot_came_to(world, visitor):
    enter_kansas(world)
    enter_answers(world)
    page = plain(visitor.get(f"/programs/{world.program.slug}/numbers/"))
    for words in (
        "21 of the 50 who began have finished: 42 %.",
        "95 % interval from 29 % to 56 %",
        "30 to 42",
        "13 of 13 (100 %)",
        "of those resubmitted",
        "42 of 42 (100 %)",
        "21 of 21 (100 %)",
        "+1.19 (n = 21)",
        "Kept back: it could point at fewer than 10 people",
    ):
        assert words in page, words
    assert "Re-licensed Kept back" in page
    assert "Rural Kept back" in page


def test_those_who_run_it_read_and_export_exact_numbers(world):
    enter_kansas(world)
    client, root = client_of(world.coordinator), f"/programs/{world.program.slug}/numbers/"
    page = plain(client.get(f"{root}exact/"))
    assert "Re-licensed 6 of 15 more who finished nobody knows" in page
    assert "Rural 8 of 8 (100 %)" in page
    rows = client.get(f"{root}exact.csv").content.decode("utf-8-sig").splitlines()
    assert "Finished,21,50" in rows
    book = load_workbook(io.BytesIO(client.get(f"{root}exact.xlsx").content))
    assert ("Re-licensed", 6, None) in list(book.active.iter_rows(values_only=True))


def test_a_list_is_chosen_entered_and_corrected(world):
    client, root = client_of(world.coordinator), f"/programs/{world.program.slug}/numbers/"
    table = "Code,Group,Initiated on,Earned,Re-licensed\nR01,=cmd|calc,2016-09-01,2,yes\nR02,Town,9/2/2016,,\n"

    def send(text):
        file = SimpleUploadedFile("kansas.csv", text.encode(), "text/csv")
        return client.post(f"{root}lists/", {"source": "Roster", "file": file})

    report = client.get(send(table + "R03,Town,soon,1,\nR04,Town,,many,\n")["Location"])
    assert "“soon” is not a day" in plain(report)
    assert "“many” is no count" in plain(report)
    assert not ProgramRecord.objects.exists()
    send(table)
    take(world.coordinator, Import.objects.latest("read_at"))
    assert ProgramRecord.objects.get(code="R01").relicensed == "yes"
    assert "'=cmd|calc" in client.get(f"{root}exact.csv").content.decode()
    client.post(f"{root}finish/", {"finish_at": "2"})
    assert "1 of the 2 who began have finished: 50 %." in plain(client.get(f"{root}exact/"))
    assert client.post(f"{root}finish/", {"finish_at": "0"}).status_code == 422


def test_a_program_that_nobody_has_begun_says_what_will_be_here(world, visitor):
    assert "Nobody has begun yet" in plain(visitor.get(f"/programs/{world.program.slug}/numbers/"))
    assert visitor.get("/programs/none/numbers/").status_code == 404


def test_many_open_answers_come_a_page_at_a_time(world):
    survey = world.survey(scales=())
    rows = [(f"P{n}", {"q1": f"Answer {n}."}) for n in range(30)]
    programs.enter_responses(actor=world.coordinator, survey_id=survey.pk, kind="before", rows=rows)
    client, page = client_of(world.coordinator), f"/surveys/{survey.pk}/themes/"
    first, second = plain(client.get(page)), plain(client.get(f"{page}?page=2"))
    assert ("30 answers to read" in first, first.count("Answer "), second.count("Answer ")) == (True, 50, 10)
