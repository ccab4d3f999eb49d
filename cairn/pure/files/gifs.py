"""The blocks of a GIF, moving or still (GIF89a specification): frames stay, comments and whatever programs added go."""

from __future__ import annotations

import io
from typing import BinaryIO

from PIL import Image

from cairn.pure.files.kinds import GIF, Scrubbed, damaged, too_large

_LIMIT = 50_000_000  # bytes, and pixels of one frame
_EXTENSION, _FRAME, _END = 0x21, 0x2C, 0x3B
_CONTROL, _APPLICATION = 0xF9, 0xFF
_LOOP = b"\x0bNETSCAPE2.0\x03"


def scrub(file: BinaryIO, out: BinaryIO) -> Scrubbed:
    """Copy the frames and how they repeat; raises Invalid unless each block is whole and the first frame can be drawn."""
    if file.seek(0, 2) > _LIMIT:
        raise too_large(GIF, "more than 50 MB", "Save it as an MP4 video.")
    file.seek(0)
    clean = without_metadata(file.read())
    width, height = _size(clean)
    out.write(clean)
    return Scrubbed(GIF, width=width, height=height)


def without_metadata(data: bytes) -> bytes:
    """Raises Invalid when a block is incomplete; what follows the end is left out."""
    at = 13 + _table(data[10:13][0]) if len(data) >= 13 else len(data)
    kept, frames = [data[:at]], 0
    while at < len(data) and data[at] != _END:
        if data[at] == _EXTENSION:
            end = _blocks_end(data, at + 2)
            is_kept = data[at + 1 : at + 2] == bytes((_CONTROL,)) or data[at + 2 : at + 15] == _LOOP
        elif data[at] == _FRAME and at + 10 < len(data):
            end = _blocks_end(data, at + 11 + _table(data[at + 9]))
            is_kept, frames = True, frames + 1
        else:
            raise damaged(GIF)
        if is_kept:
            kept.append(data[at:end])
        at = end
    if at >= len(data) or not frames:
        raise damaged(GIF)
    return b"".join([*kept, bytes((_END,))])


def _table(flags: int) -> int:
    """The length of the color table that these flags announce."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _blocks_end(data: bytes, at: int) -> int:
    """Behind a row of blocks that each begin with their length, up to an empty one."""
    while at < len(data) and data[at]:
        at += 1 + data[at]
    if at >= len(data):
        raise damaged(GIF)
    return at + 1


def _size(data: bytes) -> tuple[int, int]:
    try:
        with Image.open(io.BytesIO(data), formats=["GIF"]) as picture:
            if picture.width * picture.height > _LIMIT:
                raise ValueError("too many pixels")
            picture.load()
            return picture.size
    except Exception as error:  # Pillow's decoders meet hostile bytes with many kinds of exception
        raise damaged(GIF) from error
