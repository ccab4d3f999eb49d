"""The rules of all states, for anyone: what counts where, each route with its tree, citations and worked cases."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cairn.apps.licensure import queries as licensing
from cairn.apps.licensure.queries import rule_set
from cairn.apps.licensure.queries import states as licensure
from cairn.interfaces.web import ruled, scheduled
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.figures import decided
from cairn.interfaces.web.forms.rules import RulesForm
from cairn.interfaces.web.views.frame import Request


@require_safe
def rules(request: Request) -> HttpResponse:
    form = RulesForm(request.GET)
    is_valid = form.is_valid()
    shown = [ruled.state(state) for state in licensure.states()]
    lines = ruled.chosen(shown, **form.cleaned_data)
    context = {"form": form, "lines": lines, "figures": ruled.figures(shown), "is_narrowed": any(form.cleaned_data.values())}
    return render(request, "rules/rules.html", context, status=200 if is_valid else 422)


@require_safe
def state(request: Request, country: str, code: str) -> HttpResponse:
    found = licensure.state(f"{country}/{code}")
    schedules = [scheduled.schedule(each, licensure.worked_claims(each.slug)) for each in found.schedules]
    context = {"state": ruled.state(found), "place": found.jurisdiction, "schedules": schedules,
               "decided": decided(licensing.figures(request.actor, found.jurisdiction.code))}  # fmt: skip
    return render(request, "rules/state.html", context)


@require_safe
def route(request: Request, country: str, code: str, slug: str) -> HttpResponse:
    found = rule_set(f"{country}/{code}/{slug}")
    shown = ruled.route(found)
    context = {"route": shown, "place": found.jurisdiction, "cases": ruled.cases(licensure.worked_cases(found.slug))}
    return render(request, "rules/route.html", context)


urlpatterns = [
    path("rules/", rules, name="rules"),
    path("rules/<slug:country>/<slug:code>/", state, name="rules_of_state"),
    path("rules/<slug:country>/<slug:code>/<slug:slug>/", route, name="rules_of_route"),
]
