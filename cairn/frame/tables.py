"""A table that somebody chose, read in a cell, with the hash that says which file it was.

Not here: what may stand in it (pure.files), what becomes of its rows (each app's imports).
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from cairn.frame import cell
from cairn.kernel.errors import Invalid
from cairn.kernel.text import megabytes
from cairn.pure import files
from cairn.pure.files.tables import Column, Formulas, Table

LARGEST = 30_000_000  # bytes
AT_ONCE = 500_000  # bytes that are read while somebody waits for the answer: some ten thousand rows
_PACE, _LONGEST = 150_000, 60  # bytes that are read in a second on a slow day; seconds at most


@dataclass(frozen=True)
class Chosen:
    """A table, the name of its file, and the SHA-256 of the file's bytes. `waits`: id of the import that waits for it, if one does."""

    name: str
    sha256: str
    table: Table
    waits: str = ""


@dataclass(frozen=True)
class Unread:
    """A file that is too long to be read at once, with how to read it."""

    name: str
    sha256: str
    content: bytes
    columns: tuple[Column, ...]
    formulas: Formulas
    work: str

    def read(self, waits: str) -> Chosen:
        return read(BytesIO(self.content), self.columns, name=self.name, formulas=self.formulas, work=self.work, waits=waits)


def choose(
    source: BinaryIO, columns: Sequence[Column], *, name: str, formulas: Formulas = "refuse", work: str = "read_table"
) -> Chosen | Unread:
    """What `read` answers; a long file as it is, to be read later."""
    content = source.read(LARGEST + 1)
    if not AT_ONCE < len(content) <= LARGEST:
        return read(BytesIO(content), columns, name=name, formulas=formulas, work=work)
    return Unread(name[:200], hashlib.sha256(content).hexdigest(), content, tuple(columns), formulas, work)


def read(
    source: BinaryIO, columns: Sequence[Column], *, name: str, formulas: Formulas = "refuse", work: str = "read_table", waits: str = ""
) -> Chosen:
    """Read a CSV, TSV or Excel file, or what `work` reads; raises Invalid, with line and remedy, where it is none or lacks a column."""
    with tempfile.TemporaryFile() as held, tempfile.TemporaryFile() as rows:
        shutil.copyfileobj(source, held)
        size = held.tell()
        if size > LARGEST:
            raise Invalid("file-too-large", f"The file has {megabytes(size)}; at most {megabytes(LARGEST)} can be read.", "Split it.")
        told = cell.run(work, held, rows, seconds=min(_LONGEST, cell.SECONDS + size // _PACE), name=name[:100])
        held.seek(0)
        rows.seek(0)
        table = files.table(rows, columns, formulas=formulas, how=str(told["how"]))
        return Chosen(name[:200], hashlib.file_digest(held, "sha256").hexdigest(), table, waits)
