"""Licensing officers: what waits for them, one application with the chain behind each award, what they sign; and whoever asks them."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.apps.licensure import commands
from cairn.apps.licensure import queries as licensure
from cairn.apps.people import queries as people
from cairn.interfaces.web import relying
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.forms.officers import ApprovalForm, AuthorityForm, ChangeForm, DetermineForm, WordsForm
from cairn.interfaces.web.packed import attached, table_file, zipped
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done
from cairn.kernel.errors import Invalid, NotFound
from cairn.pure.files import as_csv

FORM = ["GET", "HEAD", "POST"]
TURNED = {"gains": "Gain", "loses": "Lose", "officer": "Need an officer"}
SIGNED = {"met": "Signed: the rule is met.", "not met": "Signed: the rule is not met."}


def _zone(request: Request) -> ZoneInfo:
    return people.zone_of(request.actor.person_id)


# --- Officers ---------------------------------------------------------------------------------------------------------


@login_required
@require_safe
def office(request: Request) -> HttpResponse:
    """What waits, what is elsewhere, what was signed."""
    asked = request.GET
    found = licensure.office(
        request.actor, asked.get("office", ""), is_elsewhere=asked.get("show") == "elsewhere", page=asked.get("page", 1)
    )
    query = f"office={found.authority.pk}&{'show=elsewhere&' if found.is_elsewhere else ''}"
    context = {"office": found, "offices": licensure.offices(request.actor), "page": found.lines, "query": query, "zone": _zone(request)}
    return render(request, "officers/office.html", context)


@login_required
@require_http_methods(FORM)
def application(request: Request, application_id: str) -> HttpResponse:
    """One application, for officers: the rule, the chains, and what they decide."""
    page = licensure.application(request.actor, application_id)
    found = relying.relied(licensure.chains(request.actor, page), _zone(request))
    judged, unmet = _lines(page)
    form = DetermineForm(request.POST or None, lines=[*judged, *unmet], initial={"seen": page.now.digest})
    if form.is_bound and done(form, lambda told: _decide(request, application_id, told)):
        return redirect("office" if form.cleaned_data["act"] in ("return", "refer") else request.path)
    context = {"page": page, "form": form, "judged": judged, "unmet": unmet, "relied": found, **_shown(request, page, found)}
    return render(request, "officers/application.html", context, status=422 if form.errors else 200)


def _shown(request: Request, page: licensure.ApplicationPage, found: tuple[relying.Relied, ...]) -> dict[str, Any]:
    viewer, row = request.actor, page.application
    return {
        "opening": relying.opening(page, found), "alike": licensure.alike(viewer, page), "said": licensure.said(page.standing),
        "acts": DetermineForm.ACTS, "zone": _zone(request), "number": licensure.number_of(viewer, page.license.pk),
        "line": licensure.line(page.license), "others": licensure.also_waiting(viewer, row),
    }  # fmt: skip


def _lines(page: licensure.ApplicationPage) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What an officer may judge, and what may be excepted: id and title."""
    every = [(node.id, node.title) for node in page.standing.walk()]
    judged, unmet = licensure.lines_to_judge(page.standing), licensure.open_lines(page.standing)
    return [line for line in every if line[0] in judged], [line for line in every if line[0] in unmet]


def _decide(request: Request, application_id: str, told: dict[str, Any]) -> None:
    actor, reason = request.actor, told["reason"]
    if told["act"] == "return":
        commands.return_application(actor=actor, application_id=application_id, reason=reason, until=told["until"])
        messages.success(request, "Returned. The educator was written to, and it comes back to this list with their answer.")
    elif told["act"] == "refer":
        commands.refer_application(actor=actor, application_id=application_id, to=told["to"], reason=reason)
        messages.success(request, f"Referred to {told['to']}. Enter their answer on its page when it comes.")
    else:
        made = commands.determine(actor=actor, application_id=application_id, outcome=told["act"], reason=reason, seen=told["seen"],
                                  lines=told["lines"], is_exception=told["is_exception"])  # fmt: skip
        messages.success(request, SIGNED[told["act"]] if made.signed_at else "You have signed; a second officer must sign too.")


@login_required
@require_POST
def second(request: Request, application_id: str) -> HttpResponse:
    """The second signature, or why it is not given."""
    try:
        if request.POST.get("act") == "sign":
            made = commands.countersign(actor=request.actor, application_id=application_id)
            messages.success(request, SIGNED[made.outcome])
        else:
            commands.not_agree(actor=request.actor, application_id=application_id, reason=request.POST.get("words", ""))
            messages.success(request, "It waits again, with your reason beside it.")
    except Invalid as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}")
    return redirect("officer-application", application_id)


