"""Licensing through the API: rules for anyone, licenses for oneself, queues for councils and officers; the same as the pages say."""

from __future__ import annotations

import json
from datetime import date

import pytest

from cairn.apps.licensure import commands, queries
from cairn.apps.licensure.commands import Done
from cairn.kernel import clock
from cairn.pure import rules
from tests.api_world import Program, code
from tests.integration.test_api_lists import walk
from tests.licensure_world import on
from tests.officers_world import TRANSITION, Office
from tests.recognizers_world import District

pytestmark = pytest.mark.django_db


def test_anyone_reads_every_rule_with_the_hash_that_everything_computed_from_it_carries():
    program = Program()
    states = walk(program, "/jurisdictions", 7)
    assert [each["code"] for each in states] == sorted(each.code for each in queries.jurisdictions())
    listed = walk(program, "/rules", 9)
    assert len(listed) == len(queries.book().rules)
    assert all(each["versions"] and each["notice"] and each["versions"][0]["hash"] for each in listed)
    missouri = walk(program, "/rules?jurisdiction=us/mo", 50)
    assert {each["jurisdiction"] for each in missouri} == {"us/mo"}
    (one,) = (each for each in missouri if each["slug"] == TRANSITION)
    assert program.read(f"/rules/{TRANSITION}") == one
    assert [version["hash"] for version in one["versions"]] == [version.hash for version in queries.rule_set(TRANSITION).versions]
    kansas = program.read("/schedules/us/ks/points")
    assert kansas in walk(program, "/schedules?jurisdiction=us/ks", 3)
    assert "prior-approval" in kansas["versions"][0]["needs"]
    assert ("hours", "1") in {(gift["by"], gift["amount"]) for gift in kansas["versions"][0]["gives"]}
    assert program.read("/jurisdictions/us/mo")["licenses"][0]["title"]


@pytest.mark.parametrize("path", ["/jurisdictions/us/zz", "/rules/us/mo/none", "/rules/US/mo/none", "/schedules/us/ks/none"])
def test_what_is_no_rule_is_not_there(path):
    assert code(Program().get(path))[0] == 404


def test_what_a_micro_credential_counts_for_is_what_its_page_says():
    world = Office()
    (first, *_) = world.shelf(1)
    world.approve(first, world.agency)
    told = Program().read(f"/catalog/{first.slug}/worth?where=us/mo")
    page = queries.worth(world.dana, [first.pk], "us/mo")
    assert [each["words"] for each in told["routes"]] == [each.words for each in page.routes]
    assert told["jurisdiction"] == "us/mo"
    commands.set_profile(actor=world.dana, jurisdiction="us/mo")
    assert Program(world.dana).read(f"/catalog/{first.slug}/worth") == told
    assert told["notice"] == rules.NOTICE
    assert code(Program().get(f"/catalog/{first.slug}/worth?where=us/zz"))[0] == 404
    assert code(Program().get(f"/catalog/{first.slug}/worth"))[0] == 422
    assert code(Program().get(f"/catalog/{first.slug}/worth?where=Missouri"))[0] == 422


def test_an_educator_reads_licenses_standings_record_and_plans_and_nobody_else_does():
    with clock.at(on("2024-01-05")):
        world = Office()
        offered = world.shelf(2)
        for each in offered:
            world.approve(each, world.agency)
            world.offered(each, days=120)
        dana, stranger = Program(world.dana, "licenses:read"), Program(world.person("Someone Else"), "licenses:read")
        (held,) = dana.read("/me/licenses")["items"]
        assert (held["id"], held["jurisdiction"], held["type"]) == (world.held.pk, "us/mo", "initial-administrator")
        (standing,) = (each for each in dana.read(f"/licenses/{held['id']}/standings")["items"] if each["route"] == TRANSITION)
        known = queries.as_known(world.held, TRANSITION).standing
        assert (standing["hash"], standing["on"], standing["state"]) == (known.hash, known.on.isoformat(), known.state)
        assert standing["tree"] == json.loads(rules.to_json(known))["root"]
        record = walk(dana, "/me/record", 3)
        assert [each["id"] for each in record] == [each.pk for each in queries.entries_of(world.dana, world.dana.person_id)]
        plan = dana.read(f"/licenses/{held['id']}/plan?route={TRANSITION}")
        assert set(plan["helping"]) == {each.slug for each in offered}
        assert len(plan["proposed"]) == 1  # two of three are there
        assert plan["planned"] == []
        goals = [commands.Aim("Ask better questions."), commands.Aim("Answer fewer.")]
        commands.begin_plan(actor=world.dana, title="School year", starts_on=date(2026, 8, 1), ends_on=date(2027, 6, 30), goals=goals)
        (growth,) = dana.read("/me/growth-plans")["items"]
        assert [goal["words"] for goal in growth["goals"]] == ["Ask better questions.", "Answer fewer."]
        assert all(stranger.read(f"/me/{what}")["items"] == [] for what in ("licenses", "record", "growth-plans", "claims", "applications"))
        for path in ("", "/standings", "/plan"):
            assert code(stranger.get(f"/licenses/{held['id']}{path}"))[0] == 404
        assert code(dana.get(f"/licenses/{held['id']}/plan?route=us/mo/none"))[0] == 404


