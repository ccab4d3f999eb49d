"""Contexts are what their hash says, and are never fetched."""

import json
import socket
import subprocess

import pytest

from cairn.kernel.errors import Invalid
from cairn.pure.badges import Contexts
from cairn.pure.badges.contexts import CREDENTIALS_V2, PINNED
from cairn.pure.badges.errors import CannotTell
from tests.badges_world import BUILT_CONTEXTS, ROOT, built_contexts, check, contexts, signed


def test_the_asset_build_writes_exactly_the_pinned_contexts() -> None:
    assert set(built_contexts()) == set(PINNED)


def test_a_changed_context_is_refused() -> None:
    changed = json.loads(built_contexts()[CREDENTIALS_V2])
    changed["@context"]["name"] = "https://evil.example/name"
    with pytest.raises(Invalid, match="not the pinned one"):
        Contexts({CREDENTIALS_V2: json.dumps(changed).encode()})


def test_a_context_written_with_other_spaces_is_the_same_context() -> None:
    Contexts({CREDENTIALS_V2: json.dumps(json.loads(built_contexts()[CREDENTIALS_V2]), indent=7).encode()})


@pytest.mark.parametrize("content", [b"", b"\xff", b"<html>", b"[" * 100_000])
def test_a_context_that_is_not_json_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Invalid, match="is not JSON"):
        Contexts({CREDENTIALS_V2: content})


def test_a_context_nobody_pinned_is_refused() -> None:
    with pytest.raises(Invalid, match="not the pinned one"):
        Contexts({"https://evil.example/context": b"{}"})


def test_asking_for_an_unknown_context_says_that_it_cannot_be_told() -> None:
    with pytest.raises(CannotTell, match="not one that Cairn knows"):
        contexts().load("https://evil.example/context")


def test_verification_opens_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert check(signed()).verdict == "valid"
    strange = {**signed(), "@context": [*signed()["@context"], "https://evil.example/context"]}
    assert check(strange).verdict == "unknown"


def test_the_asset_script_writes_the_same_bytes_again(tmp_path: object) -> None:
    subprocess.run(["node", "assets/contexts.mjs", str(tmp_path)], cwd=ROOT, check=True)
    for file in BUILT_CONTEXTS.iterdir():
        assert (tmp_path / file.name).read_bytes() == file.read_bytes()  # type: ignore[operator]
