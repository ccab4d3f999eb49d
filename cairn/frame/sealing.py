"""What is kept or handed out sealed with the site's own secret, one key for each purpose.

Not here: what is sealed, for how long it opens, and where it is kept.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import cache

from cryptography.fernet import Fernet
from django.conf import settings


@cache
def sealer(purpose: str) -> Fernet:
    """What one purpose sealed, no other opens. The purpose goes into the key: another name opens nothing of before."""
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"cairn {purpose}\n{settings.SECRET_KEY}".encode()).digest()))


def mark(purpose: str, text: str) -> str:
    """The same for the same text, so that equals are found unopened; whoever has no secret of the site learns nothing from it."""
    return hmac.new(f"cairn {purpose}\n{settings.SECRET_KEY}".encode(), text.encode(), hashlib.sha256).hexdigest()
