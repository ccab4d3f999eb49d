"""An educator's claims: one award claimed once for all who recognize it, what they did otherwise, and the transcript of what was given."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cairn.apps.catalog import queries as catalog
from cairn.apps.licensure import commands
from cairn.apps.licensure.commands import Done
from cairn.apps.licensure.queries import claims as queries
from cairn.apps.licensure.queries import recognizers, schedules
from cairn.apps.people import queries as people
from cairn.interfaces.web import recognized
from cairn.interfaces.web.forms.recognizing import ActivityForm, AwardForm, BeforehandForm, claim_initial
from cairn.interfaces.web.packed import attached, table_file
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done
from cairn.kernel import clock

A_PAGE, PDF = 25, "application/pdf"


@login_required
@require_safe
def claims(request: Request) -> HttpResponse:
    """By what is next: what wants something from the reader, drafts, what others read; what was decided, by pages; awards to claim for."""
    viewer = request.actor
    found, awards, offered = queries.my_groups(viewer), queries.claimable(viewer), schedules.offered_to(viewer)
    page = Paginator(found.decided, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page, "awards": awards, "groups": recognized.my_groups(found, page), "offered": offered,
        "approvals": recognizers.approvals_of(viewer)[:A_PAGE], "head": recognized.my_head(found, awards, offered),
    }  # fmt: skip
    return render(request, "recognizing/mine.html", context)


@login_required
def award(request: Request, credential_id: str) -> HttpResponse:
    """One award, and everybody who may give something for it."""
    found = queries.claimable_award(request.actor, credential_id)
    form = AwardForm(*_sent(request), offered=schedules.offered_to(request.actor), initial=_again(request))
    if form.is_bound and done(form, lambda _: _claim(request, form, form.done(credential_id))):
        return _claimed(request)
    context = {"form": form, "award": found.award, "claims": [recognized.claim(each) for each in found.claims]}
    return render(request, "recognizing/ask.html", context, status=422 if form.errors else 200)


@login_required
def activity(request: Request) -> HttpResponse:
    offered, before = schedules.offered_to(request.actor), queries.to_build_on(request.actor)
    form = ActivityForm(*_sent(request), offered=offered, build_on=before, initial=_again(request))
    if form.is_bound and done(form, lambda told: _claim(request, form, form.done(), told["rests_on"])):
        return _claimed(request)
    return render(request, "recognizing/ask.html", {"form": form, "award": None}, status=422 if form.errors else 200)


def _sent(request: Request) -> tuple[Any, Any]:
    return request.POST or None, request.FILES or None


def _again(request: Request) -> dict[str, Any]:
    """What an earlier claim of one's own said, where another is to say it too."""
    before = queries.offered_again(request.actor, request.GET.get("from", ""))
    return claim_initial(before) if before else {}


def _claim(request: Request, form: Any, done_: Done, rests_on: str = "") -> None:
    commands.claim(actor=request.actor, done=done_, asks=form.asks(rests_on), is_sent=request.POST.get("act") != "draft")


def _claimed(request: Request) -> HttpResponse:
    is_draft = request.POST.get("act") == "draft"
    told = "It is kept as a draft; nobody reads it yet." if is_draft else "It is claimed. You will hear from each of them."
    messages.success(request, told)
    return redirect("my-claims")


# --- Beforehand -----------------------------------------------------------------------------------------------------------


@login_required
def beforehand(request: Request) -> HttpResponse:
    offered = schedules.offered_to(request.actor)
    choices = list({line.recognizer.organization_id: line.recognizer.organization.name for line in offered}.items())
    form = BeforehandForm(request.POST or None, organizations=choices, initial={"title": request.GET.get("title", "")[:200]})
    if form.is_bound and done(form, lambda told: _ask(request, **told)):
        messages.success(request, "It is asked. You get the answer in writing, with its date.")
        return redirect("my-claims")
    return render(request, "recognizing/beforehand.html", {"form": form, "choices": choices}, status=422 if form.errors else 200)


def _ask(request: Request, organization: str, title: str, why: str) -> None:
    """A title that the catalog knows is asked about as that micro-credential."""
    known = catalog.microcredentials_called(request.actor, [title.strip()]).get(title.strip().lower(), "")
    commands.ask_approval(actor=request.actor, organization_id=organization, microcredential_id=known, title=title, why=why)


@login_required
@require_POST
def take_back(request: Request, asking_id: str) -> HttpResponse:
    commands.take_back_approval(actor=request.actor, approval_id=asking_id)
    messages.success(request, "You no longer ask.")
    return redirect("my-claims")


# --- The transcript -------------------------------------------------------------------------------------------------------


@login_required
@require_safe
def points(request: Request) -> HttpResponse:
    found = queries.transcripts(request.actor)
    return render(request, "recognizing/points.html", {"shown": [recognized.transcript(each) for each in found]})


@login_required
@require_safe
def points_csv(request: Request) -> HttpResponse:
    return table_file(recognized.rows(queries.transcripts(request.actor)), "points", "csv")


@login_required
@require_safe
def points_pdf(request: Request) -> HttpResponse:
    now = clock.now().astimezone(people.zone_of(request.actor.person_id))
    paper = recognized.transcript_pdf(people.me(request.actor).name, queries.transcripts(request.actor), now)
    return attached(paper, PDF, "points.pdf")


@login_required
@require_safe
def certificate(request: Request, claim_id: str) -> HttpResponse:
    return attached(recognized.certificate_pdf(queries.credit(request.actor, claim_id)), PDF, "certificate.pdf")
