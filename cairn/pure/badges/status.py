"""Bitstring Status Lists: which credentials of an issuer are revoked or suspended, one bit each.

Not here: who may change a bit, which index a credential gets (random, the caller's), fetching a list.
Source: https://www.w3.org/TR/vc-bitstring-status-list/
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cairn.pure.badges.contexts import CREDENTIALS_V2
from cairn.pure.badges.errors import CannotTell
from cairn.pure.badges.values import is_iri, parts, stamp

LENGTH = 131_072  # bits: the least a list may have (section 6.1), so that an index says nothing about a person
MAX_INFLATED = 16 * 1024 * 1024
PURPOSES = ("revocation", "suspension")
_GZIP = 31  # zlib's window bits for a gzip stream
_INDEX = re.compile(r"0|[1-9]\d{0,11}")
_REMEDY = "Ask the issuer to publish its status list again."


@dataclass(frozen=True)
class StatusEntry:
    """Where a credential's status is found: bit `index` of the list published at `list_url`.

    The specification calls revocation final and suspension reversible.
    """

    list_url: str
    index: int
    purpose: str = "revocation"

    def as_json(self) -> dict[str, object]:
        return {
            "id": f"{self.list_url}#{self.index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": self.purpose,
            "statusListIndex": str(self.index),
            "statusListCredential": self.list_url,
        }


def encode(indexes: Iterable[int], length: int = LENGTH) -> str:
    """The encodedList whose bits at `indexes` are set: index 0 is the left-most bit. The same bits give the same text."""
    if length < LENGTH or length % 8:
        raise ValueError(f"a list has at least {LENGTH} bits, in whole bytes")
    bits = bytearray(length // 8)
    for index in indexes:
        if not 0 <= index < length:
            raise ValueError(f"index {index} is outside the list")
        bits[index // 8] |= 0x80 >> index % 8
    # Unlike the gzip module, zlib writes no time into the header.
    packer = zlib.compressobj(9, zlib.DEFLATED, _GZIP)
    return "u" + base64.urlsafe_b64encode(packer.compress(bytes(bits)) + packer.flush()).decode().rstrip("=")


def decode(encoded: object) -> bytes:
    """The bits of an encodedList; CannotTell (malformed-value, status-list-length) when it is not one."""
    if not isinstance(encoded, str) or not re.fullmatch(r"u[A-Za-z0-9_-]+", encoded):
        raise CannotTell("malformed-value", "The status list is not written as base64url with the prefix u.", _REMEDY)
    unpacker = zlib.decompressobj(_GZIP)
    try:
        bits = unpacker.decompress(base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4)), MAX_INFLATED)
    except (zlib.error, binascii.Error) as error:
        raise CannotTell("malformed-value", "The status list is not compressed with gzip.", _REMEDY) from error
    if not unpacker.eof or unpacker.unused_data:
        raise CannotTell("malformed-value", "The status list is cut short, too long or has something behind it.", _REMEDY)
    if len(bits) * 8 < LENGTH:
        raise CannotTell("status-list-length", f"The status list has fewer than {LENGTH} entries, which would point at people.", _REMEDY)
    return bits


def bit(bits: bytes, index: int) -> bool:
    """Whether entry `index` is set; CannotTell (range) when the list has no such entry."""
    if not 0 <= index < len(bits) * 8:
        raise CannotTell("range", f"The status list has no entry {index}.", _REMEDY)
    return bool(bits[index // 8] & 0x80 >> index % 8)


def list_credential(
    url: str, *, issuer: str, indexes: Iterable[int], valid_from: datetime, valid_until: datetime, purpose: str = "revocation"
) -> dict[str, object]:
    """The unsigned credential published at `url`, in which the bits at `indexes` are set."""
    return {
        "@context": [CREDENTIALS_V2],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": stamp(valid_from),
        "validUntil": stamp(valid_until),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encode(indexes),
        },
    }


def entry(status: Mapping[str, object]) -> StatusEntry:
    """A credentialStatus as an entry; CannotTell when it is of another kind or malformed."""
    kind, purpose = status.get("type"), status.get("statusPurpose")
    if parts(kind) != ["BitstringStatusListEntry"] or purpose not in PURPOSES:
        message = f"Its status is kept as {kind!r:.60} ({purpose!r:.40}), which Cairn cannot look up."
        raise CannotTell("unknown-status", message, "Ask the issuer.")
    if status.get("statusSize", 1) != 1:
        raise CannotTell("unknown-status", "Its status has more than one bit, which Cairn cannot read.", "Ask the issuer.")
    url, index = status.get("statusListCredential"), status.get("statusListIndex")
    index = str(index) if type(index) is int else index  # not as specified, but 1EdTech's own fixtures have it
    if not isinstance(url, str) or not is_iri(url) or status.get("id") == url or not isinstance(index, str) or not _INDEX.fullmatch(index):
        raise CannotTell(
            "malformed-value", "Its status entry does not say which list and which place in it.", "Ask the issuer for a new one."
        )
    return StatusEntry(url, int(index), str(purpose))


def list_bits(credential: Mapping[str, object], purpose: str) -> bytes:
    """The bits of a list credential whose proof has been checked; CannotTell when it is no list for `purpose`."""
    subject = credential.get("credentialSubject")
    if "BitstringStatusListCredential" not in parts(credential.get("type")) or not isinstance(subject, Mapping):
        raise CannotTell("status-verification", "What was found in its place is not a status list.", _REMEDY)
    if "BitstringStatusList" not in parts(subject.get("type")) or purpose not in parts(subject.get("statusPurpose")):
        raise CannotTell("status-verification", f"The status list found is not one for {purpose}.", _REMEDY)
    return decode(subject.get("encodedList"))
