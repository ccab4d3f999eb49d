"""The main job by the keyboard alone: nothing here touches the page but `page.keyboard`, and where one is can always be seen."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from cairn.apps.comms.models import Letter
from cairn.apps.payments import commands as payments
from cairn.apps.programs.models import Enrollment
from cairn.apps.programs.queries import sold
from cairn.site.worker import drain
from tests.browser.conftest import wait_until
from tests.browser.journeys import NARRATIVE, REFLECTION, SHOWN, evidence
from tests.browser.test_pilots import offer
from tests.browser.test_sign_in_pages import HUB, confirmed
from tests.integration.test_sign_in import PASSWORD
from tests.integration.test_sign_in_second_step import code_of
from tests.world import SYSTEM

FAR = 120  # more presses of Tab than any page here asks for
NAME = """() => {
  const at = document.activeElement, labels = [...(at.labels ?? [])].map((label) => label.textContent).join(" ");
  return (at.getAttribute("aria-label") || labels || at.textContent).replace(/\\s+/g, " ").trim();
}"""
# A ring of two pixels or more around what has the focus, or around the mark of its label; and not all of it under something else.
SEEN = """() => {
  const at = document.activeElement, shown = at.matches("[type=radio], [type=checkbox]") ? at.labels[0] : at;
  const ringed = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const box = shown.getBoundingClientRect();
  const inside = (x, y) => { const top = document.elementFromPoint(x, y); return top && (shown.contains(top) || top.contains(shown)); };
  const points = [0.1, 0.5, 0.9].flatMap((x) => [0.1, 0.5, 0.9].map((y) => [box.left + x * box.width, box.top + y * box.height]));
  return (ringed(getComputedStyle(at)) || ringed(getComputedStyle(shown, "::before"))) && points.some(([x, y]) => inside(x, y));
}"""


class Keys:
    """Somebody who has a keyboard and nothing else."""

    def __init__(self, page: Page) -> None:
        self.page, self.hidden = page, []
        page.on("filechooser", lambda chooser: None)  # from now on the browser asks us, not a window that nobody sees

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def name(self) -> str:
        return self.page.evaluate(NAME)

    def reach(self, pattern: str) -> None:
        """Tab on until what has the focus is called so."""
        for _ in range(FAR):
            self.press("Tab")
            name = self.name()
            if re.search(pattern, name):
                self.look(name)
                return
        raise AssertionError(f"no Tab reaches “{pattern}” on {self.page.url}")

    def look(self, name: str) -> None:
        """The page may still be scrolling there."""
        try:
            wait_until(self.page, SEEN, tries=20)
        except AssertionError:
            self.hidden.append(f"{name} at {self.page.url}")

    def open(self, pattern: str) -> None:
        """Press a link or a button that leads to another page."""
        self.reach(pattern)
        with self.page.expect_navigation():
            self.press("Enter")

    def write(self, pattern: str, text: str, *, saves: bool = True) -> None:
        self.reach(pattern)
        self.press("Control+a")
        self.page.keyboard.type(text)
        if saves:
            expect(self.page.get_by_role("status").filter(has_text="Saved at")).to_be_visible()

    def choose(self, first: str, pattern: str) -> None:
        """Go to a group of radio buttons, and along it by the arrows."""
        self.reach(first)
        if re.search(pattern, self.name()):
            self.press("Space")
        while not re.search(pattern, self.name()):
            self.press("ArrowDown")

    def pick(self, pattern: str, *paths) -> None:
        """The window in which files are chosen is the system's own."""
        self.reach(pattern)
        with self.page.expect_file_chooser() as chooser:
            self.press("Space")
        chooser.value.set_files(paths)


