"""Signing up, in and out, addresses and passwords: the whole way over HTTP, with the letters that the worker sends."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from django.core.cache import cache
from django.test import Client

from cairn.apps.comms.models import Letter
from cairn.apps.people.models import Account, Person
from cairn.apps.people.queries import account_of_address, person_by_email
from cairn.site.worker import drain
from tests.integration.test_public_pages import text_of

pytestmark = pytest.mark.django_db
PASSWORD = "a long passphrase"


@pytest.fixture(autouse=True)
def fresh():
    """Tries are counted in the cache."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def browser():
    return Client(headers={"host": "localhost"})


def another():
    return Client(headers={"host": "localhost"})


def sign_up(client, email="dana@example.org", name="Dana Whitfield", password=PASSWORD, **more):
    return client.post("/account/signup/", {"name": name, "email": email, "password1": password, **more})


def letter(address, kind):
    """The one letter of its kind to the address, as the worker has sent it."""
    drain()
    found = Letter.objects.get(address=address, kind=f"account.{kind}")
    assert found.state == "sent"
    return found


def link_in(found):
    return re.search(r"https?://localhost(?::\d+)?(/\S+)", found.text)[1]


def member(client, email="dana@example.org"):
    """Signed up, confirmed, signed in."""
    sign_up(client, email)
    client.post(link_in(letter(email, "email_confirmation_signup")))
    return Account.objects.get(email=email)


def sign_in(client, email="dana@example.org", password=PASSWORD, **more):
    return client.post("/account/login/", {"login": email, "password": password, **more})


def is_in(client):
    return client.get("/account/").status_code == 200


# --- Signing up -------------------------------------------------------------------------------------------------------------


def test_from_a_name_and_an_address_to_being_signed_in(browser):
    assert sign_up(browser).headers["Location"] == "/account/confirm-email/"
    assert "We sent a link to your address" in text_of(browser.get("/account/confirm-email/"))
    assert not is_in(browser)
    link = link_in(letter("dana@example.org", "email_confirmation_signup"))
    asked = browser.get(link)
    assert "Is dana@example.org yours?" in text_of(asked)
    assert not is_in(browser)
    assert browser.post(link).headers["Location"] == "/home/"
    assert is_in(browser)
    person = Person.objects.get()
    assert (person.name, person.email, person.account.email) == ("Dana Whitfield", "dana@example.org", "dana@example.org")


def test_the_letter_is_written_by_the_product_and_names_no_other_host(browser):
    sign_up(browser, HTTP_X_FORWARDED_HOST="evil.example")
    text = letter("dana@example.org", "email_confirmation_signup").text
    assert set(re.findall(r"https?://([^/\s:]+)", text)) == {"localhost"}


def test_whoever_has_not_confirmed_cannot_sign_in_and_is_told_why(browser):
    sign_up(browser)
    cache.clear()
    response = sign_in(another())
    assert response.headers["Location"] == "/account/confirm-email/"
    assert not is_in(browser)


def test_a_link_works_once_and_a_forged_one_never(browser):
    sign_up(browser)
    link = link_in(letter("dana@example.org", "email_confirmation_signup"))
    forged = re.sub(r"[^/]{3}/$", "abc/", link)
    assert "This link no longer works" in text_of(browser.get(forged))
    browser.post(link)
    browser.post("/account/logout/")
    stranger = another()
    stranger.post(link)
    assert not is_in(stranger)


def test_a_taken_address_looks_as_if_it_were_free_and_only_its_owner_hears(browser):
    member(browser)
    cache.clear()
    free, taken = another(), another()
    answers = [sign_up(free, "free@example.org"), sign_up(taken, "dana@example.org")]
    assert {(a.status_code, a.headers["Location"]) for a in answers} == {(302, "/account/confirm-email/")}
    assert text_of(free.get("/account/confirm-email/")).replace("free@", "dana@") == text_of(taken.get("/account/confirm-email/"))
    assert Account.objects.filter(email="dana@example.org").count() == 1
    assert "There is one already" in letter("dana@example.org", "account_already_exists").text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Fill this in."),
        ("name", "   ", "Fill this in."),
        ("name", "x" * 121, "at most 120 characters"),
        ("name", "Zero\u200bwidth", "holds signs that cannot be seen"),
        ("name", "Nul\x00", "Null characters are not allowed"),
        ("email", "dana", "Enter a valid email address"),
        ("email", "a" * 250 + "@example.org", "No e-mail address is longer than 254 characters"),
        ("password1", "short", "too short"),
        ("password1", "1234567890", "entirely numeric"),
        ("password1", "password123", "too common"),
        ("password1", "", "Fill this in."),
    ],
)
def test_what_cannot_be_an_account_is_named_and_nothing_else_is_lost(browser, field, value, words):
    told = {"name": "Dana Whitfield", "email": "dana@example.org", "password1": PASSWORD, field: value}
    response = browser.post("/account/signup/", told)
    page = response.content.decode()
    assert words in text_of(response)
    assert f'href="#id_{field}"' in page
    assert field == "email" or 'value="dana@example.org"' in page
    assert PASSWORD not in page
    assert not Account.objects.exists()


