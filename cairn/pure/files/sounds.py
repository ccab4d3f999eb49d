"""MP3 and WAV: only the sound is copied. Not here: M4A, which is built like a film (boxes)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from cairn.pure.files.kinds import MP3, WAV, Scrubbed, damaged, not_accepted

_CHUNK = 1 << 20
_JUNK_LIMIT = 1 << 16
_BITRATES = {  # kbit/s of layer III by index (ISO/IEC 11172-3, 13818-3)
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}  # MPEG 1, 2 and 2.5
_TAGS = (b"TAG", b"APETAGEX", b"LYRICSBEGIN")
_WAV_KEPT = (b"fmt ", b"fact", b"data")
_WAV_FORMATS = {1, 3, 6, 7, 0xFFFE}  # PCM, float, A-law, mu-law, extensible


@dataclass(frozen=True)
class _Frame:
    length: int
    seconds: float


def is_mp3(file: BinaryIO) -> bool:
    """Do two MPEG layer III frames follow each other where the sound begins?"""
    at = _after_id3(file)
    first = _frame(file, at)
    return first is not None and _frame(file, at + first.length) is not None


def scrub_mp3(file: BinaryIO, out: BinaryIO) -> Scrubbed:
    """Copy the frames and none of the tags; Invalid when there is no sound, or more than a few bytes between that are none."""
    end = file.seek(0, 2)
    at, seconds, frames = _after_id3(file), 0.0, 0
    while at < end:
        frame = _frame(file, at)
        if frame is None:
            if _is_tail(file, at, end):
                break
            at = _next_sound(file, at)
            continue
        file.seek(at)
        sound = file.read(frame.length)
        if len(sound) < frame.length:
            break
        out.write(sound)
        at, seconds, frames = at + frame.length, seconds + frame.seconds, frames + 1
    if frames < 2:
        raise damaged(MP3)
    return Scrubbed(MP3, seconds=seconds)


def scrub_wav(file: BinaryIO, out: BinaryIO) -> Scrubbed:
    """Copy format and samples; Invalid when they are incomplete."""
    end = file.seek(0, 2)
    file.seek(12)
    out.write(b"RIFF\0\0\0\0WAVE")
    rate, seconds = 0, 0.0
    while (head := file.read(8)) and len(head) == 8:
        name, size = head[:4], int.from_bytes(head[4:], "little")
        start = file.tell()
        if start + size > end:
            raise damaged(WAV)
        if name == b"fmt ":
            rate = _byte_rate(file.read(size))
            file.seek(start)
        if name == b"data" and rate:
            seconds += size / rate
        if name in _WAV_KEPT and (name == b"data" or size <= 64):
            out.write(head)
            _copy(file, out, size)
            out.write(bytes(size % 2))
        file.seek(start + size + size % 2)
    if not seconds:
        raise damaged(WAV)
    length = out.tell()
    out.seek(4)
    out.write((length - 8).to_bytes(4, "little"))
    out.seek(length)
    return Scrubbed(WAV, seconds=seconds)


def _byte_rate(form: bytes) -> int:
    if len(form) < 16:
        raise damaged(WAV)
    if int.from_bytes(form[:2], "little") not in _WAV_FORMATS:
        raise not_accepted("A compressed WAV recording", "Save it as MP3 or as plain (PCM) WAV.")
    return int.from_bytes(form[8:12], "little")


def _copy(file: BinaryIO, out: BinaryIO, left: int) -> None:
    while left:
        chunk = file.read(min(left, _CHUNK))
        out.write(chunk)
        left -= len(chunk)


def _after_id3(file: BinaryIO, start: int = 0) -> int:
    """Where the sound begins: behind any ID3v2 tags (size in four 7-bit bytes, flag 0x10 for a footer) and zero padding."""
    at = start
    while True:
        file.seek(at)
        head = file.read(10)
        if len(head) < 10 or head[:3] != b"ID3" or any(byte & 0x80 for byte in head[6:]):
            break
        size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
        at += 10 + size + (10 if head[5] & 0x10 else 0)
    if at > start:
        file.seek(at)
        padding = file.read(_JUNK_LIMIT)
        at += len(padding) - len(padding.lstrip(b"\0"))
    return at


def _frame(file: BinaryIO, at: int) -> _Frame | None:
    """The layer III frame that begins at `at`, if one does."""
    file.seek(at)
    head = file.read(4)
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return None
    version, bitrate, rate, padding = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version == 1 or not 0 < bitrate < 15 or rate == 3:
        return None
    per_second = _RATES[version][rate]
    samples = 1152 if version == 3 else 576
    kbits = _BITRATES[1 if version == 3 else 2][bitrate]
    return _Frame(samples // 8 * kbits * 1000 // per_second + padding, samples / per_second)


def _next_sound(file: BinaryIO, at: int) -> int:
    """Where sound goes on behind a tag or a damaged frame, as players find it: at the next two frames that follow each other."""
    behind = _after_id3(file, at)
    if behind > at:
        return behind
    file.seek(at)
    junk = file.read(_JUNK_LIMIT)
    place = junk.find(b"\xff")
    while place >= 0:
        frame = _frame(file, at + place)
        if frame and _frame(file, at + place + frame.length):
            return at + place
        place = junk.find(b"\xff", place + 1)
    raise damaged(MP3)


def _is_tail(file: BinaryIO, at: int, end: int) -> bool:
    """Is the rest of the file tags, padding or the beginning of a frame that was cut?"""
    file.seek(at)
    start = file.read(min(end - at, _JUNK_LIMIT))
    return start.lstrip(b"\0").startswith(_TAGS) or not start.strip(b"\0") or len(start) < 4
