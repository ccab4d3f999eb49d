"""Files that go with something other than evidence, of a capability above: scanned, scrubbed and stored as evidence is.

Not here: what they go with, and who may open them (whoever asks), what a file may be (pure.files).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from cairn.apps.portfolio.commands import Copy
from cairn.apps.portfolio.outward import arriving, examining, scanning, storing
from cairn.kernel.errors import Invalid, NotYet, Refused
from cairn.kernel.ids import Id, new_id

Fits = Callable[[Copy], str]  # empty, or why such a file cannot be taken
_AGAIN = "Send it again in a few minutes, or without the file."


@dataclass(frozen=True)
class Given:
    """A file as it came, in one piece."""

    name: str
    size: int
    file: BinaryIO


@dataclass(frozen=True)
class Attached:
    """A scrubbed copy that lies in the store under `id`. `sha256` is that of the file as it came, by which it is known when it is sent
    twice."""

    id: Id
    name: str
    sha256: str
    copy: Copy


@contextmanager
def attaching(given: Sequence[Given], *, fits: Fits, accepted: str, is_kept: Callable[[str], bool]) -> Iterator[tuple[Attached, ...]]:
    """Around the command that enters the copies. Those that it did not enter (`is_kept`) go with the end of the block; where its process
    is killed, `arriving.clear` asks the same. Invalid, with the file's name, where one cannot be taken; `accepted` says what can."""
    ids = [new_id() for _ in given]
    try:
        yield tuple(_attached(key, each, fits, accepted) for key, each in zip(ids, given, strict=True))
    finally:
        for key in ids:
            if not is_kept(key):
                storing.remove(key)
            arriving.drop(key)


def _attached(key: Id, given: Given, fits: Fits, accepted: str) -> Attached:
    name = "".join(sign for sign in given.name if sign.isprintable() and sign not in '\\/:"').strip()[-100:] or "file"
    try:
        if given.size == 0:
            raise arriving.empty()
        with arriving.taken_in(key, given.file) as source:
            digest = arriving.digest_of(source)
            if scanning.is_configured() and (found := scanning.scan(source).found):
                raise examining.harmful(found)
            return Attached(key, name, digest.partition(":")[2], examining.copied(source, key, fits))
    except Refused as no:
        remedy = accepted if no.code == "file-not-accepted" else _AGAIN if isinstance(no, NotYet) else no.remedy
        words = f"“{name}”: {no.message}"
        raise Invalid(no.code, words, remedy, {"attachments": f"{words} {remedy}"}) from None
