"""The first of its kind, put there by eight at the same moment: one is kept, and the others hear what the second of two in a row hears."""

from __future__ import annotations

from datetime import date

import pytest

from cairn.apps.comms import commands as comms
from cairn.apps.comms.models import CalendarFeed
from cairn.apps.credentials import commands as credentials
from cairn.apps.credentials.models import AnnouncingConsent
from cairn.apps.ledger.models import Fact
from cairn.apps.licensure import commands as licensure
from cairn.apps.licensure.models import ApprovedListing, EducatorProfile, PriorApproval, Recognizer
from cairn.apps.payments import commands as payments
from cairn.apps.payments.models import Membership, PaymentNotice, Terms
from cairn.apps.people.models import Person
from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import Interest
from cairn.kernel.errors import Refused
from tests.integration.test_seat_races import together
from tests.world import SYSTEM

CLIENTS = 8


def at_once(command, **given):
    """What became of it, by how many: done, or refused in words; anything else fails the test."""
    done, refused = [], []

    def work():
        try:
            done.append(command(**given))
        except Refused as refusal:
            refused.append(str(refusal))

    together([work] * CLIENTS)
    assert len(done) + len(refused) == CLIENTS
    return done, refused


def test_eight_first_saves_of_what_may_be_announced_are_one(open_world):
    dana = open_world.person("Dana Whitfield")
    done, _ = at_once(credentials.let_announce, actor=dana, everything=True)
    assert (len(done), AnnouncingConsent.objects.count()) == (CLIENTS, 1)
    assert Fact.objects.filter(command="credentials.let_announce").count() == 1


@pytest.mark.long
@pytest.mark.parametrize("round_", range(5))
def test_the_first_of_each_kind_is_there_once(open_world, round_):
    """Whatever is made where there is none yet: whoever comes second changes the same one, or hears that it is there."""
    world, dana, day = open_world, open_world.person("Dana Whitfield"), date(2024, 1, 1)
    issuer, admin = world.issuer, world.person("Ada Stone", organization_admin=world.issuer)
    for model, command, given in (
        (CalendarFeed.objects.filter(ended_at=None), comms.begin_feed, {"actor": dana}),
        (EducatorProfile.objects, licensure.set_profile, {"actor": dana, "jurisdiction": "us/mo"}),
        (Recognizer.objects, licensure.set_recognizer, {"actor": admin, "organization_id": issuer.pk}),
        (Terms.objects, payments.set_terms, {"actor": admin, "organization_id": issuer.pk, "address": "", "how_to_pay": "",
                                             "days_to_pay": 30, "provider": "purchase-order"}),
        (Membership.objects, payments.enter_member, {"actor": admin, "organization_id": issuer.pk, "email": "kim@example.org",
                                                     "name": "Kim Lee", "valid_from": day}),
        (PaymentNotice.objects, payments.take_notice, {"actor": SYSTEM, "provider": "stripe", "event": "evt_1", "kind": "ping"}),
        (Interest.objects, programs.show_interest, {"actor": dana, "program_id": world.program.pk}),
    ):  # fmt: skip
        done, refused = at_once(command, **given)
        assert (len(done), refused, model.count()) == (CLIENTS, [], 1), command.__name__
    assert Person.objects.filter(email="kim@example.org").count() == 1

    done, refused = at_once(licensure.approve_microcredential, actor=SYSTEM, organization_id=issuer.pk,
                            microcredential_id=world.microcredential.pk, approved_from=day)  # fmt: skip
    assert (len(done), len(refused), ApprovedListing.objects.count()) == (1, CLIENTS - 1, 1)
    asked, _ = at_once(licensure.ask_approval, actor=dana, organization_id=issuer.pk, title="A course")
    assert (len(asked), PriorApproval.objects.count()) == (CLIENTS, 1)
