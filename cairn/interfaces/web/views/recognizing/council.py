"""A council's desk: what waits with the rule beside it, a vote, what was answered, and what is asked beforehand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cairn.apps.licensure import commands
from cairn.apps.licensure.queries import CLAIM_VOTES, PROPOSAL_VOTES, claims
from cairn.apps.people import queries as people
from cairn.interfaces.web import recognized
from cairn.interfaces.web.forms.recognizing import AnswerForm, PostForm, VoteForm, WaiveForm
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done

A_PAGE = 25
Act = Callable[[dict[str, Any]], Any]


@login_required
@require_safe
def desk(request: Request) -> HttpResponse:
    return desk_page(request)


def desk_page(request: Request, **forms: Form) -> HttpResponse:
    """The desk; `forms` are those that came back with something to mend, by the id of what they are about."""
    found = claims.desk(request.actor)
    lines = [(recognized.line(each), forms.get(each.thing.pk) or vote_form(each)) for each in found.waiting]
    asked = [(each, forms.get(each.pk) or AnswerForm(auto_id=f"a{each.pk}_%s")) for each in found.approvals]
    fees = [(each, recognized.fee(each), forms.get(each.pk) or fee_form(each)) for each in found.fees]
    wrong = next(iter(forms.values()), None)
    zone = people.zone_of(request.actor.person_id)
    context = {
        "desk": found, "lines": lines, "asked": asked, "fees": fees, "head": recognized.head(found, zone), "wrong": wrong, "zone": zone,
    }  # fmt: skip
    return render(request, "recognizing/desk.html", context, status=422 if forms else 200)


def vote_form(each: claims.Waiting, sent: Any = None) -> VoteForm:
    """The choices that the rule leaves for this claim or proposal."""
    initial = {"vote": each.my_vote, "words": each.my_words}
    return VoteForm(sent, choices=recognized.choices(each, CLAIM_VOTES, PROPOSAL_VOTES), initial=initial, auto_id=f"v{each.thing.pk}_%s")


def fee_form(each: Any) -> Form:
    """What is next: the reference once the fee is settled, else why none is asked."""
    return PostForm(auto_id=f"p{each.pk}_%s") if each.is_fee_settled else WaiveForm(auto_id=f"w{each.pk}_%s")


def _answered(request: Request, thing_id: str, form: Form, act: Act, words: Callable[[], str]) -> HttpResponse:
    """Back to the desk with what was done; or the desk with what is to mend in the form."""
    if not done(form, act):
        return desk_page(request, **{thing_id: form})
    messages.success(request, words())
    return redirect("claims")


@login_required
@require_POST
def vote(request: Request, claim_id: str) -> HttpResponse:
    form = vote_form(claims.waiting(request.actor, claim_id), request.POST)
    return _answered(
        request, claim_id, form, lambda told: commands.vote_on_claim(actor=request.actor, claim_id=claim_id, **told),
        lambda: recognized.voted(claims.claim_page(request.actor, claim_id).claim),
    )  # fmt: skip


@login_required
@require_POST
def post(request: Request, claim_id: str) -> HttpResponse:
    """Credit whose fee is settled is given, with its reference."""
    form = PostForm(request.POST, auto_id=f"p{claim_id}_%s")
    return _answered(
        request, claim_id, form, lambda told: commands.post_credit(actor=request.actor, claim_id=claim_id, **told),
        lambda: "It stands on the educator’s transcript now.",
    )  # fmt: skip


@login_required
@require_POST
def waive(request: Request, claim_id: str) -> HttpResponse:
    form = WaiveForm(request.POST, auto_id=f"w{claim_id}_%s")
    return _answered(
        request, claim_id, form, lambda told: commands.waive_fee(actor=request.actor, claim_id=claim_id, **told),
        lambda: "No fee is asked; the invoice is credited. Give the reference once it is posted.",
    )  # fmt: skip


@login_required
@require_POST
def answer(request: Request, asking_id: str) -> HttpResponse:
    """What was asked beforehand is answered in writing."""
    form = AnswerForm(request.POST, auto_id=f"a{asking_id}_%s")
    return _answered(
        request, asking_id, form,
        lambda told: commands.answer_approval(
            actor=request.actor, approval_id=asking_id, is_approved=told["answer"] == "yes", words=told["words"]
        ),
        lambda: "It is said in writing, with today’s date.",
    )  # fmt: skip


@login_required
@require_safe
def claim(request: Request, claim_id: str) -> HttpResponse:
    found = claims.claim_page(request.actor, claim_id)
    if found.is_mine:
        return redirect("my-claim", claim_id)
    return render(request, "recognizing/claim.html", {"page": found, "shown": recognized.claim(found.claim), "is_council": True})


@login_required
@require_safe
def settled(request: Request) -> HttpResponse:
    page = Paginator(claims.settled(request.actor), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "recognizing/settled.html", {"page": page, "zone": people.zone_of(request.actor.person_id)})
