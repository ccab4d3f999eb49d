"""Drawings: steady, well formed, readable, and honest about what they show."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.interfaces.web import art
from cairn.interfaces.web.art import badge as badges
from cairn.interfaces.web.art import cairn as cairns
from cairn.interfaces.web.art.marks import CREAM
from cairn.pure.packs import words as packs

ROOT = Path(__file__).resolve().parents[3]
STONES = tuple(art.Stone(f"s{i}", f"Stone {i}", state, 0.5) for i, state in enumerate(("earned", "progress", "planned")))
POINTS = (
    art.Waypoint("License", "July 1, 2023", "passed"),
    art.Waypoint("Today", "November 20", "here"),
    art.Waypoint("Next", "June 30", "ahead"),
)
titles = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn")), min_size=1, max_size=80).filter(str.strip)


def a_badge(**more: object) -> art.Badge:
    return art.Badge(**{"slug": "one", "title": "Effective Assessment", "stack": "Leadership", "stack_slug": "leadership", **more})


def ids(svg: str) -> set[str]:
    return set(re.findall(r'\bid="([^"]+)"', svg))


def light(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return sum(
        w * (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4) for w, c in zip((0.2126, 0.7152, 0.0722), parts, strict=True)
    )


def contrast(one: str, other: str) -> float:
    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_packs_may_name_exactly_the_marks_pigments_and_outlines_that_can_be_drawn():
    assert set(packs.MARKS) == set(art.MARKS)
    assert set(packs.PIGMENTS) == set(art.FAMILIES)
    assert set(packs.SHAPES) == set(art.SHAPES)


@pytest.mark.parametrize("shape", art.SHAPES)
@pytest.mark.parametrize("form", ["full", "mark"])
def test_every_outline_draws_a_well_formed_badge_without_styles(shape, form):
    for mark, family in zip(art.MARKS, list(art.FAMILIES) * 3, strict=False):
        svg = art.badge_svg(a_badge(shape=shape, mark=mark, family=family), form)
        ElementTree.fromstring(svg)
        assert "style=" not in svg
        assert "nan" not in svg


@given(titles, titles, st.integers(0, 3))
def test_any_title_makes_a_well_formed_badge_that_says_its_words(title, stack, level):
    root = ElementTree.fromstring(art.badge_svg(a_badge(slug=title, title=title, stack=stack, level=level)))
    drawn = [text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert " ".join(drawn[:-1]).split() == title.split()
    assert drawn[-1] == stack


@given(titles)
def test_a_title_is_broken_into_at_most_four_lines_and_loses_no_word(title):
    lines = badges._even_lines(title, 17)
    assert len(lines) <= 4
    assert " ".join(lines).split() == title.split()


def test_the_same_data_gives_the_same_bytes_and_another_slug_another_stone():
    one = art.badge_svg(a_badge())
    badges.badge_svg.cache_clear()
    assert art.badge_svg(a_badge()) == one
    assert art.badge_svg(a_badge(slug="two")) != one


def test_a_drawing_that_stands_twice_on_a_page_shares_no_id():
    for draw in (
        lambda copy: art.badge_svg(a_badge(), copy=copy),
        lambda copy: art.cairn_svg("Stack", "s", STONES, copy=copy),
        lambda copy: art.trail_svg("Trail", POINTS, copy=copy),
    ):
        first, second = ids(draw(0)), ids(draw(1))
        assert first
        assert not first & second


def test_a_decorative_drawing_is_silent_and_another_has_name_and_description():
    for svg in (art.badge_svg(a_badge(), decorative=True), art.cairn_svg("Stack", "s", STONES, decorative=True)):
        assert 'aria-hidden="true"' in svg
        assert "<title" not in svg
    said = art.badge_svg(a_badge(level=2))
    assert "Effective Assessment, a micro-credential in the stack Leadership, level Developing" in said
    assert "2 of 3 pebbles filled" in said


def test_a_cairn_says_how_many_stones_are_earned_and_names_each():
    svg = art.cairn_svg("Leadership", "leadership", STONES)
    assert "Leadership: 1 of 3 stones earned, 1 in progress, 1 still to come." in svg
    assert "Stone 0: earned; Stone 1: in progress; Stone 2: still to come." in svg


@given(st.integers(0, 200))
def test_courses_hold_all_stones_and_never_widen_upward(n):
    courses = cairns._courses(n)
    assert sum(courses) == n
    assert courses == sorted(courses, reverse=True)


@given(st.lists(st.sampled_from(["earned", "progress", "planned"]), max_size=40), st.floats(0, 1))
def test_any_cairn_is_well_formed(states, share):
    stones = [art.Stone(f"s{i}", f"<{i}>", state, share) for i, state in enumerate(states)]
    svg = art.cairn_svg("A & B", "s", tuple(stones))
    ElementTree.fromstring(svg)
    assert "nan" not in svg


@pytest.mark.parametrize("upright", [False, True])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_trail_names_every_stop_and_where_one_is(count, upright):
    svg = art.trail_svg("Trail", POINTS[:count], upright)
    root = ElementTree.fromstring(svg)
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == [word for point in POINTS[:count] for word in (point.title, point.when)]
    assert ("you are here" in svg) == (count > 1)


@pytest.mark.parametrize("family", art.FAMILIES)
def test_lettering_on_every_pigment_can_be_read(family):
    _deep, base, _soft = art.FAMILIES[family]
    assert contrast(base, CREAM) >= 4.5


@pytest.mark.parametrize("size", [64, 512])
def test_a_badge_image_has_the_size_that_was_asked_for(size):
    png = art.badge_png(a_badge(), ROOT / "build" / "fonts", size)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (size, size)


def test_a_badge_image_carries_its_title_in_our_letters():
    fonts = ROOT / "build" / "fonts"
    assert art.badge_png(a_badge(), fonts) != art.badge_png(a_badge(title="Effective Assessmenz"), fonts)


def test_without_fonts_no_badge_image_is_made_and_the_remedy_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"python assets/build\.py"):
        art.badge_png(a_badge(), tmp_path)


def _tokens(scheme: str) -> dict[str, str]:
    theme = (ROOT / "assets" / "styles" / "theme.scss").read_text()
    palette = dict(re.findall(r"^\$([\w-]+): (#[0-9a-f]{6});", theme, re.M))
    block = theme.split(f"@mixin {scheme} {{")[1].split("\n}")[0]
    found = re.findall(r"--([\w-]+): (?:#\{\$([\w-]+)\}|(#[0-9a-f]{6}));", block)
    return {name: palette.get(variable, literal) for name, variable, literal in found}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_keep_their_contrast_on_every_ground(scheme):
    color = _tokens(scheme)
    grounds = [color[name] for name in ("paper", "band", "sheet", "wash")]
    for voice in ("ink", "muted", "primary"):
        assert min(contrast(color[voice], ground) for ground in grounds) >= 4.5, voice
    for voice, ground in (("amber-ink", "amber-wash"), ("brick-ink", "brick-wash"), ("on-primary", "primary"), ("on-deep", "deep")):
        assert contrast(color[voice], color[ground]) >= 4.5, voice
    for mark in ("edge", "focus", "amber", "brick"):
        assert contrast(color[mark], color["paper"]) >= 3, mark
