"""What recognizers give: the numbers of the scenarios, as a state's schedule and its local overlays have them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from cairn.pure.rules import Claim, Granted, RulesInvalid, convert, parse, takes
from tests.rules_world import PLACE

POINTS = """
schedule: us/zz/schedules/points
title: Points
recognizer: Council
purpose: renewal
unit: point
cite: Z 91
effective: 2010-07-01
gives:
  - {id: hours, for: hours, each: 1, amount: 1}
  - {id: semester, for: credit, each: 1, amount: 20}
  - {id: mc, for: micro-credential, by: hours, each: 1, amount: 1}
levels: {knowledge: 1, application: 2, impact: 3, combine: add}
buckets: {names: [individual, district, state], same_award: allow}
"""
OVERLAY = """
schedule: us/zz/schedules/local
overlay_of: us/zz/schedules/points
title: Points here
recognizer: Our council
purpose: renewal
cite: Our plan
effective: 2015-07-01
"""
ON = date(2020, 6, 1)


def schedule(local="", state=POINTS):
    files = {"us/zz/licenses.yaml": PLACE, "us/zz/schedules/points.yaml": state}
    if local:
        files["us/zz/schedules/local.yaml"] = OVERLAY + local
    return parse(files).schedules["us/zz/schedules/local" if local else "us/zz/schedules/points"]


def of(text):
    """A schedule with these terms for the state."""
    head = "schedule: us/zz/schedules/points\ntitle: T\nrecognizer: R\npurpose: renewal\ncite: C\neffective: 2010-07-01\n"
    return schedule(state=head + text)


def claim(**more):
    return Claim(**{"kind": "hours", "on": ON, "claimed_on": ON, "hours": Decimal(10), "activity": "x", **more})


def award(on="2025-10-02", **more):
    day = date.fromisoformat(on)
    return Claim(**{"kind": "micro-credential", "on": day, "claimed_on": day, "award": "A", **more})


def answer(one, by, *granted, on=None):
    return convert(by, one, granted, on or one.claimed_on)


def knowledge(amount=10, on=ON, activity="x"):
    return Granted(Decimal(amount), on, "knowledge", "", activity)


def test_ten_hours_come_to_ten_twenty_and_thirty_and_sixty_together():
    state = schedule()
    assert [answer(claim(level=level), state).amount for level in ("knowledge", "application", "impact")] == [10, 20, 30]
    last = answer(claim(level="impact"), state, knowledge(), Granted(Decimal(20), ON, "application", "", "x"))
    assert (last.amount, last.flags) == (30, ("levels-add",))
    assert "with what was granted, 60 points" in last.reasons[-1][0]


def test_where_levels_do_not_add_up_the_highest_counts():
    found = answer(claim(level="impact"), schedule("levels: {combine: highest}"), knowledge())
    assert (found.amount, found.flags) == (20, ("highest-level",))


@pytest.mark.parametrize(("late", "refused"), [(0, False), (1, True)])
def test_impact_three_years_and_a_day_after_knowledge_is_refused(late, refused):
    local = "deadlines: [{level: impact, after: knowledge, within: 3 years, cite: section 4.3}]"
    found = answer(claim(level="impact", claimed_on=date(2023, 6, 1) + timedelta(late)), schedule(local), knowledge())
    assert found.refused is refused
    if refused:
        assert found.reasons == (
            ("It could be claimed until June 1, 2023, 3 years after the knowledge; this is 1 day late.", "section 4.3"),
        )


def test_eight_hours_in_a_day_are_six_where_a_day_has_six():
    six = schedule("caps: [{per: day, at_most: 6, cite: section 4.5}]")
    found = answer(claim(hours=Decimal(8), level="knowledge", asked=Decimal(8)), six)
    assert (found.amount, found.follows, set(found.flags)) == (6, False, {"capped", "asks-for-more"})
    assert answer(claim(hours=Decimal(8), level="knowledge"), six, knowledge(4, activity="other")).amount == 2
    assert answer(claim(hours=Decimal(8), level="knowledge", days=2), six).amount == 8


def test_application_opens_once_knowledge_is_granted():
    local = "needs: [knowledge-granted]"
    assert answer(claim(level="application"), schedule(local)).refused
    assert answer(claim(level="application"), schedule(local), knowledge()).amount == 20


@pytest.mark.parametrize(("known", "amount"), [(19, 0), (20, 10), (39, 10), (40, 20)])
def test_application_is_held_to_whole_blocks_of_knowledge(known, amount):
    local = "caps: [{level: application, per: {blocks_of: 20, of: knowledge}, at_most: 10}]"
    found = answer(claim(level="application", hours=Decimal(30)), schedule(local), knowledge(known))
    assert (found.amount, found.refused) == (amount, amount == 0)


def test_points_last_five_years_without_the_anniversary():
    assert answer(claim(), schedule("lasts: 5 years\nexcluding_anniversary: true")).lasts_until == date(2025, 5, 31)
    assert answer(claim(), schedule("lasts: 5 years")).lasts_until == date(2025, 6, 1)


def test_renewal_opens_six_months_before_the_license_ends():
    local = "deadlines: [{before: license-end, within: 6 months}]"
    early, first = (answer(claim(license_end=date(2020, 12, day)), schedule(local)) for day in (2, 1))
    assert [(one.amount, one.refused, one.flags) for one in (early, first)] == [(10, False, ("renewal-later",)), (10, False, ())]
    assert "may be renewed from June 2, 2020 on, 6 months before it ends" in early.reasons[0][0]
    assert answer(claim(), schedule(local)).flags == ("license-end-unknown",)


def test_two_for_ten_wait_for_each_other():
    two = of("unit: point\ngives: [{for: micro-credential, each: 2, amount: 10}]")
    one, pair = answer(award(), two), answer(award(amount=Decimal(2)), two)
    assert (one.amount, one.waits, one.refused) == (0, True, False)
    assert one.reasons[-1][0] == "1 more would give the next 10 points."
    assert (pair.amount, pair.waits) == (10, False)


def test_only_whole_credits_of_a_lane_count():
    lane = of("unit: credit\ngives: [{for: micro-credential, each: 1.5, amount: 1}]\nrounding: down-to-whole")
    assert [answer(award(amount=Decimal(n)), lane).amount for n in (1, 2, 3)] == [0, 1, 2]


def test_an_election_is_final():
    either = of("unit: hour\ngives: [{for: micro-credential, by: hours, each: 1, amount: 1}]\nelect: {one_of: [pd-hours, academy]}")
    assert answer(award(hours=Decimal(15), elected="academy"), either).amount == 15
    assert answer(award(hours=Decimal(15)), either).refused
    again = answer(award(hours=Decimal(15), elected="pd-hours", elected_before="academy"), either)
    assert again.refused
    assert "the choice is final" in again.reasons[0][0]


LANE = """
unit: credit
gives: [{for: micro-credential, each: 1, amount: 1}]
needs: [prior-approval]
deadlines: [{after: award, within: 90 days}]
"""
IN_TIME, LATE = "2025-12-31", "2026-01-01"


@pytest.mark.parametrize(
    ("approved", "claimed", "refused"),
    [
        ("2025-09-01", "2025-12-31", False),
        ("2025-09-01", "2026-01-01", True),
        ("2025-10-03", "2025-12-31", True),
        (None, "2025-12-31", True),
    ],
)
def test_a_lane_needs_approval_beforehand_and_a_claim_within_90_days(approved, claimed, refused):
    before = date.fromisoformat(approved) if approved else None
    assert answer(award(approved_before=before, claimed_on=date.fromisoformat(claimed)), of(LANE)).refused is refused


@pytest.mark.parametrize(("rule", "refused", "amount"), [("allow", False, 6), ("forbid", True, 0), ("split", True, 0)])
def test_one_award_counts_in_two_buckets_only_where_the_rule_says_so(rule, refused, amount):
    by = of(f"unit: point\ngives: [{{for: micro-credential, amount: 6}}]\nbuckets: {{names: [one, two], same_award: {rule}}}")
    found = answer(award(bucket="two"), by, Granted(Decimal(6), ON, award="A", bucket="one"))
    assert (found.refused, found.amount) == (refused, amount)


def test_the_same_is_granted_once():
    by = of("unit: point\ngives: [{for: micro-credential, amount: 6}]")
    assert answer(award(), by, Granted(Decimal(6), ON, award="A")).refused
    assert answer(award(), by, Granted(Decimal(6), ON, award="B")).amount == 6


def test_a_total_and_a_fiscal_year_are_held():
    total = of("unit: hour\ngives: [{for: program, amount: 50}]\ncaps: [{total: 200}, {per: fiscal-year, at_most: 100}]")
    before = [Granted(Decimal(50), date(2025, month, 1), award=str(month)) for month in (7, 8)]
    assert answer(award(kind="program"), total, *before).refused
    assert answer(award(kind="program", on="2026-07-01"), total, *before).amount == 50


def test_nothing_is_given_before_a_schedule_is_in_force_or_for_what_it_does_not_name():
    assert answer(claim(), schedule(), on=date(2010, 6, 30)).refused
    assert answer(claim(kind="degree"), schedule()).refused


def test_a_fee_is_told():
    found = answer(award(), of("unit: hour\ngives: [{for: micro-credential, amount: 15}]\nfee: {cents: 12500, gives: 1 credit}"))
    assert ("1 credit may be bought for $125.00.", "C") in found.reasons


def test_an_overlay_keeps_within_the_bounds_of_what_it_rests_on():
    with pytest.raises(RulesInvalid) as refusal:
        schedule("levels: {knowledge: 1, application: 4, impact: 5}")
    problem = refusal.value.problems[0]
    assert (problem.file, problem.line) == ("us/zz/schedules/local.yaml", OVERLAY.count("\n") + 1)
    assert "“levels” is not left to a schedule that rests on “us/zz/schedules/points”" in problem.found
    assert "Z 91" in problem.allowed
    open_levels = POINTS + "bounds: {may: [levels], cite: Z 92}\n"
    assert answer(claim(level="impact"), schedule("levels: {knowledge: 1, impact: 5}", open_levels)).amount == 50


def test_what_was_granted_in_two_buckets_is_applied_once():
    """Fifteen hours of knowledge serve two goals; applied they give thirty in each, and not sixty."""
    both = [Granted(Decimal(15), ON, level="knowledge", award="A", bucket=bucket) for bucket in ("individual", "district")]
    applied = award(level="application", bucket="individual", hours=Decimal(15))
    assert answer(applied, schedule(), *both).amount == 30
    halves = [
        Granted(Decimal(amount), ON, level="knowledge", award="A", bucket=bucket) for amount, bucket in ((10, "individual"), (5, "state"))
    ]
    split = schedule(state=POINTS.replace("same_award: allow", "same_award: split"))
    assert answer(applied, split, *halves).amount == 30


def test_a_course_for_credit_is_no_matter_of_a_day():
    six = schedule("caps: [{per: day, at_most: 6}]")
    assert answer(claim(kind="credit", hours=None, amount=Decimal(1)), six).amount == 20
    assert answer(claim(hours=Decimal(8)), six).amount == 6


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ("gives: [{for: hours, level: wisdom, amount: 1}]\nlevels: {knowledge: 1}", "“level” is “wisdom”, which there is not."),
        ("gives: [{for: hours, elected: rest, amount: 1}]\nelect: {one_of: [a, b]}", "“elected” is “rest”, which there is not."),
        ("gives: [{for: hours, amount: 1}]\ncaps: [{per: day, at_most: 6, bucket: north}]", "“bucket” is “north”, which there is not."),
        ("gives: [{for: hours, amount: 0}]", "“amount” is 0. It must be above nothing."),
        ("gives: [{for: hours, amount: 1}]\nexcluding_anniversary: true", "Nothing says how long it lasts."),
        ("gives: [{for: hours, amount: 1}]\ncaps: [{per: {blocks_of: 20}, at_most: 6}]", "The field “of” is missing."),
        ("gives: [{for: hours, amount: 1}]\nbuckets: {names: [a, a]}", "“names” holds an empty text, or one twice."),
    ],
)
def test_what_no_claim_could_ever_meet_is_refused(terms, words):
    with pytest.raises(RulesInvalid) as refusal:
        of(f"unit: point\n{terms}")
    assert any(words in f"{problem.found} {problem.allowed}" for problem in refusal.value.problems), refusal.value.problems


UNITS = """unit: point
gives:
  - {for: hours, where: {unit: ceu}, amount: 5}
  - {for: credit, amount: 10}
  - {for: micro-credential, amount: 6}
