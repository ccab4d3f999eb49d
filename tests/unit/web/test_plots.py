"""Plots say in words what they draw, hold what they are given, and break on nothing."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from cairn.interfaces.web.art import change_svg, completion_svg, funnel_svg, interval_svg
from cairn.pure.surveys import Share, completion_curve, paired_change

CHANGE = paired_change([(2, 4), (3, 4.5), (2.5, 4)])
DRAWN = {
    "funnel": lambda narrow: funnel_svg("A & B", [("Began <here>", 50), ("Finished", 21)], narrow),
    "completion": lambda narrow: completion_svg("A & B", completion_curve([10, 20], [5], 1), narrow),
    "interval": lambda narrow: interval_svg("A & B", [("Passed <it>", Share(21, 50)), ("Few", Share(3, 4)), ("None", Share(0, 0))], narrow),
    "change": lambda narrow: change_svg("A & B", [("A scale with quite a long title, <longer>", CHANGE)], 1, 6, narrow),
}


def texts(drawing: str) -> list[str]:
    return [found.text for found in ElementTree.fromstring(drawing).iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("kind", DRAWN)
def test_a_plot_is_a_whole_drawing_with_words_of_its_own_and_no_style(kind, narrow):
    drawing = DRAWN[kind](narrow)
    assert ElementTree.fromstring(drawing).get("aria-label") == "A & B. The table beside it has the same numbers."
    assert not re.search(r"style=|<script|NaN|nan", drawing)


def test_a_funnel_writes_every_label_and_count():
    assert texts(DRAWN["funnel"](False)) == ["Began <here>", "50", "Finished", "21"]


def test_bars_stand_in_proportion():
    widths = [float(w) for w in re.findall(r'<rect [^>]*width="(\d+)"', DRAWN["funnel"](False))]
    assert widths[1] / widths[0] == pytest.approx(21 / 50, abs=0.01)


def test_too_few_to_judge_have_words_and_no_dot():
    drawing = DRAWN["interval"](False)
    assert drawing.count("<ellipse") == 1
    assert "too few, n = 4" in drawing


def test_nothing_to_draw_breaks_nothing():
    assert texts(funnel_svg("T", [])) == []
    assert "Days since each person began" in completion_svg("T", ())
    assert "<ellipse" not in interval_svg("T", [])
    assert "<circle" not in change_svg("T", [("A", paired_change([]))], 1, 5)