def test_an_account_that_was_cut_off_while_it_was_made_gets_its_person_at_sign_in(browser):
    from allauth.account.models import EmailAddress

    account = Account.objects.create_user("lone@example.org", PASSWORD)
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    assert sign_in(browser, "lone@example.org").headers["Location"] == "/home/"
    assert Person.objects.get(account=account).name == "lone"
    assert is_in(browser)


# --- Signing in and out -----------------------------------------------------------------------------------------------------


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(browser):
    member(another())
    pages = []
    for email, password in (("dana@example.org", "wrong password"), ("none@example.org", PASSWORD)):
        response = sign_in(another(), email, password)
        assert response.status_code == 200
        pages.append(text_of(response))
    assert pages[0] == pages[1]
    assert "This address and this password do not belong together." in pages[0]


def test_many_wrong_tries_are_stopped_even_for_the_right_password():
    member(another())
    for _ in range(5):
        sign_in(another(), password="wrong password")
    browser = another()
    assert "That was too many tries." in text_of(sign_in(browser))
    assert not is_in(browser)


def test_a_flood_of_requests_is_answered_in_our_words(browser):
    answers = [sign_in(browser, f"{n}@example.org") for n in range(31)]
    assert answers[-1].status_code == 429
    assert "That was too many tries in a short time" in text_of(answers[-1])


@pytest.mark.parametrize(
    ("goal", "leads_to"),
    [
        ("/catalog/", "/catalog/"),
        ("/account/?x=1", "/account/?x=1"),
        ("https://evil.example/", "/home/"),
        ("//evil.example/", "/home/"),
        ("/\\evil.example", "/home/"),
        ("https:evil.example", "/home/"),
        ("javascript:alert(1)", "/home/"),
        ("http://127.0.0.1/f/token", "/home/"),
        ("http://localhost@evil.example/", "/home/"),
    ],
)
def test_after_signing_in_one_goes_on_within_the_site_alone(browser, goal, leads_to):
    member(another())
    assert sign_in(browser, next=goal).headers["Location"] == leads_to
    assert "evil" not in text_of(another().get("/account/login/", {"next": goal}))


def test_the_session_of_before_is_worth_nothing_after_signing_in(browser):
    member(another())
    browser.get("/account/login/")
    session = browser.session
    session["planted"] = "by somebody else"
    session.save()
    planted = session.session_key
    sign_in(browser)
    assert browser.session.session_key != planted
    thief = another()
    thief.cookies["session"] = planted
    assert not is_in(thief)


def test_signing_out_is_asked_and_ends_the_session(browser):
    member(browser)
    assert "Sign out of Cairn?" in text_of(browser.get("/account/logout/"))
    assert is_in(browser)
    old = browser.cookies["session"].value
    assert browser.post("/account/logout/").headers["Location"] == "/"
    browser.cookies["session"] = old
    assert not is_in(browser)


def test_a_form_without_its_token_changes_nothing(db):
    client = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
    response = sign_up(client)
    assert response.status_code == 403
    assert "This form has expired, so nothing was changed." in text_of(response)
    assert not Account.objects.exists()


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.2", "localhost@evil.example", ""])
def test_no_other_host_is_answered(host):
    response = Client(headers={"host": host}).get("/account/login/")
    assert response.status_code in (400, 404)
    assert b"<form" not in response.content


def test_a_closed_account_is_told_so(browser):
    account = member(another())
    account.is_active = False
    account.save()
    assert not is_in(browser)
    assert "This account is closed" in text_of(browser.get(sign_in(browser).headers["Location"]))
    assert not is_in(browser)


# --- Passwords --------------------------------------------------------------------------------------------------------------


