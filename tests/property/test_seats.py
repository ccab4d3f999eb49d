"""Any sequence of what people, coordinators and the clock do with seats keeps what must hold of them."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import Enrollment, Offering, Registration
from cairn.kernel import clock
from cairn.kernel.errors import Refused
from tests.pilots_world import Pilot, central
from tests.world import SYSTEM

PEOPLE = 5
WHAT = ["register", "register", "register", "take_offer", "pass_offer", "give_up_place", "choose", "turn_down", "withdraw", "seats", "time"]
STEPS = st.lists(st.tuples(st.sampled_from(WHAT), st.integers(0, PEOPLE - 1), st.integers(1, 80)), min_size=5, max_size=25)


class Play:
    """Five people and one pilot; an hour goes by with each step."""

    def __init__(self, most: int, is_chosen: bool) -> None:
        self.hour = 0
        with self.now():
            pilot = Pilot(asks_meeting=False, clock_event="registration", seats_min=None, seats_max=most, is_chosen=is_chosen)
            self.people = [pilot.person(f"Person{n} Reed") for n in range(PEOPLE)]
            self.offering, self.coordinator = pilot.pilot, pilot.coordinator

    def now(self):
        return clock.at(central("2020-04-01 09:00") + timedelta(hours=self.hour))

    def step(self, what: str, who: int, number: int) -> None:
        person = self.people[who]
        place = Registration.objects.filter(person_id=person.person_id).order_by("-asked_at").first()
        run = Enrollment.objects.filter(person_id=person.person_id, state="active").first()
        if what == "register":
            self.tried(programs.register, actor=person, offering_id=self.offering.pk)
        elif what == "seats":
            most = number % 5 + 1
            self.tried(programs.change_seats, actor=self.coordinator, offering_id=self.offering.pk, seats_min=None, seats_max=most)
        elif what == "time":
            self.hour += number
            for offered in Registration.objects.filter(state="offered"):
                self.tried(programs.end_offer, actor=SYSTEM, registration_id=offered.pk)
        elif what == "withdraw" and run:
            self.tried(programs.withdraw, actor=person, enrollment_id=run.pk)
        elif what != "withdraw" and place:
            actor = self.coordinator if what in ("choose", "turn_down") else person
            self.tried(getattr(programs, what), actor=actor, registration_id=place.pk)

    def tried(self, command, **given) -> None:
        """Done, or refused; never anything else."""
        self.hour += 1
        with self.now(), suppress(Refused):
            command(**given)

    def require_order(self) -> None:
        offering = Offering.objects.get(pk=self.offering.pk)
        rows = list(Registration.objects.filter(offering=offering).order_by("asked_at"))
        held = [row for row in rows if row.state in ("seated", "offered")]
        assert offering.seats_taken == len(held) <= offering.seats_max
        waiting = [row for row in rows if row.state == "waiting"]
        assert len(held) == offering.seats_max or not waiting, "a seat is free while somebody waits"
        offered = [row for row in held if row.state == "offered"]
        assert all(one.asked_at <= other.asked_at for one in offered for other in waiting), "somebody was passed over"
        live = [row.person_id for row in rows if row.state in ("applied", "waiting", "offered", "seated")]
        assert len(live) == len(set(live))
        active = set(Enrollment.objects.filter(state="active").values_list("person_id", flat=True))
        assert active == {row.person_id for row in rows if row.state == "seated"}


class SeatsTest(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(most=st.integers(1, 3), is_chosen=st.booleans(), steps=STEPS)
    def test_seats_are_taken_once_and_never_free_while_somebody_waits(self, most, is_chosen, steps):
        play = Play(most, is_chosen)
        for step in steps:
            play.step(*step)
            play.require_order()
