"""What holds for every pair of score sheets."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cairn.pure.rubrics import EARNED, NOT_YET, Decided, Mark, Policy, Scale, Sheet, Split, check, decide

SCALE = Scale(("1", "2", "3", "4"), bar="3")
DETAILS = tuple("abcde")


@st.composite
def cases(draw):
    details = DETAILS[: draw(st.integers(1, 5))]
    level = st.sampled_from(SCALE.levels)
    sheets = [Sheet(id, tuple(Mark(detail, draw(level)) for detail in details)) for id in ("x", "y")]
    carried = {detail: draw(st.sampled_from(["3", "4"])) for detail in ("f", "g")[: draw(st.integers(0, 2))]}
    triggers = tuple(draw(st.sets(st.sampled_from(["split", "two-levels-apart", "third-differs"]))))
    count = len(details) + len(carried)
    policy = draw(
        st.sampled_from([Policy("every-detail-at-bar", triggers), Policy("compensatory", triggers, draw(st.integers(count, 4 * count)))])
    )
    return sheets, {"details": details, "scale": SCALE, "policy": policy, "carried": carried}


def raised(sheet, detail):
    """The sheet with one level raised by one step, where there is one."""
    up = {"1": "2", "2": "3", "3": "4", "4": "4"}
    return replace(sheet, marks=tuple(replace(mark, level=up[mark.level]) if mark.detail == detail else mark for mark in sheet.marks))


@given(cases())
def test_the_order_of_the_sheets_never_matters(case):
    (x, y), given_ = case
    assert decide([x, y], **given_) == decide([y, x], **given_)


@given(cases(), st.data())
def test_raising_a_level_never_turns_earned_into_not_yet(case, data):
    (x, y), given_ = case
    before = decide([x, y], **given_)
    after = decide([raised(x, data.draw(st.sampled_from(given_["details"]))), y], **given_)
    if isinstance(before, Decided) and before.outcome == EARNED:
        assert isinstance(after, Split) or after.outcome == EARNED


@given(cases())
def test_not_yet_reopens_something_and_earned_nothing(case):
    sheets, given_ = case
    result = decide(sheets, **given_)
    if isinstance(result, Decided):
        assert bool(result.reopened) == (result.outcome == NOT_YET)
        assert set(result.carried) | set(result.reopened) == set(result.levels)


@given(cases())
def test_the_adjudicators_sheet_decides_as_if_it_were_alone(case):
    (x, y), given_ = case
    third = replace(x, id="z")
    with_others, alone = decide([x, y], **given_, adjudicated=third), decide([third], **given_)
    assert (with_others.outcome, with_others.levels, with_others.reopened) == (alone.outcome, alone.levels, alone.reopened)


@given(cases())
def test_a_split_always_gives_a_reason_its_policy_asked_for(case):
    sheets, given_ = case
    result = decide(sheets, **given_)
    if isinstance(result, Split):
        assert result.reasons
        assert set(result.reasons) <= set(given_["policy"].adjudicate)
        assert result.details


@given(st.lists(st.builds(Mark, *[st.text(max_size=4)] * 4), max_size=6), st.lists(st.text(max_size=4), max_size=4, unique=True))
def test_any_marks_at_all_are_answered_with_sentences(marks, details):
    for problem in check(marks, details=details, scale=SCALE, text_limit=2):
        assert problem.sentence.endswith(".")
