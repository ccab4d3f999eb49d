"""Every change to people, organizations, affiliations, groups and roles."""

from __future__ import annotations

from datetime import date
from zoneinfo import available_timezones

from cairn.apps.ledger.steps import record
from cairn.apps.people import events, policy
from cairn.apps.people.models import Account, Affiliation, Group, GroupMember, Organization, Person, RoleGrant
from cairn.apps.people.states import GROUP_KINDS, ORGANIZATION_KINDS, ROLES, SCOPES
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid, NotFound


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not 1 <= len(name) <= 120 or not name.isprintable():
        raise Invalid("name-invalid", "A name has 1 to 120 characters.", "Shorten it.", {"name": "Write a name of 1 to 120 characters."})
    return name


@command
def begin_person(*, actor: Actor, name: str, email: str = "", account_id: str | None = None, time_zone: str = "America/Chicago") -> Person:
    """Enter a person; once per account, whatever is repeated."""
    if account_id is not None:
        Account.objects.select_for_update(of=("self",)).get(pk=account_id)
        if existing := Person.objects.filter(account_id=account_id).first():
            return existing
    person = Person.objects.create(account_id=account_id, name=_name(name), email=email.lower(), time_zone=_zone(time_zone))
    record(events.PERSON_BEGUN, actor=actor, subject=person, name=person.name, email=person.email)
    return person


@command
def open_account(*, actor: Actor, email: str, password: str | None, name: str, time_zone: str = "America/Chicago") -> Person:
    """An account with its person, made by the system for the demo and from the command line; visitors sign up themselves."""
    policy.FOUND_ORGANIZATION.require(actor, None)
    if Account.objects.filter(email=email.lower()).exists():
        raise Conflict("account-exists", f"There is already an account for {email}.", "Sign in, or use another address.")
    account = Account.objects.create_user(email, password)
    person = Person.objects.create(account=account, name=_name(name), email=account.email, time_zone=_zone(time_zone))
    record(events.PERSON_BEGUN, actor=actor, subject=person, name=person.name, email=person.email)
    return person


def _zone(name: str) -> str:
    if name not in available_timezones():
        remedy = "Choose one from the list."
        raise Invalid("zone-unknown", "That time zone is not known.", remedy, {"time_zone": remedy})
    return name


@command
def change_profile(*, actor: Actor, name: str, time_zone: str, shows_name: bool) -> Person:
    person = Person.objects.visible_to(actor).locked(pk=actor.person_id)
    policy.CHANGE_PROFILE.require(actor, person)
    person.name, person.time_zone, person.shows_name = _name(name), _zone(time_zone), shows_name
    person.save()
    record(events.PROFILE_CHANGED, actor=actor, subject=person, name=person.name, time_zone=time_zone, shows_name=shows_name)
    return person


@command
def follow_address(*, actor: Actor, account_id: str) -> Person | None:
    """Write to the person where their account now signs in from; None where nothing changed."""
    account = Account.objects.get(pk=account_id)
    person = Person.objects.visible_to(actor).filter(account=account).exclude(email=account.email).select_for_update(of=("self",)).first()
    if person is None:
        return None
    policy.FOLLOW_ADDRESS.require(actor, person)
    person.email = account.email
    person.save(update_fields=["email"])
    record(events.ADDRESS_CHANGED, actor=actor, subject=person, email=person.email)
    return person


@command
def found_organization(
    *, actor: Actor, slug: str, name: str, kind: str, parent_id: str | None = None, jurisdiction: str = "", website: str = ""
) -> Organization:
    """Enter an organization; the same slug again answers with the one that is there."""
    policy.FOUND_ORGANIZATION.require(actor, None)
    if kind not in ORGANIZATION_KINDS:
        raise Invalid("kind-unknown", f"“{kind}” is not a kind of organization.", f"Use one of {', '.join(ORGANIZATION_KINDS)}.")
    if existing := Organization.objects.filter(slug=slug).first():
        return existing
    organization = Organization.objects.create(
        slug=slug, name=name, kind=kind, parent_id=parent_id, jurisdiction=jurisdiction, website=website
    )
    record(events.ORGANIZATION_FOUNDED, actor=actor, subject=organization, organization=organization.pk, slug=slug, name=name, kind=kind,
           parent=parent_id or "")  # fmt: skip
    return organization


