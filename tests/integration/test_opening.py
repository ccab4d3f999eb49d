"""An organization's admin begins a program and opens a pilot in it, on pages alone; nobody else does."""

from __future__ import annotations

import pytest

from cairn.apps.programs.models import Listing, Offering, Program
from cairn.kernel.ids import new_id
from tests.integration.test_public_pages import client_of, text_of
from tests.pilots_world import Pilot, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def pilot():
    with at("2020-03-20 12:00"):
        yield Pilot()


def typed(pilot, **more):
    told = {"key": new_id(), "microcredential_id": pilot.microcredential.pk, "kind": "pilot", "opens_on": "2020-04-01",
            "last_day": "2020-09-01", "days": "120", "seats_min": "8", "seats_max": "10", "clock_event": "kick-off",
            "asks_meeting": "on", "feedback_required": "on"}  # fmt: skip
    return told | more


def test_an_admin_begins_a_program_and_opens_a_pilot_with_the_numbers_of_the_sources(pilot):
    mc, admin = pilot.microcredential, pilot.person("Ada Admin", organization_admin=pilot.microcredential.issuer)
    org, desk = mc.issuer, client_of(admin)
    page = f"/org/{org.slug}/programs/begin/"
    assert "Begin a program" in text_of(desk.get(f"/org/{org.slug}/"))
    assert desk.post(page, {"title": " "}).status_code == 422
    went = desk.post(page, {"key": new_id(), "title": "Leaders of Small Schools", "summary": "For principals who teach."})
    assert went.url == "/programs/leaders-of-small-schools/open/"
    program = Program.objects.get(slug="leaders-of-small-schools")
    assert (program.organization_id, program.title) == (org.pk, "Leaders of Small Schools")
    assert mc.title in text_of(desk.get(went.url))
    opened = desk.post(went.url, typed(pilot))
    offering = Offering.objects.get(program=program)
    assert opened.url == f"/pilots/{offering.slug}/run/"
    kept = (offering.seats_min, offering.seats_max, offering.days, offering.last_day.isoformat(), offering.clock_event)
    assert kept == (8, 10, 120, "2020-09-01", "kick-off")
    assert (offering.asks_meeting, offering.feedback_required, offering.is_chosen, offering.shows_seats) == (True, True, False, True)
    assert offering.completions_needed == 8
    assert "10 pilot spots open; pilot to begin on April 1, 2020" in text_of(desk.get(f"/programs/{program.slug}/board/"))
    assert "Nobody has asked for a place yet" in text_of(desk.get(opened.url))
    assert f"Open a pilot in {program.title}" in text_of(desk.get("/pilots/"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"microcredential_id": ""}, "Choose one."),
        ({"last_day": "2020-03-31"}, "comes before the first"),
        ({"last_day": "", "days": ""}, "Give at least one of them"),
        ({"seats_min": "11"}, "cannot be more than the most"),
        ({"opens_on": "1066-10-14"}, "from 2000 to 2100"),
        ({"days": "0"}, "greater than or equal to 1"),
    ],
)
def test_what_no_offering_can_have_is_said_and_nothing_is_opened(pilot, wrong, said):
    admin = pilot.person("Ada Admin", organization_admin=pilot.program.organization, coordinator=pilot.microcredential.issuer)
    before = Offering.objects.count()
    shown = client_of(admin).post(f"/programs/{pilot.program.slug}/open/", typed(pilot, **wrong))
    assert (shown.status_code, said in text_of(shown)) == (422, True), text_of(shown)
    assert Offering.objects.count() == before


def test_nobody_else_finds_the_pages_and_a_coordinator_finds_the_second(pilot):
    org = pilot.program.organization
    coordinator, stranger = pilot.person("Cora Desk", coordinator=org), pilot.person("Sam Stone")
    begin, opening = f"/org/{org.slug}/programs/begin/", f"/programs/{pilot.program.slug}/open/"
    assert [client_of(who).get(begin).status_code for who in (coordinator, stranger)] == [404, 404]
    assert [client_of(who).get(opening).status_code for who in (coordinator, stranger)] == [200, 404]
    assert client_of(stranger).post(opening, typed(pilot)).status_code == 404


def test_a_programs_name_in_addresses_belongs_to_the_organization_that_leads_it(pilot):
    other = pilot.organization("Other Association", kind="association")
    admin = pilot.person("Olga Admin", organization_admin=other)
    Program.objects.filter(pk=pilot.program.pk).update(slug="the-pilot", title="The Pilot")
    shown = client_of(admin).post(f"/org/{other.slug}/programs/begin/", {"key": new_id(), "title": "The pilot", "summary": ""})
    assert (shown.status_code, "has a program of this name" in text_of(shown)) == (422, True)
    assert not Program.objects.filter(organization=other).exists()
    nothing = client_of(admin).post(f"/org/{other.slug}/programs/begin/", {"key": new_id(), "title": "Ours", "summary": ""}, follow=True)
    assert "There is nothing to open yet" in text_of(nothing)


def test_a_pilot_needs_no_more_completions_than_it_has_seats_and_has_one_line_on_the_board(pilot):
    desk = client_of(pilot.person("Cora Desk", coordinator=pilot.program.organization))
    page = f"/programs/{pilot.program.slug}/open/"
    needed = []
    for day, most, more in (("2020-04-01", "3", {}), ("2021-04-01", "3", {"completions_needed": "2"}), ("2022-04-01", "", {})):
        sent = typed(pilot, opens_on=day, last_day=f"{day[:4]}-09-01", seats_min="", seats_max=most, **more)
        desk.post(page, sent)
        needed.append(Offering.objects.order_by("created_at", "pk").last().completions_needed)
    assert needed == [3, 2, 8]
    assert [row.stage for row in Listing.objects.filter(program=pilot.program, microcredential=pilot.microcredential)] == ["in pilot"]
