"""The second step at sign-in: setting it up, giving it, losing it, and the roles whose pages ask for it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import struct
import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import BACKEND_SESSION_KEY
from django.core.cache import cache

from cairn.apps.comms.models import Letter
from cairn.apps.ledger.models import Fact
from cairn.apps.people.models import Account, Person
from cairn.apps.people.queries import actor_of, actor_of_account
from cairn.apps.people.states import GUARDED_ROLES, ROLES
from cairn.interfaces.web.signing import BORROWED
from cairn.site.worker import drain
from tests.integration.test_public_pages import client_of, text_of
from tests.integration.test_sign_in import PASSWORD, another, letter, sign_in
from tests.integration.test_sign_in import member as confirmed

pytestmark = pytest.mark.django_db
HUB = "/account/second-step/"


@pytest.fixture(autouse=True)
def fresh():
    """Tries, and codes that were used, are counted in the cache."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def browser():
    return another()


def member(client):
    """Signed up, confirmed, and proven once more by password, as before each change of what guards an account."""
    account = confirmed(client)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return account


def code_of(secret, steps=0):
    """RFC 6238 with its defaults: what an authenticator app shows, `steps` half minutes from now."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def secret_on(page):
    return re.search(r'id="key">(\w+)<', page.content.decode())[1]


def set_up_app(client):
    """An app set up by whoever is signed in; its secret."""
    secret = secret_on(client.get(f"{HUB}totp/activate/"))
    assert client.post(f"{HUB}totp/activate/", {"code": code_of(secret)}).headers["Location"] == f"{HUB}recovery-codes/"
    return secret


def codes_on(page):
    return re.findall(r"<li>(\d{8})</li>", page.content.decode())


def with_role(world, client, role):
    """A member who signed in with a password, and holds the role."""
    account = member(client)
    organization = world.organization("Issuer")
    world.grant(account.person.pk, role, organization)
    return account, organization


# --- An app that shows codes ------------------------------------------------------------------------------------------------


def test_from_a_picture_to_scan_to_recovery_codes(browser, django_capture_on_commit_callbacks):
    member(browser)
    page = browser.get(f"{HUB}totp/activate/")
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert "img-src 'self' data:" in page.headers["Content-Security-Policy"]
    secret = secret_on(page)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(f"{HUB}totp/activate/", {"code": code_of(secret)})
    codes = codes_on(browser.get(f"{HUB}recovery-codes/"))
    assert len(set(codes)) == 10
    assert "An app that shows codes was set up" in letter("dana@example.org", "totp_activated").text
    download = browser.get(f"{HUB}recovery-codes/download/")
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert all(code in download.content.decode() for code in codes)


def test_a_wrong_code_sets_nothing_up(browser):
    account = member(browser)
    browser.get(f"{HUB}totp/activate/")
    answer = browser.post(f"{HUB}totp/activate/", {"code": "000000"})
    assert "This is not right" in text_of(answer)
    assert not Authenticator.objects.filter(user=account).exists()


def test_a_code_is_asked_for_at_each_sign_in_and_none_serves_twice(browser):
    member(other := another())
    secret = set_up_app(other)
    assert sign_in(browser).headers["Location"] == f"{HUB}authenticate/"
    assert browser.get("/account/").status_code == 302
    assert "This is not right" in text_of(browser.post(f"{HUB}authenticate/", {"code": "123456"}))
    code = code_of(secret)
    assert browser.post(f"{HUB}authenticate/", {"code": code}).headers["Location"] == "/home/"
    assert browser.get("/account/").status_code == 200
    thief = another()
    sign_in(thief)
    assert "it was used before" in text_of(thief.post(f"{HUB}authenticate/", {"code": code}))
    assert thief.get("/account/").status_code == 302


def test_a_recovery_code_stands_in_once(browser):
    member(browser)
    set_up_app(browser)
    code = codes_on(browser.get(f"{HUB}recovery-codes/"))[0]
    lost = another()
    sign_in(lost)
    assert lost.post(f"{HUB}authenticate/", {"code": code}).headers["Location"] == "/home/"
    assert code not in codes_on(browser.get(f"{HUB}recovery-codes/"))
    again = another()
    sign_in(again)
    assert "it was used before" in text_of(again.post(f"{HUB}authenticate/", {"code": code}))


def test_new_recovery_codes_end_the_old_ones(browser):
    member(browser)
    set_up_app(browser)
    old = codes_on(browser.get(f"{HUB}recovery-codes/"))
    new = codes_on(browser.post(f"{HUB}recovery-codes/generate/", follow=True))
    assert len(new) == 10
    assert not set(old) & set(new)


def test_many_wrong_codes_are_stopped_even_for_the_right_one(browser):
    member(other := another())
    secret = set_up_app(other)
    sign_in(browser)
    for _ in range(5):
        browser.post(f"{HUB}authenticate/", {"code": "123456"})
    assert "That was too many tries." in text_of(browser.post(f"{HUB}authenticate/", {"code": code_of(secret)}))
    assert browser.get("/account/").status_code == 302


def test_the_database_alone_gives_no_codes_away(browser):
    account = member(browser)
    secret = set_up_app(browser)
    kept = " ".join(str(row.data) for row in Authenticator.objects.filter(user=account))
    assert secret not in kept
    assert not any(code in kept for code in codes_on(browser.get(f"{HUB}recovery-codes/")))


def test_long_after_signing_in_the_password_is_asked_for_before_anything_changes(browser):
    member(browser)
    session = browser.session
    session["account_authentication_methods"] = []
    session.save()
    for page in ("totp/activate/", "recovery-codes/generate/"):
        assert browser.get(f"{HUB}{page}").headers["Location"].startswith("/account/reauthenticate/")
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    assert browser.get(f"{HUB}totp/activate/").status_code == 200


@pytest.mark.parametrize("page", ["", "totp/activate/", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/", "authenticate/"])
def test_a_visitor_sees_nothing_of_it(browser, page):
    assert browser.get(f"{HUB}{page}").headers["Location"].startswith("/account/login/")


@pytest.mark.parametrize("code", ["", " ", "x" * 5000, "１２３４５６", "12\x003456", "-1"])
def test_what_cannot_be_a_code_is_refused_kindly(browser, code):
    member(browser)
    browser.get(f"{HUB}totp/activate/")
    answer = browser.post(f"{HUB}totp/activate/", {"code": code})
    assert answer.status_code == 200
    assert 'id="errors"' in answer.content.decode()


def test_whoever_has_lost_it_is_let_in_from_the_machine_and_told(browser, capsys):
    from cairn.interfaces.cli.main import main

    member(browser)
    set_up_app(browser)
    assert main(["forget-second-step", "dana@example.org"]) == 0
    assert browser.get("/account/").status_code == 302
    assert sign_in(another()).headers["Location"] == "/home/"
    drain()
    assert "Your second step was taken away" in Letter.objects.get(kind="people.second_step_forgotten").subject
    assert not Authenticator.objects.exists()


# --- Passkeys (in a browser: tests/browser/test_passkeys.py) -----------------------------------------------------------------

ANSWER = {"clientDataJSON": "e30", "authenticatorData": "AAAA", "signature": "AAAA", "userHandle": "AAAA", "attestationObject": "oA"}
WELL_FORMED = {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "clientExtensionResults": {}, "response": ANSWER}
NO_PASSKEY = [
    "", "nonsense", "null", "[]", "{}", "1", '"text"', "[[[[]]]]", "{" * 3000, '{"id": null}', '{"response": {"userHandle": 5}}',
    *(json.dumps({**WELL_FORMED, **wrong}) for wrong in (
        {}, {"rawId": 7}, {"rawId": "!!"}, {"id": ["AAAA"]}, {"type": "\x00"}, {"response": None}, {"response": []}, {"response": {}},
    )),
    *(json.dumps({**WELL_FORMED, "response": {**ANSWER, **wrong}}) for wrong in (
        {"userHandle": "x" * 9000}, {"clientDataJSON": "W10"}, {"clientDataJSON": 1}, {"attestationObject": "_____w"}, {"signature": {}},
    )),
]  # fmt: skip


def test_what_is_no_passkey_is_refused_everywhere_and_breaks_nothing(browser):
    account = member(browser)
    browser.get(f"{HUB}webauthn/add/")
    assert {browser.post(f"{HUB}webauthn/add/", {"credential": sent}).status_code for sent in NO_PASSKEY} == {200}
    assert not Authenticator.objects.filter(user=account).exists()
    set_up_app(browser)
    visitor = another()
    for sent in NO_PASSKEY:
        cache.clear()  # so that not the number of tries is what refuses it
        browser.get(f"{HUB}webauthn/reauthenticate/")
        assert browser.post(f"{HUB}webauthn/reauthenticate/", {"credential": sent}).status_code == 302
        visitor.get(f"{HUB}webauthn/login/", headers={"accept": "application/json"})
        assert visitor.post(f"{HUB}webauthn/login/", {"credential": sent}).headers["Location"] == "/account/login/"
    sign_in(visitor)
    for sent in NO_PASSKEY:
        cache.clear()
        visitor.get(f"{HUB}authenticate/")
        assert visitor.post(f"{HUB}authenticate/", {"credential": sent}).status_code == 200
    assert visitor.get("/account/").status_code == 302


def test_what_is_asked_of_a_passkey_names_the_host_that_the_data_folder_fixes(browser):
    told = browser.get(f"{HUB}webauthn/login/", headers={"accept": "application/json"}).json()["request_options"]["publicKey"]
    assert told["rpId"] == "localhost"
    assert told["userVerification"] == "required"
    assert told.get("allowCredentials", []) == []


def test_no_page_of_passkeys_holds_a_script_of_its_own(browser):
    """The content security policy would not run it: all there is lies in a file, and data in blocks that are no scripts."""
    member(browser)
    for page in ("/account/login/", f"{HUB}webauthn/add/"):
        client = another() if "login" in page else browser
        scripts = re.findall(r"<script([^>]*)>", client.get(page).content.decode())
        assert any("passkeys.js" in script for script in scripts)
        assert all("src=" in script or 'type="application/json"' in script for script in scripts)


# --- Roles that ask for it --------------------------------------------------------------------------------------------------

PAGES = {
    "assessor": "/scoring/",
    "lead assessor": "/scoring/desk/",
    "organization admin": "/org/issuer/people/",
    "operator": "/operations/",
}


def test_the_guarded_roles_are_those_that_act_on_others():
    assert set(PAGES) | {"licensing officer"} == GUARDED_ROLES


@pytest.mark.parametrize(("role", "page"), PAGES.items())
def test_a_page_of_the_role_leads_to_the_second_step_first_and_then_opens(world, browser, role, page):
    with_role(world, browser, role)
    assert browser.get(page).headers["Location"] == HUB
    hub = text_of(browser.get(HUB))
    assert f"As {role} you need it" in hub
    set_up_app(browser)
    assert f'href="{page}"' in browser.get(f"{HUB}recovery-codes/").content.decode()
    assert browser.get(page).status_code == 200


@pytest.mark.parametrize("role", sorted(GUARDED_ROLES))
def test_until_then_none_of_the_role_is_in_the_session_and_ones_own_pages_stay_open(world, browser, role):
    account, organization = with_role(world, browser, role)
    world.grant(account.person.pk, "coach", organization)
    held = browser.get("/home/").wsgi_request.actor
    assert held.withheld == (role,)
    assert {grant.role for grant in held.grants} == {"coach"}
    for page in ("/home/", "/portfolio/", "/catalog/", "/account/", "/account/email/"):
        answer = browser.get(page)
        assert answer.status_code == 200
        assert "ask for a second step" in text_of(answer)


@pytest.mark.parametrize("role", sorted(set(ROLES) - GUARDED_ROLES))
def test_other_roles_ask_for_nothing(world, browser, role):
    with_role(world, browser, role)
    held = browser.get("/home/").wsgi_request.actor
    assert held.withheld == ()
    assert {grant.role for grant in held.grants} == {role}


def test_signing_in_leads_there_whoever_needs_it(world, browser):
    with_role(world, another(), "assessor")
    assert sign_in(browser).headers["Location"] == HUB


def test_a_form_or_a_script_of_the_role_is_refused_with_the_reason(world, browser):
    _, organization = with_role(world, browser, "organization admin")
    answer = browser.post(f"/org/{organization.slug}/people/groups/", {"name": "Team", "kind": "team"})
    assert answer.status_code == 403
    assert "asks for a second step at sign-in, which you have not shown" in text_of(answer)
    told = browser.get("/scoring/", headers={"accept": "application/json"})
    assert (told.status_code, told.json()["code"]) == (403, "second-step-missing")


def test_a_session_from_before_shows_it_once(world, browser):
    with_role(world, browser, "operator")
    older = another()
    sign_in(older)
    secret = set_up_app(browser)
    assert browser.get("/operations/").status_code == 200
    assert older.get("/operations/").headers["Location"] == HUB
    assert "Show it once" in text_of(older.get(HUB))
    answer = older.post(f"{HUB}reauthenticate/?next={HUB}", {"code": code_of(secret)})
    assert answer.headers["Location"] == HUB
    assert older.get("/operations/").status_code == 200


def test_taken_away_it_shuts_those_pages_at_once(world, browser):
    account, _ = with_role(world, browser, "operator")
    set_up_app(browser)
    browser.post(f"{HUB}totp/deactivate/")
    assert not Authenticator.objects.filter(user=account).exists()
    assert browser.get("/operations/").headers["Location"] == HUB


def test_recovery_codes_alone_are_no_second_step(world, browser):
    account, _ = with_role(world, browser, "operator")
    set_up_app(browser)
    Authenticator.objects.filter(user=account, type="totp").delete()
    assert browser.get("/operations/").headers["Location"] == HUB


def test_what_others_shall_be_told_of_a_person_knows_all_of_their_roles(world, browser):
    """Withholding is of the session: work is still handed to an assessor who has not signed in with a second step yet."""
    account, _ = with_role(world, browser, "assessor")
    assert actor_of(account.person.pk).holds("assessor")
    assert not actor_of_account(account, lambda: False).holds("assessor")


# --- The demonstration's door -----------------------------------------------------------------------------------------------


def test_borrowed_eyes_count_as_shown_and_end_with_the_demonstration(world, settings):
    operator = world.person("Olga Stone", operator=world.organization("This Site", kind="platform"))
    client = client_of(operator)
    assert client.session[BACKEND_SESSION_KEY] == BORROWED
    assert client.get("/operations/").status_code == 200
    settings.AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]  # what they are outside demo mode
    assert client.get("/operations/").status_code in (302, 404)
    assert client.get("/account/").headers["Location"].startswith("/account/login/")


def test_no_form_signs_in_by_borrowed_eyes(browser):
    member(another())
    sign_in(browser)
    assert browser.session[BACKEND_SESSION_KEY] == "allauth.account.auth_backends.AuthenticationBackend"


def test_facts_of_signing_in_name_nobody(world, browser):
    with_role(world, browser, "assessor")
    set_up_app(browser)
    told = " ".join(Fact.objects.values_list("body", flat=True))
    assert not any(text in told for text in ("dana@example.org", "Dana Whitfield", "127.0.0.1"))
    assert Account.objects.count() == Person.objects.count() == 1