@command
def grant_role(
    *, actor: Actor, person_id: str, role: str, organization_id: str, scope: str = "organization", scope_id: str = "", scope_name: str = ""
) -> RoleGrant:
    """Give a role; giving one that is held answers with the grant that is there. The caller names things above people."""
    organization = Organization.objects.locked(pk=organization_id)
    policy.MANAGE_PEOPLE.require(actor, organization)
    if role not in ROLES or scope not in SCOPES:
        raise Invalid("role-unknown", "There is no such role or scope.", f"Roles: {', '.join(ROLES)}. Scopes: {', '.join(SCOPES)}.")
    if role == "operator":
        policy.FOUND_ORGANIZATION.require(actor, None)
    if not Person.objects.filter(pk=person_id).exists():
        raise NotFound("person")
    scope_id, scope_name = (organization.pk, organization.name) if scope == "organization" else (scope_id, scope_name)
    held = RoleGrant.objects.current().filter(person_id=person_id, role=role, scope=scope, scope_id=scope_id).first()
    if held:
        return held
    grant = RoleGrant.objects.create(
        person_id=person_id, role=role, scope=scope, scope_id=scope_id, scope_name=scope_name, organization=organization
    )
    record(events.ROLE_GRANTED, actor=actor, subject=grant, organization=organization.pk, person=person_id, role=role, scope=scope,
           scope_id=scope_id)  # fmt: skip
    return grant


@command
def end_role(*, actor: Actor, grant_id: str) -> RoleGrant:
    """Take a role away. It is gone with the next request of its holder."""
    grant = RoleGrant.objects.visible_to(actor).select_related("organization").locked(pk=grant_id)
    policy.MANAGE_PEOPLE.require(actor, grant.organization)
    if grant.role == "operator":
        policy.FOUND_ORGANIZATION.require(actor, None)
    if grant.ended_at is None:
        grant.ended_at = clock.now()
        grant.save(update_fields=["ended_at"])
        record(events.ROLE_ENDED, actor=actor, subject=grant, organization=grant.organization_id, person=grant.person_id, role=grant.role,
               scope=grant.scope, scope_id=grant.scope_id)  # fmt: skip
    return grant


@command
def affiliate(
    *, actor: Actor, person_id: str, organization_id: str, title: str, started_on: date, ended_on: date | None = None
) -> Affiliation:
    organization = Organization.objects.locked(pk=organization_id)
    policy.MANAGE_PEOPLE.require(actor, organization)
    if not Person.objects.filter(pk=person_id).exists():
        raise NotFound("person")
    if ended_on is not None:
        _in_order(started_on, ended_on)
    affiliation, made = Affiliation.objects.get_or_create(
        person_id=person_id, organization=organization, started_on=started_on, defaults={"title": title, "ended_on": ended_on}
    )
    if made:
        record(events.AFFILIATED, actor=actor, subject=affiliation, organization=organization.pk, person=person_id, title=title,
               started_on=started_on.isoformat())  # fmt: skip
    return affiliation


def _in_order(first: date, last: date) -> None:
    if last < first:
        remedy = "Give a later day."
        raise Invalid("ends-before-start", "An affiliation cannot end before it began.", remedy, {"ended_on": remedy})


@command
def end_affiliation(*, actor: Actor, affiliation_id: str, ended_on: date) -> Affiliation:
    affiliation = Affiliation.objects.visible_to(actor).select_related("organization").locked(pk=affiliation_id)
    policy.MANAGE_PEOPLE.require(actor, affiliation.organization)
    _in_order(affiliation.started_on, ended_on)
    affiliation.ended_on = ended_on
    affiliation.save(update_fields=["ended_on"])
    record(events.AFFILIATION_ENDED, actor=actor, subject=affiliation, organization=affiliation.organization_id,
           person=affiliation.person_id, ended_on=ended_on.isoformat())  # fmt: skip
    return affiliation


@command
def form_group(*, actor: Actor, organization_id: str, name: str, kind: str) -> Group:
    organization = Organization.objects.locked(pk=organization_id)
    policy.MANAGE_PEOPLE.require(actor, organization)
    if kind not in GROUP_KINDS:
        raise Invalid("kind-unknown", f"“{kind}” is not a kind of group.", f"Use one of {', '.join(GROUP_KINDS)}.")
    group = Group.objects.create(name=_name(name), kind=kind, organization=organization)
    record(events.GROUP_FORMED, actor=actor, subject=group, organization=organization.pk, name=group.name, kind=kind)
    return group


@command
def join_group(*, actor: Actor, group_id: str, person_id: str, joined_on: date) -> GroupMember:
    group = Group.objects.visible_to(actor).select_related("organization").locked(pk=group_id)
    policy.MANAGE_PEOPLE.require(actor, group.organization)
    member, made = GroupMember.objects.get_or_create(group=group, person_id=person_id, left_on=None, defaults={"joined_on": joined_on})
    if made:
        record(events.GROUP_JOINED, actor=actor, subject=member, organization=group.organization_id, person=person_id)
    return member


@command
def leave_group(*, actor: Actor, group_id: str, person_id: str, left_on: date) -> GroupMember:
    group = Group.objects.visible_to(actor).select_related("organization").locked(pk=group_id)
    policy.MANAGE_PEOPLE.require(actor, group.organization)
    member = GroupMember.objects.filter(group=group, left_on=None).locked(person_id=person_id)
    member.left_on = left_on
    member.save(update_fields=["left_on"])
    record(events.GROUP_LEFT, actor=actor, subject=member, organization=group.organization_id, person=person_id)
    return member
