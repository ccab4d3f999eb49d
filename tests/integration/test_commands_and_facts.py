"""What every command promises: one transaction, once per request key, a fact that nobody can change."""

from __future__ import annotations

import hashlib
import json
import threading

import pytest
from django.db import DatabaseError, connection, connections, transaction

from cairn.apps.ledger import queries as ledger
from cairn.apps.ledger.models import Delivery, Fact, PersonalValue
from cairn.apps.ledger.steps import record
from cairn.apps.people import commands as people
from cairn.apps.people import events
from cairn.apps.people.models import Group, Organization
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.portfolio.models import Submission
from cairn.frame.actor import system
from cairn.kernel.errors import Conflict, NotFound
from cairn.kernel.ids import new_id
from tests.world import SYSTEM


def test_a_repeated_request_key_answers_with_the_first_result(world):
    keyed = SYSTEM.with_key(new_id())
    issuer = world.organization("Issuer")
    first = people.form_group(actor=keyed, organization_id=issuer.pk, name="Team", kind="team")
    again = people.form_group(actor=keyed, organization_id=issuer.pk, name="Team", kind="team")
    assert first.pk == again.pk
    assert Group.objects.count() == 1


def test_a_request_key_used_for_something_else_is_refused(world):
    keyed = SYSTEM.with_key(new_id())
    issuer = world.organization("Issuer")
    people.form_group(actor=keyed, organization_id=issuer.pk, name="Team", kind="team")
    with pytest.raises(Conflict, match="earlier, different request"):
        people.form_group(actor=keyed, organization_id=issuer.pk, name="Other", kind="team")


def test_the_same_key_of_another_person_is_another_key(world):
    key, issuer = new_id(), world.organization("Issuer")
    for name in ("One", "Two"):
        admin = world.person(name, organization_admin=issuer)
        people.form_group(actor=admin.with_key(key), organization_id=issuer.pk, name=name, kind="team")
    assert Group.objects.count() == 2


def test_a_refused_command_leaves_nothing_and_may_be_repeated_with_its_key(world):
    actor, enrollment = world.enrolled()
    keyed = actor.with_key(new_id())
    with pytest.raises(Exception, match="missing"):
        portfolio.submit(actor=keyed, enrollment_id=enrollment.pk)
    world.fill(actor, enrollment)
    submission = portfolio.submit(actor=keyed, enrollment_id=enrollment.pk)
    assert portfolio.submit(actor=keyed, enrollment_id=enrollment.pk).pk == submission.pk
    assert Submission.objects.filter(state="submitted").count() == 1


def test_a_command_inside_another_transaction_raises(open_world):
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        people.found_organization(actor=SYSTEM, slug="x", name="X", kind="school")


def test_a_fact_outside_a_command_raises(world):
    with pytest.raises(RuntimeError, match="only inside a command"):
        record(events.ROLE_ENDED, actor=SYSTEM, subject=world.organization("X"))


