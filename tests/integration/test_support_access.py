"""Support access: an operator sees what a person sees, for a reason and a while, under both their eyes, and can write nothing at all."""

from __future__ import annotations

import inspect
import re
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from cairn.apps.assessment.models import Case
from cairn.apps.assessment.queries import eligible
from cairn.apps.comms.models import Letter
from cairn.apps.ledger.models import Fact
from cairn.apps.people import commands as people
from cairn.apps.people.models import SupportAccess
from cairn.apps.people.queries import actor_of, through_their_eyes
from cairn.apps.portfolio.outward import sign_link
from cairn.apps.portfolio.queries import workspace
from cairn.frame.actor import Actor, Grant
from cairn.frame.commands import COMMANDS
from cairn.interfaces.cli.reference import routes
from cairn.kernel import clock
from cairn.kernel.errors import Forbidden, Invalid, NotFound
from cairn.kernel.ids import new_id
from cairn.site.worker import drain
from tests.architecture.test_commands import COMMANDS as ALL_COMMANDS
from tests.integration.test_public_pages import client_of, text_of
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}  # a refusal is then no page to be drawn
SUPPORT, STOP, END = "/operations/support/", "/operations/support/stop/", "/account/support/end/"
REASON = "She asked on the phone why her file will not upload."


@pytest.fixture
def olga(world):
    return world.person("Olga Stone", operator=world.organization("This Site", kind="platform"))


@pytest.fixture
def dana(world):
    return world.person("Dana Whitfield")


def begin(operator, person, minutes=30, reason=REASON):
    return people.begin_support(actor=operator, person_id=person.person_id, reason=reason, minutes=minutes)


def email_of(actor):
    from cairn.apps.people.models import Person

    return Person.objects.get(pk=actor.person_id).email


def looking(operator, person, **told):
    """The operator's browser, looking."""
    client = client_of(operator)
    answer = client.post(SUPPORT, {"email": email_of(person), "reason": REASON, "minutes": 30, **told})
    assert answer.headers["Location"] == "/home/"
    return client


# --- Beginning and ending ---------------------------------------------------------------------------------------------------


def test_the_operator_sees_the_persons_pages_under_a_banner_and_comes_back(olga, dana):
    client = looking(olga, dana)
    page = client.get("/account/").content.decode()
    assert "You look through the eyes of <strong>Dana Whitfield</strong>" in page
    assert "You are Dana Whitfield." in page
    assert client.get("/operations/").status_code in (403, 404)
    assert client.post(STOP).headers["Location"] == SUPPORT
    assert "You no longer look through the eyes of Dana Whitfield." in text_of(client.get(SUPPORT))
    assert "You look through the eyes" not in client.get("/account/").content.decode()


def test_the_person_is_told_at_once_on_every_page_by_letter_and_for_good(olga, dana):
    looking(olga, dana)
    hers = client_of(dana)
    for page in ("/home/", "/catalog/", "/account/"):
        shown = hers.get(page).content.decode()
        assert "<strong>Olga Stone</strong> of support sees your pages" in shown
        assert REASON in shown
    drain()
    letter = Letter.objects.get(kind="people.support_begun")
    assert letter.address == email_of(dana)
    assert REASON in letter.text
    assert "Olga Stone" in letter.text
    with clock.at(clock.now() + timedelta(hours=2)):
        later = hers.get("/account/").content.decode()
    assert "of support sees your pages" not in later
    assert REASON in later


def test_the_person_ends_it_and_the_operator_sees_nothing_more(olga, dana):
    client = looking(olga, dana)
    answer = client_of(dana).post(END, follow=True)
    assert "Support no longer sees your pages." in text_of(answer)
    assert "You are Olga Stone." in text_of(client.get("/account/"))


def test_it_ends_by_itself(olga, dana):
    client = looking(olga, dana, minutes=15)
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert "You are Olga Stone." in text_of(client.get("/account/"))
    assert "You are Olga Stone." in text_of(client.get("/account/"))


def test_it_ends_with_the_role_and_with_signing_out(world, olga, dana):
    client = looking(olga, dana)
    client.post("/account/logout/")
    assert SupportAccess.objects.get().ended_at is not None
    access = begin(olga, dana)
    assert through_their_eyes(olga, access.pk)
    from cairn.apps.people.models import RoleGrant

    people.end_role(actor=SYSTEM, grant_id=RoleGrant.objects.get(person_id=olga.person_id).pk)
    assert through_their_eyes(actor_of(olga.person_id), access.pk) is None


def test_an_operator_looks_at_one_person_at_a_time(world, olga, dana):
    first = begin(olga, dana)
    second = begin(olga, world.person("Lee Marsh"))
    first.refresh_from_db()
    assert first.ended_at is not None
    assert second.ended_at is None


