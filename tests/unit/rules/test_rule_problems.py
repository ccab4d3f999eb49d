"""A broken rule file is refused with every problem: the file, the line, what was found, what is allowed."""

from __future__ import annotations

import pytest

from cairn.pure.rules import RulesInvalid, parse
from tests.rules_world import PLACE, SLUG, rule_file, rules

LINE = 14  # on which a requirement begins that is given to `problems`
COUNT = "{of: micro-credential, at_least: 3}"


def problems(requires="", place=PLACE, text="", **more):
    with pytest.raises(RulesInvalid) as refusal:
        parse({"us/zz/licenses.yaml": place, f"{SLUG}.yaml": text or rule_file(requires, **more)})
    return refusal.value.problems


def said(problem):
    return f"{problem.found} {problem.allowed}"


@pytest.mark.parametrize(
    ("requires", "words"),
    [
        (
            "{id: a, count: {of: micro-credentials, at_least: 3}}",
            "“micro-credentials” is no kind of entry. Allowed: micro-credential, hours",
        ),
        ("{id: a, count: {of: hours, at_least: many}}", "“at_least” is “many”. It must be a number such as 4 or 0.5."),
        ("{id: a, count: {of: hours, at_least: 3, at_most: 2}}", "“at_most” is 2, below “at_least”, which is 3."),
        ("{id: a, count: {of: hours}}", "The field “at_least” is missing."),
        ("{id: a, count: {of: hours, at_least: 3, where: {colour: red}}}", "“colour” is no field of an entry. Allowed: key, version"),
        ("{id: a, count: {of: degree, at_least: 1, where: {level: {at_least: baccalaureate}}}}", "“baccalaureate” is on no one scale"),
        ("{id: a, count: {of: hours, at_least: 3, minimums: [{where: {category: x}, at_least: 4}]}}", "together 3 are asked"),
        ("{id: a, count: {of: hours, at_least: 3, minimums: [{at_least: 1}]}}", "One of the “minimums” matches everything."),
        ("{id: a, count: {of: hours, at_least: 3, unit: hour}}", "“unit” stands in a “count”. It belongs to “sum”."),
        ("{id: a, sum: {of: hours, unit: fathom, at_least: 3}}", "“fathom” is no unit of Zephyr. Allowed: hour, semester-hour"),
        ("{id: a, sum: {of: hours, unit: hour, at_least: 3, convert: {fathom: 2}}}", "“fathom” is neither a unit nor a kind of entry."),
        ("{id: a, sum: {of: hours, unit: hour, at_least: 3, cap: {per: week, at_most: 2}}}", "“per” is “week”. Allowed: day, fiscal-year"),
        ("{id: a, has: {degree: x}, officer: why}", "This requirement has has, officer. It must have one of: all, any"),
        ("{id: a}", "This requirement has no operator."),
        ("{id: a, all: []}", "“all” holds a list. It must be a list of mappings, each behind a hyphen."),
        ("{id: a, at_least: {count: 3, of: [{id: b, officer: why}]}}", "3 of 1 are asked for. It must be 1 to 1."),
        ("{id: a, all: [{id: a, officer: why}]}", "The id “a” is taken; it stands on line 14 already."),
        ("{id: A b, officer: why}", "The id is “A b”."),
        (f"{{id: a, count: {COUNT}, within: {{event: entry, years: 1, terms: 2}}}}", "lasts 1 years and terms"),
        (f"{{id: a, count: {COUNT}, within: {{event: entry, years: 0}}}}", "“years” is “0”. It must be a time above nothing"),
        (
            f"{{id: a, count: {COUNT}, within: {{last: a while}}}}",
            "“last” is “a while”. It must be a time above nothing",
        ),
        (f"{{id: a, count: {COUNT}, within: {{last: 1 year}}, each: week}}", "“each” is “week”. Allowed: fiscal-year"),
        (f"{{id: a, count: {COUNT}, each: fiscal-year}}", "“each” stands at a requirement without a window."),
        (f"{{id: a, count: {COUNT}, carry_over: all}}", "“carry_over” stands without “each”."),
        ("{id: a, officer: why, newest: true}", "“newest” stands at a requirement with “officer”."),
        (f"{{id: a, count: {COUNT}, after: {{same: category, within: 1 year}}}}", "“same” is “category”. Allowed: key, version"),
        (
            f"{{id: a, once: [b, c], all: [{{id: b, count: {COUNT}}}, {{id: d, count: {COUNT}}}]}}",
            "“once” names “c”, which is not",
        ),
        (
            f"{{id: a, once: [b, d], any: [{{id: b, count: {COUNT}}}, {{id: d, count: {COUNT}}}]}}",
            "“once” names “b”. Only a “count”",
        ),
        (f"{{id: a, once: [b], all: [{{id: b, count: {COUNT}}}]}}", "“once” names 1 requirements, or one twice."),
        ("{id: a, use: nowhere}", "“use” names “nowhere”, which is not defined."),
        ("{id: a, officer: why, unlesss: {id: b, officer: why}}", "There is no field “unlesss” here."),
        ("{id: a, count: {of: hours, at_least: 1, where: {approved_by: {choose: [{when: {x: y}, is: z}]}}}}", "Every choice has a “when”."),
        (
            "{id: a, count: {of: hours, at_least: 1, where: {approved_by: {choose: [{is: z}, {is: y}]}}}}",
            "A choice without “when” stands before others.",
        ),
        ("{id: a, count: {of: hours, at_least: 1, where: {approved_by: {choose: [{when: {}, is: z}, {is: y}]}}}}", "“when” holds nothing."),
        ("{id: a, count: {of: [hours, hours], at_least: 1}}", "“of” holds an empty text, or one twice."),
        ("{id: a, count: {of: hours, at_least: 1, where: {category: [x, '']}}}", "“category” holds an empty text, or one twice."),
        ("{id: a, has: {role: }}", "“role” holds an empty text, or one twice."),
        ("{id: a, has: {role: x}, within: license}", "“within” stands at a requirement with “has”."),
        ("{id: a, renewals: {fewer_than: 0}}", "Nobody has fewer than none."),
        ("{id: a, count: {of: hours, at_least: ９}}", "“at_least” is “９”. It must be a number such as 4 or 0.5."),
        ("{id: a, count: {of: hours, at_least: 1.5}}", "A part of an entry is asked for. “count” counts whole ones"),
        ("{id: a, count: {of: hours, at_least: 2, minimums: [{where: {name: x}, at_least: 0.5}]}}", "A part of an entry is asked for."),
        ("{id: a, count: {of: hours, at_least: 2, minimums: [{id: a, where: {name: x}, at_least: 1}]}}", "The id “a” is taken"),
        (f"{{id: a, count: {COUNT[:-1]}, at_most: 4}}, within: license, each: fiscal-year}}", "“at_most” stands beside “each”."),
        (f"{{id: a, count: {COUNT}, adjust: {{when: {{}}, times: 2}}}}", "“when” holds nothing."),
        (f"{{id: a, count: {COUNT}, after: {{same: activity, within: 1 year}}}}", "Nothing says what it comes after."),
        (f"{{id: a, count: {COUNT}, within: {{event: entry, terms: 61}}}}", "“terms” is 61. It must be 60 at most."),
        ("{id: a, sum: {of: hours, unit: hour, at_least: 3, convert: {hour: 2}}}", "“hour” is what is counted already"),
        ("{id: a, sum: {of: hours, unit: hour, at_least: 3, convert: {evaluation: 2}}}", "or no kind of entry that is."),
        ("{id: a, sum: {of: hours, unit: hour, at_least: 3, convert: {ceu: 0}}}", "“ceu” gives nothing."),
        ("{id: a, sum: {of: hours, unit: hour, at_least: 3, cap: {per: day, at_most: 0}}}", "Nothing would count."),
    ],
)
def test_what_is_wrong_with_a_requirement_is_said_with_what_is_allowed(requires, words):
    found = problems(requires)
    assert any(words in said(problem) for problem in found), found
    assert {problem.file for problem in found} == {f"{SLUG}.yaml"}
    assert all(problem.line == LINE for problem in found if words in said(problem))


