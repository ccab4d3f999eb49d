"""Whatever color an organization likes: what is suggested can be read, is near, and what follows from it can be read too."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cairn.pure import colors
from cairn.pure.colors.contrast import mix

COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
GROUNDS = st.sampled_from([colors.LIGHT, colors.DARK])


@given(COLORS, GROUNDS)
def test_a_suggestion_may_be_used(color, ground):
    suggested = colors.suggestion(color, ground)
    assert colors.shortfalls(suggested, ground) == ()
    made = colors.palette(suggested, ground)
    for words, on in ((suggested, ground.paper), (suggested, ground.band), (suggested, made.wash), (made.on_primary, suggested),
                      (ground.on_deep, made.deep)):  # fmt: skip
        assert colors.contrast(words, on) >= 4.5


@given(COLORS, GROUNDS)
def test_a_color_that_may_be_used_is_suggested_itself(color, ground):
    suggested = colors.suggestion(color, ground)
    assert (suggested == color) == (colors.shortfalls(color, ground) == ())
    assert colors.suggestion(suggested, ground) == suggested


@given(COLORS, GROUNDS)
def test_no_nearer_color_on_the_way_would_do(color, ground):
    suggested = colors.suggestion(color, ground)
    way = [mix(color, ground.toward, step / 256) for step in range(257)]
    assert all(colors.shortfalls(each, ground) for each in way[: way.index(suggested)])


@given(COLORS, COLORS)
def test_contrast_lies_between_one_and_twenty_one_in_either_order(one, other):
    assert 1 <= colors.contrast(one, other) == colors.contrast(other, one) <= 21


@given(COLORS)
def test_hovering_never_reads_worse_than_resting(color):
    for ground in (colors.LIGHT, colors.DARK):
        made = colors.palette(colors.suggestion(color, ground), ground)
        for on in (ground.paper, ground.band, made.wash):
            assert colors.contrast(made.primary_strong, on) >= colors.contrast(made.primary, on)