def test_another_operators_look_is_not_ones_own(world, olga, dana):
    access = begin(olga, dana)
    other = world.person("Otto Stone", operator=world.organization("This Site", kind="platform"))
    assert through_their_eyes(other, access.pk) is None
    with pytest.raises(Forbidden, match="Only the two of them"):
        people.end_support(actor=other, access_id=access.pk)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"reason": ""}, "needs a reason"),
        ({"reason": "  help   "}, "needs a reason"),
        ({"minutes": 0}, "60 minutes at most"),
        ({"minutes": 61}, "60 minutes at most"),
        ({"minutes": -5}, "60 minutes at most"),
        ({"reason": "x" * 501}, "501 characters"),
    ],
)
def test_without_a_reason_and_an_end_there_is_none(olga, dana, told, words):
    with pytest.raises(Invalid, match=words):
        begin(olga, dana, **told)
    assert not SupportAccess.objects.exists()


def test_nobody_looks_but_operators_and_nobody_at_themself(world, olga, dana):
    for actor in (dana, world.person("Admin Stone", organization_admin=world.issuer)):
        with pytest.raises((Forbidden, NotFound)):
            begin(actor, olga)
        assert client_of(actor).get(SUPPORT).status_code in (403, 404)
    with pytest.raises(Forbidden, match="your own eyes"):
        begin(olga, olga)
    with pytest.raises(NotFound):
        people.begin_support(actor=olga, person_id=new_id(), reason=REASON, minutes=5)


def test_an_address_that_nobody_has_and_a_missing_reason_are_told_beside_their_fields(olga):
    client = client_of(olga)
    for told, words in (
        ({"email": "nobody@example.org"}, "Nobody here signs in with this address."),
        ({"reason": ""}, "Write the reason."),
    ):
        answer = client.post(SUPPORT, {"email": email_of(olga), "reason": REASON, "minutes": 30, **told})
        assert answer.status_code == 422
        assert words in text_of(answer)


# --- It only looks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_refuses(name):
    eyes = Actor(person_id=new_id(), grants=frozenset({Grant("operator", "organization", new_id())}), only_looks=True)
    others = [p for p in inspect.signature(COMMANDS[name]).parameters if p != "actor"]
    with CaptureQueriesContext(connection) as queries, pytest.raises(Forbidden, match="Support access only looks"):
        COMMANDS[name](actor=eyes, **dict.fromkeys(others, "x"))
    assert list(queries) == []


def test_that_is_every_command_there_is_and_that_is_who_asks(olga, dana):
    assert through_their_eyes(olga, begin(olga, dana).pk)[1].only_looks
    assert ALL_COMMANDS is COMMANDS
    assert len(COMMANDS) > 50


@contextmanager
def written():
    """What was changed meanwhile but for the operator's own session."""
    changes = []

    def look(execute, sql, *rest):
        if re.match(r"(INSERT|UPDATE|DELETE)", sql) and "people_session" not in sql:
            changes.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(look):
        yield changes


def test_no_form_is_taken_but_that_which_stops(world, olga, dana):
    """Every address of the site, by every method that changes something."""
    world.enrolled(dana)
    client = looking(olga, dana)
    answers = {}
    with written() as changes:
        for route, name in routes():
            address = "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda m: "7" if m[1] == "int" else "0" * 20, route)
            if name not in ("support_stop", "account_logout", "stay"):
                answers |= {
                    (method, address): getattr(client, method)(address, headers=JSON).status_code
                    for method in ("post", "put", "patch", "delete")
                }
    assert {key: status for key, status in answers.items() if status not in (403, 405)} == {}  # 405: documents, which know no session
    assert changes == []
    assert "You look through the eyes" in client.get("/home/").content.decode()


def test_no_page_of_theirs_writes_anything_or_fails(world, olga, dana):
    _, draft = world.enrolled(dana)
    world.fill(dana, draft)
    client, hers = looking(olga, dana), client_of(dana)
    work = f"/portfolio/{draft.pk}/"
    file = f"file/{workspace(dana, draft.pk).artifacts[0].pk}/"
    of_work = [f"{work}{page}" for page in ("", "check/", "analysis/", "portfolio/", "withdraw/", file)]
    for page in ("/home/", "/portfolio/", "/account/", "/account/devices/", "/account/tokens/", "/catalog/", *of_work):
        assert hers.get(page).status_code == 200
        with written() as changes:
            assert client.get(page).status_code == 200, page
        assert changes == []


