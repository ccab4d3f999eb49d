"""The JSON-LD contexts that Cairn trusts: each pinned by its hash, none ever fetched.

Not here: reading them from disk (the caller does), writing them there (assets/contexts.mjs).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from threading import Lock

import rfc8785

from cairn.kernel.errors import Invalid
from cairn.pure.badges.errors import CannotTell

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES_3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"

# SHA-256 of the canonical JSON (RFC 8785) of each context. Two of them are published as immutable; 1EdTech has changed its
# 3.0.3 in place (openbadges-specification issue 639), which is why a context is what its hash says and not what its URL says.
PINNED: Mapping[str, str] = {
    CREDENTIALS_V2: "b463c8d6a066214123ddd9827b135e1b50e1fc73322cc52a9b12a4f1fc7d86cf",
    "https://w3id.org/security/data-integrity/v2": "7ba3c50acf2689d5e07927267343eb353249c7c22a9f2d00307cc970e855e305",
    "https://purl.imsglobal.org/spec/ob/v3p0/context.json": "2c54acaa1cffda2420be32ab61f0a2082051211131c6337686f36f2537aa859b",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": "8bb2354552b70cbdf2066f6d3e24bc5c2be2619145737580ad2aebdc366e77d5",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": "bdd1d11a55a660322f24660862a1d430ee80cce584465f750909daa43684357c",
    OPEN_BADGES_3: "c5e555a91a5cf48e32ae0a05674c61ddd5c053b680b5643b2f57f9965e386d99",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": "15f4c347c6fe4380d9b6b93795859e33747ef48d5c55b91a71c52fb51c7bcbd7",
}


class Contexts:
    """The contexts at hand, by URL. Safe to share between threads; make one and keep it, since it remembers what it has parsed.

    `documents` are the bytes of each; one that is not in `pinned`, or whose hash differs, raises Invalid.
    """

    def __init__(self, documents: Mapping[str, bytes], pinned: Mapping[str, str] = PINNED) -> None:
        self._texts: dict[str, str] = {}
        for url, content in documents.items():
            self._texts[url] = _pinned_text(url, content, pinned)
        # What the JSON-LD processor has parsed so far. It is not thread-safe itself, hence the lock.
        self.parsed: dict[str, object] = {}
        self.lock = Lock()

    def require(self, url: str) -> None:
        if url not in self._texts:
            remedy = "Ask the issuer to use the standard contexts."
            raise CannotTell("unknown-context", f"The context {url:.200} is not one that Cairn knows.", remedy)

    def load(self, url: str, _options: object = None) -> dict[str, object]:
        """A document loader as PyLD wants it. "static" lets PyLD keep the parsed context instead of parsing it each time."""
        self.require(url)
        return {"contextUrl": None, "documentUrl": url, "document": json.loads(self._texts[url]), "tag": "static"}


def _pinned_text(url: str, content: bytes, pinned: Mapping[str, str]) -> str:
    try:
        text = content.decode()
        found = hashlib.sha256(rfc8785.dumps(json.loads(text))).hexdigest()
    except (ValueError, RecursionError) as error:
        raise Invalid("unreadable-context", f"The context {url} is not JSON.", "Write the contexts again: make assets.") from error
    if pinned.get(url) != found:
        message = f"The context {url} is not the pinned one (SHA-256 {found})."
        raise Invalid("altered-context", message, "Install the pinned packages: make assets.")
    return text
