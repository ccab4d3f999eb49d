"""The zip around a Word, Excel or PowerPoint file: safe to open, and its parts by name. Not here: what the parts mean (office)."""

from __future__ import annotations

import io
import struct
import zipfile
from contextlib import AbstractContextManager
from typing import BinaryIO

_ENTRY_LIMIT = 10_000
_DIRECTORY_LIMIT = 300 * _ENTRY_LIMIT  # bytes: an entry has 46, its name and its extra fields
_END_LIMIT = 56 + 20 + 22 + 0x10000  # bytes from the end in which the end of the list is told
_TOTAL_LIMIT = 500_000_000
PART_LIMIT = 100_000_000
_EPOCH = (1980, 1, 1, 0, 0, 0)


class BadPackage(Exception):
    """Not a whole zip file, or one made to harm."""


class Package:
    """A zip file whose sizes have been checked before anything is unpacked. Part names are without the leading slash."""

    def __init__(self, file: BinaryIO) -> None:
        file.seek(0)
        if file.read(4) != b"PK\x03\x04" or _directory_size(file) > _DIRECTORY_LIMIT:
            raise BadPackage
        try:
            self._zip = zipfile.ZipFile(file)
        except MemoryError:
            raise
        except Exception as error:  # the library meets hostile bytes with many kinds of exception
            raise BadPackage from error
        entries = [entry for entry in self._zip.infolist() if not entry.filename.endswith("/")]
        self._parts = {entry.filename.lower(): entry for entry in entries}
        has_odd_entry = any(_is_odd(entry) for entry in entries)
        is_large = len(entries) > _ENTRY_LIMIT or sum(entry.file_size for entry in entries) > _TOTAL_LIMIT
        if has_odd_entry or is_large or len(self._parts) != len(entries):
            raise BadPackage

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._parts

    def names(self) -> list[str]:
        return [entry.filename for entry in self._parts.values()]

    def name(self, name: str) -> str:
        """The name as the package spells it: part names differ by more than case."""
        return self._parts[name.lower()].filename

    def read(self, name: str) -> io.BytesIO:
        """The whole part, its checksum verified; raises BadPackage."""
        entry = self._parts[name.lower()]
        try:
            with self._zip.open(entry) as source:
                data = source.read(entry.file_size + 1)
        except MemoryError:
            raise
        except Exception as error:  # as above
            raise BadPackage from error
        if len(data) != entry.file_size:
            raise BadPackage
        return io.BytesIO(data)


def _directory_size(file: BinaryIO) -> int:
    """Bytes of the list of entries, which is read whole; how many it says to have binds nobody (APPNOTE.TXT sections 4.3.14 to 4.3.16)."""
    length = file.seek(0, io.SEEK_END)
    file.seek(max(0, length - _END_LIMIT))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    record = tail[at - 76 : at - 20] if at >= 76 and tail.startswith(b"PK\x06\x07", at - 20) else b""
    try:
        if record.startswith(b"PK\x06\x06"):  # where sizes may have more than 32 bits
            return int(struct.unpack_from("<Q", record, 40)[0])
        return int(struct.unpack_from("<I", tail, at + 12)[0]) if at >= 0 else 0
    except struct.error as error:
        raise BadPackage from error


def _is_odd(entry: zipfile.ZipInfo) -> bool:
    is_encrypted = entry.flag_bits & 1
    is_known_method = entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    has_odd_name = not entry.filename or "\\" in entry.filename or entry.filename.startswith("/") or ".." in entry.filename.split("/")
    return bool(is_encrypted) or not is_known_method or has_odd_name or entry.file_size > PART_LIMIT


class PackageWriter(AbstractContextManager["PackageWriter"]):
    """Writes a zip that says nothing about when or on what system it was made; leaving the block completes it."""

    def __init__(self, out: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)

    def add(self, name: str, data: bytes) -> None:
        entry = zipfile.ZipInfo(name, _EPOCH)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.create_system = 0
        self._zip.writestr(entry, data)

    def __exit__(self, *_: object) -> None:
        self._zip.close()
