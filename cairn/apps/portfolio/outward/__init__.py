"""Files on their way in and out: uploads as they arrive, their scrubbed copies in the store, signed links to those."""

from cairn.apps.portfolio.commands import Copy
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
from cairn.apps.portfolio.outward.attaching import Attached, Given, attaching
from cairn.apps.portfolio.outward.examining import WAITS, caption, examine, receive, settle
from cairn.apps.portfolio.outward.links import OPEN_WITHIN, STREAM_FOR, Link, open_link, sign_link
from cairn.apps.portfolio.outward.scanning import is_configured as has_scanner
from cairn.apps.portfolio.outward.scanning import version as scanner_version
from cairn.apps.portfolio.outward.stores import store
from cairn.apps.portfolio.outward.storing import (
    KEPT_AFTER,
    erase_removed,
    intact,
    opened,
    page_picture,
    page_words,
    path_of,
    poster,
    remove,
    stream,
)

__all__ = [
    "KEPT_AFTER",
    "LIMITS",
    "MEGABYTE",
    "OPEN_WITHIN",
    "STREAM_FOR",
    "WAITS",
    "Attached",
    "Checksum",
    "Copy",
    "Given",
    "Link",
    "append",
    "attaching",
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
    "remove",
    "scanner_version",
    "settle",
    "sign_link",
    "store",
    "stream",
]
