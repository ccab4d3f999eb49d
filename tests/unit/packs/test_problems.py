"""A broken pack is refused with every problem at once; each names its file, its line and what to do."""

from __future__ import annotations

import pytest

from cairn.kernel.errors import Invalid
from cairn.pure.packs import PackInvalid, parse
from cairn.pure.packs.read import MAX_FILES
from cairn.pure.packs.tree import MAX_CHARACTERS
from tests.packs_world import pack_files

PACK, STANDARDS, SKILL = "pack.yaml", "frameworks/river-standards.yaml", "river-bend-skill-1.yaml"


def problems_of(files):
    with pytest.raises(PackInvalid) as refusal:
        parse(files)
    return refusal.value.problems


def problems_after(file, old, new):
    """The problems once the first `old` in `file` is written `new`, and the line on which `new`, or what follows its “¦”, begins."""
    files = pack_files()
    assert old in files[file]
    start = files[file].index(old) + (new.index("¦") if "¦" in new else 0)
    files[file] = files[file].replace(old, new.replace("¦", ""), 1)
    return problems_of(files), files[file].count("\n", 0, start) + 1


def assert_named(file, old, new, message, remedy, place=""):
    """One of the problems is at the changed line, or where `place` begins, and says what is wrong and what to do."""
    problems, line = problems_after(file, old, new)
    if place:
        line = line_of(pack_files()[file], place)
    found = [problem for problem in problems if (problem.file, problem.line) == (file, line)]
    assert any(message in problem.message and remedy in problem.remedy for problem in found), problems


def line_of(text, marker):
    assert marker in text
    return text[: text.index(marker)].count("\n") + 1


TITLE = "title: Skill 1\n"
SYNTAX = [
    ("title: Skill: 1\n", "not YAML: mapping values", "quote text that contains"),
    ("title: &t Skill 1\n", "Anchors and aliases are not read; “t” was found", "Write the value out"),
    ("title: *t\n", "Anchors and aliases are not read; “t” was found", "Write the value out"),
    ("title: !!python/name:os.system x\n", "Tags are not read; “tag:yaml.org,2002:python/name:os.system”", "Remove the tag"),
    ("title: " + "[" * 30, "more than 12 deep", "Take out brackets"),
    ("title: a\x00b\n", "not YAML", "Check the indentation"),
    ("title: \ud800\n", "half a character", "UTF-8"),
    ("? [a]\n: b\n", "name is a list or a mapping", "one word"),
    ("---\ntitle: Skill 1\n", "a second document", "a file of its own"),
]


@pytest.mark.parametrize(("new", "message", "remedy"), SYNTAX)
def test_what_is_not_plain_yaml_is_refused_at_its_line(new, message, remedy):
    (problem,), line = problems_after(SKILL, TITLE, new)
    assert (problem.file, problem.line) == (SKILL, line)
    assert message in problem.message
    assert remedy in problem.remedy


FIELDS = [
    (TITLE, TITLE + "¦title: Skill 2\n", "“title” is here twice; it stands on line 3 already", "Keep one"),
    (TITLE, "", "The field “title” is missing", "Add “title:”", "kind:"),
    (TITLE, "title:\n", "“title” is empty", "Write something"),
    (TITLE, "title: ~\n", "“title” is empty", "Write something"),
    (TITLE, f"title: {'long ' * 40}\n", "at most 140 are allowed", "Shorten it"),
    (TITLE, "title: |\n  Skill\n  One\n", "more than one line", "on one line"),
    (TITLE, "title: [Skill]\n", "“title” is a list; it must be text", "behind the colon"),
    (TITLE, 'title: "Skill \\0 1"\n', "“title” holds a sign that cannot be seen, U+0000", "type the text anew"),
    (TITLE, 'title: "Skill \\u202e 1"\n', "“title” holds a sign that cannot be seen, U+202E", "Take it out"),
    ("slug: river-bend-skill-1\n", f"slug: {'s' * 81}\n", "“slug” has 81 characters; at most 80 are allowed", "Shorten it"),
    ("slug: river-bend-skill-1\n", "slug: River_Bend\n", "“slug” is “River_Bend”; it must be lower-case", "to that form"),
    ("number: '1.0'", "number: first", "must be two numbers with a point between", "Change it"),
    ("mark: book", "mark: boot", "“mark” is “boot”; allowed are: balance, book", "Did you mean “book”?"),
    ("level: 1", "level: 4", "“level” is “4”; it must be a whole number from 1 to 3", "Change the number"),
    ("level: 1", "level: 1.5", "“level” is “1.5”", "Change the number"),
    ("rigor: application", "rigor: tough", "allowed are: knowledge, application, impact", "Use one of those"),
    ("rationale:\n- It helps.\n", "rationale: []\n", "“rationale” has 0 entries", "Add what is missing"),
    ("rationale:\n- It helps.\n", "rationale:\n¦- [It]\n", "holds a list where a text belongs", "one text per entry"),
    ("rationale:\n- It helps.\n", "rationale:\n  it: helps\n", "a mapping of fields; it must be a list", "a hyphen"),
    ("- title: Plan\n  text:", "- title: Plan\n¦  txet:", "no field “txet” here; the fields are: title, text", "“text”?"),
    ("  reference: In any library", "  url: ftp://x", "begins with https:// or http://", "Change it"),
    ("  reference: In any library", "  note: Good", "neither “url” nor “reference”", "Say where", "- title: A book"),
    ("resources:\n", "resources:\n¦- A book\n", "“resources” holds text where fields belong", "below its hyphen"),
    ("hours:\n", "hours: many\nhouse:\n", "“hours” is text; it must be a mapping of fields", "Write its fields below it"),
    ("    unit: ceu", "    unit: ceus", "“unit” is “ceus”; allowed are: contact-hours", "Did you mean “ceu”?"),
    ("    amount: 0.5", "    amount: half", "a number above 0", "Change the number"),
    ("    min: 2\n    max: 4", "    min: 5\n¦    max: 4", "“max” is 4 and smaller than “min”, 5", "Exchange the two"),
    ("audiences:\n- teachers", "audiences:\n- teachers\n- teachers", "names “teachers” twice", "Take one"),
    ("audiences:\n- teachers", "audiences:\n- parents", "“audiences” is “parents”; allowed are: teachers", "Use one of"),
]


