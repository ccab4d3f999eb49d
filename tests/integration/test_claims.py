"""Claims: what a rule says beside each, what a council makes of it, and what then stands on the transcript (S16, S17, S19)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from cairn.apps.catalog import commands as catalog
from cairn.apps.catalog.models import Microcredential
from cairn.apps.comms.models import Letter
from cairn.apps.credentials import commands as credentials
from cairn.apps.ledger.models import Fact
from cairn.apps.licensure import commands
from cairn.apps.licensure.commands import Ask, Done
from cairn.apps.licensure.models import Claim, ClaimVote, CreditAward, RecordEntry
from cairn.apps.licensure.queries.claims import claim_page
from cairn.apps.licensure.queries.schedules import schedules_in_force
from cairn.apps.payments import commands as money
from cairn.apps.people import commands as people
from cairn.apps.people.models import Affiliation
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from cairn.site.jobs import JOBS
from cairn.site.worker import drain
from tests.packs_world import pack_files
from tests.recognizers_world import APPEAL, District, noon
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db
KNOWN = date(2023, 2, 10)


@pytest.fixture
def district():
    return District(votes_needed=3)


def workshop(hours=10, days=1, on=KNOWN, title="Reading workshop"):
    return Done(title=title, done_on=on, hours=Decimal(hours), days=days, evidence="Certificate of attendance.")


def amounts(actor):
    rows = CreditAward.objects.filter(person_id=actor.person_id).order_by("granted_at")
    return [(row.level, row.amount) for row in rows]


# --- S16 ------------------------------------------------------------------------------------------------------------------


def test_s16_ten_clock_hours_give_ten_twenty_and_thirty_points(district):
    """Each level opens once the one before is granted; together they are sixty where the district adds levels up."""
    rule = district.adopt()
    district.approved("Reading workshop", date(2023, 1, 9))
    first = district.claimed(rule, date(2023, 2, 20), done=workshop(), level="knowledge", amount=Decimal(10))
    district.granted(first, date(2023, 2, 22))
    for level, year in (("application", 2023), ("impact", 2024)):
        claim = district.claimed(rule, date(year, 10, 2), done=workshop(), level=level, rests_on_id=first.pk)
        district.granted(claim, date(year, 10, 4))
    assert amounts(district.teacher) == [("knowledge", 10), ("application", 20), ("impact", 30)]
    entries = RecordEntry.objects.filter(person_id=district.teacher.person_id, source="claim", state="verified")
    assert sum(entry.amount for entry in entries) == 60, "they stand in the record the same minute"
    assert {entry.fields["activity"] for entry in entries} == {first.pk}
    assert "add up" in " ".join(words for words, _ in Claim.objects.get(level="impact").answer["reasons"])


def test_s16_a_claim_three_years_and_a_day_after_the_knowledge_is_refused_and_may_be_put_before_the_council_all_the_same(district):
    rule = district.adopt("us/ks/schedules/usd-437-type")
    district.approved("Reading workshop", date(2020, 1, 9))
    known = workshop(on=date(2020, 2, 10))
    first = district.claimed(rule, date(2020, 2, 20), done=known, level="knowledge")
    with pytest.raises(Conflict, match="opens once knowledge is granted"):
        district.claimed(rule, date(2020, 2, 21), done=known, level="impact", rests_on_id=first.pk)
    district.granted(first, date(2020, 2, 22))
    late = {"done": known, "level": "impact", "rests_on_id": first.pk}
    with pytest.raises(Conflict, match="February 10, 2023.*1 day late") as refused:
        district.claimed(rule, date(2023, 2, 11), **late)
    assert "Plan of the district, impact" in refused.value.message
    assert APPEAL in refused.value.remedy

    claim = district.claimed(rule, date(2023, 2, 11), **late, despite=True, note="The school was closed by the flood.")
    with pytest.raises(Conflict, match="Your rule does not give this"):
        district.granted(claim, date(2023, 2, 14))
    assert district.answered(claim, date(2023, 2, 14), "decline").state == "declined"
    assert amounts(district.teacher) == [("knowledge", 10)]


def test_s16_eight_hours_in_one_day_are_six_points_where_a_day_gives_six(district):
    rule = district.adopt("us/ks/schedules/mcpherson-type")
    district.approved("Reading workshop", date(2023, 1, 9))
    claim = district.claimed(rule, date(2023, 2, 20), done=workshop(8), level="knowledge", amount=Decimal(8))
    assert claim.answer["amount"] == "6"
    assert any("At most 6 points for any one day" in words for words, _ in claim.answer["reasons"])
    district.granted(claim, date(2023, 2, 22))
    assert amounts(district.teacher) == [("knowledge", 6)], "never more than the rule gives"


# --- S17 ------------------------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_s17_one_award_has_many_recognitions(district):
    """Awarded on October 2, 2025: 6 PDP in Tennessee, half a credit in Utah, 10 PDP for two of them in Massachusetts, hours or an Academy
    in Illinois, a lane credit within 90 days of the award and with approval before it."""
    catalog.import_pack(actor=SYSTEM, files=pack_files(district.slug, 2))
    drain()
    one, two = Microcredential.objects.filter(stack__pack=district.slug).order_by("slug")
    teacher = district.teacher
    bodies = {
        state: district.recognizer(f"{state}-body", f"Body of {state}", "state-agency", f"us-{state}", f"us/{state}/schedules/{name}")
        for state, name in (("tn", "pdp"), ("ut", "credit"), ("ma", "pdp"), ("il", "hours-or-academy"))
    }
    lane_clerk, lane = district.recognizer("troy-30", "Troy 30", "district", "us-il", "us/il/schedules/troy-30-c")
    with clock.at(noon(date(2025, 8, 1))):
        asked = commands.ask_approval(actor=teacher, organization_id=lane.organization_id, microcredential_id=one.pk)
        commands.answer_approval(actor=lane_clerk, approval_id=asked.pk, is_approved=True)
    first = district.awarded(teacher, datetime(2025, 10, 2, 15, tzinfo=UTC), one)
    award = Done(credential_id=first.pk, hours=Decimal(15))
    asks = [Ask(bodies["tn"][1].pk), Ask(bodies["ut"][1].pk), Ask(bodies["ma"][1].pk), Ask(bodies["il"][1].pk, elected="academy")]
    with clock.at(noon(date(2025, 10, 6))):
        commands.claim(actor=teacher, done=award, asks=asks)
    claims = {claim.organization.jurisdiction: claim for claim in Claim.objects.select_related("organization")}
    assert claims["us-ma"].state == "waiting"
    assert any("1 more would give" in words for words, _ in claims["us-ma"].answer["reasons"])
    for state in ("tn", "ut", "il"):
        district.granted(claims[f"us-{state}"], date(2025, 10, 8), [bodies[state][0]])
    given = {row.organization.jurisdiction: (row.amount, row.unit) for row in CreditAward.objects.select_related("organization")}
    assert given == {"us-tn": (6, "PDP"), "us-ut": (Decimal("0.5"), "USBE-credit"), "us-il": (15, "hour")}

    with pytest.raises(Conflict, match="academy.* was chosen for this award"):
        district.claimed(bodies["il"][1], date(2025, 10, 9), done=award, elected="pd-hours", bucket="")

    with pytest.raises(Conflict, match="December 31, 2025.*1 day late"):
        district.claimed(lane, date(2026, 1, 1), done=award)
    assert district.claimed(lane, date(2025, 12, 31), done=award).answer["amount"] == "1"

    second = district.awarded(teacher, datetime(2025, 11, 3, 15, tzinfo=UTC), two)
    pair = district.claimed(bodies["ma"][1], date(2025, 11, 5), done=Done(credential_id=second.pk))
    assert pair.answer["amount"] == "10"
    district.granted(pair, date(2025, 11, 6), [bodies["ma"][0]])
    claims["us-ma"].refresh_from_db()
    assert (claims["us-ma"].state, CreditAward.objects.get(organization=bodies["ma"][1].organization).amount) == ("granted", 10)
    with pytest.raises(Conflict, match="approved in writing beforehand"):
        district.claimed(lane, date(2025, 11, 6), done=Done(credential_id=second.pk))


LOCAL = """schedule: us/ks/schedules/prairie-fork
overlay_of: us/ks/schedules/points
title: Our points
recognizer: The council of Prairie Fork Unified
purpose: renewal
unit: point
cite: Our plan, section 4
notice: Example. Check the current rule.
source: Our plan
effective: 2015-07-01
"""


def own(district, more):
    return commands.adopt_schedule(
        actor=district.admin, organization_id=district.district.pk, effective=date(2015, 7, 1), text=LOCAL + more
    )


def test_s17_one_activity_counts_in_two_buckets_only_where_the_rule_allows_it(district):
    both = district.adopt()
    one = own(district, "buckets: {names: [individual, district], same_award: forbid}\n")
    for rule, allows in ((both, True), (one, False)):
        teacher = district.person("Some Nair", works_at=district.school)
        district.approved("Reading workshop", date(2023, 1, 9), teacher)
        first = district.claimed(rule, date(2023, 2, 20), actor=teacher, done=workshop(), level="knowledge", bucket="individual")
        district.granted(first, date(2023, 2, 21))
        again = {"actor": teacher, "done": workshop(), "level": "knowledge", "bucket": "district", "rests_on_id": first.pk}
        if allows:
            assert district.claimed(rule, date(2023, 2, 22), **again).state == "submitted"
        else:
            with pytest.raises(Conflict, match="one award may count in one bucket only"):
                district.claimed(rule, date(2023, 2, 22), **again)


# --- S19 ------------------------------------------------------------------------------------------------------------------


def test_s19_points_stay_when_a_teacher_moves_and_the_old_council_loses_sight_the_day_after(district):
    rule = district.adopt()
    district.approved("Reading workshop", date(2023, 1, 9))
    granted = district.granted(district.claimed(rule, date(2023, 2, 20), done=workshop(), level="knowledge"), date(2023, 2, 22))
    open_ = district.claimed(rule, date(2023, 10, 2), done=workshop(), level="application", rests_on_id=granted.pk)
    member = district.members[0]
    work = Affiliation.objects.get(person_id=district.teacher.person_id)
    people.end_affiliation(actor=SYSTEM, affiliation_id=work.pk, ended_on=date(2026, 7, 31))
    for day, sees in ((date(2026, 7, 31), True), (date(2026, 8, 1), False)):
        with clock.at(noon(day)):
            assert Claim.objects.visible_to(member).exists() is sees
            assert CreditAward.objects.visible_to(member).exists() is sees
            JOBS["return-claims"][1](SYSTEM)
            assert claim_page(district.teacher, open_.pk).has_left is not sees
            open_.refresh_from_db()
            assert open_.state == ("submitted" if sees else "returned")
    assert "Claim it where you work now" in open_.reason
    assert (open_.level, open_.hours, open_.evidence) == ("application", 10, "Certificate of attendance."), "nothing is lost"
    with clock.at(noon(date(2026, 8, 2))), pytest.raises(Conflict, match="Your work at Prairie Fork Unified has ended"):
        commands.send_claim(actor=district.teacher, claim_id=open_.pk, note="Please.")
    with clock.at(noon(date(2026, 8, 1))), pytest.raises(NotFound):
        commands.vote_on_claim(actor=member, claim_id=open_.pk, vote="grant")
    school = district.founded("ozark-grade", "Ozark Grade School", "school", "us-mo")
    people.affiliate(actor=SYSTEM, person_id=district.teacher.person_id, organization_id=school.pk, title="", started_on=date(2026, 8, 1))
    evaluator = district.person("New Evaluator", organization_admin=school, evaluator=school)
    assert not Claim.objects.visible_to(evaluator).exists()
    assert not CreditAward.objects.visible_to(evaluator).exists()
    assert CreditAward.objects.visible_to(district.teacher).count() == 1, "her points stay hers"


# --- The council ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def before(district):
    """A claim before the council."""
    district.rule = district.adopt()
    district.approved("Reading workshop", date(2023, 1, 9))
    district.claim = district.claimed(district.rule, date(2023, 2, 20), done=workshop(), level="knowledge")
    return district


def test_three_equal_votes_settle_a_claim_and_nobody_reads_who_voted_how(before):
    claim = before.claim
    assert claim.due_on == date(2023, 3, 13), "fifteen business days after February 20"
    with clock.at(noon(date(2023, 2, 21))):
        for member, vote in zip(before.members, ("grant", "return", "grant", "aside", "grant"), strict=True):
            assert Claim.objects.get(pk=claim.pk).state == "submitted"
            commands.vote_on_claim(actor=member, claim_id=claim.pk, vote=vote, words="Is it signed?")
    claim.refresh_from_db()
    assert claim.state == "granted"
    assert not ClaimVote.objects.visible_to(before.teacher).exists()
    assert not ClaimVote.objects.visible_to(before.admin).exists()
    assert Fact.objects.get(kind="licensure.granted").organization == before.district.pk
    with pytest.raises(Conflict, match="granted, so there is nothing to vote on"):
        commands.vote_on_claim(actor=before.members[0], claim_id=claim.pk, vote="grant")


def test_nobody_votes_for_a_colleague_of_their_building_or_for_themselves(before):
    near = before.person("Near Pike", works_at=before.school, council_member=before.district)
    own = before.claimed(before.rule, date(2023, 2, 20), actor=before.members[0], done=workshop(), level="knowledge",
                         despite=True, note="I forgot to ask.")  # fmt: skip
    for member, claim, why in ((near, before.claim, "same building"), (before.members[0], own, "ask for themselves")):
        with pytest.raises(Forbidden, match=why):
            commands.vote_on_claim(actor=member, claim_id=claim.pk, vote="decline", words="No.")
    with pytest.raises(NotFound):
        commands.vote_on_claim(actor=before.person("Stranger Stone"), claim_id=before.claim.pk, vote="grant")


def test_where_fewer_are_free_than_settle_a_claim_all_of_them_must_agree(before):
    for member in before.members[:3]:
        commands.vote_on_claim(actor=member, claim_id=before.claim.pk, vote="aside")
    commands.vote_on_claim(actor=before.members[3], claim_id=before.claim.pk, vote="grant")
    before.claim.refresh_from_db()
    assert before.claim.state == "submitted"
    commands.vote_on_claim(actor=before.members[4], claim_id=before.claim.pk, vote="grant")
    before.claim.refresh_from_db()
    assert before.claim.state == "granted"


def test_a_claim_that_comes_back_is_sent_again_under_its_first_day_and_voted_on_anew(before):
    claim = before.answered(before.claim, date(2023, 2, 24), "return", words="Whose signature is it?")
    assert (claim.state, claim.reason) == ("returned", "Whose signature is it?")
    with clock.at(noon(date(2023, 3, 6))):
        again = commands.send_claim(actor=before.teacher, claim_id=claim.pk, note="My principal’s.")
        assert (again.state, again.claimed_on, again.due_on) == ("submitted", date(2023, 2, 20), date(2023, 3, 27))
    assert before.granted(again, date(2023, 3, 7)).state == "granted"


def test_what_is_sent_twice_is_claimed_once(before):
    teacher = before.teacher.with_key("k1")
    done = workshop(title="Writing workshop", on=date(2023, 2, 13))
    before.approved("Writing workshop", date(2023, 1, 9))
    first = before.claimed(before.rule, date(2023, 2, 20), actor=teacher, done=done, level="knowledge")
    assert before.claimed(before.rule, date(2023, 2, 20), actor=teacher, done=done, level="knowledge").pk == first.pk
    with pytest.raises(Conflict, match="claimed this from Prairie Fork Unified already"):
        before.claimed(before.rule, date(2023, 2, 20), done=done, level="knowledge")
    voter = before.members[0].with_key("k2")
    for _ in range(2):
        commands.vote_on_claim(actor=voter, claim_id=first.pk, vote="grant")
    assert first.votes.count() == 1


def test_only_the_claimant_takes_a_claim_back_and_only_while_it_is_open(before):
    with pytest.raises(Forbidden):
        commands.withdraw_claim(actor=before.members[0], claim_id=before.claim.pk)
    assert commands.withdraw_claim(actor=before.teacher, claim_id=before.claim.pk).state == "withdrawn"
    with pytest.raises(Conflict):
        commands.withdraw_claim(actor=before.teacher, claim_id=before.claim.pk)


def test_what_cannot_be_claimed_is_refused_in_words(before):
    later = workshop(on=clock.now().date() + timedelta(days=9))
    for done, ask, why in (
        (later, {}, "still to come"),
        (Done(title="", done_on=KNOWN), {}, "Say what you did"),
        (Done(title="A day", done_on=KNOWN), {}, "how many clock hours"),
        (workshop(hours=3000), {}, "2,000"),
        (workshop(), {"purpose": "fun"}, "Say what it is for"),
        (Done(credential_id="0" * 20), {}, "no such credential"),
        (workshop(title="Unapproved"), {"level": "knowledge"}, "approved in writing beforehand"),
    ):
        with pytest.raises((Invalid, NotFound, Conflict), match=why):
            commands.claim(actor=before.teacher, done=done, asks=[Ask(before.rule.pk, **ask)])
    with pytest.raises(Invalid, match="Choose who"):
        commands.claim(actor=before.teacher, done=workshop(), asks=[])


def test_a_local_schedule_stays_within_the_bounds_of_the_state(district):
    """It may be stricter; what the state gives for an hour is not a district's to change."""
    with pytest.raises(Invalid) as refused:
        own(district, "levels: {knowledge: 5, application: 2, impact: 3}\n")
    assert "levels" in str(refused.value)
    assert "line" in str(refused.value)
    stricter = own(district, "caps: [{per: day, at_most: 6, cite: 'Our plan, section 4.5'}]\n")
    assert (stricter.rule, stricter.slug) == ("us/ks/schedules/points", "us/ks/schedules/prairie-fork")
    told = {"organization_id": district.district.pk, "effective": KNOWN}
    with pytest.raises(Forbidden):
        commands.adopt_schedule(actor=district.teacher, **told, slug="us/ks/schedules/points")
    unbound = LOCAL.replace("overlay_of: us/ks/schedules/points\n", "") + "gives: [{id: a, for: hours, each: 1, amount: 500, cite: Ours}]\n"
    with pytest.raises(Invalid, match="given within the bounds of") as refused:
        commands.adopt_schedule(actor=district.admin, **told, text=unbound)
    assert "overlay_of: us/ks/schedules/points" in refused.value.fields["text"]
    with pytest.raises(Invalid, match="is a schedule of Tennessee"):
        commands.adopt_schedule(actor=district.admin, **told, slug="us/tn/schedules/pdp")
    for text, why in (
        ("nothing: here", "does not say its name"),
        ("schedule: us/ks/schedules/points", "name of a schedule that is shipped"),
    ):
        with pytest.raises(Invalid, match=why):
            commands.adopt_schedule(actor=district.admin, **told, text=text)


