"""What to earn next for a license, and growth plans with their goals and supervisor."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.apps.catalog import queries as catalog
from cairn.apps.licensure import commands
from cairn.apps.licensure import queries as licensure
from cairn.apps.people import queries as people
from cairn.interfaces.web.forms.licensing import GOALS, GrowthPlanForm
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done

FORM = ["GET", "HEAD", "POST"]


@login_required
@require_http_methods(FORM)
def plan(request: Request, license_id: str) -> HttpResponse:
    """What if: choose, look, keep."""
    if request.method == "POST":
        commands.plan_microcredentials(actor=request.actor, license_id=license_id, microcredential_ids=request.POST.getlist("mc"))
        messages.success(request, "Your plan is kept. It is for you: nothing counts before it is earned.")
        return redirect(request.get_full_path())
    licensure.own_license(request.actor, license_id)
    chosen = request.GET.getlist("mc") if "look" in request.GET else None
    page = licensure.plan_page(request.actor, license_id, request.GET.get("route", ""), chosen)
    before, after = licensure.said(page.now.standing), licensure.said(page.then, page.titles)
    return render(request, "licensing/plan.html", {"plan": page, "before": before, "after": after, "look": chosen is not None})


@login_required
@require_safe
def plans(request: Request) -> HttpResponse:
    """One's own, and those that one is to agree to."""
    context = {"plans": licensure.plans_of(request.actor), "to_agree": licensure.plans_to_agree(request.actor)}
    return render(request, "licensing/plans.html", context)


@login_required
@require_http_methods(FORM)
def begin(request: Request) -> HttpResponse:
    form = _form(request, {})
    if form.is_bound and done(form, lambda _: commands.begin_plan(actor=request.actor, **form.told())):
        messages.success(request, "Your plan is a draft. Nobody else sees it until you share it.")
        return redirect("growth-plans")
    return render(request, "licensing/plan_form.html", {"form": form, "rows": _rows(form)}, status=422 if form.errors else 200)


@login_required
@require_http_methods(FORM)
def change(request: Request, plan_id: str) -> HttpResponse:
    row = licensure.plan(request.actor, plan_id)
    form = _form(request, _known(row))
    if form.is_bound and done(form, lambda _: commands.change_plan(actor=request.actor, plan_id=plan_id, **form.told())):
        messages.success(request, "Saved.")
        return redirect("growth-plan", plan_id)
    context = {"form": form, "rows": _rows(form), "plan": row}
    return render(request, "licensing/plan_form.html", context, status=422 if form.errors else 200)


def _form(request: Request, known: dict[str, Any]) -> GrowthPlanForm:
    licenses = [(held.pk, licensure.line(held).type.title) for held in licensure.licenses_of(request.actor, str(request.actor.person_id))]
    groups: dict[str, list[tuple[str, str]]] = {}
    for item in catalog.framework_items(request.actor):
        groups.setdefault(item.framework.title, []).append((item.pk, f"{item.code} {item.title}"[:120]))
    return GrowthPlanForm(request.POST or None, licenses=licenses, standards=groups.items(), initial=known)


def _known(row: Any) -> dict[str, Any]:
    known = {"title": row.title, "starts_on": row.starts_on, "ends_on": row.ends_on, "license_id": row.license_id,
             "supervisor": row.supervisor.email if row.supervisor else ""}  # fmt: skip
    for goal in row.goals.order_by("place"):
        known |= {f"goal_{goal.place}": goal.words, f"bucket_{goal.place}": goal.bucket, f"standard_{goal.place}": goal.standard_id}
    return known


def _rows(form: GrowthPlanForm) -> list[tuple[int, Any, Any, Any]]:
    return [(n, form[f"goal_{n}"], form[f"bucket_{n}"], form[f"standard_{n}"]) for n in range(1, GOALS + 1)]


@login_required
@require_safe
def one(request: Request, plan_id: str) -> HttpResponse:
    row = licensure.plan(request.actor, plan_id)
    context = {
        "plan": row, "is_own": row.person_id == request.actor.person_id, "goals": row.goals.all(),
        "license": licensure.line(row.license) if row.license and row.person_id == request.actor.person_id else None,
        "zone": people.zone_of(request.actor.person_id),
    }  # fmt: skip
    return render(request, "licensing/growth_plan.html", context)


@login_required
@require_POST
def move(request: Request, plan_id: str) -> HttpResponse:
    """Share it, take it back, close it; or agree, as the supervisor."""
    to = request.POST.get("to", "")
    if to == "agreed":
        commands.agree_plan(actor=request.actor, plan_id=plan_id)
    else:
        commands.move_plan(actor=request.actor, plan_id=plan_id, to=to)
    messages.success(request, _MOVED.get(to, "Saved."))
    return redirect("growth-plan", plan_id)


_MOVED = {
    "shared": "Your supervisor has a letter, and may read it now.",
    "drafted": "It is a draft again; nobody else sees it.",
    "agreed": "You have agreed. The educator is told.",
    "closed": "This plan is over.",
}
