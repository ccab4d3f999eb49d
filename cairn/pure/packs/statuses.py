"""How far a micro-credential is, out of a sentence of a status page: "3 pilot spots open; pilot to begin in mid February".

Nothing is guessed: a sentence without a known word has no stage, and stays as it was written. Not here: the file (pure.files), the board.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBERS = {
    "no": 0,
    "zero": 0,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
}
_NUMBER = rf"\d{{1,3}}(?:,\d{{3}}){{1,2}}|\d{{1,5}}|{'|'.join(_NUMBERS)}"
_PLACES = r"(?:pilot )?(?:spots?|seats?|places?|openings?)"
_COUNTED = re.compile(
    rf"(?<![\d,])\b({_NUMBER}) (?:more |open )?{_PLACES}(?: (?:is|are|still))*(?: (?:open|left|available|remaining|free))?\b"
)
_OF = re.compile(rf"\b({_NUMBER}) (?:out )?of (?:the |our )?({_NUMBER}) {_PLACES}(?: (?:is|are|still))*(?: (taken|filled))?\b")
_TAKEN = re.compile(rf"\b(?:{_NUMBER}) {_PLACES}(?: (?:is|are|still))* (?:taken|filled)\b")
_OPEN = re.compile(rf"\b{_PLACES}(?: (?:is|are|still))* (?:open|available|left|free)\b|\bopen {_PLACES}\b")
_FULL = re.compile(r"\b(?:full|filled|wait ?list(?:ed)?(?: (?:only|open|available))?|closed)\b")
_BEGINS = re.compile(
    r"\b(?:pilot )?(?:to |will |is to )?(?:begin|begins|beginning|start|starts|starting|launching|opens)(?: in| on| by)?:? "
    r"([^;,()]{2,80}(?:, \d{4}\b)?)"
)
_STAGES = (
    ("pilot-ready", re.compile(r"\b(?:(?:ready|available) (?:to be piloted|to pilot|for (?:a )?pilot(?:ing)?)|pilot[- ]ready)\b")),
    (
        "in pilot",
        re.compile(r"\b(?:(?:currently |now )?(?:in|being) pilot(?:ed|ing)?|piloting|pilot (?:is )?(?:running|under way|underway))\b"),
    ),
    ("under review", re.compile(r"\b(?:(?:under|in) review|being reviewed|pilot (?:has )?ended)\b")),
    ("published", re.compile(r"\b(?:available|published|launched|live)\b")),
    ("written", re.compile(r"\b(?:written|drafted|draft)\b")),
    ("planned", re.compile(r"\b(?:planned|planning|in development|under development|being developed|to be written|coming)\b")),
)
_SPLIT = re.compile(r"\s+[-–—|]\s+|:\s+|\s*\(")
_BULLET = re.compile(r"^[\s•*·▪◦‣\-–—]*(?:(?:o|\d{1,3}[.)])\s+)?")


@dataclass(frozen=True)
class Status:
    """`stage` is empty where no word of it is known. `seats`: "open", "full", or "" where nothing is said; `count` where a number is.
    `begins` is a time in the sentence's own words."""

    stage: str
    seats: str = ""
    count: int | None = None
    begins: str = ""


def read_status(sentence: str) -> Status:
    words = " ".join(re.sub(r"[()\[\]]", " ; ", sentence).split()).lower()
    begins = _begins(sentence)
    rest = words.replace(begins.lower(), "") if begins else words
    rest = _TAKEN.sub("", _OF.sub(_left_of, rest))
    counted, count = _COUNTED.search(rest), None
    if counted:
        count = _number(counted[1])
    if count == 0 or _FULL.search(rest):
        seats, count = "full", None
    else:
        seats = "open" if counted or _OPEN.search(rest) else ""
    bare = _FULL.sub("", _OPEN.sub("", _COUNTED.sub("", rest)))
    stage = next((name for name, pattern in _STAGES if pattern.search(bare)), "")
    return Status(stage or ("pilot-ready" if begins or seats else ""), seats, count, begins)


def read_line(line: str) -> tuple[str, Status, str]:
    """The title, empty where the line names none, what the line says of it, and that in its own words."""
    text = " ".join(_BULLET.sub("", line.strip()).replace("\t", " | ").split())
    parted = [(text[: split.start()].strip(), text[split.end() :].strip()) for split in _SPLIT.finditer(text)]
    # What stands behind the first mark says how far it is: a title may hold such words too, as “Live Coaching” does.
    meant = next((found for _, said in parted if (found := read_status(said)).stage), None)
    for title, said in reversed(parted):
        if meant and read_status(said) == meant and not _is_status(title):
            return title, meant, _unclosed(said)
    status = read_status(text)
    return ("", status, text) if status.stage else (text, status, "")


def _number(told: str) -> int:
    return _NUMBERS[told] if told in _NUMBERS else int(told.replace(",", ""))


def _left_of(found: re.Match[str]) -> str:
    """“2 of 8 seats” are two that are left, unless the two are taken."""
    first, all_of_them = _number(found[1]), _number(found[2])
    return f"{max(all_of_them - first, 0) if found[3] else first} spots"


def _is_status(words: str) -> bool:
    """Whether there is nothing else in the words."""
    return any(pattern.fullmatch(words.lower()) for pattern in (_FULL, _OPEN, _COUNTED, *(pattern for _, pattern in _STAGES)))


def _begins(sentence: str) -> str:
    found = _BEGINS.search(" ".join(sentence.split()).lower())
    if not found:
        return ""
    at = " ".join(sentence.split())
    return at[found.start(1) : found.end(1)].strip().rstrip(".")


def _unclosed(said: str) -> str:
    """Without the bracket whose partner parted it from the title: the first that closes none which is open."""
    open_ones = 0
    for place, sign in enumerate(said):
        open_ones += {"(": 1, ")": -1}.get(sign, 0)
        if open_ones < 0:
            return " ".join((said[:place] + said[place + 1 :]).split())
    return said
