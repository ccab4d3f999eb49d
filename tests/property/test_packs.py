"""Whatever is written in a pack, it is read exactly or refused; what is read has one JSON form and one hash."""

from __future__ import annotations

import json

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.pure.packs import PackInvalid, canonical, content_hash, from_json, parse, to_json
from tests.packs_world import Dumper, microcredential, pack_files

SKILL = "river-bend-skill-1.yaml"
FILES = pack_files()
CONTENT = parse(FILES).microcredentials[0].content
HASH = content_hash(CONTENT)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=60)
SHAPES = {"outcomes": st.integers(1, 4), "details": st.integers(1, 3), "words": st.tuples(st.integers(0, 50), st.integers(50, 900))}


def rearranged(value, draw):
    """The same fields as texts, in another order at every depth."""
    if isinstance(value, dict):
        return {name: rearranged(value[name], draw) for name in draw(st.permutations(list(value)))}
    if isinstance(value, list):
        return [rearranged(item, draw) for item in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


@given(shape=st.fixed_dictionaries(SHAPES), title=TEXTS, number=st.tuples(st.integers(0, 99), st.integers(0, 99)))
@settings(max_examples=40, deadline=None)
def test_what_is_read_survives_json_and_keeps_its_hash(shape, title, number):
    files = pack_files(change={"competency": title}, number="{}.{}".format(*number), **shape)
    content = parse(files).microcredentials[0].content
    again = from_json(json.loads(canonical(content)))
    assert again == content
    assert to_json(again) == to_json(content)
    assert content_hash(again) == content_hash(content)


@given(data=st.data(), style=st.sampled_from([None, "'", '"', "|", ">"]), flow=st.booleans(), width=st.integers(20, 200))
@settings(max_examples=25, deadline=None)
def test_the_hash_does_not_depend_on_how_the_file_is_laid_out(data, style, flow, width):
    fields = rearranged(microcredential("river-bend-skill-1"), data.draw)
    text = yaml.dump(fields, Dumper=Dumper, default_style=style, default_flow_style=flow, width=width, sort_keys=False)
    content = parse(FILES | {SKILL: text}).microcredentials[0].content
    assert content_hash(content) == HASH


@given(data=st.data(), other=TEXTS)
@settings(max_examples=60, deadline=None)
def test_any_change_of_a_text_changes_the_hash(data, other):
    stored = to_json(CONTENT)
    holder, name = data.draw(st.sampled_from(list(prose(stored))))
    holder[name] += other
    assert content_hash(from_json(stored)) != HASH


def prose(value):
    """Where free text is stored: (holder, key) pairs."""
    if isinstance(value, dict):
        free = {"title", "text", "question", "guiding_question", "instructions", "what_belongs", "competency", "notice", "summary"}
        yield from ((value, name) for name in value if name in free)
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from prose(item)


LINES = FILES[SKILL].splitlines()


@given(line=st.integers(0, len(LINES) - 1), instead=st.one_of(st.just(""), TEXTS, st.sampled_from(LINES)), twice=st.booleans())
@settings(max_examples=150, deadline=None)
def test_a_pack_with_any_line_changed_is_read_or_refused_with_places_and_remedies(line, instead, twice):
    lines = [*LINES[:line], *([LINES[line]] if twice else []), instead, *LINES[line + 1 :]]
    check(FILES | {SKILL: "\n".join(lines)})


@given(text=st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_at_all_is_refused_with_a_place_and_a_remedy(text):
    check(FILES | {"extra.yaml": text})


FIELDS = yaml.safe_load(FILES[SKILL])
STRANGERS = [None, "", [], {}, "x", "-1", 10**12, True, ["x"], [["x"]], [{}], [None], {"x": "y"}, {"any_of": ["video"]}, {"all_of": []}]


@given(data=st.data(), stranger=st.sampled_from([*STRANGERS, "long " * 2000]))
@settings(max_examples=150, deadline=None)
def test_a_pack_with_any_field_replaced_is_read_or_refused_with_places_and_remedies(data, stranger):
    fields = json.loads(json.dumps(FIELDS))
    holder, name = data.draw(st.sampled_from(list(places(fields))))
    holder[name] = stranger
    check(FILES | {SKILL: yaml.dump(fields, Dumper=Dumper, sort_keys=False)})


def places(value):
    """Where anything is held: (holder, key) pairs."""
    for name, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield value, name
        yield from places(item)


def check(files):
    try:
        parse(files)
    except PackInvalid as refusal:
        for problem in refusal.problems:
            assert problem.message
            assert problem.remedy
            assert problem.file in files
            assert 1 <= problem.line <= len(files[problem.file].splitlines()) + 1
