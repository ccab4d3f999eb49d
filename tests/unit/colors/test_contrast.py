"""Contrast against figures that WCAG and others publish, and the palette of the site's own evergreen."""

from __future__ import annotations

import pytest

from cairn.kernel.errors import Invalid
from cairn.pure import colors


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#767676", "#ffffff", 4.54),  # the lightest gray that passes on white
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_contrast_is_what_the_published_examples_say(one, other, ratio):
    assert colors.contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert colors.contrast(other, one) == colors.contrast(one, other)


@pytest.mark.parametrize(("text", "color"), [("1F5142", "#1f5142"), (" #abc ", "#aabbcc"), ("#000000", "#000000")])
def test_a_color_is_read_as_people_write_it(text, color):
    assert colors.parse(text) == color


@pytest.mark.parametrize("text", ["", "green", "#12", "#12345", "#1234567", "rgb(1,2,3)", "#１２３４５６", "url(x)"])
def test_what_is_no_color_is_refused(text):
    with pytest.raises(Invalid, match="is not a color"):
        colors.parse(text)


def test_the_sites_own_evergreen_and_lichen_may_be_used():
    assert colors.shortfalls("#1f5142", colors.LIGHT) == ()
    assert colors.shortfalls("#93ccb3", colors.DARK) == ()
    assert colors.suggestion("#1f5142", colors.LIGHT) == "#1f5142"


def test_a_shortfall_names_the_pair_and_its_contrast():
    short = colors.shortfalls("#ffd700", colors.LIGHT)
    assert [pair.what for pair in short] == ["links on the page", "links in the head of the page", "links on tinted ground"]
    assert short[0].ratio == pytest.approx(1.34, abs=0.01)