VERSION = "  - {effective: 2015-01-01, status: in force, cite: Z 3, requires: {id: a, officer: why}}\n"


@pytest.mark.parametrize(
    ("versions", "line", "words"),
    [
        (VERSION.replace("2015-01-01", "January"), 10, "“effective” is “January”. It must be a date such as 2024-06-30."),
        (VERSION.replace("in force", "valid"), 10, "“status” is “valid”. Allowed: in force, enacted, pilot, repealed, not found."),
        (VERSION.replace("status", "until: 2014-12-31, status"), 10, "It ends on 2014-12-31, before it begins on 2015-01-01."),
        (VERSION + VERSION, 11, "A version of 2015-01-01 stands below one of 2015-01-01."),
        (VERSION.replace(", requires: {id: a, officer: why}", ""), 10, "A version that is in force says not what it requires."),
        (VERSION.replace("in force", "not found"), 10, "The rule was not found, and yet something is required."),
        (VERSION.replace("status", "transition: {until: 2014-01-01, either: true}, status"), 10, "It ends on 2014-01-01, before it begins"),
        (VERSION.replace("status", "transition: {until: 2016-01-01, either: true}, status"), 10, "No version stands before this one."),
        (VERSION.replace("status", "transition: {until: 2016-01-01, either: false}, status"), 10, "“either” is not true."),
        (
            VERSION.replace("status", "until: 2016-01-01, status") + VERSION.replace("2015-01-01", "2016-01-01"),
            11,
            "The version before holds until 2016-01-01, and this one from 2016-01-01.",
        ),
        (VERSION.replace("in force", "repealed"), 10, "The rule is repealed, and yet something is required."),
        (VERSION.replace("cite: Z 3, ", ""), 10, "The field “cite” is missing."),
        (VERSION.replace("2015-01-01", "20150101"), 10, "“effective” is “20150101”. It must be a date such as 2024-06-30."),
        (VERSION.replace("2015-01-01", "2015-W01-4"), 10, "“effective” is “2015-W01-4”."),
    ],
)
def test_what_is_wrong_with_a_version_is_said(versions, line, words):
    found = [problem for problem in problems(versions=versions) if words in said(problem)]
    assert [problem.line for problem in found] == [line]


