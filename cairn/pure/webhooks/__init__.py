"""Signatures of outgoing calls (https://www.standardwebhooks.com, version 1.0.0). Not here: secrets and their keeping, sending."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

PREFIX = "whsec_"


def written(secret: bytes) -> str:
    """The secret as receivers are given it: whsec_ and base64."""
    return PREFIX + base64.b64encode(secret).decode()


def headers(secrets: Sequence[bytes], *, call: str, timestamp: int, body: bytes) -> dict[str, str]:
    """What goes with the body: the id of the call, the time in seconds since 1970, and one signature for each secret that is valid."""
    signed = f"{call}.{timestamp}.".encode() + body
    marks = (base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode() for secret in secrets)
    return {
        "webhook-id": call,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{mark}" for mark in marks),
    }
