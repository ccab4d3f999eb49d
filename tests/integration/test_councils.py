"""Votes of councils whose members step aside, leave, tie, or are fewer than it takes, and whose terms change while they vote."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from cairn.apps.catalog import commands as catalog
from cairn.apps.catalog.models import Microcredential
from cairn.apps.credentials import commands as credentials
from cairn.apps.licensure import commands
from cairn.apps.licensure.commands import Done
from cairn.apps.licensure.models import CreditAward, RecordEntry, ScheduleVersion
from cairn.apps.licensure.queries import claims
from cairn.apps.people import commands as people
from cairn.apps.people.models import RoleGrant
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden
from cairn.site.jobs import JOBS
from cairn.site.worker import drain
from tests.packs_world import pack_files
from tests.recognizers_world import District, noon
from tests.scoring_world import signed_in
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def district(db):
    return District()


def claimed(district, title="Night school"):
    """Ten clock hours that the council was asked about beforehand."""
    rule = ScheduleVersion.objects.filter(organization=district.district).first() or district.adopt()
    district.approved(title, date(2024, 2, 1))
    done = Done(title=title, done_on=date(2024, 2, 20), kind="hours", hours=Decimal(10))
    return district.claimed(rule, date(2024, 3, 1), done=done, level="knowledge")


def cast(district, claim, *votes):
    """By the members in order; what the claim is afterwards."""
    with clock.at(noon(date(2024, 3, 2))):
        for member, vote in zip(district.members, votes, strict=False):
            if vote:
                commands.vote_on_claim(actor=member, claim_id=claim.pk, vote=vote, words="Because.")
    claim.refresh_from_db()
    return claim.state


def later(district, claim, **told):
    """The worker after the council said anew how it decides."""
    if told:
        commands.set_recognizer(actor=district.admin, organization_id=district.district.pk, **told)
    drain()
    JOBS["count-votes"][1](SYSTEM)
    claim.refresh_from_db()
    return claim.state


def left(district, number):
    grant = RoleGrant.objects.get(person_id=district.members[number].person_id, role="council member")
    people.end_role(actor=SYSTEM, grant_id=grant.pk)


def test_votes_that_are_enough_once_fewer_must_agree_settle_it_without_another_vote(district):
    claim = claimed(district)
    assert cast(district, claim, "grant", "grant") == "submitted"
    assert later(district, claim) == "submitted"
    assert later(district, claim, votes_needed=2) == "granted"
    entry = RecordEntry.objects.get(source="claim", source_id=claim.pk)
    assert (entry.state, entry.amount) == ("verified", 10)
    assert entry.verified_by_id == district.members[1].person_id
    assert later(district, claim) == "granted"


def test_equally_many_votes_for_and_against_settle_nothing_however_few_are_needed(district):
    claim = claimed(district)
    assert cast(district, claim, "grant", "decline") == "submitted"
    assert later(district, claim, votes_needed=1) == "submitted"
    assert cast(district, claim, "", "", "return") == "submitted"
    assert cast(district, claim, "", "", "", "decline") == "declined"


def test_four_who_are_two_against_two_are_told_that_a_vote_must_change(district):
    left(district, 4)
    claim = claimed(district)
    assert cast(district, claim, "grant", "grant", "decline", "decline") == "submitted"
    tally = claims.waiting(district.members[0], claim.pk).tally
    assert (tally.left, tally.verdict, tally.is_undecided, tally.is_for_nobody) == (0, "", True, False)
    assert cast(district, claim, "", "", "", "grant") == "granted"


def test_a_member_who_leaves_takes_their_vote_along_and_the_others_settle_it_if_they_are_all(district):
    claim = claimed(district)
    for number in (3, 4):
        left(district, number)
    assert cast(district, claim, "grant", "grant") == "submitted"
    left(district, 2)
    assert later(district, claim) == "granted"


def test_the_vote_of_a_member_who_left_no_longer_counts(district):
    claim = claimed(district)
    assert cast(district, claim, "grant", "grant") == "submitted"
    left(district, 0)
    assert later(district, claim) == "submitted"
    assert cast(district, claim, "", "", "grant") == "submitted"
    assert cast(district, claim, "", "", "", "grant") == "granted"


def test_where_all_step_aside_nobody_has_decided_until_another_member_is_named(district):
    claim = claimed(district)
    assert cast(district, claim, *["aside"] * 5) == "submitted"
    assert later(district, claim) == "submitted"
    assert claims.waiting(district.members[0], claim.pk).tally.is_for_nobody
    assert "nobody there is free to answer it" in read(district.teacher, f"/license/claims/{claim.pk}/")
    told = "One claim or plan waits for nobody."
    address = "/org/prairie-fork-unified/recognition/"
    assert told in read(district.admin, address)
    assert told not in read(district.teacher, address)
    newcomer = district.person("Newcomer Vale", council_member=district.district)
    with clock.at(noon(date(2024, 3, 3))):
        commands.vote_on_claim(actor=newcomer, claim_id=claim.pk, vote="decline", words="It was a walk.")
    claim.refresh_from_db()
    assert claim.state == "declined"
    assert told not in read(district.admin, address)


def read(actor, address):
    return signed_in(actor).get(address).content.decode().replace("\u00a0", " ")


def test_votes_on_a_plan_settle_it_too_once_they_are_enough(district):
    plan = district.vote(district.proposed(), "approve", "approve", words="")
    assert plan.state == "submitted"
    later(district, plan, votes_needed=2)
    assert plan.state == "approved"
    assert plan.microcredential.owner_id == district.teacher.person_id


def test_only_the_worker_counts_votes_again(district):
    claim, plan = claimed(district), district.proposed()
    with pytest.raises(Forbidden):
        commands.count_votes(actor=district.members[0], claim_id=claim.pk)
    with pytest.raises(Forbidden):
        commands.count_votes_on_plan(actor=district.members[0], proposal_id=plan.pk)


# --- Awards that are revoked later ------------------------------------------------------------------------------------------


def revoked(district, credential):
    credentials.revoke(actor=district.person(organization_admin=district.issuer), credential_id=credential.pk, reason="Copied.")
    drain()


def two_awards(district):
    catalog.import_pack(actor=SYSTEM, files=pack_files(district.slug, 2))
    drain()
    one, two = Microcredential.objects.filter(stack__pack=district.slug).order_by("slug")
    first = district.awarded(district.teacher, datetime(2025, 10, 2, 15, tzinfo=UTC), one)
    return first, district.awarded(district.teacher, datetime(2025, 11, 3, 15, tzinfo=UTC), two)


def test_nobody_grants_what_rests_on_an_award_that_was_revoked_since_it_was_claimed(district):
    rule = district.recognizer("tn-body", "Body of Tennessee", "state-agency", "us-tn", "us/tn/schedules/pdp")
    award = district.awarded(district.teacher, datetime(2025, 10, 2, 15, tzinfo=UTC))
    claim = district.claimed(rule[1], date(2025, 10, 6), done=Done(credential_id=award.pk))
    revoked(district, award)
    with pytest.raises(Conflict, match="was revoked, so nothing is given for it"):
        district.granted(claim, date(2025, 10, 8), [rule[0]])
    assert not CreditAward.objects.exists()


def test_points_for_two_awards_stop_with_either_of_them(district):
    clerk, rule = district.recognizer("ma-body", "Body of Massachusetts", "state-agency", "us-ma", "us/ma/schedules/pdp")
    first, second = two_awards(district)
    alone = district.claimed(rule, date(2025, 11, 4), done=Done(credential_id=first.pk))
    pair = district.claimed(rule, date(2025, 11, 5), done=Done(credential_id=second.pk))
    district.granted(pair, date(2025, 11, 6), [clerk])
    alone.refresh_from_db()
    assert alone.state == "granted"
    entry = RecordEntry.objects.get(source="claim", source_id=pair.pk)
    assert (entry.state, entry.amount) == ("verified", 10)
    revoked(district, first)
    entry.refresh_from_db()
    assert entry.state == "withdrawn"
    assert CreditAward.objects.get().stopped_at is not None
