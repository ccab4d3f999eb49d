"""A valid pack becomes values that a page can walk through."""

from __future__ import annotations

import pytest

from cairn.kernel.errors import NotFound
from cairn.pure.packs import PackInvalid, parse
from cairn.pure.packs.words import CreditUnit, FileType, OrganizationKind, Origin, PartKind, Policy, State, Trigger
from tests.packs_world import dump, microcredential, pack_files


def content_of(**fields):
    return parse(pack_files(change=fields)).microcredentials[0].content


def test_the_pack_names_its_issuers_program_and_stacks():
    pack = parse(pack_files("river", micro_credentials=3, per_stack=2))
    assert (pack.issuer.slug, pack.issuer.kind) == ("river-institute", OrganizationKind.PROVIDER)
    assert [organization.slug for organization in pack.co_issuers] == ["river-district"]
    assert pack.program.slug == "river-program"
    assert [[member.title for member in stack.members] for stack in pack.stacks] == [["Skill 1", "Skill 2"], ["Skill 3"]]
    assert {member.state for stack in pack.stacks for member in stack.members} == {State.PUBLISHED}


def test_a_version_carries_the_notice_and_license_of_its_pack():
    pack = parse(pack_files())
    assert (pack.microcredentials[0].content.notice, pack.microcredentials[0].content.license) == (pack.notice, pack.license)


def test_the_rubric_runs_from_lowest_to_highest_with_one_bar():
    content = content_of()
    assert [(level.key, level.rank, level.is_bar, level.passes) for level in content.rubric.levels] == [
        ("developing", 1, False, False),
        ("proficient", 2, True, True),
        ("advanced", 3, False, True),
    ]
    assert content.bar == content.rubric.level("proficient")


def test_each_detail_says_what_is_seen_at_each_level():
    detail = parse(pack_files(outcomes=2, details=2)).microcredentials[0].content.detail("2b")
    assert detail.text == "You do thing 2b."
    assert [described.level.key for described in detail.levels] == ["developing", "proficient", "advanced"]
    assert detail.at("proficient").text == "Shows one case of it."


def test_levels_written_in_another_order_still_run_upward():
    outcomes = microcredential("x")["outcomes"]
    outcomes[0]["details"][0]["levels"] = {"advanced": "A.", "developing": "D.", "proficient": "P."}
    assert [described.text for described in content_of(outcomes=outcomes).detail("1a").levels] == ["D.", "P.", "A."]


def test_details_lie_flat_across_outcomes_and_know_their_outcome():
    content = parse(pack_files(outcomes=2, details=2)).microcredentials[0].content
    assert [detail.key for detail in content.details] == ["1a", "1b", "2a", "2b"]
    assert content.outcome_of("2a").key == "2"


def test_parts_come_in_order_with_their_prompts_and_slots():
    content = content_of()
    assert [part.kind for part in content.parts] == list(PartKind)
    assert [prompt.key for prompt in content.prompts] == ["place", "analysis-1a", "analysis-1b", "change", "share"]
    assert [artifact.key for artifact in content.artifacts] == ["plan", "recording"]


def test_a_prompt_for_each_detail_asks_its_guiding_question():
    prompt = content_of().prompt("analysis-1b")
    assert (prompt.question, prompt.serves, prompt.is_required) == ("What shows that you did 1b?", ("1b",), True)


def test_a_prompt_that_serves_the_whole_names_no_detail():
    assert content_of().prompt("place").serves == ()


def test_word_limits_of_a_part_add_up_over_what_is_required():
    reflection = parse(pack_files(words=(5, 60))).microcredentials[0].content.part("reflection")
    assert (reflection.words_min, reflection.words_max) == (5, 120)


def test_a_slot_keeps_its_limits():
    recording = content_of().artifact("recording")
    assert (recording.files_min, recording.files_max) == (0, 1)
    assert (recording.seconds_min, recording.seconds_max, recording.max_megabytes, recording.max_pages) == (1, 300, None, None)
    assert recording.minors_may_appear
    assert not content_of().artifact("plan").minors_may_appear


@pytest.mark.parametrize(
    ("types", "words", "met_by", "not_met_by"),
    [
        ("document", "document", [{"document"}], [{"image"}, set()]),
        (["document", "image"], "document or image", [{"image"}, {"document", "image"}], [{"video"}]),
        ({"all_of": ["video", "document"]}, "video and document", [{"video", "document"}], [{"video"}, {"document"}]),
        (
            {"any_of": ["document", {"all_of": ["image", "audio"]}]},
            "document or (image and audio)",
            [{"document"}, {"image", "audio"}],
            [{"image"}, {"audio"}],
        ),
        (
            {"all_of": ["document", {"any_of": ["image", "video"]}]},
            "document and (image or video)",
            [{"document", "video"}],
            [{"image", "video"}],
        ),
    ],
)
def test_types_of_files_may_be_alternatives_or_all_be_asked_for(types, words, met_by, not_met_by):
    parts = microcredential("x")["parts"]
    parts[1]["artifacts"][0] |= {"types": types, "files": {"min": 1, "max": 3}}
    del parts[1]["artifacts"][0]["max_pages"]
    rule = content_of(parts=parts).artifact("plan").types
    assert str(rule) == words
    assert all(rule.is_met_by(given) for given in met_by)
    assert not any(rule.is_met_by(given) for given in not_met_by)
    assert rule.types <= set(FileType)


