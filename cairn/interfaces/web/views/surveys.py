"""Surveys: answering one, agreeing to research; making, opening and reading them for those who run the program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cairn.apps.programs import commands
from cairn.apps.programs import queries as programs
from cairn.apps.programs.queries import Answering, RoundLine, Survey
from cairn.interfaces.web import figures
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.forms.surveys import SurveyForm, ThemesForm, sent_answers
from cairn.interfaces.web.packed import table_file
from cairn.interfaces.web.views.frame import Request
from cairn.kernel.errors import Conflict, Invalid, Refused

ANSWERS_A_PAGE = 25


# --- Answering ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ShownField:
    """An item or question as the page shows it: what is answered so far, and its version for autosave."""

    key: str
    text: str
    value: str
    version: int
    error: str
    choices: tuple[tuple[str, str], ...] = ()


@login_required
def survey(request: Request, round_id: str) -> HttpResponse:
    """The page of a round; sending it sends every answer as it stands there."""
    if request.method != "POST":
        return _survey(request, programs.answering(request.actor, round_id))
    try:
        commands.send_response(actor=request.actor, round_id=round_id, values=sent_answers(request.POST))
    except Invalid as refusal:
        return _survey(request, programs.answering(request.actor, round_id), refusal)
    messages.success(request, "Your answers are sent. You may change them until the survey closes.")
    return redirect("survey", round_id)


def _survey(request: Request, page: Answering, refusal: Refused | None = None) -> HttpResponse:
    sent = sent_answers(request.POST) if refusal else {}
    saved = {**page.response.answers, **page.response.words} if page.response else {}
    versions = page.response.revisions if page.response else {}
    wrong = dict(refusal.fields) if refusal else {}

    def shown(key: str, text: str, choices: Any = ()) -> ShownField:
        value = sent.get(key, "") if refusal else str(saved.get(key, ""))
        return ShownField(key, text, value, versions.get(key, 0), wrong.get(key, ""), tuple((str(n), word) for n, word in choices))

    scales = [(scale.title, [shown(item.key, item.text, scale.choices) for item in scale.items]) for scale in page.scales]
    told = {
        "page": page, "scales": scales, "questions": [shown(key, text) for key, text in page.questions],
        "is_open": page.round.state == "open",
        "items": sum(len(fields) for _, fields in scales), "refusal": refusal,
        "problems": [{"href": f"#{key}", "words": words} for key, words in wrong.items()] or ([{"words": str(refusal)}] if refusal else []),
    }  # fmt: skip
    return render(request, "surveys/answer.html", told, status=refusal.status if refusal else 200)


@login_required
@require_POST
def save_answer(request: Request, round_id: str) -> HttpResponse:
    """The protocol of static/cairn/js/autosave.js."""
    field, version = request.POST.get("field", ""), request.POST.get("version", "")
    try:
        told = {"field": field, "value": request.POST.get("value", ""), "revision": int(version) if version.isdecimal() else 0}
        saved = commands.write_response(actor=request.actor.with_key(""), round_id=round_id, **told)  # type: ignore[arg-type]
    except Conflict as refusal:
        if refusal.code != "changed-elsewhere":
            raise
        return _stands(request, round_id, field, refusal)
    return JsonResponse({"saved_at": saved.saved_at.isoformat(), "version": saved.revisions.get(field, 0)})


def _stands(request: Request, round_id: str, field: str, refusal: Refused) -> JsonResponse:
    """What another tab saved there."""
    response = programs.answering(request.actor, round_id).response
    saved = {**response.answers, **response.words} if response else {}
    version = response.revisions.get(field, 0) if response else 0
    return JsonResponse({"current": {"value": str(saved.get(field, "")), "version": version}, "message": refusal.message}, status=409)


@login_required
@require_POST
def research(request: Request, round_id: str) -> HttpResponse:
    """Yes to a study, or no longer."""
    page = programs.answering(request.actor, round_id)
    if page.consent and "withdraw" in request.POST:
        commands.withdraw_from_research(actor=request.actor, consent_id=page.consent.pk)
        messages.success(request, "The study no longer uses your answers.")
    elif "agree" in request.POST:
        commands.agree_to_research(actor=request.actor, survey_id=page.survey.pk)
        messages.success(request, "Thank you. The study may use your answers under a code.")
    return redirect("survey", round_id)


# --- Asking ---------------------------------------------------------------------------------------------------------------


@login_required
def program_surveys(request: Request, slug: str) -> HttpResponse:
    program = programs.run_program(request.actor, slug)
    form = SurveyForm(request.POST or None)
    surveys = programs.surveys_in(request.actor, program)
    if form.is_bound and form.is_valid():
        try:
            commands.found_survey(actor=request.actor, program_id=program.pk, **form.told())
            messages.success(request, "The survey is there. Nobody is asked before you open its first round.")
            return redirect("program_surveys", slug)
        except Refused as refusal:
            form.refuse(refusal)
    told = {"program": program, "surveys": surveys, "form": form}
    return render(request, "surveys/program.html", told, status=422 if form.errors else 200)


@login_required
@require_POST
def survey_round(request: Request, survey_id: str, kind: str) -> HttpResponse:
    """Open a round, or close it."""
    found = programs.survey(request.actor, survey_id)
    line = _line_of(request, survey_id, kind)
    is_closing = "close" in request.POST
    act = commands.close_round if is_closing else commands.open_round
    act(actor=request.actor, round_id=line.round.pk)
    messages.success(request, "Closed." if is_closing else "Open. Every participant is told by letter.")
    return redirect("program_surveys", found.program.slug)


def _line_of(request: Request, survey_id: str, kind: str) -> RoundLine:
    rounds = programs.results(request.actor, survey_id).rounds
    return next(line for line in rounds if line.round.kind == kind)


@login_required
@require_safe
def survey_results(request: Request, survey_id: str) -> HttpResponse:
    told = programs.results(request.actor, survey_id)
    questions = [(question, figures.share(question.agreement) if question.agreement else "", figures.certainty(question.agreement))
                 for question in told.questions]  # fmt: skip
    shown = {"told": told, "scales": [figures.scale(scale) for scale in told.scales], "changes": figures.changes(told.scales),
             "bounds": figures.bounds(told.scales), "questions": questions}  # fmt: skip
    return render(request, "surveys/results.html", shown)


@login_required
@require_safe
def survey_research(request: Request, survey_id: str, form: str) -> HttpResponse:
    return table_file(programs.research_rows(request.actor, survey_id), "survey-research", form)


@login_required
def survey_themes(request: Request, survey_id: str) -> HttpResponse:
    """The open answers one by one, and the themes that they may be read as."""
    found = programs.survey(request.actor, survey_id)
    form = ThemesForm(request.POST or None, initial={"themes": "\n".join(found.themes)})
    if form.is_bound and form.is_valid():
        try:
            commands.set_themes(actor=request.actor, survey_id=survey_id, themes=form.told())
            return redirect("survey_themes", survey_id)
        except Refused as refusal:
            form.refuse(refusal)
    return _themes(request, found, form)


def _themes(request: Request, found: Survey, form: ThemesForm) -> HttpResponse:
    answers = programs.open_answers(request.actor, found.pk)
    questions = {question["key"]: question["text"] for question in found.content["questions"]}
    page = Paginator(answers, ANSWERS_A_PAGE).get_page(request.GET.get("page"))
    shown = [(answer, questions.get(answer.question, "")) for answer in page]
    told = {"survey": found, "form": form, "page": page, "answers": shown, "left": sum(answer.mine is None for answer in answers)}
    return render(request, "surveys/themes.html", told, status=422 if form.errors else 200)


@login_required
@require_POST
def read_answer(request: Request, survey_id: str, response_id: str, question: str) -> HttpResponse:
    themes = request.POST.getlist("themes")
    commands.read_answer(actor=request.actor, survey_id=survey_id, response_id=response_id, question=question, themes=themes)
    return redirect("survey_themes", survey_id)


urlpatterns = [
    path("surveys/<id:round_id>/", survey, name="survey"),
    path("surveys/<id:round_id>/save/", save_answer, name="save_answer"),
    path("surveys/<id:round_id>/research/", research, name="research"),
    path("surveys/<id:survey_id>/results/", survey_results, name="survey_results"),
    path("surveys/<id:survey_id>/research.csv", survey_research, {"form": "csv"}, name="survey_research_csv"),
    path("surveys/<id:survey_id>/research.xlsx", survey_research, {"form": "xlsx"}, name="survey_research_xlsx"),
    path("surveys/<id:survey_id>/themes/", survey_themes, name="survey_themes"),
    path("surveys/<id:survey_id>/themes/<id:response_id>/<slug:question>/", read_answer, name="read_answer"),
    path("surveys/<id:survey_id>/before/", survey_round, {"kind": "before"}, name="survey_before"),
    path("surveys/<id:survey_id>/after/", survey_round, {"kind": "after"}, name="survey_after"),
    path("programs/<slug:slug>/surveys/", program_surveys, name="program_surveys"),
]
