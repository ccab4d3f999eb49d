"""The kinds of file Cairn takes, and how it says no to others. Not here: telling them apart (recognizing)."""

from __future__ import annotations

from dataclasses import dataclass

from cairn.kernel.errors import Invalid


@dataclass(frozen=True)
class Kind:
    """`label` is what people call it; `family` is document, picture, video, sound or text."""

    name: str
    label: str
    family: str
    media_type: str
    extension: str


_OFFICE = "application/vnd.openxmlformats-officedocument."

PDF = Kind("pdf", "PDF", "document", "application/pdf", "pdf")
DOCX = Kind("docx", "Word document", "document", _OFFICE + "wordprocessingml.document", "docx")
XLSX = Kind("xlsx", "Excel workbook", "document", _OFFICE + "spreadsheetml.sheet", "xlsx")
PPTX = Kind("pptx", "PowerPoint presentation", "document", _OFFICE + "presentationml.presentation", "pptx")
JPEG = Kind("jpeg", "JPEG picture", "picture", "image/jpeg", "jpg")
PNG = Kind("png", "PNG picture", "picture", "image/png", "png")
WEBP = Kind("webp", "WebP picture", "picture", "image/webp", "webp")
GIF = Kind("gif", "GIF picture", "picture", "image/gif", "gif")
MP4 = Kind("mp4", "MP4 video", "video", "video/mp4", "mp4")
MOV = Kind("mov", "QuickTime video", "video", "video/quicktime", "mov")
WEBM = Kind("webm", "WebM video", "video", "video/webm", "webm")
MP3 = Kind("mp3", "MP3 recording", "sound", "audio/mpeg", "mp3")
M4A = Kind("m4a", "M4A recording", "sound", "audio/mp4", "m4a")
WAV = Kind("wav", "WAV recording", "sound", "audio/wav", "wav")
TEXT = Kind("text", "text file", "text", "text/plain", "txt")
CSV = Kind("csv", "CSV table", "text", "text/csv", "csv")

KINDS = {each.name: each for each in (PDF, DOCX, XLSX, PPTX, JPEG, PNG, WEBP, GIF, MP4, MOV, WEBM, MP3, M4A, WAV, TEXT, CSV)}

ACCEPTED = (
    "Cairn takes PDF, Word, Excel and PowerPoint files; JPEG, PNG, WebP and GIF pictures; MP4, MOV and WebM videos; "
    "MP3, M4A and WAV recordings; plain text and CSV."
)


@dataclass(frozen=True)
class Scrubbed:
    """What was written: its kind and its measures, where it has them."""

    kind: Kind
    pages: int | None = None
    seconds: float | None = None
    width: int | None = None
    height: int | None = None

    @property
    def media_type(self) -> str:
        return self.kind.media_type

    @property
    def extension(self) -> str:
        return self.kind.extension


def empty() -> Invalid:
    return Invalid("file-empty", "This file is empty.", "Choose the file again; if it is still empty, save it again first.")


def not_accepted(what: str, remedy: str = ACCEPTED) -> Invalid:
    return Invalid("file-not-accepted", f"{what} cannot be uploaded here.", remedy)


def damaged(kind: Kind) -> Invalid:
    return Invalid(
        "file-damaged", f"This {kind.label} is damaged or incomplete.", "Open it on your own device, save it again and upload the new copy."
    )


def locked(kind: Kind) -> Invalid:
    return Invalid("file-locked", f"This {kind.label} is protected by a password.", "Save a copy without a password and upload that.")


def too_large(kind: Kind, what: str, remedy: str) -> Invalid:
    return Invalid("file-too-large", f"This {kind.label} has {what}.", remedy)
