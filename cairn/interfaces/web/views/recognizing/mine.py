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
from cairn.apps.licensure.queries import claims as queries
from cairn.apps.licensure.queries import recognizers, schedules
from cairn.apps.people import queries as people
from cairn.interfaces.web import recognized
from cairn.interfaces.web.forms.recognizing import ActivityForm, AwardForm, BeforehandForm, ResendForm
from cairn.interfaces.web.packed import attached, table_file
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done
from cairn.kernel import clock

A_PAGE, PDF = 25, "application/pdf"


@login_required
@require_safe
def claims(request: Request) -> HttpResponse:
    """What waits, what was given, and which awards nobody was asked about yet."""
    viewer = request.actor
    page = Paginator(queries.my_claims(viewer), A_PAGE).get_page(request.GET.get("page"))
    awards = queries.claimable(viewer)
    context = {
        "page": page, "awards": awards, "shown": [recognized.claim(each) for each in page], "offered": schedules.offered_to(viewer),
        "approvals": recognizers.approvals_of(viewer)[:A_PAGE], "head": recognized.my_head(page.paginator.object_list, awards),
    }  # fmt: skip
    return render(request, "recognizing/mine.html", context)


@login_required
def award(request: Request, credential_id: str) -> HttpResponse:
    """One award, and everybody who may give something for it."""
    found = queries.claimable_award(request.actor, credential_id)
    form = AwardForm(request.POST or None, offered=schedules.offered_to(request.actor))

    def act(told: dict[str, Any]) -> None:
        commands.claim(actor=request.actor, done=form.done(credential_id), asks=form.asks())

    if form.is_bound and done(form, act):
        messages.success(request, "It is claimed. You will hear from each of them.")
        return redirect("my-claims")
    context = {"form": form, "award": found.award, "claims": [recognized.claim(each) for each in found.claims]}
    return render(request, "recognizing/ask.html", context, status=422 if form.errors else 200)


@login_required
def activity(request: Request) -> HttpResponse:
    offered, before = schedules.offered_to(request.actor), queries.to_build_on(request.actor)
    form = ActivityForm(request.POST or None, offered=offered, build_on=before)

    def act(told: dict[str, Any]) -> None:
        commands.claim(actor=request.actor, done=form.done(), asks=form.asks(told["rests_on"]))

    if form.is_bound and done(form, act):
        messages.success(request, "It is claimed. You will hear from each of them.")
        return redirect("my-claims")
    return render(request, "recognizing/ask.html", {"form": form, "award": None}, status=422 if form.errors else 200)


@login_required
def one(request: Request, claim_id: str) -> HttpResponse:
    """A claim of one's own: what the rule says, what came of it, and how to answer where it came back."""
    found = queries.my_claim(request.actor, claim_id)
    form = ResendForm(request.POST or None, initial={"evidence": found.claim.evidence, "hours": found.claim.hours})
    if form.is_bound and done(form, lambda told: commands.send_claim(actor=request.actor, claim_id=claim_id, **told)):
        messages.success(request, "It is sent. Its first day still counts.")
        return redirect("my-claim", claim_id)
    context = {"page": found, "form": form, "shown": recognized.claim(found.claim), "zone": people.zone_of(request.actor.person_id)}
    return render(request, "recognizing/claim.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def withdraw(request: Request, claim_id: str) -> HttpResponse:
    commands.withdraw_claim(actor=request.actor, claim_id=claim_id)
    messages.success(request, "It is taken back.")
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
    paper = recognized.transcript_pdf(people.me(request.actor).name, queries.transcripts(request.actor), clock.now())
    return attached(paper, PDF, "points.pdf")


@login_required
@require_safe
def certificate(request: Request, claim_id: str) -> HttpResponse:
    return attached(recognized.certificate_pdf(queries.credit(request.actor, claim_id)), PDF, "certificate.pdf")
