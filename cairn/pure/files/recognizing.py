"""What a file is, by its content and never by its name. Not here: reading it to the end (scrubbing does, and refuses what is damaged)."""

from __future__ import annotations

from typing import BinaryIO

from cairn.pure.files import boxes, matroska, office, sounds, texts
from cairn.pure.files.kinds import CSV, GIF, JPEG, MP3, PDF, PNG, TEXT, WAV, WEBP, Kind, empty, not_accepted

_HEAD = 1024

# Text that is not read as text, by its first characters -> what to call the file, and what to do instead.
_REFUSED_TEXT = {
    b"{\\rtf": ("An RTF document", "Save it as a Word document or PDF."),
    b"%!PS": ("A PostScript file", "Save it as a PDF."),
}
# The same for files that are not text: what stands at an offset.
_REFUSED: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"\xd0\xcf\x11\xe0", "An old Office file, or one with a password,", "Save it as .docx, .xlsx, .pptx or PDF, without a password."),
    (0, b"II*\0", "A TIFF picture", "Save it as JPEG or PNG."),
    (0, b"MM\0*", "A TIFF picture", "Save it as JPEG or PNG."),
    (0, b"BM", "A bitmap picture", "Save it as PNG."),
    (8, b"AVI ", "An AVI video", "Save it as MP4."),
    (0, b"\x30\x26\xb2\x75", "A Windows Media file", "Save it as MP4."),
    (0, b"OggS", "An Ogg recording", "Save it as MP3."),
    (0, b"fLaC", "A FLAC recording", "Save it as MP3."),
    (0, b"MZ", "A program", "Upload the work itself, as a document, picture or video."),
    (0, b"\x7fELF", "A program", "Upload the work itself, as a document, picture or video."),
    (0, b"Rar!", "An archive", "Upload the files in it one by one."),
    (0, b"7z\xbc\xaf", "An archive", "Upload the files in it one by one."),
    (0, b"\x1f\x8b", "An archive", "Upload the files in it one by one."),
)  # fmt: skip


def recognize(file: BinaryIO) -> Kind:
    """The kind of a seekable binary file; raises Invalid, naming what is accepted or the remedy, for everything else."""
    file.seek(0)
    head = file.read(_HEAD)
    if not head:
        raise empty()
    kind = by_signature(file, head)
    if kind:
        return kind
    refuse_others(head)
    texts.check(file)
    return CSV if texts.delimiter(file) else TEXT


def refuse_others(head: bytes) -> None:
    """Raise Invalid, with the remedy, where the first bytes are those of a file that is known and not taken."""
    for magic, (what, remedy) in _REFUSED_TEXT.items():
        if head.startswith(magic):
            raise not_accepted(what, remedy)
    for offset, magic, what, remedy in _REFUSED:
        if b"\0" in head and head[offset:].startswith(magic):
            raise not_accepted(what, remedy)


def by_signature(file: BinaryIO, head: bytes) -> Kind | None:
    """The kind that the bytes themselves tell; None for what can only be text, or nothing that is taken."""
    for magic, kind in ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"GIF87a", GIF), (b"GIF89a", GIF)):
        if head.startswith(magic):
            return kind
    if head.startswith(b"RIFF") and head[8:12] in (b"WEBP", b"WAVE"):
        return WEBP if head[8:12] == b"WEBP" else WAV
    if head.startswith(b"PK\x03\x04"):
        return office.recognize(file)
    if boxes.is_film(head, file.seek(0, 2)):
        return boxes.survey(file).kind
    if head.startswith(matroska.EBML):
        return matroska.recognize(file)
    return MP3 if sounds.is_mp3(file) else None
