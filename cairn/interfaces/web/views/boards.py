"""A program's public page and status board, and the pages on which those who run it keep them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.apps.catalog import queries as catalog
from cairn.apps.people import queries as people
from cairn.apps.programs import commands
from cairn.apps.programs import queries as programs
from cairn.frame.actor import Actor
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.forms.boards import ContactForm, LineForm, NoticeForm, PartForm, PastedForm, RoadmapForm
from cairn.interfaces.web.packed import table_file
from cairn.interfaces.web.shelves import board_of, held_of, table_of
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done
from cairn.kernel import clock
from cairn.kernel.errors import NotFound

FORM, A_PAGE = ["GET", "HEAD", "POST"], 50


def shown_program(viewer: Actor, program: Any) -> dict[str, Any]:
    """What every page of a program is given."""
    return {
        "program": program, "brand": people.look(viewer, program.organization), "owners": programs.parts_in(viewer, program),
        "may_edit": programs.may_edit_board(viewer, program), "figures": programs.roadmap(viewer, program),
    }  # fmt: skip


def _board(
    request: Request, lines: list[programs.BoardLine], organization_id: str, titles: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Where nobody has put anything on it yet, what stands in the catalog does."""
    return board_of(lines, titles) | ({} if lines else held_of(request.actor, organization_id, request.GET))


@require_safe
def program(request: Request, slug: str) -> HttpResponse:
    viewer = request.actor
    found = programs.program(viewer, slug)
    board = _board(request, programs.board(viewer, [found]), found.organization_id)
    context = {
        **shown_program(viewer, found), **board, "contacts": programs.contacts_in(viewer, [found]),
        "meetings": [line for line in programs.meetings_in(viewer, found) if line.open_times],
        "zone": people.zone_of(viewer.person_id), "may_read_research": programs.may_read_research(viewer, found),
        "interest": programs.my_interest(viewer, found.pk, None) if viewer.person_id else None,
    }  # fmt: skip
    return render(request, "programs/program.html", context)


@require_safe
def program_board(request: Request, slug: str) -> HttpResponse:
    found = programs.program(request.actor, slug)
    board = _board(request, programs.board(request.actor, [found]), found.organization_id)
    return render(request, "programs/board.html", {**shown_program(request.actor, found), **board, "title": found.title})


@require_safe
def organization_board(request: Request, slug: str) -> HttpResponse:
    viewer = request.actor
    org = people.organization(viewer, slug)
    found = programs.programs_of(viewer, org.pk)
    titles = {each.pk: each.title for each in found} if len(found) > 1 else {}
    board = _board(request, programs.board(viewer, found), org.pk, titles)
    return render(request, "programs/board.html", {"org": org, "title": org.name, **board})


@require_safe
def program_table(request: Request, slug: str, form: str) -> HttpResponse:
    """The board as a table that leaves."""
    found = programs.program(request.actor, slug)
    return table_file(table_of(programs.board(request.actor, [found])), f"{slug}-board"[:60], form)


@require_safe
def organization_table(request: Request, slug: str, form: str) -> HttpResponse:
    org = people.organization(request.actor, slug)
    return table_file(table_of(programs.board(request.actor, programs.programs_of(request.actor, org.pk))), f"{slug}-board"[:60], form)


@require_POST
@login_required
def program_interest(request: Request, slug: str) -> HttpResponse:
    """Stand on the list of those who hear of whatever the program offers, or leave it."""
    found = programs.program(request.actor, slug)
    standing = programs.my_interest(request.actor, found.pk, None)
    if "end" not in request.POST:
        commands.show_interest(actor=request.actor, program_id=found.pk)
        messages.success(request, "We write to you when there is something to join.")
    elif standing:
        commands.end_interest(actor=request.actor, interest_id=standing.pk)
        messages.success(request, "You are off that list.")
    return redirect("program", slug)


@require_safe
@login_required
def interested(request: Request, slug: str) -> HttpResponse:
    """Who would like to hear, for those who run the program."""
    found = programs.program(request.actor, slug)
    page = Paginator(programs.interests_in(request.actor, found), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "programs/interested.html", {"program": found, "page": page, "zone": people.zone_of(request.actor.person_id)})


# --- Keeping it -----------------------------------------------------------------------------------------------------------


