"""The main job with JavaScript off: every form sends itself, and nothing that a script would do is missing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from cairn.apps.people.models import Person
from cairn.site.worker import drain
from tests.browser.journeys import NARRATIVE, REFLECTION, SHOWN, evidence, texts

OFF = {"java_script_enabled": False}


def write(page: Page, label: str, text: str) -> None:
    page.get_by_label(re.compile(label, re.I)).first.fill(text)
    page.get_by_role("button", name="Save", exact=True).click()


def add(page: Page, slot: str, path) -> None:
    page.locator(f"#add-{slot}").set_input_files(path)
    page.locator(f"#slot-{slot}").get_by_role("button", name="Add to").click()


def prepare(page: Page, root: str, files) -> None:
    page.goto(f"{root}narrative/")
    write(page, "Where was it", NARRATIVE)
    page.goto(f"{root}portfolio/")
    for path in files[:3]:
        add(page, "plan", path)
    add(page, "recording", files[3])
    nobody = page.locator("label:visible", has_text="Nobody can be recognized")
    for left in range(len(files), 0, -1):
        expect(nobody).to_have_count(left)
        nobody.first.click()
        page.locator("button:visible", has_text="Keep this").first.click()
    for detail in ("1a", "1b"):
        page.goto(f"{root}analysis/{detail}/")
        write(page, "evidence shows", SHOWN)
        page.get_by_label("File").select_option(index=1)
        page.get_by_label("Page").fill("2")
        page.get_by_label(re.compile("^Why")).last.fill("Page 2 lists who does what.")
        page.get_by_role("button", name="Cite it").click()
        expect(page.locator(".c-cite")).to_have_count(1)
    page.goto(f"{root}reflection/")
    write(page, "What will you change", REFLECTION)


def score(page: Page, sheet, level: str) -> None:
    page.goto("/scoring/")
    page.get_by_role("link", name=sheet.code_name).first.click()
    for last in ("Next detail", "Review the sheet"):
        page.get_by_role("link", name=re.compile("page 1|Document 1")).first.click()
        expect(page.locator("img[src*='/f/']").first).to_be_visible()
        page.locator(".c-choice label", has_text=level).first.click()
        page.get_by_label(re.compile("Why, for the educator")).fill("Page 1 lists who does what.")
        page.get_by_label(re.compile("What would show it")).fill("Say by when, too.")
        page.get_by_role("button", name=re.compile(last)).click()
    page.get_by_role("button", name="Lock this sheet").click()
    expect(page.get_by_text(f"{sheet.code_name} is locked.")).to_be_visible()
    drain()


def test_an_assessor_scores_and_locks_a_sheet(site):
    world = site.world
    world.assessors(2)
    _, run = world.submitted()
    sheet = world.sheets(run)[0]
    score(site.signed_in(sheet.assessor_id, **OFF), sheet, "Proficient")
    sheet.refresh_from_db()
    assert sheet.state == "locked"


def test_what_is_sent_after_the_session_ended_is_saved_once_one_has_signed_in_again(site):
    actor, run = site.world.enrolled()
    account = Person.objects.select_related("account").get(pk=actor.person_id).account
    page = site.signed_in(actor.person_id, **OFF)
    page.goto(f"/portfolio/{run.pk}/narrative/")
    page.get_by_label("Where was it?").fill(NARRATIVE)
    page.context.clear_cookies(name="session")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page).to_have_url(re.compile("/account/login/"))
    page.get_by_label("E-mail").fill(account.email)
    page.get_by_label("Password").fill("a long passphrase")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text(NARRATIVE)).to_be_visible()
    page.get_by_role("button", name="Save it now").click()
    assert texts(actor, run) == {NARRATIVE}


@pytest.mark.long
def test_an_educator_writes_submits_reads_feedback_and_earns(site, tmp_path):
    world = site.world
    world.assessors(2)
    actor, run = world.enrolled()
    page = site.signed_in(actor.person_id, **OFF)
    root = f"/portfolio/{run.pk}/"
    prepare(page, root, evidence(tmp_path))
    assert texts(actor, run) == {NARRATIVE, SHOWN, REFLECTION}
    page.goto(f"{root}check/")
    page.get_by_role("button", name=re.compile("Submit")).click()
    expect(page.locator(".c-hash")).to_be_visible()
    drain()
    for sheet in world.sheets(run):
        score(site.signed_in(sheet.assessor_id, **OFF), sheet, "Developing")
    page.goto("/home/")
    page.get_by_role("link", name="Read the feedback and revise").click()
    expect(page.get_by_text("Say by when, too.").first).to_be_visible()
    for detail in ("1a", "1b"):
        page.goto(f"{root}analysis/{detail}/")
        write(page, "evidence shows", f"{SHOWN} By May.")
    page.goto(f"{root}check/")
    page.get_by_role("button", name=re.compile("Submit")).click()
    drain()
    for sheet in world.sheets(run):
        world.score(sheet)
    page.goto("/home/")
    page.get_by_role("link", name="See and share it").click()
    expect(page.get_by_text("Valid", exact=True).first).to_be_visible()
