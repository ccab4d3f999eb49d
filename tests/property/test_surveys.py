"""What holds for every survey and every table of counts."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise, product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cairn.pure.surveys import (
    FLOOR,
    Item,
    Scale,
    Share,
    alpha,
    completion_curve,
    paired_change,
    reverse,
    score,
    share_changed,
    shown_curve,
    shown_share,
    suppressed,
    wilson,
)

numbers = st.integers(1, 5)
tables = st.integers(2, 5).flatmap(lambda k: st.lists(st.lists(numbers, min_size=k, max_size=k), min_size=2, max_size=12))
pairs = st.lists(st.tuples(numbers, numbers), min_size=2, max_size=30)


@given(numbers, st.integers(-3, 1), st.integers(5, 9))
def test_reversed_twice_it_is_what_it_was(value, least, most):
    assert reverse(reverse(value, least, most), least, most) == value
    assert least <= reverse(value, least, most) <= most


@given(st.lists(st.one_of(st.none(), numbers), min_size=1, max_size=8), st.data())
def test_turning_every_item_turns_the_score(answers, data):
    flags = [data.draw(st.booleans()) for _ in answers]

    def of(turned):
        items = tuple(Item(str(i), "", flag != turned) for i, flag in enumerate(flags))
        return score(Scale("s", "S", items, 1, 5), {str(i): value for i, value in enumerate(answers)})

    if of(False) is None:
        assert of(True) is None
        assert 2 * sum(value is not None for value in answers) < len(answers)
    else:
        assert of(True) == pytest.approx(6 - of(False))
        assert 1 <= of(False) <= 5


@given(tables, st.randoms(use_true_random=False), st.integers(-4, 4))
def test_alpha_is_at_most_one_and_knows_no_order_and_no_zero_point(rows, chance, shift):
    told = alpha(rows)
    shuffled = chance.sample(rows, len(rows))
    places = chance.sample(range(len(rows[0])), len(rows[0]))
    other = alpha([[row[place] + shift for place in places] for row in shuffled])
    assert (told.value is None) == (other.value is None)
    assume(told.value is not None)
    assert told.value <= 1
    assert told.low <= told.value + 1e-12
    assert told.value - 1e-12 <= told.high <= 1
    assert other.value == pytest.approx(told.value, abs=1e-9)
    assert sorted(value for value in other.without if value is not None) == pytest.approx(
        sorted(value for value in told.without if value is not None), abs=1e-9
    )


@given(pairs, st.integers(-4, 4), st.randoms(use_true_random=False))
def test_a_change_knows_no_order_and_no_zero_point(given_, shift, chance):
    told = paired_change(given_)
    other = paired_change([(a + shift, b + shift) for a, b in chance.sample(given_, len(given_))])
    assert (other.mean, other.low, other.high) == (pytest.approx(told.mean), pytest.approx(told.low), pytest.approx(told.high))
    assert told.low - 1e-9 <= told.mean <= told.high + 1e-9
    back = paired_change([(b, a) for a, b in given_])
    assert (back.mean, back.low) == (pytest.approx(-told.mean), pytest.approx(-told.high))


@given(pairs, st.floats(-4, 4), st.floats(0, 4))
def test_the_more_is_asked_for_the_fewer_changed_so_much(given_, least, more):
    assert share_changed(given_, least + more).count <= share_changed(given_, least).count


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_of_a_share_holds_the_share_and_mirrors_its_rest(share):
    count, n = share
    low, high = wilson(count, n)
    assert 0 <= low <= count / n <= high <= 1
    assert wilson(n - count, n) == (pytest.approx(1 - high), pytest.approx(1 - low))


@given(st.lists(st.integers(0, 60), max_size=8))
def test_no_small_count_is_published_and_large_ones_only_vanish_to_hide_one(counts):
    told = suppressed(counts)
    assert all(shown is None or shown == count for shown, count in zip(told.counts, counts, strict=True))
    assert all(shown is None for shown, count in zip(told.counts, counts, strict=True) if 0 < count < 10)
    if not any(0 < count < 10 for count in counts):
        assert (told.counts, told.total) == (tuple(counts), sum(counts))
    if told.total is not None and None in told.counts:
        kept = [count for shown, count in zip(told.counts, counts, strict=True) if shown is None]
        assert len(kept) >= 2
        assert sum(kept) >= 10


@pytest.mark.parametrize(("cells", "most", "floor"), [(1, 9, 3), (2, 14, 3), (3, 12, 3), (3, 12, 4), (4, 7, 3), (5, 5, 3), (2, 25, 10)])
def test_whoever_knows_the_rule_and_the_total_still_learns_no_hidden_count(cells, most, floor):
    """Every table that would be published alike is written down: each hidden cell must have several possible counts among them."""
    alike = defaultdict(list)
    for counts in product(range(most + floor + 1), repeat=cells):
        alike[suppressed(counts, floor)].append(counts)
    checked = 0
    for told, possible in alike.items():
        if max(possible[0]) <= most:
            for place, shown in enumerate(told.counts):
                if shown is None:
                    checked += 1
                    assert len({counts[place] for counts in possible}) > 1, (told, possible)
    assert checked


@given(st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_is_shown_only_where_neither_side_is_a_small_group(share):
    shown = shown_share(Share(*share))
    count, n = share
    small = any(0 < group < 10 for group in (count, n - count, n))
    assert (shown is None) == small


@given(st.lists(st.integers(0, 200), max_size=40), st.lists(st.integers(0, 200), max_size=15), st.integers(0, 10))
def test_a_published_curve_has_no_step_of_a_few(finished, at_work, left):
    exact = completion_curve(finished, at_work, left)
    shown = shown_curve(exact)
    counts = [0, *(step.finished for step in shown)]
    assert all(later - before >= FLOOR for before, later in pairwise(counts))
    assert bool(shown) == (len(finished) >= FLOOR)
    if shown:
        assert (shown[-1].finished, shown[-1].part) == (len(finished), round(exact[-1].part, 2))
        assert [step.day for step in shown] == sorted({step.day for step in shown})
    assert all(step.day % 7 == step.at_risk == 0 for step in shown)


@given(st.lists(st.integers(0, 200), max_size=15), st.lists(st.integers(0, 200), max_size=15), st.integers(0, 10))
def test_a_curve_rises_and_never_passes_one(finished, at_work, left):
    steps = completion_curve(finished, at_work, left)
    parts = [step.part for step in steps]
    assert parts == sorted(parts)
    assert all(0 < part <= 1 + 1e-12 for part in parts)
    assert (steps[-1].finished if steps else 0) == len(finished)
    if left:
        assert all(part < 1 for part in parts)
