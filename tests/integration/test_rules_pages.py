"""The public pages of rules: what counts where, a state, a route with its tree, versions and worked cases."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from cairn.apps.licensure.queries import shipped
from cairn.interfaces.web import ruled
from cairn.pure import rules
from tests.integration.test_public_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def read():
    visitor = Client(headers={"host": "localhost"})
    return lambda path, status=200: _read(visitor, path, status)


def _read(visitor, path, status):
    answer = visitor.get(path)
    assert answer.status_code == status
    return text_of(answer)


def test_every_state_of_the_sources_stands_in_the_list(read):
    page = read("/rules/")
    names = (
        "Arkansas", "Colorado", "Connecticut", "Delaware", "Florida", "Hawaii", "Illinois", "Kansas", "Kentucky", "Louisiana",
        "Massachusetts", "Minnesota", "Missouri", "North Carolina", "Rhode Island", "South Carolina", "Tennessee", "Texas", "Utah",
        "Vermont", "Washington", "Wisconsin", "Wyoming",
    )  # fmt: skip
    assert not [name for name in names if name not in page]
    assert "Example. Check the current rule." in page


def test_parts_of_a_sum_say_whether_one_entry_may_fill_several(read):
    assert "nothing counts for two of them" in read("/rules/us/nc/renewal-teacher/")
    below = rules.parse({**shipped(), "us/nc/renewal-teacher.yaml": shared(shipped()["us/nc/renewal-teacher.yaml"])})
    trees = [ruled.requirement(version.requires, "") for version in below.rules["us/nc/renewal-teacher"].versions if version.requires]
    assert "With these parts; one entry may fill several of them" in {each.joint for tree in trees for each in (tree, *tree.below)}


def shared(text):
    """The same rule, where one entry may fill several of its parts."""
    return re.sub(r"^( *)minimums:", r"\1double_use: allow\n\1minimums:", text, flags=re.MULTILINE)


def test_the_list_narrows_by_purpose_and_status(read):
    page = read("/rules/?purpose=endorsement&status=in+force").split("How it stands")[-1]
    assert "Reading endorsement" in page
    assert "Career Continuous" not in page
    assert "Rule not found" not in page
    assert "No route is both" in read("/rules/?purpose=compensation&status=enacted")


def test_a_purpose_that_there_is_not_is_said_and_every_route_stands_there(read):
    page = read("/rules/?purpose=nothing", 422)
    assert "nothing is not one of the available choices" in page
    assert "Career Continuous" in page


def test_a_state_shows_its_ladder_its_routes_and_the_clock_over_both(read):
    page = read("/rules/us/mo/")
    assert "Initial Administrator certificate 4 years, not renewed Transition Administrator certificate" in page
    assert "Apply before the ten years end." in page
    assert "Missouri Department of Elementary and Secondary Education decides." in page


def test_a_route_shows_its_tree_with_citations_its_versions_and_its_cases(read):
    page = read("/rules/us/mo/career-administrator/")
    asked = page.partition("What the rule asks")[2].partition("Other versions")[0]
    assert "At least 15 different micro-credentials; approved by “missouri dese”" in asked
    assert "Any one of these" in asked
    assert "5 CSR 20-400.630" in asked
    assert "From July 1, 2010 to June 30, 2020" in page
    cases = page.partition("Worked cases")[2]
    assert "One year without its 30 hours is named June 29, 2024 Not yet Not yet" in cases
    assert "differs" not in cases


def test_what_an_officer_judges_is_said_with_the_reason(read):
    page = read("/rules/us/mo/transition-administrator/")
    assert "The rule does not say how much of each is enough." in page


def test_a_rule_that_was_not_found_computes_nothing(read):
    page = read("/rules/us/hi/principal-licensure/")
    assert "was not found" in page
    assert set(re.findall(r"\d{4} (Not computed) Not computed", page)) == {"Not computed"}


def test_what_is_enacted_and_not_in_force_says_so(read):
    assert "Enacted, not in force" in read("/rules/us/tx/recorded-micro-credential/")


def test_a_route_that_has_ended_shows_what_it_asked_for(read):
    page = read("/rules/us/ks/two-micro-credentials/")
    assert "This route has ended." in page
    assert "within 3 academic terms of “orientation”" in page


def test_what_limits_a_sum_stands_in_its_sentence(read):
    assert "each of 6 hours or more; in every fiscal year" in read("/rules/us/il/administrator-renewal/")
    assert "at most 1 year from one school year" in read("/rules/us/la/content-leader/")
    assert "in every school year, nothing carries over; since “began as leader”" in read("/rules/us/ky/leader-hours/")


def test_states_and_routes_that_there_are_not_are_not_found(read):
    for path in ("/rules/us/zz/", "/rules/us/mo/nothing/", "/rules/fr/mo/", "/rules/us/mo/licenses/"):
        read(path, 404)


def test_a_state_says_what_its_recognizers_give_with_the_clauses(read):
    page = read("/rules/us/ks/").partition("What recognizers give")[2]
    assert "1 point for each hour that a micro-credential takes." in page
    assert "As “Professional development points in Kansas”, but for this:" in page
    assert "At most 10 points of application for each whole 20 points of knowledge. Plan of the district, application" in page
    assert "10 PDPs for 2 micro-credentials." in read("/rules/us/ma/")


def test_a_schedule_shows_claims_and_why_they_are_answered_so(read):
    page = read("/rules/us/ks/").partition("What recognizers give")[2]
    assert "Eight hours in one day are six points 6 points" in page
    assert "At most 6 points for any one day; 6 follow." in page
    assert "Impact three years and a day after Nothing" in page
    assert "A single one waits for another Waits" in read("/rules/us/ma/")
