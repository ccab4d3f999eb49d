"""Which version of a rule holds for whom on a day; what cases say where a standing differs from what they expect."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cairn.pure.rules import ENGINE, MET, NOT_COMPUTED, OPEN, RulesInvalid, evaluate, evaluate_version, from_json, to_json
from cairn.pure.rules.cases import differences, parse_cases
from tests.rules_world import LICENSE, ON, SLUG, entry, hours, micro, record, rules

DEGREE = "{id: way, count: {of: degree, where: {level: {at_least: specialist}}, at_least: 1}}"
EITHER = "{id: way, any: [{id: degree, count: {of: degree, at_least: 1}}, {id: mcs, count: {of: micro-credential, at_least: 15}}]}"


def versions(*given):
    return rules("", versions="".join(f"  - {{effective: {day}, status: {status}, cite: Z 3, {more}}}\n" for day, status, more in given))


AMENDED = versions(("2015-07-01", "in force", f"requires: {DEGREE}"), ("2020-07-01", "in force", f"requires: {EITHER}"))
FIFTEEN = record(*(micro(f"m{n}", "2019-01-15") for n in range(15)))


def state(rule_set, on, one=FIFTEEN):
    found = evaluate(rule_set, one, date.fromisoformat(on))
    return found.state, found.version and found.version.isoformat()


def test_fifteen_awards_meet_the_amended_rule_and_not_the_one_before():
    assert state(AMENDED, "2020-06-30") == (OPEN, "2015-07-01")
    assert state(AMENDED, "2020-07-01") == (MET, "2020-07-01")


def test_a_past_standing_is_computed_again_by_its_version_and_hash():
    before = evaluate(AMENDED, FIFTEEN, date(2020, 6, 30))
    again = evaluate_version(AMENDED, AMENDED.version(before.version), FIFTEEN, before.on)
    assert (again, again.hash) == (before, AMENDED.versions[0].hash)
    assert AMENDED.versions[0].hash != AMENDED.versions[1].hash


def test_nothing_is_computed_before_the_first_version_after_the_last_day_or_where_no_rule_was_found():
    ended = versions(("2015-07-01", "in force", f"until: 2019-12-31, requires: {DEGREE}"))
    assert state(ended, "2015-06-30") == (NOT_COMPUTED, None)
    assert state(ended, "2019-12-31") == (OPEN, "2015-07-01")
    assert state(ended, "2020-01-01") == (NOT_COMPUTED, None)
    assert state(versions(("2015-07-01", "not found", "note: none")), "2020-01-01") == (NOT_COMPUTED, "2015-07-01")


def test_what_is_enacted_holds_only_where_nothing_else_does():
    enacted = ("2018-07-01", "enacted", f"requires: {EITHER}")
    assert state(versions(("2015-07-01", "in force", f"requires: {DEGREE}"), enacted), "2021-01-01") == (OPEN, "2015-07-01")
    assert state(versions(enacted), "2021-01-01") == (MET, "2018-07-01")


def test_a_repealed_rule_computes_nothing_any_more():
    repealed = versions(("2015-07-01", "in force", f"requires: {EITHER}"), ("2020-01-01", "repealed", "note: gone"))
    assert state(repealed, "2019-12-31") == (MET, "2015-07-01")
    assert state(repealed, "2020-01-01") == (NOT_COMPUTED, "2020-01-01")


def test_in_a_transition_the_version_that_serves_better_is_used():
    either = f"transition: {{until: 2021-06-30, either: true}}, requires: {DEGREE}"
    change = versions(("2015-07-01", "in force", f"requires: {EITHER}"), ("2020-07-01", "in force", either))
    assert state(change, "2021-06-30") == (MET, "2015-07-01")
    assert state(change, "2021-07-01") == (OPEN, "2020-07-01")
    assert state(change, "2021-06-30", record()) == (OPEN, "2020-07-01")
    both = record(entry("degree", "2018-05-01", level="doctorate"), *FIFTEEN.entries)
    assert state(change, "2021-06-30", both) == (MET, "2020-07-01")


@pytest.mark.parametrize(("entered", "version"), [(date(2019, 8, 1), "2015-07-01"), (date(2020, 7, 1), "2020-07-01"), (None, "2020-07-01")])
def test_a_cohort_keeps_the_version_of_its_entry(entered, version):
    locked = replace(AMENDED, is_locked_on_entry=True)
    one = replace(FIFTEEN, license=replace(LICENSE, entered=entered))
    assert state(locked, "2023-01-01", one)[1] == version
    assert state(locked, "2023-01-01", replace(one, events={"entry": date(2016, 1, 1)}))[1] == "2015-07-01"


CASES = """
cases:
  - name: One short
    on: 2021-01-01
    record: {entries: [{kind: micro-credential, key: "m-{n}", repeat: 14, on: 2019-01-15}]}
    expect: {state: open, version: 2020-07-01, nodes: {mcs: {state: open, have: 14, need: 15, left_out: 0}, degree: open}}
