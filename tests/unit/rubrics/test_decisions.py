"""What one or two score sheets decide, and when an adjudicator is needed."""

import json

import pytest

from cairn.kernel.errors import Invalid
from cairn.pure.rubrics import EARNED, NOT_YET, Decided, Mark, Policy, Scale, Sheet, Split, decide

SCALE = Scale(("developing", "proficient", "advanced"), bar="proficient")
EVERY_DETAIL = Policy("every-detail-at-bar")
D, P, A = SCALE.levels


def sheet(id, **levels):
    return Sheet(id, tuple(Mark(detail, level, "Because.", "Do this.") for detail, level in levels.items()))


def decided(*sheets, details=("a", "b"), scale=SCALE, policy=EVERY_DETAIL, **kwargs):
    return decide(sheets, details=details, scale=scale, policy=policy, **kwargs)


def test_both_passing_is_earned_with_the_lower_level_of_each_detail():
    result = decided(sheet("s1", a=P, b=A), sheet("s2", a=A, b=P))
    assert (result.outcome, result.levels, result.reopened, result.counted) == (EARNED, {"a": P, "b": P}, (), ("s1", "s2"))


def test_both_not_yet_reopens_whatever_either_sheet_found_below_the_bar():
    result = decided(sheet("s1", a=D, b=P, c=A), sheet("s2", a=P, b=D, c=P), details=["a", "b", "c"])
    assert (result.outcome, result.reopened, result.carried) == (NOT_YET, ("a", "b"), {"c": P})


def test_split_assessors_go_to_an_adjudicator():
    result = decided(sheet("s1", a=P, b=P), sheet("s2", a=P, b=D))
    assert isinstance(result, Split)
    assert (result.reasons, result.details) == (("split",), ("b",))


def test_two_levels_apart_goes_to_an_adjudicator_even_when_the_outcome_is_the_same():
    result = decided(sheet("s1", a=D, b=D), sheet("s2", a=A, b=D))
    assert result.reasons == ("two-levels-apart",)


def test_a_pack_may_choose_its_own_triggers():
    sheets = sheet("s1", a=D, b=D, c=P), sheet("s2", a=A, b=D, c=P)
    lenient = Policy("every-detail-at-bar", adjudicate=("split", "third-differs"))
    assert decided(*sheets, details=["a", "b", "c"], policy=lenient).outcome == NOT_YET
    assert decided(*sheets, details=["a", "b", "c"], policy=Policy("every-detail-at-bar", adjudicate=())).levels["a"] == D


def test_more_than_a_third_of_details_differing_can_be_a_trigger():
    policy = Policy("every-detail-at-bar", adjudicate=("third-differs",))
    result = decided(sheet("s1", a=P, b=P, c=P), sheet("s2", a=A, b=A, c=P), details=["a", "b", "c"], policy=policy)
    assert result.reasons == ("third-differs",)


def test_without_the_split_trigger_a_split_is_not_yet():
    assert decided(sheet("s1", a=P, b=P), sheet("s2", a=P, b=D), policy=Policy("every-detail-at-bar", adjudicate=())).outcome == NOT_YET


def test_the_adjudicators_sheet_alone_counts():
    sheets = sheet("s1", a=P, b=P), sheet("s2", a=P, b=D)
    upheld = decided(*sheets, adjudicated=sheet("s3", a=A, b=P))
    assert (upheld.outcome, upheld.levels, upheld.counted) == (EARNED, {"a": A, "b": P}, ("s3",))
    denied = decided(*sheets, adjudicated=sheet("s3", a=D, b=A))
    assert (denied.outcome, denied.reopened) == (NOT_YET, ("a",))


def test_only_open_details_are_scored_and_carried_ones_keep_their_level():
    result = decided(sheet("s1", b=P), sheet("s2", b=A), details=["b"], carried={"a": A})
    assert (result.outcome, result.levels) == (EARNED, {"a": A, "b": P})


