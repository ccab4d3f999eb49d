"""What it counts for where its reader works, as the catalog says it: a line each, a facet, as many queries however much there is."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cairn.apps.licensure import commands, queries
from cairn.apps.licensure.queries import jurisdictions
from cairn.frame.actor import VISITOR
from cairn.kernel import clock
from tests.integration.test_public_pages import client_of, text_of
from tests.licensure_world import Licensing, on

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return Licensing()


@pytest.fixture
def visitor():
    return Client(headers={"host": "localhost"})


def rows(answer) -> dict[str, str]:
    """By title, all words of the row."""
    found = re.findall(r'<li class="c-row">.*?<h3>(.*?)</h3>(.*?)</li>', answer.content.decode(), re.S)
    return {_plain(title): _plain(words) for title, words in found}


def _plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<svg.*?</svg>|<[^>]*>", " ", html, flags=re.S)).split())


def test_a_visitor_chooses_a_state_and_the_address_keeps_it(world, visitor):
    office, (first, *_) = world.office(), world.shelf(3)
    world.approve(first, office)
    before = text_of(visitor.get("/catalog/"))
    assert "Choose one" in before
    assert "Counts there" not in before
    page = visitor.get("/catalog/?where=us/mo")
    assert "1 of 3 counts in Missouri: Transition Administrator certificate, and 1 more." in text_of(page)
    assert "In Missouri: Transition Administrator certificate (one of 3), and 1 more" in text_of(page)
    assert text_of(page).count("Not counted by itself in Missouri") == 2
    assert page.cookies == {}
    for address in (f"/catalog/{first.slug}/?where=us%2Fmo", f"/stacks/{first.stack.slug}/?where=us%2Fmo"):
        assert f'href="{address}"' in page.content.decode()
        assert "What it counts for in Missouri" in text_of(visitor.get(address))
    told = rows(visitor.get("/catalog/?where=us/mo&q=skill"))
    assert sorted("(one of 3)" in words for words in told.values()) == [False, False, True]
    assert "None of these counts by itself in Washington" in text_of(visitor.get("/catalog/?where=us/wa"))


def test_the_facet_leaves_what_counts_and_asks_nothing_where_no_state_is_chosen(world, visitor):
    office, (first, second, _) = world.office(), world.shelf(3)
    world.approve(first, office)
    world.approve(second, office)
    page = visitor.get("/catalog/?where=us/mo&counts=yes")
    assert set(rows(page)) == {first.title, second.title}
    assert "Yes (2)" in text_of(page)
    assert rows(visitor.get("/catalog/?where=us/wa&counts=yes")) == {}
    assert "1 stack, 3 micro-credentials" in text_of(visitor.get("/catalog/?counts=yes"))
    for odd in ("us/atlantis", "%00", "x" * 300, "<b>"):
        assert visitor.get(f"/catalog/?where={odd}&counts=yes").status_code in (200, 422)


def test_pages_of_results_keep_the_state(world, visitor):
    office = world.office()
    for each in world.shelf(26):
        world.approve(each, office)
    page = visitor.get("/catalog/?where=us/mo&counts=yes")
    assert 'href="?q=&amp;counts=yes&amp;where=us%2Fmo&amp;page=2"' in page.content.decode()
    assert len(rows(visitor.get("/catalog/?counts=yes&where=us%2Fmo&page=2"))) == 2


def test_the_readers_own_state_needs_no_asking_and_what_they_earned_counts_as_counted(world):
    office, (first, second) = world.office(), world.shelf(2)
    for each in (first, second):
        world.approve(each, office)
    with clock.at(on("2022-07-02")):
        dana, _ = world.licensed(start="2020-07-01", end="2024-06-30")
        world.mc(dana, first.slug, "2021-05-01", stack=first.stack.slug, issuer=first.issuer.slug, origin=first.origin)
        commands.set_profile(actor=dana, jurisdiction="us/mo")
        browser = client_of(dana)
        told = rows(browser.get("/catalog/?q=skill"))
        assert "Counted on your license: Transition Administrator certificate" in told[first.title]
        assert "In Missouri: Transition Administrator certificate (one of 3)" in told[second.title]
        assert f'href="/catalog/{first.slug}/"' in browser.get("/catalog/?q=skill").content.decode()
        assert "Yours counts already: Transition Administrator certificate" in text_of(browser.get(f"/catalog/{first.slug}/"))
        assert "Counted on your license" not in text_of(browser.get("/catalog/?q=skill&where=us/tn"))
    stranger = world.person("Someone Else")
    assert "Counted on your license" not in text_of(client_of(stranger).get("/catalog/?where=us/mo"))


def test_fifty_cost_as_many_queries_as_five(world, visitor):
    office = world.office()
    dana, _ = world.licensed(end="2099-06-30")
    commands.set_profile(actor=dana, jurisdiction="us/mo")
    cost = []
    for count in (5, 50):
        for each in world.shelf(count):
            if not queries.listings_of(VISITOR, office.pk).filter(microcredential=each).exists():
                world.approve(each, office)
        counts = []
        for browser, address in ((visitor, "/catalog/?where=us/mo"), (visitor, "/catalog/?where=us/mo&counts=yes"),
                                 (client_of(dana), "/catalog/"), (client_of(dana), "/catalog/?counts=yes")):  # fmt: skip
            browser.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert browser.get(address).status_code == 200
            counts.append(len(asked))
        cost.append(counts)
    assert cost[0] == cost[1]


def test_every_line_is_what_the_page_of_the_micro_credential_says(world):
    """In every state there is: what a list shows in short stands on the page in full, with its clause."""
    office, (first, *_) = world.office(), world.shelf(1)
    world.approve(first, office)
    counting = 0
    for place in jurisdictions():
        line = queries.worth_each(VISITOR, [first.pk], place.code)[first.pk]
        page = queries.worth(VISITOR, [first.pk], place.code)
        assert (line.routes, line.recognized) == (page.routes, page.recognized)
        assert line.counts != page.is_empty
        assert all(each.brief in each.words and each.cite for each in (*page.routes, *page.recognized))
        counting += line.counts
    assert counting > 5