"""


def test_a_case_that_agrees_says_nothing_and_one_that_differs_says_where():
    (right,) = parse_cases(f"{SLUG}.cases.yaml", CASES)
    assert differences(right, AMENDED) == []
    assert [one.fields["key"] for one in right.record.entries[:2]] == ["m-1", "m-2"]
    wrong = CASES.replace("repeat: 14", "repeat: 15").replace("degree: open", "nowhere: open")
    (case,) = parse_cases(f"{SLUG}.cases.yaml", wrong)
    found = differences(case, AMENDED)
    assert all(what.startswith(f"{SLUG}.cases.yaml, line 3, “One short”: ") for what in found)
    for words in (
        "the whole is met, expected open",
        "“mcs” is met (has 15 of 15), expected open",
        "have: 15, expected 14",
        "no requirement “nowhere”",
    ):
        assert any(words in what for what in found), words


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("on: 2021-01-01", "on: soon", "“on” is “soon”. It must be a date"),
        ("kind: micro-credential", "kind: badge", "“kind” is “badge”. Allowed: micro-credential"),
        ("repeat: 14", "repeat: 5000", "“repeat” is 5000. It must be 1 to 1000."),
        ("state: open, version", "state: unmet, version", "“state” is “unmet”. Allowed: met, open, officer, not-computed."),
        ('key: "m-{n}"', "key: [a, b]", "“key” has 2 values. Only these may have several"),
        ("repeat: 14", "color: red", "There is no field “color” here."),
    ],
)
def test_a_case_that_cannot_be_read_is_refused_with_its_line(old, new, words):
    with pytest.raises(RulesInvalid) as refusal:
        parse_cases(f"{SLUG}.cases.yaml", CASES.replace(old, new))
    assert any(words in f"{problem.found} {problem.allowed}" and problem.line > 3 for problem in refusal.value.problems)


QUOTAS = """{id: q, sum: {of: hours, unit: hour, at_least: 6,
  minimums: [{where: {category: a}, at_least: 3}, {where: {category: b}, at_least: 3}],
  maximums: [{where: {category: a}, at_most: 9}, {where: {category: b}, at_most: 5}]}}"""


def test_what_an_earlier_engine_computed_is_computed_by_it_again():
    rule_set, both = rules(QUOTAS), record(hours(8, "2021-01-01", category=("a", "b")))
    now, then = evaluate(rule_set, both, ON), evaluate_version(rule_set, rule_set.versions[0], both, ON, engine=1)
    assert ((now.state, now.root.have, now.engine), (then.state, then.root.have, then.engine)) == ((OPEN, 5, ENGINE), (MET, 8, 1))
    assert from_json(to_json(now)).engine == ENGINE
    assert from_json(to_json(then).replace('"engine":1,', "")) == then
    with pytest.raises(ValueError, match="no engine"):
        evaluate_version(rule_set, rule_set.versions[0], both, ON, engine=ENGINE + 1)