@pytest.mark.parametrize(
    "page", ["email/", "other/", "password/change/", "second-step/", "second-step/totp/activate/", "second-step/recovery-codes/"]
)
def test_pages_of_signing_in_stay_shut(olga, dana, page):
    """They act on the account that is signed in, which is the operator's."""
    assert looking(olga, dana).get(f"/account/{page}").status_code == 403


def test_nothing_of_theirs_is_changed_through_the_api(olga, dana):
    client = looking(olga, dana)
    assert client.get("/api/v1/me").json()["name"] == "Dana Whitfield"
    answer = client.patch("/api/v1/me", {"name": "Olga"}, "application/json", headers={"Idempotency-Key": "k"})
    assert answer.status_code == 403


def test_files_stay_closed(world, olga, dana):
    _, draft = world.enrolled(dana)
    world.fill(dana, draft)
    file = workspace(dana, draft.pk).artifacts[0].pk
    page = looking(olga, dana).get(f"/portfolio/{draft.pk}/file/{file}/")
    assert "127.0.0.1" not in page.content.decode().partition("<main")[2]
    eyes = through_their_eyes(olga, SupportAccess.objects.get().pk)[1]
    with pytest.raises(Forbidden, match="stay closed"):
        sign_link(eyes, file, session="x", name="x")


# --- What is scored blind ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["assessor", "lead_assessor"])
def test_whoever_scores_blind_looks_through_nobodys_eyes(world, dana, role):
    site = world.organization("This Site", kind="platform")
    both = world.person("Both Stone", operator=site, **{role: world.issuer})
    with pytest.raises(Forbidden, match="without knowing whose it is"):
        begin(both, dana)


def test_a_look_ends_where_its_operator_begins_to_score(world, olga, dana):
    access = begin(olga, dana)
    world.grant(olga.person_id, "assessor", world.issuer)
    assert through_their_eyes(actor_of(olga.person_id), access.pk) is None


def test_whoever_has_looked_does_not_score_that_person_for_two_years(world, olga, dana):
    begin(olga, dana)
    world.grant(olga.person_id, "assessor", world.issuer)
    world.submitted(dana)
    kept_away = eligible(SYSTEM, Case.objects.get(), "reader").kept_away
    assert kept_away == {"saw their pages as support in the last 24 months": 1}
    with clock.at(clock.now() + timedelta(days=740)):
        assert eligible(SYSTEM, Case.objects.get(), "reader").free == 1


def test_it_sees_what_the_person_sees_and_none_of_what_the_operator_sees_besides(world, olga, dana):
    """Each alone, never the two together: an assessor's blind pages stay blind to an operator, who could see every name."""
    reader = world.assessors(1)[0]
    eyes = through_their_eyes(olga, begin(olga, reader).pk)[1]
    assert eyes.grants == reader.grants
    assert not eyes.holds("operator")
    assert eyes.person_id == reader.person_id
    assert eyes.on_behalf == olga.person_id


# --- The record -------------------------------------------------------------------------------------------------------------


def test_beginning_and_ending_are_facts_and_the_reason_lies_apart(olga, dana):
    access = begin(olga, dana)
    people.end_support(actor=dana, access_id=access.pk)
    people.end_support(actor=dana, access_id=access.pk)
    told = list(Fact.objects.filter(kind__startswith="people.support").order_by("id").values_list("kind", "actor", "body"))
    assert [(kind, who) for kind, who, _ in told] == [
        ("people.support_begun", f"person:{olga.person_id}"),
        ("people.support_ended", f"person:{dana.person_id}"),
    ]
    assert '"minutes":30' in told[0][2]
    assert not any(REASON in body or "Dana" in body for _, _, body in told)


def test_the_list_of_all_looks_is_for_operators(world, olga, dana):
    begin(olga, dana)
    other = world.person("Otto Stone", operator=world.organization("This Site", kind="platform"))
    assert REASON in text_of(client_of(other).get(SUPPORT))
    assert REASON not in text_of(client_of(world.person("Lee Marsh")).get("/account/"))


def test_every_route_of_the_library_is_known_by_its_name():
    """Its pages are kept shut by how their names begin."""
    names = {pattern.name for resolver in get_resolver().url_patterns if str(getattr(resolver, "pattern", "")).startswith("account/")
             for pattern in getattr(resolver, "url_patterns", ()) if getattr(pattern, "name", None)}  # fmt: skip
    assert names
    assert all(name.startswith(("account_", "mfa_")) for name in names)


def test_a_look_that_is_over_is_ended_no_second_time(olga, dana):
    access = begin(olga, dana, minutes=5)
    with clock.at(clock.now() + timedelta(hours=1)):
        again = begin(olga, dana)
    access.refresh_from_db()
    assert access.ended_at == access.ends_at
    assert Fact.objects.filter(kind="people.support_ended").count() == 0
    assert again.ended_at is None
