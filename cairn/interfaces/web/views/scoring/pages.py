"""The assessor's queue and sheet, and the lead's desk: requests in, pages out. Not here: what the evidence pane shows (evidence)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern
from django.views.decorators.http import require_http_methods, require_safe

from cairn.apps.assessment import commands
from cairn.apps.assessment import queries as assessment
from cairn.apps.people.queries import zone_of
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.forms import scoring as forms
from cairn.interfaces.web.looking import link
from cairn.interfaces.web.stones import badge_of
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.scoring import evidence
from cairn.kernel.errors import Conflict, Invalid, NotFound, Refused

STALE = "changed-elsewhere"


def _page(request: Request, template: str, status: int = 200, **shown: Any) -> HttpResponse:
    return render(request, f"scoring/{template}.html", {"zone": zone_of(request.actor.person_id), **shown}, status=status)


def _lines(lines: tuple[assessment.QueueLine, ...]) -> list[dict[str, Any]]:
    """Sheets of a list, each with its micro-credential's badge."""
    return [{"sheet": line, "badge": badge_of(line.microcredential)} for line in lines]


@login_required
@require_safe
def queue(request: Request) -> HttpResponse:
    found = assessment.queue_page(request.actor)
    return _page(request, "queue", queue=found, waiting=_lines(found.waiting), locked=_lines(found.locked))


@login_required
@require_safe
def desk(request: Request) -> HttpResponse:
    found = assessment.desk(request.actor)
    return _page(request, "desk", desk=found, to_settle=_lines(found.to_settle), settled=_lines(found.settled))


@login_required
@require_safe
def sheet(request: Request, sheet_id: str) -> HttpResponse:
    """Where the work goes on: the first unfinished detail, or the whole sheet once every detail is done."""
    page = assessment.scoring(request.actor, sheet_id)
    if page.is_open and page.unfinished:
        return redirect("scoring-detail", sheet_id, page.unfinished[0].detail.key)
    return redirect("scoring-lock", sheet_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: Request, sheet_id: str, key: str) -> HttpResponse:
    """One detail: evidence beside its rubric. With a script each field is saved by itself, without one the whole line is."""
    if request.method == "POST":
        return _save_field(request, sheet_id, key) if "field" in request.POST else _save_line(request, sheet_id, key)
    return _detail(request, sheet_id, key)


def _detail(
    request: Request, sheet_id: str, key: str, entry: forms.Entry | None = None, refusal: Refused | None = None, comment: str = ""
) -> HttpResponse:
    page = assessment.scoring(request.actor, sheet_id)
    line = page.line(key)
    pane = evidence.pane(request, page, line)
    template = "evidence" if request.htmx else "sheet"
    return _page(
        request, template, refusal.status if refusal else 200, page=page, line=line, pane=pane, entry=entry or forms.as_saved(line),
        others=forms.others(line, entry) if entry else (), problems=forms.problems(refusal), refusal=refusal, comment=comment,
        comments=assessment.comments(request.actor), before=page.before(key), after=page.after(key), outcome=page.content.outcome_of(key),
    )  # fmt: skip


def _save_field(request: Request, sheet_id: str, key: str) -> HttpResponse:
    entry = forms.one_field(request.POST)
    (name,) = entry.values
    try:
        score = commands.revise_score(actor=request.actor, sheet_id=sheet_id, detail=key, values=entry.values, seen=entry.seen)
    except Conflict as refusal:
        if refusal.code != STALE:
            raise
        saved = assessment.scoring(request.actor, sheet_id).line(key)
        current = {"value": getattr(saved, name), "version": saved.versions[name]}
        return JsonResponse({"message": refusal.message, "current": current}, status=refusal.status)
    return JsonResponse({"saved_at": score.saved_at.isoformat(), "version": assessment.fingerprint(getattr(score, name))})


def _save_line(request: Request, sheet_id: str, key: str) -> HttpResponse:
    entry = forms.whole_line(request.POST)
    if entry.then == "insert":
        entry = entry.with_sentence(next((c.text for c in assessment.comments(request.actor) if c.pk == entry.subject), ""))
    try:
        commands.revise_score(actor=request.actor, sheet_id=sheet_id, detail=key, values=entry.values, seen=entry.seen)
    except (Invalid, Conflict) as refusal:
        if refusal.code not in (STALE, "text-too-long", "level-unknown"):
            raise
        return _detail(request, sheet_id, key, entry, refusal)
    return _go_on(request, sheet_id, key, entry)


def _go_on(request: Request, sheet_id: str, key: str, entry: forms.Entry) -> HttpResponse:
    """What the button asked for besides saving."""
    if entry.then == "drop":
        commands.drop_comment(actor=request.actor, comment_id=entry.subject)
    try:
        if entry.comment.strip():
            commands.keep_comment(actor=request.actor, text=entry.comment)
    except (Invalid, Conflict) as refusal:
        return _detail(request, sheet_id, key, refusal=refusal, comment=entry.comment)
    if entry.then != "next":
        messages.success(request, "Saved.")
        return redirect(request.get_full_path())
    after = assessment.scoring(request.actor, sheet_id).after(key)
    return redirect("scoring-detail", sheet_id, after.detail.key) if after else redirect("scoring-lock", sheet_id)


@login_required
@require_safe
def download(request: Request, sheet_id: str, number: int) -> HttpResponse:
    """A fresh link to a file, so that it opens however long the page has stood."""
    file = assessment.scoring(request.actor, sheet_id).evidence.file(number)
    if file is None:
        raise NotFound("file")
    return redirect(f"{link(request, file.artifact_id, evidence.slug(file))}?as=download")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lock(request: Request, sheet_id: str) -> HttpResponse:
    """The whole sheet before it is final, and afterwards."""
    page = assessment.scoring(request.actor, sheet_id)
    if request.method == "POST":
        try:
            commands.lock_sheet(actor=request.actor, sheet_id=sheet_id)
        except Invalid as refusal:
            return _page(request, "lock", refusal.status, page=page, refusal=refusal)
        messages.success(request, f"{page.code_name} is locked. Thank you.")
        return redirect("scoring-compare", sheet_id) if page.is_lead else redirect("scoring-queue")
    return _page(request, "lock", page=page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def step_aside(request: Request, sheet_id: str) -> HttpResponse:
    if request.method == "POST":
        given_back = commands.step_aside(actor=request.actor, sheet_id=sheet_id)
        messages.success(request, f"{given_back.code_name} goes to somebody else. Nobody asks why.")
        return redirect("scoring-queue")
    return _page(request, "step_aside", page=assessment.scoring(request.actor, sheet_id))


@login_required
@require_safe
def compare(request: Request, sheet_id: str) -> HttpResponse:
    return _page(request, "compare", comparison=assessment.comparison(request.actor, sheet_id))


urlpatterns: list[URLPattern] = [
    path("scoring/", queue, name="scoring-queue"),
    path("scoring/desk/", desk, name="scoring-desk"),
    path("scoring/<id:sheet_id>/", sheet, name="scoring-sheet"),
    path("scoring/<id:sheet_id>/lock/", lock, name="scoring-lock"),
    path("scoring/<id:sheet_id>/step-aside/", step_aside, name="scoring-step-aside"),
    path("scoring/<id:sheet_id>/compare/", compare, name="scoring-compare"),
    path("scoring/<id:sheet_id>/files/<int:number>/", download, name="scoring-file"),
    path("scoring/<id:sheet_id>/<str:key>/", detail, name="scoring-detail"),
]
