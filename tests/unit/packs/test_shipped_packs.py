"""The packs that come with Cairn, and the one in the documentation, are complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cairn
from cairn.apps.people.states import ORGANIZATION_KINDS
from cairn.interfaces.web.art import marks
from cairn.pure import rubrics
from cairn.pure.packs import parse
from cairn.pure.packs.words import MARKS, PIGMENTS, SHAPES, OrganizationKind, PartKind, Policy, State, Trigger

DATA = Path(cairn.__file__).parent / "data"
HOWTO = DATA.parent.parent / "docs" / "howto" / "write-a-pack.md"
FRAMEWORKS = {f"frameworks/{path.name}": path.read_text() for path in sorted((DATA / "frameworks").glob("*.yaml"))}
MISSOURI = parse(FRAMEWORKS | {path.name: path.read_text() for path in (DATA / "packs" / "missouri-leadership").glob("*.yaml")})
OUTCOMES = {
    "guaranteed-and-viable-curriculum": 3,
    "effective-instructional-practice": 4,
    "effective-assessment": 3,
    "professional-learning": 4,
}
CONTENTS = [MISSOURI.microcredential(slug).content for slug in OUTCOMES]


def test_instructional_leadership_has_its_four_members_in_order():
    stack = MISSOURI.stacks[0]
    assert (stack.slug, stack.state) == ("instructional-leadership", State.PUBLISHED)
    assert [member.slug for member in stack.members] == list(OUTCOMES)


def test_outcomes_are_three_four_three_and_four():
    assert [len(content.outcomes) for content in CONTENTS] == list(OUTCOMES.values())


@pytest.mark.parametrize("content", CONTENTS, ids=lambda content: content.slug)
def test_each_asks_for_the_four_parts_with_their_word_limits(content):
    assert [part.kind for part in content.parts] == list(PartKind)
    narrative, portfolio, analysis, reflection = content.parts
    assert (narrative.words_min, len(narrative.prompts)) == (1000, 5)
    assert len(portfolio.artifacts) == 5
    assert [prompt.serves for prompt in analysis.prompts] == [(detail.key,) for detail in content.details]
    assert reflection.words_min == 500


@pytest.mark.parametrize("content", CONTENTS, ids=lambda content: content.slug)
def test_each_can_be_scored_and_says_that_it_is_an_example(content):
    assert [level.title for level in content.rubric.levels] == ["Developing", "Proficient", "Advanced"]
    assert content.bar.title == "Proficient"
    assert all(2 <= len(outcome.details) <= 4 for outcome in content.outcomes)
    assert all(detail.text.startswith(("You ", "Your ", "Teams ")) for detail in content.details)
    assert content.notice == "Example written for Cairn, not the program's own text."


@pytest.mark.parametrize("content", CONTENTS, ids=lambda content: content.slug)
def test_every_detail_has_a_question_and_a_slot_of_its_own(content):
    for detail in content.details:
        assert any(detail.key in prompt.serves for prompt in content.prompts)
        assert any(detail.key in artifact.serves for artifact in content.artifacts), detail.key


def test_the_other_spelling_of_the_source_is_an_alias():
    assert MISSOURI.microcredential("effective-instructional-practice").aliases == ("effective-instructional-practices",)


def test_the_other_stacks_hold_known_names_and_count_the_rest_to_fifteen():
    planned = {stack.title: ([member.title for member in stack.members], stack.unnamed) for stack in MISSOURI.stacks[1:]}
    assert planned == {
        "Visionary Leadership": (["Leading Vision and Mission"], 1),
        "Managerial Leadership": (["Personnel"], 2),
        "Relational Leadership": (
            ["Building Internal Relationships", "Building Personal Relationships", "Building External Relationships"],
            0,
        ),
        "Innovative Leadership": (["Personal Professional Learning"], 2),
    }
    assert sum(len(stack.members) + stack.unnamed for stack in MISSOURI.stacks) == 15
    assert {stack.state for stack in MISSOURI.stacks[1:]} == {State.PLANNED}


def test_no_two_stacks_look_alike():
    assert len({stack.pigment for stack in MISSOURI.stacks}) == len({stack.shape for stack in MISSOURI.stacks}) == 5


def test_the_standards_are_there_by_code_and_title():
    assert [item.code for item in MISSOURI.framework("psel-2015").items] == [str(number) for number in range(1, 11)]
    assert [item.code for item in MISSOURI.framework("mlds").items] == [
        "visionary",
        "instructional",
        "managerial",
        "relational",
        "innovative",
    ]


def test_the_example_in_the_documentation_is_a_whole_pack():
    blocks = re.findall(r"```yaml\n# (\S+)\n(.*?)```", HOWTO.read_text(), re.DOTALL)
    pack = parse(FRAMEWORKS | dict(blocks))
    assert [mc.content.title for mc in pack.microcredentials] == ["Calling Home"]
    assert [member.state for member in pack.stacks[0].members] == [State.PUBLISHED, State.PLANNED]


def test_a_pack_names_only_policies_and_triggers_that_can_be_carried_out():
    assert set(Policy) == set(rubrics.POLICIES)
    assert set(Trigger) == set(rubrics.TRIGGERS)


def test_a_pack_names_only_kinds_of_organizations_that_can_be_stored():
    assert {str(kind) for kind in OrganizationKind} == set(ORGANIZATION_KINDS)


def test_a_pack_names_only_marks_pigments_and_shapes_that_can_be_drawn():
    assert set(MARKS) == set(marks.MARKS)
    assert set(PIGMENTS) == set(marks.FAMILIES)
    assert set(SHAPES) == set(marks.SHAPES)