def test_a_schedule_that_ended_is_adopted_from_another_day_and_one_that_was_replaced_comes_back(district):
    first = district.adopt(effective=date(2023, 1, 1))
    second = own(district, "caps: [{per: day, at_most: 6, cite: 'Our plan'}]\n")
    third = own(district, "caps: [{per: day, at_most: 5, cite: 'Our plan'}]\n")
    assert third in schedules_in_force(SYSTEM, [district.district.pk], KNOWN)
    assert own(district, "caps: [{per: day, at_most: 6, cite: 'Our plan'}]\n") == second
    assert second in schedules_in_force(SYSTEM, [district.district.pk], KNOWN)
    commands.end_schedule(actor=district.admin, schedule_id=first.pk, ended_on=date(2023, 6, 30))
    with pytest.raises(Conflict, match="Adopt it from another day|takes no claims after June 30, 2023"):
        district.adopt(effective=date(2023, 1, 1))
    again = district.adopt(effective=date(2023, 8, 1))
    assert again in schedules_in_force(SYSTEM, [district.district.pk], date(2023, 9, 1))


def test_one_asks_beforehand_about_a_micro_credential_and_about_something_else_of_the_same_name(district):
    told = {"actor": district.teacher, "organization_id": district.district.pk}
    one = commands.ask_approval(**told, title=district.template.title)
    other = commands.ask_approval(**told, microcredential_id=district.template.pk)
    assert one != other
    assert commands.ask_approval(**told, microcredential_id=district.template.pk) == other


