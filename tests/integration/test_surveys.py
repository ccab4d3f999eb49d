"""Surveys: asked, answered, agreed to, read and exported; what small groups said stays with them."""

from __future__ import annotations

import pytest

from cairn.apps.comms.models import Letter
from cairn.apps.ledger.models import Fact
from cairn.apps.programs import commands as programs
from cairn.apps.programs import queries
from cairn.apps.programs.models import ResearchConsent, Survey, SurveyResponse, ThemeReading
from cairn.frame.actor import VISITOR
from cairn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from cairn.kernel.ids import new_id
from cairn.pure.surveys import Share
from cairn.site.worker import drain
from tests.surveys_world import CONSENT, SurveyWorld, answers, scale
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return SurveyWorld()


# --- Making one -----------------------------------------------------------------------------------------------------------


def test_a_survey_keeps_its_scales_word_for_word_and_has_two_rounds(world):
    survey = world.survey()
    assert survey.content["scales"][0] == scale("self-efficacy")
    assert [each.state for each in survey.rounds.all()] == ["planned", "planned"]
    assert Fact.objects.filter(kind="programs.survey_founded", subject_id=survey.pk).count() == 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"title": "  "}, "title-missing"),
        ({"scales": [], "questions": ["  "]}, "survey-empty"),
        ({"scales": [{"key": "x"}]}, "scale-unreadable"),
        ({"irb_number": "IRB 1", "consent_text": ""}, "consent-missing"),
        ({"questions": ["Why?"] * 21}, "too-many-questions"),
    ],
)
def test_a_survey_that_asks_nothing_or_says_too_little_is_refused(world, wrong, code):
    given = {"title": "T", "scales": [scale("self-efficacy")], "questions": []}
    with pytest.raises(Invalid) as refusal:
        programs.found_survey(actor=world.coordinator, program_id=world.program.pk, **{**given, **wrong})
    assert refusal.value.code == code
    assert not Survey.objects.exists()


def test_two_scales_with_one_item_are_refused(world):
    with pytest.raises(Invalid, match="share an item"):
        world.survey(scales=("self-efficacy", "self-efficacy"))


def test_strangers_make_no_survey_and_the_same_request_makes_one(world):
    given = {"program_id": world.program.pk, "title": "T", "scales": [scale("self-efficacy")], "questions": []}
    with pytest.raises(Forbidden):
        programs.found_survey(actor=world.person("Sam Stranger"), **given)
    keyed = world.coordinator.with_key(new_id())
    assert programs.found_survey(actor=keyed, **given) == programs.found_survey(actor=keyed, **given)
    assert Survey.objects.count() == 1


def test_a_survey_of_another_programs_offering_is_refused(world):
    with pytest.raises(NotFound):
        world.survey(offering_id=new_id())


# --- Being asked ----------------------------------------------------------------------------------------------------------


def test_opening_a_round_tells_every_participant_by_letter_once(world):
    world.participants(3)
    asked = world.round(world.survey())
    drain()
    letters = Letter.objects.filter(kind="programs.survey_opened")
    assert letters.count() == 3
    assert f"/surveys/{asked.pk}/" in letters.first().text
    assert "changes nothing about what you earn" in letters.first().text


def test_a_round_opens_and_closes_by_its_table(world):
    asked = world.round(world.survey())
    with pytest.raises(Conflict):
        programs.open_round(actor=world.coordinator, round_id=asked.pk)
    programs.close_round(actor=world.coordinator, round_id=asked.pk)
    with pytest.raises(Conflict):
        programs.close_round(actor=world.coordinator, round_id=asked.pk)
    with pytest.raises(NotFound):
        programs.open_round(actor=world.person("Sam Stranger"), round_id=asked.pk)
    participant = world.participants(1)[0]
    with pytest.raises(Forbidden):
        programs.open_round(actor=participant, round_id=asked.pk)
    keyed = world.coordinator.with_key(new_id())
    assert programs.open_round(actor=keyed, round_id=asked.pk) == programs.open_round(actor=keyed, round_id=asked.pk)


def test_answers_save_themselves_field_by_field_and_no_tab_overwrites_another(world):
    (actor,) = world.participants(1)
    asked = world.round(world.survey())
    first = programs.write_response(actor=actor, round_id=asked.pk, field="se-plan", value="4", revision=0)
    assert (first.answers, first.revisions, first.submitted_at) == ({"se-plan": 4}, {"se-plan": 1}, None)
    programs.write_response(actor=actor, round_id=asked.pk, field="q1", value=" We plan\r\ntogether. ", revision=0)
    with pytest.raises(Conflict, match="another tab"):
        programs.write_response(actor=actor, round_id=asked.pk, field="se-plan", value="5", revision=0)
    again = programs.write_response(actor=actor, round_id=asked.pk, field="se-plan", value="4", revision=0)
    assert (again.revisions, again.words) == ({"se-plan": 1, "q1": 1}, {"q1": "We plan\ntogether."})
    taken_back = programs.write_response(actor=actor, round_id=asked.pk, field="se-plan", value="", revision=1)
    assert taken_back.answers == {}