def test_a_definition_that_leads_back_to_itself_is_refused():
    defined = "defined: {one: {id: x, use: two}, two: {id: y, use: one}}, "
    found = problems(versions=VERSION.replace("requires: {id: a, officer: why}", f"{defined}requires: {{id: a, use: one}}"))
    assert any("“one” uses itself: one → two → one." in problem.found for problem in found)


@pytest.mark.parametrize(("levels", "width"), [(7, 9), (600, 1)])
def test_definitions_that_grow_beyond_measure_are_refused(levels, width):
    def below(level):
        kids = ", ".join(f"{{id: k{n}, use: d{level + 1}}}" for n in range(width))
        return f"d{level}: {{all: [{kids}]}}" if level < levels else f"d{level}: {{officer: why}}"

    defined = f"defined: {{{', '.join(map(below, range(levels + 1)))}}}, "
    found = problems(versions=VERSION.replace("requires: {id: a, officer: why}", f"{defined}requires: {{id: a, use: d0}}"))
    assert any("This version has too many requirements." in problem.found for problem in found)


@pytest.mark.parametrize("written", ["abc", "{a: b}", "5", "[]", "[[a], [{b: c}]]"])
def test_what_shares_no_entry_must_be_lists_of_ids(written):
    assert any("“once_over” is no list of ids." in problem.found for problem in problems(versions=VERSION, head=f"once_over: {written}"))