@login_required
@require_POST
def heard(request: Request, application_id: str) -> HttpResponse:
    """What those answered to whom it was referred."""
    try:
        commands.hear_answer(actor=request.actor, application_id=application_id, words=request.POST.get("words", ""))
    except Invalid as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}")
    return redirect("officer-application", application_id)


@login_required
@require_http_methods(FORM)
def registry(request: Request, authority_id: str) -> HttpResponse:
    """The authority's list of approved micro-credentials."""
    authority = licensure.office_of(request.actor, authority_id)
    form = ApprovalForm(request.POST or None, bodies=licensure.bodies_asked(authority.jurisdiction))
    if form.is_bound and done(form, lambda told: _approve(request, authority, told)):
        messages.success(request, "It is on the list. Everybody's standing is looked at anew.")
        return redirect("registry", authority_id)
    context = {"authority": authority, "form": form, "listings": licensure.listings_of(request.actor, authority.organization_id)}
    return render(request, "officers/registry.html", context, status=422 if form.errors else 200)


def _approve(request: Request, authority: Any, told: dict[str, Any]) -> None:
    named = licensure.named_microcredential(request.actor, told.pop("microcredential").strip().rstrip("/").rpartition("/")[2])
    commands.approve_microcredential(actor=request.actor, organization_id=authority.organization_id, microcredential_id=named, **told)


@login_required
@require_POST
def end_approval(request: Request, authority_id: str, approval_id: str) -> HttpResponse:
    """Off the list after today."""
    authority = licensure.office_of(request.actor, authority_id)
    commands.end_approval(actor=request.actor, listing_id=approval_id, approved_until=licensure.today_of(authority.jurisdiction))
    messages.success(request, "Off the list after today. What was earned until then still counts.")
    return redirect("registry", authority_id)


@login_required
@require_http_methods(FORM)
def rules_of_office(request: Request, authority_id: str) -> HttpResponse:
    """How the authority decides: signatures, days, appeals."""
    authority = licensure.office_of(request.actor, authority_id)
    start = {"signatures": authority.signatures, "answer_days": authority.answer_days, "appeal": authority.appeal}
    form = AuthorityForm(request.POST or None, initial=start)
    known = {"jurisdiction": authority.jurisdiction, "organization_id": authority.organization_id}
    if form.is_bound and done(form, lambda told: commands.set_authority(actor=request.actor, **known, **told)):
        messages.success(request, "Saved. It holds for what is decided from now on.")
        return redirect("office")
    return render(request, "officers/authority.html", {"authority": authority, "form": form}, status=422 if form.errors else 200)


@login_required
@require_safe
def chain(request: Request, application_id: str) -> HttpResponse:
    """Everything that an application rests on in one file: awards as signed, the rule's text, fingerprints."""
    page = licensure.application(request.actor, application_id)
    files = licensure.bundle(request.actor, page, licensure.chains(request.actor, page))
    return attached(zipped(files, page.application.asked_at), "application/zip", f"application-{application_id}.zip")


@login_required
@require_safe
def export(request: Request, authority_id: str, extension: str) -> HttpResponse:
    """All determinations as a table or as JSON."""
    rows = licensure.exported(request.actor, authority_id)
    if extension == "csv":
        return attached(as_csv([licensure.COLUMNS, *rows]), "text/csv; charset=utf-8", "determinations.csv")
    told = [dict(zip(licensure.COLUMNS, row, strict=True)) for row in rows]
    return attached(json.dumps(told, default=str, indent=1).encode(), "application/json", "determinations.json")


@login_required
@require_http_methods(FORM)
def changes(request: Request, authority_id: str) -> HttpResponse:
    """A rule that changes: two versions of it, and what was looked at before."""
    viewer, authority, asked = request.actor, licensure.office_of(request.actor, authority_id), []
    routes = licensure.routes_in(authority.jurisdiction)
    titles = {each.slug: each.title for each in routes}
    form = ChangeForm(request.POST or None, routes=list(titles.items()), initial=_latest_two(routes, request.GET.get("rules", "")))
    if form.is_bound and done(form, lambda told: asked.append(commands.ask_change(actor=viewer, authority_id=authority_id, **told))):
        return redirect("officer-change", asked[0].pk)
    before = [(row, titles.get(row.rules, row.rules)) for row in licensure.changes_of(viewer, authority_id)]
    context = {"authority": authority, "form": form, "routes": routes, "before": before, "zone": _zone(request)}
    return render(request, "officers/changes.html", context, status=422 if form.errors else 200)


