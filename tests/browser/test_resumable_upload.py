"""Large files sent from Chromium to a real server: in pieces, with pauses, through a connection that breaks, on after the page was left."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from cairn.apps.portfolio.models import Artifact, Upload
from cairn.apps.portfolio.outward.arriving import BLOCK
from tests import files_world
from tests.browser.conftest import violations, wait_until

WORDS = b"What we wrote down. " * 450_000  # 9 MB: three pieces


class Line:
    """What lies between the browser and the server: it notes where each piece begins, and breaks when told."""

    def __init__(self, page: Page) -> None:
        self.offsets: list[int] = []
        self.breaks_behind, self.held = 99, []
        page.route("**/uploads/**", self.pass_on)

    def pass_on(self, route: Route) -> None:
        if route.request.method != "PATCH":
            return route.continue_()
        if len(self.offsets) >= self.breaks_behind:
            return route.abort("connectionfailed")
        begins = route.request.headers.get("upload-offset")  # none where the browser was taken off the net before it began
        self.offsets += [int(begins)] if begins else []
        return route.continue_()


@pytest.fixture
def desk(site):
    """An educator at the place where files go, and the line that their files take."""
    actor, enrollment = site.world.enrolled()
    page = site.signed_in(actor.person_id)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/portfolio/{enrollment.pk}/portfolio/")
    return page, Line(page)


@pytest.fixture
def words(tmp_path: Path) -> Path:
    path = tmp_path / "words.txt"
    path.write_bytes(WORDS)
    return path


def test_a_file_goes_in_pieces_and_stands_in_its_place(desk, words):
    page, line = desk
    page.locator("#add-plan").set_input_files(words)
    expect(page.get_by_role("link", name="words", exact=True)).to_be_visible()
    assert line.offsets == [0, BLOCK, 2 * BLOCK]
    assert Artifact.objects.get().size == len(WORDS)
    assert violations(page) == []


def test_a_lost_connection_is_told_and_sending_goes_on_where_it_stopped(desk, words):
    page, line = desk
    line.breaks_behind = 2
    page.locator("#add-plan").set_input_files(words)
    expect(page.get_by_role("status").filter(has_text="The connection was lost. What has arrived is kept")).to_be_visible()
    page.context.set_offline(True)
    line.breaks_behind = 99
    assert Upload.objects.get().state == "receiving"
    page.context.set_offline(False)
    expect(page.get_by_role("link", name="words", exact=True)).to_be_visible()
    assert line.offsets == [0, BLOCK, 2 * BLOCK]
    assert Artifact.objects.get().size == len(WORDS)


def test_after_the_page_was_left_the_same_file_goes_on_where_it_stopped(desk, words):
    page, line = desk
    line.breaks_behind = 1
    page.locator("#add-plan").set_input_files(words)
    expect(page.get_by_role("status").filter(has_text="The connection was lost")).to_be_visible()
    page.reload()
    expect(page.get_by_text("46% of “words.txt” has arrived. Choose the same file again")).to_be_visible()
    assert violations(page) == []
    line.breaks_behind, line.offsets = 99, []
    page.locator("#add-plan").set_input_files(words)
    expect(page.get_by_role("link", name="words", exact=True)).to_be_visible()
    assert line.offsets == [BLOCK, 2 * BLOCK]


def test_sending_can_be_paused_gone_on_with_and_stopped(desk, words):
    page, line = desk
    line.breaks_behind = 1
    page.locator("#add-plan").set_input_files(words)
    expect(page.get_by_role("status").filter(has_text="The connection was lost")).to_be_visible()
    page.get_by_role("button", name=re.compile("Pause")).click()
    expect(page.get_by_role("status").filter(has_text="Paused. What has arrived is kept for a week.")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name=re.compile("Go on")).click()
    expect(page.get_by_role("status").filter(has_text="The connection was lost")).to_be_visible()
    page.get_by_role("button", name=re.compile("Stop")).click()
    expect(page.get_by_text("Stopped. Nothing was kept.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("words.txt")).to_have_count(0)
    assert Upload.objects.get().state == "abandoned"


def test_what_cannot_be_kept_is_said_and_the_rest_is(desk, tmp_path):
    page, _ = desk
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    good.write_bytes(files_world.make_pdf(2))
    bad.write_bytes(files_world.make_pdf(21))
    page.locator("#add-plan").set_input_files([bad, good])
    expect(page.get_by_role("alert")).to_contain_text("bad.pdf: This file has 21 pages; “Plan” takes at most 20.")
    page.get_by_role("button", name="Show what arrived").click()
    expect(page.get_by_role("link", name="good", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("#file-"))


def test_without_a_script_the_form_sends_the_file_itself(site, tmp_path):
    actor, enrollment = site.world.enrolled()
    page = site.signed_in(actor.person_id, java_script_enabled=False)
    page.goto(f"/portfolio/{enrollment.pk}/portfolio/")
    page.locator("#add-plan").set_input_files({"name": "plan.pdf", "mimeType": "application/pdf", "buffer": files_world.make_pdf(2)})
    page.get_by_role("button", name=re.compile("^Add.*Plan")).last.click()
    expect(page.get_by_role("link", name="plan", exact=True)).to_be_visible()


def test_a_film_that_is_too_long_is_not_sent_at_all(desk, tmp_path):
    page, line = desk
    film = tmp_path / "long.mp4"
    film.write_bytes(files_world.make_mp4(400))
    page.locator("#add-recording").set_input_files(film)
    expect(page.get_by_role("alert")).to_contain_text("long.mp4: It is 6:40 long; at most 5:00 fit here. Choose a shorter one.")
    assert line.offsets == []


def test_a_film_brings_a_still_of_itself_and_plays_with_captions(desk, tmp_path):
    page, _ = desk
    film, captions = tmp_path / "film.mp4", tmp_path / "film.vtt"
    film.write_bytes(files_world.make_mp4(9))
    captions.write_text("WEBVTT\n\n00:00.000 --> 00:09.000\n<v Dana>What do you see?\n")
    page.locator("#add-recording").set_input_files(film)
    page.get_by_role("link", name="film", exact=True).click()
    assert Artifact.objects.get().has_poster
    still = page.locator("video").get_attribute("poster")
    assert page.evaluate(
        "async (at) => { const i = new Image(); i.src = at; await i.decode(); return [i.naturalWidth, i.naturalHeight]; }", still
    ) == [64, 48]
    page.get_by_label("File of captions").set_input_files(captions)
    page.get_by_role("button", name="Add captions").click()
    expect(page.get_by_text("Captions are there")).to_be_visible()
    wait_until(page, "document.querySelector('video').textTracks[0].cues?.length")
    cue = page.evaluate("[document.querySelector('video').textTracks[0].cues[0].text, document.querySelector('video').textTracks[0].mode]")
    assert cue == ["<v Speaker 1>What do you see?", "showing"]
    assert violations(page) == []
