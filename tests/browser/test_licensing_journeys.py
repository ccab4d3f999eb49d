"""Officers refer, hear and except; a rule that changes; claims: in the browser, and as assistive technology is told of them."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from cairn.apps.licensure import commands, queries
from cairn.apps.licensure.commands import Done
from cairn.apps.licensure.models import Determination
from cairn.kernel import clock
from cairn.site.worker import drain
from tests.browser.conftest import scrolls_sideways, violations
from tests.browser.test_blindness_tree import tree
from tests.licensure_world import on
from tests.officers_world import Office
from tests.recognizers_world import District
from tests.world import SYSTEM

pytestmark = pytest.mark.long
ASKED_OF_ALL = ("button", "link", "textbox", "checkbox", "radio", "combobox", "searchbox")


def faults(page) -> list[str]:
    """What axe finds, what has no name in the accessibility tree, and whether it scrolls sideways on a phone."""
    nameless = [
        node["role"]["value"] for node in json.loads(tree(page))
        if not node["ignored"] and node["role"]["value"] in ASKED_OF_ALL and not node.get("name", {}).get("value", "").strip()
    ]  # fmt: skip
    found = [*violations(page), *nameless]
    page.set_viewport_size({"width": 320, "height": 700})
    found += ["scrolls sideways"] if scrolls_sideways(page) else []
    page.set_viewport_size({"width": 1280, "height": 900})
    return found


def test_a_question_is_referred_heard_and_settled_as_an_exception(site):
    with clock.at(on("2024-03-01")):
        world = Office()
        row = world.asked("Two of three, and half of the hours.")
    page = site.signed_in(world.officer.person_id)
    address = f"/officer/{row.pk}/"
    page.goto(address)
    page.locator("label", has_text="Refer it").click()
    page.get_by_label("To whom").fill("Counsel of the department")
    page.get_by_label("Your reason, for the educator to read").fill("May these be taken together?")
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing waits for you")
    page.goto(address)
    assert faults(page) == []
    page.get_by_label("What they answered, for the educator to read").fill("The board may except one line.")
    page.get_by_role("button", name="Enter it; it waits for an officer again").click()
    page.locator("summary", has_text="Or record an exception").click()
    page.locator("label", has_text="Three micro-credentials approved").click()
    page.locator("label", has_text="This is an exception").click()
    page.locator("label", has_text="The rule is met").click()
    page.get_by_label("Your reason, for the educator to read").fill("The board excepts the third one.")
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The rule is met")
    made = Determination.objects.get()
    assert (made.basis, made.lines) == ("exception", ["micro-credentials"])
    assert faults(page) == []


def test_an_officer_reads_who_gains_and_who_loses_before_a_rule_changes(site):
    with clock.at(on("2024-03-01")):
        world = Office()
        world.asked()
    page = site.signed_in(world.officer.person_id)
    page.goto(f"/officer/offices/{world.authority.pk}/changes/?rules=us/mo/transition-administrator")
    assert faults(page) == []
    page.get_by_role("button", name="Compute both").click()
    page.wait_for_url("**/officer/changes/**")
    drain()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert faults(page) == []


def test_nobody_who_listens_to_a_claim_hears_who_voted_how(site):
    commands.load_rules(actor=SYSTEM, files=queries.shipped())
    world = District()
    version = world.adopt("us/ks/schedules/points")
    today = clock.now().date()
    world.approved("Summer institute", date(today.year - 1, 1, 5))
    done = Done(title="Summer institute", done_on=date(today.year - 1, 6, 1), kind="hours", hours=Decimal(10))
    claim = world.claimed(version, date(today.year - 1, 6, 10), done=done, level="knowledge")
    with clock.at(clock.now()):
        commands.vote_on_claim(actor=world.members[0], claim_id=claim.pk, vote="grant")
    drain()
    council, teacher = site.signed_in(world.members[1].person_id), site.signed_in(world.teacher.person_id)
    council.goto("/claims/")
    teacher.goto(f"/license/claims/{claim.pk}/")
    for page in (council, teacher):
        assert "Summer institute" in tree(page)
        assert "Member0" not in tree(page)
        assert faults(page) == []


def test_a_standing_is_told_in_words_and_every_control_of_a_license_has_a_name(site):
    with clock.at(on("2024-03-01")):
        world = Office()
    page = site.signed_in(world.dana.person_id)
    page.goto("/license/")
    told = tree(page)
    assert all(words in told for words in ("Met:", "Begun, not met yet:", "For an officer:", "5 CSR 20-400.620"))
    for address in ("/license/", f"/license/{world.held.pk}/plan/", "/license/record/", "/license/add/?state=us/ks", "/license/claims/",
                    "/license/move/?to=us/ks", f"/officer/lists/{world.authority.pk}/", "/rules/us/mo/"):  # fmt: skip
        who = page if "officer" not in address else site.signed_in(world.officer.person_id)
        who.goto(address)
        assert faults(who) == [], address
