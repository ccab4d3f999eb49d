"""Files that mean harm are uploaded through the product, submitted, and opened by everybody who reads evidence: nothing of them acts.

The files are listed in tests/hostile_files.py.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import Error

from cairn.apps.assessment.models import ScoreSheet
from cairn.apps.catalog import commands as catalog
from cairn.apps.catalog.models import Microcredential
from cairn.apps.people.models import Account
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.portfolio import outward
from cairn.apps.portfolio.models import Artifact
from cairn.kernel.ids import new_id
from cairn.site.worker import drain
from tests import files_world
from tests.architecture.source import ROOT
from tests.hostile_files import FILES, Hostile
from tests.learning_world import upload, words
from tests.packs_world import pack_files, parts
from tests.world import SYSTEM

MEBIBYTES = 300
EVERYTHING = ["document", "spreadsheet", "presentation", "image", "video", "audio"]
ENDINGS = {"pdf", "docx", "xlsx", "pptx", "jpg", "png", "webp", "gif", "mp4", "mov", "webm", "mp3", "m4a", "wav", "txt", "csv"}
TYPES = {"image/jpeg", "image/png", "image/webp", "video/mp4", "video/webm", "audio/mpeg", "audio/mp4", "audio/wav",
         "application/octet-stream", "text/vtt; charset=utf-8", "text/plain; charset=utf-8"}  # fmt: skip
# What would act in a file that is kept; plain text and tables may hold such words, and are handed over as what they are.
ACTING = ("<script", "javascript:", "/JavaScript", "/Launch", "/EmbeddedFile", "/SubmitForm", "/URI", "WEBSERVICE", "DDEAUTO", "cmd|")


@pytest.fixture
def canary():
    """A server on this machine to which nothing may ever come: what was asked of it."""
    asked = []

    class Canary(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        do_POST = do_HEAD = do_GET

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Canary)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    server.asked, server.address = asked, f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


class Evidence:
    """An attempt with all the files that were taken, before two assessors who differ and the lead who settles it."""

    def __init__(self, world, files: list[Hostile], canary: str) -> None:
        self.world = world
        world.microcredential = self._with_room_for_everything()
        world.lead()
        readers = world.assessors(2)
        self.educator, self.run = world.enrolled()
        self.client = Client(headers={"host": "localhost"})
        self.client.force_login(Account.objects.get(person__pk=self.educator.person_id))
        world.add_file(self.educator, self.run, "plan")
        self.taken = {file.what: self.take(file, canary) for file in files}
        world.fill(self.educator, self.run)
        portfolio.submit(actor=self.educator, enrollment_id=self.run.pk)
        drain()
        first, second = world.sheets(self.run)
        self.reader, self.sheet = next((r.person_id, s) for r in readers for s in (first, second) if s.assessor_id == r.person_id)
        world.score(first)
        world.score(second, {"1a": "developing"})
        (self.leads,) = ScoreSheet.objects.filter(kind="lead")
        self.artifacts = list(Artifact.objects.filter(enrollment_id=self.run.pk, state="kept").order_by("number"))

    def _with_room_for_everything(self) -> Microcredential:
        own = parts(["1a", "1b"], (3, 60))
        for slot in own[1]["artifacts"]:
            slot |= {"types": EVERYTHING, "files": {"min": 0, "max": 50}, "minors_may_appear": True}
            slot.pop("max_pages", None)
            slot.pop("seconds", None)
        catalog.import_pack(actor=SYSTEM, files=pack_files(self.world.slug, change={"parts": own}))
        drain()
        return Microcredential.objects.get()

    def take(self, file: Hostile, canary: str) -> str:
        """The type of what was kept; a refusal says what to do, and is no mistake of ours."""
        before = set(Artifact.objects.values_list("pk", flat=True))
        sent = {"file": upload(file.name, file.make(canary)), "key": new_id()}
        answer = self.client.post(f"/portfolio/{self.run.pk}/portfolio/plan/", sent)
        assert answer.status_code in (302, 422), file.what
        kept = Artifact.objects.exclude(pk__in=before).filter(state="kept").first()
        if kept is None:
            assert answer.status_code == 422, file.what
            assert f"“{file.name}”: " in words(answer), file.what
            return ""
        with outward.opened(kept.pk) as stored:
            data = stored.read()
        if not kept.media_type.startswith("text/"):
            assert [act for act in ACTING if files_world.says(data, act)] == [], file.what
        return kept.media_type

    def visits(self) -> dict[str, tuple[str, list[str]]]:
        """By role: who, and every page on which a file is seen."""
        seen = [f"{artifact.kind}-{artifact.number}" for artifact in self.artifacts]
        return {
            "educator": (self.educator.person_id, [f"/portfolio/{self.run.pk}/file/{artifact.pk}/" for artifact in self.artifacts]),
            "assessor": (self.reader, [f"/scoring/{self.sheet.pk}/1a/?see={name}" for name in seen]),
            "lead": (self.leads.assessor_id, [f"/scoring/{self.leads.pk}/1a/?see={name}" for name in seen]),
        }


class Watched:
    """Somebody's browser, and everything in it that should not have been."""

    def __init__(self, site, person_id: str) -> None:
        self.found: list[str] = []
        self.port = urlsplit(site.address).port
        self.page = site.signed_in(person_id, accept_downloads=True)
        self.page.context.on("request", lambda request: self._fetched(request.url))
        self.page.context.on("response", self._answered)
        self.page.context.on("page", self._watch)
        self.page.context.on("weberror", lambda error: self.found.append(f"error: {error.error}"))
        self._watch(self.page)

    def _watch(self, page) -> None:
        page.on("dialog", lambda dialog: (self.found.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("download", self._saved)
        page.on("console", lambda said: self._said(page, said.text))

    def _said(self, page, text: str) -> None:
        """The policy stopped something that stood in a page of ours."""
        if "Content Security Policy" in text and urlsplit(page.url).hostname == "localhost":
            self.found.append(f"stopped: {text}")

    def _fetched(self, url: str) -> None:
        if not url.startswith(("data:", "blob:")) and urlsplit(url).port != self.port:
            self.found.append(f"fetched: {url}")

    def _answered(self, response) -> None:
        if response.status >= 500:
            self.found.append(f"broke: {response.url}")
        if urlsplit(response.url).hostname == "127.0.0.1":
            headers = response.headers
            if headers.get("content-type") not in TYPES or "sandbox" not in headers.get("content-security-policy", ""):
                self.found.append(f"served: {headers.get('content-type')} {response.url}")

    def _saved(self, download) -> None:
        name = download.suggested_filename
        if name.rpartition(".")[2] not in ENDINGS:
            self.found.append(f"saved: {name}")
        download.cancel()

    def visit(self, address: str) -> None:
        """The page, and whatever of the file it leads to, as a page of its own that knows which page opened it."""
        self.page.goto(address)
        links = self.page.evaluate("Array.from(document.querySelectorAll('[src],[href],[poster]')).map(e => e.src || e.href || e.poster)")
        for link in {link for link in links if urlsplit(link).hostname == "127.0.0.1"}:
            self._open(link)
        if "taken" in self.page.title():
            self.found.append(f"title: {address}")
        assert self.page.url.endswith(address), "the page was led away"

    def _open(self, link: str) -> None:
        other = self.page.context.new_page()
        try:
            answer = other.goto(link, referer=self.page.url)
            if answer and answer.headers["content-type"].startswith("image/"):
                assert other.evaluate("document.images[0].naturalWidth") > 0, "a picture that may be seen is not"
            if "taken" in other.title():
                self.found.append(f"title: {link}")
            if cookies := other.evaluate("(() => { try { return document.cookie } catch { return '' } })()"):
                self.found.append(f"cookies: {cookies}")
        except Error as error:
            if "Download is starting" not in str(error):
                raise
        finally:
            other.close()


def acted(site, canary, files: list[Hostile], *roles: str) -> dict[str, list[str]]:
    """By role, what a file did that it should not have; the files are as the list says."""
    evidence = Evidence(site.world, files, canary.address)
    assert evidence.taken == {file.what: file.becomes for file in files}
    found = {}
    for role in roles:
        person_id, addresses = evidence.visits()[role]
        watched = Watched(site, person_id)
        for address in addresses:
            watched.visit(address)
        found[role] = watched.found
    return {**found, "asked of the canary": canary.asked}


def weights() -> list[dict[str, float | str]]:
    done = subprocess.run([sys.executable, "-m", "tests.hostile_files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_more_than_sixty_files():
    assert len({file.what for file in FILES}) == len(FILES) >= 60


@pytest.mark.long
def test_nothing_of_any_hostile_file_acts(site, canary):
    nothing = {"educator": [], "assessor": [], "lead": [], "asked of the canary": []}
    assert acted(site, canary, list(FILES), "educator", "assessor", "lead") == nothing


@pytest.mark.long
def test_no_hostile_file_takes_more_than_300_mebibytes():
    found = weights()
    assert len(found) == len(FILES)
    assert [weight for weight in found if weight["memory"] > MEBIBYTES] == []


def test_the_watch_sees_a_file_that_acts(site, canary):
    """A page with the script of the list, served as a page of the site: otherwise seeing nothing would mean nothing."""
    watched = Watched(site, site.world.person().person_id)
    script = next(file for file in FILES if file.what == "a web page").make(canary.address).decode()
    watched.page.context.route("**/plan.html", lambda route: route.fulfill(body=script, content_type="text/html"))
    watched.page.goto("/plan.html", wait_until="commit")
    for _ in range(100):
        watched.page.wait_for_timeout(100)
        told = " ".join(watched.found)
        if "dialog: " in told and f"fetched: {canary.address}" in told and canary.asked:
            break
    assert "dialog: " in told
    assert f"fetched: {canary.address}" in told
    assert canary.asked
