"""Every case beside a rule set or a schedule comes out as it says; a failure names the file, the line, the case and the requirement."""

from __future__ import annotations

import pytest

from cairn.pure import rules
from cairn.pure.rules.cases import differences, parse_cases, slug_of
from cairn.pure.rules.claim_cases import claim_differences, parse_claims
from tests.rulesets.shelf import READINGS, SHIPPED, book, cases

SCHEDULES = "/schedules/"


def about(path):
    """The rule set that the cases are of, and the cases."""
    folder = READINGS if path in cases(READINGS) else SHIPPED
    return book(folder).rules[slug_of(path)], parse_cases(path, cases(folder)[path])


RULE_SETS = [path for folder in (SHIPPED, READINGS) for path in cases(folder) if SCHEDULES not in path]


@pytest.mark.parametrize("path", RULE_SETS)
def test_every_educator_stands_where_the_case_says(path):
    rule_set, told = about(path)
    assert not [line for case in told for line in differences(case, rule_set)]


@pytest.mark.parametrize("path", [path for path in cases() if SCHEDULES in path])
def test_every_claim_is_answered_as_the_case_says(path):
    schedule, told = book().schedules[slug_of(path)], parse_claims(path, cases()[path])
    assert len(told) >= 2
    assert len({(case.amount, case.refused, case.lasts_until, case.flags) for case in told}) >= 2
    assert not [line for case in told for line in claim_differences(case, schedule)]


def test_every_rule_set_has_four_cases_of_which_two_differ():
    few = {}
    for slug, rule_set in book().rules.items():
        told = parse_cases(f"{slug}.cases.yaml", cases()[f"{slug}.cases.yaml"])
        states = {case.state for case in told}
        computes = any(version.requires for version in rule_set.versions)
        if len(told) < 4 or (computes and len(states) < 2) or (not computes and states != {rules.NOT_COMPUTED}):
            few[slug] = (len(told), states)
    assert not few


def test_a_case_that_is_wrong_says_where():
    path = "us/mo/career-administrator.cases.yaml"
    rule_set, told = about(path)
    text = cases()[path].replace("micro-credentials: {state: met, have: 15}", "micro-credentials: {state: open, have: 14}", 1)
    wrong = [line for case in parse_cases(path, text) for line in differences(case, rule_set)]
    assert len(wrong) == 2
    assert all(f"{path}, line 2, “{told[0].name}”: “micro-credentials”" in line for line in wrong)


def test_the_two_readings_of_three_semesters_differ_by_eight_days():
    """S12 a: the days of sending in and of the award are both said."""
    _, (late, *_) = about("us/ks/two-by-award.cases.yaml")
    by_award = rules.evaluate(book(READINGS).rules["us/ks/two-by-award"], late.record, late.on)
    by_submission = rules.evaluate(book().rules["us/ks/two-micro-credentials"], late.record, late.on)
    assert by_award.state == "open"
    assert "8 days after December 31, 2018" in dict(by_award.root.left_out)["late"]
    assert "submitted December 20, 2018" in dict(by_award.root.left_out)["late"]
    assert by_submission.state == "met"
