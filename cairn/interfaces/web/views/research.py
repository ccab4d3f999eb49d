"""A program's research log: read by those who run it and take part in it, kept by those who may."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.apps.people import queries as people
from cairn.apps.programs import commands
from cairn.apps.programs import queries as programs
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.forms.research import ResearchForm
from cairn.interfaces.web.packed import table_file
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done
from cairn.kernel import clock

FORM, A_PAGE = ["GET", "HEAD", "POST"], 25


def _form(request: Request, **kwargs: Any) -> ResearchForm:
    form = ResearchForm(request.POST or None, **kwargs)
    form.fields["day"].widget.attrs["max"] = clock.today(people.zone_of(request.actor.person_id)).isoformat()
    return form


@require_http_methods(FORM)
@login_required
def research_log(request: Request, slug: str) -> HttpResponse:
    viewer = request.actor
    log = programs.research_log(viewer, slug, request.GET.get("kind", ""))
    form = _form(request)
    if form.is_bound and done(form, lambda _: commands.log_research(actor=viewer, program_id=log.program.pk, research=form.research())):
        messages.success(request, "It stands in the log.")
        return redirect("research_log", slug)
    page = Paginator(log.entries, A_PAGE).get_page(request.GET.get("page"))
    kinds = [(key, words, log.counts[key]) for key, words in programs.RESEARCH_KINDS.items()]
    told = {"log": log, "page": page, "rows": [(entry, log.may_change(entry)) for entry in page], "kinds": kinds, "form": form}
    return render(request, "programs/research.html", told, status=422 if form.errors else 200)


@require_http_methods(FORM)
@login_required
def research_entry(request: Request, slug: str, research_id: str) -> HttpResponse:
    program = programs.program(request.actor, slug)
    entry = programs.research_entry(request.actor, program, research_id)
    form = _form(request, initial={name: getattr(entry, name) for name in ("kind", "day", "title", "place", "link", "learned")})
    if form.is_bound and done(
        form, lambda _: commands.correct_research(actor=request.actor, research_id=entry.pk, research=form.research())
    ):
        messages.success(request, "The entry is corrected.")
        return redirect("research_log", slug)
    return render(
        request, "programs/research_entry.html", {"program": program, "entry": entry, "form": form}, status=422 if form.errors else 200
    )


@require_POST
@login_required
def remove_research(request: Request, slug: str, research_id: str) -> HttpResponse:
    entry = programs.research_entry(request.actor, programs.program(request.actor, slug), research_id)
    commands.remove_research(actor=request.actor, research_id=entry.pk)
    messages.success(request, f"“{entry.title}” is out of the log.")
    return redirect("research_log", slug)


@require_POST
@login_required
def let_add_research(request: Request, slug: str) -> HttpResponse:
    log = programs.research_log(request.actor, slug)
    by_all = request.POST.get("by_all") == "yes"
    commands.let_add_research(actor=request.actor, program_id=log.program.pk, by_all=by_all)
    messages.success(request, "Those who take part may add to it." if by_all else "Those who take part read it, and add nothing.")
    return redirect("research_log", slug)


@require_safe
@login_required
def research_table(request: Request, slug: str, form: str) -> HttpResponse:
    log = programs.research_log(request.actor, slug)
    head: list[str] = ["Date", "Kind", "Title", "Place or publisher", "Link", "What was learned", "Entered by"]
    rows = [
        [entry.day.isoformat(), entry.get_kind_display(), entry.title, entry.place, entry.link, entry.learned, entry.person.name]
        for entry in log.entries
    ]
    return table_file([head, *rows], f"{slug}-research"[:60], form)


_LOG = "programs/<slug:slug>/research"
urlpatterns = [
    path(f"{_LOG}/", research_log, name="research_log"),
    path(f"{_LOG}.csv", research_table, {"form": "csv"}, name="research_log_csv"),
    path(f"{_LOG}.xlsx", research_table, {"form": "xlsx"}, name="research_log_xlsx"),
    path(f"{_LOG}/adding/", let_add_research, name="let_add_research"),
    path(f"{_LOG}/<id:research_id>/", research_entry, name="research_entry"),
    path(f"{_LOG}/<id:research_id>/remove/", remove_research, name="remove_research"),
]
