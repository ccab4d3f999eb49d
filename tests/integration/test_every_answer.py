"""Every answer of the site carries the headers that keep a browser from being used against its owner, whatever went wrong before it.

Here are the answers that no table of routes has: errors, files, pieces of files, redirects. What each route answers to each person is
checked with it in test_access.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from cairn.apps.comms.models import Letter
from cairn.apps.people.models import Account
from cairn.site import urls
from tests.architecture.source import ROOT
from tests.learning_world import browser, root
from tests.routes_world import address_of, amiss, routes
from tests.scoring_world import opened

pytestmark = pytest.mark.django_db


def _breaks(request):
    raise ZeroDivisionError


class WithBrokenPage:
    """The addresses of the site, and one whose page breaks."""

    urlpatterns = [path("breaks/", _breaks), path("cookie/", lambda request: _with_cookie()), *urls.urlpatterns]
    handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


def _with_cookie():
    response = HttpResponse("")
    response.set_cookie("a", "b")
    return response


class Reader:
    """An educator with a file, at their browser, and a visitor at theirs."""

    def __init__(self, world) -> None:
        self.actor, self.run = world.enrolled()
        self.file = world.add_file(self.actor, self.run, "plan")
        self.own = browser(self.actor, raise_request_exception=False)
        self.visitor = Client(headers={"host": "localhost"}, raise_request_exception=False)
        self.strict = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
        self.page = self.own.get(f"{root(self.run)}file/{self.file.pk}/")
        (self.link,) = re.findall(r'src="(http://127[^"#]*?)/page/1.png"', self.page.content.decode())


CASES: dict[str, tuple[int, Callable[[Reader], HttpResponse]]] = {
    "a page of somebody's own": (200, lambda r: r.page),
    "a page that is not there": (404, lambda r: r.visitor.get("/nothing-stands-here/")),
    "a page that is not yours": (404, lambda r: r.own.get(f"/portfolio/{'0' * 20}/")),
    "a page for those who have signed in": (302, lambda r: r.visitor.get("/home/")),
    "an address without its last slash": (301, lambda r: r.visitor.get("/catalog")),
    "a method that is not taken": (405, lambda r: r.visitor.post("/privacy/")),
    "a method that nobody has heard of": (405, lambda r: r.visitor.generic("BREW", "/privacy/")),
    "a form that was forged": (403, lambda r: r.strict.post("/account/login/")),
    "a form with something to mend": (422, lambda r: r.visitor.post("/verify/")),
    "more than is taken": (413, lambda r: r.visitor.post("/account/login/", "a" * 5_000_001, content_type="text/plain")),
    "fields without end": (413, lambda r: r.visitor.get("/catalog/?" + "a&" * 3000)),
    "a page that breaks": (500, lambda r: r.visitor.get("/breaks/")),
    "a page that breaks, asked for as JSON": (500, lambda r: r.visitor.get("/breaks/", headers={"accept": "application/json"})),
    "a page that gives a cookie": (200, lambda r: r.visitor.get("/cookie/")),
    "no such site": (404, lambda r: r.visitor.get("/", headers={"host": "evil.example"})),
    "a host that is none": (404, lambda r: r.visitor.get("/", headers={"host": "["})),
    "a port that is none": (400, lambda r: r.visitor.get("/", headers={"host": "localhost:x"})),
    "no host": (404, lambda r: r.visitor.get("/", headers={"host": ""})),
    "an address with a null": (404, lambda r: r.visitor.get("/catalog/%00/")),
    "a style sheet": (200, lambda r: r.visitor.get("/static/cairn/icon.svg")),
    "a style sheet that is not there": (404, lambda r: r.visitor.get("/static/cairn/none.css")),
    "a folder of style sheets": (404, lambda r: r.visitor.get("/static/")),
    "a way out of the style sheets": (404, lambda r: r.visitor.get("/static/../../pyproject.toml")),
    "the robots' page": (200, lambda r: r.visitor.get("/robots.txt")),
    "a document for software": (200, lambda r: r.visitor.get("/.well-known/did.json")),
    "a document that is not there": (404, lambda r: r.visitor.get("/status/99")),
    "health": (200, lambda r: r.visitor.get("/healthz")),
    "health, by the files host": (200, lambda r: r.visitor.get("/healthz", headers={"host": "127.0.0.1"})),
    "the description of the API": (200, lambda r: r.visitor.get("/api/v1/openapi.json")),
    "an operation without a token": (401, lambda r: r.visitor.get("/api/v1/me")),
    "an operation that is not there": (404, lambda r: r.visitor.get("/api/v1/none")),
    "an operation by the wrong method": (405, lambda r: r.visitor.delete("/api/v1/me")),
    "a token that does not work": (401, lambda r: r.visitor.get("/api/v1/me", headers={"authorization": "Bearer x"})),
    "JSON that is none": (400, lambda r: r.visitor.post("/api/v1/verify", "{", content_type="application/json")),
    "an upload by the protocol": (204, lambda r: r.own.options(f"{root(r.run)}uploads/")),
    "a page of a file": (200, lambda r: opened(f"{r.link}/page/1.png")),
    "a page that a file has not": (404, lambda r: opened(f"{r.link}/page/9.png")),
    "a file": (200, lambda r: opened(f"{r.link}?as=download")),
    "a piece of a file": (206, lambda r: opened(r.link, range="bytes=0-9")),
    "a piece that a file has not": (416, lambda r: opened(r.link, range="bytes=999999-")),
    "a link that was changed": (404, lambda r: opened(f"{r.link[:-9]}AAAAAAAAA")),
    "the files host by itself": (404, lambda r: opened("http://127.0.0.1/")),
    "a page of the site at the files host": (404, lambda r: opened("http://127.0.0.1/account/login/")),
    "a style sheet at the files host": (404, lambda r: opened("http://127.0.0.1/static/cairn/icon.svg")),
}  # fmt: skip


def test_every_answer_has_its_headers(world, settings):
    settings.ROOT_URLCONF = WithBrokenPage
    reader = Reader(world)
    answers = {name: (status, ask(reader)) for name, (status, ask) in CASES.items()}
    assert {name: answer.status_code for name, (status, answer) in answers.items() if answer.status_code != status} == {}
    assert {name: found for name, (_, answer) in answers.items() if (found := amiss(answer))} == {}
    for _, answer in answers.values():
        answer.close()


def test_what_belongs_to_somebody_is_kept_by_no_cache(world):
    reader = Reader(world)
    for answer in (
        reader.page,
        reader.own.get("/"),
        reader.own.get("/nothing/"),
        opened(reader.link),
        reader.visitor.get("/account/login/"),
    ):
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("answer", ["unsafe-inline", "open to frames", "open", "sniffed", "a cookie in a cache"])
def test_the_look_at_headers_sees(answer):
    """Otherwise seeing nothing would mean nothing."""
    response = Client(headers={"host": "localhost"}).get("/privacy/")
    assert amiss(response) == []
    policy = response["Content-Security-Policy"]
    if answer == "sniffed":
        del response["X-Content-Type-Options"]
    elif answer == "a cookie in a cache":
        response.set_cookie("a", "b")
    else:
        changed = {"unsafe-inline": policy.replace("style-src", "style-src 'unsafe-inline'"), "open": policy.replace("'none'", "*", 1),
                   "open to frames": policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")}  # fmt: skip
        response["Content-Security-Policy"] = changed[answer]
    assert amiss(response) != []


# --- Forms that another site sends -----------------------------------------------------------------------------------------

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
CHANGES_NOTHING = {"api-verify"}  # answers a question that is too long for an address
SIGNED = {"end_letters"}  # a mail program posts here by itself (RFC 8058): what counts is the address, which is signed, and no cookie


@pytest.fixture
def strict(world):
    client = browser(world.person(), enforce_csrf_checks=True)
    client.get("/account/")
    return client


@pytest.mark.parametrize("method", UNSAFE)
def test_no_address_takes_what_another_sites_page_sends(strict, method):
    """With the cookies that a browser sends along, and without the form's token."""
    taken = {}
    for route, name in routes():
        answer = strict.generic(method, address_of(route), b"{}", content_type="application/json", headers={"idempotency-key": "a"})
        if answer.status_code not in (403, 405) and name not in CHANGES_NOTHING | SIGNED:
            taken[name] = answer.status_code
    assert taken in ({}, {"api-root": 404, "api-nothing": 404})


