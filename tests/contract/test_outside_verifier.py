"""Other people's software agrees with ours: npm's @digitalbazaar/vc on badges, its JSON-LD processor on canonical forms.

Not here: the running site (it is asked the same questions once it issues).
"""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from cairn.kernel.errors import Invalid
from cairn.pure.badges import StatusEntry, did_from_url
from cairn.pure.badges.canonical import canonical
from tests.badges_world import (
    BUILT_CONTEXTS,
    INDEX,
    ROOT,
    contexts,
    issuer_document,
    leaves,
    signed,
    status_list,
    unsigned,
    with_leaf_changed,
)

SCRIPTS = ROOT / "tests" / "contract" / "verifier"


class Site:
    """A small web server that answers what it was told to, on a port of its own."""

    def __init__(self) -> None:
        self.pages: dict[str, object] = {}
        pages = self.pages

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200 if self.path in pages else 404)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(pages.get(self.path)).encode())

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self.server.server_port}"
        self.did = did_from_url(self.url)

    def badge(self, **changes: Any) -> dict[str, Any]:
        now = datetime.now(UTC)
        dates = {
            "valid_from": now - timedelta(days=1),
            "valid_until": now + timedelta(days=1),
            "status": StatusEntry(f"{self.url}/status/1", INDEX),
        }
        return signed(unsigned(self.url, self.did, **{**dates, **changes}), did=self.did)

    def publish_list(self, *indexes: int) -> None:
        now = datetime.now(UTC)
        dates = {"valid_from": now - timedelta(hours=1), "valid_until": now + timedelta(hours=1)}
        self.pages["/status/1"] = status_list(indexes, f"{self.url}/status/1", self.did, **dates)


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    site.pages["/.well-known/did.json"] = issuer_document(site.did)
    site.publish_list()
    thread = Thread(target=site.server.serve_forever)
    thread.start()
    yield site
    site.server.shutdown()
    site.server.server_close()
    thread.join()


def asked(script: str, *arguments: str, given: object = None) -> Any:
    command = ["node", str(SCRIPTS / script), str(BUILT_CONTEXTS), *arguments]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_our_badge_is_verified_by_others_and_no_changed_field_is(site: Site) -> None:
    badge = site.badge()
    paths = list(leaves(badge))
    assert len(paths) > 100
    first, *others = asked("verify.mjs", "-", given=[badge, *(with_leaf_changed(badge, path) for path in paths)])
    assert first == {"verified": True, "errors": []}
    assert [path for path, answer in zip(paths, others, strict=True) if answer["verified"]] == []


def test_a_badge_is_fetched_from_its_address(site: Site) -> None:
    site.pages["/credentials/1"] = site.badge()
    assert asked("verify.mjs", f"{site.url}/credentials/1")["verified"] is True


def test_a_revoked_badge_is_refused_by_others(site: Site) -> None:
    site.publish_list(INDEX)
    answer = asked("verify.mjs", "-", given=site.badge())
    assert answer["verified"] is False
    assert answer["errors"] == ["The status list says that the credential is revoked"]


def test_a_badge_of_a_key_that_is_no_longer_listed_is_refused_by_others(site: Site) -> None:
    site.pages["/.well-known/did.json"] = {**issuer_document(site.did), "verificationMethod": [], "assertionMethod": []}
    assert asked("verify.mjs", "-", given=site.badge())["verified"] is False


def test_an_expired_badge_is_refused_by_others(site: Site) -> None:
    badge = site.badge(valid_until=datetime.now(UTC) - timedelta(hours=1))
    assert asked("verify.mjs", "-", given=badge)["verified"] is False


LETTERS = ["a", "é", "😀", "\t", "\n", "\f", "\x00", "\x7f", '"', "\\", "\u2028", "<", ">"]
NUMBERS = [0, 1, -7, 2.5, 0.1, 1 / 3, -1.5e-7, 123456.789, 3.0, -0.0, 2**53 - 1]


def invented(dice: random.Random) -> dict[str, Any]:
    """A credential with odd texts, numbers and a tangle of nameless nodes that point at each other and at themselves."""
    document = unsigned()
    document["name"] = "".join(dice.choices(LETTERS, k=dice.randint(1, 8)))
    document["credentialSubject"]["creditsEarned"] = dice.choice(NUMBERS)
    language = dice.choice(["en", "EN-us", "ar", "e n", "en_US"])
    document["description"] = dice.choice(
        ["text", {"@value": "text", "@language": language}, {"@value": "x", "@language": "ar", "@direction": "rtl"}]
    )
    count = dice.randint(2, 5)
    names = [f"_:n{number}" for number in range(count)]
    document["evidence"] = [
        {"id": name, "type": ["Evidence"], "https://x.example/y": [{"id": other} for other in dice.sample(names, dice.randint(1, count))]}
        for name in names
    ]
    if dice.random() < 0.2:
        document[dice.choice(["mood", "https://x.example/z", "@mood", "evidence"])] = dice.choice(
            [None, "x", [], {}, [[]], True, [True, 1]]
        )
    return document


def test_canonical_forms_are_the_same_to_the_byte_and_losses_are_refused_by_both() -> None:
    dice = random.Random(20261121)
    documents = [invented(dice) for _ in range(150)]
    theirs = asked("canonize.mjs", given=documents)
    ours = []
    for document in documents:
        try:
            ours.append(canonical(document, contexts()))
        except Invalid:
            ours.append(None)
    assert ours == theirs
    assert 0 < ours.count(None) < len(ours) / 2
