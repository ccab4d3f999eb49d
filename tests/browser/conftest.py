"""A real Chromium, a real server on this machine, and axe."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connections
from playwright.sync_api import expect, sync_playwright

from cairn.apps.people.models import SessionStore
from cairn.interfaces.web.signing import BORROWED
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
expect.set_options(timeout=20_000)  # on a machine that is busy with something else
CHROMIUM = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture(scope="session")
def chromium():
    """Playwright runs an event loop in this thread, which Django would otherwise take for asynchronous code.

    While a loop runs, Django keeps another set of database connections for this thread. Each set is closed before the other comes
    into use: a session left open holds the test database, and a forked child would share it with its parent.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    connections.close_all()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield browser
        browser.close()
        connections.close_all()


class Site:
    """The served product with a world behind it, and browsers to look at it."""

    def __init__(self, chromium, address: str) -> None:
        self.chromium, self.address, self.world, self.contexts = chromium, address, World(), []

    def visitor(self, **options):
        """A page of somebody who is not signed in."""
        context = self.chromium.new_context(base_url=self.address, viewport={"width": 1280, "height": 900}, **options)
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        return context.new_page()

    def signed_in(self, person_id: str, **options):
        """A page of a person, signed in without the door."""
        from cairn.apps.people.models import Person

        account = Person.objects.select_related("account").get(pk=person_id).account
        session = SessionStore()
        session[SESSION_KEY] = account.pk
        session[BACKEND_SESSION_KEY] = BORROWED
        session[HASH_SESSION_KEY] = account.get_session_auth_hash()
        session.create()
        page = self.visitor(**options)
        page.context.add_cookies([{"name": "session", "value": session.session_key, "url": self.address}])
        return page


@pytest.fixture
def site(chromium, live_server):
    served = Site(chromium, live_server.url)
    yield served
    for context in served.contexts:
        context.close()


def violations(page) -> list[str]:
    """What axe finds by WCAG 2.0 to 2.2 A and AA and best practice, one line for each."""
    page.evaluate(AXE.read_text())
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", tags)
    return [f"{v['id']}: {v['nodes'][0]['target']} {v['nodes'][0]['failureSummary']}" for v in found["violations"]]


def wait_until(page, expression: str, tries: int = 200) -> None:
    """Playwright's own waiting evaluates text within the page, which the site's policy forbids after the first time."""
    for _ in range(tries):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never true: {expression}")


def scrolls_sideways(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