def test_a_forgotten_password_is_chosen_anew_through_a_letter(browser):
    member(old := another())
    assert browser.post("/account/password/reset/", {"email": "dana@example.org"}).headers["Location"] == "/account/password/reset/done/"
    link = link_in(letter("dana@example.org", "password_reset_key"))
    form = browser.get(link, follow=True)
    address = form.redirect_chain[-1][0]
    assert "password1" in form.content.decode()
    weak = browser.post(address, {"password1": "short", "password2": "short"})
    assert "too short" in text_of(weak)
    differs = browser.post(address, {"password1": "another passphrase", "password2": "yet another one"})
    assert "You must type the same password each time." in text_of(differs)
    done = browser.post(address, {"password1": "another passphrase", "password2": "another passphrase"}, follow=True)
    assert "Your new password works" in text_of(done)
    assert "This link no longer works" in text_of(another().get(link, follow=True))
    assert not is_in(old)
    assert sign_in(another()).status_code == 200
    assert sign_in(browser, password="another passphrase").headers["Location"] == "/home/"


def test_asking_for_an_unknown_address_looks_the_same_and_writes_to_it(browser):
    member(another())
    answers = [another().post("/account/password/reset/", {"email": f"{who}@example.org"}, follow=True) for who in ("dana", "none")]
    assert text_of(answers[0]) == text_of(answers[1])
    assert "No account here has it" in letter("none@example.org", "unknown_account").text
    assert not Account.objects.filter(email="none@example.org").exists()


def test_changing_the_password_signs_everybody_else_out(browser):
    member(browser)
    elsewhere = another()
    sign_in(elsewhere)
    told = {"oldpassword": PASSWORD, "password1": "another passphrase", "password2": "another passphrase"}
    wrong = browser.post("/account/password/change/", {**told, "oldpassword": "no"})
    assert "This is not your password." in text_of(wrong)
    assert "Your new password works from now on." in text_of(browser.post("/account/password/change/", told, follow=True))
    assert is_in(browser)
    assert not is_in(elsewhere)


# --- Addresses --------------------------------------------------------------------------------------------------------------


def add(client, email):
    return client.post("/account/email/", {"action_add": "", "email": email}, follow=True)


def test_a_second_address_is_confirmed_made_the_first_and_written_to(browser):
    member(browser)
    assert "Not confirmed yet" in text_of(add(browser, "dana@new.example.org"))
    browser.post(link_in(letter("dana@new.example.org", "email_confirmation")))
    browser.post("/account/email/", {"action_primary": "", "email": "dana@new.example.org"})
    person = Person.objects.get()
    assert (person.email, person.account.email) == ("dana@new.example.org", "dana@new.example.org")
    for email in ("dana@example.org", "dana@new.example.org"):
        assert sign_in(another(), email).headers["Location"] == "/home/"
    refused = browser.post("/account/email/", {"action_remove": "", "email": "dana@new.example.org"}, follow=True)
    assert "Choose another to write to first." in text_of(refused)
    browser.post("/account/email/", {"action_remove": "", "email": "dana@example.org"})
    assert sign_in(another(), "dana@example.org").status_code == 200


def test_an_address_that_is_not_confirmed_is_not_written_to(browser):
    member(browser)
    add(browser, "dana@new.example.org")
    browser.post("/account/email/", {"action_primary": "", "email": "dana@new.example.org"})
    assert Person.objects.get().email == "dana@example.org"


def test_an_address_too_long_for_any_mailbox_gets_no_letter(browser):
    response = browser.post("/account/password/reset/", {"email": "a" * 250 + "@example.org"})
    assert "No e-mail address is longer than 254 characters" in text_of(response)
    assert not Letter.objects.exists()


def test_nobody_touches_the_addresses_of_somebody_else(browser):
    member(another(), "lee@example.org")
    member(browser)
    for action in ("remove", "primary", "send"):
        browser.post("/account/email/", {f"action_{action}": "", "email": "lee@example.org"})
    assert sign_in(another(), "lee@example.org").headers["Location"] == "/home/"


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("dana@example.org", "is among yours already"),
        ("nonsense", "Enter a valid email address"),
        ("a" * 250 + "@example.org", "No e-mail address is longer than 254 characters"),
    ],
)
def test_an_address_that_cannot_be_added_is_refused(browser, email, words):
    member(browser)
    assert words in text_of(add(browser, email))


def test_whoever_reads_an_address_that_was_added_by_mistake_gets_nothing(browser):
    """Neither a letter with which to choose the account's password, nor a way in, nor a shut door where they sign up themselves."""
    member(browser)
    add(browser, "typo@example.org")
    cache.clear()
    another().post("/account/password/reset/", {"email": "typo@example.org"})
    assert "No account here has it" in letter("typo@example.org", "unknown_account").text
    assert not Letter.objects.filter(kind="account.password_reset_key").exists()
    stranger = another()
    member(stranger, "typo@example.org")
    assert is_in(stranger)
    assert Account.objects.count() == 2
    late = browser.get(link_in(letter("typo@example.org", "email_confirmation")))
    assert "already confirmed for another account" in text_of(late)


