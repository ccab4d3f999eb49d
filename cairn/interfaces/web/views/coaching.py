"""Drafts between an educator and a coach: opening one, reading it, writing notes on it, marking them as dealt with."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern
from django.utils.text import slugify

from cairn.apps.communities import queries as communities
from cairn.apps.people import queries as people
from cairn.apps.portfolio import commands
from cairn.apps.portfolio import queries as portfolio
from cairn.apps.portfolio.queries import Draft, Workspace
from cairn.apps.programs import queries as programs
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.forms.communities import NoteForm, OpenDraftForm
from cairn.interfaces.web.looking import look
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.learning import desk
from cairn.interfaces.web.views.people import done
from cairn.kernel.errors import NotFound

# --- The educator ----------------------------------------------------------------------------------------------------


@login_required
def shared(request: Request, enrollment_id: str) -> HttpResponse:
    """To whom one's draft is open, what they wrote, and opening it to somebody."""
    work = portfolio.workspace(request.actor, enrollment_id)
    accesses = portfolio.accesses(request.actor, enrollment_id)
    reading = {access.coach_id for access in accesses}
    is_sent = request.method == "POST"  # perhaps twice, and then they read it already
    coaches = [(coach.pk, coach.name) for coach in people.coaches_of(request.actor) if is_sent or coach.pk not in reading]
    form = OpenDraftForm(request.POST or None, coaches=coaches)
    if form.is_bound and done(form, lambda told: _open(request, enrollment_id, told)):
        messages.success(request, f"{dict(coaches)[form.cleaned_data['coach']]} may read it from now on, and hears of it by letter.")
        return redirect("work-coach", enrollment_id)
    context = {"frame": desk.frame(work), "form": form, "has_coaches": bool(coaches), "notes": _notes(request, work),
               "accesses": accesses}  # fmt: skip
    return render(request, "coaching/shared.html", context, status=422 if form.errors else 200)


def _open(request: Request, enrollment_id: str, told: dict[str, Any]) -> None:
    commands.open_draft(actor=request.actor, enrollment_id=enrollment_id, coach_id=told["coach"], asks=told["asks"])


def _notes(request: Request, work: Workspace) -> list[dict[str, Any]]:
    """Each with what it is on, and where that is."""
    at = {a.prompt.key: (a.prompt.question, part.part.key) for part in work.parts for a in part.answers}
    files = {s.requirement.key: part.part.key for part in work.parts for s in part.slots}
    found = []
    for note in portfolio.notes(request.actor, work.enrollment.pk):
        if note.artifact is not None:
            on, part = note.artifact.title, files[note.artifact.requirement]
        else:
            on, part = at[note.prompt]
        found.append({"note": note, "on": on, "url": f"{desk.root(work)}{part}/"})
    return found


@login_required
def close(request: Request, enrollment_id: str, access_id: str) -> HttpResponse:
    programs.my_enrollment(request.actor, enrollment_id)
    if request.method == "POST":
        commands.close_draft(actor=request.actor, access_id=access_id)
        messages.success(request, "Closed. The draft is gone from their page, and their notes stay with you.")
    return redirect("work-coach", enrollment_id)


@login_required
def settle(request: Request, enrollment_id: str, note_id: str) -> HttpResponse:
    programs.my_enrollment(request.actor, enrollment_id)
    if request.method == "POST":
        commands.settle_note(actor=request.actor, note_id=note_id, is_dealt=request.POST.get("act") != "reopen")
    return redirect("work-coach", enrollment_id)


# --- The coach -------------------------------------------------------------------------------------------------------


@login_required
def coach(request: Request) -> HttpResponse:
    """Who needs me: drafts that are open to me, and communities that I lead."""
    viewer = request.actor
    led = [line for line in communities.communities(viewer) if line.leads]
    if not (viewer.holds("coach") or viewer.holds("coordinator") or led):
        raise NotFound("page")
    return render(request, "coaching/coach.html", {"drafts": portfolio.drafts(viewer), "led": led})


@login_required
def draft(request: Request, enrollment_id: str) -> HttpResponse:
    """What one educator opened to the viewer, with the viewer's notes."""
    told = portfolio.draft(request.actor, enrollment_id)
    form = NoteForm(request.POST or None, places=_places(told), initial={"place": request.GET.get("on", "")})

    def note(_: dict[str, Any]) -> None:
        commands.note(actor=request.actor, enrollment_id=enrollment_id, **form.told())

    if form.is_bound and done(form, note):
        messages.success(request, f"{told.educator} has your note.")
        return redirect("coach-draft", enrollment_id)
    return render(request, "coaching/draft.html", {"draft": told, "form": form}, status=422 if form.errors else 200)


@login_required
def file(request: Request, enrollment_id: str, artifact_id: str) -> HttpResponse:
    """A file of the draft, looked at inside the page."""
    told = portfolio.draft(request.actor, enrollment_id)
    shown = portfolio.coached_file(request.actor, artifact_id)
    if all(f.artifact.pk != artifact_id for part in told.parts for f in part.files):
        raise NotFound("file")
    seen = look(request, artifact_id, shown, slugify(shown.slot)[:60] or f"file-{shown.number}")
    return render(request, "coaching/file.html", {"draft": told, "file": shown, "seen": seen})


def _places(told: Draft) -> list[Any]:
    """What a note may be on, as form choices: what is empty takes none."""
    groups = []
    for part in told.parts:
        answers = [(f"answer {a.prompt.key}", a.prompt.question) for a in part.answers if a.text]
        files = [(f"file {f.artifact.pk}", f.artifact.title) for f in part.files]
        if answers or files:
            groups.append((part.part.title, [*answers, *files]))
    return groups


@login_required
def step_back(request: Request, enrollment_id: str) -> HttpResponse:
    """The coach gives the draft back."""
    told = portfolio.draft(request.actor, enrollment_id)
    if request.method == "POST":
        commands.close_draft(actor=request.actor, access_id=told.access.pk)
        messages.success(request, f"The draft of {told.educator} is closed to you.")
        return redirect("coach")
    return redirect("coach-draft", enrollment_id)


_RUN = "portfolio/<id:enrollment_id>/coach/"
urlpatterns: list[URLPattern] = [
    path(_RUN, shared, name="work-coach"),
    path(f"{_RUN}<id:access_id>/close/", close, name="work-coach-close"),
    path(f"{_RUN}notes/<id:note_id>/", settle, name="work-coach-note"),
    path("coach/", coach, name="coach"),
    path("coach/<id:enrollment_id>/", draft, name="coach-draft"),
    path("coach/<id:enrollment_id>/file/<id:artifact_id>/", file, name="coach-file"),
    path("coach/<id:enrollment_id>/back/", step_back, name="coach-draft-back"),
]
