"""Opening a community, its window, and who facilitates it: for those who run the program."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render

from cairn.apps.catalog import queries as catalog
from cairn.apps.communities import commands
from cairn.apps.people import queries as people
from cairn.apps.programs import queries as programs
from cairn.interfaces.web.forms.communities import FoundForm, WindowForm
from cairn.interfaces.web.views.communities.leading import facilitator_form, leading, run_page
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done
from cairn.kernel.errors import NotFound
from cairn.pure.clocks import end_of_day

_RUNS = ("coordinator", "organization admin")


def _run_by(request: Request) -> tuple[list[Any], set[str]]:
    """Programs and organizations that the viewer runs."""
    organizations = set().union(*(request.actor.scopes(role, "organization") for role in _RUNS))
    return list(programs.run_programs(request.actor).order_by("title")), organizations


def _kinds(request: Request) -> list[Any]:
    """What a community may be for, as form choices."""
    runs, organizations = _run_by(request)
    cohorts = [
        (f"offering {o.pk}", f"{o.microcredential.title}, from {o.opens_on}")
        for p in runs
        for o in programs.offerings_in(request.actor, p.pk)
    ]
    clubs = [(f"stack {s.id} {p.pk}", s.title) for p in runs for s in catalog.stacks_of(request.actor, p.organization_id)]
    groups = [(f"group {g.pk}", g.name) for g in people.groups(request.actor) if g.organization_id in organizations and g.kind != "cohort"]
    kinds = (("The cohort of an offering", cohorts), ("Everybody at work on a stack", clubs), ("A group", groups))
    return [(title, choices) for title, choices in kinds if choices]


def _window(told: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    """Days as moments: from the beginning of the first to the end of the last."""
    opens: date = told.pop("opens_on")
    closes: date | None = told.pop("closes_on")
    return {"opens_at": datetime.combine(opens, time(), zone), "closes_at": end_of_day(closes, zone) if closes else None}


@login_required
def begin(request: Request) -> HttpResponse:
    kinds = _kinds(request)
    if not kinds:
        raise NotFound("page")
    form = FoundForm(request.POST or None, kinds=kinds)

    def found(told: dict[str, Any]) -> None:
        kind, of, program = (*told.pop("of").split(" "), "")[:3]
        window = _window(told, people.zone_of(request.actor.person_id))
        commands.found_community(actor=request.actor, **{f"{kind}_id": of}, program_id=program, **window, **told)

    if form.is_bound and done(form, found):
        messages.success(request, "It is there. Now say who looks after the talk, and ask the first question.")
        return redirect("community-run", form.cleaned_data["slug"])
    return render(request, "communities/begin.html", {"form": form}, status=422 if form.errors else 200)


@leading
def window(request: Request, found: Any) -> HttpResponse:
    form = WindowForm(request.POST or None, auto_id="window-%s")

    def change(told: dict[str, Any]) -> None:
        moments = _window(told, ZoneInfo(found.zone))
        commands.change_community(actor=request.actor, community_id=found.pk, **moments, **told)

    if form.is_bound and not done(form, change):
        return run_page(request, found, window_form=form)
    if form.is_bound:
        messages.success(request, "Changed.")
    return redirect("community-run", found.slug)


@leading
def facilitators(request: Request, found: Any) -> HttpResponse:
    form = facilitator_form(request, found, request.POST or None)

    def name(told: dict[str, Any]) -> None:
        commands.name_facilitator(actor=request.actor, community_id=found.pk, person_id=told["person"])

    if form.is_bound and not done(form, name):
        return run_page(request, found, facilitator_form=form)
    if form.is_bound:
        messages.success(request, "Named. They see everything here from now on, and never score its members.")
    return redirect("community-run", found.slug)


@leading
def end_facilitator(request: Request, found: Any, person_id: str) -> HttpResponse:
    if request.method == "POST":
        commands.end_facilitator(actor=request.actor, community_id=found.pk, person_id=person_id)
        messages.success(request, "They no longer look after the talk.")
    return redirect("community-run", found.slug)
