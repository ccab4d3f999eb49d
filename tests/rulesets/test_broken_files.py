"""A mistake in a file is told with file, line, what was found and what is allowed, so that a writer without Python finds it."""

from __future__ import annotations

import pytest

from cairn.pure import rules
from cairn.pure.rules import RulesInvalid
from tests.rulesets.shelf import files

PLACE, ROUTE = "us/xx/licenses.yaml", "us/xx/renewal.yaml"
LICENSES = """jurisdiction: us/xx
name: Exemplary
units: [clock-hour]
types:
  - {slug: standard, title: Standard license, years: 5, renewable: true, cite: Page of the board}
"""
RENEWAL = """rules: us/xx/renewal
title: Renewal
purpose: renewal
renews: standard
source: Page of the board
scales: {degree: [bachelor, master]}
versions:
  - effective: 2020-07-01
    status: in force
    cite: Page of the board
    requires:
      id: all
      title: Both of these
      all:
        - id: hours
          title: 90 hours
          sum: {of: hours, unit: clock-hour, at_least: 90}
          within: license
        - id: degree
          title: A degree
          count: {of: degree, where: {level: {at_least: bachelor}}, at_least: 1}
"""
# What is written instead of what; where it is found; what is found and what is allowed.
MISTAKES = {
    "a unit that nobody has": (
        "unit: clock-hour, at", "unit: clock-our, at", ROUTE, 17, "“clock-our” is no unit of Exemplary.", "Did you mean “clock-hour”?"),
    "a kind of entry that there is not": (
        "of: hours", "of: lessons", ROUTE, 17, "“lessons” is no kind of entry.", "micro-credential, hours"),
    "a field of an entry that there is not": ("{level:", "{levle:", ROUTE, 21, "“levle” is no field of an entry.", "Did you mean “level”?"),
    "a status that there is not": ("status: in force", "status: valid", ROUTE, 9, "“status” is “valid”.", "in force, enacted, pilot"),
    "a purpose that there is not": ("purpose: renewal", "purpose: renewl", ROUTE, 3, "“purpose” is “renewl”.", "Did you mean “renewal”?"),
    "a license that there is not": ("renews: standard", "renews: standart", ROUTE, 4, "“standart” is no type of license", "standard"),
    "a date that is none": ("2020-07-01", "2020-02-30", ROUTE, 8, "“effective” is “2020-02-30”.", "a date such as"),
    "an operator that there is not": (
        "sum: {of", "sums: {of", ROUTE, 15, "This requirement has no operator.", "all, any, at_least, count, sum"),
    "an id that is taken": ("id: degree", "id: hours", ROUTE, 19, "The id “hours” is taken; it stands on line 15", "Give one of the two"),
    "a value on no scale": ("bachelor}}, at", "diploma}}, at", ROUTE, 21, "“diploma” is on no one scale", "bachelor, master"),
    "a least above the most": (
        "at_least: 90}", "at_least: 90, at_most: 80}", ROUTE, 17, "“at_most” is 80, below “at_least”, which is 90.", "at least as much"),
    "a sum below its part": (
        "at_least: 90}", "at_least: 90, minimums: [{where: {category: staff}, at_least: 100}]}", ROUTE, 17, "A minimum asks for 100",
        "more than the whole"),
    "an anchor": ("title: 90 hours", "title: &x 90 hours", ROUTE, 16, "An anchor, an alias or a tag", "Write the value out"),
    "a field twice": ("source: Page", "title: Page", ROUTE, 5, "The field “title” is here twice", "Keep one"),
    "a name that is not the path": (
        "rules: us/xx/renewal", "rules: us/xx/renew", ROUTE, 1, "“us/xx/renew” stands in us/xx/renewal.yaml.", "path"),
    "a field that there is not": ("source: Page", "author: me\nsource: Page", ROUTE, 5, "There is no field “author” here.", "Allowed:"),
    "no YAML at all": ("scales: {", "scales: {{", ROUTE, None, "This is not YAML", "Check the indentation"),
    "a next license that there is not": (
        "renewable: true", "renewable: true, next: lead", PLACE, 5, "“lead” is no type of license here.", "standard"),
}  # fmt: skip


def test_the_file_is_right_before_it_is_broken():
    assert rules.parse({PLACE: LICENSES, ROUTE: RENEWAL}).rules["us/xx/renewal"].jurisdiction.name == "Exemplary"


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_line_and_what_is_allowed(mistake):
    old, new, file, line, found, allowed = MISTAKES[mistake]
    right = {PLACE: LICENSES, ROUTE: RENEWAL}
    written = {**right, file: right[file].replace(old, new, 1)}
    assert written != right
    with pytest.raises(RulesInvalid) as refused:
        rules.parse(written)
    told = [problem for problem in refused.value.problems if problem.file == file and (line is None or problem.line == line)]
    assert [problem for problem in told if found in problem.found and allowed in problem.allowed], refused.value.problems


def test_rules_that_lead_back_to_themselves_are_refused():
    circle = RENEWAL.replace("        - id: degree\n", "        - {id: again, title: Again, use: again}\n        - id: degree\n")
    circle += "    defined:\n      again:\n        id: inner\n        title: Inner\n        all: [{id: back, title: Back, use: again}]\n"
    with pytest.raises(RulesInvalid) as refused:
        rules.parse({PLACE: LICENSES, ROUTE: circle})
    assert any("uses itself" in problem.found for problem in refused.value.problems)


def test_every_problem_is_told_at_once():
    twice = RENEWAL.replace("unit: clock-hour", "unit: clock-our").replace("status: in force", "status: valid")
    with pytest.raises(RulesInvalid) as refused:
        rules.parse({PLACE: LICENSES, ROUTE: twice})
    assert [problem.line for problem in refused.value.problems] == [9, 17]
    assert "There are 2 problems" in str(refused.value)


def test_one_broken_file_among_the_shipped_ones_is_the_one_that_is_named():
    shelf = files()
    shelf["us/mo/career-administrator.yaml"] = shelf["us/mo/career-administrator.yaml"].replace("at_least: 15", "at_least: fifteen")
    with pytest.raises(RulesInvalid) as refused:
        rules.parse(shelf)
    assert {problem.file for problem in refused.value.problems} == {"us/mo/career-administrator.yaml"}