def test_sent_answers_may_be_changed_until_the_round_closes(world):
    (actor,) = world.participants(1)
    survey = world.survey()
    asked = world.round(survey)
    world.send(actor, asked, 4)
    world.send(actor, asked, 5)
    assert SurveyResponse.objects.get().answers["se-plan"] == 5
    programs.close_round(actor=world.coordinator, round_id=asked.pk)
    for act in (
        lambda: world.send(actor, asked, 3),
        lambda: programs.write_response(actor=actor, round_id=asked.pk, field="se-plan", value="1", revision=2),
    ):
        with pytest.raises(Conflict, match="Nobody can answer this"):
            act()
    assert SurveyResponse.objects.get().answers["se-plan"] == 5


def test_the_same_request_sends_once(world):
    (actor,) = world.participants(1)
    survey = world.survey()
    asked = world.round(survey)
    keyed = actor.with_key(new_id())
    sent = {programs.send_response(actor=keyed, round_id=asked.pk, values=answers(survey, 4)).revisions["se-plan"] for _ in range(2)}
    assert sent == {1}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"se-plan": "7"}, "Answer from 1 to 6"),
        ({"se-plan": "x\x00"}, "Answer from"),
        ({"none": "1"}, "does not ask"),
        ({}, "Nothing is answered"),
    ],
)
def test_answers_that_are_none_are_refused_and_nothing_is_kept(world, values, words):
    (actor,) = world.participants(1)
    asked = world.round(world.survey())
    with pytest.raises(Invalid, match=words):
        programs.send_response(actor=actor, round_id=asked.pk, values=values)
    assert not SurveyResponse.objects.exists()


def test_only_participants_are_asked(world):
    asked = world.round(world.survey())
    stranger = world.person("Sam Stranger")
    for viewer in (stranger, VISITOR):
        with pytest.raises(NotFound):
            queries.answering(viewer, asked.pk)
        with pytest.raises(NotFound):
            programs.send_response(actor=viewer, round_id=asked.pk, values={"se-plan": "4"})
    with pytest.raises(Forbidden, match="asks those who take part"):
        programs.send_response(actor=world.coordinator, round_id=asked.pk, values={"se-plan": "4"})
    (actor,) = world.participants(1)
    assert [each.pk for each, _ in queries.my_rounds(actor)] == [asked.pk]
    assert queries.my_rounds(stranger) == queries.my_rounds(VISITOR) == []


def test_a_survey_of_one_offering_asks_only_those_who_are_in_it(world):
    inside, outside = world.participants(1)[0], world.person("Olga Outside")
    survey = world.survey(offering_id=world.offering.pk)
    other = world.offer(days=30)
    asked = world.round(survey)
    programs.enroll(actor=outside, offering_id=other.pk)
    assert [each.pk for each, _ in queries.my_rounds(inside)] == [asked.pk]
    assert queries.my_rounds(outside) == []


def test_those_who_run_the_program_never_see_a_single_response(world):
    (actor,) = world.participants(1)
    asked = world.round(world.survey())
    world.send(actor, asked, 4, "I alone wrote this.")
    programs.agree_to_research(actor=actor, survey_id=asked.survey_id)
    for runner in (world.coordinator, world.admin):
        assert not SurveyResponse.objects.visible_to(runner).exists()
        assert not ResearchConsent.objects.visible_to(runner).exists()
    assert SurveyResponse.objects.visible_to(actor).count() == 1


def test_admins_find_no_fact_that_ties_a_person_to_an_answer(world):
    (actor,) = world.participants(1)
    asked = world.round(world.survey())
    world.send(actor, asked, 4, "I alone wrote this.")
    consent = programs.agree_to_research(actor=actor, survey_id=asked.survey_id)
    programs.withdraw_from_research(actor=actor, consent_id=consent.pk)
    hidden = {"programs.survey_answered", "programs.research_agreed", "programs.research_withdrawn"}
    assert hidden <= set(Fact.objects.values_list("kind", flat=True))
    assert not Fact.objects.visible_to(world.admin).filter(kind__in=hidden).exists()
    assert Fact.objects.visible_to(world.admin).filter(kind="programs.survey_opened").exists()


