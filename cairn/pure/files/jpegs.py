"""JPEG streams by their segments and JPEG 2000 files by their boxes, for pictures that stay as they are inside a PDF.

Not here: pictures on their own (pictures).
"""

from __future__ import annotations

_STANDALONE = {0x01, *range(0xD0, 0xD9)}
_KEPT_BOXES = {b"jP  ", b"ftyp", b"jp2h", b"jp2c"}  # XML, UUID and property boxes are not needed to draw it
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


def without_metadata_2000(data: bytes) -> bytes:
    """A JPEG 2000 file (ITU-T T.800, annex I) of the boxes that draw it; a bare codestream stays as it is. ValueError where it is torn."""
    if data.startswith(b"\xff\x4f"):
        return data
    kept, at = [], 0
    while at < len(data):
        size, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16])
        elif size == 0:
            size = len(data) - at
        if size < 8 or at + size > len(data):
            raise ValueError("a box runs past the end")
        if name in _KEPT_BOXES:
            kept.append(data[at : at + size])
        at += size
    return b"".join(kept)
