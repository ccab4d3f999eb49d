"""The status board in Chromium: eight lines for the public, and the one without a name for its editor."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from cairn.apps.people import commands as people
from tests.browser.conftest import scrolls_sideways, violations
from tests.consortium_world import illinois_board
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)


def sound(page: Page) -> None:
    assert violations(page) == []
    assert not scrolls_sideways(page)


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}], ids=["desktop", "phone without scripts"])
def test_s27_the_board_of_an_association(site, options):
    here = illinois_board()
    people.set_brand(actor=SYSTEM, organization_id=here.issuer.pk, display_name="Illinois Leaders", tagline="", color="#0b4f8a",
                     color_dark="", notice="We treat all alike.")  # fmt: skip
    board = f"/programs/{here.program.slug}/board/"
    public = site.visitor(**options)
    public.set_viewport_size({"width": 320 if options else 1280, "height": 800})
    public.goto(board)
    expect(public.get_by_role("heading", level=3)).to_have_count(8)
    expect(public.get_by_text("Currently in pilot (13 pilot spots open)")).to_be_visible()
    expect(public.get_by_text("3 pilot spots open; pilot to begin in mid February")).to_be_visible()
    expect(public.get_by_role("heading", name="Currently in pilot (full)")).to_be_visible()
    expect(public.get_by_text("names no micro-credential")).to_have_count(0)
    if not options:
        sound(public)
    editor = site.signed_in(here.person("Ed Editor", coordinator=here.issuer).person_id, **options)
    editor.goto(f"{board}edit/")
    expect(editor.get_by_role("heading", level=1)).to_have_text("One line needs a look")
    editor.get_by_role("link", name="Say which it is").click()
    editor.get_by_label("Title").fill("Instructional Rounds")
    editor.get_by_role("button", name="Save the line").click()
    expect(editor.get_by_role("heading", level=1)).to_have_text("Eight lines on the board")
    if not options:
        sound(editor)
    public.reload()
    expect(public.get_by_role("heading", name="Instructional Rounds")).to_be_visible()
