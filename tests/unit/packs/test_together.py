"""Details that a team may show together: what a pack may say of them, and what takes part in them."""

from __future__ import annotations

import pytest

from cairn.pure.packs import PackInvalid, content_hash, from_json, parse, to_json
from cairn.pure.packs.together import is_shared, may_be_together, rests_on_shared
from tests.packs_world import microcredential, pack_files


def content(together=("1a",), change=None):
    fields = microcredential("river-bend-skill-1")
    for detail in fields["outcomes"][0]["details"]:
        if detail["key"] in together:
            detail["together"] = True
    pack = parse(pack_files(change={"outcomes": fields["outcomes"], **(change or {})}))
    return pack.microcredentials[0].content


def test_what_serves_details_shown_together_is_the_teams_and_nothing_else():
    told = content()
    assert [detail.key for detail in may_be_together(told)] == ["1a"]
    assert [each.key for each in (*told.prompts, *told.artifacts) if is_shared(each, {"1a"})] == ["analysis-1a", "plan"]
    assert rests_on_shared(told, "1a", {"1a"})
    assert not rests_on_shared(told, "1b", {"1a"})


def test_a_version_without_teams_is_stored_as_before_and_one_with_them_comes_back():
    plain, shared = content(together=()), content()
    assert "is_together" not in str(to_json(plain))
    assert from_json(to_json(shared)) == shared
    assert content_hash(plain) != content_hash(shared)


def test_something_is_left_to_each_member():
    with pytest.raises(PackInvalid, match="Every detail is “together”"):
        content(together=("1a", "1b"))


def test_a_prompt_serves_details_of_one_sort():
    parts = microcredential("river-bend-skill-1")["parts"]
    parts[0]["prompts"][0]["serves"] = ["1a", "1b"]
    with pytest.raises(PackInvalid, match="shown together and others"):
        content(change={"parts": parts})


def test_a_team_that_cites_files_has_a_slot_for_them():
    parts = microcredential("river-bend-skill-1")["parts"]
    parts[1]["artifacts"][0]["serves"] = "whole"
    with pytest.raises(PackInvalid, match="no slot is for what it shows together"):
        content(change={"parts": parts})
