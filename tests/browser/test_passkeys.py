"""Passkeys in a real Chromium, with the authenticator that its DevTools lend (https://chromedevtools.github.io/devtools-protocol/tot/WebAuthn)."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from playwright.sync_api import expect

from cairn.apps.people.models import Person
from tests.browser.test_every_page import look
from tests.browser.test_sign_in_pages import HUB, confirmed, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()
    yield
    cache.clear()


class Device:
    """An authenticator that belongs to one page. A phone keeps passkeys and knows its owner; a plain key only proves that it is there."""

    def __init__(self, page, *, is_phone=True):
        self.tools = page.context.new_cdp_session(page)
        self.tools.send("WebAuthn.enable", {"enableUI": False})
        options = {
            "protocol": "ctap2", "transport": "internal" if is_phone else "usb", "hasResidentKey": is_phone,
            "hasUserVerification": is_phone, "isUserVerified": is_phone, "automaticPresenceSimulation": True,
        }  # fmt: skip
        self.id = self.tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def holds(self):
        return self.tools.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]

    def is_away(self, away=True):
        """Nobody touches it."""
        self.tools.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": self.id, "enabled": not away})

    def is_somebody_elses(self):
        self.tools.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": False})


def add_passkey(page, name="Phone"):
    page.goto(f"{HUB}webauthn/add/")
    page.get_by_label("Its name").fill(name)
    page.get_by_role("button", name="Add it").click()


@pytest.fixture
def dana(site):
    """Signed in with a password, with a phone at hand."""
    confirmed(site)
    page = site.visitor()
    sign_in(page)
    page.wait_for_url("**/home/")
    page.phone = Device(page)
    return page


def test_a_passkey_is_made_and_signs_in_alone(dana):
    add_passkey(dana)
    dana.get_by_role("heading", name="Your recovery codes").wait_for()
    (held,) = dana.phone.holds()
    assert (held["rpId"], held["isResidentCredential"]) == ("localhost", True)
    dana.context.clear_cookies()
    dana.goto("/account/login/?next=/catalog/")
    dana.get_by_role("button", name="Sign in with a passkey").click()
    dana.wait_for_url("**/catalog/")
    expect(dana.get_by_role("link", name="Dana Whitfield")).to_be_visible()


def test_it_is_a_second_step_for_roles_that_ask_for_one(site, dana):
    site.world.grant(Person.objects.get().pk, "operator", site.world.organization("This Site", kind="platform"))
    dana.goto("/operations/")
    dana.wait_for_url(f"**{HUB}")
    dana.get_by_role("link", name="Add a passkey").click()
    dana.get_by_role("button", name="Add it").click()
    dana.get_by_role("link", name="I have them; go on").click()
    dana.wait_for_url("**/operations/")
    dana.context.clear_cookies()
    dana.goto("/account/login/?next=/operations/")
    dana.get_by_role("button", name="Sign in with a passkey").click()
    dana.wait_for_url("**/operations/")


@pytest.mark.long
def test_after_the_password_the_passkey_is_asked_for(dana):
    add_passkey(dana)
    dana.get_by_role("heading", name="Your recovery codes").wait_for()
    dana.context.clear_cookies()
    sign_in(dana)
    dana.wait_for_url(f"**{HUB}authenticate/")
    assert look(dana, f"{HUB}authenticate/", 200) == []
    dana.get_by_role("button", name="Use my passkey").click()
    dana.wait_for_url("**/home/")


@pytest.mark.long
def test_a_plain_key_is_a_second_step_and_never_signs_in_alone(site, dana):
    dana.phone.tools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": dana.phone.id})
    key = Device(dana, is_phone=False)
    add_passkey(dana, "Key ring")
    dana.get_by_role("heading", name="Your recovery codes").wait_for()
    assert not key.holds()[0]["isResidentCredential"]
    dana.context.clear_cookies()
    sign_in(dana)
    dana.wait_for_url(f"**{HUB}authenticate/")
    dana.get_by_role("button", name="Use my passkey").click()
    dana.wait_for_url("**/home/")


@pytest.mark.long
def test_a_device_that_does_not_know_its_holder_signs_nobody_in(dana):
    add_passkey(dana)
    dana.get_by_role("heading", name="Your recovery codes").wait_for()
    dana.context.clear_cookies()
    dana.phone.is_somebody_elses()
    dana.goto("/account/login/")
    dana.get_by_role("button", name="Sign in with a passkey").click()
    expect(dana.get_by_role("alert").filter(has_text="It was not done")).to_be_visible()
    dana.goto("/account/")
    dana.wait_for_url("**/account/login/**")


@pytest.mark.long
def test_a_second_passkey_on_one_device_is_told_kindly(dana):
    add_passkey(dana)
    dana.get_by_role("heading", name="Your recovery codes").wait_for()
    add_passkey(dana, "Again")
    expect(dana.get_by_role("alert").filter(has_text="This device has a passkey for you already.")).to_be_visible()
    assert Authenticator.objects.filter(type="webauthn").count() == 1


@pytest.mark.long
def test_a_passkey_is_renamed_and_removed_and_then_works_no_more(dana):
    add_passkey(dana)
    dana.get_by_role("heading", name="Your recovery codes").wait_for()
    dana.goto(f"{HUB}webauthn/")
    dana.get_by_role("link", name="Rename Phone").click()
    dana.get_by_label("Its name").fill("Old phone")
    dana.get_by_role("button", name="Rename it").click()
    dana.get_by_role("link", name="Remove Old phone").click()
    dana.get_by_role("button", name="Remove it").click()
    dana.get_by_text("You have none yet.").wait_for()
    dana.context.clear_cookies()
    dana.goto("/account/login/")
    dana.get_by_role("button", name="Sign in with a passkey").click()
    dana.get_by_text("This is not right").wait_for()


@pytest.mark.long
def test_it_is_still_you_by_passkey(dana):
    add_passkey(dana)
    dana.get_by_role("heading", name="Your recovery codes").wait_for()
    dana.goto(f"{HUB}webauthn/reauthenticate/?next=/account/")
    dana.get_by_role("button", name="Use my passkey").click()
    dana.wait_for_url("**/account/")


def test_the_pages_of_passkeys_are_accessible_and_reflow(dana):
    add_passkey(dana, "A long name for a key " * 2)
    dana.get_by_role("heading", name="Your recovery codes").wait_for()
    pk = Authenticator.objects.get(type="webauthn").pk
    pages = ("", "add/", f"keys/{pk}/edit/", f"keys/{pk}/remove/", "reauthenticate/")
    assert {page: found for page in pages if (found := look(dana, f"{HUB}webauthn/{page}", 200))} == {}


@pytest.mark.long
def test_without_a_script_no_passkey_is_offered_and_another_way_is_named(site):
    page = confirmed(site)
    sign_in(page)
    page.goto(f"{HUB}webauthn/add/")
    expect(page.get_by_role("button", name="Add it")).to_be_hidden()
    page.get_by_role("link", name="An app that shows codes").click()
    page.get_by_role("heading", name="Set up an app").wait_for()


@pytest.mark.long
def test_a_closed_account_is_not_opened_by_its_passkey(dana):
    add_passkey(dana)
    dana.get_by_role("heading", name="Your recovery codes").wait_for()
    account = Person.objects.get().account
    account.is_active = False
    account.save()
    dana.context.clear_cookies()
    dana.goto("/account/login/")
    dana.get_by_role("button", name="Sign in with a passkey").click()
    dana.get_by_text("This account is closed").wait_for()
