"""Verification: seven named checks, four verdicts, no exception."""

import copy
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cairn.kernel.errors import Invalid
from cairn.pure.badges import StatusEntry, bake, encode_public, list_credential, public_key, sign, verification_method, verify
from cairn.pure.badges.reading import MAX_BYTES, MAX_DEPTH
from cairn.pure.badges.verify import CHECKS
from tests.badges_world import (
    DID,
    INDEX,
    NOW,
    OTHER_KEY,
    PRIVATE_KEY,
    SITE,
    VECTORS,
    check,
    contexts,
    got,
    issuer_document,
    leaves,
    needs_vectors,
    result,
    signed,
    status_list,
    unsigned,
    vector,
    with_leaf_changed,
)
from tests.unit.badges.test_badge_baking import picture

EVIL = "did:web:evil.example"


def results(document: object, **changes: Any) -> dict[str, str]:
    return {each.key: each.result for each in check(document, **changes).checks}


# A sound badge


@pytest.mark.parametrize(
    "given",
    [
        lambda: signed(),
        lambda: json.dumps(signed()),
        lambda: json.dumps(signed(), indent=2, ensure_ascii=False).encode(),
        lambda: b"\xef\xbb\xbf" + json.dumps(signed()).encode(),
        lambda: bake(picture(), json.dumps(signed())),
    ],
    ids=["object", "text", "bytes", "bytes with a mark", "picture"],
)
def test_a_sound_badge_is_valid_in_every_form(given: Callable[[], object]) -> None:
    verification = check(given())
    assert verification.verdict == "valid"
    assert verification.credential == signed()
    assert [each.key for each in verification.checks] == list(CHECKS)
    assert all(each.title and each.expected and each.got for each in verification.checks)


def test_a_badge_that_keeps_no_status_is_valid_and_says_so() -> None:
    verification = check(signed(unsigned(status=None)))
    assert verification.verdict == "valid"
    assert "cannot be revoked" in got(verification, "status")


def test_a_badge_signed_with_a_retired_key_is_still_valid() -> None:
    document = {**issuer_document(), "verificationMethod": [], "assertionMethod": []}
    current = {"id": f"{DID}#new", "type": "Multikey", "controller": DID, "publicKeyMultibase": encode_public(public_key(OTHER_KEY))}
    both = {**document, "assertionMethod": [current, *issuer_document()["verificationMethod"]]}
    assert check(signed(), resolve_did=lambda did: both).verdict == "valid"
    assert check(signed(), resolve_did=lambda did: {**document, "assertionMethod": [current]}).verdict == "invalid"


def test_a_did_key_needs_nobody_to_look_it_up() -> None:
    did = f"did:key:{encode_public(public_key(PRIVATE_KEY))}"
    document = signed(unsigned(did=did, status=None), did=did)
    assert check(document, resolve_did=lambda did: None).verdict == "valid"


@needs_vectors
def test_the_1edtech_vector_is_valid() -> None:
    document = vector("1edtech-vector-ob-signed.json")
    issuer = document["issuer"]["id"]
    assert check(document, resolve_did=lambda did: listing(document) if did == issuer else None).verdict == "valid"


def listing(document: dict[str, Any]) -> dict[str, Any]:
    """A document of the issuer that lists the key named by the proof's own method: "issuer#z6Mk..."."""
    method = document["proof"]["verificationMethod"]
    issuer, _, key = method.partition("#")
    return {"id": issuer, "assertionMethod": [{"id": method, "type": "Multikey", "controller": issuer, "publicKeyMultibase": key}]}


FIXTURES = "1edtech-validator/inspector-vc/src/test/resources/ob30"
VALID_FIXTURES = {"simple.json", "simple-context-alias.json", "simple-context-version.json", "simple-did-web-method.json"}


@needs_vectors
def test_1edtechs_own_fixtures_get_their_verdict() -> None:
    """Every broken fixture is refused, whatever is wrong with it; the sound ones of version 2.0 pass."""
    files = sorted((VECTORS / FIXTURES).glob("simple*.json"))
    assert len(files) > 20
    for file in files:
        document = json.loads(file.read_bytes())
        keyed = {**document, "proof": next((each for each in listed(document) if "#" in each.get("verificationMethod", "")), {})}
        document_of_issuer = listing(keyed) if keyed["proof"] else None
        verification = check(file.read_bytes(), resolve_did=lambda did, found=document_of_issuer: found)  # type: ignore[misc]
        assert (verification.verdict == "valid") == (file.name in VALID_FIXTURES | {"simple-multiple-proofs.json"}), file.name


def listed(document: dict[str, Any]) -> list[dict[str, Any]]:
    proof = document.get("proof", [])
    return proof if isinstance(proof, list) else [proof]


# 1. readable


