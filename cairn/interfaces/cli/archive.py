"""A backup as one tar file: the kept files, then a manifest of their sizes and SHA-256, whose own SHA-256 is in its name.

So each byte that is restored was hashed when it was kept, and what does not match is refused by name. Not here: what is kept and from
where (backup).
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from cairn.kernel.errors import Invalid

CHUNK = 1 << 20
FORMAT = 1
AGAIN = "Use another backup, or copy this one again from where it came."
Tick = Callable[[int], None]  # told of each number of bytes that was read


@dataclass(frozen=True)
class Kept:
    """What a manifest says: of each file its size and SHA-256, and whatever was told about the whole."""

    files: Mapping[str, tuple[int, str]]
    about: Mapping[str, Any]

    @property
    def size(self) -> int:
        return sum(size for size, _ in self.files.values())


@dataclass
class Writer:
    """Writes an archive to `out`; it is whole once `close` has run."""

    out: BinaryIO
    tick: Tick
    _files: dict[str, tuple[int, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._tar = tarfile.open(fileobj=self.out, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed by `close`

    def add(self, name: str, path: Path) -> None:
        """The file as long as it is now. One that is still arriving may grow or shrink meanwhile: no row in the database knows it yet."""
        with path.open("rb") as file:
            told = tarfile.TarInfo(name)
            told.size, told.mode = os.fstat(file.fileno()).st_size, 0o600
            reading = _Reading(file, told.size, self.tick)
            self._tar.addfile(told, reading)
        self._files[name] = told.size, reading.digest.hexdigest()

    def close(self, about: Mapping[str, Any]) -> Kept:
        text = json.dumps({"format": FORMAT, **about, "files": self._files}, indent=1).encode()
        told = tarfile.TarInfo(f"manifest-{hashlib.sha256(text).hexdigest()}.json")
        told.size, told.mode = len(text), 0o600
        self._tar.addfile(told, io.BytesIO(text))
        self._tar.close()
        return Kept(self._files, about)


class _Reading:
    """Exactly `size` bytes of a file, hashed as they pass."""

    def __init__(self, file: BinaryIO, size: int, tick: Tick) -> None:
        self.file, self.left, self.tick, self.digest = file, size, tick, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        wanted = self.left if size < 0 else min(size, self.left)
        data = self.file.read(wanted).ljust(wanted, b"\0")
        self.left -= len(data)
        self.digest.update(data)
        self.tick(len(data))
        return data


def unpack(archive: Path, folder: Path, tick: Tick) -> Kept:
    """Every file of the archive below `folder`, safely on disk and as the manifest says it was; Invalid where anything differs."""
    found: dict[str, tuple[int, str]] = {}
    kept: Kept | None = None
    try:
        with tarfile.open(archive, "r:") as tar:
            for member in tar:
                if member.name.startswith("manifest-"):
                    kept = _manifest(_content(tar, member).read(), member.name)
                    break
                found[member.name] = _put(_content(tar, member), _below(folder, member.name), tick)
    except (tarfile.TarError, EOFError) as error:
        if not found:
            raise Invalid(
                "not-an-archive", f"{archive} is not a backup of Cairn ({error}).", "Name a file that cairn backup wrote."
            ) from None
    if kept is None:
        where = f"after {list(found)[-1]}" if found else "at its beginning"
        raise Invalid("archive-cut", f"The archive {archive} is damaged or breaks off {where}.", AGAIN)
    for name in kept.files.keys() | found.keys():
        if kept.files.get(name) != found.get(name):
            raise Invalid("archive-damaged", f"{name} in {archive} is not as it was kept.", AGAIN)
    _settle(folder)
    return kept


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> BinaryIO:
    content = tar.extractfile(member) if member.isreg() else None
    if content is None:
        raise Invalid("archive-damaged", f"{member.name} in the archive is not a file.", AGAIN)
    return content  # type: ignore[return-value]


def _below(folder: Path, name: str) -> Path:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise Invalid("archive-damaged", f"{name} in the archive would lie outside the folder.", AGAIN)
    return folder / path


def _put(content: BinaryIO, path: Path, tick: Tick) -> tuple[int, str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        for chunk in _chunks(content):
            out.write(chunk)
            digest.update(chunk)
            size += len(chunk)
            tick(len(chunk))
        out.flush()
        os.fsync(out.fileno())
    return size, digest.hexdigest()


def _chunks(content: BinaryIO) -> Iterator[bytes]:
    while chunk := content.read(CHUNK):
        yield chunk


def _manifest(text: bytes, name: str) -> Kept:
    if name != f"manifest-{hashlib.sha256(text).hexdigest()}.json":
        raise Invalid("archive-damaged", "The manifest of the archive is not as it was kept.", AGAIN)
    told = json.loads(text)
    if told.pop("format") != FORMAT:
        raise Invalid("archive-newer", "This archive was written by another version of Cairn.", "Use that version to restore it.")
    return Kept({name: (size, digest) for name, (size, digest) in told.pop("files").items()}, told)


def _settle(folder: Path) -> None:
    """Every folder's entries on disk."""
    for path, _, _ in os.walk(folder):
        settle(Path(path))


def settle(folder: Path) -> None:
    """A folder's entries on disk: files are, by the time this returns, under the names they were given."""
    entry = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)
