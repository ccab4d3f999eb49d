"""Many who ask for the last seat at the same time: it goes to exactly one of them, and never stays free while somebody waits."""

from __future__ import annotations

import threading
from collections import Counter
from contextvars import copy_context
from functools import partial

import pytest
from django.db import connections

from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import Offering, Registration
from tests.pilots_world import Pilot, at

pytestmark = pytest.mark.long
CLIENTS, ROUNDS = 50, 100


def together(works) -> None:
    """All at once, each in a thread with a connection of its own, and by the test's clock."""
    gate = threading.Barrier(len(works))

    def run(work):
        gate.wait()
        try:
            work()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=copy_context().run, args=(run, work)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.fixture
def pilot(transactional_db):
    with at("2020-04-01 09:00"):
        yield Pilot(asks_meeting=False, clock_event="first access", seats_min=None, seats_max=1)


def states(offering: Offering) -> Counter:
    return Counter(Registration.objects.filter(offering=offering).values_list("state", flat=True))


def test_fifty_who_ask_for_the_last_seat(pilot):
    people = [pilot.person(f"Person{n} Reed") for n in range(CLIENTS)]
    for round_ in range(ROUNDS):
        offering = pilot.pilot if round_ == 0 else another(pilot)
        together([partial(programs.register, actor=who, offering_id=offering.pk, acknowledges=True) for who in people])
        offering.refresh_from_db()
        assert (states(offering), offering.seats_taken) == (Counter(seated=1, waiting=CLIENTS - 1), 1), f"round {round_}"
        programs.close_offering(actor=pilot.coordinator, offering_id=offering.pk)


def another(pilot: Pilot) -> Offering:
    return pilot.pilot_of(pilot.microcredential)


def test_the_last_seat_is_given_up_taken_and_asked_for_at_once(pilot):
    """Whoever holds it leaves while others ask: in the end one holds it or is offered it, and the rest wait."""
    holders = [pilot.person(f"Holder{n} Reed") for n in range(20)]
    others = [pilot.person(f"Other{n} Reed") for n in range(4)]
    offering = pilot.pilot
    for holder in holders:
        place = programs.register(actor=holder, offering_id=offering.pk)
        asks = [partial(programs.register, actor=who, offering_id=offering.pk) for who in others]
        together([partial(programs.give_up_place, actor=holder, registration_id=place.pk), *asks])
        offering.refresh_from_db()
        told = states(offering)
        assert told["seated"] + told["offered"] == offering.seats_taken == 1
        leave(others, offering)
        offering.refresh_from_db()
        assert offering.seats_taken == 0


def leave(people, offering: Offering) -> None:
    for who in people:
        for place in Registration.objects.live().filter(offering=offering, person_id=who.person_id):
            programs.give_up_place(actor=who, registration_id=place.pk)
