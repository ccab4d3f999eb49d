"""Teams of those who earn the same together: forming one, who is in it and what it shares, asking others, joining, leaving."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern
from django.views.decorators.http import require_POST

from cairn.apps.catalog import queries as catalog
from cairn.apps.people import queries as people
from cairn.apps.portfolio import commands as portfolio_commands
from cairn.apps.portfolio import queries as portfolio
from cairn.apps.portfolio.queries import Together, Workspace
from cairn.apps.programs import commands
from cairn.apps.programs import queries as programs
from cairn.apps.programs.queries import Team
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.forms.teams import AskForm, LeaveForm, TeamForm
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.learning import desk
from cairn.interfaces.web.views.people import done
from cairn.kernel.errors import NotFound, Refused
from cairn.pure.packs.model import VersionContent


@login_required
def team(request: Request, enrollment_id: str) -> HttpResponse:
    """The team in which the reader earns this; without one, how to form it."""
    work = portfolio.workspace(request.actor, enrollment_id)
    if work.shared is None or "mode" in request.POST:  # the form by which the team was formed, sent twice
        return _form(request, work)
    shared = work.shared
    form = AskForm(request.POST or None)
    if form.is_bound and done(form, lambda told: commands.ask_to_team(actor=request.actor, team_id=shared.team.pk, **told)):
        messages.success(request, f"If somebody here has {form.cleaned_data['address']}, a letter is on its way to them.")
        return redirect("work-team", enrollment_id)
    return render(request, "teams/team.html", _told(request, work, shared) | {"form": form}, status=422 if form.errors else 200)


def _form(request: Request, work: Workspace) -> HttpResponse:
    form = TeamForm(request.POST or None)
    if form.is_bound and done(form, lambda told: commands.form_team(actor=request.actor, enrollment_id=work.enrollment.pk, **told)):
        return redirect("work-team", work.enrollment.pk)
    asked = [one for one in programs.my_invitations(request.actor) if one.team.offering_id == work.enrollment.offering_id]
    context = {"frame": desk.frame(work), "form": form, "asked": asked, "shares": _shares(work.content)}
    return render(request, "teams/begin.html", context, status=422 if form.errors else 200)


def _told(request: Request, work: Workspace, shared: Together) -> dict[str, Any]:
    last: dict[str, Any] = {}
    for saving in portfolio.written_by(request.actor, shared.team):
        last.setdefault(saving.prompt, saving)
    asked = {prompt.key: prompt.question for prompt in shared.prompts} | {d.key: f"Why it shows {d.key}" for d in shared.details}
    members = [(each.person, programs.may_take_out(request.actor, shared.team, each.person_id)) for each in programs.members(shared.team)]
    return {
        "frame": desk.frame(work), "team": shared.team, "members": members, "me": str(request.actor.person_id),
        "asked": programs.invitations(request.actor, shared.team), "zone": work.zone,
        "answers": [(prompt, _url(work, prompt.key), last.get(prompt.key)) for prompt in shared.prompts], "details": shared.details,
        "slots": [(slot, _url(work, slot.key), sum(a.requirement == slot.key for a in work.artifacts)) for slot in shared.slots],
        "aside": [(asked.get(kept.key, kept.key), kept) for kept in portfolio.set_aside(request.actor, work.enrollment.pk)],
    }  # fmt: skip


def _url(work: Workspace, key: str) -> str:
    """Where an answer is written, or files of a slot are added."""
    for part in work.parts:
        if prompt := next((answer.prompt for answer in part.answers if answer.prompt.key == key), None):
            own = desk.of_one_detail(part, prompt)
            return f"{desk.root(work)}{part.part.key}/{own}{'/' if own else ''}#{desk.answer_id(prompt)}"
        if any(slot.requirement.key == key for slot in part.slots):
            return f"{desk.root(work)}{part.part.key}/#slot-{key}"
    raise NotFound("page")


def _shares(content: VersionContent) -> dict[str, Any]:
    """What a team shows together, and what each member shows alone."""
    return {"together": [d for d in content.details if d.is_together], "alone": [d for d in content.details if not d.is_together]}


@login_required
def leave(request: Request, enrollment_id: str, person_id: str) -> HttpResponse:
    """A member leaves, or whoever formed the team takes one out; asked once more, with what it means."""
    work = portfolio.workspace(request.actor, enrollment_id)
    if work.shared is None:
        raise NotFound("member")
    crumbs = [("Portfolio", "/portfolio/"), (work.content.title, desk.root(work))]
    return _leave(request, work.shared.team, person_id, f"{desk.root(work)}team/", crumbs)


@login_required
def take_out(request: Request, team_id: str, person_id: str) -> HttpResponse:
    """Those who run the program take a member out."""
    team = programs.team(request.actor, team_id)
    programs.require_runner(request.actor, team.offering)
    at = f"/pilots/{team.offering.slug}/"
    return _leave(request, team, person_id, f"{at}teams/", [(team.offering.microcredential.title, at)])


def _leave(request: Request, team: Team, person_id: str, back: str, crumbs: list[tuple[str, str]]) -> HttpResponse:
    member = programs.members(team).filter(person_id=person_id).first()
    if member is None or not programs.may_take_out(request.actor, team, person_id):
        raise NotFound("member")
    form, is_me = LeaveForm(request.POST or None), person_id == request.actor.person_id
    if form.is_bound and done(form, lambda told: commands.leave_team(actor=request.actor, team_id=team.pk, person_id=person_id, **told)):
        messages.success(request, "You left the team." if is_me else f"{member.person.name} is in the team no more.")
        return redirect(back)
    context = {"team": team, "member": member.person, "form": form, "is_me": is_me, "back": back, "crumbs": crumbs}
    return render(request, "teams/leave.html", context, status=422 if form.errors else 200)


@login_required
def teams(request: Request, slug: str) -> HttpResponse:
    """Who earns together in a pilot, for those who run it; not a word of what they write."""
    offering = programs.offering_by_slug(request.actor, slug)
    programs.require_runner(request.actor, offering)
    rows = [(team, list(programs.members(team))) for team in programs.teams_in(request.actor, offering)]
    return render(request, "teams/teams.html", {"offering": offering, "rows": rows})


@login_required
@require_POST
def take_back(request: Request, enrollment_id: str, invitation_id: str) -> HttpResponse:
    commands.end_asking(actor=request.actor, invitation_id=invitation_id)
    return redirect("work-team", enrollment_id)


@login_required
def invitation(request: Request, invitation_id: str) -> HttpResponse:
    """Who asks, and what one would share; answered here."""
    asked = programs.invitation(request.actor, invitation_id)
    if asked.address not in people.confirmed_by(str(request.actor.person_id)):
        raise NotFound("invitation")
    if request.method != "POST":
        return _invitation(request, asked)
    try:
        return _answer(request, asked)
    except Refused as refusal:
        return _invitation(request, asked, refusal)


def _answer(request: Request, asked: Any) -> HttpResponse:
    if "decline" in request.POST:
        commands.end_asking(actor=request.actor, invitation_id=asked.pk)
        messages.success(request, "You declined. The team is not told why.")
        return redirect("/portfolio/")
    team = portfolio_commands.join_team(actor=request.actor, invitation_id=asked.pk)
    messages.success(request, f"You are in “{team.name}” now.")
    run = programs.running(request.actor, asked.team.offering.microcredential_id)
    return redirect("work-team", run.pk) if run else redirect("/portfolio/")


def _invitation(request: Request, asked: Any, refusal: Refused | None = None) -> HttpResponse:
    content = catalog.content(request.actor, asked.team.version_id)
    run = programs.running(request.actor, asked.team.offering.microcredential_id)
    context = {"asked": asked, "content": content, "shares": _shares(content), "run": run, "refusal": refusal,
               "is_in": asked.team.pk in programs.my_teams(request.actor)}  # fmt: skip
    return render(request, "teams/invitation.html", context, status=refusal.status if refusal else 200)


_RUN = "portfolio/<id:enrollment_id>/team/"
urlpatterns: list[URLPattern] = [
    path(_RUN, team, name="work-team"),
    path(f"{_RUN}<id:person_id>/leave/", leave, name="work-team-leave"),
    path(f"{_RUN}asked/<id:invitation_id>/end/", take_back, name="work-team-take-back"),
    path("pilots/<slug:slug>/teams/", teams, name="pilot-teams"),
    path("teams/<id:team_id>/members/<id:person_id>/leave/", take_out, name="team-take-out"),
    path("teams/invitations/<id:invitation_id>/", invitation, name="team-invitation"),
]
