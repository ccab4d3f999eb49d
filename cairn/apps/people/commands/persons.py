"""Persons and their accounts: entering them, and what they change about themselves."""

from __future__ import annotations

from cairn.apps.ledger.steps import record
from cairn.apps.people import events, policy
from cairn.apps.people.models import Account, Person
from cairn.apps.people.queries import account_of_address
from cairn.apps.people.steps import confirm_address, plain_name
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import zones
from cairn.kernel.errors import Conflict, Invalid


@command
def begin_person(*, actor: Actor, name: str, email: str = "", account_id: str | None = None, time_zone: str = "America/Chicago") -> Person:
    """Enter a person; once per account, whatever is repeated."""
    if account_id is not None:
        Account.objects.select_for_update(of=("self",)).get(pk=account_id)
        if existing := Person.objects.filter(account_id=account_id).first():
            return existing
    person = Person.objects.create(account_id=account_id, name=plain_name(name), email=email.lower(), time_zone=_zone(time_zone))
    record(events.PERSON_BEGUN, actor=actor, subject=person, name=person.name, email=person.email)
    return person


@command
def open_account(*, actor: Actor, email: str, password: str | None, name: str, time_zone: str = "America/Chicago") -> Person:
    """An account with its person and a confirmed address, made by the system for the demo; visitors sign up themselves."""
    policy.FOUND_ORGANIZATION.require(actor, None)
    if account_of_address(email):
        raise Conflict("account-exists", f"There is already an account for {email}.", "Sign in, or use another address.")
    account = Account.objects.create_user(email, password)
    confirm_address(account)
    person = Person.objects.create(account=account, name=plain_name(name), email=account.email, time_zone=_zone(time_zone))
    record(events.PERSON_BEGUN, actor=actor, subject=person, name=person.name, email=person.email)
    return person


def _zone(name: str) -> str:
    if name not in zones.known():
        remedy = "Choose one from the list."
        raise Invalid("zone-unknown", "That time zone is not known.", remedy, {"time_zone": remedy})
    return name


@command
def change_profile(*, actor: Actor, name: str, time_zone: str, shows_name: bool) -> Person:
    person = Person.objects.visible_to(actor).locked(pk=actor.person_id)
    policy.CHANGE_PROFILE.require(actor, person)
    person.name, person.time_zone, person.shows_name = plain_name(name), _zone(time_zone), shows_name
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