@pytest.mark.long
def test_credit_that_is_bought_is_posted_to_a_transcript_and_stops_counting_when_its_award_is_revoked(district):
    """Fifteen hours, or a credit for $125 that a registrar posts."""
    clerk, rule = district.recognizer("granite-college", "Granite College", "higher-education", "", "us/vt/schedules/vermont-nea")
    award = district.awarded(district.teacher, datetime(2025, 10, 2, 15, tzinfo=UTC))
    claim = district.claimed(rule, date(2025, 10, 6), done=Done(credential_id=award.pk), buys=True)
    assert (claim.answer["amount"], claim.answer["unit"], claim.answer["fee_cents"]) == ("1", "credit", 12500)
    district.granted(claim, date(2025, 10, 8), [clerk])
    assert (claim.state, claim.order.state, claim.order.total_cents) == ("approved", "invoiced", 12500)
    assert not CreditAward.objects.exists(), "nothing is given before it is paid"
    letter = Letter.objects.get(kind="licensure.claim_approved")
    assert ("$125" in letter.text, f"/account/orders/{claim.order_id}/" in letter.text) == (True, True)
    with pytest.raises(Conflict, match="neither paid nor waived"):
        commands.post_credit(actor=clerk, claim_id=claim.pk, reference="GC-2025-118")
    with pytest.raises(NotFound):
        commands.post_credit(actor=district.members[0], claim_id=claim.pk, reference="GC-2025-118")
    money.mark_paid(actor=SYSTEM, order_id=claim.order_id, reference="check 12")
    drain()
    assert Letter.objects.get(kind="licensure.fee_paid").person_id == clerk.person_id
    for refuses in (lambda: commands.waive_fee(actor=clerk, claim_id=claim.pk, reason="Late."),
                    lambda: commands.withdraw_claim(actor=district.teacher, claim_id=claim.pk)):  # fmt: skip
        with pytest.raises(Conflict, match="paid"):
            refuses()
    with pytest.raises(Invalid, match="transcript"):
        commands.post_credit(actor=clerk, claim_id=claim.pk, reference=" ")
    twice = [commands.post_credit(actor=clerk.with_key("post"), claim_id=claim.pk, reference="GC-2025-118") for _ in range(2)]
    claim.refresh_from_db()
    assert ({each.claim_id for each in twice}, claim.state, claim.reference) == ({claim.pk}, "granted", "GC-2025-118")
    entry = RecordEntry.objects.get(source="claim")
    assert (entry.kind, entry.amount, entry.state, entry.fields["award"]) == ("credit", 1, "verified", award.pk)

    with pytest.raises(Conflict, match="no fee is open"):
        commands.waive_fee(actor=clerk, claim_id=claim.pk, reason="Late.")
    issuer_admin = district.person("Issuer Admin", organization_admin=district.issuer)
    credentials.revoke(actor=issuer_admin, credential_id=award.pk, reason="Copied.")
    drain()
    entry.refresh_from_db()
    assert entry.state == "withdrawn"
    credentials.reinstate(actor=issuer_admin, credential_id=award.pk, reason="The appeal was upheld.")
    drain()
    entry.refresh_from_db()
    assert entry.state == "verified"