UNREADABLE: list[object] = [
    *("", "{", "[]", "5", "null", '"x"', "NaN", '{"a":NaN}', '{"a":1,"a":1}', '{"b":{"a":1,"a":2}}'),
    *('{"a":"\\ud800"}', '{"\\udc00":1}', "[" * 100_000, '{"a":' * (MAX_DEPTH + 1) + "1" + "}" * (MAX_DEPTH + 1)),
    *('{"a":' + "9" * 5000 + "}", json.dumps({"a": [0] * 5001}), " " * (MAX_BYTES + 1)),
    *(b"", b"\xff\xfe", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7", picture()),
    *(None, 5, [], object(), {"a": object()}, {"a": {1, 2}}, {"a": float("nan")}),
]


@pytest.mark.parametrize("given", UNREADABLE, ids=lambda given: repr(given)[:30])
def test_what_cannot_be_read_is_invalid_and_nothing_more_is_said(given: object) -> None:
    verification = check(given)
    assert verification.verdict == "invalid"
    assert verification.credential is None
    assert results(given) == {"readable": "failed", **dict.fromkeys(list(CHECKS)[1:], "unknown")}


def test_an_object_that_contains_itself_is_invalid() -> None:
    given: dict[str, object] = {}
    given["a"] = given
    assert check(given).verdict == "invalid"


@pytest.mark.parametrize("given", ["eyJhbGciOiJub25lIn0.e30.c2ln", "<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_a_badge_of_a_form_that_is_not_read_is_unknown(given: str) -> None:
    assert check(given).verdict == "unknown"


# 2. structure, 3. subject


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"@context": ["https://www.w3.org/ns/credentials/v2"]}, "@context"),
        ({"@context": "https://www.w3.org/ns/credentials/v2"}, "@context"),
        ({"type": ["VerifiableCredential"]}, "type"),
        ({"issuer": {"id": DID}}, "issuer.type"),
        ({"issuer": None}, "issuer.id"),
        ({"validFrom": "2026-11-18"}, "validFrom"),
        ({"validFrom": "2026-11-18T09:30:00"}, "validFrom"),
        ({"validFrom": "2026-13-18T09:30:00Z"}, "validFrom"),
        ({"validUntil": None}, "validUntil"),
        ({"credentialSubject": []}, "credentialSubject"),
        ({"credentialSubject": {}}, "credentialSubject.achievement"),
        ({"credentialSubject": {"achievement": {}}}, "credentialSubject.achievement.id"),
        ({"evidence": ["https://example.org/"]}, "evidence"),
    ],
)
def test_a_missing_part_is_named(change: dict[str, object], path: str) -> None:
    verification = check({**signed(), **change})
    assert verification.verdict == "invalid"
    assert result(verification, "structure") == "failed"
    assert path in got(verification, "structure")


@pytest.mark.parametrize(
    "identifier",
    [
        None,
        [],
        ["dana@example.org"],
        {"type": "IdentityObject", "hashed": True, "identityHash": "", "identityType": "name"},
        {"type": "IdentityObject", "hashed": "no", "identityHash": "x", "identityType": "name"},
    ],
)
def test_a_badge_about_nobody_is_invalid(identifier: object) -> None:
    document = signed()
    document["credentialSubject"]["identifier"] = identifier
    assert results(document)["subject"] == "failed"


def test_a_badge_about_a_name_that_is_no_address_is_invalid() -> None:
    document = signed()
    document["credentialSubject"]["id"] = "dana"
    assert results(document)["subject"] == "failed"


# 4. issuer, 5. signature


def test_a_badge_without_a_proof_is_invalid() -> None:
    assert results(unsigned())["issuer"] == "failed"
    assert results({**unsigned(), "proof": []})["issuer"] == "failed"
    assert results({**unsigned(), "proof": [signed()["proof"]] * 5})["issuer"] == "failed"


def test_a_badge_whose_issuer_is_out_of_reach_is_unknown() -> None:
    verification = check(signed(), resolve_did=lambda did: None)
    assert verification.verdict == "unknown"
    assert result(verification, "issuer") == "unknown"


def forged(issuer: str, method: str, key: bytes = OTHER_KEY) -> dict[str, Any]:
    return sign(unsigned(did=issuer, status=None), private_key=key, verification_method=method, created=NOW, contexts=contexts())


def evil_document(controller: str = EVIL) -> dict[str, Any]:
    key = encode_public(public_key(OTHER_KEY))
    return {
        "id": EVIL,
        "assertionMethod": [{"id": f"{EVIL}#{key}", "type": "Multikey", "controller": controller, "publicKeyMultibase": key}],
    }


def both(did: str) -> dict[str, Any] | None:
    return {DID: issuer_document(), EVIL: evil_document()}.get(did)


