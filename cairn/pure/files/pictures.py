"""Pictures, decoded and drawn anew: only pixels survive. Not here: GIF, which may move (gifs), and pictures inside PDF files (pdfs)."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import BinaryIO

from PIL import Image, ImageCms, ImageOps

from cairn.kernel.errors import Refused
from cairn.pure.files.kinds import JPEG, Kind, Scrubbed, damaged, too_large

_BYTE_LIMIT = 100_000_000
_PIXEL_LIMITS = {"JPEG": 50_000_000}  # telephones take these; a JPEG can be decoded at half its size
_PIXEL_LIMIT = 25_000_000  # of the other formats
_HALVED = 20_000_000  # pixels from which a JPEG is kept at half its width and height
_SCAN_LIMIT = 100
_STILL = 1280
_OPTIONS: Mapping[str, Mapping[str, object]] = {
    "JPEG": {"quality": 90, "optimize": True}, "WEBP": {"quality": 90}, "PNG": {"compress_level": 4},
}  # fmt: skip
_PLAIN = {
    "JPEG": ("L", "RGB"),
    "WEBP": ("RGB", "RGBA"),
    "PNG": ("1", "L", "LA", "RGB", "RGBA", "I;16"),
    "TIFF": ("1", "L", "RGB", "RGBA"),
    "BMP": ("1", "L", "RGB"),
}


def scrub(file: BinaryIO, kind: Kind, out: BinaryIO) -> Scrubbed:
    """Draw the picture anew, upright and in sRGB; raises Invalid for pictures that are damaged, move or have too many pixels."""
    clean, (width, height) = redraw(file, kind, is_upright=True)
    out.write(clean)
    return Scrubbed(kind, width=width, height=height)


def draw_still(file: BinaryIO, out: BinaryIO) -> None:
    """Draw a JPEG anew, at most 1280 pixels wide and high; raises Invalid as `scrub` does."""
    clean, _ = redraw(file, JPEG, is_upright=True)
    with Image.open(io.BytesIO(clean)) as picture:
        picture.thumbnail((_STILL, _STILL))
        picture.convert("RGB").save(out, "JPEG", quality=80)


def redraw(file: BinaryIO, kind: Kind, *, is_upright: bool) -> tuple[bytes, tuple[int, int]]:
    """The bytes of the new picture and its size; `is_upright` applies the camera's orientation before it is lost."""
    form = kind.name.upper()
    try:
        _check_bytes(file, kind)
        with Image.open(file, formats=[form]) as source:
            _check_size(source, kind)
            if source.width * source.height > _HALVED:
                source.draft(None, (source.width // 2, source.height // 2))  # other formats know no such thing
            source.load()
            if is_upright:
                ImageOps.exif_transpose(source, in_place=True)
            picture = _in_srgb(source)
            return _encoded(picture, form), picture.size
    except (Refused, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(kind) from None
    except Exception as error:  # Pillow's decoders meet hostile bytes with many kinds of exception
        raise damaged(kind) from error


def _check_bytes(file: BinaryIO, kind: Kind) -> None:
    """A progressive JPEG can ask for the whole picture to be decoded thousands of times."""
    if file.seek(0, 2) > _BYTE_LIMIT:
        raise too_large(kind, f"more than {_BYTE_LIMIT // 1_000_000} MB", "Save it in a smaller size.")
    file.seek(0)
    if kind == JPEG and file.read().count(b"\xff\xda") > _SCAN_LIMIT:
        raise damaged(kind)
    file.seek(0)


def _check_size(picture: Image.Image, kind: Kind) -> None:
    if picture.width * picture.height > _PIXEL_LIMITS.get(kind.name.upper(), _PIXEL_LIMIT):
        raise _too_many_pixels(kind)
    if kind != JPEG and getattr(picture, "n_frames", 1) > 1:
        raise too_large(kind, "more than one frame", "Save it as an MP4 video, or as a still picture.")


def _too_many_pixels(kind: Kind) -> Refused:
    most = _PIXEL_LIMITS.get(kind.name.upper(), _PIXEL_LIMIT)
    return too_large(kind, f"more than {most // 1_000_000} million pixels", "Save it in a smaller size.")


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Colors as they look with the embedded profile, which is dropped afterwards: it can carry text."""
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "RGBA", "CMYK"):
        try:
            mode = "RGBA" if picture.mode == "RGBA" else "RGB"
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=mode)
        except ImageCms.PyCMSError:
            return picture
        return converted or picture
    return picture


def _encoded(picture: Image.Image, form: str) -> bytes:
    if picture.mode not in _PLAIN[form]:
        picture = picture.convert("RGBA" if picture.has_transparency_data and "RGBA" in _PLAIN[form] else "RGB")
    picture.info.clear()
    out = io.BytesIO()
    picture.save(out, form, **_OPTIONS.get(form, {}))
    return out.getvalue()
