"""A clean MP4, QuickTime or M4A file: whatever a player does not need becomes empty space of the same size, so that offsets stay true.

Not here: what an encoder wrote inside the compressed frames.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import BinaryIO

from cairn.pure.files.boxes import Box, Film, children_of, fields, inside, peek, survey
from cairn.pure.files.kinds import MP4, Scrubbed, damaged, not_accepted

_KEEP: dict[bytes, set[bytes]] = {
    b"moov": {b"mvhd", b"trak"},
    b"trak": {b"tkhd", b"edts", b"mdia", b"tapt"},
    b"edts": {b"elst"},
    b"mdia": {b"mdhd", b"hdlr", b"minf", b"elng"},
    b"minf": {b"vmhd", b"smhd", b"nmhd", b"sthd", b"gmhd", b"hdlr", b"dinf", b"stbl"},
    b"dinf": {b"dref"},
    b"stbl": {
        b"stsd", b"stts", b"ctts", b"cslg", b"stsc", b"stsz", b"stz2", b"stco", b"co64", b"stss", b"stps", b"stsh", b"sdtp", b"sbgp",
        b"sgpd", b"subs", b"saiz", b"saio", b"padb", b"stdp",
    },
}  # fmt: skip
_CHUNK = 1 << 20


def scrub(file: BinaryIO, out: BinaryIO) -> Scrubbed:
    """Copy box by box; raises Invalid for whatever boxes.survey refuses."""
    film = survey(file)
    _clean(film, film.root)
    for track in film.tracks:
        if track.handler == b"vide":
            _clean_pictures(film.moov, track.descriptions)
        if not track.is_kept:
            _blank(film.moov, track.box)
    for box in film.top:
        head = peek(file, box.start, box.header)
        if box.name == b"moov":
            out.write(film.moov)
        elif box.name == b"mdat":
            out.write(head)
            _copy_media(file, out, film, box)
        elif box.name == b"ftyp":
            _copy(file, out, box.start, box.end)
        else:
            out.write(head[:4] + b"free" + head[8:])
            _zeros(out, box.size - box.header)
    shown = next((track for track in film.tracks if track.handler == b"vide"), None)
    return Scrubbed(film.kind, seconds=film.seconds, width=shown.width if shown else None, height=shown.height if shown else None)


def _clean(film: Film, box: Box) -> None:
    moov = film.moov
    for child in children_of(moov, box):
        if child.name not in _KEEP[box.name]:
            _blank(moov, child)
        elif child.name in _KEEP:
            _clean(film, child)
        elif child.name in (b"mvhd", b"tkhd", b"mdhd"):  # when it was made and last changed
            _wipe(moov, child, 4, 20 if fields(moov, child, 0, "B")[0] else 12)
        elif child.name == b"hdlr":  # the name of the device or program
            _wipe(moov, child, 24)
        elif child.name == b"dref":
            _clean_references(moov, child)


def _clean_references(moov: bytearray, dref: Box) -> None:
    """Media must lie in this file (flag 1); paths and addresses beside the flag are wiped."""
    for entry in inside(moov, dref.body + 8, dref.end):
        if not fields(moov, entry, 0, ">I")[0] & 1:
            raise not_accepted("A video that points to other files", "Open it in a video program and export it as a plain MP4.")
        _wipe(moov, entry, 4)


def _clean_pictures(moov: bytearray, descriptions: Box) -> None:
    """The encoder's name in each picture description, and private boxes behind the 78 bytes that all descriptions share."""
    for entry in inside(moov, descriptions.body + 8, descriptions.end):
        _wipe(moov, entry, 42, 74)
        for child in inside(moov, entry.body + 78, entry.end):
            if child.name in (b"uuid", b"udta", b"meta", b"free", b"skip"):
                _blank(moov, child)


def _blank(moov: bytearray, box: Box) -> None:
    moov[box.start + 4 : box.start + 8] = b"free"
    _wipe(moov, box, 0)


def _wipe(moov: bytearray, box: Box, start: int, end: int | None = None) -> None:
    """Zero the body of a box from `start` to `end`, which must lie in it."""
    first, last = box.body + start, box.end if end is None else box.body + end
    if last > box.end:
        raise damaged(MP4)
    moov[first:last] = bytes(max(0, last - first))


def _copy_media(file: BinaryIO, out: BinaryIO, film: Film, box: Box) -> None:
    """Copy the data of kept tracks; zero what comes before the first chunk, and each chunk of a dropped track up to the next chunk."""
    starts = sorted((chunk, track.is_kept) for track in film.tracks for chunk in track.chunks)
    here = starts[bisect_left(starts, (box.body, False)) : bisect_left(starts, (box.end, False))]
    edges = [(box.body, False), *here, (box.end, False)]
    for (start, is_kept), (end, _) in pairwise(edges):
        if is_kept:
            _copy(file, out, start, end)
        else:
            _zeros(out, end - start)


def _copy(file: BinaryIO, out: BinaryIO, at: int, end: int) -> None:
    file.seek(at)
    while at < end:
        chunk = file.read(min(end - at, _CHUNK))
        if not chunk:
            raise damaged(MP4)
        out.write(chunk)
        at += len(chunk)


def _zeros(out: BinaryIO, length: int) -> None:
    while length > 0:
        length -= out.write(bytes(min(length, _CHUNK)))
