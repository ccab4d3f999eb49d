"""Signing in, as people do it in a browser: every page that comes up on the way is accessible, reflows, and works without a script."""

from __future__ import annotations

import re

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.core.cache import cache

from cairn.apps.comms.models import Letter
from cairn.apps.people import commands as people
from cairn.apps.people.models import Person
from cairn.apps.people.queries import merging_link
from cairn.site.worker import drain
from tests.browser.conftest import scrolls_sideways, violations
from tests.browser.test_every_page import SIGN_IN_STATES, Cast, look
from tests.browser.test_presentations import misnamed, readers
from tests.integration.test_sign_in import PASSWORD, letter, link_in
from tests.integration.test_sign_in_second_step import code_of

HUB = "/account/second-step/"


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()
    yield
    cache.clear()


def confirmed(site, email="dana@example.org"):
    """Somebody who has signed up and followed the letter, without a script; not signed in."""
    page = site.visitor(java_script_enabled=False)
    page.goto("/account/signup/")
    page.get_by_label("Your name").fill("Dana Whitfield")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create my account").click()
    drain()
    page.goto(link_in(letter(email, "email_confirmation_signup")))
    page.get_by_role("button", name=re.compile("mine", re.I)).click()
    page.context.clear_cookies()
    return page


def sign_in(page, email="dana@example.org", password=PASSWORD):
    page.goto("/account/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()


def set_up_app(page):
    page.goto(f"{HUB}totp/activate/")
    secret = page.locator("#key").inner_text()
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Set it up").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    return secret


def test_an_app_with_codes_is_set_up_and_asked_for_without_a_script(site, transactional_db):
    page = confirmed(site)
    sign_in(page)
    secret = set_up_app(page)
    page.context.clear_cookies()
    sign_in(page)
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Go on with the code").click()
    page.wait_for_url("**/home/")


def test_the_pages_of_the_second_step_are_accessible_and_reflow(site, transactional_db):
    confirmed(site)
    page = site.visitor()
    sign_in(page)
    page.wait_for_url("**/home/")
    wrong = {path: found for path in (HUB, f"{HUB}totp/activate/") if (found := look(page, path, 200))}
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Set it up").click()
    page.locator("#errors").wait_for()
    set_up_app(page)
    wrong |= {
        path: found
        for path in (HUB, f"{HUB}recovery-codes/", f"{HUB}recovery-codes/generate/", f"{HUB}totp/deactivate/", f"{HUB}reauthenticate/")
        if (found := look(page, path, 200))
    }
    page.context.clear_cookies()
    sign_in(page)
    page.wait_for_url(f"**{HUB}authenticate/")
    assert wrong == {}
    assert look(page, f"{HUB}authenticate/", 200) == []


def test_support_access_is_seen_by_both_sides_without_a_script(site, transactional_db):
    world = site.world
    operator = world.person("Olga Stone", operator=world.organization("This Site", kind="platform"))
    dana = world.person("Dana Whitfield")
    theirs = site.signed_in(operator.person_id, java_script_enabled=False)
    theirs.goto("/operations/support/")
    theirs.get_by_label("Their e-mail address").fill(Person.objects.get(pk=dana.person_id).email)
    theirs.get_by_label("Why").fill("She asked on the phone why her file will not upload.")
    theirs.get_by_role("button", name="Begin").click()
    theirs.get_by_text("You look through the eyes of Dana Whitfield").wait_for()
    hers = site.signed_in(dana.person_id)
    seen = site.visitor()
    seen.context.add_cookies(theirs.context.cookies())
    assert (look(seen, "/home/", 200), look(hers, "/account/", 200)) == ([], [])
    hers.get_by_role("button", name="End it now").click()
    hers.get_by_text("Support no longer sees your pages.").wait_for()
    theirs.goto("/account/")
    theirs.get_by_text("You are Olga Stone.").wait_for()


@pytest.mark.long
def test_two_accounts_become_one_without_a_script(site, transactional_db):
    confirmed(site)
    theirs = confirmed(site, "lee@example.org")
    hers = site.visitor(java_script_enabled=False)
    sign_in(hers)
    hers.goto("/account/other/")
    hers.get_by_label("Its e-mail address").fill("lee@example.org")
    hers.get_by_role("button", name="Write to it").click()
    drain()
    link = link_in(Letter.objects.get(kind="people.merging_asked", address="lee@example.org"))
    theirs.goto(link)
    theirs.get_by_label("E-mail address").fill("lee@example.org")
    theirs.get_by_label("Password").fill(PASSWORD)
    theirs.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    theirs.get_by_role("heading", name="Are you Dana Whitfield too?").wait_for()
    seen = site.visitor()
    for page, addresses in ((hers, ("/account/other/", link)), (theirs, (link,))):
        seen.context.clear_cookies()
        seen.context.add_cookies(page.context.cookies())
        assert {address: found for address in addresses if (found := look(seen, address, 200))} == {}
    theirs.get_by_role("button", name="Yes, that is me").click()
    theirs.get_by_text("You said yes.").wait_for()
    drain()
    hers.goto(link_in(Letter.objects.get(kind="people.merging_agreed")))
    for page in (hers, theirs):
        seen.context.clear_cookies()
        seen.context.add_cookies(page.context.cookies())
        assert look(seen, link, 200) == []
    hers.get_by_role("button", name="Yes, make the two one").click()
    hers.get_by_text("The two are one now.").wait_for()


class Doors(Cast):
    """Every page of signing in that needs a state of its own, and who is in it. The rest is walked above and in test_passkeys."""

    def __init__(self, world) -> None:
        self.world, self.pages = world, []
        self.letters()
        self.accounts()

    def letters(self) -> None:
        """What links of letters lead to, and what one is told while waiting for one."""
        for route, path in {
            "account_reset_password_done": "password/reset/done/", "account_reset_password_from_key_done": "password/reset/key/done/",
            "account_inactive": "inactive/", "account_email_verification_sent": "confirm-email/",
            "account_confirm_email": "confirm-email/MQ:1:x/", "account_reset_password_from_key": "password/reset/key/1-x-y/",
        }.items():  # fmt: skip
            self.see(route, "", f"/account/{path}")
        account = self.account(self.world.person("Waiting Stone"))
        EmailAddress.objects.filter(user=account).update(verified=False)
        waiting = EmailAddress.objects.get(user=account)
        self.see("account_confirm_email", "", f"/account/confirm-email/{EmailConfirmationHMAC(waiting).key}/")
        key = f"{user_pk_to_url_str(account)}-{default_token_generator.make_token(account)}"
        self.see("account_reset_password_from_key", "", f"/account/password/reset/key/{key}/")

    def accounts(self) -> None:
        """Whoever has no password is not asked for it once more."""
        self.see("account_reauthenticate", self.world.person("Locked Stone").person_id, "/account/reauthenticate/")
        kept, gone = (self.keyless(name) for name in ("Kept Stone", "Gone Stone"))
        further = EmailAddress.objects.create(user=self.account(kept), email="unconfirmed@example.org", verified=False)
        self.see("account_confirm_email", kept.person_id, f"/account/confirm-email/{EmailConfirmationHMAC(further).key}/")
        EmailAddress.objects.create(user=self.account(kept), email="second@example.org", verified=True)
        link = merging_link(people.ask_merging(actor=kept, address=self.account(gone).email))
        for route, path in {
            "account_set_password": "password/set/", "mfa_index": "second-step/", "mfa_activate_totp": "second-step/totp/activate/",
            "mfa_add_webauthn": "second-step/webauthn/add/", "mfa_list_webauthn": "second-step/webauthn/", "other_account": "other/",
            "account_email": "email/", "devices": "devices/", "other_answer": f"other/{link}/",
        }.items():  # fmt: skip
            self.see(route, kept.person_id, f"/account/{path}")
        self.see("other_answer", gone.person_id, f"/account/other/{link}/")
        one, other = (self.keyless(name) for name in ("One Stone", "Other Stone"))
        link = merging_link(people.ask_merging(actor=one, address=self.account(other).email))
        people.agree_merging(actor=other, link=link)
        for actor in (one, other):
            self.see("other_answer", actor.person_id, f"/account/other/{link}/")

    def account(self, actor):
        return Person.objects.select_related("account").get(pk=actor.person_id).account

    def keyless(self, name):
        actor = self.world.person(name)
        account = self.account(actor)
        account.set_unusable_password()
        account.save()
        return actor


ON_THE_WAY = {
    "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_authenticate", "mfa_reauthenticate",
    "mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_reauthenticate_webauthn",
}  # fmt: skip
# A text, what a script asks for, and a way in that is not open here.
NO_PAGE = {"mfa_download_recovery_codes", "mfa_login_webauthn", "account_confirm_login_code"}


@pytest.mark.long
def test_every_page_of_signing_in_is_accessible_named_and_reflows(site, transactional_db):
    doors = Doors(site.world)
    assert SIGN_IN_STATES - {route for route, _, _ in doors.pages} - ON_THE_WAY - NO_PAGE == set()
    eyes, wrong = readers(site, doors), {}
    for route, who, address in doors.pages:
        found = look(eyes[who], address, 200)
        eyes[who].set_viewport_size({"width": 1280, "height": 900})
        if found := found + misnamed(eyes[who]):
            wrong[route, address] = found
        assert eyes[who].url.endswith((address, "-set-password/"))
    assert wrong == {}


@pytest.mark.long
def test_every_refused_form_of_signing_in_begins_with_what_to_do(site, transactional_db):
    """A summary that leads to the field, which says the same."""
    doors = Doors(site.world)
    operator = site.world.person("Olga Stone", operator=site.world.organization("This Site", kind="platform"))
    kept = next(who for route, who, _ in doors.pages if route == "account_email")
    locked = next(who for route, who, _ in doors.pages if route == "account_reauthenticate")
    forms = [
        ("", "/account/signup/", "Create my account"), ("", "/account/password/reset/", "Send me the link"),
        ("", "/account/login/", "Sign in"), (locked, "/account/reauthenticate/", "Go on"),
        (locked, "/account/password/change/", "Change it"), (kept, "/account/password/set/", "Set it"),
        (kept, "/account/email/", "Add this address"), (kept, "/account/second-step/totp/activate/", "Set it up"),
        (kept, "/account/other/", "Write to it"), (kept, "/account/tokens/", "Make the token"),
        (operator.person_id, "/operations/support/", "Begin"),
    ]  # fmt: skip
    eyes = {who: site.signed_in(who) if who else site.visitor() for who, *_ in forms}
    wrong = {}
    for who, address, button in forms:
        page = eyes[who]
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(address)
        page.evaluate("for (const form of document.forms) form.noValidate = true")
        page.locator("main").get_by_role("button", name=button, exact=True).click()
        page.locator("#errors").wait_for()
        found = [*violations(page), *misnamed(page)]
        for link in page.locator("#errors a").all():
            target = page.locator(str(link.get_attribute("href")))
            described = target.get_attribute("aria-describedby") or ""
            if not any("error" in each for each in described.split()):
                found.append(f"{link.inner_text()}: the field is not told of it")
        page.set_viewport_size({"width": 320, "height": 700})
        if found := found + (["scrolls sideways"] if scrolls_sideways(page) else []):
            wrong[address] = found
    assert wrong == {}
