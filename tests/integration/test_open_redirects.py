"""Nobody is led from this site to another by an address or a form that somebody else prepared.

Which parameters lead anywhere is found out by asking every address; each that does is then given two hundred ways out.
"""

from __future__ import annotations

import re
from html import unescape
from itertools import product
from urllib.parse import quote, urlencode, urljoin, urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from cairn.apps.people.models import Account
from tests.routes_world import address_of, routes

pytestmark = pytest.mark.django_db
EVIL = "evil.example"
BEFORE = (
    "//", "///", "////", "/\\", "\\/", "\\\\", "/\\/", "\\/\\/", "//\\", "///\\;@", "\t//", "/\t/", "/\n/", "/\r/", "/\x0b/", " //",
    "\x00//", "\u00a0//", "\u3000//", "/\u2028/", "http:", "http:/", "http://", "http:///", "http:\\\\", "hTtP://", "https://", "https:",
    "https:/\\", "ftp://", "javascript://", "vbscript:", "data:text/html,", "blob:http://", "view-source:http://", "//localhost@",
    "//localhost:80@", "http://localhost@", "http://localhost%40", "http://localhost\\@", "http://localhost&@", "http://localhost#@",
    "//localhost\\.", "http://localhost.", "http://localhost:80\\@", "/..//", "/.//", "/%2f%2f", "//%5c", "/;@",
)  # fmt: skip
AFTER = ("", "/home/", "?localhost", "#localhost")
WAYS_OUT = [f"{before}{EVIL}{after}" for before in BEFORE for after in AFTER]
SHORT = WAYS_OUT[::17]
NAMES = (
    "next", "redirect", "redirect_to", "redirect_uri", "redirect_url", "return", "return_to", "returnTo", "returnUrl", "continue", "url",
    "uri", "goto", "go", "to", "target", "dest", "destination", "rurl", "callback", "success_url", "target_link_uri", "goes_to", "back",
)  # fmt: skip
HERE = "/privacy/?led"
CONTROLS = "".join(map(chr, range(0x21)))
LINK = re.compile(r'\b(?:href|action|formaction|data-[\w-]+)="((?:[a-z]+:|[/\\]|\s)[^"]*)|http-equiv="?refresh[^>]*url=([^">]*)', re.I)
Where = tuple[str, str, str, str]  # who, method, address and name of a parameter


def leads_to(location: str, at: str) -> str:
    """The host to which a browser goes; tabs and line ends it leaves out, backslashes it takes for slashes (https://url.spec.whatwg.org)."""
    plain = re.sub(r"[\t\n\r]", "", location.strip(CONTROLS)).replace("\\", "/")
    plain = re.sub(r"^(https?):/*", r"\1://", plain, flags=re.I)
    parts = urlsplit(urljoin(f"http://localhost{at}", re.sub(r"^/{3,}", "//", plain)))
    return (parts.hostname or "") if parts.scheme in ("http", "https") else f"{parts.scheme}:"


def strays(answer, at: str) -> list[str]:
    """Where an answer leads beside this site: by itself, or by what may be pressed on its page."""
    led = [answer["Location"]] if "Location" in answer else []
    if "html" in answer.get("Content-Type", "") and not answer.streaming:
        led += [unescape("".join(link)) for link in LINK.findall(answer.content.decode())]
    elif "json" in answer.get("Content-Type", "") and isinstance(told := answer.json(), dict):
        led += [str(told[name]) for name in ("location", "html") if name in told]
    return [link for link in led if EVIL in link and leads_to(link, at) != "localhost"]


@pytest.mark.parametrize(
    ("location", "host"),
    [("/home/", "localhost"), ("//evil.example", EVIL), ("/\\evil.example", EVIL), ("/\t/evil.example", EVIL), ("http:evil.example", EVIL),
     ("///evil.example", EVIL), ("javascript:alert(1)", "javascript:"), ("?next=//evil.example", "localhost"),
     ("/%2fevil.example", "localhost")],
)  # fmt: skip
def test_the_look_at_where_one_is_led_sees_as_browsers_do(location, host):
    assert leads_to(location, "/account/login/") == host


