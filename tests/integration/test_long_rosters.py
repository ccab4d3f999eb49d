"""A roster of thousands: taken in to its end, stopped and gone on with, whole, and shown in as many queries as a short one."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cairn.apps.imports import commands as imports
from cairn.apps.imports import queries
from cairn.apps.ledger.models import Delivery, Fact
from cairn.apps.people.models import Person
from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import Enrollment, Offering, Registration
from cairn.apps.reports.queries import integrity
from cairn.kernel import clock
from cairn.site.worker import drain, work_once
from tests.imports_world import read_roster, take
from tests.integration.test_public_pages import client_of
from tests.world import SYSTEM, World

pytestmark = pytest.mark.django_db
HEAD = ("Name", "E-mail", "State")


class LongWorld(World):
    slug = "long-rosters"

    def __init__(self) -> None:
        self.coordinator = self.person("Cora Stone", coordinator=self.issuer)

    def pilot(self, seats=None):
        offering = self.offer(kind="pilot", days=120, last_day=clock.now().date() + timedelta(days=200))
        drain()
        return programs.change_seats(actor=self.coordinator, offering_id=offering.pk, seats_min=None, seats_max=seats)


def people(many, *, of="participant"):
    return [(f"{of.title()} {number}", f"{of}{number}@example.org") for number in range(many)]


def on_the_page(world, pilot):
    with CaptureQueriesContext(connection) as asked:
        assert client_of(world.coordinator).get(f"/pilots/{pilot.slug}/run/people/").status_code == 200
    return len(asked)


@pytest.mark.long
def test_five_thousand_rows_are_taken_in_though_the_worker_stops_and_the_list_is_read_as_fast():
    world = LongWorld()
    pilot = world.pilot()
    first = read_roster(world.coordinator, pilot, HEAD, *people(50, of="early"))
    imports.confirm(actor=world.coordinator, import_id=first.pk, sha256=first.sha256)
    assert work_once()
    on_the_page(world, pilot)  # what is read once for the process is read
    for_few = on_the_page(world, pilot)
    rows = people(5_000)
    source = read_roster(world.coordinator, pilot, HEAD, *rows)
    assert (source.new, source.refused) == (5_000, 0)
    imports.confirm(actor=world.coordinator, import_id=source.pk, sha256=source.sha256)
    taken = []
    while (now := queries.import_(world.coordinator, source.pk)).state == "applying":
        taken.append(now.taken)
        assert Registration.objects.filter(offering=pilot).count() == 50 + now.taken  # a batch is there whole, or not at all
        assert work_once()
    assert taken == sorted(taken)
    assert len(set(taken)) > 3  # how far it is can be seen on the way
    assert (now.taken, now.refused) == (5_000, 0)
    assert Fact.objects.filter(kind="programs.seated").count() == 5_050  # each has their own
    assert on_the_page(world, pilot) == for_few
    again = read_roster(world.coordinator, pilot, HEAD, *rows)
    assert (again.writes, again.unchanged) == (0, 5_000)
    assert not [said for finding in integrity(SYSTEM) for said in finding.failures]


def test_people_entered_together_have_facts_with_causes_and_all_that_follows():
    world = LongWorld()
    pilot = world.pilot()
    source = read_roster(world.coordinator, pilot, HEAD, *people(3), ("Wanda Long", "wanda@example.org", "waiting"))
    imports.confirm(actor=world.coordinator, import_id=source.pk, sha256=source.sha256)
    assert work_once()
    batch = Fact.objects.get(kind="imports.batch_taken")
    kinds = Counter(Fact.objects.filter(pk__gte=batch.pk).values_list("kind", flat=True))
    assert kinds == {"imports.batch_taken": 1, "people.person_begun": 4, "programs.seated": 3, "programs.waiting": 1,
                     "programs.seat_offered": 1, "programs.enrolled": 3, "imports.ended": 1}  # fmt: skip
    run = Enrollment.objects.filter(offering=pilot).select_related("person").first()
    enrolled = Fact.objects.get(kind="programs.enrolled", thread=run.pk)
    seated = Fact.objects.get(uid=enrolled.cause)
    assert seated.subject_id == Registration.objects.get(enrollment=run).pk
    assert seated.cause == batch.uid
    begun = Fact.objects.get(kind="people.person_begun", subject_id=run.person_id)
    assert run.person.email not in begun.body  # it lies where it can be erased
    assert set(Delivery.objects.filter(fact=seated).values_list("consequence", flat=True)) == {"tell", "follow-participant"}


def test_seats_given_together_are_no_more_than_there_are():
    world = LongWorld()
    pilot = world.pilot()
    source = read_roster(world.coordinator, pilot, HEAD, *people(5))
    programs.change_seats(actor=world.coordinator, offering_id=pilot.pk, seats_min=None, seats_max=3)
    done = take(world.coordinator, source)
    assert (done.taken, done.refused) == (3, 2)
    assert [row.line for row in queries.rows(world.coordinator, done)] == [5, 6]  # the last in the file
    assert Offering.objects.get(pk=pilot.pk).seats_taken == 3


def test_whoever_began_elsewhere_meanwhile_is_left_out_alone():
    world = LongWorld()
    dana, pilot = world.person("Dana Whitfield"), world.pilot()
    address = Person.objects.get(pk=dana.person_id).email
    source = read_roster(world.coordinator, pilot, HEAD, *people(2), ("Dana Whitfield", address))
    programs.enroll(actor=dana, offering_id=world.offering.pk)
    done = take(world.coordinator, source)
    assert (done.taken, done.refused) == (2, 1)
    assert Offering.objects.get(pk=pilot.pk).seats_taken == 2
    assert "under way already" in queries.rows(world.coordinator, done).get().why
