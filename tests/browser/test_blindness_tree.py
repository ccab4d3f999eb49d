"""What assistive technology is told of the pages of blind scoring: names in places where no eye sees them would stand there too."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

import pytest

from cairn.kernel import clock
from tests.canaries import PLACES, READ, hidden, named, plant, split

pytestmark = pytest.mark.long
MOST = 30  # pages of one person


def tree(page) -> str:
    """Names, values, descriptions and addresses of everything in the accessibility tree."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    assert len(nodes) > 10
    return json.dumps(nodes, ensure_ascii=False)


def told(page, start: str) -> dict[str, str]:
    """By address, the tree of every page of scoring to which the links of `start` lead."""
    waiting, found = [start], {}
    while waiting and len(found) < MOST:
        address = waiting.pop(0)
        if address not in found:
            page.goto(address)
            found[address] = tree(page)
            links = [urlsplit(link) for link in page.evaluate("Array.from(document.links).map(link => link.href)")]
            here = [f"{link.path}?{link.query}" if link.query else link.path for link in links if link.hostname == "localhost"]
            waiting += [link for link in here if link.startswith("/scoring/") and not re.search(r"/files/|/static/", link)]
    return found


def leaks(trees: dict[str, str]) -> list[tuple[str, str]]:
    forms = [(place, form) for place in PLACES for form in hidden(named(place))]
    return [(address, place) for address, said in trees.items() for place, form in forms if form in said.lower()]


def test_no_name_is_told_to_whoever_listens_to_the_pages_of_scoring(site):
    with clock.at(READ):
        planted = plant(site.world)
        sheets = [planted.world.sheets(planted.run)[number] for number in (0, 1)]
    readers = [told(site.signed_in(sheet.assessor_id), f"/scoring/{sheet.pk}/1a/") for sheet in sheets]
    with clock.at(READ):
        split(planted)
    lead = told(site.signed_in(planted.lead.person_id), "/scoring/")
    for trees in (*readers, lead):
        assert len(trees) > 5
        assert leaks(trees) == []
    assert any(re.search(r"Document 1|document 1", said) for trees in readers for said in trees.values()), "no file was met"


def test_the_search_finds_a_name_that_no_eye_sees(site):
    """Otherwise finding nothing would mean nothing."""
    page = site.visitor()
    page.goto("/verify/")
    for hide in ("aria-label", "title", "aria-description", "href"):
        page.evaluate(HIDE, [hide, named("the school").replace(" ", "%20" if hide == "href" else " ")])
        assert leaks({"/": tree(page)}) == [("/", "the school")], hide
        page.evaluate("document.querySelector('main').lastElementChild.remove()")


HIDE = """([hide, name]) => {
  const link = document.createElement('a')
  link.href = '/'
  link.textContent = 'x'
  link.setAttribute(hide, name)
  document.querySelector('main').append(link)
}"""
