"""docs/howto/api.md does what it says: its shell blocks run, one after the other, against a server with two web processes and a worker."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import contextmanager

import pytest

from tests.badges_world import ROOT
from tests.contract.test_running_server import free_port, running, scratch_database, wait_until_it_answers

PAGE = ROOT / "docs" / "howto" / "api.md"
END = re.compile(r"earned, as 2 readers say\nvalid\nrevoked\nrevoked\nissued\nvalid\n$")


def _script() -> str:
    return "set -eu\n" + "\n".join(re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE))


@contextmanager
def _demonstration(folder, tokens):
    """Its address: two web processes and a worker, on a folder into which it was loaded."""
    port = free_port()
    with scratch_database(folder) as database:
        known = {**os.environ, "CAIRN_DATA": str(folder), "CAIRN_URL": f"http://localhost:{port}", "CAIRN_TEST": "1", "CAIRN_DEMO": "1",
                 "CAIRN_FILES_URL": f"http://127.0.0.1:{port}", "CAIRN_API_RATE": "0", "CAIRN_DB": database, "PORT": str(port)}  # fmt: skip
        load = [sys.executable, "-m", "cairn", "demo", "--tokens", str(tokens)]
        subprocess.run(load, env=known, cwd=ROOT, check=True, capture_output=True)
        options = ["--data", str(folder), "--port", str(port), "--processes", "2", *(["--db", database] if database else [])]
        with running("-m", "cairn", "serve", *options, env=known) as server, running("-m", "cairn", "worker", env=known):
            wait_until_it_answers(port, server)
            yield f"http://localhost:{port}"


def _walk(folder, url, tokens):
    known = {**os.environ, "SITE": url, "TOKENS": str(tokens)}
    return subprocess.run(["bash", "-c", _script()], cwd=folder, env=known, capture_output=True, text=True, timeout=900, check=False)


@pytest.mark.long
def test_the_page_walks_from_enrolling_to_a_verified_credential(tmp_path):
    tokens = tmp_path / "tokens.json"
    with _demonstration(tmp_path / "data", tokens) as url:
        assert tokens.stat().st_mode & 0o777 == 0o600
        done = _walk(tmp_path, url, tokens)
    assert done.returncode == 0, done.stderr
    assert "412 changed-elsewhere: version 1 is there." in done.stdout
    assert END.search(done.stdout), done.stdout
