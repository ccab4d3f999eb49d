"""The segments of a JPEG stream, for pictures that stay as they are inside a PDF. Not here: pictures on their own (pictures)."""

from __future__ import annotations

_STANDALONE = {0x01, *range(0xD0, 0xD9)}
_ADOBE, _COMMENT, _SCAN, _END = 0xEE, 0xFE, 0xDA, 0xD9


def without_metadata(data: bytes) -> bytes:
    """The stream without comments and application data (EXIF, XMP, profiles); Adobe's color marker stays, what follows the end goes.

    Raises ValueError when it is not a complete JPEG stream (ITU-T T.81, annex B).
    """
    if data[:2] != b"\xff\xd8":
        raise ValueError("no start of image")
    kept, at = [data[:2]], 2
    while True:
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        if len(data) < at + 2 or data[at] != 0xFF:
            raise ValueError("no marker where one must be")
        marker = data[at + 1]
        if marker == _END:
            return b"".join([*kept, b"\xff\xd9"])
        end = at + 2 if marker in _STANDALONE else at + 2 + int.from_bytes(data[at + 2 : at + 4])
        if end > len(data) or (marker not in _STANDALONE and end < at + 4):
            raise ValueError("a segment runs past the end")
        if marker == _SCAN:
            end = _scan_end(data, end)
        if marker != _COMMENT and not (0xE0 <= marker <= 0xEF and (marker != _ADOBE or end - at > 16)):
            kept.append(data[at:end])
        at = end


def _scan_end(data: bytes, at: int) -> int:
    """Where the next marker begins that is neither a stuffed byte nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise ValueError("the picture has no end")
        if data[at + 1] == 0 or 0xD0 <= data[at + 1] <= 0xD7:
            at += 2
        elif data[at + 1] == 0xFF:
            at += 1
        else:
            return at
