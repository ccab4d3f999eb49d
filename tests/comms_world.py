"""Letters and those who get them: told by facts of tests' own, read in the database and at the mail server's door."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.core import mail

from cairn.apps.comms import commands
from cairn.apps.comms.models import Letter
from cairn.apps.comms.queries import Notice
from cairn.apps.people.models import Person
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.kernel.ids import new_id
from cairn.site.jobs import send_what_waited
from cairn.site.worker import drain
from tests.world import SYSTEM

NOON = datetime(2027, 3, 3, 18, tzinfo=UTC)  # a Wednesday, 12:00 in Chicago


def notice(actor: Actor, kind="programs.enrolled", **words) -> Notice:
    person = Person.objects.get(pk=actor.person_id)
    told = {"title": "Stepping Stones", "due": "May 31", "why": "120 days.", "path": "/portfolio/"}
    return Notice(kind, person.pk, person.name, person.email, {**told, **words})


def tell(*actors: Actor, category="news", organization="", at=NOON, cause="", kind="programs.enrolled", **words) -> list[Letter]:
    """A fact of this moment, told to each."""
    cause = cause or new_id()
    with clock.at(at):
        commands.post(actor=SYSTEM, cause=cause, notices=[notice(actor, kind, **words) for actor in actors], category=category,
                      organization=organization)  # fmt: skip
    return list(Letter.objects.filter(cause=cause).order_by("pk"))


def at_work(moment: datetime) -> list[mail.EmailMessage]:
    """What goes out when the worker works at this moment, a breath later."""
    sent = len(mail.outbox)
    with clock.at(moment + timedelta(seconds=5)):
        send_what_waited(SYSTEM)
        drain()
    return mail.outbox[sent:]
