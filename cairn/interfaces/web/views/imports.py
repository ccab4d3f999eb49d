"""Files of rows: choosing one for a pilot, reading its report, and taking it in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cairn.apps.imports import commands, queries
from cairn.apps.people import queries as people
from cairn.apps.programs import commands as programs_commands
from cairn.apps.programs import queries as programs
from cairn.frame import tables
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.forms.imports import AttendanceFileForm, ConfirmForm, FileOfRowsForm, MeetingsFileForm, ResponsesFileForm
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done
from cairn.interfaces.web.views.pilots.running import running
from cairn.kernel.errors import NotFound
from cairn.pure.clocks import long_moment

A_PAGE = 100


@running
def choose(request: Request, offering: Any, kind: str) -> HttpResponse:
    """What a file of this kind looks like, and the file."""
    form = _form(request, offering, kind)
    read: list[Any] = []
    if request.method == "POST" and done(form, lambda told: read.append(_read(request, offering, kind, told))):
        return redirect("import", read[0].pk)
    back = (reverse("pilot-run", args=[offering.slug]), offering.microcredential.title)
    told = {"back": back, "kind": programs.FILE_KINDS[kind], "form": form,
            "earlier": queries.imports_about(request.actor, offering.pk).filter(kind=kind)[:5],
            "zone": people.zone_of(request.actor.person_id)}  # fmt: skip
    return render(request, "imports/choose.html", told, status=422 if form.errors else 200)


def _form(request: Request, offering: Any, kind: str) -> Any:
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    if kind == "meetings":
        return MeetingsFileForm(*sent)
    if kind == "attendance":
        return AttendanceFileForm(*sent, times=_times(request, offering))
    if kind not in programs.FILE_KINDS:
        raise NotFound("page")
    return FileOfRowsForm(*sent)


def _times(request: Request, offering: Any) -> Iterator[tuple[str, str]]:
    for line in programs.meetings(request.actor, offering):
        for each in line.times:
            if not each.time.is_canceled:
                yield each.time.pk, f"{line.meeting.title}, {long_moment(each.time.starts_at, ZoneInfo(each.time.zone))}"


def _read(request: Request, offering: Any, kind: str, told: dict[str, Any]) -> Any:
    chosen = tables.choose(told["file"], programs.FILE_KINDS[kind].columns, name=told["file"].name)
    if kind == "meetings":
        whole = told["for_whole_program"]
        return programs_commands.read_meetings(actor=request.actor, offering_id=offering.pk, chosen=chosen, for_whole_program=whole)
    if kind == "attendance":
        return programs_commands.read_attendance(actor=request.actor, time_id=told["time"], chosen=chosen)
    return programs_commands.read_roster(actor=request.actor, offering_id=offering.pk, chosen=chosen)


@login_required
def choose_responses(request: Request, survey_id: str) -> HttpResponse:
    """The same for answers to a survey, whose items are the columns."""
    survey, read = programs.survey(request.actor, survey_id), list[Any]()
    kind = programs.response_file(survey)
    form = ResponsesFileForm(*(request.POST, request.FILES) if request.method == "POST" else ())

    def read_it(told: dict[str, Any]) -> None:
        chosen = tables.choose(told["file"], kind.columns, name=told["file"].name, formulas="text")
        read.append(programs_commands.read_responses(actor=request.actor, survey_id=survey.pk, kind=told["kind"], chosen=chosen))

    if form.is_bound and done(form, read_it):
        return redirect("import", read[0].pk)
    told = {"back": (reverse("program_surveys", args=[survey.program.slug]), survey.title), "kind": kind, "form": form}
    return render(request, "imports/choose.html", told, status=422 if form.errors else 200)


@login_required
def report(request: Request, import_id: str) -> HttpResponse:
    """What becomes of each row; then how far it is."""
    source = queries.import_(request.actor, import_id)
    form = ConfirmForm(request.POST if "sha256" in request.POST else None, initial={"sha256": source.sha256})
    if request.method == "POST" and _settled(request, source, form):
        return redirect("import", import_id)
    shown = request.GET.get("rows", "") if request.GET.get("rows", "") in queries.OUTCOMES else ""
    rows = Paginator(queries.rows(request.actor, source, shown), A_PAGE).get_page(request.GET.get("page"))
    counts = [(name, words, getattr(source, name)) for name, words in queries.OUTCOMES.items()]
    told = {"source": source, "form": form, "page": rows, "shown": shown, "counts": counts, "query": f"rows={shown}&" if shown else "",
            "outcomes": queries.OUTCOMES, "may": queries.may_take_in(request.actor, source),
            "may_stop": queries.may_stop(request.actor, source), "may_drop": queries.may_drop(request.actor, source),
            "left_until": (source.read_at + commands.KEPT).date(),
            "zone": people.zone_of(request.actor.person_id)}  # fmt: skip
    return render(request, "imports/report.html", told, status=422 if form.errors else 200)


_ACTS: dict[str, tuple[Callable[..., object], str]] = {
    "drop": (commands.drop, "The file is erased. Nothing more is changed."),
    "stop": (commands.stop, "Stopped. What was taken in stays."),
    "take_up": (commands.take_up, "It goes on where it stood."),
}


def _settled(request: Request, source: Any, form: ConfirmForm) -> bool:
    for act, (command, said) in _ACTS.items():
        if act in request.POST:
            command(actor=request.actor, import_id=source.pk)
            messages.success(request, said)
            return True
    return done(form, lambda told: commands.confirm(actor=request.actor, import_id=source.pk, **told))


urlpatterns = [
    path("pilots/<slug:slug>/run/files/<str:kind>/", choose, name="pilot-file"),
    path("surveys/<id:survey_id>/file/", choose_responses, name="survey_file"),
    path("imports/<id:import_id>/", report, name="import"),
]
