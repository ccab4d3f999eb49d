"""What Office files carry besides XML: pictures, drawings, sound, film and fonts. Not here: documents within documents (office)."""

from __future__ import annotations

import io
import struct

from cairn.pure.files import films, gifs, pictures, sounds
from cairn.pure.files.boxes import is_film
from cairn.pure.files.kinds import JPEG, PNG, Kind, not_accepted

_PICTURES = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\0", Kind("tiff", "TIFF picture", "picture", "image/tiff", "tif")),
    (b"MM\0*", Kind("tiff", "TIFF picture", "picture", "image/tiff", "tif")),
    (b"BM", Kind("bmp", "bitmap picture", "picture", "image/bmp", "bmp")),
)
_WINDOWS_DRAWING = (b"\xd7\xcd\xc6\x9a", b"\x01\x00\x09\x00")


def cleaned(data: io.BytesIO, media_type: str) -> bytes:
    """The part without metadata; raises Invalid for what cannot be read and for anything else, such as an embedded program."""
    content, out = data.getvalue(), io.BytesIO()
    for magic, kind in _PICTURES:
        if content.startswith(magic):
            return pictures.redraw(data, kind, is_upright=False)[0]
    if content.startswith(b"GIF8"):
        return gifs.without_metadata(content)
    if content[40:44] == b" EMF":
        return _drawing(content)
    if content.startswith(_WINDOWS_DRAWING) or "font" in media_type.lower():
        return content
    if content.startswith(b"RIFF") and content[8:12] == b"WAVE":
        sounds.scrub_wav(data, out)
    elif is_film(content[:8], len(content)):
        films.scrub(data, out)
    elif sounds.is_mp3(data):
        sounds.scrub_mp3(data, out)
    else:
        raise not_accepted("An embedded object")
    return out.getvalue()


def _drawing(content: bytes) -> bytes:
    """An enhanced metafile without its description, where programs write their name and the title ([MS-EMF] 2.3.4.2)."""
    if len(content) < 88:
        raise not_accepted("A damaged drawing")
    length, offset = struct.unpack_from("<II", content, 60)
    end = min(offset + 2 * length, len(content))
    return content[:offset] + bytes(max(0, end - offset)) + content[end:] if length and offset >= 88 else content
