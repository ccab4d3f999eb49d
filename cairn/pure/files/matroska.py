"""WebM: EBML elements (RFC 8794, RFC 9559), read once from start to end; what a player does not need becomes a Void of the same size.

Not here: Matroska files that are not WebM.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from cairn.pure.files.kinds import WEBM, Kind, Scrubbed, damaged, not_accepted

EBML = b"\x1a\x45\xdf\xa3"
_SEGMENT, _CLUSTER, _INFO, _TRACKS = 0x18538067, 0x1F43B675, 0x1549A966, 0x1654AE6B
_TIMESTAMP, _SIMPLE_BLOCK, _BLOCK_GROUP, _BLOCK = 0xE7, 0xA3, 0xA0, 0xA1
_DURATION, _SCALE, _DOC_TYPE, _TRACK_TYPE, _VIDEO = 0x4489, 0x2AD7B1, 0x4282, 0x83, 0xE0

_KEEP, _ZERO = "keep", "zero"
Tree = Mapping[int, "Tree | str"]

_HEADER: Tree = dict.fromkeys((0x4286, 0x42F7, 0x42F2, 0x42F3, _DOC_TYPE, 0x4287, 0x4285), _KEEP)
_SMALL: Mapping[int, Tree] = {
    _INFO: {_SCALE: _KEEP, _DURATION: _KEEP, 0x4D80: _ZERO, 0x5741: _ZERO},
    _TRACKS: {
        0xAE: {
            **dict.fromkeys((0xD7, 0x73C5, _TRACK_TYPE, 0xB9, 0x88, 0x55AA, 0x9C, 0x6DE7, 0x6DF8, 0x23E383), _KEEP),
            **dict.fromkeys((0x55EE, 0x22B59C, 0x22B59D, 0x86, 0x63A2, 0xAA, 0x56AA, 0x56BB), _KEEP),
            _VIDEO: dict.fromkeys(
                (0x9A, 0x9D, 0x53B8, 0x53C0, 0xB0, 0xBA, 0x54AA, 0x54BB, 0x54CC, 0x54DD, 0x54B0, 0x54BA, 0x54B2, 0x55B0), _KEEP
            ),
            0xE1: dict.fromkeys((0xB5, 0x78B5, 0x9F, 0x6264), _KEEP),
        }
    },
    0x114D9B74: {0x4DBB: {0x53AB: _KEEP, 0x53AC: _KEEP}},
    0x1C53BB6B: {0xBB: {0xB3: _KEEP, 0xB7: dict.fromkeys((0xF7, 0xF1, 0xF0, 0xB2, 0x5378), _KEEP)}},
}
_SMALL_LIMIT = 16_000_000
_CHUNK = 1 << 20


@dataclass
class _Element:
    """`size` is None where the file leaves it open, as live recordings do; `head` are the bytes of its header."""

    id: int
    size: int | None
    head: bytes


@dataclass
class _Measures:
    """What is learned on the way: ticks are in units of `scale` nanoseconds."""

    scale: int = 1_000_000
    duration: float = 0
    cluster: int = 0
    last: int = 0
    width: int | None = None
    height: int | None = None
    has_tracks: bool = False

    @property
    def seconds(self) -> float:
        return (self.duration or self.last) * self.scale / 1e9


def recognize(file: BinaryIO) -> Kind:
    """WEBM, or Invalid for other files of this family."""
    file.seek(0)
    header = _element(file)
    if header is None or header.size is None or header.size > 1024:
        raise damaged(WEBM)
    if dict(_values(file.read(header.size))).get(_DOC_TYPE, b"").rstrip(b"\0") != b"webm":
        raise not_accepted("A Matroska video", "Save it as MP4.")
    return WEBM


def scrub(file: BinaryIO, out: BinaryIO) -> Scrubbed:
    """Copy element by element; raises Invalid unless the file ends where its last element does and has a track with content."""
    recognize(file)
    file.seek(0)
    measures, end, is_begun = _Measures(), file.seek(0, 2), False
    file.seek(0)
    while (element := _element(file)) is not None:
        if element.id == _SEGMENT and not is_begun:
            is_begun = True
            if element.size is not None and file.tell() + element.size != end:
                raise damaged(WEBM)
            out.write(element.head)
        elif element.id == _CLUSTER:
            out.write(element.head)
        elif element.size is None or file.tell() + element.size > end or (not is_begun and element.head[:4] != EBML):
            raise damaged(WEBM)
        else:
            _copy(file, out, element, element.size, measures)
    if not measures.has_tracks or measures.seconds <= 0:
        raise damaged(WEBM)
    return Scrubbed(WEBM, seconds=measures.seconds, width=measures.width, height=measures.height)


def _copy(file: BinaryIO, out: BinaryIO, element: _Element, size: int, measures: _Measures) -> None:
    if element.head[:4] == EBML or element.id in _SMALL:
        payload = file.read(size) if size <= _SMALL_LIMIT else b""
        if len(payload) != size:
            raise damaged(WEBM)
        out.write(element.head + _cleaned(payload, _SMALL.get(element.id, _HEADER)))
        _measure(element.id, payload, measures)
    elif element.id in (_TIMESTAMP, _SIMPLE_BLOCK, _BLOCK_GROUP):
        out.write(element.head)
        start = file.read(min(size, _CHUNK))
        out.write(start)
        _time(element.id, start, measures)
        _stream(file, out, size - len(start))
    elif element.id in (0xA7, 0xAB) and size <= 8:  # position and size of a cluster
        out.write(element.head + file.read(size))
    else:
        file.seek(size, 1)
        _void(out, len(element.head) + size)


def _element(file: BinaryIO) -> _Element | None:
    """Read the header of the next element; None at the end of the file."""
    first = file.read(1)
    if not first:
        return None
    id_length = 9 - first[0].bit_length()
    id_bytes = first + file.read(min(id_length, 4) - 1)
    start = file.read(1)
    if id_length > 4 or len(id_bytes) != id_length or not start or not start[0]:
        raise damaged(WEBM)
    length = 9 - start[0].bit_length()
    size_bytes = start + file.read(length - 1)
    if len(size_bytes) != length:
        raise damaged(WEBM)
    size = int.from_bytes(size_bytes) & ((1 << 7 * length) - 1)
    return _Element(int.from_bytes(id_bytes), None if size == (1 << 7 * length) - 1 else size, id_bytes + size_bytes)


def _children(payload: bytes) -> list[tuple[_Element, bytes]]:
    file, found = io.BytesIO(payload), []
    while (element := _element(file)) is not None:
        body = file.read(element.size or 0)
        if element.size is None or len(body) != element.size:
            raise damaged(WEBM)
        found.append((element, body))
    return found


def _values(payload: bytes) -> list[tuple[int, bytes]]:
    return [(element.id, body) for element, body in _children(payload)]


def _cleaned(payload: bytes, tree: Tree) -> bytes:
    out = io.BytesIO()
    for element, body in _children(payload):
        rule = tree.get(element.id)
        if rule == _KEEP:
            out.write(element.head + body)
        elif rule == _ZERO:
            out.write(element.head + bytes(len(body)))
        elif isinstance(rule, dict):
            out.write(element.head + _cleaned(body, rule))
        else:
            _void(out, len(element.head) + len(body))
    return out.getvalue()


def _measure(id: int, payload: bytes, measures: _Measures) -> None:
    values = dict(_values(payload))
    if id == _INFO:
        measures.scale = int.from_bytes(values.get(_SCALE, b"\x0f\x42\x40"))
        duration = values.get(_DURATION, b"")
        if len(duration) in (4, 8):
            (measures.duration,) = struct.unpack(">f" if len(duration) == 4 else ">d", duration)
    if id == _TRACKS:
        for _, body in _values(payload):
            entry = dict(_values(body))
            kind = int.from_bytes(entry.get(_TRACK_TYPE, b""))
            if kind not in (1, 2, 0x11):
                raise not_accepted("A WebM file with a data track", "Save it as MP4.")
            measures.has_tracks = True
            if kind == 1:
                video = dict(_values(entry.get(_VIDEO, b"")))
                measures.width, measures.height = (int.from_bytes(video.get(each, b"")) for each in (0xB0, 0xBA))


def _time(id: int, start: bytes, measures: _Measures) -> None:
    """Keep the latest time stamp: live recordings do not say how long they are. A block begins: track number, 16 bits of time."""
    if id == _TIMESTAMP:
        measures.cluster = int.from_bytes(start)
        return
    if id == _BLOCK_GROUP:
        inner = io.BytesIO(start)
        block = _element(inner)
        if block is None or block.id != _BLOCK:
            return
        start = inner.read(16)
    at = 9 - start[0].bit_length() if start else 0
    if len(start) >= at + 2:
        measures.last = max(measures.last, measures.cluster + int.from_bytes(start[at : at + 2], signed=True))


def _void(out: BinaryIO, total: int) -> None:
    """An EBML Void element of `total` bytes, at least two, header included."""
    if total <= 128:
        out.write(bytes((0xEC, 0x80 | total - 2)) + bytes(total - 2))
        return
    out.write(b"\xec" + (1 << 56 | total - 9).to_bytes(8))
    left = total - 9
    while left:
        left -= out.write(bytes(min(left, _CHUNK)))


def _stream(file: BinaryIO, out: BinaryIO, left: int) -> None:
    while left > 0:
        chunk = file.read(min(left, _CHUNK))
        if not chunk:
            raise damaged(WEBM)
        out.write(chunk)
        left -= len(chunk)