def test_not_answering_keeps_nobody_from_completing(world):
    world.round(world.survey())
    world.completed(1)
    assert queries.completions_of(world.offering) == 1


# --- Research -------------------------------------------------------------------------------------------------------------


def test_research_is_agreed_to_apart_and_withdrawn_at_any_time(world):
    (actor,) = world.participants(1)
    survey = world.survey()
    world.round(survey)
    consent = programs.agree_to_research(actor=actor, survey_id=survey.pk)
    assert programs.agree_to_research(actor=actor, survey_id=survey.pk) == consent
    assert (consent.text, consent.irb_number) == (CONSENT, "IRB 2026-17")
    stranger = world.person("Sam Stranger")
    with pytest.raises(NotFound):
        programs.withdraw_from_research(actor=stranger, consent_id=consent.pk)
    with pytest.raises(NotFound):
        programs.agree_to_research(actor=stranger, survey_id=survey.pk)
    programs.withdraw_from_research(actor=actor, consent_id=consent.pk)
    again = programs.withdraw_from_research(actor=actor, consent_id=consent.pk)
    assert again.withdrawn_at is not None
    assert Fact.objects.filter(kind="programs.research_withdrawn").count() == 1
    assert programs.agree_to_research(actor=actor, survey_id=survey.pk) != consent


def test_without_a_study_there_is_nothing_to_agree_to(world):
    (actor,) = world.participants(1)
    survey = world.survey(irb_number="")
    with pytest.raises(Conflict, match="No study uses this survey"):
        programs.agree_to_research(actor=actor, survey_id=survey.pk)


def test_the_export_holds_those_who_agreed_under_codes_and_nobody_else(world):
    agreed, silent, withdrawn = world.participants(3)
    survey = world.survey()
    before, after = world.round(survey), world.round(survey, "after")
    for actor in (agreed, silent, withdrawn):
        world.send(actor, before, 3, "My colleague Dana said so.")
        world.send(actor, after, 5)
    programs.agree_to_research(actor=agreed, survey_id=survey.pk)
    consent = programs.agree_to_research(actor=withdrawn, survey_id=survey.pk)
    programs.withdraw_from_research(actor=withdrawn, consent_id=consent.pk)
    head, *rows = queries.research_rows(world.coordinator, survey.pk)
    assert head[:4] == ["code", "round", "self-efficacy score", "collective-efficacy score"]
    assert [row[1:4] for row in rows] == [["before", 3, 3], ["after", 5, 5]]
    assert len({row[0] for row in rows}) == 1
    told = repr(rows)
    assert agreed.person_id not in told
    assert "Dana" not in told
    for viewer in (agreed, world.person("Sam Stranger")):
        with pytest.raises(NotFound):
            queries.research_rows(viewer, survey.pk)


# --- Results --------------------------------------------------------------------------------------------------------------