@pytest.mark.parametrize("case", FIELDS)
def test_a_field_that_is_not_what_it_must_be_is_named(case):
    assert_named(SKILL, *case)


WITHIN_A_VERSION = [
    ("  bar: true\n", "", "None of the levels has “bar: true”; exactly one must", "lowest level that passes", "rubric:"),
    ("  title: Advanced\n", "  title: Advanced\n  bar: true\n", "2 of the levels have “bar: true”", "lowest level", "rubric:"),
    ("- key: developing\n", "- key: proficient\n", "“proficient” is taken", "another name", "- key: proficient"),
    ("- key: '1'", "- key: '2'", "outcomes are numbered from 1, and this is number 1", "Write “1”"),
    ("  - key: 1b", "  - key: 1a", "detail “1a” is taken; it stands at river-bend-skill-1.yaml", "another name"),
    ("  - key: 1b", "  - key: 2b", "it must be “1” and a letter, such as “1a”", "Change it"),
    ("      advanced: Shows several cases and what changed.\n", "", "“advanced” is missing", "Add “advanced:”", "    levels:"),
    ("      advanced: Shows", "      expert: Shows", "There is no field “expert” here", "Remove it"),
    ("    serves: whole", "    serves: 1c", "it must be “whole” or keys of details: 1a, 1b", "Correct the key"),
    ("    serves: whole", "    serves: [whole, 1a]", "it must be “whole” or keys of details", "Correct the key"),
    ("    serves:\n    - 1a", "    serves:\n    - 1z", "“serves” is “1z”", "Correct the key"),
    ("  - key: change", "  - key: place", "key of a part, prompt or artifact “place” is taken", "another"),
    ("- key: developing\n", f"- key: {'d' * 41}\n", "“key” has 41 characters; at most 40 are allowed", "Shorten it"),
    ("- key: portfolio", f"- key: {'p' * 41}", "“key” has 41 characters; at most 40 are allowed", "Shorten it"),
    ("- key: portfolio", "- key: check", "“check” is a page of the workspace", "Choose another key"),
    ("- key: portfolio", "- key: submit", "“submit” is a page of the workspace", "Choose another key"),
    ("- key: portfolio", "- key: feedback", "“feedback” is a page of the workspace", "Choose another key"),
    ("- key: portfolio", "- key: withdraw", "“withdraw” is a page of the workspace", "Choose another key"),
    ("  - key: plan", "  - key: 1a", "“key” is “1a”; it must be lower-case letters, digits and single hyphens, beginning", "to that"),
    ("      min: 3\n      max: 60", "      min: 61\n¦      max: 60", "“max” is 60 and smaller than “min”, 61", "Exchange"),
    ("      min: 3\n      max: 60", "      min: 0\n      max: 0", "At most 0 words", "Allow some", "    words:"),
    ("      max: 60", "      max: 60000", "a whole number from 0 to 10000", "Change the number"),
    ("    types:\n    - document", "    types:\n    - hologram", "“types” is “hologram”; allowed are: document", "Use one"),
    ("    types: video\n    files:", "    types: {all_of: [video, audio]}\n¦    files:", "At most 1 files", "Allow more"),
    ("    types: video", "    types: image", "“seconds” is given, and no type here has any: image", "audio", "    seconds:"),
    ("    types: video", "    types: {any_of: [video], all_of: [video]}", "side by side", "Put one into the other"),
    ("    types: video", "    types: [[video]]", "holds a list within the list", "pair of brackets"),
    ("  prompt_for_each_detail:\n    words:\n      min: 3\n      max: 60\n", "", "asks nothing", "Add “prompts”", "- key: analysis"),
    ("  kind: reflection", "  kind: portfolio", "asks for no artifacts", "Add “artifacts”", "- key: reflection"),
    ("policy: every-detail-at-bar", "policy: every-detail-at-bar\n¦  cut: 3", "has no cut", "Remove “cut”"),
    ("policy: every-detail-at-bar", "policy: compensatory", "The field “cut” is missing", "Add “cut:”", "decision:"),
    ("policy: every-detail-at-bar", "policy: compensatory\n¦  cut: 7", "a whole number from 2 to 6", "Change the number"),
    ("  - split\n", "", "nothing says who then decides", "Add “split”", "  adjudicate_when:"),
    ("  code: R1", "  code: R9", "“river-standards” has no code “R9”; it has: R1, R2", "one of its codes"),
    ("- framework: river-standards", "- framework: psel", "no framework “psel”; it names: river-standards", "“frameworks”"),
    ("  target: 1a", "  target: [1a, 1b]", "has one target", "one alignment for each"),
    ("aliases: []", "aliases: [river-bend-skill-1]", "“river-bend-skill-1” is taken", "another name"),
    ("aliases: []", f"aliases: [{'a' * 81}]", "“aliases[0]” has 81 characters; at most 80 are allowed", "Shorten it"),
    ("aliases: []", "aliases: [Old Name]", "The alias “Old Name” must be lower-case", "to that form"),
]


