"""Asking before and after, answering, agreeing to research, and reading open answers. Not here: what comes of it (queries)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cairn.apps.ledger.steps import record
from cairn.apps.programs import events, policy
from cairn.apps.programs.models import Offering, Program, ResearchConsent, Survey, SurveyResponse, SurveyRound, ThemeReading
from cairn.apps.programs.queries.surveys import scales_of
from cairn.apps.programs.states import ROUND_KINDS, SURVEY_ROUND
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid, NotFound
from cairn.kernel.ids import new_id
from cairn.kernel.text import clean
from cairn.pure.surveys import Scale, read_scale, scored

WORDS, TITLE, CONSENT, QUESTIONS, THEMES = 5_000, 160, 10_000, 20, 40
IMPORTED = 10_000  # rows at once


@command
def found_survey(
    *, actor: Actor, program_id: str, title: str, scales: Sequence[Mapping[str, Any]], questions: Sequence[str],
    offering_id: str | None = None, irb_number: str = "", consent_text: str = "",
) -> Survey:  # fmt: skip
    """A survey of a program, or of one offering in it, with both its rounds. The scales are kept word for word."""
    program = Program.objects.locked(pk=program_id)
    policy.RUN_PROGRAM.require(actor, program)
    if offering_id and not Offering.objects.filter(pk=offering_id, program=program).exists():
        raise NotFound("offering")
    read = [read_scale(scale) for scale in scales]
    asked = [clean(text, limit=500, field="questions", name="This question").strip() for text in questions if text.strip()]
    _check_content(read, asked)
    consent = clean(consent_text, limit=CONSENT, field="consent_text", name="What one agrees to").strip()
    if irb_number.strip() and not consent:
        words = "Say what people agree to; they read it before they answer."
        raise Invalid("consent-missing", "Research needs the words that people agree to.", words, {"consent_text": words})
    survey = Survey.objects.create(
        program=program, offering_id=offering_id, title=_title(title), irb_number=irb_number.strip()[:60], consent_text=consent,
        content={"scales": list(scales), "questions": [{"key": f"q{n}", "text": text} for n, text in enumerate(asked, 1)]},
    )  # fmt: skip
    SurveyRound.objects.bulk_create(SurveyRound(survey=survey, kind=kind) for kind in ROUND_KINDS)
    record(events.SURVEY_FOUNDED, actor=actor, subject=survey, organization=program.organization_id, title=survey.title,
           scales=[scale.key for scale in read], questions=len(asked), irb_number=survey.irb_number)  # fmt: skip
    return survey


def _title(text: str) -> str:
    title = clean(text, limit=TITLE, field="title", name="The title").strip()
    if not title:
        raise Invalid("title-missing", "A survey needs a title.", "Write one that participants understand.", {"title": "Write a title."})
    return title


def _check_content(scales: Sequence[Scale], questions: Sequence[str]) -> None:
    keys = [item.key for scale in scales for item in scale.items]
    if not (scales or questions):
        remedy = "Choose a scale, or write a question."
        raise Invalid("survey-empty", "A survey asks something.", remedy, {"scales": remedy})
    if len(set(keys)) < len(keys):
        raise Invalid("items-twice", "Two of these scales share an item.", "Give each item a key of its own.", {"scales": "Choose others."})
    if len(questions) > QUESTIONS:
        raise Invalid("too-many-questions", f"At most {QUESTIONS} questions can be asked.", "Take some out.", {"questions": "Ask fewer."})


def _round(actor: Actor, round_id: str) -> SurveyRound:
    return SurveyRound.objects.visible_to(actor).select_related("survey__program").locked(pk=round_id)


@command
def open_round(*, actor: Actor, round_id: str) -> SurveyRound:
    """Ask the participants; they hear of it by letter."""
    asked = _round(actor, round_id)
    policy.RUN_PROGRAM.require(actor, asked.survey.program)
    SURVEY_ROUND.move(asked, to="open")
    asked.opened_at, asked.closed_at = clock.now(), None
    asked.save(update_fields=["state", "opened_at", "closed_at"])
    record(events.SURVEY_OPENED, actor=actor, subject=asked, organization=asked.survey.program.organization_id, kind=asked.kind)
    return asked


@command
def close_round(*, actor: Actor, round_id: str) -> SurveyRound:
    asked = _round(actor, round_id)
    policy.RUN_PROGRAM.require(actor, asked.survey.program)
    SURVEY_ROUND.move(asked, to="closed")
    asked.closed_at = clock.now()
    asked.save(update_fields=["state", "closed_at"])
    record(events.SURVEY_CLOSED, actor=actor, subject=asked, organization=asked.survey.program.organization_id, kind=asked.kind)
    return asked


# --- Answering ------------------------------------------------------------------------------------------------------------
# Facts of answering and of consent bear no organization: its admins read theirs, and would learn who wrote which answer.


def _answering(actor: Actor, round_id: str) -> SurveyResponse:
    """The actor's response in a round that takes answers; a new one bears the code of the other round's."""
    asked = _round(actor, round_id)
    policy.ANSWER_SURVEY.require(actor, asked.survey)
    policy.takes_answers(actor, asked)
    mine = SurveyResponse.objects.filter(person_id=actor.person_id)
    before = mine.filter(round__survey=asked.survey).values_list("code", flat=True).first()
    response, _ = SurveyResponse.objects.get_or_create(round=asked, person_id=actor.person_id, defaults={"code": before or new_id()})
    return response


@command
def write_response(*, actor: Actor, round_id: str, field: str, value: str, revision: int) -> SurveyResponse:
    """Save one answer over its `revision`, the one that the writer saw; nothing takes it back. Conflict where another was saved since."""
    response = _answering(actor, round_id)
    answers, words = dict(response.answers), dict(response.words)
    _set(response.round.survey, answers, words, field, value)
    if (answers, words) == (response.answers, response.words):
        return response
    if response.revisions.get(field, 0) != revision:
        raise Conflict("changed-elsewhere", "This answer was changed in another tab since you opened it here.", "Choose which one stays.")
    return _saved(response, answers, words)


@command
def send_response(*, actor: Actor, round_id: str, values: Mapping[str, str]) -> SurveyResponse:
    """Send the answers as they stand on the page, all fields of it; sent ones may be changed and sent again until the round closes."""
    response = _answering(actor, round_id)
    answers: dict[str, int] = {}
    words: dict[str, str] = {}
    for field, value in values.items():
        _set(response.round.survey, answers, words, field, value)
    if not (answers or words):
        raise Invalid("nothing-answered", "Nothing is answered yet.", "Answer what you like to answer; you may leave out the rest.")
    response.submitted_at = clock.now()
    _saved(response, answers, words)
    record(events.SURVEY_ANSWERED, actor=actor, subject=response, kind=response.round.kind)
    return response


def _saved(response: SurveyResponse, answers: dict[str, int], words: dict[str, str]) -> SurveyResponse:
    before, after = {**response.answers, **response.words}, {**answers, **words}
    for field in before.keys() | after.keys():
        if before.get(field) != after.get(field):
            response.revisions[field] = response.revisions.get(field, 0) + 1
    response.answers, response.words, response.saved_at = answers, words, clock.now()
    response.save()
    return response


def _set(survey: Survey, answers: dict[str, int], words: dict[str, str], field: str, value: str) -> None:
    """One field of the page into the answers: an item's step or a question's words."""
    scale = next((scale for scale in scales_of(survey) if any(item.key == field for item in scale.items)), None)
    if scale is not None:
        answers.pop(field, None)
        if value.strip():
            answers[field] = _step(scale, field, value)
    elif field in {question["key"] for question in survey.content["questions"]}:
        words.pop(field, None)
        if text := clean(value, limit=WORDS, field=field, name="This answer").strip():
            words[field] = text
    else:
        raise Invalid("field-unknown", "This survey does not ask that.", "Reload the page.")


def _step(scale: Scale, field: str, value: str) -> int:
    try:
        step = int(value)
    except ValueError:
        words = f"Answer from {scale.least} to {scale.most}."
        raise Invalid("answer-outside", f"“{value[:20]}” is no answer on the scale {scale.title}.", words, {field: words}) from None
    scored(scale, {field: step})
    return step


# --- Research -------------------------------------------------------------------------------------------------------------


@command
def agree_to_research(*, actor: Actor, survey_id: str) -> ResearchConsent:
    """Let a study use one's answers under a code. Whoever has agreed already has."""
    survey = Survey.objects.visible_to(actor).select_related("program").locked(pk=survey_id)
    policy.ANSWER_SURVEY.require(actor, survey)
    if not survey.irb_number:
        raise Conflict("no-research", "No study uses this survey.", "There is nothing to agree to.")
    told = {"irb_number": survey.irb_number, "text": survey.consent_text}
    consent, is_new = ResearchConsent.objects.get_or_create(survey=survey, person_id=actor.person_id, withdrawn_at=None, defaults=told)
    if is_new:
        record(events.RESEARCH_AGREED, actor=actor, subject=consent, irb_number=survey.irb_number)
    return consent


