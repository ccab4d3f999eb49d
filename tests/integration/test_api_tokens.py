"""Tokens: made on a page, shown once, kept as hashes; they end by date, by hand, with the account, and with a role."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.test import Client

from cairn.apps.comms.models import Letter
from cairn.apps.ledger.models import Fact
from cairn.apps.people import commands, queries
from cairn.apps.people.models import Account, ApiToken
from cairn.interfaces.cli.demo import tokens as demo_tokens
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid, NotFound
from cairn.kernel.ids import new_id
from cairn.site.worker import drain
from tests.api_world import Program, code, token
from tests.learning_world import browser, words
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db


def form(*scopes, name="Data warehouse", days="90", key=""):
    return {"name": name, "scopes": list(scopes), "days": days, "key": key or new_id()}


def lately(actor):
    """The browser of somebody who has just given their password."""
    client = browser(actor)
    client.post("/account/reauthenticate/", {"password": "a long passphrase"})
    return client


def secret_on(page) -> str:
    found = re.search(r'value="(cairn_[0-9a-f]{40})"', page.content.decode())
    assert found, words(page)
    return found[1]


# --- The page ------------------------------------------------------------------------------------------------------


def test_a_token_is_made_on_the_page_and_its_secret_is_shown_once(world):
    dana = world.person("Dana Whitfield")
    page = lately(dana).post("/account/tokens/", form("profile:read"))
    secret = secret_on(page)
    assert Program(secret=secret).read("/me")["name"] == "Dana Whitfield"
    again = browser(dana).get("/account/tokens/").content.decode()
    assert secret not in again
    assert "Data warehouse" in again
    assert secret[-4:] in again


def test_a_form_sent_twice_makes_one_token_and_shows_the_same_secret(world):
    dana = world.person("Dana Whitfield")
    sent = form("profile:read")
    first, second = (secret_on(lately(dana).post("/account/tokens/", sent)) for _ in range(2))
    assert first == second
    assert ApiToken.objects.count() == 1


def test_long_after_signing_in_the_password_is_asked_for_before_a_token_is_made(world):
    client = browser(world.person("Dana Whitfield"))
    assert client.get("/account/tokens/").status_code == 200
    assert client.post("/account/tokens/", form("profile:read")).headers["Location"].startswith("/account/reauthenticate/")
    assert not ApiToken.objects.exists()
    made = client.post("/account/reauthenticate/?next=/account/tokens/", {"password": "a long passphrase"}, follow=True)
    assert secret_on(made)


def test_whoever_a_token_acts_as_is_told_of_it_by_letter(world):
    dana = world.person("Dana Whitfield")
    secret = token(dana)
    drain()
    letter = Letter.objects.get(kind="people.token_made")
    assert letter.person_id == dana.person_id
    assert "revoke it at once" in letter.text
    assert secret not in letter.text


def test_what_is_kept_is_a_hash_and_no_fact_holds_the_secret(world):
    secret = token(world.person("Dana Whitfield"))
    kept = ApiToken.objects.get()
    assert secret not in json.dumps({field.name: str(getattr(kept, field.name)) for field in ApiToken._meta.fields})
    assert kept.secret_hash == queries.hash_of(secret)
    assert not [fact for fact in Fact.objects.all() if secret in fact.body or kept.secret_hash in fact.body]
    assert Fact.objects.filter(kind="people.token_made").count() == 1


@pytest.mark.parametrize("wrong", [{"scopes": []}, {"name": ""}, {"days": "4000"}, {"scopes": ["everything"]}, {"name": "x" * 81}])
def test_a_form_with_something_wrong_makes_nothing_and_says_so(world, wrong):
    page = lately(world.person("Dana Whitfield")).post("/account/tokens/", form("profile:read") | wrong)
    assert page.status_code == 422
    assert "No token was made" in words(page)
    assert ApiToken.objects.count() == 0


def test_a_token_is_revoked_on_the_page_and_works_no_more(world):
    dana = world.person("Dana Whitfield")
    program = Program(dana)
    browser(dana).post(f"/account/tokens/{ApiToken.objects.get().pk}/revoke/", {"key": new_id()})
    assert code(program.get("/me")) == (401, "token-unknown")
    assert "Revoked" in words(browser(dana).get("/account/tokens/"))


def test_nobody_sees_or_revokes_the_token_of_another(world):
    dana, other = world.person("Dana Whitfield"), Program(world.person("Other Stone"))
    token(dana)
    theirs = ApiToken.objects.get(person=dana.person_id)
    assert code(other.delete(f"/me/tokens/{theirs.pk}")) == (404, "not-found")
    assert theirs.pk not in json.dumps(other.read("/me/tokens"))
    with pytest.raises(NotFound):
        commands.revoke_token(actor=world.person("Third Stone"), token_id=theirs.pk)


# --- What ends one -------------------------------------------------------------------------------------------------


def test_a_token_ends_on_its_day(world):
    program = Program(secret=token(world.person("Dana Whitfield"), days=7))
    with clock.at(clock.now() + timedelta(days=6)):
        assert program.get("/me").status_code == 200
    with clock.at(clock.now() + timedelta(days=8)):
        assert code(program.get("/me")) == (401, "token-unknown")


def test_a_token_ends_with_its_account(world):
    dana = world.person("Dana Whitfield")
    program = Program(dana)
    Account.objects.filter(person__pk=dana.person_id).update(is_active=False)
    assert program.get("/me").status_code == 401


def test_a_role_that_ends_is_gone_with_the_next_request(world):
    admin = world.person("Ada Stone", organization_admin=world.issuer)
    program, path = Program(admin), f"/organizations/{world.issuer.slug}/roles"
    assert program.get(path).status_code == 200
    (grant,) = queries.roles_of(admin, admin.person_id)
    commands.end_role(actor=SYSTEM, grant_id=grant.pk)
    assert code(program.get(path)) == (404, "not-found")


def test_guarded_roles_are_out_of_reach_of_a_token_made_without_a_second_step(world):
    admin = world.person("Ada Stone", organization_admin=world.issuer)
    by_password = Client(headers={"host": "localhost"})
    by_password.force_login(Account.objects.get(person__pk=admin.person_id), "allauth.account.auth_backends.AuthenticationBackend")
    by_password.post("/account/reauthenticate/", {"password": "a long passphrase"})
    secret = secret_on(by_password.post("/account/tokens/", form("profile:read", "organizations:read")))
    weak, path = Program(secret=secret), f"/organizations/{world.issuer.slug}/roles"
    assert code(weak.get(path)) == (403, "second-step-missing")
    assert weak.read("/me")["roles"], "they are held, and only withheld"
    assert Program(secret=token(admin, shown_second_step=True)).get(path).status_code == 200
    assert "second step" in words(by_password.get("/account/tokens/"))


def test_a_token_does_what_its_scopes_name_and_nothing_else(world):
    program = Program(world.person("Dana Whitfield"), "portfolio:read")
    assert program.get("/enrollments").status_code == 200
    answer = program.post("/enrollments", {"offering": world.offering.pk})
    assert code(answer) == (403, "scope-missing")
    assert 'scope="portfolio:write"' in answer["WWW-Authenticate"]


# --- What it tells of itself ---------------------------------------------------------------------------------------


def test_its_last_use_is_noted_to_five_minutes(world):
    program = Program(world.person("Dana Whitfield"))
    assert ApiToken.objects.get().used_at is None
    program.get("/me")
    first = ApiToken.objects.get().used_at
    assert first is not None
    program.get("/me")
    assert ApiToken.objects.get().used_at == first
    with clock.at(clock.now() + timedelta(minutes=6)):
        program.get("/me")
    assert ApiToken.objects.get().used_at > first


@pytest.mark.parametrize(
    "given", ["Bearer ", "Bearer cairn_0", "Basic ZGFuYTpkYW5h", "cairn_0", "Bearer \u00e9\u00fc", "bearer  two words"]
)
def test_what_is_no_working_token_is_told_so_wherever_it_is_shown(world, given):
    for path in ("/me", "/catalog", "/openapi.json"):
        answer = Program().get(path, authorization=given.encode().decode("latin-1"))
        assert code(answer) == (401, "token-unknown")
        assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_person_has_twenty_that_work_at_most(world):
    dana = world.person("Dana Whitfield")
    for _ in range(20):
        token(dana)
    with pytest.raises(Conflict, match="at most 20"):
        token(dana)


@pytest.mark.parametrize(("scopes", "days"), [((), 3), (("all",), 3), (("profile:read",), 0), (("profile:read",), 400)])
def test_a_command_that_asks_for_too_much_is_refused(world, scopes, days):
    with pytest.raises(Invalid):
        commands.make_token(actor=world.person(), name="x", scopes=scopes, expires_at=clock.now() + timedelta(days=days), secret="s",
                            shown_second_step=False)  # fmt: skip


def test_there_is_no_such_file_outside_demo_mode(world, tmp_path, settings):
    settings.DEMO = False
    with pytest.raises(Conflict, match="demo mode"):
        demo_tokens.write_tokens(tmp_path / "tokens.json")
    assert list(tmp_path.iterdir()) == []
