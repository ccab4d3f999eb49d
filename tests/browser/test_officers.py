"""A licensing officer decides a question of judgment by the keyboard alone, and the page is as anybody can use it."""

from __future__ import annotations

from playwright.sync_api import expect

from cairn.apps.licensure.models import Determination
from cairn.kernel import clock
from tests.browser.conftest import violations
from tests.browser.test_keyboard import Keys
from tests.licensure_world import on
from tests.officers_world import Office


def test_an_officer_signs_a_judgment_by_the_keyboard_alone(site):
    with clock.at(on("2024-03-01")):
        world = Office()
        world.asked("Two of three, and half of the hours.")
    page = site.signed_in(world.officer.person_id)
    keys = Keys(page)
    page.goto("/officer/")
    keys.open("^Dana Whitfield$")
    expect(page.get_by_role("heading", level=1)).to_contain_text("One question is yours")
    assert violations(page) == []
    keys.reach("^Go to the determination$")
    keys.press("Enter")
    keys.choose("^The rule is met", "^The rule is met")
    keys.reach("^Several of these together$")
    keys.press("Space")
    keys.reach("^Your reason")
    page.keyboard.type("Two thirds of one way and half of another are enough.")
    keys.open("^Sign$")
    expect(page.get_by_role("heading", level=1)).to_contain_text("The rule is met")
    made = Determination.objects.get()
    assert (made.basis, made.lines, made.signed_at is not None) == ("judgment", ["combination"], True)
    assert keys.hidden == []
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
