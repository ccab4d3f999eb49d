"""Opaque public ids: unguessable, safe in URLs and file names, easy to read aloud. Not here: what they point at."""

from __future__ import annotations

import re
import secrets
from typing import NewType

Id = NewType("Id", str)

# Crockford's base 32 without the letters that look like digits (https://www.crockford.com/base32.html), lower case.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 20
PATTERN = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")


def new_id() -> Id:
    """100 random bits as 20 characters."""
    bits = secrets.randbits(5 * LENGTH)
    return Id("".join(ALPHABET[bits >> 5 * i & 31] for i in range(LENGTH)))


def is_id(text: str) -> bool:
    return PATTERN.fullmatch(text) is not None
