"""Reading surveys: what one is asked, what came of it, open answers without names, and the coded export of those who agreed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from cairn.apps.comms.queries import Notice
from cairn.apps.programs.models import (
    Enrollment,
    Program,
    ResearchConsent,
    Survey,
    SurveyResponse,
    SurveyRound,
    SurveyRoundQuerySet,
    ThemeReading,
)
from cairn.apps.programs.queries.imports import RESPONSES, FileKind
from cairn.apps.programs.queries.records import require_run
from cairn.frame.actor import Actor
from cairn.kernel.errors import NotFound
from cairn.kernel.facts import Recorded
from cairn.pure.files import Column
from cairn.pure.surveys import (
    FLOOR,
    Alpha,
    Change,
    Scale,
    Share,
    alpha,
    exact_agreement,
    paired_change,
    read_scale,
    score,
    scored,
    share_changed,
    shown_share,
)

RISE = 1.0  # what counts as having risen, in the scale's own units


def scales_of(survey: Survey) -> tuple[Scale, ...]:
    return tuple(read_scale(told) for told in survey.content["scales"])


# --- Those who are asked --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answering:
    """The page of somebody who is asked: `response` once something is saved, `consent` while it is in force."""

    round: SurveyRound
    survey: Survey
    scales: tuple[Scale, ...]
    questions: tuple[tuple[str, str], ...]
    response: SurveyResponse | None
    consent: ResearchConsent | None


def _asked(viewer: Actor) -> SurveyRoundQuerySet:
    """Rounds of surveys whose participants the viewer is among, as those who run the program are not."""
    runs = Enrollment.objects.filter(person_id=viewer.person_id, offering__program=OuterRef("survey__program"))
    its_own = runs.filter(offering=OuterRef("survey__offering"))
    asked = Q(Exists(runs), survey__offering=None) | Q(Exists(its_own))
    return SurveyRound.objects.visible_to(viewer).filter(asked).select_related("survey__program")


def my_rounds(viewer: Actor) -> list[tuple[SurveyRound, SurveyResponse | None]]:
    """Open rounds in which the viewer is asked, with what they answered so far."""
    rounds = list(_asked(viewer).filter(state="open").order_by("-opened_at", "pk")) if viewer.is_known else []
    own = {response.round_id: response for response in SurveyResponse.objects.visible_to(viewer).filter(round__in=rounds)}
    return [(asked, own.get(asked.pk)) for asked in rounds]


def answering(viewer: Actor, round_id: str) -> Answering:
    """NotFound to whoever is not asked, and before it opens; once closed it can be read by those who answered."""
    asked = _asked(viewer).exclude(state="planned").get_or_not_found(pk=round_id) if viewer.is_known else None
    if asked is None:
        raise NotFound("survey")
    response = SurveyResponse.objects.visible_to(viewer).filter(round=asked, person_id=viewer.person_id).first()
    consents = ResearchConsent.objects.visible_to(viewer).filter(survey=asked.survey, person_id=viewer.person_id)
    questions = tuple((question["key"], question["text"]) for question in asked.survey.content["questions"])
    return Answering(asked, asked.survey, scales_of(asked.survey), questions, response, consents.filter(withdrawn_at=None).first())


def survey_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """Everybody who ever began in what the survey asks about, those who left included: their answers count as much."""
    asked = SurveyRound.objects.visible_to(viewer).select_related("survey").get(pk=fact.subject_id)
    words = {"title": asked.survey.title, "kind": asked.kind, "path": f"/surveys/{asked.pk}/"}
    runs = _participants(viewer, asked.survey).exclude(person__in=_answered(asked)).select_related("person")
    persons = {run.person_id: run.person for run in runs}
    return tuple(Notice(fact.kind, person.pk, person.name, person.email, words) for person in persons.values())


def _participants(viewer: Actor, survey: Survey) -> QuerySet[Enrollment]:
    runs = Enrollment.objects.visible_to(viewer)
    return runs.filter(offering=survey.offering_id) if survey.offering_id else runs.filter(offering__program=survey.program_id)


def _answered(asked: SurveyRound) -> QuerySet[SurveyResponse, str | None]:
    return SurveyResponse.objects.filter(round=asked, person__isnull=False, submitted_at__isnull=False).values_list("person_id", flat=True)


# --- Those who ask --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RoundLine:
    round: SurveyRound
    answered: int
    asked: int


def surveys_in(viewer: Actor, program: Program) -> list[tuple[Survey, list[RoundLine]]]:
    """A program's surveys with how many answered; there is no such list but for those who run it."""
    require_run(viewer, program)
    surveys = Survey.objects.visible_to(viewer).filter(program=program).prefetch_related("rounds").order_by("-created_at", "pk")
    return [(each, [_line(viewer, each, asked) for asked in in_order(each)]) for each in surveys]