# --- As it stands on the web ---------------------------------------------------------------------------------------------

ON_THE_WEB = """
import django; django.setup()
from django.conf import settings
from django.test import Client
client = Client(headers={"host": "cairn.example", "x-forwarded-proto": "https"})
login = client.get("/account/login/", secure=True)
print(login["Set-Cookie"] if "Set-Cookie" in login else login.cookies.output(header=""))
print(login["Strict-Transport-Security"])
print(login["Content-Security-Policy"])
print(settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE,
      settings.SESSION_COOKIE_PATH, settings.SESSION_COOKIE_DOMAIN)
forged = client.get("/account/login/", headers={"x-forwarded-host": "evil.example"}, secure=True)
print(client.get("/privacy/", headers={"host": "cairn.example:666"}, secure=True).status_code)
print("evil" in forged.content.decode() + str(forged.headers))
"""


def test_on_the_web_cookies_are_bound_to_the_host_and_to_tls(tmp_path):
    known = {**os.environ, "CAIRN_DATA": str(tmp_path), "CAIRN_URL": "https://cairn.example", "CAIRN_FILES_URL": "https://cairn-files.example",
             "CAIRN_DEMO": "0", "CAIRN_DB": "", "CAIRN_TEST": "1", "DJANGO_SETTINGS_MODULE": "cairn.site.settings"}  # fmt: skip
    done = subprocess.run([sys.executable, "-c", ON_THE_WEB], env=known, cwd=ROOT, capture_output=True, text=True, check=True)
    cookie, transport, policy, session, other_port, is_reflected = done.stdout.strip().splitlines()
    told = {part.strip().partition("=")[0].lower(): part.partition("=")[2] for part in cookie.split(";")}
    assert cookie.strip().startswith("__Host-csrf=")
    assert {"secure", "httponly"} <= set(told)
    assert (told["samesite"], told["path"], "domain" in told) == ("Lax", "/", False)
    assert transport == "max-age=31536000"
    assert "https://cairn-files.example" in policy
    assert session == "__Host-session True True Lax / None"
    assert (other_port, is_reflected) == ("404", "False")


