"""Baked badges: a credential inside a PNG image, as one uncompressed iTXt chunk.

Not here: what the text says. Sources: Open Badges 3.0 section 5.3.1, PNG (Third Edition) sections 5 and 11.3.3.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from cairn.kernel.errors import Invalid

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
MAX_PNG = 8 * 1024 * 1024
MAX_CHUNKS = 10_000
_HEADER = struct.Struct(">I4s")
_REMEDY = "Download the badge again from its page."


def is_png(data: bytes) -> bool:
    return data.startswith(SIGNATURE)


def bake(png: bytes, text: str) -> bytes:
    """`png` with `text` as its credential, in place of one that it held before. Invalid when it is no sound PNG."""
    kept = [(kind, body) for kind, body in _chunks(png) if not _is_credential(kind, body)]
    # Keyword, then: not compressed, method 0, no language, no translated keyword.
    baked = (b"iTXt", KEYWORD + b"\0\0\0\0\0" + text.encode())
    return SIGNATURE + b"".join(_chunk(kind, body) for kind, body in (kept[0], baked, *kept[1:]))


def unbake(png: bytes) -> str:
    """The credential's text. Invalid when there is none, more than one, a compressed one, or the PNG is damaged."""
    found = [body for kind, body in _chunks(png) if _is_credential(kind, body)]
    if not found:
        raise Invalid("no-badge", "The picture holds no Open Badge.", "Upload the badge as it was downloaded, not a screenshot of it.")
    if len(found) > 1:
        raise Invalid("two-badges", "The picture holds more than one Open Badge.", _REMEDY)
    rest = found[0][len(KEYWORD) + 1 :]
    compressed, rest = rest[:1], rest[2:]
    _language, _, rest = rest.partition(b"\0")
    _translated, end, text = rest.partition(b"\0")
    if compressed != b"\0" or not end:
        raise Invalid("bad-badge-chunk", "The badge in the picture is compressed or damaged, which Open Badges does not allow.", _REMEDY)
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise Invalid("bad-badge-chunk", "The badge in the picture is not UTF-8 text.", _REMEDY) from error


def _is_credential(kind: bytes, body: bytes) -> bool:
    return kind == b"iTXt" and body.split(b"\0", 1)[0] == KEYWORD


def _chunk(kind: bytes, body: bytes) -> bytes:
    return _HEADER.pack(len(body), kind) + body + struct.pack(">I", zlib.crc32(kind + body))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each chunk's type and content, from IHDR to IEND, once the whole file is known to be sound."""
    if not is_png(png):
        raise Invalid("not-png", "The file is not a PNG picture.", "Upload a PNG or JSON file.")
    if len(png) > MAX_PNG:
        raise Invalid("png-too-big", f"The picture is larger than {MAX_PNG // 1024 // 1024} MB.", "Upload the badge as it was issued.")
    view, position, chunks = memoryview(png), len(SIGNATURE), list[tuple[bytes, bytes]]()
    while position + _HEADER.size <= len(png) and len(chunks) < MAX_CHUNKS:
        length, kind = _HEADER.unpack_from(png, position)
        body = bytes(view[position + 8 : position + 8 + length])
        crc = bytes(view[position + 8 + length : position + 12 + length])
        if len(crc) < 4 or crc != struct.pack(">I", zlib.crc32(kind + body)) or (kind == b"IHDR") != (not chunks):
            break
        chunks.append((kind, body))
        position += 12 + length
        if kind == b"IEND" and position == len(png):
            return iter(chunks)
    raise Invalid("damaged-png", "The picture is damaged.", _REMEDY)
