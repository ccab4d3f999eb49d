"""Text as people type it, made plain once, at the door; names in addresses; sizes. Not here: Markdown, escaping (templates do that)."""

from __future__ import annotations

import math
import re
import unicodedata

from cairn.kernel.errors import Invalid

SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
SLUG_RULE = "lower-case letters, digits and single hyphens, beginning with a letter"
SLUG_LENGTH = 80
_HOST = r"[^\W_](?:[\w-]{0,61}[^\W_])?"  # one part of a host's name (RFC 1035 section 2.3.1), in letters of any language
_WEB = re.compile(rf"https?://(?:{_HOST}\.)+{_HOST}(?::\d{{1,5}})?(?:[/?#][^\s<>\"]*)?", re.IGNORECASE)
_DIRECTIONS = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"  # they can make a text read other than it is


def clean(text: str, *, limit: int, field: str, name: str = "This text") -> str:
    """Newlines unified, control and invisible direction characters taken out; Invalid when longer than `limit` characters."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(c for c in text if not is_hidden(c))
    if len(text) > limit:
        raise Invalid(
            "text-too-long",
            f"{name} has {len(text):,} characters; at most {limit:,} can be kept.",
            "Shorten it; what you wrote is still in front of you.",
            {field: f"Take out at least {len(text) - limit:,} characters."},
        )
    return text


def is_hidden(character: str) -> bool:
    """A control character, half a character, or a sign that turns the direction of the text around it."""
    return character not in "\n\t" and (unicodedata.category(character) in ("Cc", "Cs") or character in _DIRECTIONS)


def slug(text: str) -> str:
    """A name in addresses, as it is; Invalid where it is none."""
    if len(text) > SLUG_LENGTH or not SLUG.fullmatch(text):
        words = f"A name in addresses has up to {SLUG_LENGTH} {SLUG_RULE}."
        raise Invalid("slug-invalid", words, "Write it like springfield-schools.", {"slug": words})
    return text


def is_web_address(text: str) -> bool:
    """Whether a link may lead there: a page with a host's whole name, no password, and nothing that a browser would carry out."""
    return _WEB.fullmatch(text) is not None


def megabytes(size: float) -> str:
    """A size in bytes as "10.1 MB", rounded up to a tenth, so that what is over a limit never reads like the limit."""
    return f"{math.ceil(size / 100_000) / 10:,g} MB"


def word_count(text: str) -> int:
    """Runs of anything but white space, as the page counts them while one types."""
    return len(text.split())
