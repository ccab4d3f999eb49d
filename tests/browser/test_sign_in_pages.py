"""Signing in, as people do it in a browser: every page that comes up on the way is accessible, reflows, and works without a script."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache

from cairn.apps.comms.models import Letter
from cairn.apps.people.models import Person
from cairn.site.worker import drain
from tests.browser.test_every_page import look
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
    theirs.get_by_role("button", name="Yes, make the two one").click()
    theirs.get_by_text("The two are one now.").wait_for()
