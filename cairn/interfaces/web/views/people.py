"""One's own account, the public page of an organization, and its admins' page of who may do what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cairn.apps.catalog import queries as catalog
from cairn.apps.payments.policy import SET_PRICES
from cairn.apps.people import commands, policy
from cairn.apps.people import queries as people
from cairn.apps.programs import queries as programs
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.forms.people import AddressForm, EndForm, GroupForm, ProfileForm, RoleForm, WorkForm
from cairn.interfaces.web.shelves import board_of, held_of
from cairn.interfaces.web.views.frame import Request
from cairn.kernel import clock
from cairn.kernel.errors import Invalid, NotFound, Refused

AFFILIATIONS_A_PAGE, A_FEW = 50, 20


@login_required
def account(request: Request) -> HttpResponse:
    viewer = request.actor
    me = people.me(viewer)
    form = ProfileForm(request.POST or None, initial={"name": me.name, "time_zone": me.time_zone, "shows_name": me.shows_name})
    if request.method == "POST" and done(form, lambda told: commands.change_profile(actor=viewer, **told)):
        messages.success(request, "Saved.")
        return redirect("account")
    grants = [(grant, people.ROLES[grant.role]) for grant in people.roles_of(viewer, me.pk)]
    context = {"form": form, "me": me, "grants": grants, "works": people.affiliations_of(viewer, me.pk), "manages": _manages(request),
               "accesses": people.support_accesses(viewer).filter(person_id=me.pk)[:A_FEW]}  # fmt: skip
    return render(request, "people/account.html", context, status=422 if form.errors else 200)


def _manages(request: Request) -> list[Any]:
    return list(people.organizations(request.actor, request.actor.scopes("organization admin", "organization")))


def done(form: Form, act: Callable[[dict[str, Any]], object]) -> bool:
    """True where the form was right and the command carried out; else the form says why not, beside the field where there is one."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except Refused as refusal:
        typed_as = getattr(form, "typed_as", {})
        said = {typed_as.get(name, name): str(refusal) if name in typed_as else words for name, words in refusal.fields.items()}
        told = {name: words for name, words in said.items() if name in form.fields}
        for name, words in told.items():
            form.add_error(name, words)
        if not told:
            form.add_error(None, str(refusal))
        return False
    return True


@require_safe
def organization(request: Request, slug: str) -> HttpResponse:
    viewer = request.actor
    org = people.organization(viewer, slug)
    runs = programs.programs_of(viewer, org.pk)
    context = {
        "org": org, **held_of(viewer, org.pk, request.GET), "adopted": catalog.adopted_by(viewer, org.pk), "programs": runs,
        "contacts": programs.contacts_in(viewer, runs), "board": board_of(programs.board(viewer, runs)),
        "may_manage": policy.MANAGE_PEOPLE.allows(viewer, org), "may_sell": SET_PRICES.allows(viewer, org.pk),
        "may_write": catalog.speaks_for(viewer, org.pk),
    }  # fmt: skip
    return render(request, "people/organization.html", context)