def in_order(survey: Survey) -> list[SurveyRound]:
    return sorted(survey.rounds.all(), key=lambda asked: asked.kind != "before")


def _line(viewer: Actor, survey: Survey, asked: SurveyRound) -> RoundLine:
    sent = SurveyResponse.objects.filter(round=asked, submitted_at__isnull=False)
    imported = sent.filter(person=None).count()
    return RoundLine(asked, sent.count(), imported + _participants(viewer, survey).order_by().values("person_id").distinct().count())


def survey(viewer: Actor, survey_id: str) -> Survey:
    """For those who run its program."""
    found = Survey.objects.visible_to(viewer).select_related("program", "offering").get_or_not_found(pk=survey_id)
    require_run(viewer, found.program)
    return found


def response_file(survey: Survey) -> FileKind:
    """What a file of answers to this survey looks like: a code, and a column for each item and question, headed by its words or its key."""
    items = tuple(Column(item.key, item.text) for scale in scales_of(survey) for item in scale.items)
    questions = tuple(Column(question["key"], question["text"]) for question in survey.content["questions"])
    about = "Answers given on paper or elsewhere: one line for each person, under a code that names nobody, the same before and after."
    return FileKind(RESPONSES, "Answers", about, (Column("code", "Code", ("person", "id"), is_needed=True), *items, *questions))


@dataclass(frozen=True)
class ScaleResult:
    """What a scale shows; None where fewer than ten people stand behind it. `rose` counts those who rose by a step or more."""

    scale: Scale
    before: int
    after: int
    pairs: int
    change: Change | None
    rose: Share | None
    alpha_before: Alpha | None
    alpha_after: Alpha | None


@dataclass(frozen=True)
class ThemeResult:
    """An open question: how many answers were read, how many bear each theme (None: fewer than ten), and how often two readers agree."""

    key: str
    question: str
    answers: int
    read: int
    themes: tuple[tuple[str, int | None], ...]
    agreement: Share | None


@dataclass(frozen=True)
class Results:
    survey: Survey
    rounds: tuple[RoundLine, ...]
    scales: tuple[ScaleResult, ...]
    questions: tuple[ThemeResult, ...]
    agreed: int  # to research; 0 also while fewer than ten have


def results(viewer: Actor, survey_id: str) -> Results:
    """Figures for those who run the program; nobody's single answer, and nothing that fewer than ten people stand behind."""
    found = survey(viewer, survey_id)
    rounds = in_order(found)
    by_kind = {asked.kind: {r.code: r for r in _sent(found).filter(round=asked)} for asked in rounds}
    before, after = by_kind.get("before", {}), by_kind.get("after", {})
    agreed = ResearchConsent.objects.filter(survey=found, withdrawn_at=None).count()
    return Results(
        found, tuple(_line(viewer, found, asked) for asked in rounds),
        tuple(_scale_result(scale, before, after) for scale in scales_of(found)),
        tuple(_theme_result(found, question) for question in found.content["questions"]), agreed if agreed >= FLOOR else 0,
    )  # fmt: skip


def _sent(survey: Survey) -> QuerySet[SurveyResponse]:
    return SurveyResponse.objects.filter(round__survey=survey, submitted_at__isnull=False)