def editing(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For those who run the program; for everybody else there is no such page. The view gets the program."""

    @wraps(view)
    def guarded(request: Request, slug: str, **ids: str) -> HttpResponse:
        found = programs.program(request.actor, slug)
        if not programs.may_edit_board(request.actor, found):
            raise NotFound("page")
        return view(request, found, **ids)

    return guarded


def _offered(request: Request, program: Any) -> list[Any]:
    """What a line may be about: what the owners issue or have adopted, by owner."""
    viewer = request.actor
    parts = programs.parts_in(viewer, program)
    owners = [program.organization, *(part.organization for part in parts if part.role == "owner")]
    groups = []
    for owner in owners:
        own = [(mc.pk, mc.title) for mc in catalog.microcredentials_of(viewer, owner.pk)]
        groups.append((owner.name, own + [(line.id, line.title) for line in catalog.adopted_by(viewer, owner.pk)]))
    return [group for group in groups if group[1]]


def _line_form(request: Request, program: Any, sent: Any = None, **kwargs: Any) -> LineForm:
    return LineForm(sent, offered=_offered(request, program), auto_id="line_%s", **kwargs)


def _edited(request: Request, program: Any, **forms: Form) -> HttpResponse:
    lines = programs.board_to_edit(request.actor, program)
    context = {
        "program": program, "lines": lines, "flagged": [line for line in lines if line.flag], "line_form": _line_form(request, program),
        "pasted_form": PastedForm(auto_id="pasted_%s"), **forms,
    }  # fmt: skip
    return render(request, "programs/edit_board.html", context, status=422 if forms else 200)


@require_http_methods(FORM)
@editing
def edit_board(request: Request, program: Any) -> HttpResponse:
    if request.method != "POST":
        return _edited(request, program)
    viewer, given = request.actor, {"actor": request.actor, "program_id": program.pk}
    if "lines" in request.POST:
        pasted = PastedForm(request.POST, auto_id="pasted_%s")
        if not done(pasted, lambda told: commands.enter_lines(**given, lines=told["lines"].splitlines())):
            return _edited(request, program, pasted_form=pasted)
    else:
        form = _line_form(request, program, request.POST)
        if not done(form, lambda told: commands.add_line(actor=viewer, program_id=program.pk, **told)):
            return _edited(request, program, line_form=form)
    return redirect("edit_board", program.slug)


@require_http_methods(FORM)
@editing
def board_line(request: Request, program: Any, listing_id: str) -> HttpResponse:
    """Correct a line, and so resolve its flag."""
    row = programs.listing(request.actor, program, listing_id)
    known = {"title": row.title, "microcredential_id": row.microcredential_id, "stage": row.stage, "begins_text": row.begins_text}
    form = _line_form(request, program, request.POST or None, initial=known)
    if form.is_bound and done(form, lambda told: commands.change_line(actor=request.actor, listing_id=listing_id, **told)):
        messages.success(request, "The line is corrected.")
        return redirect("edit_board", program.slug)
    return render(request, "programs/line.html", {"program": program, "row": row, "form": form}, status=422 if form.errors else 200)


@require_POST
@editing
def act_on_line(request: Request, program: Any, listing_id: str) -> HttpResponse:
    """Up, down, kept as it was written, or off the board: one button each."""
    given = {"actor": request.actor, "listing_id": programs.listing(request.actor, program, listing_id).pk}
    match request.POST.get("act"):
        case "up" | "down" as way:
            commands.move_line(**given, up=way == "up")
        case "keep":
            commands.keep_line(**given)
        case "remove":
            commands.remove_line(**given)
            messages.success(request, "The line is off the board.")
    return redirect("edit_board", program.slug)


def _program_forms(request: Request, program: Any) -> dict[str, Form]:
    stated = {figure.what.replace(" ", "_"): figure.stated for figure in programs.roadmap(request.actor, program)}
    return {
        "contact_form": ContactForm(auto_id="contact_%s"), "roadmap_form": RoadmapForm(initial=stated, auto_id="road_%s"),
        "part_form": _part_form(request), "notice_form": NoticeForm(initial={"notice": program.notice}, auto_id="notice_%s"),
    }  # fmt: skip


def _part_form(request: Request, sent: Any = None) -> PartForm:
    found = [(org.pk, org.name) for org in people.organizations(request.actor)]
    today = clock.today(people.zone_of(request.actor.person_id))
    return PartForm(sent, organizations=found, initial={"joined_on": today}, auto_id="part_%s")


def _program_edited(request: Request, program: Any, **forms: Form) -> HttpResponse:
    viewer = request.actor
    context = {
        "program": program, "contacts": programs.contacts_in(viewer, [program]), "parts": programs.parts_in(viewer, program),
        "may_share": programs.may_share(viewer, program), **_program_forms(request, program), **forms,
    }  # fmt: skip
    return render(request, "programs/edit_program.html", context, status=422 if forms else 200)


@require_http_methods(FORM)
@editing
def edit_program(request: Request, program: Any) -> HttpResponse:
    """Who owns it, whom to ask, and how many it will make: one form each."""
    if request.method != "POST":
        return _program_edited(request, program)
    given = {"actor": request.actor, "program_id": program.pk}
    forms: dict[str, tuple[Any, Callable[[dict[str, Any]], object]]] = {
        "notice": (NoticeForm(request.POST, auto_id="notice_%s"), lambda told: commands.set_notice(**given, **told)),
        "contact": (ContactForm(request.POST, auto_id="contact_%s"), lambda told: commands.add_contact(**given, **told)),
        "part": (_part_form(request, request.POST), lambda told: commands.join_program(**given, **told)),
    }
    name = request.POST.get("form", "") if request.POST.get("form") in forms else "roadmap"
    road = RoadmapForm(request.POST, auto_id="road_%s")
    form, act = forms.get(name, (road, lambda told: commands.set_roadmap(**given, counts=road.counts())))
    return redirect("edit_program", program.slug) if done(form, act) else _program_edited(request, program, **{f"{name}_form": form})


@require_POST
@editing
def remove_contact(request: Request, program: Any, contact_id: str) -> HttpResponse:
    found = programs.contacts_in(request.actor, [program]).filter(pk=contact_id).first()
    if found is None:
        raise NotFound("contact")
    commands.remove_contact(actor=request.actor, contact_id=found.pk)
    messages.success(request, f"{found.role} is named no more.")
    return redirect("edit_program", program.slug)


@require_POST
@editing
def end_part(request: Request, program: Any, ownership_id: str) -> HttpResponse:
    found = programs.parts_in(request.actor, program).filter(pk=ownership_id).first()
    if found is None:
        raise NotFound("part")
    today = clock.today(people.zone_of(request.actor.person_id))
    commands.leave_program(actor=request.actor, ownership_id=found.pk, left_on=max(today, found.joined_on))
    messages.success(request, f"{found.organization.name} has no such part in the program any more.")
    return redirect("edit_program" if programs.may_edit_board(request.actor, program) else "program", program.slug)


_PROGRAM = "programs/<slug:slug>/"
urlpatterns = [
    path(_PROGRAM, program, name="program"),
    path(f"{_PROGRAM}interest/", program_interest, name="program_interest"),
    path(f"{_PROGRAM}interested/", interested, name="interested"),
    path(f"{_PROGRAM}board/", program_board, name="program_board"),
    path(f"{_PROGRAM}board.csv", program_table, {"form": "csv"}, name="program_board_csv"),
    path(f"{_PROGRAM}board.xlsx", program_table, {"form": "xlsx"}, name="program_board_xlsx"),
    path("org/<slug:slug>/board/", organization_board, name="organization_board"),
    path("org/<slug:slug>/board.csv", organization_table, {"form": "csv"}, name="organization_board_csv"),
    path("org/<slug:slug>/board.xlsx", organization_table, {"form": "xlsx"}, name="organization_board_xlsx"),
    path(f"{_PROGRAM}board/edit/", edit_board, name="edit_board"),
    path(f"{_PROGRAM}board/<id:listing_id>/", board_line, name="board_line"),
    path(f"{_PROGRAM}board/<id:listing_id>/act/", act_on_line, name="board_line_act"),
    path(f"{_PROGRAM}edit/", edit_program, name="edit_program"),
    path(f"{_PROGRAM}contacts/<id:contact_id>/remove/", remove_contact, name="remove_contact"),
    path(f"{_PROGRAM}owners/<id:ownership_id>/end/", end_part, name="end_part"),
]
