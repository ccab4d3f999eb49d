"""A clean copy of an upload: same work, without names, places, times, scripts or attachments. Not here: storing it (apps.portfolio)."""

from __future__ import annotations

from typing import BinaryIO

from cairn.pure.files import films, gifs, matroska, office, pdfs, pictures, sounds, texts
from cairn.pure.files.kinds import DOCX, GIF, M4A, MOV, MP3, MP4, PDF, PPTX, WAV, WEBM, XLSX, Kind, Scrubbed


def scrub(file: BinaryIO, kind: Kind, out: BinaryIO) -> Scrubbed:
    """Write to `out` a copy of `file` that says nothing about who made it, where or when, and that nothing runs in.

    Both are seekable; `out` is empty, readable and writable. The same bytes in give the same bytes out. Raises Invalid for anything
    that cannot be read to its end.
    """
    file.seek(0)
    if kind == PDF:
        return pdfs.scrub(file, out)
    if kind in (DOCX, XLSX, PPTX):
        return office.scrub(file, kind, out)
    if kind in (MP4, MOV, M4A):
        return films.scrub(file, out)
    if kind == WEBM:
        return matroska.scrub(file, out)
    if kind == MP3:
        return sounds.scrub_mp3(file, out)
    if kind == WAV:
        return sounds.scrub_wav(file, out)
    if kind == GIF:
        return gifs.scrub(file, out)
    if kind.family == "picture":
        return pictures.scrub(file, kind, out)
    return texts.scrub(file, kind, out)
