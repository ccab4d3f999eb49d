"""The running site as other people's software sees it: npm's @digitalbazaar/vc fetches credential, DID document and status list."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from cairn.pure import badges
from tests import migrated
from tests.badges_world import BUILT_CONTEXTS, ROOT, contexts, leaves, with_leaf_changed

VERIFIER = ROOT / "tests" / "contract" / "verifier" / "verify.mjs"
SIGNED = "application/vc+ld+json"


@dataclass
class Site:
    """A server with a database of its own, and a process beside it that acts on what it keeps."""

    url: str
    beside: subprocess.Popen[str]
    credential: str

    @property
    def address(self) -> str:
        return f"{self.url}/credentials/{self.credential}"

    def get(self, path: str, accept: str = "*/*") -> tuple[Any, bytes]:
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}{path}", headers={"Accept": accept}), timeout=20) as answer:
            return answer.headers, answer.read()

    def tell(self, order: str) -> str:
        assert self.beside.stdin is not None
        assert self.beside.stdout is not None
        print(order, file=self.beside.stdin, flush=True)
        return self.beside.stdout.readline().strip()

    def verdict(self) -> str:
        """Our own verifier's, on what the server gives to anybody."""
        return badges.verify(
            self.get(f"/credentials/{self.credential}.json")[1],
            resolve_did=lambda did: json.loads(self.get(urlsplit(badges.did_document_url(did)).path)[1]),
            resolve_status=lambda url: self.get(urlsplit(url).path)[1],
            contexts=contexts(),
            now=datetime.now(UTC),
        ).verdict


def others(source: str, given: object = None) -> Any:
    command = ["node", str(VERIFIER), str(BUILT_CONTEXTS), source]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@contextmanager
def scratch_database(folder: Path) -> Iterator[str]:
    """What a site in this folder runs on, up to date: a database of its own on PostgreSQL, or the folder's SQLite."""
    given = os.environ.get("CAIRN_DB", "")
    made = migrated.prepare(folder, given)
    try:
        yield made
    finally:
        migrated.drop(made, given)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@contextmanager
def running(*command: str, **options: Any) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, text=True, **options)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def wait_until_it_answers(port: int, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        assert process.poll() is None, "the server stopped"
        connection = http.client.HTTPConnection("localhost", port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    pytest.fail("the server does not answer")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("site")
    port = free_port()
    url = f"http://localhost:{port}"
    with scratch_database(folder) as database:
        known = {**os.environ, "CAIRN_DATA": str(folder), "CAIRN_DB": database, "CAIRN_URL": url, "CAIRN_TEST": "1", "PORT": str(port),
                 "CAIRN_FILES_URL": f"http://127.0.0.1:{port}"}  # fmt: skip
        serve = ("-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "4",
                 "--log-level", "error", "cairn.site.wsgi:application")  # fmt: skip
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with running(*serve, env=known) as server, running("-m", "tests.contract.earn", env=known, **pipes) as beside:
            assert beside.stdout is not None
            credential = beside.stdout.readline().strip()
            assert credential, "no credential was made"
            wait_until_it_answers(port, server)
            yield Site(url, beside, credential)


def test_other_peoples_software_verifies_what_the_server_gives(site: Site) -> None:
    assert others(site.address) == {"verified": True, "errors": []}
    assert site.verdict() == "valid"


def test_no_field_can_be_changed_without_others_noticing(site: Site) -> None:
    credential = json.loads(site.get(f"/credentials/{site.credential}.json")[1])
    paths = list(leaves(credential))
    assert len(paths) > 60
    answers = others("-", [with_leaf_changed(credential, path) for path in paths])
    assert [path for path, answer in zip(paths, answers, strict=True) if answer["verified"]] == []


def test_revoked_is_seen_by_others_and_so_is_given_back(site: Site) -> None:
    assert site.tell("revoke") == "revoked"
    told = others(site.address)
    assert (told["verified"], told["errors"]) == (False, ["The status list says that the credential is revoked"])
    assert site.verdict() == "revoked"
    assert "Revoked on" in site.get(f"/credentials/{site.credential}/", "text/html")[1].decode()
    assert site.tell("reinstate") == "issued"
    assert others(site.address)["verified"] is True
    assert site.verdict() == "valid"


def test_the_credentials_id_gives_software_the_bytes_and_people_a_page(site: Site) -> None:
    headers, signed = site.get(f"/credentials/{site.credential}.json")
    assert headers["Content-Type"] == SIGNED
    assert json.loads(signed)["id"] == site.address
    for accept in (SIGNED, "application/ld+json", "application/json"):
        headers, same = site.get(f"/credentials/{site.credential}", accept)
        assert (same, headers["Content-Type"], headers["Access-Control-Allow-Origin"]) == (signed, SIGNED, "*")
    assert site.get(f"/credentials/{site.credential}", "text/html")[0]["Content-Type"].startswith("text/html")


def test_the_picture_that_is_downloaded_holds_the_same_bytes(site: Site) -> None:
    signed = site.get(f"/credentials/{site.credential}.json")[1].decode()
    headers, picture = site.get(f"/credentials/{site.credential}.png")
    assert headers["Content-Type"] == "image/png"
    assert badges.unbake(picture) == signed
    assert picture.count(b"openbadgecredential") == 1
    assert badges.read(picture) == signed


def test_what_a_credential_points_at_is_there(site: Site) -> None:
    achievement = json.loads(site.get(f"/credentials/{site.credential}.json")[1])["credentialSubject"]["achievement"]
    assert site.get(urlsplit(achievement["image"]["id"]).path)[0]["Content-Type"] == "image/png"
    page = site.get(urlsplit(achievement["id"]).path)[1].decode()
    assert achievement["name"] in page
    assert urlsplit(achievement["criteria"]["id"]).fragment == "rubric"
    assert 'id="rubric"' in page