@pytest.mark.parametrize(
    "document",
    [
        forged(DID, verification_method(EVIL, public_key(OTHER_KEY))),
        forged(DID, verification_method(DID, public_key(OTHER_KEY))),
        forged(DID, verification_method(DID, public_key(PRIVATE_KEY))),
        forged(DID, f"did:key:{encode_public(public_key(OTHER_KEY))}#{encode_public(public_key(OTHER_KEY))}"),
        forged(DID, DID),
        forged(DID, f"{DID}#"),
        forged(f"{DID}#x", verification_method(DID, public_key(OTHER_KEY))),
        forged(EVIL, verification_method(DID, public_key(PRIVATE_KEY)), PRIVATE_KEY),
    ],
    ids=["own key", "not listed", "under the name of the real key", "a did:key", "no key", "an empty key", "a fragment", "a borrowed key"],
)
def test_a_forger_with_a_key_is_invalid(document: dict[str, Any]) -> None:
    assert check(document, resolve_did=both).verdict == "invalid"


def test_a_document_of_another_did_does_not_speak_for_the_issuer() -> None:
    document = forged(DID, verification_method(DID, public_key(OTHER_KEY)))
    claimed = {
        **evil_document(DID),
        "assertionMethod": [{**evil_document(DID)["assertionMethod"][0], "id": document["proof"]["verificationMethod"]}],
    }
    assert check(document, resolve_did=lambda did: claimed).verdict == "invalid"
    assert check(document, resolve_did=lambda did: {**claimed, "id": DID}).verdict == "valid", "the forgery fails for no other reason"


def test_changing_any_one_field_breaks_the_badge() -> None:
    document = signed()
    paths = list(leaves(document))
    assert len(paths) > 100
    for path in paths:
        assert check(with_leaf_changed(document, path)).verdict != "valid", path


def test_taking_away_any_one_field_breaks_the_badge() -> None:
    document = signed()
    for path in {leaf[:depth] for leaf in leaves(document) for depth in range(1, len(leaf) + 1)}:
        changed = copy.deepcopy(document)
        place: Any = changed
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]
        assert check(changed).verdict != "valid", path


@pytest.mark.parametrize(
    "options",
    [
        {"cryptosuite": "none"},
        {"cryptosuite": None},
        {"type": "JsonWebSignature2020", "jws": "eyJhbGciOiJub25lIn0.."},
        {"previousProof": "urn:x:y"},
    ],
)
def test_a_proof_of_an_unknown_kind_is_never_valid(options: dict[str, object]) -> None:
    document = signed()
    document["proof"].update(options)
    assert check(document).verdict == "unknown"


def test_of_several_proofs_the_known_ones_must_all_hold() -> None:
    document = signed()
    foreign = {"type": "SomeProof", "verificationMethod": f"{DID}#x"}
    bad = {**document["proof"], "created": "2026-11-18T09:30:01Z"}
    assert check({**document, "proof": [foreign, document["proof"]]}).verdict == "valid"
    assert check({**document, "proof": [document["proof"], bad]}).verdict == "invalid"
    assert check({**document, "proof": [foreign, "x"]}).verdict == "unknown"


def test_a_form_feed_signed_by_others_is_covered_like_any_letter() -> None:
    document = signed({**unsigned(), "name": "Vision\f"})
    assert check(document).verdict == "valid"
    assert check({**document, "name": "Vision\v"}).verdict == "invalid"


def test_true_cannot_be_slipped_in_beside_one() -> None:
    subject = {**unsigned()["credentialSubject"], "creditsEarned": [1]}
    document = signed({**unsigned(), "credentialSubject": subject})
    assert check(document).verdict == "valid"
    subject = {**subject, "creditsEarned": [1, True]}
    assert check({**document, "credentialSubject": subject}).verdict == "invalid"


# 6. status


def with_list(answer: object) -> dict[str, str]:
    return {
        "verdict": (verification := check(signed(), resolve_status=lambda url: answer)).verdict,
        "status": result(verification, "status"),
    }


def test_a_revoked_badge_is_revoked() -> None:
    assert with_list(status_list((INDEX,))) == {"verdict": "revoked", "status": "failed"}
    assert with_list(status_list((INDEX - 1, INDEX + 1))) == {"verdict": "valid", "status": "passed"}
    assert with_list(json.dumps(status_list((INDEX,))).encode()) == {"verdict": "revoked", "status": "failed"}


def test_a_suspended_badge_says_so() -> None:
    document = signed(unsigned(status=StatusEntry(f"{SITE}/status/1", INDEX, "suspension")))
    verification = check(document, resolve_status=lambda url: status_list((INDEX,), purpose="suspension"))
    assert verification.verdict == "revoked"
    assert "suspended" in got(verification, "status")


