"""An association that comes in by itself: asked on a public page, decided by an operator or an owner, public only then."""

from __future__ import annotations

from functools import partial

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from cairn.apps.comms.models import Letter
from cairn.apps.ledger.models import Fact
from cairn.apps.people.models import Organization
from cairn.apps.people.queries import actor_of
from cairn.apps.programs import commands as programs
from cairn.apps.programs import queries
from cairn.apps.programs.models import Joining, Ownership
from cairn.frame.actor import Actor
from cairn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from cairn.kernel.ids import new_id
from cairn.site.worker import drain
from tests.integration.test_public_pages import client_of, text_of

pytestmark = pytest.mark.django_db
ASKED = {
    "name": "Plains Principals Association", "kind": "association", "contact": "Olive Reed, olive@example.org", "wishes": "A pilot for 10.",
    "jurisdiction": "us-ne", "website": "https://principals.example.org",
}  # fmt: skip


@pytest.fixture
def olive(world):
    return world.person("Olive Reed")


@pytest.fixture
def operator(world):
    return world.person("Ola Stone", operator=world.issuer)


def ask(actor, **other):
    return programs.ask_to_join(actor=actor, **{**ASKED, **other})


def test_nothing_is_there_before_it_is_accepted_and_then_whoever_asked_keeps_it(world, olive, operator):
    asked = ask(olive)
    assert not Organization.objects.filter(name=ASKED["name"]).exists()
    assert [each.pk for each in queries.joinings(operator)] == [asked.pk]
    done = programs.let_in(actor=operator, joining_id=asked.pk, slug="plains-principals")
    drain()
    there = Organization.objects.get(slug="plains-principals")
    assert (done.state, there.kind, there.jurisdiction, there.website) == ("accepted", "association", "us-ne", ASKED["website"])
    assert actor_of(olive.person_id).holds("organization admin", organization=there.pk)
    letter = Letter.objects.get(kind="programs.joining_accepted")
    assert (letter.person_id, letter.path) == (olive.person_id, "/org/plains-principals/")
    assert "first steps" in letter.text
    program = programs.found_program(actor=actor_of(olive.person_id), organization_id=there.pk, slug="plains", title="Plains", summary="")
    assert program.organization_id == there.pk


def test_owners_of_a_program_let_in_who_wants_to_take_part_in_it_and_nobody_else(world, olive):
    owner = world.person("Ada Stone", organization_admin=world.issuer)
    asked, alone = ask(olive, program_id=world.program.pk), ask(olive, name="Another Association")
    assert [each.pk for each in queries.joinings(owner)] == [asked.pk]
    with pytest.raises(NotFound):
        programs.let_in(actor=owner, joining_id=alone.pk, slug="another")
    programs.let_in(actor=owner, joining_id=asked.pk, slug="plains-principals")
    part = Ownership.objects.get(program=world.program, organization__slug="plains-principals")
    assert part.role == "partner"


def test_whoever_may_decide_hears_of_it_by_letter_once_and_nobody_else_does(world, olive, operator):
    owner = world.person("Ada Stone", organization_admin=world.issuer)
    partner = world.person("Pat Stone", organization_admin=world.organization("A Partner"))
    ask(olive)
    ask(olive)
    ask(olive, name="Hills Association", program_id=world.program.pk)
    settled = ask(olive, name="Late Association")
    programs.turn_away(actor=operator, joining_id=settled.pk, reason="Later.")
    drain()
    drain()
    told = Letter.objects.filter(kind="programs.joining_asked")
    heard = sorted((letter.person_id, letter.subject) for letter in told)
    plains, hills = "Plains Principals Association asks to come in", "Hills Association asks to come in"
    assert heard == sorted([(operator.person_id, plains), (operator.person_id, hills), (owner.person_id, hills)])
    assert partner.person_id not in {person for person, _ in heard}
    letter = told.get(person_id=owner.person_id)
    assert world.program.title in letter.text
    assert client_of(owner).get(letter.path).status_code == 200