def sign_up(keys: Keys) -> None:
    page = keys.page
    page.goto("/catalog/")
    keys.open("^Sign in$")
    keys.open("^Create an account")
    keys.write("^Your name", "Wren Halloran", saves=False)
    keys.write("^E-mail", "wren@halloran.example", saves=False)
    keys.write("^Password", "granite under the moss", saves=False)
    with page.expect_navigation():
        keys.press("Enter")
    drain()
    letter = Letter.objects.get(address="wren@halloran.example")
    page.goto(re.search(r"https?://[^/\s]+(/\S+)", letter.text)[1])
    keys.open("^Yes, it is mine")


def prepare(keys: Keys, files) -> None:
    """All four parts, from the first page to the check."""
    page = keys.page
    keys.write("^Where was it", NARRATIVE)
    keys.open("^Next: Portfolio")
    for slot, paths in (("^Add (a file|files) to Plan", files[:3]), ("^Add (a file|files) to (?!Plan)", files[3:])):
        for path in paths:
            before = page.locator(".c-file").count()
            keys.pick(slot, path)
            expect(page.locator(".c-file")).to_have_count(before + 1, timeout=30_000)
    for left in range(len(files), 0, -1):
        expect(page.get_by_role("button", name=re.compile("^Keep this"))).to_have_count(left)
        keys.choose("^Nobody can be recognized$", "^Nobody can be recognized$")
        keys.open("^Keep this")
    keys.open("^Next: Analysis")
    keys.open(r"^1a\.")
    for after in ("^Next: 1b", "^Next: Reflection"):
        keys.write("What your evidence shows|shows", SHOWN)
        keys.reach("^File")
        keys.press("ArrowDown")
        keys.write("^Page", "2", saves=False)
        keys.write("^Why", "Page 2 lists who does what.", saves=False)
        keys.open("^Cite it")
        keys.open(after)
    keys.write("^What will you change", REFLECTION)
    keys.open("^Check my work")


def score(keys: Keys, sheet) -> None:
    """Levels by their numbers on one detail and by the arrows on the next; then the whole sheet."""
    page = keys.page
    page.goto("/scoring/")
    keys.open(f"^Open {sheet.code_name}")
    keys.press("2")
    expect(page.get_by_role("radio", name="Proficient")).to_be_checked()
    keys.write("^Why, for the educator", "Page 2 lists who does what.")
    keys.open("^Next detail")
    keys.choose("^Developing", "^Proficient")
    keys.write("^Why, for the educator", "Page 3 says by when.")
    keys.open("^Review the sheet")
    keys.open("^Lock this sheet")
    expect(page.get_by_text(f"{sheet.code_name} is locked.")).to_be_visible()


def test_an_assessor_scores_and_locks_a_sheet_and_sees_at_each_step_where_they_are(site):
    world = site.world
    world.assessors(2)
    _, run = world.submitted()
    sheet = world.sheets(run)[0]
    keys = Keys(site.signed_in(sheet.assessor_id))
    score(keys, sheet)
    assert keys.hidden == []


def test_the_first_tab_skips_to_what_the_page_is_about(site):
    keys = Keys(site.visitor())
    keys.page.goto("/catalog/")
    keys.reach("^Skip to main content")
    keys.press("Enter", "Tab")
    assert keys.page.evaluate("document.querySelector('main').contains(document.activeElement)")
    assert keys.hidden == []


def test_a_refused_form_leads_from_its_summary_to_the_field(site):
    keys = Keys(site.visitor())
    keys.page.goto("/verify/")
    keys.write("^Or its address", "nowhere at all", saves=False)
    with keys.page.expect_navigation():
        keys.press("Enter")
    keys.reach("address")
    assert keys.hidden == []


@pytest.mark.long
def test_one_stays_signed_in_by_the_keyboard_and_keeps_the_draft(site, settings):
    settings.SESSION_COOKIE_AGE = 12
    actor, run = site.world.enrolled()
    keys = Keys(site.signed_in(actor.person_id))
    keys.page.goto(f"/portfolio/{run.pk}/narrative/")
    keys.write("^Where was it", NARRATIVE)
    asked = keys.page.get_by_role("dialog", name="You will soon be signed out")
    expect(asked).to_be_visible()
    assert keys.name() == "Stay signed in"
    keys.press("Enter")
    expect(asked).to_be_hidden()
    assert keys.page.evaluate("document.activeElement.value") == NARRATIVE


