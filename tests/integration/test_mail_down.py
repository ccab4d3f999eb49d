"""A mail server that is away, in a bad mood or dying: each letter arrives once, later, and at most once more under the same Message-ID."""

from __future__ import annotations

import os
import signal
import socket
import traceback
from contextlib import contextmanager
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.db import connections

from cairn.apps.comms import commands
from cairn.apps.comms.models import Letter
from cairn.apps.ledger.models import Delivery
from cairn.kernel import clock
from cairn.site import worker
from tests.world import SYSTEM


class Postbox:
    """What arrived. `refuse` answers a recipient or a letter with these words; `on_letter` is called once a letter has been taken."""

    def __init__(self, *, recipient="", letter="", on_letter=None):
        self.arrived, self.recipient, self.letter, self.on_letter = [], recipient, letter, on_letter

    async def handle_RCPT(self, server, session, envelope, address, options):
        envelope.rcpt_tos.append(address)
        return self.recipient or "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.letter:
            return self.letter
        head = envelope.content.decode().partition("\r\n\r\n")[0]
        (message_id,) = [line.partition(": ")[2] for line in head.split("\r\n") if line.lower().startswith("message-id:")]
        self.arrived.append((envelope.rcpt_tos[0], message_id))
        if self.on_letter:
            self.on_letter(server)
        return "250 OK"


@contextmanager
def running(postbox, port):
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield postbox
    finally:
        controller.stop()


@pytest.fixture
def port(settings):
    """Where the site hands its letters over; nobody listens there yet."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        number = trial.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", number
    return number


def write(*names):
    return [commands.write_letter(actor=SYSTEM, kind="hello", address=f"{n}@example.org", subject="Hello", text="Hi.") for n in names]


def mail():
    return Delivery.objects.filter(consequence="mail")


def work_for(minutes, begin):
    """The worker's work over a stretch of time, a look a minute; the moment at its end."""
    for minute in range(minutes):
        with clock.at(begin + timedelta(minutes=minute)):
            worker.drain()
    return begin + timedelta(minutes=minutes)


def once_each(letters, postbox):
    assert sorted(postbox.arrived) == sorted((letter.address, f"<{letter.pk}@localhost>") for letter in letters)


@pytest.mark.django_db
def test_letters_of_an_hour_without_a_mail_server_arrive_once_when_it_is_back(port):
    letters, now = write("ana", "ben"), clock.now()
    now = work_for(60, now)
    letters += write("cleo")
    assert {(row.state, row.code) for row in mail().exclude(attempts=0)} == {("waiting", "mail-server-away")}
    with running(Postbox(), port) as postbox:
        work_for(10, now)
        work_for(10, now + timedelta(hours=1))
    once_each(letters, postbox)
    assert set(Letter.objects.values_list("state", flat=True)) == {"sent"}
    assert set(mail().values_list("state", flat=True)) == {"done"}


@pytest.mark.django_db
@pytest.mark.parametrize("says", [{"recipient": "450 4.2.1 come later"}, {"letter": "452 4.3.1 no room here"}, {"letter": "421 closing"}])
def test_a_server_that_says_later_is_asked_later(port, says):
    letters, now = write("ana"), clock.now()
    with running(Postbox(**says), port):
        now = work_for(60, now)
    assert mail().get().state == "waiting"
    with running(Postbox(), port) as postbox:
        work_for(10, now)
    once_each(letters, postbox)


@pytest.mark.django_db
@pytest.mark.parametrize("says", [{"recipient": "550 5.1.1 nobody of that name"}, {"letter": "554 5.7.1 not this one"}])
def test_a_letter_that_is_refused_for_good_is_an_operators_to_look_at(port, says):
    write("ana")
    with running(Postbox(**says), port):
        work_for(60, clock.now())
    assert mail().get().state == "parked"
    assert says.get("recipient", says.get("letter"))[:3] in mail().get().reason
    assert Letter.objects.get().state == "queued"


@pytest.mark.django_db
def test_a_server_that_takes_a_letter_and_dies_before_saying_so_gets_it_again_under_the_same_message_id(port):
    (letter,), now = write("ana"), clock.now()
    with running(Postbox(on_letter=lambda server: server.transport.abort()), port) as dying:
        work_for(1, now)
    assert Letter.objects.get().state == "queued"
    with running(Postbox(), port) as postbox:
        work_for(60, now + timedelta(minutes=1))
    assert dying.arrived == postbox.arrived == [(letter.address, f"<{letter.pk}@localhost>")]


def _worker_that_waits():
    """A worker in a process of its own, and what lets it begin: forked before any thread of the mail server is there."""
    wait, go = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(go)
            os.read(wait, 1)
            worker.drain()
        except BaseException:
            traceback.print_exc()
            os._exit(3)
        os._exit(0)
    os.close(wait)
    return child, go


def test_a_worker_killed_when_the_letter_is_handed_over_sends_it_once_more_and_no_more(open_world, port):
    (letter,), now = write("ana"), clock.now()
    connections.close_all()
    child, go = _worker_that_waits()
    with running(Postbox(on_letter=lambda server: os.kill(child, signal.SIGKILL)), port) as first:
        os.close(go)
        assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    with running(Postbox(), port) as second:
        work_for(60, now + timedelta(minutes=3))
    assert first.arrived == second.arrived == [(letter.address, f"<{letter.pk}@localhost>")]
    assert Letter.objects.get().state == "sent"