class Asked:
    """A visitor and somebody who is signed in, each at a browser; what refuses them says so in a few words."""

    def __init__(self, world) -> None:
        self.account = Account.objects.get(person__pk=world.person("Dana Whitfield").person_id)
        self.visitor, self.known = (Client(headers={"host": "localhost", "accept": "application/json"}) for _ in range(2))
        own, other = "a long passphrase", "a longer passphrase"
        self.forms = {
            "/account/login/": {"login": self.account.email, "password": own},
            "/account/signup/": {"email": "new@example.org", "name": "New Stone", "password1": own},
            "/account/password/reset/": {"email": self.account.email},
            "/account/reauthenticate/": {"password": own},
            "/account/password/change/": {"oldpassword": own, "password1": other, "password2": other},
        }

    def ask(self, who: str, method: str, address: str, query: dict[str, str], **headers: str):
        """Whatever it changes is undone."""
        client, before = self._client(who), transaction.savepoint()
        headers = {"accept": "text/html"} | headers if address.startswith("/account/") else headers
        try:
            if method == "GET":
                return client.get(f"{address}?{urlencode(query)}", headers=headers)
            return client.post(f"{address}?{urlencode(query)}", {**query, **self.forms.get(address, {})}, headers=headers)
        finally:
            if method == "POST" and address.startswith(("/account/", "/demo/")):
                client.cookies.clear()
            transaction.savepoint_rollback(before)
            transaction.savepoint_commit(before)  # rolled back to it is still there, and each that stands makes the next dearer

    def _client(self, who: str) -> Client:
        if who == "signed in" and settings.SESSION_COOKIE_NAME not in self.known.cookies:
            self.known.force_login(self.account)
        return self.known if who == "signed in" else self.visitor


ADDRESSES = [address_of(route) for route, _ in routes()]
PLAIN = [address_of(route) for route, _ in routes() if "<" not in route and not route.startswith("api/")]


def leading(asked: Asked, addresses: list[str]) -> list[Where]:
    """Every parameter that leads somewhere."""
    found = []
    for who, method in product(("visitor", "signed in"), ("GET", "POST")):
        for address in addresses:
            if leads(asked, who, method, address, *NAMES):
                found += [(who, method, address, name) for name in NAMES if leads(asked, who, method, address, name)]
    return found


def leads(asked: Asked, who: str, method: str, address: str, *names: str) -> bool:
    return asked.ask(who, method, address, dict.fromkeys(names, HERE)).get("Location", "").endswith(HERE)


def led_astray(asked: Asked, found: list[Where], ways: list[str]) -> list[tuple[Where, str]]:
    return [
        ((who, method, address, name), way)
        for who, method, address, name in found
        for way in ways
        if strays(asked.ask(who, method, address, {name: way}), address)
    ]


def test_two_hundred_ways_out():
    assert len(set(WAYS_OUT)) == 200


def test_no_parameter_leads_to_another_site(world):
    asked = Asked(world)
    found = leading(asked, PLAIN)
    assert ("visitor", "POST", "/account/login/", "next") in found
    assert led_astray(asked, found, SHORT) == []


@pytest.mark.long
def test_no_parameter_leads_to_another_site_by_any_of_the_two_hundred_ways(world):
    asked = Asked(world)
    assert led_astray(asked, leading(asked, ADDRESSES), WAYS_OUT) == []


@pytest.mark.parametrize("who", ["visitor", "signed in"])
def test_no_page_holds_a_link_that_a_parameter_brought(world, who):
    asked = Asked(world)
    ways = ("//evil.example/", "javascript:alert('evil.example')", '"><a href="//evil.example')
    query = {name: ways[number % 3] for number, name in enumerate((*NAMES, "q", "page", "see", "from", "cite", "added"))}
    for address in ADDRESSES:
        assert strays(asked.ask(who, "GET", address, query, accept="text/html"), address) == []


def test_no_address_is_taken_for_another_site():
    """A missing last slash is added, and an old name of a page leads to the new one: both repeat what was asked for."""
    client = Client(headers={"host": "localhost", "accept": "application/json"})
    for way in WAYS_OUT:
        for address in (f"/{quote(way, safe='/:@;?#%')}", f"/{quote(way, safe='/')}", f"/catalog/{quote(way, safe='')}"):
            assert strays(client.generic("GET", address), address) == []
