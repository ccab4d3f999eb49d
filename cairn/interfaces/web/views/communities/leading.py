"""For those who lead a community: its prompts, who takes part, what was reported. For everybody else there are no such pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache, wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render

from cairn.apps.communities import commands, policy
from cairn.apps.communities import queries as communities
from cairn.interfaces.web.forms.communities import CopyForm, FacilitatorForm, PromptForm, ReasonForm, WindowForm
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done
from cairn.kernel import clock
from cairn.kernel.errors import NotFound
from cairn.pure.packs.questions import read_questions

TEMPLATES = settings.ROOT / "cairn" / "data" / "communities"


def leading(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets the community, where the viewer leads it."""

    @login_required
    @wraps(view)
    def guarded(request: Request, slug: str, **ids: str) -> HttpResponse:
        found = communities.community(request.actor, slug)
        if not policy.LEAD.allows(request.actor, found):
            raise NotFound("page")
        return view(request, found, **ids)

    return guarded


def today(found: Any) -> date:
    return clock.today(ZoneInfo(found.zone))


@lru_cache(maxsize=1)
def templates() -> dict[str, tuple[str, str]]:
    """Name of the file -> its title and its text; those that come with the product."""
    texts = {path.stem: path.read_text() for path in sorted(TEMPLATES.glob("*.yaml"))}
    return {name: (read_questions(f"{name}.yaml", text).title, text) for name, text in texts.items()}


@leading
def run(request: Request, found: Any) -> HttpResponse:
    return run_page(request, found)


def run_page(request: Request, found: Any, **forms: Form) -> HttpResponse:
    """The page itself; `forms` are those that came back with something to mend."""
    viewer = request.actor
    zone = ZoneInfo(found.zone)
    said = {"title": found.title, "about": found.about, "opens_on": found.opens_at.astimezone(zone).date(),
            "closes_on": found.closes_at.astimezone(zone).date() if found.closes_at else None}  # fmt: skip
    context = {
        "seen": communities.view(viewer, found.slug), "reported": communities.reported(viewer, found),
        "prompt_form": PromptForm(auto_id="prompt-%s"), "copy_form": _copy_form(None, found), "may_run": policy.RUN.allows(viewer, found),
        "facilitators": communities.facilitators(viewer, found), "window_form": WindowForm(initial=said, auto_id="window-%s"),
        "facilitator_form": facilitator_form(request, found), **forms,
    }  # fmt: skip
    return render(request, "communities/run.html", context, status=422 if forms else 200)


def facilitator_form(request: Request, found: Any, sent: Any = None) -> FacilitatorForm:
    persons = [(grant.person_id, f"{grant.person.name}, {grant.role}") for grant in communities.candidates(request.actor, found)]
    return FacilitatorForm(sent, persons=persons, auto_id="facilitator-%s")


def _copy_form(sent: Any, found: Any) -> CopyForm:
    choices = [(name, title) for name, (title, _) in templates().items()]
    return CopyForm(sent, templates=choices, initial={"first_day": today(found)}, auto_id="copy-%s")


@leading
def schedule(request: Request, found: Any) -> HttpResponse:
    form = PromptForm(request.POST or None, auto_id="prompt-%s")
    if form.is_bound and not done(form, lambda told: commands.schedule_prompt(actor=request.actor, community_id=found.pk, **told)):
        return run_page(request, found, prompt_form=form)
    if form.is_bound:
        messages.success(request, "Scheduled. Members are told on the day when it opens.")
    return redirect("community-run", found.slug)


@leading
def copy(request: Request, found: Any) -> HttpResponse:
    form = _copy_form(request.POST or None, found)

    def act(told: dict[str, Any]) -> None:
        text = templates()[told["template"]][1]
        commands.copy_prompts(actor=request.actor, community_id=found.pk, template=text, first_day=told["first_day"])

    if form.is_bound and not done(form, act):
        return run_page(request, found, copy_form=form)
    if form.is_bound:
        messages.success(request, "The questions stand below. Change their words and days as you like.")
    return redirect("community-run", found.slug)


