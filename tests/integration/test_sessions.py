"""Where somebody is signed in: the list, signing out one or all, and what ends sessions by itself."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from cairn.apps.ledger.models import Fact
from cairn.apps.people.models import Session
from cairn.apps.people.queries import handle_of, session_is_live
from cairn.kernel import clock
from tests.integration.test_public_pages import text_of
from tests.integration.test_sign_in import PASSWORD, another, is_in, letter, link_in, member, sign_in

pytestmark = pytest.mark.django_db
DEVICES = "/account/devices/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile Safari/604.1"


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()
    yield
    cache.clear()


def on(user_agent, address="203.0.113.77"):
    return Client(headers={"host": "localhost", "user-agent": user_agent}, REMOTE_ADDR=address)


@pytest.fixture
def desk():
    """Dana's browser at the desk, signed in."""
    client = on(FIREFOX)
    member(client)
    is_in(client)
    return client


@pytest.fixture
def phone(desk):
    """And her phone."""
    client = on(SAFARI, "2001:db8:aaaa:bbbb::5")
    sign_in(client)
    is_in(client)
    return client


def handle(client):
    return handle_of(client.session.session_key)


def test_each_browser_is_told_with_its_place_and_time_and_this_one_first(desk, phone):
    page = desk.get(DEVICES)
    words = text_of(page)
    assert words.index("Firefox on Linux This one") < words.index("Safari on iPhone Last used")
    assert "from the network 203.0.113.0/24" in words
    assert "from the network 2001:db8:aaaa::/48" in words
    html = page.content.decode()
    assert not any(secret in html for secret in (desk.session.session_key, phone.session.session_key, "203.0.113.77", "bbbb"))


def test_one_browser_is_signed_out_with_its_next_request(desk, phone):
    third = on(FIREFOX)
    sign_in(third)
    answer = desk.post(f"{DEVICES}sign-out/", {"device": handle(phone)}, follow=True)
    assert "Signed out there." in text_of(answer)
    assert not is_in(phone)
    assert is_in(desk)
    assert is_in(third)


def test_everywhere_else(desk, phone):
    desk.post(f"{DEVICES}sign-out/everywhere/")
    assert not is_in(phone)
    assert is_in(desk)


def test_everywhere_and_here(desk, phone):
    assert desk.post(f"{DEVICES}sign-out/everywhere/", {"here": "too"}).headers["Location"] == "/"
    assert not is_in(phone)
    assert not is_in(desk)


def test_nobody_signs_somebody_else_out(desk):
    member(stranger := another(), "lee@example.org")
    assert stranger.post(f"{DEVICES}sign-out/", {"device": handle(desk)}).status_code == 404
    stranger.post(f"{DEVICES}sign-out/everywhere/", {"here": "too"})
    assert is_in(desk)


@pytest.mark.parametrize("device", ["", "x", "\x00", "0" * 500])
def test_a_browser_that_is_not_there_is_not_found(desk, device):
    assert desk.post(f"{DEVICES}sign-out/", {"device": device}).status_code == 404


def test_a_new_password_ends_all_others_and_leaves_nothing_of_them(desk, phone):
    desk.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": "another passphrase", "password2": "another passphrase"})
    assert is_in(desk)
    assert not is_in(phone)
    assert [s.handle for s in Session.objects.exclude(account=None)] == [handle(desk)]


def test_a_forgotten_password_chosen_anew_ends_every_session(desk, phone):
    visitor = another()
    visitor.post("/account/password/reset/", {"email": "dana@example.org"})
    form = visitor.get(link_in(letter("dana@example.org", "password_reset_key")), follow=True).redirect_chain[-1][0]
    visitor.post(form, {"password1": "another passphrase", "password2": "another passphrase"})
    assert not is_in(desk)
    assert not is_in(phone)
    assert not Session.objects.exclude(account=None).exists()


def test_a_link_to_evidence_ends_with_the_session_that_asked_for_it(desk, phone):
    key = phone.session.session_key
    assert session_is_live(key)
    desk.post(f"{DEVICES}sign-out/everywhere/")
    assert not session_is_live(key)


def test_a_visit_is_written_at_most_every_five_minutes_but_at_once_from_elsewhere(desk):
    first = Session.objects.get(handle=handle(desk)).seen_at
    is_in(desk)
    assert Session.objects.get(handle=handle(desk)).seen_at == first
    with clock.at(clock.now() + timedelta(minutes=6)):
        is_in(desk)
    later = Session.objects.get(handle=handle(desk))
    assert later.seen_at > first
    assert later.began_at < later.seen_at
    desk.get("/account/", REMOTE_ADDR="198.51.100.9")
    assert Session.objects.get(handle=handle(desk)).place == "198.51.100.0/24"


def test_sessions_that_have_run_out_are_not_told(desk, phone):
    Session.objects.filter(handle=handle(phone)).update(expire_date=clock.now() - timedelta(seconds=1))
    assert "Safari" not in text_of(desk.get(DEVICES))


def test_signing_in_and_out_and_every_change_of_it_is_a_fact_without_names(desk, phone):
    desk.post(f"{DEVICES}sign-out/everywhere/")
    desk.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": "another passphrase", "password2": "another passphrase"})
    told = list(Fact.objects.filter(kind__startswith="people.sign").order_by("id").values_list("kind", "body"))
    assert [kind for kind, _ in told] == ["people.signed_in", "people.signed_in", "people.signed_out", "people.sign_in_changed"]
    assert '"how":"password"' in told[1][1]
    assert '"what":"password_changed"' in told[3][1]
    assert not re.search(r"dana|203\.0|Firefox|passphrase", " ".join(body for _, body in told), re.I)


def test_a_visitor_is_asked_to_sign_in_and_a_link_signs_nobody_out(desk):
    for address in (DEVICES, f"{DEVICES}sign-out/", f"{DEVICES}sign-out/everywhere/"):
        assert another().post(address).status_code in (302, 405)
        assert desk.get(address).status_code == (200 if address == DEVICES else 405)
    assert is_in(desk)
