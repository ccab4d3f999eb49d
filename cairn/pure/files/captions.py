"""Captions for recordings: WebVTT (https://www.w3.org/TR/webvtt1/) or SubRip in, plain WebVTT out, in which nobody is named by a mark.

Only cues survive, with their times, their place on the picture and a few marks. Notes, styles and regions go; whoever a cue names as its
voice becomes Speaker 1, Speaker 2... Not here: names within what is said, which an educator is warned of (apps.portfolio).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape

from cairn.kernel.errors import Invalid

LIMIT = 1_000_000  # bytes
CUES = 20_000
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")
_TIME = r"(?:(\d{1,4}):)?([0-5]?\d):([0-5]\d)[.,](\d{1,3})"
_TIMING = re.compile(rf"\s*{_TIME}\s+-->\s+{_TIME}((?:\s+\S+)*)\s*")
_SETTING = re.compile(
    r"(?:align:(?:start|center|end|left|right)|vertical:(?:rl|lr)|(?:line|position|size):-?\d{1,3}(?:\.\d+)?%?(?:,[a-z-]{3,12})?)"
)
_MARK = re.compile(r"<(/?)([a-z]*)((?:[.\s][^<>]*)?)>|<[^<>]*>")
_KEPT = {"b", "i", "u", "ruby", "rt"}


@dataclass(frozen=True)
class Captions:
    """`text` is WebVTT; `seconds` is when the last cue begins."""

    text: str
    cues: int
    seconds: float


@dataclass(frozen=True)
class _Cue:
    start: int  # milliseconds
    end: int
    settings: str
    text: str


def read(data: bytes) -> Captions:
    """Raises Invalid, naming the line, for anything that is no file of captions."""
    if len(data) > LIMIT:
        raise _refused("have more than 1 MB", "Export only the captions, without pictures or styles.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused("are not written in UTF-8", "Save them again as WebVTT (.vtt) in UTF-8.") from None
    lines = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    speakers: dict[str, int] = {}
    cues: list[_Cue] = []
    at = 0
    while at < len(lines):
        end = next((i for i in range(at, len(lines)) if not lines[i].strip()), len(lines))
        if cue := _cue(lines[at:end], at + 1, speakers):
            cues.append(cue)
        at = end + 1
    if not cues:
        raise _refused("have no line with times", "Choose a WebVTT (.vtt) or SubRip (.srt) file, as video programs export them.")
    if len(cues) > CUES:
        raise _refused(f"have more than {CUES:,} lines", "Split the recording.")
    cues.sort(key=lambda cue: cue.start)
    blocks = ["WEBVTT", *(_written(number, cue) for number, cue in enumerate(cues, 1))]
    return Captions("\n\n".join(blocks) + "\n", len(cues), cues[-1].start / 1000)


def _refused(what: str, remedy: str) -> Invalid:
    sentence = f"These captions {what}."
    return Invalid("captions-unreadable", sentence, remedy, {"captions": sentence})


def _cue(block: list[str], number: int, speakers: dict[str, int]) -> _Cue | None:
    """The cue that a block of lines holds; None for headers, notes, styles and regions. Its times stand in the first or second line."""
    place = next((i for i, line in enumerate(block[:2]) if "-->" in line), None)
    if place is None or block[0].startswith(("NOTE", "STYLE", "REGION")):
        return None
    found = _TIMING.fullmatch(block[place])
    if not found:
        raise _refused(f"have no readable times in line {number + place}", "Write them as 00:01:02.500 --> 00:01:05.000.")
    start, end = _milliseconds(found.groups()[:4]), _milliseconds(found.groups()[4:8])
    if end <= start:
        raise _refused(f"end before they begin in line {number + place}", "Correct the times there.")
    settings = " ".join(each for each in found[9].split() if _SETTING.fullmatch(each))
    lines = (_clean(line, speakers) for line in block[place + 1 :])
    return _Cue(start, end, settings, "\n".join(line for line in lines if line))


def _milliseconds(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, rest = parts
    return ((int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)) * 1000 + int(str(rest).ljust(3, "0"))


def _clean(line: str, speakers: dict[str, int]) -> str:
    kept, at = [], 0
    for mark in _MARK.finditer(line):
        kept += [_plain(line[at : mark.start()]), _mark(mark, speakers)]
        at = mark.end()
    return "".join([*kept, _plain(line[at:])]).strip()


def _plain(text: str) -> str:
    """What is written as a character's number is that character, unless it would break the line or hide in it."""
    return escape(re.sub(r"\s+", " ", _CONTROLS.sub("", unescape(text))), quote=False)


def _mark(mark: re.Match[str], speakers: dict[str, int]) -> str:
    closes, name = mark[1] or "", mark[2] or ""
    if name in _KEPT:
        return f"<{closes}{name}>"
    if name != "v":
        return ""
    voice = mark[3].partition(" ")[2].strip().casefold()
    return "</v>" if closes else f"<v Speaker {speakers.setdefault(voice, len(speakers) + 1)}>"


def _written(number: int, cue: _Cue) -> str:
    settings = f" {cue.settings}" if cue.settings else ""
    return f"{number}\n{_time(cue.start)} --> {_time(cue.end)}{settings}\n{cue.text}".rstrip("\n")


def _time(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"
