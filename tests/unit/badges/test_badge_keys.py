"""Keys, DIDs and DID documents."""

from datetime import timedelta
from typing import Any

import pytest

from cairn.kernel.errors import Invalid
from cairn.pure.badges import did_document, did_document_url, did_from_url, encode_public, public_key, verification_method
from cairn.pure.badges.errors import CannotTell
from cairn.pure.badges.keys import assertion_key, base58_decode, base58_encode, decode_public, did_key_document
from tests.badges_world import DID, NOW, OTHER_KEY, PRIVATE_KEY, needs_vectors, vector

KEY = public_key(PRIVATE_KEY)
METHOD = verification_method(DID, KEY)


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"Hello World!", "2NEpo7TZRRrLZSi2U"), (bytes.fromhex("0000287fb4cd"), "11233QC4"), (b"", ""), (b"\0", "1"), (b"\xff", "5Q")],
)
def test_base58_is_bitcoins(data: bytes, text: str) -> None:
    assert base58_encode(data) == text
    assert base58_decode(text) == data


@pytest.mark.parametrize("text", ["0", "O", "I", "l", " ", "é", "2" * 201])
def test_what_is_not_base58_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="not base58"):
        base58_decode(text)


@needs_vectors
def test_the_w3c_key_pair_belongs_together() -> None:
    pair = vector("vc-di-eddsa/TestVectors/keyPair.json")
    private = base58_decode(pair["privateKeyMultibase"][1:])[2:]
    assert encode_public(public_key(private)) == pair["publicKeyMultibase"]
    assert decode_public(pair["publicKeyMultibase"]) == public_key(private)


@pytest.mark.parametrize("text", [None, 5, "", "z", "u6Mk", "z6Mk", encode_public(KEY)[:-2]])
def test_what_is_no_key_is_refused(text: object) -> None:
    with pytest.raises(Invalid):
        decode_public(text)


def test_a_key_of_another_kind_cannot_be_told() -> None:
    with pytest.raises(CannotTell, match="not an Ed25519 key"):
        decode_public("z" + base58_encode(b"\x80\x24\x02" + bytes(32)))


SITES = {
    "https://badges.example.org": ("did:web:badges.example.org", "https://badges.example.org/.well-known/did.json"),
    "https://badges.example.org/": ("did:web:badges.example.org", "https://badges.example.org/.well-known/did.json"),
    "https://Example.ORG:8443": ("did:web:example.org%3A8443", "https://example.org:8443/.well-known/did.json"),
    "http://localhost:8000": ("did:web:localhost%3A8000", "http://localhost:8000/.well-known/did.json"),
    "https://example.org/issuers/42": ("did:web:example.org:issuers:42", "https://example.org/issuers/42/did.json"),
}


@pytest.mark.parametrize(("site", "names"), SITES.items(), ids=SITES.keys())
def test_a_site_names_its_did_and_the_did_its_document(site: str, names: tuple[str, str]) -> None:
    did, document = names
    assert did_from_url(site) == did
    assert did_document_url(did) == document


@pytest.mark.parametrize(
    "site",
    [
        "",
        "example.org",
        "ftp://example.org",
        "https://",
        "https://example.org?x",
        "https://example.org#x",
        "https://a@example.org",
        "https://exämple.org",
        "https://[::1]",
    ],
)
def test_what_cannot_name_a_site_is_refused(site: str) -> None:
    with pytest.raises(Invalid, match="cannot name a site"):
        did_from_url(site)


@pytest.mark.parametrize(
    "did",
    [
        *("", "did:key:z6Mk", "did:web:", "did:web:example.org%3Ax", "did:web:example.org:", "did:web:example.org:.."),
        *("did:web:example.org:%2E%2E", "did:web:example.org:a%2Fb", "did:web:example.org/a", "did:web:user%40example.org"),
        *("did:web:example.org%3A1%3A2", "did:web:exa mple.org", "did:web:example.org#key", "did:web:example.org?x"),
    ],
)
def test_what_is_no_did_web_is_refused(did: str) -> None:
    with pytest.raises(Invalid, match="not a did:web"):
        did_document_url(did)


def test_a_did_document_lists_each_key_retired_ones_too() -> None:
    document = did_document(DID, [KEY, public_key(OTHER_KEY)])
    assert document["id"] == DID
    assert document["assertionMethod"] == [METHOD, verification_method(DID, public_key(OTHER_KEY))]
    for key in (KEY, public_key(OTHER_KEY)):
        assert assertion_key(document, verification_method(DID, key), NOW) == key


def test_a_did_key_is_its_own_document() -> None:
    did = f"did:key:{encode_public(KEY)}"
    assert assertion_key(did_key_document(did), verification_method(did, KEY), NOW) == KEY


def with_method(**changes: object) -> dict[str, Any]:
    document: dict[str, Any] = did_document(DID, [KEY])
    document["verificationMethod"][0] = {**document["verificationMethod"][0], **changes}
    return document


def test_a_key_may_stand_in_the_list_itself_or_be_named_relatively() -> None:
    document: dict[str, Any] = did_document(DID, [KEY])
    fragment = "#" + METHOD.partition("#")[2]
    embedded = {**document, "assertionMethod": [{**document["verificationMethod"][0], "id": fragment}], "verificationMethod": []}
    named = {**with_method(id=fragment), "assertionMethod": fragment}
    for variant in (embedded, named):
        assert assertion_key(variant, METHOD, NOW) == KEY


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "someone else's document": ({**did_document(DID, [KEY]), "id": "did:web:evil.example"}, "not of did:web:badges"),
    "a document without a name": ({}, "not of did:web:badges"),
    "not listed for statements": ({**did_document(DID, [KEY]), "assertionMethod": []}, "does not list the key"),
    "listed for signing in only": (
        {**did_document(DID, [KEY]), "assertionMethod": None, "authentication": [METHOD]},
        "does not list the key",
    ),
    "listed but missing": ({**did_document(DID, [KEY]), "verificationMethod": []}, "does not list the key"),
    "listed, twice described": ({**did_document(DID, [KEY, KEY])}, "does not list the key"),
    "controlled by another": (with_method(controller="did:web:evil.example"), "controlled by someone else"),
    "revoked": (with_method(revoked="2026-11-21T09:30:00Z"), "was revoked"),
    "expired": (with_method(expires="2026-11-21T09:29:59Z"), "expired"),
    "with a broken end": (with_method(expires="soon"), "not a date"),
    "of another type": (with_method(type="JsonWebKey"), "reads Multikeys"),
    "not a key": (with_method(publicKeyMultibase="z111"), "not a public key"),
    "nonsense": ({"id": DID, "assertionMethod": [5, None, [], {"id": 7}], "verificationMethod": "x"}, "does not list the key"),
}


@pytest.mark.parametrize(("document", "words"), WRONG.values(), ids=WRONG.keys())
def test_a_key_that_may_not_make_statements_is_refused(document: dict[str, Any], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        assertion_key(document, METHOD, NOW)


def test_a_key_counts_until_it_ends() -> None:
    assert assertion_key(with_method(expires="2026-11-21T09:30:00Z"), METHOD, NOW - timedelta(seconds=1)) == KEY