def test_declined_with_a_reason_that_whoever_asked_reads(world, olive, operator):
    asked = ask(olive)
    with pytest.raises(Invalid):
        programs.turn_away(actor=operator, joining_id=asked.pk, reason=" ")
    programs.turn_away(actor=operator, joining_id=asked.pk, reason="Your state office asks for you already.")
    drain()
    assert "state office" in Letter.objects.get(kind="programs.joining_declined").text
    assert "state office" in text_of(client_of(olive).get("/join/"))
    with pytest.raises(Conflict, match="decided already"):
        programs.let_in(actor=operator, joining_id=asked.pk, slug="plains-principals")
    assert ask(olive).pk != asked.pk  # it may be asked again


def test_strangers_see_and_decide_nothing(world, olive):
    asked, stranger = ask(olive), world.person("Sam Stone")
    for decide in (partial(programs.let_in, slug="plains"), partial(programs.turn_away, reason="No.")):
        with pytest.raises(NotFound):
            decide(actor=stranger, joining_id=asked.pk)
        with pytest.raises(Forbidden):
            decide(actor=olive, joining_id=asked.pk)
    for path in ("/join/asked/", f"/join/asked/{asked.pk}/"):
        assert client_of(stranger).get(path).status_code == 404


def test_who_has_no_confirmed_address_is_told_to_confirm_it_first(world):
    new = world.person("New Stone")
    EmailAddress.objects.filter(user__person=new.person_id).update(verified=False)
    with pytest.raises(Forbidden, match="not confirmed"):
        ask(new)
    with pytest.raises(Forbidden):
        ask(Actor())


def test_asking_twice_is_asking_once_and_three_times_a_day_is_enough(world, olive):
    keyed = Actor(person_id=olive.person_id, grants=olive.grants, request_key=new_id())
    assert len({ask(keyed).pk, ask(keyed).pk, ask(olive, name="plains principals ASSOCIATION").pk}) == 1
    ask(olive, name="Second")
    ask(olive, name="Third")
    with pytest.raises(Conflict, match="3 times"):
        ask(olive, name="Fourth")
    assert Joining.objects.count() == Fact.objects.filter(kind="programs.joining_asked").count() == 3


def test_a_name_that_is_here_already_is_pointed_out_and_its_address_stays_its_own(world, olive, operator):
    world.organization("Plains Principals", kind="association")
    asked = ask(olive)
    client, page = client_of(operator), f"/join/asked/{asked.pk}/"
    assert "It may be here already: Plains Principals" in text_of(client.get(page))
    answer = client.post(page, {"let": "yes", "slug": "plains-principals", "key": new_id()})
    assert answer.status_code == 422
    assert "address of another organization" in text_of(answer)
    assert client.post(page, {"away": "yes", "reason": "", "key": new_id()}).status_code == 422
    assert client.post(page, {"let": "yes", "slug": "plains-association", "key": new_id()}).status_code == 302
    assert "came in" in text_of(client.get(page))


def test_the_public_page_shows_anybody_what_comes_of_it_and_keeps_what_was_typed(world, olive):
    page = text_of(Client(headers={"host": "localhost"}).get("/join/"))
    assert "Sign in to ask" in page
    assert "What you want to run" not in page
    sent = {**ASKED, "jurisdiction": "Nebraska", "key": new_id()}
    answer = client_of(olive).post("/join/", sent)
    assert answer.status_code == 422
    assert "A pilot for 10." in answer.content.decode()
    assert "two letters" in text_of(answer)
    assert client_of(olive).post("/join/", {**sent, "jurisdiction": "NE", "kind": "platform"}).status_code == 422
    assert client_of(olive).post("/join/", {**sent, "jurisdiction": "NE"}).status_code == 302
    assert Joining.objects.get().jurisdiction == "us-ne"
    assert "Asked" in text_of(client_of(olive).get("/join/"))