@command
def withdraw_from_research(*, actor: Actor, consent_id: str) -> ResearchConsent:
    """From now on no export holds their answers; those that a study already has it deletes by the code."""
    consent = ResearchConsent.objects.visible_to(actor).select_related("survey__program").locked(pk=consent_id)
    if consent.withdrawn_at is None:
        consent.withdrawn_at = clock.now()
        consent.save(update_fields=["withdrawn_at"])
        record(events.RESEARCH_WITHDRAWN, actor=actor, subject=consent, irb_number=consent.irb_number)
    return consent


# --- Open answers ---------------------------------------------------------------------------------------------------------


@command
def set_themes(*, actor: Actor, survey_id: str, themes: Sequence[str]) -> Survey:
    """What open answers may be read as. A theme that some answer was read as stays."""
    survey = Survey.objects.visible_to(actor).select_related("program").locked(pk=survey_id)
    policy.RUN_PROGRAM.require(actor, survey.program)
    told = list(dict.fromkeys(clean(theme, limit=80, field="themes", name="A theme").strip() for theme in themes if theme.strip()))
    if len(told) > THEMES:
        raise Invalid("too-many-themes", f"At most {THEMES} themes can be told apart.", "Join some.", {"themes": "Name fewer."})
    used = {theme for found in _readings(survey).values_list("themes", flat=True) for theme in found}
    if lost := sorted(used - set(told)):
        words = f"Some answers were read as {', '.join(lost)}, so it stays."
        raise Conflict("theme-in-use", words, "Read those answers anew first.", {"themes": words})
    survey.themes = told
    survey.save(update_fields=["themes"])
    record(events.THEMES_SET, actor=actor, subject=survey, organization=survey.program.organization_id, themes=told)
    return survey


