"""The page scripts against a scripted server: saving, two tabs, lost connections, word counts, keys, uploads.

Chromium answers every request from the test itself, so nothing here needs the site to run.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import wait_until

SCRIPTS = Path(__file__).resolve().parents[2] / "cairn" / "interfaces" / "web" / "static" / "cairn" / "js"
HOME = "http://cairn.test/work/"

WRITING = """<!doctype html><title>Work</title>
<span data-save-state class="c-state--met"><i data-when="saved"></i><i data-when="unsaved" hidden></i>
<span role="status">Everything is saved</span></span>
<form data-autosave data-key="attempt-1" action="/save/" method="post"><input type="hidden" name="csrfmiddlewaretoken" value="secret">
<textarea id="a" name="answer" data-version="%s">%s</textarea>
<fieldset><input type="radio" name="level" value="1" data-version="1"><input type="radio" name="level" value="2"></fieldset>
<div data-words-for="a" data-least="3" data-most="5"><svg data-full="5"><rect></rect></svg>
<span data-words-now></span><span data-words-left></span></div>
<button data-without-script>Save</button></form>
<script type="module" src="/autosave.js"></script><script type="module" src="/words.js"></script>"""


class Server:
    """What the page talks to: serves the page, keeps what is saved, and refuses, conflicts, or is away when told."""

    def __init__(self) -> None:
        self.value, self.version, self.saved, self.tokens = "", 1, [], []
        self.mode, self.html = "well", ""

    def answer(self, route: Route) -> None:
        request = route.request
        name = request.url.rsplit("/", 1)[-1]
        if name.endswith(".js"):
            route.fulfill(body=(SCRIPTS / name).read_text(), content_type="text/javascript")
        elif request.method == "GET":
            route.fulfill(body=self.html or WRITING % (self.version, self.value), content_type="text/html")
        elif self.mode == "away":
            route.abort("connectionfailed")
        else:
            self.save(route)

    def save(self, route: Route) -> None:
        sent = {name: values[0] for name, values in parse_qs(route.request.post_data or "", keep_blank_values=True).items()}
        self.tokens.append(route.request.headers.get("x-csrftoken"))
        if self.mode == "signed-out":
            return route.fulfill(body="<title>Sign in</title>", content_type="text/html")
        if self.mode == "refuse":
            return self.say(route, 422, {"message": "That is too long.", "remedy": "Write less."})
        if sent["field"] == "answer" and sent["version"] != str(self.version):
            return self.say(route, 409, {"current": {"value": self.value, "version": self.version}, "message": "Changed in another tab."})
        self.saved.append((sent["field"], sent["value"]))
        if sent["field"] == "answer":
            self.value, self.version = sent["value"], self.version + 1
        self.say(route, 200, {"saved_at": "2026-11-20T20:42:00", "version": self.version})

    def say(self, route: Route, status: int, body: dict) -> None:
        route.fulfill(status=status, body=json.dumps(body), content_type="application/json")


@pytest.fixture
def browser(chromium) -> Browser:
    return chromium


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    context = browser.new_context()
    context.route("**/*", server.answer)
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    yield page
    context.close()
    assert not broken


def status(page: Page):
    return page.locator("[data-save-state] [role=status]")


def test_writing_is_saved_after_a_pause_and_says_when(page: Page, server: Server) -> None:
    page.goto(HOME)
    expect(page.locator("[data-without-script]")).to_be_hidden()
    page.fill("#a", "Two words")
    expect(status(page)).to_have_text("Saved at 8:42\u00a0p.m.")
    assert server.saved == [("answer", "Two words")]
    assert server.tokens == ["secret"]
    assert page.evaluate("localStorage.length") == 0


def test_leaving_the_field_saves_once(page: Page, server: Server) -> None:
    page.goto(HOME)
    page.locator("#a").press_sequentially("Here")
    page.locator("#a").blur()
    expect(status(page)).to_contain_text("Saved at")
    page.locator("#a").focus()
    page.locator("#a").blur()
    page.locator("[value='2']").check()
    wait_until(page, "document.querySelector('[name=level]').dataset.version != '1'")
    assert server.saved == [("answer", "Here"), ("level", "2")]


def test_a_lost_connection_keeps_the_text_on_the_device_and_sends_it_later(page: Page, server: Server) -> None:
    server.mode = "away"
    page.goto(HOME)
    page.fill("#a", "Kept")
    page.locator("#a").blur()
    expect(status(page)).to_contain_text("Kept on this device.")
    expect(page.locator("[data-save-state]")).to_have_class("c-state--soon")
    server.mode = "well"
    page.reload()
    expect(page.locator("#a")).to_have_value("Kept")
    expect(status(page)).to_contain_text("Saved at")
    assert server.saved == [("answer", "Kept")]


@pytest.mark.parametrize(("act", "stays"), [("Keep mine", "Mine"), ("Take the other", "Theirs")])
def test_a_second_tab_is_never_overwritten_silently(page: Page, server: Server, act: str, stays: str) -> None:
    page.goto(HOME)
    server.value, server.version = "Theirs", 5
    page.fill("#a", "Mine")
    page.locator("#a").blur()
    panel = page.locator(".c-conflict")
    expect(panel).to_contain_text("Changed in another tab.")
    expect(panel).to_contain_text("Theirs")
    assert server.saved == []
    page.get_by_role("button", name=act).click()
    expect(panel).to_have_count(0)
    expect(page.locator("#a")).to_have_value(stays)
    expect(page.locator("[data-save-state]")).to_have_class("c-state--met")
    assert server.value == stays


def test_an_old_copy_on_the_device_never_replaces_a_newer_text(page: Page, server: Server) -> None:
    server.mode = "away"
    page.goto(HOME)
    page.fill("#a", "Mine")
    page.locator("#a").blur()
    expect(status(page)).to_contain_text("Kept")
    server.mode, server.value, server.version = "well", "Theirs", 5
    page.reload()
    expect(page.locator(".c-conflict")).to_contain_text("Theirs")
    assert server.value == "Theirs"


def test_a_refusal_is_said_and_the_next_edit_tries_again(page: Page, server: Server) -> None:
    server.mode = "refuse"
    page.goto(HOME)
    page.fill("#a", "Long")
    page.locator("#a").blur()
    expect(status(page)).to_have_text("Not saved: That is too long. Write less.")
    server.mode = "well"
    page.fill("#a", "Short")
    page.locator("#a").blur()
    expect(status(page)).to_contain_text("Saved at")


def test_being_signed_out_meanwhile_loses_nothing(page: Page, server: Server) -> None:
    server.mode = "signed-out"
    page.goto(HOME)
    page.fill("#a", "Still here")
    page.locator("#a").blur()
    expect(status(page)).to_contain_text("no longer signed in")
    server.mode = "well"
    page.reload()
    expect(page.locator("#a")).to_have_value("Still here")


def test_words_are_counted_against_their_limits(page: Page) -> None:
    page.goto(HOME)
    now, left = page.locator("[data-words-now]"), page.locator("[data-words-left]")
    expect(left).to_have_text("3 more to reach the minimum")
    page.fill("#a", "one")
    expect(now).to_have_text("1 word")
    page.fill("#a", " one two\nthree ")
    expect(left).to_have_text("2 left")
    page.fill("#a", "1 2 3 4 5 6")
    expect(left).to_have_text("1 over the maximum")
    assert page.locator("svg rect").get_attribute("width") == "100.0"


SCORING = """<!doctype html><title>Score</title><section data-evidence>Page 3</section>
<form data-scoring><input type="radio" name="level" value="dev"><input type="radio" name="level" value="pro">
<textarea id="why">Seen</textarea>
<button type="button" data-insert="why">Names what students did</button></form>
<a data-next href="#next">Next</a><a data-back href="#back">Back</a>
<dialog data-keys><form method="dialog"><input id="on" type="checkbox" data-keys-switch><button>Close</button></form></dialog>
<video src="/none.mp4"></video><a id="seek" data-seek="250" href="#player">4:10</a>
<script type="module" src="/scoring.js"></script><script type="module" src="/video.js"></script>"""


def test_scoring_works_by_keyboard_and_leaves_writing_alone(page: Page, server: Server) -> None:
    server.html = SCORING
    page.goto(HOME)
    page.keyboard.press("2")
    expect(page.locator("[value=pro]")).to_be_checked()
    page.keyboard.press("j")
    expect(page).to_have_url(f"{HOME}#next")
    page.keyboard.press("e")
    expect(page.locator("[data-evidence]")).to_be_focused()
    page.locator("#why").press_sequentially("k1?")
    expect(page).to_have_url(f"{HOME}#next")
    expect(page.locator("#why")).to_have_value("k1?Seen")
    expect(page.locator("dialog")).to_be_hidden()


def test_single_keys_can_be_turned_off(page: Page, server: Server) -> None:
    server.html = SCORING
    page.goto(HOME)
    page.keyboard.press("?")
    page.locator("#on").uncheck()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("2")
    expect(page.locator("[value=pro]")).not_to_be_checked()


def test_a_comment_goes_to_the_end_of_the_text(page: Page, server: Server) -> None:
    server.html = SCORING
    page.goto(HOME)
    page.get_by_role("button", name="Names what students did").click()
    expect(page.locator("#why")).to_have_value("Seen Names what students did.")


UPLOAD = """<!doctype html><title>Add</title><form method="post" enctype="multipart/form-data" action="/save/">
<div class="c-drop"><input type="file" name="file" data-upload data-max-bytes="1000" aria-label="File"></div><button>Add</button></form>
<script type="module" src="/upload.js"></script>"""


def choose(page: Page, size: int) -> None:
    page.set_input_files("input[type=file]", {"name": "map.pdf", "mimeType": "application/pdf", "buffer": b"x" * size})


def test_a_file_that_is_too_large_is_refused_before_it_travels(page: Page, server: Server) -> None:
    server.html = UPLOAD
    page.goto(HOME)
    choose(page, 2_000_000)
    expect(page.get_by_role("alert")).to_contain_text("map.pdf has 2 MB; at most 1 kB fit here.")


def test_what_is_over_a_limit_never_reads_like_the_limit(page: Page, server: Server) -> None:
    server.html = UPLOAD.replace('"1000"', '"10000000"')
    page.goto(HOME)
    choose(page, 10_000_001)
    expect(page.get_by_role("alert")).to_contain_text("map.pdf has 10.1 MB; at most 10 MB fit here.")


def test_an_upload_that_breaks_off_can_be_sent_again(page: Page, server: Server) -> None:
    server.html = UPLOAD
    server.mode = "away"
    page.goto(HOME)
    choose(page, 10)
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("alert")).to_contain_text("The connection was lost.")
    server.save = lambda route: server.say(route, 201, {"location": "/done/"})
    server.mode = "well"
    page.get_by_role("button", name="Send it again").click()
    page.wait_for_url("**/done/")


def test_a_refused_file_says_why(page: Page, server: Server) -> None:
    server.html = UPLOAD
    server.mode = "refuse"
    page.goto(HOME)
    choose(page, 10)
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("alert")).to_contain_text("That is too long. Write less.")
    expect(page.get_by_role("button", name="Send it again")).to_have_count(0)


def test_a_server_that_fails_has_refused_nothing(page: Page, server: Server) -> None:
    server.html = UPLOAD
    page.goto(HOME)
    choose(page, 10)
    server.save = lambda route: route.fulfill(status=502, body="<title>Bad gateway</title>", content_type="text/html")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("alert")).to_contain_text("The file could not be received just now. It is still chosen here.")
    expect(page.get_by_role("button", name="Send it again")).to_be_visible()
