"""One claim of one's own: writing a draft of it, answering what was asked about it, its papers, taking it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cairn.apps.licensure import commands
from cairn.apps.licensure.queries import claims as queries
from cairn.apps.licensure.queries import schedules
from cairn.apps.people import queries as people
from cairn.interfaces.web import recognized
from cairn.interfaces.web.forms.recognizing import ActivityForm, AwardForm, ResendForm, claim_initial
from cairn.interfaces.web.packed import attached
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done

MEDIA = {"pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg"}


@login_required
def one(request: Request, claim_id: str) -> HttpResponse:
    """A claim of one's own: a draft to be written; else what the rule says, what came of it, and how to answer where it came back."""
    found = queries.my_claim(request.actor, claim_id)
    if found.claim.state == "drafted":
        return _draft(request, found)
    form = ResendForm(request.POST or None, request.FILES or None, initial={"evidence": found.claim.evidence, "hours": found.claim.hours})
    if form.is_bound and done(form, lambda _: commands.send_claim(actor=request.actor, claim_id=claim_id, **form.told())):
        messages.success(request, "It is sent. Its first day still counts.")
        return redirect("my-claim", claim_id)
    context = {"page": found, "form": form, "shown": recognized.claim(found.claim), "zone": people.zone_of(request.actor.person_id)}
    return render(request, "recognizing/claim.html", context, status=422 if form.errors else 200)


def _draft(request: Request, found: queries.ClaimPage) -> HttpResponse:
    form, is_sent = _form(request, found.claim), request.POST.get("act") != "draft"

    def act(told: dict[str, Any]) -> None:
        told_of = form.done(found.claim.credential_id) if isinstance(form, AwardForm) else form.done()
        (ask,) = form.asks(told.get("rests_on", ""))
        commands.change_draft(actor=request.actor, claim_id=found.claim.pk, done=told_of, ask=ask, is_sent=is_sent)

    if form.is_bound and done(form, act):
        messages.success(request, "It is sent. You will hear of the answer." if is_sent else "Saved. Nobody else reads it yet.")
        return redirect("my-claim", found.claim.pk)
    return render(request, "recognizing/draft.html", {"page": found, "form": form}, status=422 if form.errors else 200)


def _form(request: Request, claim: Any) -> Any:
    """The form by which it was begun, for its recognizer alone."""
    told: dict[str, Any] = {"offered": [schedules.offered_by(request.actor, claim.schedule)], "is_draft": True}
    told |= {"initial": claim_initial(claim)}
    if claim.credential_id:
        return AwardForm(request.POST or None, request.FILES or None, **told)
    return ActivityForm(request.POST or None, request.FILES or None, build_on=queries.to_build_on(request.actor), **told)


@login_required
@require_POST
def withdraw(request: Request, claim_id: str) -> HttpResponse:
    is_draft = queries.my_claim(request.actor, claim_id).claim.state == "drafted"
    commands.withdraw_claim(actor=request.actor, claim_id=claim_id)
    messages.success(request, "The draft is gone, with its papers." if is_draft else "It is taken back, and its papers are erased.")
    return redirect("my-claims")


@login_required
@require_safe
def paper(request: Request, paper_id: str) -> HttpResponse:
    """For the educator, and for who of the council is asked about the claim."""
    found = queries.paper(request.actor, paper_id)
    return attached(bytes(found.content), MEDIA[found.kind], f"paper.{found.kind}")


@login_required
@require_POST
def remove_paper(request: Request, paper_id: str) -> HttpResponse:
    found = commands.remove_paper(actor=request.actor, paper_id=paper_id)
    messages.success(request, "The paper is erased.")
    return redirect("my-claim", found.pk)