@pytest.mark.long
def test_an_educator_earns_a_micro_credential_and_takes_it_away(site, tmp_path):
    world = site.world
    world.offering  # noqa: B018 - opens it
    world.assessors(2)
    keys = Keys(site.visitor())
    page = keys.page
    sign_up(keys)
    keys.open("^Skill 1")
    keys.open("^Begin")
    keys.open("^Begin with part 1")
    prepare(keys, evidence(tmp_path))
    keys.open("^Submit Skill 1")
    expect(page.locator(".c-hash")).to_be_visible()
    drain()
    for sheet in world.sheets(Enrollment.objects.get()):
        score(Keys(site.signed_in(sheet.assessor_id)), sheet)
    drain()
    keys.open("^Next$")
    keys.open("^See and share it")
    expect(page.get_by_text("Valid", exact=True).first).to_be_visible()
    keys.reach("^Download the badge")
    with page.expect_download() as badge:
        keys.press("Enter")
    assert badge.value.suggested_filename.endswith(".png")
    assert keys.hidden == []


@pytest.mark.long
def test_a_seat_is_waited_for_offered_and_taken_and_then_bought_with_a_purchase_order(site):
    world = site.world
    pilot = offer(world, clock_event="first access", asks_meeting=False, seats_min=1, seats_max=1)
    payments.set_price(actor=SYSTEM, sold=sold(pilot), audience_id=None, cents=200_00, starts_on=pilot.opens_on)
    first, second = (Keys(site.signed_in(world.person(name).person_id)) for name in ("Ada Stone", "Bea Stone"))
    for keys, act in ((first, "^Register$"), (second, "^Wait in line$")):
        keys.page.goto(f"/pilots/{pilot.slug}/")
        keys.open(act)
    first.open("^Give up my place$")
    first.choose("^I would rather not say$", "^My work has changed")
    first.open("^Give up my place$")
    drain()
    second.page.reload()
    second.open("^Take the seat$")
    second.open("^Open the workspace$")
    second.page.goto("/account/orders/")
    second.write("^Purchase order number", "PO 17", saves=False)
    second.open("^Order it")
    expect(second.page.get_by_text("purchase order PO 17")).to_be_visible()
    second.reach(r"^Invoice \d+ \(PDF\)$")
    assert first.hidden + second.hidden == []


@pytest.mark.long
def test_a_second_step_is_set_up_and_shown_and_another_address_added(site, transactional_db):
    cache.clear()  # in which tries are counted
    confirmed(site)
    keys = Keys(site.visitor())
    enter(keys)
    keys.page.goto(HUB)
    keys.open("^Set up an app")
    secret = keys.page.locator("#key").inner_text()
    keys.write("^Code", code_of(secret), saves=False)
    press_enter(keys)
    expect(keys.page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    keys.page.goto("/account/")
    keys.open("^Your e-mail addresses")
    keys.write("^Another address", "dana@new.example.org", saves=False)
    press_enter(keys)
    keys.reach("^Send the link again to dana@new.example.org")
    keys.page.context.clear_cookies()
    enter(keys)
    keys.write("^Code", code_of(secret), saves=False)
    press_enter(keys)
    keys.page.wait_for_url("**/home/")
    assert keys.hidden == []


def enter(keys: Keys) -> None:
    keys.page.goto("/account/login/")
    keys.write("^E-mail", "dana@example.org", saves=False)
    keys.write("^Password", PASSWORD, saves=False)
    press_enter(keys)


def press_enter(keys: Keys) -> None:
    with keys.page.expect_navigation():
        keys.press("Enter")