@leading
def change_prompt(request: Request, found: Any, prompt_id: str) -> HttpResponse:
    asked, zone = communities.prompt_view(request.actor, found, prompt_id), ZoneInfo(found.zone)
    start = {"title": asked.prompt.title, "text": asked.prompt.text, "is_required": asked.prompt.is_required,
             "opens_on": asked.prompt.opens_at.astimezone(zone).date(), "due_on": asked.prompt.due_at.astimezone(zone).date()}  # fmt: skip
    form = PromptForm(request.POST or None, initial=start)
    if form.is_bound and done(form, lambda told: commands.change_prompt(actor=request.actor, prompt_id=prompt_id, **told)):
        messages.success(request, "Changed.")
        return redirect("community-run", found.slug)
    return render(
        request, "communities/change.html", {"community": found, "asked": asked, "form": form}, status=422 if form.errors else 200
    )


@leading
def withdraw_prompt(request: Request, found: Any, prompt_id: str) -> HttpResponse:
    asked = communities.prompt_view(request.actor, found, prompt_id)
    if request.method == "POST":
        commands.withdraw_prompt(actor=request.actor, prompt_id=prompt_id)
        messages.success(request, f"“{asked.prompt.title}” is withdrawn.")
    return redirect("community-run", found.slug)


@leading
def taking_part(request: Request, found: Any) -> HttpResponse:
    """Who has answered what is asked of all, whoever lacks most first."""
    rows = communities.taking_part(request.actor, found)
    late = sum(row.late > 0 for row in rows)
    shown = {"community": found, "rows": rows, "late": late, "removals": communities.removals(request.actor, found)}
    return render(request, "communities/taking_part.html", shown)


@leading
def remove(request: Request, found: Any, person_id: str) -> HttpResponse:
    """Asks for the reason first; or allows back whoever was taken out."""
    if request.POST.get("act") == "back":
        commands.allow_back(actor=request.actor, community_id=found.pk, person_id=person_id)
        return redirect("community-report", found.slug)
    row = next((row for row in communities.taking_part(request.actor, found) if row.person_id == person_id), None)
    if row is None:
        raise NotFound("member")
    return _remove(request, found, row)


def _remove(request: Request, found: Any, row: communities.Taking) -> HttpResponse:
    form = ReasonForm(request.POST or None, hint="They read it in the letter that tells them.")

    def act(told: dict[str, Any]) -> None:
        commands.remove_member(actor=request.actor, community_id=found.pk, person_id=row.person_id, **told)

    if form.is_bound and done(form, act):
        messages.success(request, f"{row.name} is no longer a member.")
        return redirect("community-report", found.slug)
    return render(request, "communities/remove.html", {"community": found, "row": row, "form": form}, status=422 if form.errors else 200)


# --- One post --------------------------------------------------------------------------------------------------------

_ACTS: dict[str, tuple[Callable[..., object], str]] = {
    "show": (commands.show_post, "It is shown again."),
    "keep": (commands.keep_post, "It stays."),
    "close": (commands.close_thread, "It takes no more replies."),
    "reopen": (commands.reopen_thread, "It takes replies again."),
}


@leading
def moderate(request: Request, found: Any, post_id: str) -> HttpResponse:
    """A post with what was said against it and what it said before; hiding it, for a reason, or one of the other acts."""
    (told,) = communities.reported(request.actor, found, post_id)
    act, said = _ACTS.get(request.POST.get("act", ""), (None, ""))
    form = ReasonForm(request.POST if request.method == "POST" and act is None else None, hint="Members read it in place of the post.")
    if act is not None:
        act(actor=request.actor, post_id=post_id)
    elif form.is_bound and done(form, lambda told: commands.hide_post(actor=request.actor, post_id=post_id, **told)):
        said = "It is hidden, and its author is told why."
    if said:
        messages.success(request, said)
        return redirect("community-post", found.slug, told.post.top_id)
    return render(
        request, "communities/moderate.html", {"community": found, "told": told, "form": form}, status=422 if form.errors else 200
    )