def _readings(survey: Survey) -> Any:
    return ThemeReading.objects.filter(response__round__survey=survey)


@command
def read_answer(*, actor: Actor, survey_id: str, response_id: str, question: str, themes: Sequence[str]) -> ThemeReading:
    """Name the themes of an open answer, several or none. Each reader has a reading of their own."""
    survey = Survey.objects.visible_to(actor).select_related("program").locked(pk=survey_id)
    policy.RUN_PROGRAM.require(actor, survey.program)
    response = SurveyResponse.objects.filter(pk=response_id, round__survey=survey, submitted_at__isnull=False).first()
    if response is None or question not in response.words or not actor.is_known:
        raise NotFound("answer")
    if not set(themes) <= set(survey.themes):
        raise Invalid("theme-unknown", "One of these themes is not on the list.", "Add it to the list first.", {"themes": "Choose others."})
    told = [theme for theme in survey.themes if theme in themes]
    reading, _ = ThemeReading.objects.update_or_create(
        response=response, question=question, reader_id=actor.person_id, defaults={"themes": told, "read_at": clock.now()}
    )
    record(events.ANSWER_READ, actor=actor, subject=reading, organization=survey.program.organization_id, question=question, themes=told)
    return reading


# --- Answers given elsewhere ----------------------------------------------------------------------------------------------


@command
def enter_responses(*, actor: Actor, survey_id: str, kind: str, rows: Sequence[tuple[str, Mapping[str, str]]]) -> Survey:
    """Answers given on paper or elsewhere, as (code, item -> step). Entered again they change nothing; one wrong, none is entered."""
    survey = Survey.objects.visible_to(actor).select_related("program").locked(pk=survey_id)
    policy.RUN_PROGRAM.require(actor, survey.program)
    asked = SurveyRound.objects.locked(survey=survey, kind=kind)
    if len(rows) > IMPORTED or len({code for code, _ in rows}) < len(rows):
        raise Invalid("codes-twice", "Each code stands on one row, and there are at most 10,000.", "Take out the rows that come twice.")
    known = {response.code: response for response in SurveyResponse.objects.filter(round=asked)}
    entered = [entered_response(survey, asked, code, values, known.get(code)) for code, values in rows]
    fresh = [response for response in entered if response is not None]
    SurveyResponse.objects.bulk_create(fresh)
    record(events.RESPONSES_ENTERED, actor=actor, subject=survey, organization=survey.program.organization_id, kind=kind,
           entered=len(fresh), same=len(rows) - len(fresh))  # fmt: skip
    return survey


def entered_response(
    survey: Survey, asked: SurveyRound, code: str, values: Mapping[str, str], known: SurveyResponse | None
) -> SurveyResponse | None:
    """What is to be written for a code, not saved yet; None where it has these answers already. Raises Refused where it may not be."""
    if not 1 <= len(code) <= 40:
        raise Invalid("code-wrong", f"“{code[:40]}” is no code.", "A code has 1 to 40 characters and names nobody.")
    answers: dict[str, int] = {}
    words: dict[str, str] = {}
    for field, value in values.items():
        _set(survey, answers, words, field, value)
    if known is None:
        return SurveyResponse(round=asked, code=code, answers=answers, words=words, submitted_at=clock.now())
    if (known.answers, known.words) != (answers, words):
        raise Conflict("code-taken", f"The code {code} has other answers already.", "Give these another code, or take the row out.")
    return None
