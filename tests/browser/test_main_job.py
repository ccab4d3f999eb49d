"""The whole main job in Chromium: from signing up to a badge that verifies, with real files."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cairn.apps.comms.models import Letter
from cairn.apps.credentials.models import Credential
from cairn.apps.portfolio.models import Artifact
from cairn.pure import badges
from cairn.site.worker import drain
from tests import files_world
from tests.browser.conftest import scrolls_sideways, violations

PASSPHRASE = "granite under the moss"


@pytest.fixture
def evidence(tmp_path: Path) -> dict[str, Path]:
    """Files as an educator has them: named after people, and full of traces."""
    made = {
        "plan": ("Wren Halloran plan.pdf", files_world.make_pdf(pages=3, author="Wren Halloran")),
        "notes": ("Halloran notes.docx", files_world.make_docx("Notes of the team meeting.", author="Wren Halloran")),
        "photo": ("IMG_0042 Halloran.jpg", files_world.make_photo(gps=True, author="Wren Halloran")),
        "film": ("Halloran lesson.mp4", files_world.make_mp4(seconds=4, artist="Wren Halloran")),
    }
    paths = {}
    for name, (file_name, data) in made.items():
        paths[name] = tmp_path / file_name
        paths[name].write_bytes(data)
    return paths


def sign_up(site) -> Page:
    page = site.visitor()
    page.goto("/catalog/")
    page.get_by_role("link", name="Sign in", exact=True).first.click()
    page.get_by_role("link", name=re.compile("account|sign up", re.I)).first.click()
    page.get_by_label("Your name").fill("Wren Halloran")
    page.get_by_label("E-mail").fill("wren@halloran.example")
    page.get_by_label("Password", exact=True).fill(PASSPHRASE)
    page.get_by_role("button", name=re.compile("account|sign up", re.I)).click()
    drain()
    letter = Letter.objects.get(address="wren@halloran.example")
    page.goto(re.search(r"https?://[^/\s]+(/\S+)", letter.text)[1])
    page.get_by_role("button", name="Yes, it is mine").click()
    return page


def begin(page: Page, microcredential) -> None:
    page.goto(f"/catalog/{microcredential.slug}/")
    page.get_by_role("button", name="Begin").first.click()
    expect(page).to_have_url(re.compile("/portfolio/"))
    expect(page.get_by_text("Due").first).to_be_visible()


def write(page: Page, label: str | re.Pattern[str], text: str) -> None:
    """Typing alone: the page saves by itself and says so."""
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.status == 200):
        page.get_by_label(label).first.fill(text)
    expect(page.get_by_role("status").filter(has_text="Saved at")).to_be_visible(timeout=15_000)


def upload(page: Page, slot: str, *paths: Path) -> None:
    """Choosing a file sends it."""
    for path in paths:
        before = page.locator(f"#slot-{slot} .c-file").count()
        page.locator(f"#add-{slot}").set_input_files(path)
        expect(page.locator(f"#slot-{slot} .c-file")).to_have_count(before + 1, timeout=20_000)


def say_who(page: Page) -> None:
    """Each file needs a word on who can be recognized."""
    nobody = page.locator("label:visible", has_text="Nobody can be recognized")
    for left in range(nobody.count(), 0, -1):
        nobody.first.click()
        page.locator("button:visible", has_text="Keep this").first.click()
        expect(nobody).to_have_count(left - 1)


def work(page: Page, evidence: dict[str, Path]) -> str:
    root = re.search(r"/portfolio/\w+/", page.url)[0]
    page.goto(f"{root}narrative/")
    write(page, "Where was it?", "In a small school by the river.")
    page.goto(f"{root}portfolio/")
    upload(page, "plan", evidence["plan"], evidence["notes"], evidence["photo"])
    upload(page, "recording", evidence["film"])
    say_who(page)
    for detail in ("1a", "1b"):
        page.goto(f"{root}analysis/{detail}/")
        write(page, re.compile("evidence|shows", re.I), "The plan names each step of it.")
        page.get_by_label("File").select_option(index=1)
        page.get_by_label("Page").fill("2")
        page.get_by_label(re.compile("^Why")).last.fill("Page 2 lists who does what.")
        page.get_by_role("button", name="Cite it").click()
        expect(page.locator(".c-cite")).to_have_count(1)
    page.goto(f"{root}reflection/")
    write(page, "What will you change?", "I will begin a week earlier.")
    return root


def submit(page: Page, root: str) -> None:
    page.goto(root)
    page.goto(f"{root}check/")
    expect(page.get_by_role("heading", name="Everything is there")).to_be_visible()
    page.get_by_role("button", name=re.compile("Submit")).click()
    expect(page.locator(".c-hash")).to_be_visible()
    drain()


def score(site, sheet, levels: dict[str, str]) -> Page:
    """As the assessor: read the evidence, choose levels with words, lock."""
    page = site.signed_in(sheet.assessor_id)
    page.goto("/scoring/")
    page.get_by_role("link", name=sheet.code_name).first.click()
    for number, detail in enumerate(sheet.case.open_details):
        level = levels.get(detail, "Proficient")
        expect(page).to_have_url(re.compile(f"/{detail}/"))
        assert "Halloran" not in page.content()
        if number == 0:
            page.get_by_role("link", name=re.compile("page 2")).first.click()
            picture = page.locator("img[src*='/f/']").first
            expect(picture).to_be_visible()
            assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 500
        page.locator(".c-choice label", has_text=level).first.click()
        page.get_by_label(re.compile("Why, for the educator")).fill(f"Page 2 lists who does what, for {detail}.")
        page.get_by_label(re.compile("What would show it")).fill("Say by when, too.")
        page.locator("[data-next]").click()
    page.get_by_role("button", name="Lock this sheet").click()
    drain()
    return page


def test_an_educator_earns_a_micro_credential_and_others_verify_it(site, evidence):
    world = site.world
    world.offering  # noqa: B018 - opens it
    world.assessors(2)
    page = sign_up(site)
    begin(page, world.microcredential)
    root = work(page, evidence)
    submit(page, root)
    enrollment = Artifact.objects.first().enrollment

    first, second = world.sheets(enrollment)
    score(site, first, {"1b": "Developing"})
    score(site, second, {"1b": "Developing"})

    page.goto("/home/")
    page.goto(f"{root}feedback/")
    expect(page.get_by_text("Say by when, too.").first).to_be_visible()
    page.goto(f"{root}analysis/1a/")
    assert page.get_by_role("button", name="Cite it").count() == 0
    page.goto(f"{root}analysis/1b/")
    write(page, re.compile("evidence|shows", re.I), "The plan names each step, and by when.")
    submit(page, root)
    for sheet in world.sheets(enrollment):
        score(site, sheet, {})

    credential = Credential.objects.get(state="issued")
    page.goto("/home/")
    public = site.visitor()
    public.goto(f"/credentials/{credential.pk}/")
    expect(public.get_by_text("Valid", exact=True).first).to_be_visible()
    expect(public.get_by_text("Wren Halloran").first).to_be_visible()

    baked = public.request.get(f"/credentials/{credential.pk}.png").body()
    assert json.loads(badges.unbake(baked))["id"].endswith(credential.pk)
    public.goto("/verify/")
    public.locator("input[type=file]").set_input_files({"name": "badge.png", "mimeType": "image/png", "buffer": baked})
    public.get_by_role("button", name="Check it").click()
    expect(public.get_by_role("heading", name="Valid")).to_be_visible()
    forged = badges.unbake(baked).replace("Wren Halloran", "Someone Else")
    public.goto("/verify/")
    public.locator("textarea").fill(forged)
    public.get_by_role("button", name="Check it").click()
    expect(public.get_by_role("heading", name="Valid")).to_have_count(0)
    assert violations(public) == []
    assert not scrolls_sideways(public)
