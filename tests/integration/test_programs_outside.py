"""Programs with numbers of nobody's scenario: other zones and days, one seat, four owners, names in other scripts."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cairn.apps.payments import commands as payments
from cairn.apps.people.queries import actor_of
from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import Enrollment, Registration
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden
from cairn.pure.clocks import long_moment
from cairn.pure.files import page_text
from cairn.site import jobs
from tests.integration.test_public_pages import client_of
from tests.money_world import MoneyWorld
from tests.pilots_world import Pilot, fresh
from tests.world import SYSTEM, World

pytestmark = pytest.mark.django_db

BEGUN = datetime(2023, 11, 1, 5, 0, tzinfo=UTC)  # 120 days before February 29, 2024, or the day before that
ZONES = {
    "Pacific/Honolulu": ("February 28, 2024, 11:59 p.m. Hawaii", "2024-02-29T09:59:59"),
    "Pacific/Guam": ("February 29, 2024, 11:59 p.m. Guam time", "2024-02-29T13:59:59"),
    "America/St_Johns": ("February 29, 2024, 11:59 p.m. Newfoundland", "2024-03-01T03:29:59"),
    "America/Phoenix": ("February 28, 2024, 11:59 p.m. Arizona", "2024-02-29T06:59:59"),
}


def pilot_of(world: Pilot, opens_on: date, last_day: date | None, seats: int):
    return programs.offer(
        actor=SYSTEM, program_id=world.program.pk, microcredential_id=world.microcredential.pk, kind="pilot", opens_on=opens_on,
        last_day=last_day, days=120, rules=programs.OfferingRules(seats_min=seats, seats_max=seats),
    )  # fmt: skip


def test_a_hundred_and_twenty_days_end_on_the_leap_day_where_they_began_a_day_later():
    with clock.at(BEGUN):
        world = Pilot()
        offering = pilot_of(world, date(2023, 10, 1), None, 4)
        for zone, (said, at) in ZONES.items():
            learner = world.person(zone=zone)
            programs.register(actor=learner, offering_id=offering.pk)
            run = Enrollment.objects.get(person_id=learner.person_id)
            assert (long_moment(run.due_at, ZoneInfo(run.zone)), run.due_at.isoformat()) == (said, f"{at}+00:00")


def test_an_offer_of_the_one_seat_stands_to_its_last_second_and_not_beyond():
    """Over the night on which clocks go forward 72 hours are 72 hours."""
    world = Pilot()
    with clock.at(datetime(2026, 3, 6, 18, tzinfo=UTC)):
        offering = pilot_of(world, date(2026, 3, 1), None, 1)
        places = [programs.register(actor=world.person(), offering_id=offering.pk) for _ in range(4)]
        programs.give_up_place(actor=person_of(places[0]), registration_id=places[0].pk)
    ends = offered_until(places[1])
    assert timedelta() <= ends - datetime(2026, 3, 9, 18, tzinfo=UTC) < timedelta(minutes=1)
    with clock.at(ends - timedelta(seconds=2)):
        jobs.pass_offers_on(SYSTEM)
        assert states(places) == ["left", "offered", "waiting", "waiting"]
    with clock.at(ends + timedelta(microseconds=1)):
        with pytest.raises(Conflict, match="The offer ended"):
            programs.take_offer(actor=person_of(places[1]), registration_id=places[1].pk)
        jobs.pass_offers_on(SYSTEM)
        assert states(places) == ["left", "passed", "offered", "waiting"]
        programs.give_up_place(actor=person_of(places[2]), registration_id=places[2].pk)  # while the offer is out
        assert states(places) == ["left", "passed", "left", "offered"]
    with clock.at(offered_until(places[3]) - timedelta(seconds=2)):
        programs.take_offer(actor=person_of(places[3]), registration_id=places[3].pk)
        offering.refresh_from_db()
        assert (states(places)[-1], offering.seats_taken) == ("seated", 1)


def person_of(place: Registration):
    return actor_of(place.person_id)


def offered_until(place: Registration) -> datetime:
    place.refresh_from_db()
    assert place.offered_until is not None
    return place.offered_until


def states(places) -> list[str]:
    return [Registration.objects.get(pk=place.pk).state for place in places]


def test_each_of_four_owners_runs_a_program_and_one_that_leaves_or_hosts_does_not():
    world = World()
    coordinators = []
    for number in range(4):
        organization = world.organization(f"Owner {number}", kind="association")
        role = "owner" if number < 3 else "host"
        part = programs.join_program(
            actor=SYSTEM, program_id=world.program.pk, organization_id=organization.pk, role=role, joined_on=date(2026, 1, 1)
        )
        coordinators.append((world.person(f"Corin{number} Lane", coordinator=organization), part))
    owners = [world.person("Lead Lane", coordinator=world.issuer), *(actor for actor, _ in coordinators[:3])]
    for limit, actor in enumerate(owners, 1):
        changed = programs.set_at_once(actor=actor, program_id=world.program.pk, limit=limit, mode="soft", counts_decisions=True)
        assert changed.at_once == limit
    gone, part = coordinators[2]
    programs.leave_program(actor=SYSTEM, ownership_id=part.pk, left_on=date(2026, 2, 1))
    for actor in (gone, coordinators[3][0]):
        with pytest.raises(Forbidden):
            programs.set_at_once(actor=fresh(actor), program_id=world.program.pk, limit=9, mode="none", counts_decisions=True)


def test_the_last_day_of_one_of_three_memberships_ends_on_the_members_own_clocks():
    world = MoneyWorld()
    world.prices()
    third = world.organization("Third Association", kind="association")
    world.price(175_00, third)
    asked = {}
    for zone in ("Pacific/Honolulu", "Pacific/Guam"):
        member = world.person(zone=zone)
        world.member(member, of=third, valid_to="2026-06-30")
        for association in (world.principals, world.secondary):
            world.member(member, of=association, valid_to="2026-12-31")
        asked[zone] = member
    for moment, cents in (("13:59:50", (175_00, 175_00)), ("14:00:01", (175_00, 180_00))):
        with clock.at(datetime.fromisoformat(f"2026-06-30T{moment}+00:00")):
            assert tuple(world.quote(member).cents for member in asked.values()) == cents


@pytest.mark.parametrize("name", ["王小明 Wang", "Dana 😀", "김 Kim", "Keali\u02bbi"])
def test_an_invoice_is_printed_for_whatever_name_somebody_has(name):
    world = MoneyWorld()
    buyer, place = world.owing(name)
    order = payments.place_order(actor=buyer, entitlement_ids=[place.pk], po_number="PO-7")
    answer = client_of(buyer).get(f"/account/invoices/{order.invoices.get().pk}.pdf")
    assert answer.status_code == 200
    assert "$200.00" in page_text(io.BytesIO(answer.content), 1)
    assert b"/StructTreeRoot" in answer.content