@pytest.mark.parametrize("case", WITHIN_A_VERSION)
def test_what_does_not_fit_together_in_a_version_is_named(case):
    assert_named(SKILL, *case)


WITHIN_A_PACK = [
    ("frameworks:\n", "frameworks:\n- psel\n", "no framework “psel” among the files; there are: river-standards", "Add its file"),
    ("  - slug: river-bend-skill-1", "  - slug: river-bend-skill-2", "no micro-credential “river-bend-skill-2”", "“title”"),
    ("  - slug: river-bend-skill-1", "  - slug: river-bend-skill-1\n¦    title: X", "so it is not planned", "Remove “title”"),
    ("  state: published", "  state: planned", "The stack is planned, and some of its members are published", "as soon as"),
    ("  pigment: slate", "  pigment: pink", "“pigment” is “pink”; allowed are: clay", "Use one of those"),
    ("- slug: river-bend-district", "- slug: river-bend-institute", "“river-bend-institute” is taken", "another name"),
    ("  kind: provider", "  kind: provder", "“kind” is “provder”", "Did you mean “provider”?"),
]


@pytest.mark.parametrize("case", WITHIN_A_PACK)
def test_what_does_not_fit_together_in_a_pack_is_named(case):
    assert_named(PACK, *case)


@pytest.mark.parametrize(
    "case",
    [
        ("year: 2020", "year: soon", "“year” is “soon”", "Change the number"),
        ("code: R2", f"code: {'R' * 41}", "“code” has 41 characters; at most 40 are allowed", "Shorten it"),
        ("year: 2020", f"year: 2020\n¦url: https://example.org/{'x' * 300}", "“url” has 320 characters; at most 300", "Shorten it"),
        ("code: R2", "code: R1", "The code “R1” is taken; it stands at frameworks/river-standards.yaml, line 7", "another name"),
    ],
)
def test_what_is_wrong_in_a_framework_is_named(case):
    assert_named(STANDARDS, *case)


def test_the_lowest_level_cannot_be_the_bar():
    files = pack_files()
    files[SKILL] = files[SKILL].replace("  bar: true\n", "").replace("  title: Developing\n", "  title: Developing\n  bar: true\n")
    (problem,) = problems_of(files)
    assert (problem.line, problem.path) == (line_of(files[SKILL], "rubric:"), "rubric")
    assert "nothing could be “not yet”" in problem.message


