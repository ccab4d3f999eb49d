"""A session that ends: pages are told when, visits prolong it, and a work sent too late waits for its owner."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from cairn.apps.people.models import Person
from cairn.apps.portfolio.queries import workspace
from cairn.interfaces.web.sessions import MOST
from cairn.kernel import clock
from tests.learning_world import browser, root, seen, words

pytestmark = pytest.mark.django_db
KEPT = "/account/kept/"
JSON = {"Accept": "application/json"}


@pytest.fixture
def late(world):
    """An educator's browser whose session ended while they wrote, and the form that they are about to send."""
    actor, enrollment = world.enrolled()
    client = browser(actor)
    address = f"{root(enrollment)}narrative/"
    page = client.get(address)
    del client.cookies[settings.SESSION_COOKIE_NAME]
    return (
        client,
        actor,
        enrollment,
        address,
        {"place": "In a small town.", "seen-place": seen(page, "place"), "whose": page.context["whose"]},
    )


def again(client: Client, person_id: str) -> Client:
    client.force_login(Person.objects.select_related("account").get(pk=person_id).account, settings.AUTHENTICATION_BACKENDS[0])
    return client


def sent(client: Client) -> dict[str, str]:
    (work,) = client.get(KEPT).context["works"]
    return dict(work[1])


def test_what_is_sent_after_the_session_ended_waits_until_one_has_signed_in_again(late):
    client, actor, enrollment, address, form = late
    answer = client.post(address, form)
    assert answer["Location"] == f"/account/login/?next={KEPT}"
    page = again(client, actor.person_id).get(KEPT)
    assert "What you wrote is kept" in words(page)
    assert client.post(address, sent(client)).status_code == 302
    assert workspace(actor, enrollment.pk).part("narrative").answers[0].text == "In a small town."
    assert client.get(KEPT)["Location"] == "/home/"


def test_nobody_else_sees_what_waits(world, late):
    client, _, _, address, form = late
    client.post(address, form)
    other = world.person("Other Stone")
    assert again(client, other.person_id).get(KEPT)["Location"] == "/home/"


def test_what_waits_can_be_dropped(late):
    client, actor, _, address, form = late
    client.post(address, form)
    again(client, actor.person_id)
    assert client.post(KEPT, {"drop": address})["Location"] == "/home/"


@pytest.mark.parametrize("change", [{"whose": "forged"}, {"whose": ""}, {"place": "x" * (MOST + 1)}])
def test_what_no_form_of_ours_says_or_is_far_too_long_does_not_wait(late, change):
    client, actor, _, address, form = late
    assert client.post(address, {**form, **change})["Location"] == f"/account/login/?next={address}"
    assert again(client, actor.person_id).get(KEPT)["Location"] == "/home/"


def test_what_is_refused_on_saving_still_waits(late):
    client, actor, enrollment, address, form = late
    client.post(address, form)
    again(client, actor.person_id)
    with clock.at(enrollment.due_at + timedelta(days=400)):
        assert client.post(f"{address}nothing/", sent(client)).status_code == 404
    assert client.get(KEPT).status_code == 200


def test_a_visit_prolongs_the_session_and_asking_does_not(world):
    client = browser(world.person("Nia Brooks"))
    client.get("/home/")
    with clock.at(clock.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE // 2)):
        half = client.get("/account/stay/", headers=JSON).json()["left"]
        assert half <= settings.SESSION_COOKIE_AGE // 2 + 1
        client.get("/home/")
        assert client.get("/account/stay/", headers=JSON).json()["left"] > half


def test_staying_gives_the_whole_time_again(world):
    client = browser(world.person("Nia Brooks"))
    client.get("/home/")
    assert client.post("/account/stay/", headers=JSON).json() == {"left": settings.SESSION_COOKIE_AGE}
    assert client.post("/account/stay/")["Location"] == "/home/"
    assert client.get("/account/stay/")["Location"] == "/home/"


def test_every_page_of_somebody_signed_in_can_ask_before_the_end(world):
    page = browser(world.person("Nia Brooks")).get("/home/").content.decode()
    assert 'data-session-warning="300"' in page
    assert "Stay signed in" in page
