"""Data Integrity proofs: sign a document, check a document's proof. A proof suite is one entry in SUITES.

Not here: whose key it is (keys), what a credential must say (structure). Source: https://www.w3.org/TR/vc-di-eddsa/ section 3.2,
https://www.w3.org/TR/vc-data-integrity/ sections 4.2 and 4.4.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from cairn.kernel.errors import Invalid
from cairn.pure.badges.canonical import canonical
from cairn.pure.badges.contexts import Contexts
from cairn.pure.badges.keys import base58_decode, base58_encode
from cairn.pure.badges.values import moment, stamp

Document = Mapping[str, object]


@dataclass(frozen=True)
class Suite:
    """How one cryptosuite turns a document and its proof options into bytes, and signs and checks those."""

    digest: Callable[[Document, Document, Contexts], bytes]
    sign: Callable[[bytes, bytes], bytes]
    is_signed: Callable[[bytes, bytes, bytes], bool]


def _rdfc_digest(document: Document, options: Document, contexts: Contexts) -> bytes:
    """vc-di-eddsa 3.2.4: the hash of the proof options, then the hash of the document."""
    config = {**options, "@context": document.get("@context")}
    return b"".join(hashlib.sha256(canonical(part, contexts).encode()).digest() for part in (config, document))


def _ed25519_sign(private_key: bytes, data: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(private_key).sign(data)


def _ed25519_is_signed(public_key: bytes, signature: bytes, data: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


SUITES: Mapping[str, Suite] = {"eddsa-rdfc-2022": Suite(_rdfc_digest, _ed25519_sign, _ed25519_is_signed)}


def sign(
    document: Document,
    *,
    private_key: bytes,
    verification_method: str,
    created: datetime,
    contexts: Contexts,
    cryptosuite: str = "eddsa-rdfc-2022",
) -> dict[str, object]:
    """`document` with its proof. Deterministic: the same key, moment and document give the same proof."""
    unsigned = {key: value for key, value in document.items() if key != "proof"}
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": cryptosuite,
        "created": stamp(created),
        "verificationMethod": verification_method,
        "proofPurpose": "assertionMethod",
    }
    suite = SUITES[cryptosuite]
    signature = suite.sign(private_key, suite.digest(unsigned, options, contexts))
    return {**unsigned, "proof": {**options, "proofValue": "z" + base58_encode(signature)}}


def is_known(proof: Document) -> bool:
    """Whether the proof is of a kind that `check` can judge."""
    return proof.get("type") == "DataIntegrityProof" and str(proof.get("cryptosuite")) in SUITES and "previousProof" not in proof


def check(document: Document, proof: Document, *, public_key: bytes, contexts: Contexts, now: datetime) -> None:
    """Return when `proof`, of a known kind, is a sound statement about `document` made with the key; otherwise Invalid says why."""
    _require_options(document, proof, now)
    suite = SUITES[str(proof["cryptosuite"])]
    signature = proof.get("proofValue")
    if not isinstance(signature, str) or not signature.startswith("z"):
        raise Invalid("bad-proof-value", "The proof has no readable signature.", "Ask the issuer for the original file.")
    unsigned = {key: value for key, value in document.items() if key != "proof"}
    options = {key: value for key, value in proof.items() if key != "proofValue"}
    digest = suite.digest(unsigned, options, contexts)
    if not suite.is_signed(public_key, base58_decode(signature[1:]), digest):
        message = "The signature does not fit the content: something was changed."
        raise Invalid("bad-signature", message, "Ask the issuer for the original file.")


def _require_options(document: Document, proof: Document, now: datetime) -> None:
    if proof.get("proofPurpose") != "assertionMethod":
        raise Invalid("wrong-purpose", "The proof was not made for making a statement.", "Ask the issuer for the original file.")
    if "@context" in proof and proof["@context"] != document.get("@context"):
        raise Invalid("wrong-proof-context", "The proof uses other terms than the credential.", "Ask the issuer for the original file.")
    if "created" in proof:
        moment(proof["created"])
    if "expires" in proof and moment(proof["expires"]) <= now:
        raise Invalid("proof-expired", f"The proof expired on {proof['expires']}.", "Ask the issuer for a new credential.")
