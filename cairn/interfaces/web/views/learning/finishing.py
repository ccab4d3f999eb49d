"""Checking what is missing, submitting, and leaving."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render

from cairn.apps.portfolio import commands
from cairn.apps.portfolio import queries as portfolio
from cairn.apps.portfolio.queries import PartWork, Told, Workspace
from cairn.apps.programs import commands as programs
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.learning import desk, saying
from cairn.kernel.errors import Conflict, Invalid
from cairn.pure.packs.completeness import Gap


@dataclass(frozen=True)
class Line:
    """One thing that is missing, or to look at again, and where."""

    url: str
    words: str


@dataclass(frozen=True)
class Checked:
    """A part with what is missing in it, and what to look at again before it goes to people who must not know whose it is."""

    link: desk.PartLink
    gaps: tuple[Line, ...]
    warnings: tuple[Line, ...]


@login_required
def check(request: Request, enrollment_id: str) -> HttpResponse:
    return check_page(request, portfolio.workspace(request.actor, enrollment_id))


def check_page(request: Request, work: Workspace, refusal: Invalid | None = None) -> HttpResponse:
    told = portfolio.names_told(request.actor, work) if work.is_draft else ()
    same = portfolio.unchanged_details(request.actor, work) if work.is_draft else ()
    parts = tuple(_checked(work, link, told, same) for link in desk.part_links(work))
    days, count = work.content.scoring.decide_within_business_days, saying.counted(len(work.gaps), "thing")
    shown = {"frame": desk.frame(work), "parts": parts, "count": saying.capital(count), "days": saying.counted(days, "business day")}
    shown |= {"warned": sum(len(part.warnings) for part in parts), "refusal": refusal}
    return render(request, "learning/check.html", shown, status=refusal.status if refusal else 200)


def _checked(work: Workspace, link: desk.PartLink, told: tuple[Told, ...], same: tuple[str, ...]) -> Checked:
    part = work.part(link.key)
    gaps = tuple(Line(desk.gap_url(work, gap), _sentence(part, gap)) for gap in sorted(part.gaps, key=lambda gap: _order(part, gap)))
    named: dict[str, list[str]] = {}
    for each in told:
        if each.part == link.key:
            named.setdefault(each.key, []).append(f"“{each.name}”")
    warnings = [Line(desk.gap_url(work, Gap(link.key, key, "")), _names(part, key, names)) for key, names in named.items()]
    if part.details:
        warnings += [Line(f"{link.url}{key}/", f"Nothing is changed in {key}: assessors would read what was read before.") for key in same]
    return Checked(link, gaps, tuple(warnings))


def _order(part: PartWork, gap: Gap) -> int:
    """In the analysis what is missing stands by detail; elsewhere as the parts have it."""
    keys = [own.detail.key for own in part.details]
    detail = next((desk.of_one_detail(part, a.prompt) for a in part.answers if a.prompt.key == gap.key), gap.key)
    return keys.index(detail) if detail in keys else -1


def _sentence(part: PartWork, gap: Gap) -> str:
    """On a detail's page its guiding question is the text that the evidence is said to show."""
    for answer in part.answers:
        if answer.prompt.key == gap.key and (detail := desk.of_one_detail(part, answer.prompt)):
            return gap.sentence.replace(f"“{answer.prompt.question}”", f"Detail {detail}: “{desk.EVIDENCE}”")
    return gap.sentence


def _names(part: PartWork, key: str, names: list[str]) -> str:
    question = next((a.prompt.question for a in part.answers if a.prompt.key == key and not desk.of_one_detail(part, a.prompt)), "")
    detail = next((desk.of_one_detail(part, a.prompt) for a in part.answers if a.prompt.key == key), "") or key
    where = f"your answer to “{question}”" if question else f"what you wrote for {detail}"
    return f"{saying.listed(names)} {'stands' if len(names) == 1 else 'stand'} in {where}."


@login_required
def submit(request: Request, enrollment_id: str) -> HttpResponse:
    """What is missing is shown part by part; the page of the run then shows the fingerprint and when a decision is due."""
    if request.method != "POST":
        return redirect(f"/portfolio/{enrollment_id}/check/")
    work = portfolio.workspace(request.actor, enrollment_id)
    try:
        commands.submit(actor=request.actor, enrollment_id=enrollment_id)
    except Invalid as refusal:
        return check_page(request, work, refusal)
    messages.success(request, "It is submitted, and frozen just as you sent it.")
    return redirect(desk.root(work))


@login_required
def withdraw(request: Request, enrollment_id: str) -> HttpResponse:
    """Asks first."""
    work = portfolio.workspace(request.actor, enrollment_id)
    if request.method == "POST":
        programs.withdraw(actor=request.actor, enrollment_id=enrollment_id)
        messages.success(request, f"You have left {work.content.title}.")
        return redirect("/home/")
    if work.enrollment.state != "active":
        raise Conflict("enrollment-ended", "This has ended, so there is nothing to leave.", "See it in your portfolio.")
    return render(request, "learning/withdraw.html", {"frame": desk.frame(work)})
