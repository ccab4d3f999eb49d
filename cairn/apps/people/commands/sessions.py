"""Where somebody is signed in, and how: ending sessions, and the record of what changed. Not here: signing in (the sign-in library)."""

from __future__ import annotations

from django.conf import settings
from django.db import connection

from cairn.apps.ledger.steps import record
from cairn.apps.people import events, policy
from cairn.apps.people.models import Person, Session
from cairn.apps.people.steps import forget_authenticators
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.facts import Event


@command
def note_sign_in(*, actor: Actor, person_id: str, how: str) -> Person:
    """Somebody has signed in; `how` names what they showed, e.g. "password, totp"."""
    return _note(actor, events.SIGNED_IN, person_id, how=how)


@command
def note_sign_in_change(*, actor: Actor, person_id: str, what: str) -> Person:
    """How somebody signs in has changed; `what` names it, e.g. "totp_activated"."""
    return _note(actor, events.SIGN_IN_CHANGED, person_id, what=what)


def _note(actor: Actor, event: Event, person_id: str, **told: str) -> Person:
    person = Person.objects.visible_to(actor).get_or_not_found(pk=person_id)
    policy.NOTE_SIGN_IN.require(actor, person)
    record(event, actor=actor, subject=person, **told)
    return person


@command
def forget_second_step(*, actor: Actor, person_id: str) -> Person:
    """For whoever has lost phone and recovery codes, once a human being knows that it is they: the password alone signs in again."""
    person = Person.objects.visible_to(actor).get_or_not_found(pk=person_id)
    policy.FORGET_SECOND_STEP.require(actor, person)
    forget_authenticators(person)
    Session.objects.filter(account=person.account_id).delete()
    record(events.SECOND_STEP_FORGOTTEN, actor=actor, subject=person)
    return person


@command
def end_session(*, actor: Actor, handle: str) -> Person:
    """Sign a person's other browser out; it is out with its next request."""
    session = Session.objects.visible_to(actor).get_or_not_found(handle=handle)
    person = Person.objects.get(account=session.account_id)
    policy.END_SESSIONS.require(actor, person)
    session.delete()
    record(events.SIGNED_OUT, actor=actor, subject=person, sessions=1)
    return person


@command
def end_sessions(*, actor: Actor, person_id: str, but: str = "") -> Person:
    """Sign a person out everywhere but in the session of that handle."""
    person = Person.objects.visible_to(actor).get_or_not_found(pk=person_id)
    policy.END_SESSIONS.require(actor, person)
    ended, _ = Session.objects.filter(account=person.account_id).exclude(handle=but).delete()
    if ended:
        record(events.SIGNED_OUT, actor=actor, subject=person, sessions=ended)
    return person


@command
def forget_tries(*, actor: Actor) -> None:
    """Timed: tries at signing in that no longer count. They lie in the framework's cache, which drops none until it is full."""
    before = connection.ops.adapt_datetimefield_value(clock.now().replace(microsecond=0))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {settings.CACHES['default']['LOCATION']} WHERE expires < %s", [before])


@command
def forget_sessions(*, actor: Actor) -> None:
    """Timed: those that have run out."""
    Session.objects.filter(expire_date__lt=clock.now()).delete()
