"""Two versions word by word, and a third made of both."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cairn.pure import packs
from tests.packs_world import pack_files


@pytest.fixture(scope="module")
def content():
    return packs.parse(pack_files()).microcredentials[0].content


def told(change):
    return [[(piece.kind, piece.text) for piece in line] for line in change.lines]


def test_the_same_content_has_no_changes(content):
    assert packs.compare(content, content) == ()


def test_words_that_changed_are_told_apart_from_those_that_did_not(content):
    later = replace(content, rationale=("It helps a great deal.",))
    (change,) = packs.compare(content, later)
    assert change.key == "rationale"
    assert told(change) == [[("same", "It "), ("removed", "helps."), ("added", "helps a great deal.")]]


def test_what_is_put_together_from_the_pieces_is_each_text(content):
    later = replace(content, competency="You do these two things with your students.")
    (change,) = packs.compare(content, later)
    (line,) = change.lines
    assert "".join(piece.text for piece in line if piece.kind != "added") == content.competency
    assert "".join(piece.text for piece in line if piece.kind != "removed") == later.competency


def test_paragraphs_come_and_go_whole(content):
    later = replace(content, rationale=("First of all.", *content.rationale))
    assert told(packs.compare(content, later)[0]) == [[("added", "First of all.")]]
    assert told(packs.compare(later, content)[0]) == [[("removed", "First of all.")]]


def test_taking_over_every_section_leaves_no_change_and_none_leaves_all(content):
    later = replace(content, summary="Another.", rationale=("Else.",), resources=())
    assert packs.compare(packs.take_over(content, later, packs.SECTIONS), later) == ()
    assert packs.take_over(content, later, []) == content
    half = packs.take_over(content, later, ["summary"])
    assert (half.summary, half.rationale) == ("Another.", content.rationale)


def test_every_field_that_readers_rely_on_stands_in_one_section(content):
    named = [field for _, fields in packs.SECTIONS.values() for field in fields]
    own = {"slug", "number", "title", "notice", "license", "mark", "origin", "developer", "authors"}
    assert sorted(named) == sorted(set(named))
    assert set(named) | own == set(content.__dataclass_fields__)
