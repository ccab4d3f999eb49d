"""An issuer with a key, a rich award and its signed badge, for the tests of badges. Not here: a server (tests/contract)."""

from __future__ import annotations

import copy
import hashlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from cairn.pure.badges import (
    Achievement,
    Alignment,
    Award,
    Contexts,
    Evidence,
    Image,
    Level,
    Profile,
    Result,
    ResultDescription,
    StatusEntry,
    Verification,
    build,
    did_document,
    email_identity,
    list_credential,
    name_identity,
    public_key,
    sign,
    verification_method,
    verify,
)
from cairn.pure.badges.contexts import PINNED

ROOT = Path(__file__).resolve().parents[1]
BUILT_CONTEXTS = ROOT / "build" / "contexts"
VECTORS = Path(os.environ.get("CAIRN_VECTORS", ROOT / ".." / "shared" / "standards"))
needs_vectors = pytest.mark.skipif(
    not VECTORS.is_dir(), reason="the published test vectors are not on this machine (CAIRN_VECTORS names their folder)"
)
EXAMPLES_V2 = "https://www.w3.org/ns/credentials/examples/v2"

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
SITE = "https://badges.example.org"
DID = "did:web:badges.example.org"
PRIVATE_KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
INDEX = 4711


def built_contexts() -> dict[str, bytes]:
    """What the asset build wrote (make assets)."""
    index = json.loads((BUILT_CONTEXTS / "index.json").read_bytes())
    return {url: (BUILT_CONTEXTS / name).read_bytes() for url, name in index.items()}


@cache
def contexts() -> Contexts:
    return Contexts(built_contexts())


@cache
def contexts_with_examples() -> Contexts:
    """With the context that the W3C's own vectors use, and that no credential should."""
    examples = vector_bytes("contexts/credentials-examples-v2.json")
    digest = hashlib.sha256(rfc8785.dumps(json.loads(examples))).hexdigest()
    return Contexts({**built_contexts(), EXAMPLES_V2: examples}, {**PINNED, EXAMPLES_V2: digest})


def vector_bytes(path: str) -> bytes:
    return (VECTORS / path).read_bytes()


def vector(path: str) -> Any:
    return json.loads(vector_bytes(path))


def issuer(did: str = DID) -> Profile:
    image = Image(f"{SITE}/logo.png", "A cairn of five stones")
    return Profile(did, "Prairie Leadership Network", f"{SITE}/", "badges@example.org", "Issues micro-credentials.", image)


def achievement(site: str = SITE) -> Achievement:
    base = f"{site}/catalog/instructional-vision/1.0"
    descriptions = tuple(
        ResultDescription(
            f"{base}#detail-{detail}",
            f"Outcome detail {detail}",
            tuple(
                Level(f"{base}#detail-{detail}-{level}", name, f"What {name.lower()} looks like", str(level), str(level))
                for level, name in enumerate(("Beginning", "Proficient", "Advanced"))
            ),
            f"{base}#detail-{detail}-1",
        )
        for detail in ("1a", "1b")
    )
    return Achievement(
        base,
        "Instructional Vision",
        "Leads a school towards a shared picture of good teaching.",
        'Two assessors found every outcome detail **proficient** or better.\n\n- evidence\n- "reflection"',
        f"{base}/criteria",
        version="1.0",
        language="en-US",
        image=Image(f"{base}.png", "Five stones on a green field"),
        creator=Profile(f"{site}/organizations/prairie", "Prairie Leadership Network"),
        tags=("leadership", "vision"),
        alignments=(Alignment("Standard 1: Mission and Vision", "https://standards.example.org/psel/1", "CFItem", "PSEL.1", "", "PSEL"),),
        results=descriptions,
    )


def award(site: str = SITE, **changes: Any) -> Award:
    base = f"{site}/catalog/instructional-vision/1.0"
    fields: dict[str, Any] = {
        "id": f"{site}/credentials/0123456789abcdefghjk",
        "valid_from": NOW - timedelta(days=3),
        "awarded_at": NOW - timedelta(days=4),
        "valid_until": NOW + timedelta(days=365),
        "identities": (email_identity("Dana.Whitfield@example.org", "pepper"), name_identity("Dana Whitfield")),
        "results": tuple(Result(f"{base}#detail-{detail}", f"{base}#detail-{detail}-{level}") for detail, level in (("1a", 1), ("1b", 2))),
        "evidence": (Evidence("A plan for one school, and how it went.", "Vision plan", genre="Portfolio"),),
        "status": StatusEntry(f"{site}/status/1", INDEX),
    }
    return Award(**{**fields, **changes})


def unsigned(site: str = SITE, did: str = DID, **changes: Any) -> dict[str, Any]:
    return build(award(site, **changes), achievement(site), issuer(did))


def signed(document: dict[str, Any] | None = None, key: bytes = PRIVATE_KEY, did: str = DID) -> dict[str, Any]:
    """A signed badge; a fresh copy each time."""
    if document is None:
        return copy.deepcopy(_sample())
    method = verification_method(did, public_key(key))
    return sign(document, private_key=key, verification_method=method, created=NOW - timedelta(days=3), contexts=contexts())


@cache
def _sample() -> dict[str, Any]:
    return signed(unsigned())


def status_list(indexes: tuple[int, ...] = (), url: str = f"{SITE}/status/1", did: str = DID, **changes: Any) -> dict[str, Any]:
    """A signed status list, valid for a day."""
    fields = {"valid_from": NOW - timedelta(hours=1), "valid_until": NOW + timedelta(days=1), **changes}
    return signed(list_credential(url, issuer=did, indexes=indexes, **fields), did=did)


@cache
def _empty_list() -> dict[str, Any]:
    return status_list()


def issuer_document(did: str = DID) -> dict[str, Any]:
    return did_document(did, [public_key(PRIVATE_KEY)])


def check(document: object, **changes: Any) -> Verification:
    """Verify as if the issuer's documents were in reach and nothing was revoked; `changes` say otherwise."""
    fields: dict[str, Any] = {
        "resolve_did": lambda did: issuer_document() if did == DID else None,
        "resolve_status": lambda url: _empty_list() if url == f"{SITE}/status/1" else None,
        "contexts": contexts(),
        "now": NOW,
    }
    return verify(document, **{**fields, **changes})


def result(verification: Verification, key: str) -> str:
    return next(check.result for check in verification.checks if check.key == key)


def got(verification: Verification, key: str) -> str:
    return next(check.got for check in verification.checks if check.key == key)


def leaves(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of each text, number or truth value in a document."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, (*path, number))
    else:
        yield path


def with_leaf_changed(document: dict[str, Any], path: tuple[str | int, ...]) -> dict[str, Any]:
    """A copy in which the one leaf at `path` says something else."""
    changed = copy.deepcopy(document)
    place: Any = changed
    for step in path[:-1]:
        place = place[step]
    old = place[path[-1]]
    place[path[-1]] = (
        (not old) if isinstance(old, bool) else old + 1 if isinstance(old, int) else ("b" if old[-1:] == "a" else "a").join([old[:-1], ""])
    )
    return changed
