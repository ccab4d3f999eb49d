"""Keys and who they belong to: Ed25519 Multikeys, did:web, did:key, DID documents.

Private keys come and go as 32 raw bytes; where they are kept is the caller's care. Not here: signing (proof), fetching (the caller).
Sources: W3C Controlled Identifiers 1.0 sections 2.2 and 2.4, did:web method specification, did:key method specification.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from urllib.parse import quote, unquote, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cairn.kernel.errors import Invalid
from cairn.pure.badges.errors import CannotTell
from cairn.pure.badges.values import moment, parts

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519_PUBLIC = b"\xed\x01"  # multicodec ed25519-pub as a variable-length integer
DID_CONTEXTS = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1")
MAX_BASE58 = 200  # decoding is quadratic; the longest value used here has 88 characters
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_SEGMENT = re.compile(r"[A-Za-z0-9._~-]+")


def base58_encode(data: bytes) -> str:
    number = int.from_bytes(data, "big")
    digits = ""
    while number:
        number, digit = divmod(number, 58)
        digits = BASE58[digit] + digits
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + digits


def base58_decode(text: str) -> bytes:
    if len(text) > MAX_BASE58 or any(letter not in BASE58 for letter in text):
        raise Invalid("bad-base58", f"{text[:60]!r} is not base58.", "Ask the issuer for the original file.")
    number = 0
    for letter in text:
        number = number * 58 + BASE58.index(letter)
    return b"\0" * (len(text) - len(text.lstrip("1"))) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def public_key(private_key: bytes) -> bytes:
    """The 32 raw bytes of the public key that belongs to 32 raw private bytes."""
    return Ed25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def encode_public(key: bytes) -> str:
    """A public key as Multikey text: "z6Mk..."."""
    if len(key) != 32:
        raise ValueError("an Ed25519 public key has 32 bytes")
    return "z" + base58_encode(ED25519_PUBLIC + key)


def decode_public(text: object) -> bytes:
    """The 32 raw bytes in "z6Mk..."; CannotTell when it is a key of another kind, Invalid when it is none."""
    data = base58_decode(text[1:]) if isinstance(text, str) and text.startswith("z") else b""
    if len(data) < 34:
        raise Invalid("bad-key", f"{text!r:.60} is not a public key.", "Ask the issuer to publish its key as a Multikey.")
    if len(data) > 34 or not data.startswith(ED25519_PUBLIC):
        raise CannotTell("unknown-key-type", f"{text!r:.60} is not an Ed25519 key.", "Use a verifier that knows it.")
    return data[2:]


def verification_method(did: str, key: bytes) -> str:
    """The id of a public key within the DID document of `did`."""
    return f"{did}#{encode_public(key)}"


def did_from_url(url: str) -> str:
    """The did:web of a site: "https://example.org/a" gives "did:web:example.org:a"; a port is written %3A."""
    parts = urlsplit(url)
    host, path = parts.hostname or "", [part for part in parts.path.split("/") if part]
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host) or parts.query or parts.fragment or parts.username:
        raise Invalid("bad-site-url", f"{url!r} cannot name a site.", "Give it like https://badges.example.org, with a name and no query.")
    port = f"%3A{parts.port}" if parts.port else ""
    return ":".join(["did:web:" + host + port, *(quote(unquote(part), safe="") for part in path)])


def did_document_url(did: str) -> str:
    """Where the DID document of a did:web is published: by https, or plain http on the machine itself (localhost)."""
    host, *path = [unquote(part) for part in did.removeprefix("did:web:").split(":")]
    name, _, port = host.partition(":")
    clean = all(_SEGMENT.fullmatch(part) and part.strip(".") for part in path)
    if not did.startswith("did:web:") or not _HOST.fullmatch(name) or not clean or not re.fullmatch(r"(\d{1,5})?", port):
        raise Invalid("bad-did", f"{did!r:.80} is not a did:web.", "Write it like did:web:badges.example.org.")
    scheme = "http" if name == "localhost" else "https"
    return f"{scheme}://{host}/" + "/".join([*(path or [".well-known"]), "did.json"])


def did_document(did: str, keys: Iterable[bytes]) -> dict[str, object]:
    """The DID document of `did` with its public keys, each allowed to make statements.

    A retired key stays in it: what it signed must remain verifiable. Only a key known to be stolen is left out.
    """
    methods = [
        {"id": verification_method(did, key), "type": "Multikey", "controller": did, "publicKeyMultibase": encode_public(key)}
        for key in keys
    ]
    names = [method["id"] for method in methods]
    return {"@context": list(DID_CONTEXTS), "id": did, "verificationMethod": methods, "assertionMethod": names}


def did_key_document(did: str) -> dict[str, object]:
    """The DID document of a did:key, which is the key itself: nothing needs fetching."""
    return did_document(did, [decode_public(did.removeprefix("did:key:"))])


def assertion_key(document: Mapping[str, object], method: str, now: datetime) -> bytes:
    """The public key that `method` names in a DID document, if it may make statements for the document's subject now.

    Invalid says why it may not. Follows Controlled Identifiers 1.0, section 3.3 (retrieve verification method).
    """
    did = method.partition("#")[0]
    if document.get("id") != did:
        message = f"The document found is that of {document.get('id')!r:.100}, not of {did}."
        raise Invalid("wrong-did-document", message, "Ask the issuer to correct it.")
    listed = [_named(entry, did, document) for entry in parts(document.get("assertionMethod"))]
    key = next((entry for entry in listed if entry.get("id") == method), None)
    if key is None:
        raise Invalid("key-not-listed", f"{did} does not list the key {method} for making statements.", "Ask the issuer which key it uses.")
    if key.get("controller") != did:
        raise Invalid("wrong-controller", f"The key {method} is controlled by someone else than {did}.", "Ask the issuer to correct it.")
    for end in ("revoked", "expires"):
        if end in key and moment(key[end]) <= now:
            message = f"The key {method} {'was revoked' if end == 'revoked' else 'expired'} on {key[end]}."
            raise Invalid("key-ended", message, "Ask for a new credential.")
    if key.get("type") != "Multikey":
        message = f"The key is a {key.get('type')!r:.60}; Cairn reads Multikeys."
        raise CannotTell("unknown-key-type", message, "Ask the issuer to publish it as a Multikey.")
    return decode_public(key.get("publicKeyMultibase"))


def _named(entry: object, did: str, document: Mapping[str, object]) -> dict[str, object]:
    """A verification method, embedded or named, with its id made absolute ("#key" is allowed)."""
    if isinstance(entry, str):
        known = [_absolute(other, did) for other in parts(document.get("verificationMethod"))]
        same = [other for other in known if other.get("id") == _full(entry, did)]
        return same[0] if len(same) == 1 else {}
    return _absolute(entry, did)


def _absolute(entry: object, did: str) -> dict[str, object]:
    return {**entry, "id": _full(entry.get("id"), did)} if isinstance(entry, dict) else {}


def _full(name: object, did: str) -> object:
    return did + name if isinstance(name, str) and name.startswith("#") else name