# --- Hosts that are not ours ------------------------------------------------------------------------------------------------

FORGED = (
    {"host": "evil.example"}, {"host": "localhost.evil.example"}, {"host": "evil.example:8000"}, {"host": "localhost:80@evil.example"},
    {"host": "evil.example#localhost"}, {"host": "localhost evil.example"}, {"host": "xn--evil.example"}, {"host": "[::1]"},
    {"host": "localhost", "x-forwarded-host": "evil.example"}, {"host": "localhost", "x-host": "evil.example"},
    {"host": "localhost", "forwarded": "host=evil.example"}, {"host": "localhost", "x-original-url": "//evil.example/"},
    {"host": "localhost", "x-rewrite-url": "//evil.example/"}, {"host": "localhost", "x-forwarded-server": "evil.example"},
    {"host": "localhost", "x-forwarded-proto": "evil.example"}, {"host": "localhost", "x-forwarded-port": "80@evil.example"},
    {"host": "localhost", "x-forwarded-for": "evil.example"}, {"host": "localhost", "origin": "https://evil.example"},
    {"host": "localhost", "referer": "https://evil.example/"},
)  # fmt: skip
ASKED = (
    "/",
    "/account/login/",
    "/account/password/reset/",
    "/catalog",
    "/nothing/",
    "/home/",
    "/.well-known/did.json",
    "/api/v1/openapi.json",
)


@pytest.mark.parametrize("headers", FORGED, ids=str)
def test_a_forged_host_is_repeated_nowhere(headers):
    client = Client(raise_request_exception=False)
    for address in ASKED:
        answer = client.get(address, headers=headers)
        assert answer.status_code < 500
        assert "evil" not in answer.content.decode() + str(answer.headers)
        assert amiss(answer) == []


def test_a_letter_that_a_forged_host_asks_for_leads_to_this_site(world):
    email = Account.objects.get(person__pk=world.person("Dana Whitfield").person_id).email
    client = Client(headers={"host": "localhost", "x-forwarded-host": "evil.example", "forwarded": "host=evil.example"})
    client.post("/account/password/reset/", {"email": email})
    client.post("/account/signup/", {"email": "new@example.org", "name": "New Stone", "password1": "a long passphrase"})
    letters = list(Letter.objects.all())
    assert {letter.address for letter in letters} == {email, "new@example.org"}
    assert [letter.text for letter in letters if "evil" in letter.text or "http://localhost" not in letter.text] == []