"""


def test_a_schedule_says_in_which_units_it_is_claimed():
    assert takes(of(UNITS), ON) == (("hours", "ceu"), ("credit", "semester-hour"), ("credit", "quarter-hour"), ("micro-credential", ""))
    assert takes(schedule(), ON)[0] == ("hours", "hour")
    assert takes(of(UNITS), date(2009, 1, 1)) == ()


@pytest.mark.parametrize(
    ("kind", "unit", "amount", "follows"),
    [
        ("hours", "ceu", "1.5", "7.5"), ("credit", "", "2", "20"), ("credit", "semester-hour", "2", "20"),
        ("credit", "quarter-hour", "3", "20"), ("micro-credential", "", "1", "6"),
        ("credit", "quarter-hour", "1", "6.66"), ("credit", "quarter-hour", "0", "0"), ("credit", "ceu", "1", None),
        ("hours", "", "6", None), ("hours", "hour", "6", None), ("micro-credential", "hour", "6", None),
    ],
)  # fmt: skip
def test_a_claim_is_counted_in_its_own_unit_or_told_which_are_taken(kind, unit, amount, follows):
    found = answer(claim(kind=kind, unit=unit, amount=Decimal(amount), hours=None), of(UNITS))
    assert found.amount == Decimal(follows or 0)
    assert ("What is taken: CEUs, semester hours" in found.reasons[0][0]) is (follows is None)
    assert any("2/3 as many" in sentence for sentence, _ in found.reasons) is (unit == "quarter-hour")


def test_quarter_hours_are_held_to_whole_blocks_after_they_are_converted():
    blocks = of("unit: point\ngives: [{for: credit, each: 2, amount: 10}]")
    given = [answer(claim(kind="credit", unit="quarter-hour", amount=Decimal(n), hours=None), blocks).amount for n in ("2.9", "3", "6")]
    assert given == [0, 10, 20]