def managing(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For those who manage the organization's people; for everybody else there is no such page. The view gets the organization."""

    @wraps(view)
    def guarded(request: Request, slug: str, **ids: str) -> HttpResponse:
        org = people.organization(request.actor, slug)
        if not policy.MANAGE_PEOPLE.allows(request.actor, org):
            raise NotFound("page")
        return view(request, org, **ids)

    return guarded


@dataclass(frozen=True)
class Held:
    """A role as the table shows it; `since` is a day on the viewer's calendar."""

    grant: Any
    since: date
    may_end: bool


def _roles(request: Request) -> list[str]:
    """An admin gives and ends every role but that of running the whole site."""
    return [role for role in people.ROLES if role != "operator" or request.actor.holds("operator")]


def _scopes(request: Request, org: Any) -> list[Any]:
    """What a role may be held in, as form choices: the organization, one of its programs, one of its micro-credentials."""
    viewer = request.actor
    runs = [(f"program {p.pk}", p.title) for p in programs.programs(viewer).filter(organization_id=org.pk)]
    earned = [(f"microcredential {mc.pk}", mc.title) for mc in catalog.microcredentials_of(viewer, org.pk)]
    groups = [(title, choices) for title, choices in (("One program", runs), ("One micro-credential", earned)) if choices]
    return [(f"organization {org.pk}", f"All of {org.name}"), *groups]


@require_safe
@managing
def who_may(request: Request, org: Any) -> HttpResponse:
    return _who_may(request, org)


def _who_may(request: Request, org: Any, **forms: Form) -> HttpResponse:
    """The page itself; `forms` are those that came back with something to mend."""
    viewer = request.actor
    zone = people.zone_of(viewer.person_id)
    held = people.roles_in(viewer, org.pk)
    context = {
        "org": org, "groups": people.groups_in(viewer, org.pk),
        "works": Paginator(people.affiliations_in(viewer, org.pk), AFFILIATIONS_A_PAGE).get_page(request.GET.get("page")),
        "roles": [Held(grant, grant.granted_at.astimezone(zone).date(), grant.role in _roles(request)) for grant in held],
        "role_form": _role_form(request, org), "work_form": WorkForm(auto_id="work_%s"),
        "group_form": GroupForm(auto_id="group_%s"), **forms,
    }  # fmt: skip
    return render(request, "people/who_may.html", context, status=422 if forms else 200)


def address_owner(request: Request, email: str) -> str:
    person = people.person_by_email(request.actor, email)
    if person is None:
        words = "Nobody here signs in with this address. Check it, or ask them to create an account with it first."
        raise Invalid("address-unknown", words, "", {"email": words})
    return str(person.pk)


def _role_form(request: Request, org: Any, sent: Any = None) -> RoleForm:
    return RoleForm(sent, roles=_roles(request), scopes=_scopes(request, org), auto_id="role_%s")


@managing
def give_role(request: Request, org: Any) -> HttpResponse:
    form = _role_form(request, org, request.POST or None)

    def give(told: dict[str, Any]) -> None:
        scope, _, scope_id = told["scope"].partition(" ")
        person_id, scope_name = address_owner(request, told["email"]), form.scope_name()
        commands.grant_role(actor=request.actor, person_id=person_id, role=told["role"], organization_id=org.pk,
                            scope=scope, scope_id=scope_id, scope_name=scope_name)  # fmt: skip

    if form.is_bound and not done(form, give):
        return _who_may(request, org, role_form=form)
    if form.is_bound:
        messages.success(request, f"{form.cleaned_data['email']} is {form.cleaned_data['role']} from now on.")
    return redirect("who_may", org.slug)


@managing
def end_role(request: Request, org: Any, grant_id: str) -> HttpResponse:
    grant = people.role(request.actor, grant_id)
    if grant.organization_id != org.pk:
        raise NotFound("role")
    if request.method != "POST":
        return render(request, "people/end_role.html", {"org": org, "grant": grant, "is_own": grant.person_id == request.actor.person_id})
    commands.end_role(actor=request.actor, grant_id=grant_id)
    messages.success(request, f"{grant.person.name} is no longer {grant.role}.")
    may_stay = policy.MANAGE_PEOPLE.allows(people.actor_of(str(request.actor.person_id)), org)
    return redirect("who_may" if may_stay else "organization", org.slug)


@managing
def enter_work(request: Request, org: Any) -> HttpResponse:
    form = WorkForm(request.POST or None, auto_id="work_%s")

    def enter(told: dict[str, Any]) -> None:
        commands.affiliate(actor=request.actor, person_id=address_owner(request, told.pop("email")), organization_id=org.pk, **told)

    if form.is_bound and not done(form, enter):
        return _who_may(request, org, work_form=form)
    if form.is_bound:
        messages.success(request, f"Entered at {org.name}.")
    return redirect("who_may", org.slug)


@managing
def end_work(request: Request, org: Any, affiliation_id: str) -> HttpResponse:
    affiliation = people.affiliation(request.actor, affiliation_id)
    if affiliation.organization_id != org.pk:
        raise NotFound("affiliation")
    form = EndForm(request.POST or None, initial={"ended_on": _today(request)})
    if form.is_bound and done(form, lambda told: commands.end_affiliation(actor=request.actor, affiliation_id=affiliation_id, **told)):
        messages.success(request, f"Entered: the last day of {affiliation.person.name} at {org.name}.")
        return redirect("who_may", org.slug)
    context = {"org": org, "affiliation": affiliation, "form": form}
    return render(request, "people/end_work.html", context, status=422 if form.errors else 200)


def _today(request: Request) -> date:
    return clock.today(people.zone_of(request.actor.person_id))


@managing
def form_group(request: Request, org: Any) -> HttpResponse:
    form = GroupForm(request.POST or None, auto_id="group_%s")
    if form.is_bound and not done(form, lambda told: commands.form_group(actor=request.actor, organization_id=org.pk, **told)):
        return _who_may(request, org, group_form=form)
    if form.is_bound:
        messages.success(request, f"The group {form.cleaned_data['name']} is there. Now say who is in it.")
    return redirect("who_may", org.slug)


@managing
def group(request: Request, org: Any, group_id: str) -> HttpResponse:
    """Who is in a group; joining by address."""
    line = people.group_in(request.actor, org.pk, group_id)
    form = AddressForm(request.POST or None)

    def join(told: dict[str, Any]) -> None:
        person_id = address_owner(request, told["email"])
        commands.join_group(actor=request.actor, group_id=group_id, person_id=person_id, joined_on=_today(request))

    if form.is_bound and done(form, join):
        messages.success(request, f"{form.cleaned_data['email']} is in {line.group.name} from now on.")
        return redirect("group", org.slug, group_id)
    return render(request, "people/group.html", {"org": org, "line": line, "form": form}, status=422 if form.errors else 200)


@managing
def leave_group(request: Request, org: Any, group_id: str, person_id: str) -> HttpResponse:
    people.group_in(request.actor, org.pk, group_id)
    if request.method == "POST":
        commands.leave_group(actor=request.actor, group_id=group_id, person_id=person_id, left_on=_today(request))
        messages.success(request, "Taken out of the group. For two years more they still do not score one another.")
    return redirect("group", org.slug, group_id)


urlpatterns = [
    path("account/", account, name="account"),
    path("org/<slug:slug>/", organization, name="organization"),
    path("org/<slug:slug>/people/", who_may, name="who_may"),
    path("org/<slug:slug>/people/roles/", give_role, name="give_role"),
    path("org/<slug:slug>/people/roles/<id:grant_id>/end/", end_role, name="end_role"),
    path("org/<slug:slug>/people/work/", enter_work, name="enter_work"),
    path("org/<slug:slug>/people/work/<id:affiliation_id>/end/", end_work, name="end_work"),
    path("org/<slug:slug>/people/groups/", form_group, name="form_group"),
    path("org/<slug:slug>/people/groups/<id:group_id>/", group, name="group"),
    path("org/<slug:slug>/people/groups/<id:group_id>/leave/<id:person_id>/", leave_group, name="leave_group"),
]
