"""Proofs: the published vectors to the letter, and every option that a forger would turn."""

from datetime import UTC, datetime
from typing import Any

import pytest

from cairn.kernel.errors import Invalid
from cairn.pure.badges import public_key, sign, verification_method
from cairn.pure.badges.keys import base58_decode, base58_encode, decode_public
from cairn.pure.badges.proof import SUITES, check, is_known
from tests.badges_world import (
    DID,
    NOW,
    OTHER_KEY,
    PRIVATE_KEY,
    contexts,
    contexts_with_examples,
    needs_vectors,
    signed,
    unsigned,
    vector,
)

KEY = public_key(PRIVATE_KEY)


@needs_vectors
def test_the_w3c_vector_is_signed_to_the_letter() -> None:
    expected = vector("vc-di-eddsa/TestVectors/eddsa-rdfc-2022/signedDataInt.json")
    private = base58_decode(vector("vc-di-eddsa/TestVectors/keyPair.json")["privateKeyMultibase"][1:])[2:]
    made = sign(
        vector("vc-di-eddsa/TestVectors/unsigned.json"),
        private_key=private,
        verification_method=expected["proof"]["verificationMethod"],
        created=datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC),
        contexts=contexts_with_examples(),
    )
    assert made == expected
    check(made, expected["proof"], public_key=public_key(private), contexts=contexts_with_examples(), now=NOW)


@needs_vectors
def test_the_1edtech_vector_is_verified() -> None:
    document = vector("1edtech-vector-ob-signed.json")
    key = decode_public(document["proof"]["verificationMethod"].partition("#")[2])
    check(document, document["proof"], public_key=key, contexts=contexts(), now=NOW)


def test_the_same_input_gives_the_same_proof() -> None:
    assert signed(unsigned()) == signed(unsigned())


def test_a_signed_document_can_be_signed_anew() -> None:
    assert signed(signed()) == signed()


def test_a_proof_names_all_that_it_was_made_with() -> None:
    proof = signed()["proof"]
    assert {key: value for key, value in proof.items() if key != "proofValue"} == {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-11-18T09:30:00Z",
        "verificationMethod": verification_method(DID, KEY),
        "proofPurpose": "assertionMethod",
    }


def judge(document: dict[str, Any], key: bytes = KEY, **options: object) -> None:
    check(document, {**document["proof"], **options}, public_key=key, contexts=contexts(), now=NOW)


def test_a_sound_proof_passes() -> None:
    judge(signed())


def test_another_key_does_not_fit() -> None:
    with pytest.raises(Invalid, match="does not fit"):
        judge(signed(), public_key(OTHER_KEY))


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("proofPurpose", "authentication", "not made for"),
        ("proofPurpose", None, "not made for"),
        ("created", "2026-11-18T09:30:01Z", "does not fit"),
        ("created", "yesterday", "not a date"),
        ("expires", "2026-11-21T09:30:00Z", "expired"),
        ("expires", "2027-01-01T00:00:00Z", "does not fit"),
        ("verificationMethod", "did:web:evil.example#key", "does not fit"),
        ("nonce", "x", "does not fit"),
        ("mood", "x", "not a term"),
        ("@context", ["https://www.w3.org/ns/credentials/v2"], "other terms"),
        ("proofValue", None, "no readable signature"),
        ("proofValue", "u" + "A" * 86, "no readable signature"),
        ("proofValue", "z", "does not fit"),
        ("proofValue", "z" + "1" * 64, "does not fit"),
        ("proofValue", "z0OIl", "not base58"),
    ],
)
def test_a_changed_option_breaks_the_proof(option: str, value: object, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        judge(signed(), **{option: value})


def test_a_proof_may_repeat_the_documents_context() -> None:
    judge(signed(), **{"@context": signed()["@context"]})


def test_a_signature_with_its_numbers_shifted_is_not_the_same_signature() -> None:
    """Ed25519 malleability (RFC 8032, section 5.1.7): S plus the group's order must be refused."""
    document = signed()
    value = base58_decode(document["proof"]["proofValue"][1:])
    order = 2**252 + 27742317777372353535851937790883648493
    shifted = int.from_bytes(value[32:], "little") + order
    with pytest.raises(Invalid, match="does not fit"):
        judge(document, proofValue="z" + base58_encode(value[:32] + shifted.to_bytes(32, "little")))


@pytest.mark.parametrize(
    "options",
    [
        {"type": "Ed25519Signature2020"},
        {"cryptosuite": "none"},
        {"cryptosuite": None},
        {"cryptosuite": ["eddsa-rdfc-2022"]},
        {"cryptosuite": "eddsa-jcs-2022"},
        {"previousProof": "urn:x:y"},
    ],
)
def test_a_proof_of_another_kind_is_not_known(options: dict[str, object]) -> None:
    assert is_known(signed()["proof"])
    assert not is_known({**signed()["proof"], **options})


def test_a_suite_is_one_entry() -> None:
    assert list(SUITES) == ["eddsa-rdfc-2022"]
    with pytest.raises(KeyError):
        sign(unsigned(), private_key=PRIVATE_KEY, verification_method="x", created=NOW, contexts=contexts(), cryptosuite="none")


def test_nothing_is_signed_that_the_signature_would_not_cover() -> None:
    with pytest.raises(Invalid, match="not a term"):
        signed({**unsigned(), "mood": "cheerful"})


def test_a_moment_without_its_time_zone_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="time zone"):
        sign(unsigned(), private_key=PRIVATE_KEY, verification_method="x", created=datetime(2026, 1, 1), contexts=contexts())  # noqa: DTZ001
