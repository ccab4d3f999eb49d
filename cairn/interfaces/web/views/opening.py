"""Beginning a program of an organization, and opening a micro-credential in a program: a pilot, or to all."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods

from cairn.apps.catalog import queries as catalog
from cairn.apps.people import queries as people
from cairn.apps.programs import commands
from cairn.apps.programs import queries as programs
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.forms.opening import OfferForm, ProgramForm
from cairn.interfaces.web.views.boards import FORM, editing
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done, managing
from cairn.kernel import clock


@require_http_methods(FORM)
@managing
def begin_program(request: Request, org: Any) -> HttpResponse:
    """An organization's own program, begun by its admin."""
    form, found = ProgramForm(request.POST or None), []
    if request.method == "POST" and done(form, lambda told: found.append(commands.found_program(
        actor=request.actor, organization_id=org.pk, slug=slugify(told["title"])[:80].strip("-"), **told))):  # fmt: skip
        messages.success(request, "The program is there. Open its first micro-credential.")
        return redirect("open_offering", found[0].slug)
    return render(request, "programs/begin.html", {"org": org, "form": form}, status=422 if form.errors else 200)


@require_http_methods(FORM)
@editing
def open_offering(request: Request, program: Any) -> HttpResponse:
    """A pilot, or a micro-credential that is open to all."""
    choices, opened = _written(request, program), []
    today = clock.today(people.zone_of(request.actor.person_id))
    first = {"kind": "pilot", "opens_on": today, "days": 120, "microcredential_id": request.GET.get("of", "")}
    form = OfferForm(request.POST or None, offered=choices, initial=first)
    if request.method == "POST" and done(form, lambda told: opened.append(_open(request, program, form))):
        return redirect("pilot-run", opened[0].slug)
    context = {"program": program, "form": form, "is_empty": not choices}
    return render(request, "programs/open.html", context, status=422 if form.errors else 200)


def _open(request: Request, program: Any, form: OfferForm) -> Any:
    told = {name: form.cleaned_data[name] for name in ("microcredential_id", "kind", "opens_on", "last_day", "days")}
    return commands.offer(actor=request.actor, program_id=program.pk, rules=form.rules(), is_listed=True, **told)


def _written(request: Request, program: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be begun of what the owners issue or have adopted, by owner."""
    viewer, parts = request.actor, programs.parts_in(request.actor, program)
    groups = []
    for owner in [program.organization, *(part.organization for part in parts if part.role == "owner")]:
        own = catalog.microcredentials_of(viewer, owner.pk).filter(state="published", owner=None)
        adopted = [(line.id, line.title) for line in catalog.adopted_by(viewer, owner.pk) if line.state == "published"]
        groups.append((owner.name, [(mc.pk, mc.title) for mc in own] + adopted))
    return [group for group in groups if group[1]]


urlpatterns = [
    path("org/<slug:slug>/programs/begin/", begin_program, name="begin_program"),
    path("programs/<slug:slug>/open/", open_offering, name="open_offering"),
]
