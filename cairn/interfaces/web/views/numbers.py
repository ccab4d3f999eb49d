"""A program in figures: published ones for anybody, exact ones with their lists for those who run it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cairn.apps.programs import commands
from cairn.apps.programs import queries as programs
from cairn.apps.reports import queries as reports
from cairn.apps.reports.queries import Numbers
from cairn.frame import tables
from cairn.interfaces.web import figures
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.forms.surveys import FinishForm, RecordsForm
from cairn.interfaces.web.packed import table_file
from cairn.interfaces.web.views.frame import Request
from cairn.kernel.errors import Refused


def _shown(told: Numbers) -> dict[str, Any]:
    return {
        "told": told, "program": told.program, "headline": figures.headline(told), "funnel": figures.funnel(told),
        "rows": figures.program(told), "attempts": figures.attempts(told) if told.by_second or told.first or told.second else (),
        "attempts_plot": figures.attempts_plot(told), "reasons": figures.reasons(told), "years": figures.lines(told.years),
        "groups": figures.lines(told.groups), "scales": [figures.scale(scale) for scale in told.scales],
        "changes": figures.changes(told.scales), "bounds": figures.bounds(told.scales),
        "interval": figures.certainty(told.finished),
    }  # fmt: skip


@require_safe
def numbers(request: Request, slug: str) -> HttpResponse:
    told = reports.published(request.actor, slug)
    shown = {**_shown(told), "is_exact": False, "may_run": programs.may_run(request.actor, told.program)}
    return render(request, "numbers/program.html", shown)


@login_required
@require_safe
def exact_numbers(request: Request, slug: str) -> HttpResponse:
    return _exact(request, slug)


def _exact(request: Request, slug: str, **forms: Any) -> HttpResponse:
    told = reports.numbers(request.actor, slug)
    shown = {
        **_shown(told), "is_exact": True, "lists": programs.record_lists(request.actor, told.program), "records_form": RecordsForm(),
        "finish_form": FinishForm(initial={"finish_at": told.program.finish_at}), **forms,
    }  # fmt: skip
    return render(request, "numbers/program.html", shown, status=422 if forms else 200)


@login_required
@require_safe
def numbers_file(request: Request, slug: str, form: str) -> HttpResponse:
    return table_file(reports.table_of(reports.numbers(request.actor, slug)), f"{slug}-numbers"[:60], form)


@login_required
@require_POST
def enter_records(request: Request, slug: str) -> HttpResponse:
    """A list of what was run before, read line by line; it is taken in where its report is confirmed."""
    program, form = programs.run_program(request.actor, slug), RecordsForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            file, source = form.cleaned_data["file"], form.cleaned_data["source"]
            chosen = tables.choose(file, programs.RECORDS.columns, name=file.name, formulas="text")
            read = commands.read_records(actor=request.actor, program_id=program.pk, source=source, chosen=chosen)
            return redirect("import", read.pk)
        except Refused as refusal:
            form.refuse(refusal)
    return _exact(request, slug, records_form=form)


@login_required
@require_POST
def set_finish(request: Request, slug: str) -> HttpResponse:
    program, form = programs.run_program(request.actor, slug), FinishForm(request.POST)
    if form.is_valid():
        commands.set_finish(actor=request.actor, program_id=program.pk, **form.cleaned_data)
        return redirect("exact_numbers", slug)
    return _exact(request, slug, finish_form=form)


urlpatterns = [
    path("programs/<slug:slug>/numbers/", numbers, name="numbers"),
    path("programs/<slug:slug>/numbers/exact/", exact_numbers, name="exact_numbers"),
    path("programs/<slug:slug>/numbers/exact.csv", numbers_file, {"form": "csv"}, name="numbers_csv"),
    path("programs/<slug:slug>/numbers/exact.xlsx", numbers_file, {"form": "xlsx"}, name="numbers_xlsx"),
    path("programs/<slug:slug>/numbers/lists/", enter_records, name="enter_records"),
    path("programs/<slug:slug>/numbers/finish/", set_finish, name="set_finish"),
]
