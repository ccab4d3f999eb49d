"""The scheme by which Stripe signs what it sends (https://docs.stripe.com/webhooks#verify-manually). Not here: what a notice means."""

from __future__ import annotations

import hashlib
import hmac

TOLERANCE = 300  # seconds between the time that a notice names and now, either way


def signature(payload: bytes, *, secret: str, at: int) -> str:
    """Hex HMAC-SHA256 of "<seconds since 1970>.<payload>"."""
    return hmac.new(secret.encode(), f"{at}.".encode() + payload, hashlib.sha256).hexdigest()


def is_signed(payload: bytes, header: str, *, secret: str, now: int) -> bool:
    """Whether any of the header's v1 signatures is ours, and its time within the tolerance: "t=1700000000,v1=5257...,v1=9a1b...".

    Several stand there while a secret is being replaced. Schemes other than v1 are passed over.
    """
    parts = [part.partition("=") for part in header.split(",")]
    times = [value for name, _, value in parts if name.strip() == "t"]
    if len(times) != 1 or not (times[0].isascii() and times[0].isdigit() and len(times[0]) < 12) or not secret:
        return False
    at = int(times[0])
    given = [value.strip() for name, _, value in parts if name.strip() == "v1"]
    ours = signature(payload, secret=secret, at=at).encode()
    matches = [hmac.compare_digest(ours, value.encode()) for value in given]  # all of them, so that the time taken tells nothing
    return abs(now - at) <= TOLERANCE and any(matches)
