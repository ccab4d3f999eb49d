"""An association's members: entering them, ending a membership, and taking a roster in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cairn.apps.payments import commands, queries
from cairn.apps.people import queries as people
from cairn.frame import tables
from cairn.interfaces.web.forms.money import LastDayForm, MemberForm, RosterForm
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.money.frame import selling
from cairn.interfaces.web.views.people import done
from cairn.kernel import clock
from cairn.kernel.errors import NotFound

A_PAGE = 50


def _members(request: Request, org: Any, **forms: Form) -> HttpResponse:
    """The page itself; `forms` are those that came back with something to mend."""
    found = queries.memberships_in(request.actor, org.pk)
    today = clock.today(people.zone_of(request.actor.person_id))
    context = {
        "org": org, "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")), "now": found.on(today).count(), "today": today,
        "roster_form": RosterForm(auto_id="roster_%s"), "member_form": MemberForm(auto_id="member_%s", initial={"valid_from": today}),
        **forms,
    }  # fmt: skip
    return render(request, "money/members.html", context, status=422 if forms else 200)


@require_safe
@selling
def members(request: Request, org: Any) -> HttpResponse:
    return _members(request, org)


@require_POST
@selling
def enter_member(request: Request, org: Any) -> HttpResponse:
    form = MemberForm(request.POST, auto_id="member_%s")
    if not done(form, lambda told: commands.enter_member(actor=request.actor, organization_id=org.pk, **told)):
        return _members(request, org, member_form=form)
    messages.success(request, f"{form.cleaned_data['name']} is entered.")
    return redirect("money_members", org.slug)


@selling
def end_membership(request: Request, org: Any, membership_id: str) -> HttpResponse:
    term = queries.membership(request.actor, membership_id)
    if term.organization_id != org.pk:
        raise NotFound("membership")
    form = LastDayForm(request.POST or None, initial={"valid_to": term.valid_to})
    if form.is_bound and done(form, lambda told: commands.end_membership(actor=request.actor, membership_id=membership_id, **told)):
        messages.success(request, f"Entered: the last day of {term.person.name} as a member.")
        return redirect("money_members", org.slug)
    return render(request, "money/end_membership.html", {"org": org, "term": term, "form": form}, status=422 if form.errors else 200)


@require_POST
@selling
def read_roster(request: Request, org: Any) -> HttpResponse:
    """Read the file, and show what would become of each row."""
    form = RosterForm(request.POST, request.FILES, auto_id="roster_%s")
    read: list[Any] = []

    def read_it(told: dict[str, Any]) -> None:
        name = told["file"].name
        work = "read_oneroster" if name.lower().endswith(".zip") else "read_table"
        chosen = tables.choose(told["file"], queries.ROSTER, name=name, work=work)
        read.append(commands.read_roster(actor=request.actor, organization_id=org.pk, chosen=chosen, complete=told["complete"]))

    if not done(form, read_it):
        return _members(request, org, roster_form=form)
    return redirect("import", read[0].pk)
