"""Tries at signing in: counted by account and by network, for all processes together, and answered alike whoever is meant."""

from __future__ import annotations

import http.cookiejar
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from cairn.apps.people import commands as people
from cairn.kernel import clock
from tests.integration.test_processes import PATIENCE, UP_TO_DATE, cairn, database, free_port  # noqa: F401
from tests.integration.test_public_pages import text_of
from tests.integration.test_sign_in import PASSWORD, another, is_in, letter, link_in, member, sign_in
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db
STOPPED = "That was too many tries."
WRONG = "This address and this password do not belong together."
LIMIT = 5


@pytest.fixture(autouse=True)
def fresh(db):
    cache.clear()


def at(address):
    return Client(headers={"host": "localhost"}, REMOTE_ADDR=address)


def told(answer):
    """Which of the two sentences stands on the page."""
    words = text_of(answer)
    return next((sentence for sentence in (STOPPED, WRONG) if sentence in words), answer.headers.get("Location", words))


def test_an_account_is_shut_after_five_tries_from_anywhere_and_its_password_does_not_open_it():
    member(another())
    answers = [told(sign_in(at(f"203.0.113.{n}"), password="wrong password")) for n in range(LIMIT + 2)]
    assert answers == [WRONG] * LIMIT + [STOPPED] * 2
    browser = at("198.51.100.1")
    assert told(sign_in(browser)) == STOPPED
    assert not is_in(browser)


def test_an_address_that_nobody_has_is_answered_in_the_same_way():
    member(another())
    known, unknown = ([told(sign_in(at(f"203.0.113.{n}"), email, "wrong password")) for n in range(LIMIT + 1)]
                      for email in ("dana@example.org", "nobody@example.org"))  # fmt: skip
    assert known == unknown


def test_a_network_is_stopped_whichever_addresses_it_tries_and_others_are_not():
    member(another())
    answers = [told(sign_in(at("203.0.113.5"), f"{n}@example.org", "wrong password")) for n in range(12)]
    assert answers == [WRONG] * 10 + [STOPPED] * 2
    assert told(sign_in(at("198.51.100.1"))) == "/home/"


def test_whoever_knows_the_password_is_not_counted():
    member(another())
    for _ in range(LIMIT + 2):
        assert told(sign_in(another())) == "/home/"


def test_a_new_password_opens_it_again():
    member(another())
    for _ in range(LIMIT + 1):
        sign_in(another(), password="wrong password")
    browser = another()
    browser.post("/account/password/reset/", {"email": "dana@example.org"})
    form = browser.get(link_in(letter("dana@example.org", "password_reset_key")), follow=True).redirect_chain[-1][0]
    browser.post(form, {"password1": "another passphrase", "password2": "another passphrase"})
    assert told(sign_in(another(), password="another passphrase")) == "/home/"


@pytest.mark.parametrize(
    ("address", "fields", "most"),
    [
        ("/account/signup/", {"name": "N", "email": "{n}@example.org", "password1": PASSWORD}, 20),
        ("/account/password/reset/", {"email": "{n}@example.org"}, 20),
        ("/account/second-step/webauthn/login/", {"credential": "{{}}"}, 10),
    ],
)
def test_every_door_has_its_limit_for_one_network(address, fields, most):
    answers = [at("203.0.113.5").post(address, {k: v.format(n=n) for k, v in fields.items()}).status_code for n in range(most + 1)]
    assert set(answers[:-1]) <= {200, 302}
    assert answers[-1] == 429
    assert at("198.51.100.1").post(address, {k: v.format(n=99) for k, v in fields.items()}).status_code in (200, 302)


def test_what_a_stranger_says_of_their_address_is_believed_of_a_trusted_proxy_alone(settings):
    def answers():
        return [told(Client(headers={"host": "localhost", "x-forwarded-for": f"203.0.113.{n}"}).post(
            "/account/login/", {"login": f"{n}@example.org", "password": "wrong password"})) for n in range(11)]  # fmt: skip

    assert answers()[-1] == STOPPED
    cache.clear()
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert answers()[-1] == WRONG


def test_tries_lie_in_the_database_and_name_neither_address_nor_network():
    sign_in(at("203.0.113.77"), "dana@example.org", "wrong password")
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM people_tries")
        rows = cursor.fetchall()
    assert rows
    assert not any(re.search(r"203\.0\.113|dana", str(row)) for row in rows)


def test_tries_that_no_longer_count_are_forgotten_and_others_kept():
    sign_in(another(), password="wrong password")
    people.forget_tries(actor=SYSTEM)
    cache.set("long past", 1, timeout=60)
    with clock.at(clock.now() + timedelta(minutes=10)):
        people.forget_tries(actor=SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_tries")
        (left,) = cursor.fetchone()
    assert left == 1  # that of an hour


# --- Several web processes --------------------------------------------------------------------------------------------------


def wrong_try(url):
    """As a browser does it that has never been here."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    page = opener.open(f"{url}/account/login/", timeout=PATIENCE).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    sent = urllib.parse.urlencode({"csrfmiddlewaretoken": token, "login": "dana@example.org", "password": "wrong password"})
    answer = opener.open(urllib.request.Request(f"{url}/account/login/", sent.encode(), {"Origin": url}), timeout=PATIENCE)
    return STOPPED in answer.read().decode()


@UP_TO_DATE
@pytest.mark.long
def test_two_web_processes_count_together(cairn):  # noqa: F811
    port = free_port()
    assert cairn("migrate").wait(PATIENCE) == 0
    cairn("serve", "--processes", "2", "--port", str(port))
    url, until = f"http://localhost:{port}", time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{url}/healthz", timeout=2).read()
            break
        except OSError:
            time.sleep(0.2)
    assert [wrong_try(url) for _ in range(LIMIT + 4)] == [False] * LIMIT + [True] * 4