def test_members_who_are_asked_hear_of_a_claim_and_its_claimant_of_the_outcome(before):
    near = before.person("Near Pike", works_at=before.school, council_member=before.district)
    drain()
    told = set(Letter.objects.filter(kind="licensure.claimed").values_list("person_id", flat=True))
    assert told == {member.person_id for member in before.members} - {near.person_id}
    assert not Letter.objects.filter(kind="licensure.claimed", text__contains="Priya").exists()
    before.granted(before.claim, date(2023, 2, 24))
    letter = Letter.objects.get(kind="licensure.granted")
    assert letter.person_id == before.teacher.person_id
    assert "K.A.R." in letter.text
    assert "Pike" not in letter.text


def test_who_reads_a_claim_for_credit_is_told_that_its_award_gave_points_before(district):
    """Points in one state, then half a credit in another, for one award; hours beside them are nothing of the kind."""
    rules = {"tn": "pdp", "ut": "credit"}
    bodies = {
        state: district.recognizer(f"{state}-body", f"Body of {state}", "state-agency", f"us-{state}", f"us/{state}/schedules/{name}")
        for state, name in rules.items()
    }
    award = Done(credential_id=district.awarded(district.teacher, datetime(2025, 10, 2, 15, tzinfo=UTC)).pk)
    clerk, points = bodies["tn"]
    first = district.claimed(points, date(2025, 10, 6), done=award)
    assert "given-otherwise" not in first.answer["flags"]
    district.granted(first, date(2025, 10, 7), [clerk])
    second = district.claimed(bodies["ut"][1], date(2025, 10, 8), done=award)
    assert second.answer["amount"] == "0.5"
    assert "recognized with points before" in second.answer["reasons"][-1][0]
    assert "given-otherwise" in second.answer["flags"]
