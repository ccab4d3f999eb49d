"""Telling the developers what one thinks, what they hear, and the board that decides on a launch."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cairn.apps.people import queries as people
from cairn.apps.programs import commands
from cairn.apps.programs import queries as programs
from cairn.apps.reports import queries as reports
from cairn.interfaces.web import figures
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.forms.surveys import RATINGS, BoardForm, DecisionForm, LongerForm, VoteForm, sent_sections
from cairn.interfaces.web.views.frame import Request
from cairn.kernel.errors import Invalid, Refused

STATES = {"in pilot": "In pilot", "under review": "Under review", "approved": "Approved for launch", "sent back": "Sent back for changes"}


# --- Feedback -------------------------------------------------------------------------------------------------------------


@login_required
def tell_developers(request: Request, enrollment_id: str) -> HttpResponse:
    run, sections, given = programs.my_feedback(request.actor, enrollment_id)
    said, refusal = given.sections if given else {}, None
    if request.method == "POST":
        said = sent_sections(request.POST, sections)
        try:
            commands.give_feedback(actor=request.actor, enrollment_id=enrollment_id, sections=said)
            messages.success(request, "The developers have it. You may change it until the board decides.")
            return redirect("tell_developers", enrollment_id)
        except Invalid as refused:
            refusal = refused
    return _tell(
        request, {"run": run, "given": given, "sections": [_section(key, title, said, refusal) for key, title in sections]}, refusal
    )


def _section(key: str, title: str, said: Any, refusal: Refused | None) -> dict[str, Any]:
    own, wrong = said.get(key, {}), refusal.fields if refusal else {}
    scales = [(name, f"{key}-{name}", str(own.get(name, "")), wrong.get(f"{key}-{name}", "")) for name in ("clarity", "rigor")]
    return {"key": key, "title": title, "scales": scales, "words": own.get("words", ""), "words_error": wrong.get(f"{key}-words", "")}


def _tell(request: Request, told: dict[str, Any], refusal: Refused | None) -> HttpResponse:
    problems = [{"href": f"#{name}", "words": words} for name, words in refusal.fields.items()] if refusal else []
    shown = {**told, "ratings": RATINGS, "refusal": refusal, "problems": problems}
    return render(request, "reviews/tell.html", shown, status=refusal.status if refusal else 200)


@login_required
@require_safe
def heard(request: Request, slug: str) -> HttpResponse:
    told = programs.heard(request.actor, programs.offering_by_slug(request.actor, slug).pk)
    sections = [(section, figures.rating(section.clarity), figures.rating(section.rigor)) for section in told.sections]
    return render(request, "reviews/heard.html", {"told": told, "sections": sections})


# --- The board ------------------------------------------------------------------------------------------------------------


@login_required
@require_safe
def launch(request: Request, slug: str) -> HttpResponse:
    return _launch(request, slug)


def _launch(request: Request, slug: str, **forms: Any) -> HttpResponse:
    """The gate, with forms that came back with something to mend."""
    viewer = request.actor
    gate = programs.gate(viewer, programs.offering_by_slug(viewer, slug).pk)
    agreement = reports.agreement_in(viewer, gate.offering.pk)
    own = programs.my_vote(viewer, gate.review) if gate.review else None
    voted = {"rigor": own.rigor, "clarity": own.clarity, "vote": own.vote, "words": own.words} if own else {}
    told = {
        "gate": gate, "offering": gate.offering, "state": STATES[programs.launch_state(viewer, gate.offering)], "own": own,
        "finished": figures.share(gate.finished), "finished_certainty": figures.certainty(gate.finished),
        "agreement": agreement, "agreed": figures.share(agreement), "agreed_certainty": figures.certainty(agreement),
        "rigor": figures.rating(gate.rigor), "clarity": figures.rating(gate.clarity), "zone": people.zone_of(viewer.person_id),
        "may_run": programs.may_run(viewer, gate.offering.program), "board_form": BoardForm(), "vote_form": VoteForm(initial=voted),
        "decision_form": DecisionForm(), "longer_form": LongerForm(), **forms,
    }  # fmt: skip
    return render(request, "reviews/launch.html", told, status=422 if forms else 200)


@login_required
@require_POST
def convene(request: Request, slug: str) -> HttpResponse:
    offering, form = programs.offering_by_slug(request.actor, slug), BoardForm(request.POST)
    if form.is_valid():
        try:
            members = [_member(request, address) for address in form.addresses()]
            commands.convene(actor=request.actor, offering_id=offering.pk, members=members)
            return redirect("launch", slug)
        except Refused as refusal:
            form.refuse(refusal)
    return _launch(request, slug, board_form=form)


def _member(request: Request, address: str) -> str:
    """Whoever has the address, among those whom the viewer knows of: a coordinator the people of the organization, its admin anybody."""
    person = people.persons(request.actor).filter(email__iexact=address).first() or people.person_by_email(request.actor, address)
    if person is None:
        words = f"Nobody whom you may name has the address {address[:100]}. An admin of the organization may name anybody."
        raise Invalid("address-unknown", words, "Check it, or ask an admin.", {"members": words})
    return str(person.pk)


@login_required
@require_POST
def vote(request: Request, slug: str) -> HttpResponse:
    form = VoteForm(request.POST)
    if form.is_valid():
        try:
            commands.cast_vote(actor=request.actor, review_id=_review_of(request, slug), **form.cleaned_data)
            messages.success(request, "Your vote is in. You may change it until the board has decided.")
            return redirect("launch", slug)
        except Invalid as refusal:
            form.refuse(refusal)
    return _launch(request, slug, vote_form=form)


def _review_of(request: Request, slug: str) -> str:
    review = programs.gate(request.actor, programs.offering_by_slug(request.actor, slug).pk).review
    if review is None:
        raise Invalid("no-board", "No board has been convened yet.", "Convene one first.")
    return str(review.pk)


@login_required
@require_POST
def decide(request: Request, slug: str) -> HttpResponse:
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            commands.decide_launch(actor=request.actor, review_id=_review_of(request, slug), **form.cleaned_data)
            messages.success(request, "The board’s decision is recorded.")
            return redirect("launch", slug)
        except Refused as refusal:
            form.refuse(refusal)
    return _launch(request, slug, decision_form=form)


@login_required
@require_POST
def recruit_longer(request: Request, slug: str) -> HttpResponse:
    offering, form = programs.offering_by_slug(request.actor, slug), LongerForm(request.POST)
    if form.is_valid():
        try:
            commands.extend_recruitment(actor=request.actor, offering_id=offering.pk, **form.cleaned_data)
            messages.success(request, "The pilot takes people for longer.")
            return redirect("launch", slug)
        except Refused as refusal:
            form.refuse(refusal)
    return _launch(request, slug, longer_form=form)


urlpatterns = [
    path("developers/<id:enrollment_id>/", tell_developers, name="tell_developers"),
    path("pilots/<slug:slug>/heard/", heard, name="heard"),
    path("pilots/<slug:slug>/launch/", launch, name="launch"),
    path("pilots/<slug:slug>/launch/board/", convene, name="convene"),
    path("pilots/<slug:slug>/launch/vote/", vote, name="cast_vote"),
    path("pilots/<slug:slug>/launch/decision/", decide, name="decide_launch"),
    path("pilots/<slug:slug>/launch/longer/", recruit_longer, name="recruit_longer"),
]
