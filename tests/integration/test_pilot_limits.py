"""Limits that several lines, late offers and boards could go past: seats at one time, the last day, who votes, and windows."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from cairn.apps.comms.models import Letter
from cairn.apps.ledger.models import Fact
from cairn.apps.people.models import Person
from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import Enrollment, Registration
from cairn.apps.programs.queries.reviews import completions_of, sections_of
from cairn.kernel import clock
from cairn.kernel.errors import Conflict
from cairn.kernel.ids import new_id
from cairn.site.worker import drain
from tests.imports_world import read_roster, report, take, why
from tests.integration.test_public_pages import client_of
from tests.pilots_world import Pilot, at, fresh
from tests.surveys_world import SurveyWorld, _earned
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    with at("2020-04-01 09:00"):
        yield Pilot(clock_event="registration", asks_meeting=False, seats_min=1, seats_max=1)


def pilots_of(world, **rules):
    """One pilot for each micro-credential, and no more than one at one time."""
    world.microcredential  # noqa: B018 - the pack brings them
    found = [world.pilot_of(mc, **rules) for mc in world.microcredentials if mc.state == "published"]
    programs.set_at_once(actor=SYSTEM, program_id=world.program.pk, limit=1, mode="hard", counts_decisions=True)
    assert len(found) == 3
    return found


def states(lee):
    return sorted(Registration.objects.filter(person_id=lee.person_id).values_list("state", flat=True))


def state_of(*places):
    return [Registration.objects.get(pk=place.pk).state for place in places]


def test_who_stands_in_three_lines_takes_one_of_three_offers_where_one_is_the_limit(world):
    pilots, lee = pilots_of(world), world.person("Lee Stone")
    holders = [(world.person(), offering) for offering in pilots]
    held = [(who, programs.register(actor=who, offering_id=offering.pk)) for who, offering in holders]
    places = [programs.register(actor=lee, offering_id=offering.pk) for offering in pilots]
    for who, place in held:
        programs.give_up_place(actor=fresh(who), registration_id=place.pk)
    assert states(lee) == ["offered"] * 3
    programs.take_offer(actor=lee, registration_id=places[1].pk)
    for place in (places[0], places[2]):
        with pytest.raises(Conflict, match="You are in one pilot of"):
            programs.take_offer(actor=lee, registration_id=place.pk)
    assert states(lee) == ["offered", "offered", "seated"]
    programs.give_up_place(actor=lee, registration_id=places[1].pk)
    programs.take_offer(actor=lee, registration_id=places[2].pk)


def test_an_offer_beyond_what_is_advised_is_taken_once_that_is_read(world):
    pilots, lee = pilots_of(world)[:2], world.person("Lee Stone")
    programs.set_at_once(actor=SYSTEM, program_id=world.program.pk, limit=1, mode="soft", counts_decisions=True)
    ann = world.person()
    held = programs.register(actor=ann, offering_id=pilots[1].pk)
    waits = programs.register(actor=lee, offering_id=pilots[1].pk)
    programs.register(actor=lee, offering_id=pilots[0].pk)
    programs.give_up_place(actor=fresh(ann), registration_id=held.pk)
    desk, page = client_of(lee), f"/pilots/{pilots[1].slug}/"
    assert 'name="acknowledges"' in desk.get(page).content.decode()
    refused = desk.post(f"{page}places/{waits.pk}/offer/", {"take": "yes"})
    assert refused.status_code == 409
    assert "You are in one pilot of" in refused.content.decode()
    desk.post(f"{page}places/{waits.pk}/offer/", {"take": "yes", "acknowledges": "yes"})
    waits.refresh_from_db()
    assert (waits.state, waits.acknowledged.startswith("You are in one pilot of")) == ("seated", True)


def test_the_only_offer_is_beyond_nothing(world):
    (pilot, *_), lee = pilots_of(world), world.person("Lee Stone")
    ann = world.person()
    held = programs.register(actor=ann, offering_id=pilot.pk)
    programs.register(actor=lee, offering_id=pilot.pk)
    programs.give_up_place(actor=fresh(ann), registration_id=held.pk)
    assert 'name="acknowledges"' not in client_of(lee).get(f"/pilots/{pilot.slug}/").content.decode()


def test_who_applies_to_three_is_chosen_for_one_where_one_is_the_limit(world):
    pilots, lee = pilots_of(world, is_chosen=True, seats_max=5), world.person("Lee Stone")
    places = [programs.register(actor=lee, offering_id=offering.pk) for offering in pilots]
    programs.choose(actor=SYSTEM, registration_id=places[2].pk)
    with pytest.raises(Conflict, match="They are in one pilot of"):
        programs.choose(actor=SYSTEM, registration_id=places[0].pk)
    assert states(lee) == ["applied", "applied", "seated"]


def test_an_applicant_is_seated_beyond_what_is_advised_once_the_coordinator_has_read_it(world):
    pilots, lee = pilots_of(world, is_chosen=True, seats_max=1), world.person("Lee Stone")
    programs.set_at_once(actor=SYSTEM, program_id=world.program.pk, limit=1, mode="soft", counts_decisions=True)
    first, second, _ = (programs.register(actor=lee, offering_id=offering.pk) for offering in pilots)
    programs.choose(actor=world.coordinator, registration_id=first.pk)
    desk, page = client_of(world.coordinator), f"/pilots/{pilots[1].slug}/run/people/{second.pk}/"
    assert "They are in one pilot of" in desk.get(page).content.decode()
    refused = desk.post(page, {"choose": "yes"})
    assert (refused.status_code, "Say that you have read this" in refused.content.decode()) == (422, True)
    assert states(lee) == ["applied", "applied", "seated"]
    key = new_id()
    for _ in range(2):
        assert desk.post(page, {"choose": "yes", "acknowledges": "on", "key": key}).status_code == 302
    drain()
    second.refresh_from_db()
    assert (second.state, second.acknowledged.startswith("They are in one pilot of")) == ("seated", True)
    fact = Fact.objects.get(kind="programs.seated", subject_id=second.pk)
    assert (fact.actor, json.loads(fact.body)["data"]["acknowledged"]) == (world.coordinator.reference, second.acknowledged)
    letters = {letter.path: letter.text for letter in Letter.objects.filter(person_id=lee.person_id, kind="programs.seated")}
    said = {path: "Whoever gave you the seat has read that" in text for path, text in letters.items()}
    assert said == {f"/pilots/{pilots[0].slug}/": False, f"/pilots/{pilots[1].slug}/": True}


def test_an_applicant_who_comes_into_line_reads_it_themselves_when_a_seat_is_offered(world):
    pilots, lee, ann = pilots_of(world, is_chosen=True, seats_max=1), world.person("Lee Stone"), world.person()
    programs.set_at_once(actor=SYSTEM, program_id=world.program.pk, limit=1, mode="soft", counts_decisions=True)
    held = programs.register(actor=ann, offering_id=pilots[1].pk)
    first, second = (programs.register(actor=lee, offering_id=offering.pk) for offering in pilots[:2])
    for place in (held, first, second):
        programs.choose(actor=world.coordinator, registration_id=place.pk)
    assert states(lee) == ["seated", "waiting"]
    programs.give_up_place(actor=fresh(ann), registration_id=held.pk)
    with pytest.raises(Conflict, match="You are in one pilot of"):
        programs.take_offer(actor=lee, registration_id=second.pk)
    programs.take_offer(actor=lee, registration_id=second.pk, acknowledges=True)
    assert states(lee) == ["seated", "seated"]


def test_an_offer_is_not_taken_after_the_last_day_of_the_pilot(world):
    ann, bob = world.person(), world.person(zone="Pacific/Honolulu")
    first = programs.register(actor=ann, offering_id=world.pilot.pk)
    line = programs.register(actor=bob, offering_id=world.pilot.pk)
    with at("2020-09-01 12:00"):
        programs.give_up_place(actor=fresh(ann), registration_id=first.pk)
    with at("2020-09-02 05:01"), pytest.raises(Conflict, match="This pilot ended on September 1, 2020"):
        programs.take_offer(actor=bob, registration_id=line.pk)
    with at("2020-09-02 04:58"):  # two minutes of September 1 are left in Hawaii
        programs.take_offer(actor=bob, registration_id=line.pk)
    assert not Enrollment.objects.filter(person_id=ann.person_id, state="active").exists()


def test_after_the_last_day_no_seat_is_offered_and_a_later_last_day_offers_what_is_free(world):
    ann, bob, cy = world.person(), world.person(), world.person(zone="Pacific/Honolulu")
    first, line, later = (programs.register(actor=who, offering_id=world.pilot.pk) for who in (ann, bob, cy))
    with at("2020-09-02 00:30"):  # half past midnight in Chicago; in Hawaii September 1 goes on
        programs.give_up_place(actor=fresh(ann), registration_id=first.pk)
        assert state_of(line, later) == ["waiting", "offered"]
        programs.pass_offer(actor=cy, registration_id=later.pk)
        programs.change_seats(actor=SYSTEM, offering_id=world.pilot.pk, seats_min=1, seats_max=5)
        assert state_of(line, later) == ["waiting", "passed"]
        programs.extend_recruitment(actor=SYSTEM, offering_id=world.pilot.pk, last_day=date(2020, 9, 10))
        assert state_of(line, later) == ["offered", "passed"]
        programs.take_offer(actor=bob, registration_id=line.pk)


def test_a_list_seats_nobody_beyond_the_limit_and_tells_what_it_goes_past_where_that_is_advice(world):
    (one, other, third), lee = pilots_of(world), world.person("Lee Stone")
    programs.register(actor=lee, offering_id=one.pk)
    row = ("Lee Stone", Person.objects.get(pk=lee.person_id).email)
    head = ("Name", "E-mail")
    hard = read_roster(SYSTEM, other, head, row)
    assert report(SYSTEM, hard) == [(2, "refused")]
    assert "which is as many as it allows at one time. One of them is to be finished or left first." in why(SYSTEM, hard, 2)
    programs.set_at_once(actor=SYSTEM, program_id=world.program.pk, limit=1, mode="soft", counts_decisions=True)
    soft, late = read_roster(SYSTEM, other, head, row), read_roster(SYSTEM, third, head, row)
    assert why(SYSTEM, soft, 2).startswith("Gets a seat. They are in one pilot of")
    take(SYSTEM, soft)
    place = Registration.objects.get(offering=other, person_id=lee.person_id)
    assert place.state == "seated"
    assert "as many as it advises" in place.acknowledged
    fact = Fact.objects.get(kind="programs.seated", subject_id=place.pk)
    assert json.loads(fact.body)["data"]["acknowledged"] == place.acknowledged
    programs.set_at_once(actor=SYSTEM, program_id=world.program.pk, limit=1, mode="hard", counts_decisions=True)
    take(SYSTEM, late)  # judged before the limit was a hard one
    assert not Registration.objects.filter(offering=third).exists()


# --- The board ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def reviewed(db):
    """A pilot that needs two completions, of which one is there, and whose board has sent it back."""
    world = SurveyWorld()
    today = clock.now().date()
    offering = programs.offer(
        actor=SYSTEM, program_id=world.program.pk, microcredential_id=world.microcredential.pk, kind="pilot",
        opens_on=today - timedelta(days=5), last_day=today + timedelta(days=50), days=20,
        rules=programs.OfferingRules(feedback_required=True, completions_needed=2, seats_max=9),
    )  # fmt: skip
    first = finished(world, offering)
    member = world.person("Bo Stone")
    review = programs.convene(actor=world.coordinator, offering_id=offering.pk, members=[member.person_id])
    programs.cast_vote(actor=fresh(member), review_id=review.pk, rigor=3, clarity=3, vote="not yet")
    programs.decide_launch(actor=world.coordinator, review_id=review.pk, minutes="One more is needed.")
    return world, offering, first, member


def finished(world, offering):
    who = world.person()
    programs.register(actor=who, offering_id=offering.pk)
    run = Enrollment.objects.get(person_id=who.person_id)
    programs.complete(actor=SYSTEM, fact=_earned(run, world.issuer.pk))
    tell(who, run)
    return who, run


def tell(who, run, clarity=4):
    said = {key: {"clarity": clarity, "rigor": 3} for key, _ in sections_of(SYSTEM, run.version_id)}
    return programs.give_feedback(actor=who, enrollment_id=run.pk, sections=said)


def test_after_a_pilot_is_sent_back_those_who_come_later_can_complete_it(reviewed):
    world, offering, (who, run), _ = reviewed
    programs.extend_recruitment(actor=world.coordinator, offering_id=offering.pk, last_day=clock.now().date() + timedelta(days=90))
    finished(world, offering)
    assert completions_of(offering) == 2
    with pytest.raises(Conflict, match="The board has decided on this pilot"):
        tell(who, run, clarity=1)


def test_members_of_a_board_do_not_vote_on_a_pilot_that_they_joined(reviewed):
    world, offering, _, member = reviewed
    review = programs.convene(actor=world.coordinator, offering_id=offering.pk, members=[member.person_id])
    programs.register(actor=fresh(member), offering_id=offering.pk)
    with pytest.raises(Conflict, match="You take part in this pilot yourself"):
        programs.cast_vote(actor=fresh(member), review_id=review.pk, rigor=5, clarity=5, vote="launch")


def test_a_pilot_is_not_extended_over_the_next_one(world):
    days = {"program_id": world.program.pk, "microcredential_id": world.microcredential.pk, "kind": "pilot", "days": 20}
    first = programs.offer(actor=SYSTEM, **days, opens_on=date(2020, 3, 1), last_day=date(2020, 5, 5))
    programs.offer(actor=SYSTEM, **days, opens_on=date(2020, 5, 6), last_day=date(2020, 8, 1))
    with pytest.raises(Conflict, match="from May 6, 2020"):
        programs.extend_recruitment(actor=SYSTEM, offering_id=first.pk, last_day=date(2020, 5, 20))
