"""Health, for operators alone: what is stuck and why, trying it again or setting it aside, timed jobs, the machine."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cairn.apps.ledger import commands
from cairn.apps.ledger.models import Delivery, Fact
from cairn.apps.people.models import Account
from cairn.frame import wiring
from cairn.frame.actor import VISITOR
from cairn.interfaces.web.views.operating import WORDS
from cairn.kernel import clock
from cairn.site import worker
from tests.world import SYSTEM

TROUBLE = "SMTPServerDisconnected: Connection unexpectedly closed"


def browser(actor=None) -> Client:
    client = Client(headers={"host": "localhost"})
    if actor is not None:
        client.force_login(Account.objects.get(person__pk=actor.person_id))
    return client


def health(actor) -> str:
    answer = browser(actor).get("/operations/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def olga(world):
    found = world.person("Olga Stone", operator=world.issuer)
    worker.drain()
    return found


def park(count=1) -> list[Delivery]:
    """The next deliveries tried six times without success, as a worker does it."""
    parked = []
    while len(parked) < count:
        with clock.at(clock.now() + timedelta(hours=1)):
            taken = commands.lease_next(actor=SYSTEM)
        assert taken is not None
        with clock.at(taken.lease_until - timedelta(seconds=1)):
            ended = commands.settle(
                actor=SYSTEM, delivery_id=taken.delivery_id, lease=taken.lease, outcome="failed", code="Broken", reason=TROUBLE
            )
        Delivery.objects.filter(pk=ended.pk, state="queued").update(run_after=clock.now())
        if ended.state == "parked":
            parked.append(ended)
    return parked


def test_only_operators_find_the_pages(world, olga):
    world.enrolled()
    (delivery,) = park()
    paths = ["/operations/", "/operations/deliveries/parked/", f"/operations/deliveries/{delivery.pk}/set-aside/"]
    ada = world.person("Ada Stone", organization_admin=world.issuer)
    for actor in (ada, world.person()):
        assert [browser(actor).get(path).status_code for path in paths] == [404, 404, 404]
        assert browser(actor).post(paths[2], {"reason": "No."}).status_code == 404
        assert browser(actor).post(f"/operations/deliveries/{delivery.pk}/try-again/").status_code == 404
    for path in paths:
        assert browser().get(path)["Location"].startswith("/account/login/")
    assert [browser(olga).get(path).status_code for path in paths] == [200, 200, 200]
    delivery.refresh_from_db()
    assert delivery.state == "parked"


def test_all_is_well_when_nothing_is_stuck(olga):
    page = health(olga)
    assert "<h1>All is well</h1>" in page
    assert "Nothing waits for anything." in page
    assert "Nothing was declined." in page
    assert "Parked: these need you" not in page


def test_what_is_parked_stands_first_with_what_went_wrong(world, olga):
    world.enrolled()
    (delivery,) = park()
    page = health(olga)
    assert "<h1>1 delivery is parked</h1>" in page
    assert TROUBLE in page
    assert "An educator began a micro-credential." in page
    assert delivery.fact.uid in page


def test_what_is_tried_again_happens(world, olga):
    world.enrolled()
    (delivery,) = park()
    assert browser(olga).post(f"/operations/deliveries/{delivery.pk}/try-again/", {"key": "0" * 20}).status_code == 302
    worker.drain()
    delivery.refresh_from_db()
    assert delivery.state == "done"
    assert Fact.objects.get(kind="ledger.retried").actor == f"person:{olga.person_id}"
    assert "<h1>All is well</h1>" in health(olga)


def test_what_is_not_parked_cannot_be_tried_again(world, olga):
    world.enrolled()
    worker.drain()
    delivery = Delivery.objects.filter(state="done").first()
    answer = browser(olga).post(f"/operations/deliveries/{delivery.pk}/try-again/")
    assert answer.status_code == 409
    assert "This delivery is done" in answer.content.decode()
    assert browser(olga).get(f"/operations/deliveries/{delivery.pk}/set-aside/").status_code == 404
    assert browser(olga).post(f"/operations/deliveries/{'0' * 20}/try-again/").status_code == 404
    assert browser(olga).get(f"/operations/deliveries/{delivery.pk}/try-again/").status_code == 405


def test_what_is_set_aside_needs_a_reason_and_stays_listed(world, olga):
    world.enrolled()
    (delivery,) = park()
    path = f"/operations/deliveries/{delivery.pk}/set-aside/"
    for reason in ("", "  ", "a\x00b", "x" * 3000):
        answer = browser(olga).post(path, {"reason": reason})
        assert answer.status_code == 422
        assert "Nothing was changed" in answer.content.decode()
    assert browser(olga).post(path, {"reason": "They left the program."}).status_code == 302
    page = health(olga)
    assert "<h1>All is well</h1>" in page
    assert "They left the program." in page
    worker.drain()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.code) == ("declined", "set-aside")


def test_what_waits_says_for_what_and_since_when(world, olga):
    world.assessors(1)
    world.submitted()
    page = health(olga)
    assert "<h1>All is well</h1>" in page
    assert "too-few-assessors" in page
    assert "Find assessors" in page


def test_work_that_nobody_carries_out_is_noticed(world, olga):
    world.enrolled()
    assert "<h1>All is well</h1>" in health(olga)
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert "<h1>Work is standing still</h1>" in health(olga)


def test_timed_jobs_show_when_they_ran_and_what_went_wrong(olga, monkeypatch):
    assert "None has run yet" in health(olga)

    def fails(actor):
        raise RuntimeError("the disk is full")

    monkeypatch.setitem(worker.JOBS, "clear-sessions", (timedelta(hours=6), fails))
    while worker.run_due_job():
        pass
    page = health(olga)
    assert "The timed job clear-sessions did not end well" in page
    assert "the disk is full" in page
    assert "sign-status-lists" in page


def test_the_machine_is_described_as_it_is(olga):
    page = health(olga)
    told = (
        ("SQLite", "journal_mode", "wal", "synchronous", "full")
        if connection.vendor == "sqlite"
        else ("PostgreSQL", "synchronous_commit", "on")
    )
    for words in told:
        assert words in page


def test_lists_go_on_over_pages(world, olga):
    for _ in range(3):
        world.enrolled()
    worker.drain()
    count = Delivery.objects.filter(state="done").count()
    page = browser(olga).get("/operations/deliveries/done/?page=99").content.decode()
    assert f"Done: {count} deliveries" in page
    for state in ("queued", "leased", "waiting", "parked", "declined"):
        assert "Nothing here" in browser(olga).get(f"/operations/deliveries/{state}/").content.decode()
    for nothing in ("/operations/deliveries/nothing/", "/operations/deliveries/%00/", "/operations/deliveries/%00/set-aside/"):
        assert browser(olga).get(nothing).status_code == 404


def test_the_page_takes_as_many_queries_however_much_is_stuck(world, olga):
    def count() -> int:
        client = browser(olga)
        client.get("/operations/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/operations/")
        return len(asked)

    world.enrolled()
    park()
    before = count()
    for _ in range(3):
        world.enrolled()
    park(3)
    assert count() == before


def test_every_consequence_is_named_in_an_operators_words():
    assert {name for work in wiring.table().values() for name in work} == set(WORDS)


def test_a_visitor_may_not_even_ask(world):
    from cairn.apps.ledger import queries

    assert list(queries.deliveries(VISITOR, "done")) == []
    assert queries.queue(VISITOR) == ()