def test_officers_read_what_they_are_asked_and_what_was_signed_and_sign_it_elsewhere():
    world = Office(signatures=2)
    row = world.asked("Please.")
    officer, second = Program(world.officer, "decisions:read"), world.person("Second Officer", licensing_officer=world.agency)
    (asked,) = officer.read("/applications")["items"]
    assert (asked["id"], asked["person"]["name"], asked["route"]) == (row.pk, "Dana Whitfield", TRANSITION)
    page = officer.read(f"/applications/{row.pk}")
    assert page["asked"]["tree"] == page["now"]["tree"]
    assert page["determination"] is None
    world.sign(row, lines=["combination"])
    assert officer.read("/determinations")["items"] == []
    assert officer.read(f"/applications/{row.pk}")["determination"] is None
    commands.countersign(actor=second, application_id=row.pk)
    (made,) = officer.read("/determinations")["items"]
    assert (made["outcome"], made["first_by"]["name"], made["second_by"]["name"]) == ("met", "Ruth Calloway", "Second Officer")
    assert made["hash"] == page["asked"]["hash"]
    dana = Program(world.dana)
    told = dana.read(f"/applications/{row.pk}")["determination"]
    assert told["outcome"] == "met"
    assert "Ruth" not in json.dumps(told)
    assert dana.read("/applications")["items"] == dana.read("/determinations")["items"] == []
    assert [each["id"] for each in dana.read("/me/applications")["items"]] == [row.pk]
    elsewhere = Program(world.person("Officer Elsewhere", licensing_officer=world.office("Other Office", "us/ks")))
    assert elsewhere.read("/applications")["items"] == elsewhere.read("/determinations")["items"] == []
    assert code(elsewhere.get(f"/applications/{row.pk}"))[0] == 404
    assert code(officer.get(f"/licenses/{row.license_id}")) == (403, "scope-missing")
    assert Program(world.officer).read(f"/licenses/{row.license_id}")["id"] == row.license_id


def test_a_council_reads_what_waits_for_it_with_what_the_rule_says_and_never_how_others_voted():
    world = District(votes_needed=2)
    rule = world.adopt("us/ks/schedules/points")
    world.approved("Summer institute", date(2026, 5, 1))
    done = Done(title="Summer institute", done_on=date(2026, 6, 5), kind="hours", hours=12)
    claim = world.claimed(rule, date(2026, 6, 8), done=done)
    first, other = (Program(member, "decisions:read") for member in world.members[:2])
    (waiting,) = first.read("/claims/waiting")["items"]
    assert (waiting["id"], waiting["my_vote"], waiting["person"]["name"]) == (claim.pk, "", "Priya Nair")
    assert (waiting["answer"]["amount"], waiting["answer"]["unit"]) == ("12", "point")
    assert any("K.A.R." in cite for _, cite in waiting["answer"]["reasons"])
    commands.vote_on_claim(actor=world.members[0], claim_id=claim.pk, vote="grant")
    assert first.read("/claims/waiting")["items"][0]["my_vote"] == "grant"
    assert other.read("/claims/waiting")["items"][0]["my_vote"] == ""
    own = Program(world.teacher)
    (mine,) = own.read("/me/claims")["items"]
    assert (mine["id"], mine["state"], mine["organization"]) == (claim.pk, "submitted", "prairie-fork-unified")
    assert code(own.get("/claims/waiting"))[0] == 404
    assert code(Program(world.members[0], "licenses:read").get("/claims/waiting")) == (403, "scope-missing")