def test_ids_that_no_version_has_together_are_refused():
    found = problems(versions=VERSION, head="once_over: [a, b]")
    assert [problem.found for problem in found] == ["“once_over” names a, b, which no version has together."]


def test_a_definition_that_nothing_uses_is_refused():
    defined = "defined: {one: {id: x, officer: why}}, "
    found = problems(versions=VERSION.replace("requires:", f"{defined}requires:"))
    assert ["“one” is defined and not used." in problem.found for problem in found] == [True]


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (PLACE.replace("07-01", "7/1"), "“fiscal_year” is “7/1”. It must be a month and a day, such as 07-01."),
        (
            PLACE.replace("next: second", "next: secund"),
            "“secund” is no type of license here. Allowed: first, second. Did you",
        ),
        (PLACE.replace("slug: second", "slug: first"), "There are two types “first”."),
        (PLACE.replace("from: 08-01", "from: 05-31"), "The term “Fall” begins before “Spring” ends."),
        (PLACE.replace("to: 12-31", "to: 01-02"), "The term “Spring” begins before “Fall” ends."),
        (PLACE.replace("name: Fall", "name: Spring"), "Two terms have one name."),
        (PLACE.replace("America/Chicago", "Mars/Phobos"), "“zone” is “Mars/Phobos”. It must be a zone such as America/Chicago."),
        (PLACE.replace("title: Second license", "title: Second license, next: first"), "“first” leads back to itself."),
        (PLACE.replace("years: 6", "years: 600"), "“years” is 600. It must be 100 at most"),
        (PLACE.replace("us/zz", "us"), "“us” stands in us/zz/licenses.yaml."),
        (PLACE + "cumulative: [{types: [first], years: 0}]\n", "“years” is 0. It must be above nothing."),
    ],
)
def test_what_is_wrong_with_a_jurisdiction_is_said(place, words):
    found = problems("{id: a, officer: why}", place)
    assert any(words in said(problem) for problem in found), found


def test_a_period_that_a_jurisdiction_does_not_know_is_refused():
    found = problems(
        "{id: a, count: {of: hours, at_least: 1}, within: license, each: fiscal-year}", PLACE.replace("fiscal_year: 07-01\n", "")
    )
    assert [said(problem) for problem in found] == ["Zephyr has no fiscal year. Give its “fiscal_year” in licenses.yaml."]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rules: [", "This is not YAML"),
        ("- a\n- b", "The file holds a list."),
        ("title: x", "The file does not say what it is."),
        ("rules: &x us/zz/second\ntitle: *x", "An anchor, an alias or a tag stands here."),
        ("rules: !!python/object:os.system us/zz/second", "An anchor, an alias or a tag stands here."),
        ("rules: " + "[" * 60 + "]" * 60, "Fields lie more than 40 deep."),
        ("rules: us/zz/second\nrules: us/zz/second", "The field “rules” is here twice"),
        ("rules: us/zz/other\ntitle: x", "“us/zz/other” stands in us/zz/second.yaml."),
        ("rules: us/qq/second\ntitle: x", "“us/qq/second” begins with no jurisdiction."),
        ("rules: us/zz/second\ntitle: a\x07b", "This is not YAML"),
        ("rules: us/zz/second\ntitle: " + "x" * 5000, "“title” has 5,000 characters"),
        ("rules: us/zz/second\n" + "# " + "x" * 400_000, "The file has 400,022 characters."),
    ],
)
def test_a_file_that_is_none_is_refused_without_a_trace(text, words):
    assert any(words in said(problem) for problem in problems(text=text))


def test_the_refusal_names_the_first_and_counts_the_others():
    with pytest.raises(RulesInvalid) as refusal:
        rules("{id: A, count: {of: nothing, at_least: 0}}")
    assert refusal.value.message.startswith("There are 3 problems; the first: us/zz/second.yaml, line 14:")
