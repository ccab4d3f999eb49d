"""A pilot program on top of the small world: information meetings, seats, a kick-off, on given days."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from cairn.apps.catalog import commands as catalog
from cairn.apps.catalog.models import Microcredential
from cairn.apps.people.queries import actor_of
from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import Enrollment, Offering, Registration
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.site.worker import drain
from tests.packs_world import pack_files
from tests.world import SYSTEM, World

CENTRAL = ZoneInfo("America/Chicago")
LAST_DAY = date(2020, 9, 1)


def central(text: str) -> datetime:
    """ "2020-04-07 10:00" on the clocks of Chicago."""
    return datetime.fromisoformat(text).replace(tzinfo=CENTRAL)


def at(text: str):
    """The clock at a moment of Chicago."""
    return clock.at(central(text))


class Pilot(World):
    """A pilot with the numbers of the leadership pilot of 2020; `days` stands for a test's own calendar."""

    slug = "leadership-pilot"
    members = 3
    rules = programs.OfferingRules(clock_event="kick-off", asks_meeting=True, seats_min=8, seats_max=10, feedback_required=True)

    def __init__(self, **rules) -> None:
        self.rules = programs.OfferingRules(**{**self.rules.__dict__, **rules})
        self._moved = ExitStack()

    @cached_property
    def microcredential(self) -> Microcredential:
        catalog.import_pack(actor=SYSTEM, files=pack_files(self.slug, self.members))
        drain()
        return self.microcredentials[0]

    @property
    def microcredentials(self) -> list[Microcredential]:
        return list(Microcredential.objects.filter(stack__pack=self.slug).order_by("order"))

    @cached_property
    def pilot(self) -> Offering:
        return self.pilot_of(self.microcredential)

    def pilot_of(self, mc: Microcredential, **rules) -> Offering:
        return programs.offer(
            actor=SYSTEM, program_id=self.program.pk, microcredential_id=mc.pk, kind="pilot", opens_on=date(2020, 3, 1),
            last_day=LAST_DAY, days=120, rules=programs.OfferingRules(**{**self.rules.__dict__, **rules}),
        )  # fmt: skip

    @cached_property
    def coordinator(self) -> Actor:
        return self.person("Tomas Berg", coordinator=self.issuer)

    @cached_property
    def information(self):
        """Three times in two days, of which one is enough; one link and one code for all."""
        starts = ("2020-04-07 10:00", "2020-04-07 16:00", "2020-04-08 10:00")
        times = [self.time(start, dial_in="(573) 555-0142", access_code="818-555-157") for start in starts]
        return programs.plan_meeting(actor=SYSTEM, program_id=self.program.pk, offering_id=None, kind="information",
                                     title="What the pilot asks of you", times=times)  # fmt: skip

    @cached_property
    def kick_off(self):
        return programs.plan_meeting(actor=SYSTEM, program_id=self.program.pk, offering_id=self.pilot.pk, kind="kick-off",
                                     title="Kick-off", times=[self.time("2020-04-20 16:00")])  # fmt: skip

    def time(self, start: str, **more) -> programs.Time:
        begins = central(start)
        return programs.Time(begins, begins + timedelta(minutes=30), "America/Chicago", join_url="https://meet.example/818", **more)

    def time_of(self, meeting, number: int = 0):
        return meeting.times.order_by("starts_at")[number]

    def informed(self, name: str = "", number: int = 0) -> Actor:
        """Somebody who chose a time of the information meeting and signed in there."""
        actor = self.person(name)
        time = self.time_of(self.information, number)
        with clock.at(time.starts_at - timedelta(hours=20)):
            programs.choose_time(actor=actor, time_id=time.pk)
        with clock.at(time.starts_at + timedelta(minutes=5)):
            programs.sign_in(actor=actor, code=time.sign_in_code)
        return actor

    def seated(self, name: str = "", offering: Offering | None = None) -> tuple[Actor, Registration]:
        """Somebody informed who has registered; the time is whatever it is."""
        actor = self.informed(name)
        return actor, programs.register(actor=actor, offering_id=(offering or self.pilot).pk, acknowledges=True)

    def kicked_off(self, actor: Actor) -> Enrollment:
        time = self.time_of(self.kick_off)
        with clock.at(time.starts_at + timedelta(minutes=2)):
            programs.sign_in(actor=actor, code=time.sign_in_code)
        return Enrollment.objects.get(person_id=actor.person_id, offering=self.pilot)


def fresh(actor: Actor) -> Actor:
    """The actor with the roles that they hold by now."""
    assert actor.person_id
    return actor_of(actor.person_id)


def pilot_things(world: World, educator: Actor, mc: Microcredential) -> dict[str, str]:
    """What the addresses of pilots hold of an educator: a seat that is not begun, a meeting they keep a place at, a question for time."""
    offering = programs.offer(
        actor=SYSTEM, program_id=world.program.pk, microcredential_id=mc.pk, kind="pilot",
        opens_on=clock.now().date() - timedelta(days=9), last_day=None, days=120,
        rules=programs.OfferingRules(clock_event="first access", seats_max=10),
    )  # fmt: skip
    begins = clock.now() + timedelta(days=3)
    time = programs.Time.lasting(begins, 30, "America/Chicago", join_url="https://meet.example/818")
    meeting = programs.plan_meeting(actor=SYSTEM, program_id=world.program.pk, offering_id=offering.pk, kind="information", title="Come",
                                    times=[time])  # fmt: skip
    row = meeting.times.get()
    kept = programs.choose_time(actor=educator, time_id=row.pk)
    place = programs.register(actor=educator, offering_id=offering.pk)
    return {"registration_id": place.pk, "pilot": offering.slug, "meeting_id": meeting.pk, "time_id": row.pk, "attendance_id": kept.pk,
            "code": row.sign_in_code}  # fmt: skip


def asked_things(educator: Actor, run: Enrollment) -> dict[str, str]:
    """A question for more time about a run."""
    until = run.due_at.astimezone(CENTRAL).date() + timedelta(days=7)
    return {"extension_id": programs.ask_extension(actor=educator, enrollment_id=run.pk, until=until, why="Our school moves.").pk}
