"""The virus scanner: ClamAV's daemon, asked over a socket (clamd(8), INSTREAM). Not here: what follows from its answer (examining)."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings

from cairn.kernel.errors import NotYet

CHUNK = 256 * 1024
CONNECTS_WITHIN, ANSWERS_WITHIN = 5, 180  # seconds
_TOO_LARGE = ("size limit exceeded", "Heuristics.Limits.Exceeded")


@dataclass(frozen=True)
class Verdict:
    """`found` names what is harmful, empty where nothing was; `scanner` is the scanner with the date of its signatures."""

    scanner: str
    found: str


def is_configured() -> bool:
    return bool(settings.CLAMD)


def version() -> str:
    """The scanner that answers, in its own words; NotYet where none does."""
    with _connected() as line:
        line.sendall(b"zVERSION\0")
        return _answer(line)


def scan(file: BinaryIO) -> Verdict:
    """NotYet where the scanner does not answer or does not look at all of the file: nothing is clean by default."""
    scanner = version()
    with _connected() as line:
        line.sendall(b"zINSTREAM\0")
        file.seek(0)
        try:
            while piece := file.read(CHUNK):
                line.sendall(struct.pack(">I", len(piece)) + piece)
            line.sendall(struct.pack(">I", 0))
        except (BrokenPipeError, ConnectionResetError):
            pass  # it says why
        answer = _answer(line).removeprefix("stream: ")
    if any(words in answer for words in _TOO_LARGE):
        sentence = "The virus scanner does not take files of this size."
        raise NotYet("scanner-limit", sentence, "Whoever runs this site can raise its limits: docs/howto/files.md.")
    if answer == "OK":
        return Verdict(scanner, "")
    if not answer.endswith(" FOUND"):
        raise _away(answer or "no answer")
    return Verdict(scanner, answer.removesuffix(" FOUND").removesuffix(".UNOFFICIAL"))


@contextmanager
def _connected() -> Iterator[socket.socket]:
    host, _, port = settings.CLAMD.rpartition(":")
    family, address = (socket.AF_INET, (host, int(port))) if host else (socket.AF_UNIX, settings.CLAMD)
    try:
        with socket.socket(family) as line:
            line.settimeout(CONNECTS_WITHIN)
            line.connect(address)
            line.settimeout(ANSWERS_WITHIN)
            yield line
    except OSError as error:
        raise _away(str(error)) from error


def _answer(line: socket.socket) -> str:
    told = b""
    while not told.endswith(b"\0") and (more := line.recv(4096)):
        told += more
    return told.rstrip(b"\0").decode(errors="replace").strip()


def _away(why: str) -> NotYet:
    return NotYet("scanner-away", "The virus scanner does not answer just now.", f"Files wait for it and go on by themselves ({why}).")
