"""The workspace's pages: the overview, a part, a detail of the analysis."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render

from cairn.apps.assessment import queries as assessment
from cairn.apps.credentials import queries as credentials
from cairn.apps.portfolio import queries as portfolio
from cairn.apps.portfolio.queries import PartWork, Workspace
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.learning import desk, files, saving
from cairn.interfaces.web.views.learning.outlook import outlook, signed_of
from cairn.interfaces.web.views.learning.pages import detail_page, part_page


@login_required
def overview(request: Request, enrollment_id: str) -> HttpResponse:
    """Where the run stands; right after submitting, the fingerprint and when a decision is due."""
    work = portfolio.workspace(request.actor, enrollment_id)
    case = assessment.case_state(request.actor, work.submission.pk) if work.submission else None
    credential = credentials.credential_of(request.actor, enrollment_id) if work.step == "earned" else None
    next_ = outlook(work, case, signed_of(credential) if credential else None)
    shown = {"frame": desk.frame(work), "outlook": next_, "decision_due": case[1] if case else None}
    return render(request, "learning/overview.html", {**shown, "has_feedback": work.step == "earned"})


@login_required
def part(request: Request, enrollment_id: str, part_key: str) -> HttpResponse:
    if saving.is_autosave(request):
        return saving.one(request.actor, enrollment_id, request.POST)
    work = portfolio.workspace(request.actor, enrollment_id)
    own = work.part(part_key)
    if request.method != "POST":
        return part_page(request, work, own)
    troubles = saving.all_of(request.actor, enrollment_id, desk.part_fields(work, own), request.POST)
    if not troubles:
        messages.success(request, "Saved.")
        return redirect(request.path)
    work = portfolio.workspace(request.actor, enrollment_id)
    return part_page(request, work, work.part(part_key), troubles=troubles)


@login_required
def place(request: Request, enrollment_id: str, part_key: str, key: str) -> HttpResponse:
    """A detail of the analysis; or a slot, to which files are sent."""
    if saving.is_autosave(request):
        return saving.one(request.actor, enrollment_id, request.POST)
    work = portfolio.workspace(request.actor, enrollment_id)
    own = work.part(part_key)
    if any(slot.requirement.key == key for slot in own.slots):
        return files.slot(request, work, own, key)
    return _detail(request, work, own, key)


def _detail(request: Request, work: Workspace, own: PartWork, key: str) -> HttpResponse:
    page = desk.detail_page(work, own, key)
    if request.method != "POST":
        return detail_page(request, work, own, key)
    troubles = saving.all_of(request.actor, work.enrollment.pk, desk.texts(page.fields, page.cites), request.POST)
    if not troubles:
        messages.success(request, "Saved.")
        return redirect(request.path)
    work = portfolio.workspace(request.actor, work.enrollment.pk)
    return detail_page(request, work, work.part(own.part.key), key, troubles=troubles)
