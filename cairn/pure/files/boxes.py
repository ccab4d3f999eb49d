"""MP4, QuickTime and M4A: reading the boxes within boxes of a film (ISO/IEC 14496-12; QuickTime File Format).

Not here: cleaning them (films).
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from cairn.pure.files.kinds import M4A, MOV, MP4, Kind, damaged, not_accepted

KEPT_TRACKS = {b"vide", b"soun", b"sbtl", b"subt", b"clcp"}  # captions are needed; location and other data tracks are not
_FIRST = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}
_STILLS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}
_PROTECTED = {b"encv", b"enca", b"encs", b"drms", b"drmi"}
_MOOV_LIMIT = 64_000_000
_BOX_LIMIT = 100_000
_CHUNK_LIMIT = 2_000_000


@dataclass(frozen=True)
class Box:
    """`start` is where the box begins, `size` its length with the header of `header` bytes."""

    start: int
    size: int
    header: int
    name: bytes

    @property
    def body(self) -> int:
        return self.start + self.header

    @property
    def end(self) -> int:
        return self.start + self.size


@dataclass(frozen=True)
class Track:
    """One track of a film: its box inside moov, what it holds, where its chunks of data begin in the file, its size as shown."""

    box: Box
    handler: bytes
    descriptions: Box
    chunks: tuple[int, ...]
    width: int
    height: int

    @property
    def is_kept(self) -> bool:
        return self.handler in KEPT_TRACKS


@dataclass(frozen=True)
class Film:
    """`top` are the boxes of the file, `moov` the bytes of the one that describes the rest."""

    kind: Kind
    top: tuple[Box, ...]
    moov: bytearray
    tracks: tuple[Track, ...]
    seconds: float

    @property
    def root(self) -> Box:
        return next(inside(self.moov, 0, len(self.moov)))


def is_film(head: bytes, size: int) -> bool:
    """Does a file of `size` bytes begin with a box? (So may a sentence: "The free book".)"""
    return head[4:8] in _FIRST and int.from_bytes(head[:4]) <= size


def survey(file: BinaryIO) -> Film:
    """Read the structure of a whole file; raises Invalid unless it is complete and has a picture or sound track."""
    top = _top_level(file)
    brand = peek(file, top[0].body, 4) if top[0].name == b"ftyp" else b"qt  "
    if brand in _STILLS:
        raise not_accepted("A HEIC or AVIF picture", "Save it as JPEG. On an iPhone: Settings, Camera, Formats, Most Compatible.")
    kind = MOV if brand == b"qt  " else MP4
    moovs = [box for box in top if box.name == b"moov"]
    if len(moovs) != 1 or moovs[0].size > _MOOV_LIMIT or not any(box.name == b"mdat" for box in top):
        raise damaged(kind)
    moov = bytearray(peek(file, moovs[0].start, moovs[0].size))
    children = list(children_of(moov, next(inside(moov, 0, len(moov)))))
    if any(box.name in (b"mvex", b"cmov") for box in children) or any(box.name == b"moof" for box in top):
        raise not_accepted("A video in fragments", "Open it in a video program and export it as a plain MP4.")
    tracks = tuple(_track(moov, box) for box in children if box.name == b"trak")
    _check_chunks(tracks, top)
    handlers = {track.handler for track in tracks}
    if not handlers & {b"vide", b"soun"}:
        raise damaged(kind)
    return Film(kind if b"vide" in handlers else M4A, top, moov, tracks, _seconds(moov, children))


def peek(file: BinaryIO, at: int, length: int) -> bytes:
    file.seek(at)
    return file.read(length)


def inside(data: bytearray, start: int, end: int) -> Iterator[Box]:
    return _walk(lambda at, length: bytes(data[at : at + length]), start, end)


def children_of(data: bytearray, box: Box) -> Iterator[Box]:
    return inside(data, box.body, box.end)


def fields(data: bytearray, box: Box, at: int, form: str) -> tuple[Any, ...]:
    """Unpack `form` at `at` bytes into the body of the box; Invalid when the box is too short for it."""
    if at < 0 or box.body + at + struct.calcsize(form) > box.end:
        raise damaged(MP4)
    return struct.unpack_from(form, data, box.body + at)


def _walk(read: Callable[[int, int], bytes], at: int, end: int) -> Iterator[Box]:
    """The boxes between two offsets, which they must fill exactly; a few zero bytes may follow, as QuickTime writes them."""
    while end - at >= 8:
        head = read(at, 16)
        size, header = int.from_bytes(head[:4]), 8
        if size == 1:
            size, header = int.from_bytes(head[8:16]), 16
        elif size == 0:
            size = end - at
        if not header <= size <= end - at:
            raise damaged(MP4)
        yield Box(at, size, header, head[4:8])
        at += size
    if any(read(at, end - at)):
        raise damaged(MP4)


def _top_level(file: BinaryIO) -> tuple[Box, ...]:
    top: list[Box] = []
    for box in _walk(lambda at, length: peek(file, at, length), 0, file.seek(0, 2)):
        top.append(box)
        if len(top) > _BOX_LIMIT or (box.name == b"ftyp" and (box.start or box.size > 1024)):
            raise damaged(MP4)
    if not top:
        raise damaged(MP4)
    return tuple(top)


def _find(moov: bytearray, box: Box, *path: bytes) -> Box:
    for name in path:
        found = next((child for child in children_of(moov, box) if child.name == name), None)
        if found is None:
            raise damaged(MP4)
        box = found
    return box


def _track(moov: bytearray, box: Box) -> Track:
    (handler,) = fields(moov, _find(moov, box, b"mdia", b"hdlr"), 8, "4s")
    table = _find(moov, box, b"mdia", b"minf", b"stbl")
    descriptions = _find(moov, table, b"stsd")
    for entry in inside(moov, descriptions.body + 8, descriptions.end):
        if entry.name in _PROTECTED:
            raise not_accepted("A copy-protected file", "Upload a recording of your own.")
    return Track(box, handler, descriptions, _chunks(moov, table), *_frame(moov, _find(moov, box, b"tkhd")))


def _chunks(moov: bytearray, table: Box) -> tuple[int, ...]:
    for box in children_of(moov, table):
        if box.name in (b"stco", b"co64"):
            (count,) = fields(moov, box, 4, ">I")
            if count > _CHUNK_LIMIT:
                raise damaged(MP4)
            return fields(moov, box, 8, f">{count}{'I' if box.name == b'stco' else 'Q'}")
    raise damaged(MP4)


def _frame(moov: bytearray, tkhd: Box) -> tuple[int, int]:
    """Width and height as shown: after the rotation of the track's matrix (a b u, c d v, x y w)."""
    a, b, _, c, d, *_, width, height = fields(moov, tkhd, tkhd.size - tkhd.header - 44, ">11i")
    width, height = abs(width) >> 16, abs(height) >> 16
    return (height, width) if a == d == 0 and b and c else (width, height)


def _seconds(moov: bytearray, children: list[Box]) -> float:
    for box in children:
        if box.name == b"mvhd":
            is_long = bool(fields(moov, box, 0, "B")[0])
            timescale, duration = fields(moov, box, 20 if is_long else 12, ">IQ" if is_long else ">II")
            if timescale and 0 < duration < (2**64 - 1 if is_long else 2**32 - 1):
                return float(duration / timescale)
    raise damaged(MP4)


def _check_chunks(tracks: tuple[Track, ...], top: tuple[Box, ...]) -> None:
    """Every chunk begins inside an mdat box: a file cut short, or one that points elsewhere, has none there."""
    media = [box for box in top if box.name == b"mdat"]
    starts = [box.body for box in media]
    for track in tracks:
        for chunk in track.chunks:
            place = bisect_right(starts, chunk) - 1
            if place < 0 or chunk >= media[place].end:
                raise damaged(MP4)
