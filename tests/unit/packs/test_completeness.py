"""What is missing from a submission, and what a slot can never take."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.pure.packs import parse
from cairn.pure.packs.completeness import Cited, Held, gaps, is_open, too_much
from cairn.pure.packs.words import FileType
from tests.packs_world import pack_files

CONTENT = parse(pack_files(details=3)).microcredentials[0].content
LONG = "This recording is 1:31 minutes long; “Plan” takes at most 1:30 minutes."
DETAILS = [detail.key for detail in CONTENT.details]
PLAN = Held("plan", "document", 1.0, pages=2, people="nobody")
WORDS = {prompt.key: max(1, prompt.words_min) for prompt in CONTENT.prompts}
CITED = [Cited(key, "It shows it.") for key in DETAILS]


def missing(*, words=WORDS, held=(PLAN,), cited=CITED, open_details=DETAILS, content=CONTENT):
    return [f"{gap.key}: {gap.sentence}" for gap in gaps(content, words=words, held=held, cited=cited, open_details=open_details)]


def slot(**change):
    """The pack's slot for plans, with other rules."""
    from dataclasses import replace

    return replace(CONTENT.artifact("plan"), **change)


def test_a_complete_attempt_misses_nothing():
    assert missing() == []


def test_an_empty_attempt_misses_every_required_text_slot_and_citation():
    found = gaps(CONTENT, words={}, held=(), cited=(), open_details=DETAILS)
    asked = [p.key for p in CONTENT.prompts if p.is_required] + [s.key for s in CONTENT.artifacts if s.files_min] + DETAILS
    assert sorted(gap.key for gap in found) == sorted(asked)


def test_gaps_stand_in_the_order_of_the_parts():
    order = [part.key for part in CONTENT.parts]
    found = [order.index(gap.part) for gap in gaps(CONTENT, words={}, held=(), cited=(), open_details=DETAILS)]
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (0, "place: “Where was it?” has no answer yet; it asks for at least 3 words."),
        (1, "place: “Where was it?” has 1 word; it takes 2 more to reach the minimum."),
        (2, "place: “Where was it?” has 2 words; it takes 1 more to reach the minimum."),
        (61, "place: “Where was it?” has 61 words; take out 1 to meet the maximum."),
    ],
)
def test_a_text_outside_its_limits_is_told_how_far(words, said):
    assert missing(words=WORDS | {"place": words}) == [said]


@pytest.mark.parametrize("words", [3, 60])
def test_a_text_at_its_limits_is_complete(words):
    assert missing(words=WORDS | {"place": words}) == []


def test_an_optional_text_may_stay_empty_but_not_grow_too_long():
    assert missing(words=WORDS | {"share": 0}) == []
    assert missing(words=WORDS | {"share": 61}) == ["share: “Whom will you tell?” has 61 words; take out 1 to meet the maximum."]


def test_a_required_text_without_a_minimum_still_asks_for_an_answer():
    content = parse(pack_files(words=(0, 60))).microcredentials[0].content
    found = gaps(content, words={}, held=[PLAN], cited=CITED, open_details=[d.key for d in content.details])
    assert found[0].sentence == "“Where was it?” has no answer yet."


def test_an_empty_slot_says_how_many_files_it_asks_for():
    assert missing(held=()) == ["plan: “Plan” has no file yet; it asks for at least 1."]


def test_a_slot_that_may_stay_empty_asks_for_nothing():
    assert CONTENT.artifact("recording").files_min == 0
    assert missing() == []


def test_more_files_than_a_slot_takes_are_told():
    assert missing(held=[PLAN] * 4) == ["plan: “Plan” has 4 files; it takes at most 3."]


def test_files_of_an_earlier_attempt_leave_room_for_new_ones():
    carried = Held("plan", "document", 1.0, people="nobody", is_carried=True)
    assert missing(held=[carried] * 3 + [PLAN] * 3) == []
    assert missing(held=[carried]) == []


def test_who_can_be_recognized_must_be_said_of_each_file():
    unsaid = Held("plan", "document", 1.0)
    assert missing(held=[PLAN, unsaid]) == ["plan: Say who can be recognized in file 2 of “Plan”."]