def _latest_two(routes: list[Any], slug: str) -> dict[str, Any]:
    """What the form begins with: the last two versions of the rule that was chosen, or of the first that has two."""
    several = [each for each in routes if len(each.versions) > 1]
    chosen = next((each for each in routes if each.slug == slug), next(iter(several or routes), None))
    last = chosen.versions[-2:] if chosen else ()
    return {"rules": chosen.slug, "before": last[0].effective, "after": last[-1].effective} if chosen and last else {}


@login_required
@require_safe
def change(request: Request, change_id: str) -> HttpResponse:
    """Who gains and who loses: counts, and by name those who have asked this office."""
    page = licensure.change_page(request.actor, change_id, request.GET.get("turn", ""), request.GET.get("after", ""))
    tabs = [(turn, words, page.named.get(turn, 0), page.counted[turn]) for turn, words in TURNED.items()] if page.is_computed else []
    context = {"page": page, "change": page.change, "tabs": tabs, "zone": _zone(request)}
    return render(request, "officers/change.html", context)


@login_required
@require_safe
def change_file(request: Request, change_id: str, form: str) -> HttpResponse:
    """Those who are named, as a table that leaves."""
    return table_file(list(licensure.leaving(request.actor, change_id)), "rule-change", form)


# --- Whoever asks -----------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(FORM)
def apply(request: Request, license_id: str) -> HttpResponse:
    """Ask the authority: what it will read, and by when it answers."""
    asking = licensure.about_to_ask(request.actor, license_id, request.GET.get("route", request.POST.get("route", "")))
    form = WordsForm(request.POST or None, label="Anything the officer should know", required=False)
    if form.is_bound and done(form, lambda told: _apply(request, license_id, asking.rules, told["words"])):
        return redirect("license-application", licensure.my_applications(request.actor)[0].pk)
    context = {"asking": asking, "form": form, "said": licensure.said(asking.now.standing), "zone": _zone(request)}
    return render(request, "officers/apply.html", context, status=422 if form.errors else 200)


def _apply(request: Request, license_id: str, rules: str, words: str) -> None:
    commands.apply_for(actor=request.actor, license_id=license_id, rules=rules, words=words)
    messages.success(request, "Sent. You will hear by letter, and see here where it stands.")


@login_required
@require_http_methods(FORM)
def mine(request: Request, application_id: str) -> HttpResponse:
    """One's own application: where it stands, what was said, and answering."""
    page = licensure.application(request.actor, application_id)
    if not page.is_own:
        raise NotFound("page")
    form = WordsForm(request.POST or None, label="Your answer")
    if form.is_bound and done(form, lambda told: commands.answer_officer(actor=request.actor, application_id=application_id, **told)):
        messages.success(request, "Sent. The officer reads it beside what counts today.")
        return redirect("license-application", application_id)
    context = {"page": page, "form": form, "said": licensure.said(page.standing), "zone": _zone(request),
               "line": licensure.line(page.license)}  # fmt: skip
    return render(request, "officers/mine.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def withdraw(request: Request, application_id: str) -> HttpResponse:
    commands.withdraw_application(actor=request.actor, application_id=application_id)
    messages.success(request, "Taken back. The officers no longer see it.")
    return redirect("license-application", application_id)


urlpatterns = [
    path("officer/", office, name="office"),
    path("officer/lists/<id:authority_id>/", registry, name="registry"),
    path("officer/lists/<id:authority_id>/<id:approval_id>/end/", end_approval, name="registry-end"),
    path("officer/offices/<id:authority_id>/", rules_of_office, name="office-rules"),
    path("officer/offices/<id:authority_id>/changes/", changes, name="officer-changes"),
    path("officer/changes/<id:change_id>/", change, name="officer-change"),
    path("officer/changes/<id:change_id>/educators.csv", change_file, {"form": "csv"}, name="officer-change-csv"),
    path("officer/changes/<id:change_id>/educators.xlsx", change_file, {"form": "xlsx"}, name="officer-change-xlsx"),
    path("officer/<id:application_id>/", application, name="officer-application"),
    path("officer/<id:application_id>/second/", second, name="officer-second"),
    path("officer/<id:application_id>/heard/", heard, name="officer-heard"),
    path("officer/<id:application_id>/chain.zip", chain, name="officer-chain"),
    path("officer/offices/<id:authority_id>/determinations.<slug:extension>", export, name="officer-export"),
    path("license/apply/<id:license_id>/", apply, name="license-apply"),
    path("license/applications/<id:application_id>/", mine, name="license-application"),
    path("license/applications/<id:application_id>/withdraw/", withdraw, name="license-application-withdraw"),
]