def test_decision_and_scoring_come_from_the_file():
    content = content_of()
    assert (content.decision.policy, content.decision.cut) == (Policy.EVERY_DETAIL_AT_BAR, None)
    assert (content.scoring.assessors, content.scoring.adjudicate_when) == (2, (Trigger.SPLIT, Trigger.TWO_LEVELS_APART))
    assert (content.scoring.decide_within_business_days, content.scoring.revision_days, content.scoring.attempts_before_coach) == (
        14,
        30,
        3,
    )


def test_a_compensatory_rule_has_its_cut():
    assert content_of(decision={"policy": "compensatory", "cut": 5}).decision.cut == 5


def test_estimated_hours_and_credit_are_kept_apart():
    hours = content_of().hours
    assert (hours.estimated_min, hours.estimated_max, hours.estimated_by) == (2, 4, "the author")
    assert hours.credit is not None
    assert (hours.credit.amount, hours.credit.unit) == (0.5, CreditUnit.CEU)
    assert content_of(hours={"estimated": {"min": 2, "max": 2}, "estimated_by": "the author"}).hours.credit is None


def test_alignments_point_at_the_whole_or_at_a_detail_of_a_known_standard():
    pack = parse(pack_files())
    alignments = pack.microcredentials[0].content.alignments
    assert [(each.code, each.target) for each in alignments] == [("R1", "whole"), ("R2", "1a")]
    assert pack.framework("river-standards").item("R2").title == "Reflect"


def test_further_names_and_a_price_note_stay_outside_the_version():
    changed = parse(pack_files(change={"price_note": "Free this year.", "aliases": ["old-skill"]})).microcredentials[0]
    plain = parse(pack_files()).microcredentials[0]
    assert (changed.aliases, changed.price_note) == (("old-skill",), "Free this year.")
    assert changed.content == plain.content


def test_planned_members_need_no_file_and_unknown_names_are_only_counted():
    stack = {"slug": "later", "title": "Later", "order": 2, "state": "planned", "summary": "Not yet written.", "audiences": ["teachers"]}
    stack |= {"pigment": "clay", "shape": "disc", "members": [{"slug": "third-skill", "title": "Third Skill"}], "unnamed": 2}
    files = pack_files()
    files["pack.yaml"] += dump({"stacks": [stack]}).removeprefix("stacks:\n")
    later = parse(files).stacks[1]
    assert [(member.title, member.state) for member in later.members] == [("Third Skill", State.PLANNED)]
    assert later.unnamed == 2


def test_a_planned_stack_may_say_which_frameworks_it_will_align_to():
    stack = {"slug": "later", "title": "Later", "order": 2, "state": "planned", "summary": "Not yet written.", "audiences": ["teachers"]}
    stack |= {"pigment": "clay", "shape": "disc", "members": [{"slug": "third-skill", "title": "Third Skill"}]}
    files = pack_files()
    without = files["pack.yaml"]
    files["pack.yaml"] = without + dump({"stacks": [{**stack, "frameworks": ["river-standards"]}]}).removeprefix("stacks:\n")
    assert parse(files).stacks[1].frameworks == ("river-standards",)
    files["pack.yaml"] = without + dump({"stacks": [{**stack, "frameworks": ["sea-standards"]}]}).removeprefix("stacks:\n")
    with pytest.raises(PackInvalid) as raised:
        parse(files)
    assert [problem.message for problem in raised.value.problems] == ["The pack itself does not name the framework “sea-standards”."]


def test_values_are_the_text_that_was_written():
    content = content_of(title="No", number="1.10")
    assert (content.title, content.number) == ("No", "1.10")
    unquoted = pack_files()
    unquoted["river-bend-skill-1.yaml"] = unquoted["river-bend-skill-1.yaml"].replace("number: '1.0'", "number: 1.10")
    assert parse(unquoted).microcredentials[0].content.number == "1.10"


def test_what_may_be_left_out_has_a_value():
    content = content_of(citations=[], resources=[], alignments=[])
    assert (content.citations, content.resources, content.alignments, content.origin) == ((), (), (), Origin.PACKAGED)


def test_a_framework_that_the_pack_does_not_name_is_left_out():
    files = pack_files()
    files["frameworks/other.yaml"] = files["frameworks/river-standards.yaml"].replace("slug: river-standards", "slug: other")
    assert [framework.slug for framework in parse(files).frameworks] == ["river-standards"]


@pytest.mark.parametrize("look_up", ["detail", "part", "prompt", "artifact", "outcome_of"])
def test_an_unknown_key_is_not_found(look_up):
    with pytest.raises(NotFound):
        getattr(content_of(), look_up)("9z")