def test_the_trace_is_json_and_says_which_sheets_counted_and_why():
    trace = decided(sheet("s1", a=P, b=P), sheet("s2", a=P, b=D), adjudicated=sheet("s3", a=A, b=P)).trace
    assert json.loads(json.dumps(trace)) == trace
    assert [(row["sheet"], row["counted"]) for row in trace["sheets"]] == [("s3", True), ("s1", False), ("s2", False)]
    assert trace["why"] == "An adjudicator's sheet replaces the others."
    assert trace["result"] == EARNED


def test_one_sheet_decides_where_the_scoring_plan_asks_for_one():
    assert decided(sheet("s1", a=P, b=D)).reopened == ("b",)


# Two assessors, 20 criteria, levels 1 to 4; the sums are 55 and 58, criterion 19 is two levels apart.
D1_A = ["1", "1", "2", "2", "2", "2", "3", "3", "3", "3", "3", "3", "3", "3", "4", "4", "4", "4", "2", "3"]
D1_B = ["1", "2", "2", "2", "3", "2", "3", "3", "3", "4", "3", "3", "2", "3", "4", "4", "3", "4", "4", "3"]
D1_DETAILS = [f"c{n}" for n in range(1, 21)]
D1_SCALE = Scale(("1", "2", "3", "4"), bar="3")
CUT_57 = Policy("compensatory", cut=57)


def d1(id, levels):
    return sheet(id, **dict(zip(D1_DETAILS, levels, strict=True)))


def test_d1_splits_under_a_cut_of_57():
    result = decided(d1("A", D1_A), d1("B", D1_B), details=D1_DETAILS, scale=D1_SCALE, policy=CUT_57)
    assert result.reasons == ("split", "two-levels-apart")
    assert [(row["points"], row["passing"]) for row in result.trace["sheets"]] == [(55, False), (58, True)]
    assert "c19" in result.details


def test_d1_is_earned_when_the_adjudicator_reaches_the_cut():
    result = decided(
        d1("A", D1_A),
        d1("B", D1_B),
        details=D1_DETAILS,
        scale=D1_SCALE,
        policy=CUT_57,
        adjudicated=d1("C", [*D1_B[:18], "3", "3"]),
    )
    assert (result.outcome, result.levels["c19"]) == (EARNED, "3")


def test_d1_would_be_not_yet_for_both_under_the_every_detail_rule():
    for levels in (D1_A, D1_B):
        assert decided(d1("A", levels), details=D1_DETAILS, scale=D1_SCALE).outcome == NOT_YET


def test_compensatory_points_of_carried_details_count():
    result = decided(sheet("s1", b=P), details=["b"], carried={"a": A}, policy=Policy("compensatory", cut=5))
    assert result.outcome == EARNED


def test_compensatory_reopens_what_can_still_gain_points_when_nothing_is_below_the_bar():
    result = decided(sheet("s1", a=A, b=P), policy=Policy("compensatory", cut=6))
    assert result.reopened == ("b",)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("best-of-three", {}),
        ("every-detail-at-bar", {"cut": 3}),
        ("compensatory", {}),
        ("every-detail-at-bar", {"adjudicate": ("mood",)}),
    ],
)
def test_a_policy_that_cannot_work_is_refused(name, fields):
    with pytest.raises(Invalid):
        Policy(name, **fields)


@pytest.mark.parametrize(
    "sheets",
    [
        [],
        [sheet("s1", a=P, b=P)] * 2,
        [sheet(f"s{n}", a=P, b=P) for n in range(3)],
        [sheet("s1", a=P)],
        [sheet("s1", a=P, b=P, c=P)],
        [sheet("s1", a=P, b="superb")],
    ],
)
def test_sheets_that_cannot_decide_are_refused(sheets):
    with pytest.raises(Invalid):
        decided(*sheets)


def test_an_unreachable_cut_is_refused():
    with pytest.raises(Invalid, match="out of reach"):
        decided(sheet("s1", a=A, b=A), policy=Policy("compensatory", cut=7))


def test_results_are_one_of_two_kinds():
    assert isinstance(decided(sheet("s1", a=P, b=P)), Decided)