def _scale_result(scale: Scale, before: Mapping[str, SurveyResponse], after: Mapping[str, SurveyResponse]) -> ScaleResult:
    """Of responses by code."""
    scores = [{code: s for code, r in told.items() if (s := score(scale, r.answers)) is not None} for told in (before, after)]
    pairs = [(scores[0][code], scores[1][code]) for code in sorted(scores[0].keys() & scores[1].keys())]
    is_shown = len(pairs) >= FLOOR
    return ScaleResult(
        scale, len(scores[0]), len(scores[1]), len(pairs), paired_change(pairs) if is_shown else None,
        shown_share(share_changed(pairs, RISE)) if is_shown else None, _alpha(scale, before.values()), _alpha(scale, after.values()),
    )  # fmt: skip


def _alpha(scale: Scale, responses: Iterable[SurveyResponse]) -> Alpha | None:
    told = alpha([scored(scale, response.answers) for response in responses])
    return told if told.n >= FLOOR else None


def _theme_result(survey: Survey, question: Mapping[str, str]) -> ThemeResult:
    answers = sum(question["key"] in response.words for response in _sent(survey))
    readings = ThemeReading.objects.filter(response__round__survey=survey, question=question["key"])
    by_reader: dict[str, dict[str, frozenset[str]]] = {}
    named: dict[str, set[str]] = {}
    for reading in readings:
        by_reader.setdefault(reading.reader_id, {})[reading.response_id] = frozenset(reading.themes)
        named.setdefault(reading.response_id, set()).update(reading.themes)
    counts = Counter(theme for themes in named.values() for theme in themes)
    themes = tuple((theme, counts[theme] if counts[theme] >= FLOOR or not counts[theme] else None) for theme in survey.themes)
    two = sorted(by_reader, key=lambda reader: (-len(by_reader[reader]), reader))[:2]
    agreement = exact_agreement(by_reader[two[0]], by_reader[two[1]]) if len(two) == 2 else None
    return ThemeResult(question["key"], question["text"], answers, len(named), themes, agreement)


@dataclass(frozen=True)
class OpenAnswer:
    """An open answer without its writer; `mine` is what the viewer read in it, None before they have."""

    response_id: str
    question: str
    text: str
    mine: tuple[str, ...] | None


def open_answers(viewer: Actor, survey_id: str) -> tuple[OpenAnswer, ...]:
    """All of them in an order that says nothing of who wrote when: those not yet read by the viewer first."""
    found = survey(viewer, survey_id)
    own = ThemeReading.objects.visible_to(viewer).filter(response__round__survey=found, reader_id=viewer.person_id)
    mine = {(reading.response_id, reading.question): tuple(reading.themes) for reading in own}
    answers = [
        OpenAnswer(response.pk, key, text, mine.get((response.pk, key)))
        for response in _sent(found)
        for key, text in response.words.items()
    ]
    return tuple(sorted(answers, key=lambda each: (each.mine is not None, each.question, each.response_id)))


def research_rows(viewer: Actor, survey_id: str) -> list[list[str | int | float | None]]:
    """The export for a study: a head, then a row for each sent response of those whose consent is in force, under their codes. No names, no
    times, and no open answers, which may name somebody."""
    found = survey(viewer, survey_id)
    scales = scales_of(found)
    agreed = ResearchConsent.objects.filter(survey=found, withdrawn_at=None, person=OuterRef("person"))
    kept = _sent(found).filter(Exists(agreed)).select_related("round").order_by("code", "-round__kind")
    head: list[str | int | float | None] = ["code", "round", *(f"{scale.key} score" for scale in scales)]
    head += [item.key for scale in scales for item in scale.items]
    rows = [
        [response.code, response.round.kind, *(score(scale, response.answers) for scale in scales)]
        + [response.answers.get(item.key) for scale in scales for item in scale.items]
        for response in kept
    ]  # fmt: skip
    return [head, *rows]