def test_a_forged_badge_that_says_it_is_revoked_is_invalid() -> None:
    document = {**signed(), "name": "Another"}
    assert check(document, resolve_status=lambda url: status_list((INDEX,))).verdict == "invalid"


def test_a_list_that_another_issuer_signed_for_this_address_is_in_doubt() -> None:
    listing = list_credential(f"{SITE}/status/1", issuer=EVIL, indexes=(), valid_from=NOW, valid_until=NOW)
    method = verification_method(EVIL, public_key(OTHER_KEY))
    evil = sign(listing, private_key=OTHER_KEY, verification_method=method, created=NOW, contexts=contexts())
    assert check(signed(), resolve_did=both, resolve_status=lambda url: evil).verdict == "unknown"


def tampered() -> dict[str, Any]:
    document = status_list((INDEX,))
    document["credentialSubject"]["encodedList"] = status_list()["credentialSubject"]["encodedList"]
    return document


DOUBTFUL: dict[str, Callable[[], object]] = {
    "not in reach": lambda: None,
    "a page": lambda: "<html>not found</html>",
    "an empty answer": lambda: b"",
    "nonsense": lambda: {"a": 1},
    "the badge itself": signed,
    "tampered with": tampered,
    "unsigned": lambda: {key: value for key, value in status_list().items() if key != "proof"},
    "another list": lambda: status_list(url=f"{SITE}/status/2"),
    "another issuer's": lambda: status_list(did=EVIL),
    "for another purpose": lambda: status_list(purpose="suspension"),
    "not valid yet": lambda: status_list(valid_from=NOW + timedelta(hours=1)),
    "out of date": lambda: status_list(valid_until=NOW - timedelta(seconds=1)),
}


@pytest.mark.parametrize("answer", DOUBTFUL.values(), ids=DOUBTFUL.keys())
def test_a_status_list_in_doubt_makes_the_badge_unknown(answer: Callable[[], object]) -> None:
    assert with_list(answer()) == {"verdict": "unknown", "status": "unknown"}


@pytest.mark.parametrize(
    "status",
    [
        {"id": f"{SITE}/x", "type": "https://example.org/OtherStatus"},
        {**unsigned()["credentialStatus"], "statusListIndex": "999999999"},
        {**unsigned()["credentialStatus"], "statusListIndex": ""},
        f"{SITE}/status/1",
    ],
    ids=["another kind", "outside the list", "no index", "only an address"],
)
def test_a_status_that_cannot_be_read_makes_the_badge_unknown(status: object) -> None:
    document = signed({**unsigned(), "credentialStatus": status})
    assert check(document).verdict == "unknown"


def test_each_of_several_entries_counts() -> None:
    entry = unsigned()["credentialStatus"]
    document = signed({**unsigned(), "credentialStatus": [entry, {**entry, "id": f"{SITE}/status/1#7", "statusListIndex": "7"}]})
    assert check(document).verdict == "valid"
    assert check(document, resolve_status=lambda url: status_list((7,))).verdict == "revoked"


def test_no_list_is_asked_for_on_the_word_of_a_forged_badge() -> None:
    asked: list[str] = []
    check({**signed(), "name": "Another"}, resolve_status=asked.append)
    assert asked == []
    check(signed(), resolve_status=asked.append)
    assert asked == [f"{SITE}/status/1"]


# 7. period


@pytest.mark.parametrize(
    ("now", "verdict"),
    [
        (NOW - timedelta(days=3, seconds=1), "invalid"),
        (NOW - timedelta(days=3), "valid"),
        (NOW + timedelta(days=365), "valid"),
        (NOW + timedelta(days=365, seconds=1), "invalid"),
    ],
)
def test_a_badge_is_valid_from_its_start_to_its_end(now: Any, verdict: str) -> None:
    lasting = status_list(valid_from=NOW - timedelta(days=30), valid_until=NOW + timedelta(days=500))
    verification = check(signed(), now=now, resolve_status=lambda url: lasting)
    assert verification.verdict == verdict
    assert result(verification, "period") == ("passed" if verdict == "valid" else "failed")


def test_a_resolver_that_refuses_makes_the_status_unknown_and_not_revoked() -> None:
    def refusing(_: str) -> None:
        raise Invalid("too-far", "The address is outside.", "Ask for another.")

    assert results(signed(), resolve_status=refusing)["status"] == "unknown"


def test_what_a_resolver_raises_goes_through() -> None:
    """A broken network is the caller's to turn into None; a mistake in a resolver is not to be mistaken for an answer."""

    def broken(_: str) -> None:
        raise OSError("no route")

    with pytest.raises(OSError, match="no route"):
        verify(signed(), resolve_did=broken, resolve_status=broken, contexts=contexts(), now=NOW)
