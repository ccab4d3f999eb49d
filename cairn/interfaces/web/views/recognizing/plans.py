"""Micro-credentials of one's own: one's proposals, writing one, sending it, and the council's page of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cairn.apps.licensure import commands
from cairn.apps.licensure.queries import claims, proposals, schedules
from cairn.apps.people import queries as people
from cairn.interfaces.web import recognized
from cairn.interfaces.web.forms.recognizing import ProposalForm, ProposeForm, proposal_initial
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done
from cairn.interfaces.web.views.recognizing.council import desk_page, vote_form


@login_required
@require_safe
def mine(request: Request) -> HttpResponse:
    found = list(proposals.my_proposals(request.actor))
    return render(request, "recognizing/proposals.html", {"shown": [recognized.proposal(each) for each in found]})


@login_required
def begin(request: Request) -> HttpResponse:
    councils = [(each.recognizer.organization_id, each.recognizer.organization.name) for each in schedules.offered_to(request.actor)
                if each.recognizer.body == "council"]  # fmt: skip
    form = ProposeForm(request.POST or None, organizations=list(dict.fromkeys(councils)), initial=_before(request))
    made: list[Any] = []

    def act(told: dict[str, Any]) -> None:
        made.append(commands.begin_proposal(actor=request.actor, organization_id=told.pop("organization"), **told))

    if form.is_bound and done(form, act):
        return redirect("proposal", made[0].pk)
    return render(request, "recognizing/propose.html", {"form": form, "councils": councils}, status=422 if form.errors else 200)


def _before(request: Request) -> dict[str, Any]:
    """What an earlier proposal of one's own is called, where another is to say the same."""
    found = proposals.my_proposals(request.actor).filter(pk=request.GET.get("from", "")).first()
    return {"title": found.title, "like_id": found.pk} if found else {}


@login_required
def one(request: Request, proposal_id: str) -> HttpResponse:
    """For whoever writes it: the form with its checklist. For the council: what was sent, with what was found."""
    page = proposals.proposal(request.actor, proposal_id)
    if not page.is_mine:
        return render(request, "recognizing/plan.html", {"page": page, "shown": recognized.plan(page)})
    form = _form(page, request.POST or None)
    if form.is_bound and done(form, lambda _: commands.save_proposal(actor=request.actor, proposal_id=proposal_id, written=form.written(),
                                                                     revision=form.cleaned_data["revision"])):  # fmt: skip
        messages.success(request, "Saved.")
        return redirect("proposal", proposal_id)
    context = {"page": page, "form": form, "shown": recognized.plan(page), "zone": people.zone_of(request.actor.person_id)}
    return render(request, "recognizing/proposal.html", context, status=422 if form.errors else 200)


def _form(page: proposals.ProposalPage, sent: Any) -> ProposalForm:
    told = page.proposal
    count = len(told.content.get("sources", ()))
    return ProposalForm(sent, template=page.template, sources=count, initial=proposal_initial(told.title, told.content, told.revision))


@login_required
@require_POST
def send(request: Request, proposal_id: str) -> HttpResponse:
    commands.send_proposal(actor=request.actor, proposal_id=proposal_id)
    messages.success(request, "It is before the council.")
    return redirect("proposal", proposal_id)


@login_required
@require_POST
def withdraw(request: Request, proposal_id: str) -> HttpResponse:
    commands.withdraw_proposal(actor=request.actor, proposal_id=proposal_id)
    messages.success(request, "It is taken back.")
    return redirect("proposals")


@login_required
@require_POST
def vote(request: Request, proposal_id: str) -> HttpResponse:
    form = vote_form(claims.waiting(request.actor, proposal_id), request.POST)
    if not done(form, lambda told: commands.vote_on_proposal(actor=request.actor, proposal_id=proposal_id, **told)):
        return desk_page(request, **{proposal_id: form})
    messages.success(request, recognized.voted(proposals.proposal_by_id(request.actor, proposal_id)))
    return redirect("claims")


@login_required
@require_POST
def flag(request: Request, proposal_id: str, source: int) -> HttpResponse:
    commands.flag_source(actor=request.actor, proposal_id=proposal_id, source=source)
    messages.success(request, "It stands among the findings.")
    return redirect("proposal", proposal_id)
