"""S22: a membership lapses and is renewed; what was fixed stays, and what is begun later costs what it costs that day."""

from __future__ import annotations

import pytest

from cairn.apps.credentials.models import Credential
from cairn.apps.payments import queries
from cairn.apps.payments.models import Membership
from cairn.apps.programs import commands as programs
from cairn.apps.programs.queries.prices import sold
from cairn.kernel import clock
from tests.money_world import MoneyWorld, noon
from tests.pilots_world import Pilot, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def money(db):
    return MoneyWorld()


def roster(*rows):
    return "\n".join(["Member number,Name,E-mail,Tier,From,To", *rows])


def costs(actor, money):
    """What beginning now would cost: dollars, and why."""
    quote = money.quote(actor)
    return quote.cents / 100, quote.why


def test_a_price_that_was_fixed_outlives_the_membership_and_a_renewal_brings_the_lower_price_back(money):
    money.price(200_00)
    money.price(180_00, money.principals)
    dana = money.person("Dana Whitfield")
    row = f"1001,Dana Whitfield,{money.email(dana)},Active,2025-07-01,2026-06-30"
    with clock.at(noon("2026-05-10")):
        money.take_roster(roster(row))
        assert costs(dana, money) == (180, "Members of Elementary Principals pay $180.00 instead of $200.00.")
        run = programs.enroll(actor=dana, offering_id=money.offering.pk)
    with clock.at(noon("2026-06-30")):  # the last day is a member's day
        assert costs(dana, money)[0] == 180
    with clock.at(noon("2026-07-02")):
        fixed = queries.entitlement_of(dana, run.pk)
        assert (fixed.cents, fixed.why) == (180_00, "Members of Elementary Principals pay $180.00 instead of $200.00.")
        ended = "your membership in Elementary Principals ended on June 30, 2026"
        assert costs(dana, money) == (200, f"Everyone pays $200.00; {ended}.")
        programs.withdraw(actor=dana, enrollment_id=run.pk)
        second = programs.enroll(actor=dana, offering_id=money.offering.pk)
        assert queries.entitlement_of(dana, second.pk).cents == 200_00
    renewed = f"1001,Dana Whitfield,{money.email(dana)},Active,2026-07-05,2027-06-30"
    with clock.at(noon("2026-07-05")):
        money.take_roster(roster(renewed))
        assert costs(dana, money)[0] == 180
        again = queries.entitlement_of(dana, second.pk)
        assert (again.cents, again.off_cents) == (200_00, 0)  # nothing is given back for what was fixed before
        assert list(queries.to_order(dana)) == [again]


def test_the_same_roster_again_changes_nothing(money):
    dana = money.person("Dana Whitfield")
    text = roster(f"1001,Dana Whitfield,{money.email(dana)},Active,2025-07-01,2026-06-30", "1002,Omar Stone,omar@example.org,Life,,")
    with clock.at(noon("2026-05-10")):
        first = money.take_roster(text)
        before = list(Membership.objects.order_by("pk").values())
        second = money.take_roster(text)
    assert (first.new, first.unchanged, first.taken) == (2, 0, 2)
    assert (second.new, second.changed, second.unchanged, second.refused, second.state) == (0, 0, 2, 0, "read")
    assert list(Membership.objects.order_by("pk").values()) == before
    with clock.at(noon("2026-07-20")):
        assert money.take_roster(text).writes == 0


def test_two_associations_take_nothing_off_twice(money):
    money.prices()
    dana = money.person("Dana Whitfield")
    money.member(dana, money.secondary)
    assert costs(dana, money) == (190, "Members of Secondary Principals pay $190.00 instead of $200.00.")
    money.member(dana, money.principals)
    assert costs(dana, money) == (180, "Members of Elementary Principals pay $180.00 instead of $200.00.")


def test_a_credential_is_not_touched_by_a_lapse(money):
    money.price(200_00)
    money.price(180_00, money.principals)
    dana = money.person("Dana Whitfield")
    term = money.member(dana, valid_to="2030-06-30")
    money.earned(dana)
    credential = Credential.objects.get(person_id=dana.person_id)
    before = (credential.state, credential.signed)
    Membership.objects.filter(pk=term.pk).update(valid_to=term.valid_from)
    assert costs(dana, money)[0] == 200
    credential.refresh_from_db()
    assert (credential.state, credential.signed) == before
    assert credential.state == "issued"


def test_the_price_of_a_seat_is_fixed_when_it_is_taken_whatever_comes_before_the_kick_off(money):
    pilot = Pilot(asks_meeting=False)
    dana, lee = pilot.person("Dana Whitfield"), pilot.person("Lee Park")
    with at("2020-03-20 09:00"):
        money.price(200_00, what=sold(pilot.pilot))
        money.price(180_00, money.principals, what=sold(pilot.pilot))
        term = money.member(dana, valid_from="2019-07-01", valid_to="2020-03-31")
        pilot.time_of(pilot.kick_off)
        mine, theirs = (programs.register(actor=who, offering_id=pilot.pilot.pk) for who in (dana, lee))
        fixed = queries.entitlement_of(dana, mine.pk)
        assert (fixed.cents, fixed.enrollment_id, list(queries.to_order(dana))) == (180_00, "", [fixed])
        assert programs.register(actor=dana, offering_id=pilot.pilot.pk) == mine
    with at("2020-04-10 09:00"):  # the membership has lapsed, prices went up, and one of the two leaves
        assert term.valid_to.isoformat() == "2020-03-31"
        money.price(900_00, what=sold(pilot.pilot))
        programs.give_up_place(actor=lee, registration_id=theirs.pk)
        assert (list(queries.to_order(lee)), queries.entitlement_of(lee, theirs.pk).released_at is None) == ([], False)
    run = pilot.kicked_off(dana)
    assert queries.entitlement_of(dana, run.pk) == fixed
    assert queries.entitlement_of(dana, run.pk).cents == 180_00
    with at("2020-05-01 09:00"):
        programs.withdraw(actor=dana, enrollment_id=run.pk)
        assert list(queries.to_order(dana)) == []


def test_a_seat_that_was_free_when_it_was_taken_stays_free(money):
    pilot = Pilot(asks_meeting=False)
    dana = pilot.person("Dana Whitfield")
    with at("2020-03-20 09:00"):
        pilot.time_of(pilot.kick_off)
        place = programs.register(actor=dana, offering_id=pilot.pilot.pk)
        money.price(200_00, what=sold(pilot.pilot))
    run = pilot.kicked_off(dana)
    assert queries.entitlement_of(dana, run.pk) is queries.entitlement_of(dana, place.pk) is None


def test_a_pilot_is_free_unless_it_has_a_price_of_its_own(money):
    """What the micro-credential costs everyone is for its open offering."""
    whole = queries.Sold("microcredential", money.microcredential.pk, money.microcredential.title, money.issuer.pk)
    money.price(200_00, what=whole)
    dana, pilot = money.person("Dana Whitfield"), money.offer(kind="pilot", days=120)
    assert (queries.price_for(dana, sold(pilot)).cents, queries.price_for(dana, money.sold).cents) == (0, 200_00)
    assert queries.entitlement_of(dana, programs.register(actor=dana, offering_id=pilot.pk).pk) is None
    money.price(20_00, what=sold(pilot))
    assert queries.price_for(money.person(), sold(pilot)).cents == 20_00