def test_a_micro_credential_in_no_stack_is_a_problem():
    files = pack_files(micro_credentials=2)
    files[PACK] = files[PACK].replace("  - slug: river-bend-skill-2\n", "")
    (problem,) = problems_of(files)
    assert (problem.file, problem.line) == ("river-bend-skill-2.yaml", 2)
    assert "is in no stack" in problem.message


def test_an_empty_stack_is_a_problem():
    files = pack_files()
    files[PACK] = files[PACK].replace("  members:\n  - slug: river-bend-skill-1", "  members: []")
    assert any("The stack has no members." in problem.message for problem in problems_of(files))


def test_one_slug_for_two_files_is_a_problem_that_names_both():
    files = pack_files(micro_credentials=2)
    second = "river-bend-skill-2.yaml"
    files[second] = files[second].replace("slug: river-bend-skill-2", "slug: river-bend-skill-1")
    assert any(problem.file == second and f"{SKILL}, line 2" in problem.message for problem in problems_of(files))


def test_all_problems_of_all_files_are_told_at_once_in_order():
    files = pack_files()
    files[SKILL] = files[SKILL].replace("mark: book", "mark: boot").replace("level: 1", "level: 9")
    files[PACK] = files[PACK].replace("  pigment: slate", "  pigment: pink")
    problems = problems_of(files)
    assert [(problem.file, problem.path) for problem in problems] == [(PACK, "stacks[0].pigment"), (SKILL, "mark"), (SKILL, "level")]


def test_a_missing_rubric_is_one_problem_and_not_one_for_each_detail():
    problems, _ = problems_after(SKILL, "rubric:", "rubbish:")
    assert {problem.path for problem in problems} == {"rubric", "rubbish"}


def test_details_that_are_missing_are_not_missed_again_wherever_they_are_named():
    files = pack_files()
    files[SKILL] = files[SKILL].replace("  details:\n", "  detals:\n")
    assert {problem.path for problem in problems_of(files)} == {"outcomes[0].details", "outcomes[0].detals"}


def test_a_missing_section_is_one_problem_and_not_one_for_each_of_its_fields():
    problems, _ = problems_after(SKILL, "scoring:", "scoring: []\nx:")
    assert {problem.path for problem in problems} == {"scoring", "x"}


@pytest.mark.parametrize("text", ["", "{}", "# nothing", "- a\n- b", "just words"])
def test_a_file_without_fields_is_refused(text):
    (problem,) = problems_of(pack_files() | {"extra.yaml": text})
    assert (problem.file, problem.line) == ("extra.yaml", 1)
    assert "must hold fields" in problem.message


def test_a_file_of_unknown_kind_is_refused_before_anything_else():
    (problem,) = problems_of(pack_files(change={"level": 7}) | {"extra.yaml": "kind: recipe"})
    assert (problem.file, problem.line, problem.path) == ("extra.yaml", 1, "kind")
    assert "pack, framework, micro-credential" in problem.message


@pytest.mark.parametrize(("more", "found"), [({"second.yaml": "kind: pack"}, "pack.yaml, second.yaml"), ({}, "none")])
def test_a_pack_has_exactly_one_pack_file(more, found):
    files = pack_files() | more
    if not more:
        del files[PACK]
    (problem,) = problems_of(files)
    assert f"found: {found}." in problem.message


def test_too_large_a_file_is_refused_unread():
    (problem,) = problems_of(pack_files() | {"huge.yaml": "x" * (MAX_CHARACTERS + 1)})
    assert problem.file == "huge.yaml"
    assert "400,000 are allowed" in problem.message


def test_too_many_files_are_refused_unread():
    (problem,) = problems_of({f"{index}.yaml": "" for index in range(MAX_FILES + 1)})
    assert "1,001 files; 1,000 are allowed" in problem.message


def test_too_long_a_list_is_refused():
    (problem,) = problems_of(pack_files(change={"rationale": ["Because."] * 201}))
    assert "“rationale” has 201 entries; 1 to 200 are allowed." in problem.message


def test_the_refusal_counts_the_problems_and_leads_with_the_first():
    files = pack_files(change={"mark": "boot", "level": 9})
    with pytest.raises(Invalid) as refusal:
        parse(files)
    assert refusal.value.code == "pack-invalid"
    line = line_of(files[SKILL], "mark:")
    assert refusal.value.message.startswith(f"The pack has 2 problems; the first is in {SKILL}, line {line}: “mark” is “boot”")
    assert refusal.value.remedy == "Did you mean “book”?"


def test_a_problem_reads_as_one_line():
    (problem,) = problems_of(pack_files(change={"level": 9}))
    assert str(problem) == f"{SKILL}, line 6: “level” is “9”; it must be a whole number from 1 to 3. Change the number."
