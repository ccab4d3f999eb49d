"""Addresses: each is known to the committed permission table, and a visitor gets in only where the table says "anyone"."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve

from cairn.interfaces.cli.reference import ANYONE, DOOR, LIBRARY, routes
from cairn.pure.packs.words import PAGES
from tests.architecture.source import PACKAGE, ROOT, name_of

OURS = [(route, name) for route, name in routes() if not name.startswith(LIBRARY)]
TABLE = ROOT / "docs" / "reference" / "permissions.md"
UNKNOWN = {"int": "7", "path": "nothing/here"}  # by converter; anything else takes a well-formed id that nothing bears
NOTHING = "00000000000000000000"


def _address(route: str) -> str:
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda m: UNKNOWN.get(m[1] or "", NOTHING), route)


def test_every_route_has_its_line_in_the_permission_table():
    table = TABLE.read_text()
    missing = [f"/{route}" for route, name in routes() if f"| `/{route}` | {name} |" not in table]
    assert missing == [], "say who may open it (interfaces/cli/reference.py), then run: make docs"


def test_every_route_has_a_name_of_its_own():
    names = [name for _, name in OURS]
    assert all(names)
    assert sorted(names) == sorted(set(names))


def test_what_anyone_may_open_is_there():
    assert set(ANYONE) - {name for _, name in OURS} == set()


def test_routes_resolve_to_their_view():
    assert {f"/{route}": found for route, name in OURS if (found := resolve(_address(route)).url_name) != name} == {}


GUARDED = [route for route, name in OURS if name not in ANYONE and not route.startswith(f"{DOOR}/")]


def _answers(found: list[str], *methods: str) -> dict[str, HttpResponse]:
    """By request, what each of these routes answers a visitor."""
    return {
        f"{method} /{route}": getattr(Client(headers={"host": "localhost"}), method)(_address(route))
        for route in found
        for method in methods
    }


@pytest.mark.django_db
def test_a_visitor_is_asked_to_sign_in_or_finds_nothing():
    answers = _answers(GUARDED, "get", "post")
    assert {request: a.status_code for request, a in answers.items() if a.status_code not in (302, 401, 403, 404, 405)} == {}
    led = {request: a["Location"] for request, a in answers.items() if a.status_code == 302}
    assert {request: place for request, place in led.items() if not place.startswith("/account/login/")} == {}


@pytest.mark.django_db
def test_a_visitor_gets_in_where_anyone_may():
    answers = _answers([route for route, name in OURS if name in ANYONE and "<" not in route], "get")
    assert {request: a.status_code for request, a in answers.items() if a.status_code not in (200, 301, 405)} == {}


@pytest.mark.django_db
def test_nothing_of_the_demonstration_is_there_outside_it(settings):
    settings.DEMO = False
    answers = _answers([route for route, _ in OURS if route.startswith(f"{DOOR}/")], "get", "post")
    assert answers
    assert {request: a.status_code for request, a in answers.items() if a.status_code not in (404, 405)} == {}


def test_ids_in_addresses_are_ids_and_nothing_else():
    """So that a malformed one is not found, before a query or a sign-in is asked."""
    assert [route for route, _ in OURS if re.search(r"<(?!id:)\w*:?\w+_id>", route)] == []


def test_the_pages_of_the_workspace_are_words_that_no_part_has_as_its_key():
    words = {route.split("/")[2] for route, _ in OURS if route.startswith("portfolio/<") and route.count("/") > 2}
    assert {word for word in words if "<" not in word} == set(PAGES)


def _leads_somewhere(link: str) -> bool:
    try:
        resolve(link)
    except Resolver404:
        return False
    return True


def _links() -> list[tuple[str, str]]:
    """Addresses that templates spell out whole."""
    pages = sorted(PACKAGE.rglob("templates/**/*.html"))
    found = {(name_of(p), link) for p in pages for link in re.findall(r"(?:href|action)=\"(/[^\"{}?#]*)[?#]?[^\"{}]*\"", p.read_text())}
    return sorted(found)


def test_links_in_templates_lead_somewhere():
    assert [f"{page} links to {link}, which no route answers" for page, link in _links() if not _leads_somewhere(link)] == []


def test_errors_have_pages_of_our_own():
    assert all(getattr(get_resolver().urlconf_module, f"handler{code}").startswith("cairn.") for code in (400, 403, 404, 500))
