"""Pictures that are something else as well, or far larger than their file."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests import files_world
from tests.hostile.packages import zipped
from tests.hostile.pages import html, script


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _png(width: int, height: int, pixels: bytes, *, before: bytes = b"", level: int = 9) -> bytes:
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + before + _chunk(b"IDAT", zlib.compress(pixels, level)) + _chunk(b"IEND", b"")


def png_with_html(to: str) -> bytes:
    info, out = PngInfo(), io.BytesIO()
    info.add_text("Title", html(to).decode())
    info.add_itxt("XML:com.adobe.xmp", html(to).decode())
    Image.new("RGB", (64, 48), "teal").save(out, "PNG", pnginfo=info)
    return out.getvalue() + html(to)


def png_of_script(to: str) -> bytes:
    row = f"<script src={to}></script>".encode().ljust(64, b" ")
    return _png(64, 48, (b"\0" + row) * 48, level=0)


def png_flood(to: str) -> bytes:
    return _png(50_000, 50_000, bytes(2_000_000))


def png_with_huge_text(to: str) -> bytes:
    packed = zlib.compressobj(9)
    text = b"".join(packed.compress(b"a" * 1_000_000) for _ in range(200)) + packed.flush()
    return _png(64, 48, (b"\0" + bytes(64)) * 48, before=_chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + text))


def png_of_many_frames(to: str) -> bytes:
    control = _chunk(b"acTL", struct.pack(">II", 10_000, 0))
    pixels = zlib.compress((b"\0" + bytes(64)) * 48)
    frames, number = [], 0
    for frame in range(10_000):
        frames.append(_chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, 64, 48, 0, 0, 1, 10, 0, 0)))
        frames.append(_chunk(b"IDAT", pixels) if frame == 0 else _chunk(b"fdAT", struct.pack(">I", number + 1) + pixels))
        number += 1 if frame == 0 else 2
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 48, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + control + b"".join(frames) + _chunk(b"IEND", b"")


def jpeg(to: str, height: int = 48) -> bytes:
    return files_world.make_photo((64, height))


def jpeg_with_script(to: str) -> bytes:
    return files_world.make_photo((64, 48), author=html(to).decode())


def jpeg_of_scans(to: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4000, 4000), "teal").save(out, "JPEG", progressive=True)
    data = out.getvalue()
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * 10_000 + data[-2:] if len(data) - last < 3000 else data[:last] + data[last:-2] * 1000 + data[-2:]


def gif_of_script(to: str) -> bytes:
    return b"GIF89a=1;" + script(to)


def gifar(to: str) -> bytes:
    return files_world.make_picture("GIF") + zipped(("META-INF/MANIFEST.MF", b"Main-Class: Taken\n"), ("Taken.class", b"\xca\xfe\xba\xbe"))


def gif_of_many_frames(to: str) -> bytes:
    picture = files_world.make_picture("GIF", (8, 8))
    frame = picture[picture.index(b",\0\0\0\0") : -1]
    return picture[:-1] + frame * 100_000 + b";"


def webp_with_html(to: str) -> bytes:
    return files_world.make_picture("WEBP", author=html(to).decode()) + html(to)
