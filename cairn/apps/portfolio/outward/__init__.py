"""Files on their way in and out: uploads as they arrive, their scrubbed copies in the store, signed links to those."""

from cairn.apps.portfolio.outward.arriving import (
    LIMITS,
    MEGABYTE,
    Checksum,
    append,
    begin,
    clear,
    discard,
    expires_at,
    finish,
    keep_poster,
    offset,
)
from cairn.apps.portfolio.outward.examining import WAITS, caption, examine, receive, settle
from cairn.apps.portfolio.outward.links import OPEN_WITHIN, STREAM_FOR, Link, open_link, sign_link
from cairn.apps.portfolio.outward.scanning import is_configured as has_scanner
from cairn.apps.portfolio.outward.scanning import version as scanner_version
from cairn.apps.portfolio.outward.stores import store
from cairn.apps.portfolio.outward.storing import erase_removed, intact, opened, page_picture, page_words, path_of, poster, stream

__all__ = [
    "LIMITS",
    "MEGABYTE",
    "OPEN_WITHIN",
    "STREAM_FOR",
    "WAITS",
    "Checksum",
    "Link",
    "append",
    "begin",
    "caption",
    "clear",
    "discard",
    "erase_removed",
    "examine",
    "expires_at",
    "finish",
    "has_scanner",
    "intact",
    "keep_poster",
    "offset",
    "open_link",
    "opened",
    "page_picture",
    "page_words",
    "path_of",
    "poster",
    "receive",
    "scanner_version",
    "settle",
    "sign_link",
    "store",
    "stream",
]
