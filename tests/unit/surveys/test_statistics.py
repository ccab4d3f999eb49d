"""Survey statistics against numbers computed by other means: published ones, and scipy and numpy where the product does not use them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from cairn.kernel.errors import Invalid
from cairn.pure.surveys import (
    Item,
    Scale,
    Share,
    alpha,
    completion_curve,
    exact_agreement,
    paired_change,
    read_scale,
    reverse,
    score,
    scored,
    share_changed,
    wilson,
)

SCALE = Scale("s", "S", (Item("a", "A"), Item("b", "B", True), Item("c", "C"), Item("d", "D")), 1, 5)
PAIRS = [(2.5, 4.0), (3.0, 4.25), (2.0, 3.0), (3.5, 4.75), (2.75, 4.5), (3.0, 4.0)]
# Ten people, five items; no published source, so numpy is asked below.
ROWS = [[4, 5, 4, 3, 4], [2, 3, 2, 2, 1], [5, 5, 4, 5, 5], [3, 3, 4, 3, 2], [1, 2, 1, 2, 2],
        [4, 4, 5, 4, 4], [3, 2, 3, 3, 3], [5, 4, 5, 5, 4], [2, 2, 3, 1, 2], [4, 3, 4, 4, 5]]  # fmt: skip


def test_an_item_that_speaks_against_the_scale_is_turned_around():
    assert scored(SCALE, {"a": 4, "b": 2, "c": 5}) == (4, 4, 5, None)
    assert reverse(1, 0, 10) == 9


def test_a_score_is_the_mean_of_what_was_answered_while_half_was():
    assert score(SCALE, {"a": 4, "b": 2}) == 4
    assert score(SCALE, {"a": 4, "b": 5, "c": 4}) == 3
    assert score(SCALE, {"a": 4}) is None
    assert score(SCALE, {}) is None


def test_an_answer_outside_the_steps_is_refused_beside_its_item():
    with pytest.raises(Invalid) as refusal:
        score(SCALE, {"a": 6})
    assert refusal.value.fields == {"a": "Answer from 1 to 5."}


@pytest.mark.parametrize("told", [{}, {"items": 3}, {"key": "k", "title": "T", "least": "x", "most": 5, "items": []}, {"items": ["a"]}])
def test_a_definition_that_lacks_something_is_refused_in_words(told):
    with pytest.raises(Invalid):
        read_scale(told)


def test_a_definition_needs_items_with_keys_of_their_own_and_a_word_for_each_step():
    told = {"key": "k", "title": "T", "least": 1, "most": 2, "items": [{"key": "a", "text": "A"}]}
    assert read_scale({**told, "steps": ["No", "Yes"]}).choices == ((1, "No"), (2, "Yes"))
    assert read_scale(told).choices == ((1, "1"), (2, "2"))
    for wrong in ({"items": told["items"] * 2}, {"most": 1}, {"steps": ["No"]}, {"items": []}):
        with pytest.raises(Invalid):
            read_scale({**told, **wrong})


def test_the_change_and_its_interval_are_those_of_the_paired_t_test():
    told = paired_change(PAIRS)
    oracle = stats.ttest_rel([late for _, late in PAIRS], [early for early, _ in PAIRS]).confidence_interval(0.95)
    assert (told.n, told.low, told.high) == (6, pytest.approx(oracle.low), pytest.approx(oracle.high))
    early, late = np.array(PAIRS).T
    assert told.mean == pytest.approx((late - early).mean())
    assert told.d_z == pytest.approx((late - early).mean() / (late - early).std(ddof=1))
    assert told.d_av == pytest.approx((late - early).mean() / ((early.std(ddof=1) + late.std(ddof=1)) / 2))
    assert (told.before, told.after) == (pytest.approx(early.mean()), pytest.approx(late.mean()))


def test_too_few_pairs_have_no_interval_and_no_effect():
    assert paired_change([]).mean is None
    one = paired_change([(2, 3)])
    assert (one.n, one.mean, one.low, one.d_z) == (1, 1, None, None)


def test_where_everybody_changed_alike_there_is_no_effect_size_and_no_width():
    told = paired_change([(1, 2), (2, 3), (3, 4)])
    assert (told.mean, told.low, told.high, told.d_z) == (1, 1, 1, None)
    assert told.d_av == 1


def test_the_share_that_rose_by_a_point_counts_the_point_itself():
    assert share_changed(PAIRS, 1) == Share(6, 6)
    assert share_changed(PAIRS, 1.25) == Share(4, 6)
    assert share_changed([(0.1 + 0.2, 1.3)], 1) == Share(1, 1)


def test_alpha_is_that_of_the_covariance_matrix_with_feldts_interval():
    told, covariances, k, n = alpha(ROWS), np.cov(np.array(ROWS).T), 5, 10
    oracle = k / (k - 1) * (1 - np.trace(covariances) / covariances.sum())
    assert (told.n, told.items, told.value) == (10, 5, pytest.approx(oracle))
    assert told.low == pytest.approx(1 - (1 - oracle) * stats.f.isf(0.025, n - 1, (n - 1) * (k - 1)))
    assert told.high == pytest.approx(1 - (1 - oracle) * stats.f.isf(0.975, n - 1, (n - 1) * (k - 1)))
    fewer = np.delete(covariances, 2, 0)
    fewer = np.delete(fewer, 2, 1)
    assert told.without[2] == pytest.approx(4 / 3 * (1 - np.trace(fewer) / fewer.sum()))


def test_feldts_interval_contracts_to_alpha_with_many_people():
    wide, narrow = alpha(ROWS), alpha(ROWS * 40)
    assert narrow.high - narrow.low < (wide.high - wide.low) / 5
    assert narrow.low < narrow.value < narrow.high


def test_alpha_leaves_out_those_who_left_something_out_and_says_so():
    told = alpha([*ROWS, [5, None, 5, 5, 5]])
    assert (told.n, told.value) == (10, alpha(ROWS).value)


@pytest.mark.parametrize("rows", [[], [[1, 2, 3]], [[1], [2], [3]], [[3, 3], [3, 3]], [[1, None], [None, 2]]])
def test_alpha_of_too_little_is_not_made_up(rows):
    told = alpha(rows)
    assert (told.value, told.low, told.high) == (None, None, None)


@pytest.mark.parametrize(("count", "n", "low", "high"), [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (21, 50, 0.2938, 0.5577),
                                                         (7, 8, 0.5291, 0.9776)])  # fmt: skip
def test_a_share_has_the_interval_of_wilson(count, n, low, high):
    oracle = stats.binomtest(count, n).proportion_ci(0.95, method="wilson")
    assert wilson(count, n) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))
    assert wilson(count, n) == (pytest.approx(oracle.low, abs=1e-12), pytest.approx(oracle.high, abs=1e-12))


def test_a_share_says_whether_it_is_enough_to_judge_by():
    assert (Share(19, 19).is_enough, Share(0, 20).is_enough) == (False, True)
    assert (Share(0, 0).part, Share(0, 0).interval) == (None, None)
    with pytest.raises(ValueError, match="no share"):
        Share(3, 2)


def test_two_readers_agree_where_their_themes_are_the_same():
    one = {"1": {"team"}, "2": {"team", "school"}, "3": set(), "4": {"identity"}}
    other = {"1": {"team"}, "2": {"team"}, "3": set(), "5": {"team"}}
    assert exact_agreement(one, other) == Share(2, 3)


def test_the_curve_without_anybody_at_work_is_the_plain_share():
    steps = completion_curve([10, 20, 20, 40], [], left=6)
    assert [(step.day, step.finished, round(step.part, 6)) for step in steps] == [(10, 1, 0.1), (20, 3, 0.3), (40, 4, 0.4)]


def test_the_curve_with_people_at_work_is_one_minus_kaplan_and_meier():
    finished, open_ = [10, 20, 20, 40], [15, 30, 30]
    steps = completion_curve(finished, open_)
    oracle = stats.ecdf(stats.CensoredData(uncensored=finished, right=open_)).cdf
    assert [step.day for step in steps] == [10, 20, 40]
    assert [step.part for step in steps] == pytest.approx([float(oracle.evaluate(day)) for day in (10, 20, 40)])
    assert math.isclose(steps[-1].part, 1.0)