def test_eight_double_clicks_at_once_happen_once(open_world):
    issuer = open_world.organization("Issuer")
    keyed, barrier, answers = SYSTEM.with_key(new_id()), threading.Barrier(8), []

    def click():
        barrier.wait()
        try:
            answers.append(people.form_group(actor=keyed, organization_id=issuer.pk, name="Team", kind="team").pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1
    assert len(answers) == 8
    assert Group.objects.count() == 1


@pytest.mark.parametrize("tampering", ["UPDATE ledger_fact SET actor = 'person:somebody'", "DELETE FROM ledger_fact"])
def test_the_database_refuses_to_change_a_fact(world, tampering):
    world.organization("X")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(tampering)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("portfolio_writing", "UPDATE portfolio_writing SET text = 'other'"),
        ("portfolio_citation", "DELETE FROM portfolio_citation"),
        ("portfolio_submission", "UPDATE portfolio_submission SET content_hash = 'x'"),
        ("portfolio_artifact", "UPDATE portfolio_artifact SET sha256 = 'x'"),
        ("assessment_score", "UPDATE assessment_score SET level = 'advanced'"),
        ("assessment_scoresheet", "UPDATE assessment_scoresheet SET state = 'open'"),
        ("assessment_decision", "UPDATE assessment_decision SET outcome = 'not_yet'"),
        ("catalog_microcredentialversion", "UPDATE catalog_microcredentialversion SET content_hash = 'x'"),
    ],
)
def test_the_database_refuses_to_change_what_is_final(world, table, change):
    world.earned()
    with pytest.raises(DatabaseError, match="never"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_the_leaf_is_the_hash_of_the_exact_body(world):
    world.organization("X")
    for fact in Fact.objects.all():
        assert fact.leaf == hashlib.sha256(b"\x00" + fact.body.encode()).hexdigest()
    assert ledger.broken_leaves(SYSTEM) == []


def test_a_fact_keeps_no_personal_value_and_survives_its_erasure(world):
    world.person("Dana Whitfield")
    fact = Fact.objects.get(kind="people.person_begun")
    assert "Dana" not in fact.body
    assert "@example.org" not in fact.body
    value = PersonalValue.objects.get(fact=fact, field="name")
    told = json.loads(fact.body)["data"]["name"]
    assert told == "sha256:" + hashlib.sha256(f"{value.salt}Dana Whitfield".encode()).hexdigest()
    PersonalValue.objects.all().delete()
    assert ledger.broken_leaves(SYSTEM) == []


def test_every_consequence_knows_the_fact_that_caused_it(world):
    _, enrollment = world.earned()
    decided = Fact.objects.get(kind="assessment.decided")
    chain = ledger.chain(SYSTEM, Fact.objects.get(kind="programs.completed").uid)
    assert decided.uid in [link.uid for link in chain]
    assert {fact.thread for fact in chain if fact.kind.startswith("assessment")} == {enrollment.pk}


def test_a_delivery_whose_worker_is_gone_is_taken_over_and_the_late_worker_cannot_finish_it(world):
    from datetime import timedelta

    from cairn.apps.ledger import commands
    from cairn.kernel import clock

    world.enrolled()
    worker = system("worker")
    first = commands.lease_next(actor=worker)
    with clock.at(clock.now() + timedelta(minutes=3)):
        second = commands.lease_next(actor=worker)
        while second.delivery_id != first.delivery_id:
            second = commands.lease_next(actor=worker)
    assert commands.settle(actor=worker, delivery_id=first.delivery_id, lease=first.lease, outcome="done") is None
    assert commands.settle(actor=worker, delivery_id=first.delivery_id, lease=second.lease, outcome="done").state == "done"


def test_an_error_is_tried_six_times_and_then_parked(world, monkeypatch):
    from datetime import timedelta

    from cairn.frame import wiring
    from cairn.kernel import clock
    from cairn.kernel.facts import Event
    from cairn.site import worker

    def broken(*, actor, fact):
        raise ValueError("the printer is on fire")

    monkeypatch.setitem(wiring._table, events.ORGANIZATION_FOUNDED.kind, {"print": broken})
    assert isinstance(events.ORGANIZATION_FOUNDED, Event)
    world.organization("X")
    for day in range(1, 8):
        with clock.at(clock.now() + timedelta(days=day)):
            worker.drain()
    parked = Delivery.objects.get(consequence="print")
    assert (parked.state, parked.attempts) == ("parked", 6)
    assert "on fire" in parked.reason


def test_operators_alone_see_the_queue(world):
    world.enrolled()
    assert list(ledger.queue(world.person("Visitor"))) == []
    assert ledger.queue(world.person("Sam Ibarra", operator=world.organization("Site", kind="platform")))


def test_an_unknown_fact_is_not_found(world):
    with pytest.raises(NotFound):
        ledger.chain(SYSTEM, new_id())


def test_organizations_are_found_once(world):
    for _ in range(2):
        people.found_organization(actor=SYSTEM, slug="x", name="X", kind="school")
    assert Organization.objects.filter(slug="x").count() == 1
