"""A version's content is stored as JSON and comes back as it was."""

from __future__ import annotations

import json

import pytest

from cairn.kernel.errors import Invalid
from cairn.pure.packs import canonical, content_hash, from_json, parse, to_json
from tests.packs_world import microcredential, pack_files


def content_of(**fields):
    return parse(pack_files(change=fields)).microcredentials[0].content


def test_content_comes_back_from_json_as_it_was():
    parts = microcredential("x")["parts"]
    parts[1]["artifacts"][1] |= {"types": {"any_of": ["audio", {"all_of": ["video", "document"]}]}, "files": {"min": 0, "max": 2}}
    content = content_of(parts=parts, decision={"policy": "compensatory", "cut": 4})
    assert from_json(json.loads(json.dumps(to_json(content)))) == content


def test_canonical_bytes_are_json_with_sorted_names_and_no_spaces():
    data = canonical(content_of(title="Compétence"))
    assert json.loads(data) == to_json(content_of(title="Compétence"))
    assert data.startswith(b'{"alignments":[{"code":"R1",')
    assert "Compétence".encode() in data


def test_the_hash_is_sha_256_of_the_canonical_bytes():
    content = content_of()
    assert content_hash(content) == content_hash(content_of())
    assert len(content_hash(content)) == 64
    assert content_hash(content) != content_hash(content_of(title="Skill one"))


def test_a_level_is_stored_once_and_pointed_at_by_details():
    stored = to_json(content_of())
    assert stored["outcomes"][0]["details"][0]["levels"][0] == {"level": "developing", "text": "Says that it is done."}


def remove_title(stored):
    del stored["title"]


def add_field(stored):
    stored["extra"] = 1


def later_format(stored):
    stored["format"] = 2


def no_format(stored):
    del stored["format"]


def text_for_number(stored):
    stored["level"] = "1"


def unknown_level(stored):
    stored["outcomes"][0]["details"][0]["levels"][0]["level"] = "superb"


def unknown_word(stored):
    stored["parts"][0]["kind"] = "dance"


def unknown_type_rule(stored):
    stored["parts"][1]["artifacts"][0]["types"] = {"none_of": ["video"]}


def list_for_mapping(stored):
    stored["hours"] = []


@pytest.mark.parametrize(
    "spoil",
    [
        remove_title,
        add_field,
        later_format,
        no_format,
        text_for_number,
        unknown_level,
        unknown_word,
        unknown_type_rule,
        list_for_mapping,
    ],
)
def test_stored_content_that_is_not_ours_is_refused(spoil):
    stored = to_json(content_of())
    spoil(stored)
    with pytest.raises(Invalid) as refusal:
        from_json(stored)
    assert refusal.value.code == "version-unreadable"
    assert refusal.value.remedy == "Import its pack again."