def test_students_may_appear_only_where_the_slot_allows_it():
    shown = Held("plan", "document", 1.0, people="students")
    recorded = Held("recording", "video", 1.0, seconds=10.0, people="students")
    (said,) = missing(held=[shown, recorded])
    assert said.startswith("plan: Students may not appear in “Plan”")


def test_a_recording_that_is_too_short_is_told():
    short = Held("recording", "video", 1.0, seconds=0.5, people="nobody")
    assert missing(held=[PLAN, short]) == ["recording: File 1 of “Recording” is 0:00 minutes long; it should be at least 0:01 minutes."]


def test_a_detail_without_a_citation_or_without_a_reason_is_told():
    first, second, *rest = CITED
    said = missing(cited=[Cited(second.detail, "  "), *rest])
    assert [line.partition(":")[0] for line in said] == [first.detail, second.detail]
    assert "cites no evidence yet" in said[0]
    assert "does not say why" in said[1]


def test_a_later_attempt_asks_only_for_what_is_open():
    closed, *left = DETAILS
    words = {key: count for key, count in WORDS.items() if not any(closed in p.serves for p in CONTENT.prompts if p.key == key)}
    assert missing(words=words, cited=CITED[1:], open_details=left) == []
    assert missing(words={}, cited=(), held=[PLAN], open_details=[])[0].startswith("place:")  # what serves the whole stays open


@given(st.sets(st.sampled_from(DETAILS)))
def test_a_text_is_open_when_one_of_its_details_is(open_details):
    for prompt in CONTENT.prompts:
        assert is_open(prompt, sorted(open_details)) == (not prompt.serves or bool(set(prompt.serves) & open_details))


counts = st.fixed_dictionaries({prompt.key: st.integers(0, 80) for prompt in CONTENT.prompts})
lengths = st.none() | st.floats(0, 400)
files = st.lists(
    st.builds(
        Held, st.sampled_from(["plan", "recording"]), st.sampled_from([str(t) for t in FileType]), st.floats(0, 50), seconds=lengths,
        people=st.sampled_from(["", "nobody", "adults", "students"]), is_carried=st.booleans(),
    ),
    max_size=5,
)  # fmt: skip
some_details = st.sets(st.sampled_from(DETAILS))
citations = st.lists(st.builds(Cited, st.sampled_from(DETAILS), st.text(max_size=3)), max_size=5)


@given(
    counts, files, st.lists(st.builds(Cited, st.sampled_from(DETAILS), st.text(max_size=3)), max_size=5), st.sets(st.sampled_from(DETAILS))
)
def test_each_gap_names_something_of_its_part_in_a_sentence(words, held, cited, open_details):
    for gap in gaps(CONTENT, words=words, held=held, cited=cited, open_details=sorted(open_details)):
        part = CONTENT.part(gap.part)
        known = {p.key for p in part.prompts} | {s.key for s in part.artifacts} | (open_details if part.kind == "analysis" else set())
        assert gap.key in known
        assert gap.sentence.endswith(".")


@given(counts, files)
def test_opening_more_details_never_asks_for_less(words, held):
    counted = [len(gaps(CONTENT, words=words, held=held, cited=(), open_details=DETAILS[:n])) for n in range(len(DETAILS) + 1)]
    assert counted == sorted(counted)


@pytest.mark.parametrize(
    ("change", "file", "said"),
    [
        ({}, Held("plan", "document", 1.0, pages=2), ""),
        ({}, Held("plan", "document", 10.0, pages=20), ""),
        ({}, Held("plan", "video", 1.0), "“Plan” takes document or image; this file is a video."),
        ({}, Held("plan", "audio", 1.0), "“Plan” takes document or image; this file is an audio recording."),
        ({}, Held("plan", "document", 10.01), "This file has 10.1 MB; “Plan” takes at most 10 MB."),
        ({}, Held("plan", "document", 1.0, pages=21), "This file has 21 pages; “Plan” takes at most 20."),
        ({"max_pages": None}, Held("plan", "document", 1.0, pages=900), ""),
        (
            {"seconds_max": 90},
            Held("plan", "document", 1.0, seconds=90.2),
            LONG,
        ),
        ({"seconds_max": 90}, Held("plan", "document", 1.0), ""),
    ],
)
def test_what_can_never_stand_in_a_slot_is_told_when_it_comes(change, file, said):
    assert too_much(slot(**change), file) == said
