"""A program that two associations and a state office own together, with a host: who runs it, and who is only named."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cairn.apps.comms.models import Nudge
from cairn.apps.ledger.models import Fact
from cairn.apps.people.queries import actor_of
from cairn.apps.programs import commands, queries
from cairn.apps.programs.models import Contact, Ownership, Program
from cairn.frame.actor import VISITOR
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from cairn.kernel.ids import new_id
from tests.integration.test_public_pages import client_of, text_of
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db
SINCE = date(2019, 10, 1)


@pytest.fixture
def together(world):
    """The leading organization, a second owner, a state office, a host and a partner, with somebody at each."""
    return Together(world)


class Together:
    def __init__(self, world):
        self.world, self.program = world, world.program
        self.lead = world.person("Lea Admin", organization_admin=world.issuer)
        self.second = world.organization("Elementary Principals", kind="association")
        self.office = world.organization("State Office", kind="state-agency")
        self.host = world.organization("Leaders Network", kind="provider")
        for organization, role in ((self.second, "owner"), (self.office, "owner"), (self.host, "host")):
            self.join(organization, role)
        _, self.run = world.enrolled()

    def join(self, organization, role="owner", actor=None, **more):
        told = {"program_id": self.program.pk, "organization_id": organization.pk, "role": role, "joined_on": SINCE, **more}
        return commands.join_program(actor=actor or self.lead, **told)

    def at(self, organization, role="coordinator"):
        return self.world.person(f"{role.title()} Stone", **{role.replace(" ", "_"): organization})

    def runs(self, actor):
        return Program.objects.run_by(actor).filter(pk=self.program.pk).exists()


@pytest.mark.parametrize("role", ["coordinator", "organization admin"])
def test_people_of_every_owner_run_the_program_and_see_its_learners(together, role):
    for organization in (together.world.issuer, together.second, together.office):
        actor = together.at(organization, role)
        assert together.runs(actor)
        assert [run.pk for run in queries.enrollments_in(actor, together.program)] == [together.run.pk]
        assert queries.enrollment(actor, together.run.pk).pk == together.run.pk
        commands.close_offering(actor=actor, offering_id=together.world.offer(days=10).pk)


@pytest.mark.parametrize("role", ["coordinator", "organization admin"])
def test_people_of_every_owner_open_its_community_and_write_to_its_learners_in_their_own_name(together, role):
    actor, outsider = together.at(together.second, role), together.at(together.host, role)
    desk, offering = client_of(actor), together.world.offering
    told = {"title": "Tuesday talk", "slug": "tuesday-talk", "of": f"offering {offering.pk}", "opens_on": "2026-01-05", "key": new_id()}
    assert desk.post("/communities/begin/", told).status_code == 302
    assert desk.get("/communities/tuesday-talk/run/").status_code == 200
    assert client_of(outsider).get("/communities/tuesday-talk/").status_code == 404
    assert client_of(together.at(together.world.issuer, role)).get("/communities/tuesday-talk/run/").status_code == 200
    letter = {"kind": "nudge.go_on", "subject": "How is it going?", "text": "{name}, we are here.", "person": together.run.person_id,
              "send": "", "key": new_id()}  # fmt: skip
    page = f"/pilots/{offering.slug}/run/write/"
    assert desk.get(page).status_code == 200
    assert desk.post(page, letter).status_code == 302
    assert Nudge.objects.get().organization == together.second
    assert client_of(outsider).post(page, {**letter, "key": new_id()}).status_code == 404


@pytest.mark.parametrize("role", ["host", "co-author", "partner"])
def test_hosts_co_authors_and_partners_are_named_and_run_nothing(together, role):
    other = together.world.organization("Some Network", kind="provider")
    together.join(other, role)
    for held in ("coordinator", "organization admin"):
        actor = together.at(other, held)
        assert not together.runs(actor)
        with pytest.raises(NotFound):
            queries.enrollments_in(actor, together.program)
        with pytest.raises(NotFound):
            queries.enrollment(actor, together.run.pk)
        with pytest.raises(Forbidden):
            commands.close_offering(actor=actor, offering_id=together.world.offering.pk)
    assert "Some Network" in text_of(Client(headers={"host": "localhost"}).get(f"/programs/{together.program.slug}/"))


def test_an_owner_that_leaves_runs_it_no_more_from_then_on(together):
    coordinator, part = together.at(together.second), Ownership.objects.get(organization=together.second)
    assert together.runs(coordinator)
    with pytest.raises(Invalid, match="cannot leave before it joined"):
        commands.leave_program(actor=together.lead, ownership_id=part.pk, left_on=date(2018, 1, 1))
    client_of(together.lead).post(f"/programs/{together.program.slug}/owners/{part.pk}/end/", {"key": new_id()})
    assert not together.runs(coordinator)
    part.refresh_from_db()
    assert part.left_on is not None
    assert commands.leave_program(actor=together.lead, ownership_id=part.pk, left_on=date(2030, 1, 1)).left_on == part.left_on
    assert together.join(together.second).pk != part.pk


def test_no_organization_joins_or_leaves_on_a_day_to_come(together):
    new, part = together.world.organization("New Association", kind="association"), Ownership.objects.get(organization=together.second)
    coordinator, soon = together.at(together.second), clock.now().date() + timedelta(days=2)
    with pytest.raises(Invalid, match="joined on a day to come"):
        together.join(new, joined_on=soon)
    with pytest.raises(Invalid, match="left on a day to come"):
        commands.leave_program(actor=together.lead, ownership_id=part.pk, left_on=soon)
    assert together.runs(coordinator)
    sent = {"key": new_id(), "form": "part", "organization_id": new.pk, "role": "partner", "joined_on": soon.isoformat()}
    shown = client_of(together.lead).post(f"/programs/{together.program.slug}/edit/", sent)
    assert (shown.status_code, "Give a day up to" in text_of(shown)) == (422, True)


def test_an_admin_of_every_owner_says_who_owns_it_and_a_coordinator_does_not(together):
    new = together.world.organization("New Association", kind="association")
    with pytest.raises(Forbidden):
        together.join(new, actor=together.at(together.second, "coordinator"))
    with pytest.raises(Forbidden):
        together.join(new, actor=together.at(together.host, "organization admin"))
    assert together.join(new, actor=together.at(together.office, "organization admin")).role == "owner"
    with pytest.raises(Conflict, match="leads this program"):
        together.join(together.world.issuer)
    with pytest.raises(Invalid):
        together.join(new, "king")


def test_joining_twice_or_with_a_used_key_joins_once(together):
    new, keyed = together.world.organization("New Association", kind="association"), together.lead.with_key(new_id())
    assert together.join(new, actor=keyed).pk == together.join(new, actor=keyed).pk == together.join(new).pk
    assert Fact.objects.filter(kind="programs.organization_joined").count() == 4


def test_owners_do_not_make_lists_ask_more_questions(together):
    def asked(actor):
        with CaptureQueriesContext(connection) as found:
            list(queries.enrollments_in(actor, together.program))
        return len(found)

    before = asked(actor_of(together.lead.person_id))
    for number in range(5):
        together.join(together.world.organization(f"Owner {number}", kind="association"))
    assert asked(actor_of(together.lead.person_id)) == before
    assert asked(together.at(together.second)) <= before + 1


# --- Contacts and the program's page -----------------------------------------------------------------------------------------


def edit(together, client=None, **told):
    return (client or client_of(together.lead)).post(f"/programs/{together.program.slug}/edit/", {"key": new_id(), **told})


def test_contacts_stand_by_their_role_for_anyone_to_read(together):
    edit(together, form="contact", role="Pilot coordinator", name="Pat Pilot", email="Pilots@Example.org", phone="555-0100")
    edit(together, form="contact", role="Certification", name="", email="", phone="555-0101")
    shown = text_of(Client(headers={"host": "localhost"}).get(f"/programs/{together.program.slug}/"))
    assert "Pilot coordinator Pat Pilot pilots@example.org 555-0100" in shown
    assert "Certification 555-0101" in shown
    row = Contact.objects.get(role="Certification")
    client_of(together.lead).post(f"/programs/{together.program.slug}/contacts/{row.pk}/remove/", {"key": new_id()})
    assert [contact.role for contact in queries.contacts_in(VISITOR, [together.program])] == ["Pilot coordinator"]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"role": "Pilots", "email": "", "phone": ""}, "Give an e-mail address, a telephone number, or both."),
        ({"role": "", "email": "a@example.org"}, "Say it."),
        ({"role": "Pilots", "email": "nobody"}, "Enter a valid email address."),
    ],
)
def test_a_contact_that_nobody_could_reach_is_refused_and_nothing_typed_is_lost(together, told, words):
    response = edit(together, form="contact", name="Pat Pilot", **{"phone": "", **told})
    assert response.status_code == 422
    assert words in text_of(response)
    assert "Pat Pilot" in response.content.decode()
    assert not Contact.objects.exists()


def test_the_command_itself_refuses_what_is_no_address(together):
    for email in ("nobody", "@example.org", "a b@example.org"):
        with pytest.raises(Invalid, match="no e-mail address"):
            commands.add_contact(actor=together.lead, program_id=together.program.pk, role="Pilots", name="", email=email, phone="")


def test_the_page_names_everyone_who_stands_behind_the_program(together):
    shown = text_of(Client(headers={"host": "localhost"}).get(f"/programs/{together.program.slug}/")).replace("\u00a0", " ")
    for words in ("Elementary Principals", "State Office", "Gives the program its place Leaders Network since October 1, 2019"):
        assert words in shown
    assert "Owners, contacts, roadmap" not in shown
    assert client_of(together.at(together.host)).get(f"/programs/{together.program.slug}/edit/").status_code == 404
    assert "Give it this part" not in text_of(client_of(together.at(together.second)).get(f"/programs/{together.program.slug}/edit/"))


def test_organizations_and_roadmap_are_kept_on_one_page(together):
    new = together.world.organization("New Association", kind="association")
    assert edit(together, form="part", organization_id=new.pk, role="partner", joined_on="2024-02-01").status_code == 302
    assert Ownership.objects.get(organization=new).joined_on == date(2024, 2, 1)
    assert edit(together, form="part", organization_id=new.pk, role="partner", joined_on="soon").status_code == 422
    assert edit(together, form="roadmap", planned="15", written="6", to_pilot="4", stacks="").status_code == 302
    assert {f.what: f.number for f in queries.roadmap(SYSTEM, together.program)} == {"planned": 15, "written": 6, "to pilot": 4}
    assert edit(together, form="roadmap", planned="many").status_code == 422
