"""Credentials inside PNG pictures."""

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from cairn.kernel.errors import Invalid
from cairn.pure.badges import bake, read, unbake
from cairn.pure.badges.baking import MAX_PNG, SIGNATURE
from tests.badges_world import needs_vectors, vector_bytes

TEXT = '{"name":"Ünïcode 😀"}'


def picture(**options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "green").save(out, "PNG", **options)
    return out.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_chunk(kind: bytes, body: bytes) -> bytes:
    png = picture()
    return png[:33] + chunk(kind, body) + png[33:]


def test_what_is_baked_in_comes_out_again() -> None:
    assert unbake(bake(picture(), TEXT)) == TEXT
    assert read(bake(picture(), TEXT)) == TEXT


def test_the_picture_stays_the_same_picture() -> None:
    with Image.open(io.BytesIO(bake(picture(), TEXT))) as baked, Image.open(io.BytesIO(picture())) as plain:
        assert baked.tobytes() == plain.tobytes()
        assert isinstance(baked, PngImagePlugin.PngImageFile)
        assert baked.text == {"openbadgecredential": TEXT}


def test_baking_again_replaces_the_credential() -> None:
    assert unbake(bake(bake(picture(), "old"), TEXT)) == TEXT


@needs_vectors
def test_a_badge_baked_by_1edtech_is_read() -> None:
    file = vector_bytes("1edtech-validator/inspector-vc/src/test/resources/ob30/simple-json.png")
    assert '"AchievementCredential"' in read(file) or '"OpenBadgeCredential"' in read(file)


BAKED = chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0{}")
WRONG = {
    "no picture": (b"hello", "not a PNG"),
    "an empty file": (b"", "not a PNG"),
    "only the signature": (SIGNATURE, "damaged"),
    "cut short": (picture()[:-3], "damaged"),
    "cut in the middle": (picture()[:40], "damaged"),
    "something behind it": (picture() + b"x", "damaged"),
    "a wrong checksum": (picture()[:-1] + b"\x00", "damaged"),
    "an endless chunk": (SIGNATURE + struct.pack(">I4s", 2**31 - 1, b"IHDR") + b"x", "damaged"),
    "no header first": (SIGNATURE + chunk(b"IEND", b""), "damaged"),
    "two headers": (SIGNATURE + chunk(b"IHDR", b"") * 2 + chunk(b"IEND", b""), "damaged"),
    "too many chunks": (SIGNATURE + chunk(b"IHDR", b"") + chunk(b"tEXt", b"") * 10_001 + chunk(b"IEND", b""), "damaged"),
    "too large": (SIGNATURE + bytes(MAX_PNG), "larger than"),
    "no credential": (picture(), "no Open Badge"),
    "another keyword": (with_chunk(b"iTXt", b"openbadges\0\0\0\0\0{}"), "no Open Badge"),
    "plain text": (with_chunk(b"tEXt", b"openbadgecredential\0{}"), "no Open Badge"),
    "compressed": (with_chunk(b"iTXt", b"openbadgecredential\0\1\0\0\0" + zlib.compress(b"{}")), "compressed or damaged"),
    "not even finished": (with_chunk(b"iTXt", b"openbadgecredential\0\0\0"), "compressed or damaged"),
    "only the keyword": (with_chunk(b"iTXt", b"openbadgecredential"), "compressed or damaged"),
    "not UTF-8": (with_chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0\xff"), "not UTF-8"),
    "two credentials": (SIGNATURE + chunk(b"IHDR", b"") + BAKED * 2 + chunk(b"IEND", b""), "more than one"),
}


@pytest.mark.parametrize(("file", "words"), WRONG.values(), ids=WRONG.keys())
def test_a_picture_that_is_no_badge_is_refused_in_words(file: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words) as refusal:
        unbake(file)
    assert refusal.value.remedy


def test_a_language_and_a_translated_keyword_are_allowed() -> None:
    assert unbake(with_chunk(b"iTXt", b"openbadgecredential\0\0\0en\0badge\0" + TEXT.encode())) == TEXT


def test_a_damaged_picture_is_not_baked() -> None:
    with pytest.raises(Invalid, match="damaged"):
        bake(picture()[:-3], TEXT)
