"""What an organization gives for what: its schedules for everybody to read, and who answers claims, for its admins to set."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cairn.apps.licensure import commands, policy
from cairn.apps.licensure.queries import claims, recognizers, schedules
from cairn.apps.people import queries as people
from cairn.interfaces.web import recognized
from cairn.interfaces.web.forms.recognizing import AdoptForm, EndScheduleForm, OverlayForm, RecognizerForm
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done
from cairn.kernel.errors import NotFound
from cairn.pure.rules import Schedule

SETTINGS = ("body", "called", "votes_needed", "answer_days", "appeal", "meets_where")


@require_safe
def recognition(request: Request, slug: str) -> HttpResponse:
    return _recognition(request, people.organization(request.actor, slug))


def _recognition(request: Request, org: Any, **forms: Form) -> HttpResponse:
    """The page itself; `forms` are those that came back with something to mend."""
    viewer, found = request.actor, recognizers.recognizer(request.actor, org.pk)
    may_set = policy.SET_RECOGNIZER.allows(viewer, org.pk)
    if found is None and not may_set:
        raise NotFound("page")
    told = {name: getattr(found, name) for name in SETTINGS} if found else {}
    zone = recognizers.zone_of(org.pk)
    told |= {"meets_at": found.meets_at.astimezone(zone)} if found and found.meets_at else {}
    context = {
        "org": org, "recognizer": found, "may_set": may_set, "zone": zone, "versions": schedules.schedules_of(viewer, org.pk),
        "in_force": [recognized.schedule(each) for each in schedules.schedules_in_force(viewer, [org.pk], recognizers.today_of(org.pk))],
        "form": RecognizerForm(initial=told), "adopt_form": AdoptForm(schedules=schedules.shipped_schedules()), **forms,
        "unanswered": claims.number_for_nobody(viewer, org.pk),
    }  # fmt: skip
    return render(request, "recognizing/organization.html", context, status=422 if forms else 200)


@login_required
@require_POST
def settings(request: Request, slug: str) -> HttpResponse:
    org, form = people.organization(request.actor, slug), RecognizerForm(request.POST)
    zone = recognizers.zone_of(org.pk)
    if not done(form, lambda _: commands.set_recognizer(actor=request.actor, organization_id=org.pk, **form.told(zone))):
        return _recognition(request, org, form=form)
    messages.success(request, "Saved. What waits already is settled by what holds now.")
    return redirect("recognition", slug)


@login_required
@require_POST
def adopt(request: Request, slug: str) -> HttpResponse:
    org = people.organization(request.actor, slug)
    form = AdoptForm(request.POST, schedules=schedules.shipped_schedules())
    if not done(form, lambda told: commands.adopt_schedule(actor=request.actor, organization_id=org.pk, **told)):
        return _recognition(request, org, adopt_form=form)
    messages.success(request, "It is adopted. Claims from its day on are answered by it.")
    return redirect("recognition", slug)


@login_required
def own(request: Request, slug: str) -> HttpResponse:
    """One's own terms over the state's, in fields: tried on the shipped cases, then adopted."""
    org = people.organization(request.actor, slug)
    if not policy.SET_RECOGNIZER.allows(request.actor, org.pk) or recognizers.recognizer(request.actor, org.pk) is None:
        raise NotFound("page")
    bases = {each.slug: each for each in schedules.bases_for(org)}
    base = bases.get(request.GET.get("over", "")) or next(iter(bases.values()), None)
    context: dict[str, Any] = {"org": org, "bases": bases.values(), "base": base, "tried": ()}
    return _over(request, context, base) if base else render(request, "recognizing/own.html", context)


def _over(request: Request, context: dict[str, Any], base: Schedule) -> HttpResponse:
    org = context["org"]
    form = OverlayForm(request.POST or None, base=base, terms=base.versions[-1], slug=f"{base.slug.rpartition('/')[0]}/{org.slug}")
    if form.is_bound and done(form, lambda _: _own(request, org.pk, form, context)) and not context["tried"]:
        messages.success(request, "It is adopted. Claims from its day on are answered by it.")
        return redirect("recognition", org.slug)
    context |= {"form": form, "shown": recognized.terms(base)}
    return render(request, "recognizing/own.html", context, status=422 if form.errors else 200)


def _own(request: Request, organization_id: str, form: OverlayForm, context: dict[str, Any]) -> None:
    text, effective = form.text(), form.cleaned_data["effective"]
    if request.POST.get("act") == "try":
        context["tried"] = schedules.tried_over(text, form.base, effective)
    else:
        commands.adopt_schedule(actor=request.actor, organization_id=organization_id, effective=effective, text=text)


@require_safe
def schedule(request: Request, slug: str, schedule_id: str) -> HttpResponse:
    """One version in plain words and as it was written; for an admin also how to end it."""
    return _schedule(request, slug, schedule_id, EndScheduleForm())


def _schedule(request: Request, slug: str, schedule_id: str, form: EndScheduleForm) -> HttpResponse:
    version = schedules.schedule_version(request.actor, schedule_id)
    if version.organization.slug != slug:
        raise NotFound("schedule")
    may_set = policy.SET_RECOGNIZER.allows(request.actor, version.organization_id)
    context = {"org": version.organization, "version": version, "shown": recognized.schedule(version), "may_set": may_set, "form": form}
    return render(request, "recognizing/schedule.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def end(request: Request, slug: str, schedule_id: str) -> HttpResponse:
    form = EndScheduleForm(request.POST)
    if not done(form, lambda told: commands.end_schedule(actor=request.actor, schedule_id=schedule_id, **told)):
        return _schedule(request, slug, schedule_id, form)
    messages.success(request, "It takes no claims after that day.")
    return redirect("recognition", slug)
