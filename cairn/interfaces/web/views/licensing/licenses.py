"""One license at a time: where it stands, entering, correcting and ending it; where one works."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cairn.apps.licensure import commands
from cairn.apps.licensure import queries as licensure
from cairn.apps.licensure.queries import LicensePage
from cairn.apps.people import queries as people
from cairn.interfaces.web import licensed
from cairn.interfaces.web.forms.licensing import EndLicenseForm, LicenseForm, LicenseProfileForm
from cairn.interfaces.web.packed import attached
from cairn.interfaces.web.papers import standing_pdf
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done
from cairn.kernel import clock

FORM = ["GET", "HEAD", "POST"]


@login_required
@require_safe
def home(request: Request) -> HttpResponse:
    """The license that ends first; where there is none, how to begin."""
    pages = licensure.my_pages(request.actor)
    if not pages:
        earned = licensure.entries_of(request.actor, str(request.actor.person_id)).count()
        return render(request, "licensing/none.html", {"earned": earned})
    return _shown(request, pages[0], pages)


@login_required
@require_safe
def one(request: Request, license_id: str) -> HttpResponse:
    pages = licensure.my_pages(request.actor)
    page = next((each for each in pages if each.license.id == license_id), None)
    return _shown(request, page or licensure.license_page(request.actor, license_id), pages)


def _shown(request: Request, page: LicensePage, pages: tuple[LicensePage, ...]) -> HttpResponse:
    others = [each for each in pages if each.license.id != page.license.id]
    shown = licensed.shown(page, request.GET.get("route", ""))
    return render(request, "licensing/home.html", {"shown": shown, "others": others})


@login_required
@require_http_methods(FORM)
def add(request: Request) -> HttpResponse:
    """First the state, then what the certificate says."""
    states = licensure.jurisdictions()
    state = next((each for each in states if each.code == request.GET.get("state", "")), None)
    if state is None:
        return render(request, "licensing/license_form.html", {"states": states})
    form, made = LicenseForm(request.POST or None, where=state), list[str]()
    enter = partial(commands.add_license, actor=request.actor, jurisdiction=state.code)
    if form.is_bound and done(form, lambda _: made.append(enter(**form.told()).pk)):
        messages.success(request, "Your license is entered. This is where it stands.")
        return redirect("license-one", made[0])
    return render(request, "licensing/license_form.html", {"form": form, "state": state}, status=422 if form.errors else 200)


@login_required
@require_http_methods(FORM)
def change(request: Request, license_id: str) -> HttpResponse:
    held = licensure.own_license(request.actor, license_id)
    line, events = licensure.line(held), {f"event_{name}": day for name, day in held.events.items()}
    known = {name: getattr(held, name) for name in ("valid_from", "valid_to", "entered_on", "renewals_used", "holder")} | events
    form = LicenseForm(request.POST or None, where=line.jurisdiction, is_known=True, initial=known)
    if form.is_bound and done(form, lambda _: commands.correct_license(actor=request.actor, license_id=license_id, **form.told())):
        messages.success(request, "Saved.")
        return redirect("license-one", license_id)
    return render(request, "licensing/license_form.html", {"form": form, "held": line}, status=422 if form.errors else 200)


@login_required
@require_http_methods(FORM)
def end(request: Request, license_id: str) -> HttpResponse:
    held = licensure.own_license(request.actor, license_id)
    form = EndLicenseForm(request.POST or None)
    if form.is_bound and done(form, lambda told: commands.end_license(actor=request.actor, license_id=license_id, **told)):
        messages.success(request, "This license is over. Your record stays.")
        return redirect("license")
    return render(request, "licensing/end.html", {"form": form, "held": licensure.line(held)}, status=422 if form.errors else 200)


@login_required
@require_http_methods(FORM)
def profile(request: Request) -> HttpResponse:
    """Where one works, and who hears."""
    mine = licensure.profile(request.actor)
    states = [(each.code, each.name) for each in licensure.jurisdictions()]
    associations = list(people.organizations(request.actor).filter(kind="association").values_list("pk", "name"))
    known = {"jurisdiction": licensure.where_i_work(request.actor), "association_id": mine.association_id if mine else ""}
    form = LicenseProfileForm(request.POST or None, states=states, associations=associations, initial=known)
    if form.is_bound and done(form, lambda told: commands.set_profile(actor=request.actor, **told)):
        messages.success(request, "Saved.")
        return redirect("license")
    return render(request, "licensing/profile.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_safe
def paper(request: Request, license_id: str) -> HttpResponse:
    """The standing on paper, for a file or a superintendent."""
    shown = licensed.shown(licensure.license_page(request.actor, license_id), request.GET.get("route", ""))
    name = people.me(request.actor).name
    return attached(standing_pdf(licensed.paper(shown, name), clock.now()), "application/pdf", "standing.pdf")