def answered_by(world, count):
    survey = world.survey()
    before, after = world.round(survey), world.round(survey, "after")
    for n, actor in enumerate(world.participants(count)):
        world.send(actor, before, 2 + n % 2, f"Words {n}")
        world.send(actor, after, 4 + n % 3 // 2)
    return survey


def test_results_show_paired_change_with_n_interval_and_effect(world):
    told = queries.results(world.coordinator, answered_by(world, 10).pk)
    one = told.scales[0]
    assert (one.before, one.after, one.pairs, one.change.n) == (10, 10, 10, 10)
    assert one.change.low < one.change.mean < one.change.high
    assert one.change.mean == pytest.approx(1.8)
    assert one.rose == Share(10, 10)
    assert (one.alpha_before.n, one.alpha_before.value) == (10, pytest.approx(1.0))
    assert [(line.answered, line.asked) for line in told.rounds] == [(10, 10), (10, 10)]


def test_below_ten_no_figure_is_shown(world):
    told = queries.results(world.coordinator, answered_by(world, 9).pk)
    assert {(one.pairs, one.change, one.rose, one.alpha_before, one.alpha_after) for one in told.scales} == {(9, None, None, None, None)}


def test_results_are_for_those_who_run_the_program(world):
    survey = world.survey()
    (actor,) = world.participants(1)
    for viewer in (actor, world.person("Sam Stranger"), VISITOR):
        with pytest.raises(NotFound):
            queries.results(viewer, survey.pk)
        with pytest.raises(NotFound):
            queries.open_answers(viewer, survey.pk)
        with pytest.raises(NotFound):
            queries.surveys_in(viewer, world.program)


# --- Themes ---------------------------------------------------------------------------------------------------------------

TEAM, SCHOOL = "Confidence in teammates", "Confidence in school"


def test_two_readers_name_themes_apart_and_their_agreement_has_its_n(world):
    survey = answered_by(world, 12)
    programs.set_themes(actor=world.coordinator, survey_id=survey.pk, themes=[TEAM, SCHOOL, TEAM, " "])
    for reader, others in ((world.coordinator, [TEAM]), (world.admin, [TEAM, SCHOOL])):
        for n, answer in enumerate(queries.open_answers(reader, survey.pk)):
            assert answer.mine is None
            themes = others if answer.text == "Words 3" else [] if n > 20 else [TEAM]
            programs.read_answer(actor=reader, survey_id=survey.pk, response_id=answer.response_id, question="q1", themes=themes)
    (told,) = queries.results(world.coordinator, survey.pk).questions
    assert (told.answers, told.read) == (12, 12)
    assert dict(told.themes) == {TEAM: 12, SCHOOL: None}
    assert told.agreement == Share(11, 12)
    assert all(answer.mine is not None for answer in queries.open_answers(world.admin, survey.pk))


def test_a_reading_is_corrected_in_place_and_its_theme_stays_on_the_list(world):
    survey = answered_by(world, 1)
    with pytest.raises(Invalid, match="not on the list"):
        read(world, survey, [TEAM])
    programs.set_themes(actor=world.coordinator, survey_id=survey.pk, themes=[TEAM, SCHOOL])
    read(world, survey, [TEAM])
    read(world, survey, [SCHOOL, TEAM])
    assert ThemeReading.objects.get().themes == [TEAM, SCHOOL]
    with pytest.raises(Conflict, match="so it stays"):
        programs.set_themes(actor=world.coordinator, survey_id=survey.pk, themes=[TEAM])
    with pytest.raises(Invalid):
        programs.set_themes(actor=world.coordinator, survey_id=survey.pk, themes=[str(n) for n in range(41)])


def read(world, survey, themes, actor=None):
    response = SurveyResponse.objects.filter(round__survey=survey, round__kind="before").first()
    return programs.read_answer(
        actor=actor or world.coordinator, survey_id=survey.pk, response_id=response.pk, question="q1", themes=themes
    )


def test_strangers_read_no_answer_and_an_unknown_one_is_not_found(world):
    survey = answered_by(world, 1)
    for act in (
        lambda: read(world, survey, [], world.person("Sam Stranger")),
        lambda: programs.set_themes(actor=world.person("Sue Stranger"), survey_id=survey.pk, themes=[]),
        lambda: programs.read_answer(actor=world.coordinator, survey_id=survey.pk, response_id=new_id(), question="q1", themes=[]),
    ):
        with pytest.raises(NotFound):
            act()
    keyed = world.coordinator.with_key(new_id())
    assert read(world, survey, [], keyed) == read(world, survey, [], keyed)


# --- Answers from elsewhere -----------------------------------------------------------------------------------------------


def test_answers_given_on_paper_are_entered_once_under_their_codes(world):
    survey = world.survey()
    rows = [(f"P{n}", answers(survey, 3)) for n in range(11)]
    for _ in range(2):
        programs.enter_responses(actor=world.coordinator, survey_id=survey.pk, kind="before", rows=rows)
    later = [(code, answers(survey, 5)) for code, _ in rows]
    programs.enter_responses(actor=world.coordinator, survey_id=survey.pk, kind="after", rows=later)
    assert SurveyResponse.objects.count() == 22
    assert queries.results(world.coordinator, survey.pk).scales[1].change.mean == 2
    assert len(queries.research_rows(world.coordinator, survey.pk)) == 1


@pytest.mark.parametrize("rows", [[("", {})], [("P1", {"se-plan": "9"})], [("P1", {}), ("P1", {})], [("P2", {"x": "1"})]])
def test_one_wrong_row_enters_none(world, rows):
    survey = world.survey()
    with pytest.raises(Invalid):
        programs.enter_responses(actor=world.coordinator, survey_id=survey.pk, kind="before", rows=[("P0", {"se-plan": "1"}), *rows])
    with pytest.raises(NotFound):
        programs.enter_responses(actor=world.person("Sam Stranger"), survey_id=survey.pk, kind="before", rows=[("P0", {})])
    assert not SurveyResponse.objects.exists()


def test_a_code_with_other_answers_is_refused(world):
    survey = world.survey()
    programs.enter_responses(actor=SYSTEM, survey_id=survey.pk, kind="before", rows=[("P0", {"se-plan": "1"})])
    with pytest.raises(Conflict, match="other answers already"):
        programs.enter_responses(actor=SYSTEM, survey_id=survey.pk, kind="before", rows=[("P0", {"se-plan": "2"})])
