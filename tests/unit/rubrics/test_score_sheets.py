"""What a score sheet must hold before it can be locked."""

import pytest

from cairn.kernel.errors import Invalid
from cairn.pure.rubrics import Mark, Scale, check

SCALE = Scale(("developing", "proficient", "advanced"), bar="proficient")


def codes(*marks, details=("1a", "1b"), **kwargs):
    return [(problem.detail, problem.field, problem.code) for problem in check(marks, details=details, scale=SCALE, **kwargs)]


def test_a_finished_sheet_has_no_problems():
    assert codes(Mark("1a", "advanced", "Page 3."), Mark("1b", "developing", "No data.", "Add the spring data.")) == []


def test_an_unmarked_detail_needs_a_level_and_a_rationale():
    assert codes(Mark("1a", "proficient", "Page 3.")) == [("1b", "level", "missing-level"), ("1b", "rationale", "missing-rationale")]


def test_spaces_are_no_rationale():
    assert codes(Mark("1a", "proficient", " \n"), details=["1a"]) == [("1a", "rationale", "missing-rationale")]


def test_advice_is_required_only_below_the_bar():
    assert codes(Mark("1a", "developing", "Thin."), Mark("1b", "proficient", "Good.")) == [("1a", "advice", "missing-advice")]


def test_the_sentence_about_advice_names_the_bar():
    (problem,) = check([Mark("1a", "developing", "Thin.")], details=["1a"], scale=SCALE)
    assert problem.sentence == "Say what the educator can do to reach proficient."


def test_an_unknown_level_is_named():
    assert codes(Mark("1a", "superb", "Yes."), details=["1a"]) == [("1a", "level", "unknown-level")]


def test_a_detail_that_is_not_open_is_refused():
    assert codes(Mark("1a", "proficient", "Yes."), Mark("9z", "proficient", "Yes."), details=["1a"]) == [("9z", "detail", "unknown-detail")]


def test_a_detail_marked_twice_is_refused():
    assert codes(Mark("1a", "proficient", "Yes."), Mark("1a", "advanced", "Yes."), details=["1a"]) == [("1a", "detail", "repeated-detail")]


def test_text_at_the_limit_passes_and_one_character_more_does_not():
    assert codes(Mark("1a", "proficient", "x" * 20), details=["1a"], text_limit=20) == []
    assert codes(Mark("1a", "proficient", "x" * 21, "y" * 22), details=["1a"], text_limit=20) == [
        ("1a", "rationale", "too-long"),
        ("1a", "advice", "too-long"),
    ]


@pytest.mark.parametrize(("levels", "bar"), [((), "a"), (("a", "b"), "c"), (("a", "a"), "a"), (("a", ""), "a")])
def test_a_scale_that_cannot_be_read_is_refused(levels, bar):
    with pytest.raises(Invalid):
        Scale(levels, bar)