def test_an_address_taken_by_somebody_who_never_confirmed_it_is_won_back_by_its_owner(browser):
    """Through the letter that comes instead of a second account: the squatter's password no longer opens it, and never did."""
    sign_up(another(), "dana@example.org", name="Squatter", password="the squatter's own")
    cache.clear()
    sign_up(browser)
    assert "There is one already" in letter("dana@example.org", "account_already_exists").text
    browser.post("/account/password/reset/", {"email": "dana@example.org"})
    form = browser.get(link_in(letter("dana@example.org", "password_reset_key")), follow=True).redirect_chain[-1][0]
    browser.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    cache.clear()
    for password, leads_to in (("the squatter's own", None), (PASSWORD, "/account/confirm-email/")):
        assert sign_in(another(), password=password).headers.get("Location") == leads_to


def test_an_address_of_somebody_else_is_added_in_vain_and_looks_like_any_other(browser):
    member(another(), "lee@example.org")
    member(browser)
    cache.clear()
    pages = [text_of(add(browser, f"{who}@example.org")).replace(who, "who") for who in ("lee", "free")]
    waiting = "who@example.org Not confirmed yet"
    assert [page.count(waiting) for page in pages] == [1, 1]
    link = link_in(letter("lee@example.org", "email_confirmation"))
    assert "already confirmed for another account" in text_of(browser.get(link))
    browser.post(link)
    assert account_of_address("lee@example.org") == Account.objects.get(email="lee@example.org").pk


def test_the_page_that_confirms_says_whose_account_it_will_open(browser):
    member(browser)
    add(browser, "lee@example.org")
    page = text_of(browser.get(link_in(letter("lee@example.org", "email_confirmation"))))
    assert "it opens the account of Dana Whitfield here from now on" in page


def test_a_further_address_is_confirmed_by_its_account_and_not_by_whoever_reads_mail_that_went_astray(browser):
    member(stranger := another(), "lee@example.org")
    member(browser)
    add(browser, "astray@example.org")
    link = link_in(letter("astray@example.org", "email_confirmation"))
    for ask in (stranger.get, stranger.post):
        refused = ask(link)
        assert refused.status_code == 403
        assert "belongs to an account that you are not signed in to" in text_of(refused)
    assert is_in(stranger)
    for ask in (another().get, another().post):
        assert unquote(ask(link).headers["Location"]) == f"/account/login/?next={link}"
    assert account_of_address("astray@example.org") is None
    home = another()
    assert sign_in(home, next=link).headers["Location"] == link
    home.post(link)
    assert account_of_address("astray@example.org") == Account.objects.get(email="dana@example.org").pk


def test_a_link_that_confirms_another_account_signs_nobody_out(browser):
    member(browser)
    sign_up(another(), "mallory@example.org")
    link = link_in(letter("mallory@example.org", "email_confirmation_signup"))
    assert browser.get(link).status_code == 403
    assert is_in(browser)
    assert another().get(link).status_code == 200


def test_whoever_is_written_to_hears_of_each_change_of_addresses(browser):
    member(browser)
    add(browser, "dana@new.example.org")
    assert "dana@new.example.org was added to your account" in letter("dana@example.org", "email_added").text
    browser.post(link_in(letter("dana@new.example.org", "email_confirmation")))
    browser.post("/account/email/", {"action_primary": "", "email": "dana@new.example.org"})
    assert "now uses dana@new.example.org in place of dana@example.org" in letter("dana@example.org", "email_changed").text
    browser.post("/account/email/", {"action_remove": "", "email": "dana@example.org"})
    assert "dana@example.org was removed" in letter("dana@new.example.org", "email_deleted").text


def test_an_admin_finds_somebody_by_any_address_that_is_confirmed_and_by_no_other(world, browser):
    member(browser)
    add(browser, "dana@new.example.org")
    admin = world.person("Admin Stone", organization_admin=world.issuer)
    finds = [person_by_email(admin, email) for email in ("dana@example.org", "Dana@New.example.org")]
    browser.post(link_in(letter("dana@new.example.org", "email_confirmation")))
    sign_up(another(), "lee@example.org")
    finds += [person_by_email(admin, email) for email in ("Dana@New.example.org", "lee@example.org")]
    dana = Person.objects.get(email="dana@example.org")
    assert finds == [dana, None, dana, None]
