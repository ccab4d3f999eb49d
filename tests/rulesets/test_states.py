"""Every state of the sources has its row, and every row says where it comes from and that the current rule must be checked."""

from __future__ import annotations

import pytest

from cairn.pure.rules import NOTICE
from tests.rulesets.shelf import book, cases

# The uses of national webinar, state by state, and what in our files speaks of them.
USES = {
    "wa": "computer science and cultural responsiveness",
    "ks": "computer science and cultural competency",
    "mn": "career and technical education",
    "il": "leadership for equity",
    "ct": "induction of",
    "ut": "financial literacy",
    "de": "induction of teachers",
    "hi": "licensure of principals",
    "ri": "computer science",
    "ky": "workforce development",
    "tx": "school improvement",
    "ar": "master teachers",
    "la": "educational leader",
    "tn": "core instruction, stem and social and emotional learning",
    "fl": "growth mindset and clinical educators",
    "wi": "collaborative leadership coaching",  # not of the webinar: the association's post names its earners, Kansas its district
}
NAMED_BY_RULES = ("mo", "ks", "il", "ut", "tn", "tx", "ar", "la", "de", "fl", "sc", "nc", "wy", "ky", "vt", "ma", "co", "wa")
NOT_FOUND = ("us/mn/", "us/ct/", "us/hi/", "us/ri/", "us/wi/")


def words_of(code):
    """All that the files of a state say."""
    shelf = book()
    sets = [each for each in shelf.rules.values() if each.jurisdiction.code == f"us/{code}"]
    return " ".join(f"{each.title} {' '.join(version.note for version in each.versions)}" for each in sets).lower()


@pytest.mark.parametrize("code", sorted(USES))
def test_each_use_of_the_sources_stands_in_its_states_files(code):
    assert USES[code] in words_of(code)


@pytest.mark.parametrize("code", NAMED_BY_RULES)
def test_each_state_whose_rules_were_read_has_a_route_or_a_schedule(code):
    shelf = book()
    assert f"us/{code}" in shelf.jurisdictions
    found = [slug for slug in (*shelf.rules, *shelf.schedules) if slug.startswith(f"us/{code}/")]
    assert found


def test_what_was_not_found_computes_nothing():
    routes = {slug: each for slug, each in book().rules.items() if slug.startswith(NOT_FOUND)}
    assert len(routes) == 6
    assert all(version.status == "not found" and version.requires is None for each in routes.values() for version in each.versions)


def test_every_rule_says_that_it_is_an_example_and_where_it_was_read():
    shelf = book()
    both = {**shelf.rules, **shelf.schedules}
    assert {each.notice for each in (*both.values(), *shelf.jurisdictions.values())} == {NOTICE}
    assert not [slug for slug, each in both.items() if not each.source]
    assert not [slug for slug, each in shelf.schedules.items() if not all(terms.cite for terms in each.versions)]
    uncited = [
        f"{slug}: {node.id}" for slug, each in shelf.rules.items() for version in each.versions if version.requires
        for node in version.requires.walk() if not node.cite or not node.title
    ]  # fmt: skip
    assert not uncited


def test_every_file_of_rules_and_every_schedule_has_its_cases():
    shelf = book()
    assert {f"{slug}.cases.yaml" for slug in (*shelf.rules, *shelf.schedules)} == set(cases())
