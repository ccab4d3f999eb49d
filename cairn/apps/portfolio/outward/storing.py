"""The store of evidence: scrubbed copies under the ids of their artifacts, on disk before a row names them.

Not here: uploads before they are scrubbed (arriving).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedRandom, BufferedReader
from pathlib import Path

from django.conf import settings

from cairn.apps.portfolio.models import Artifact
from cairn.kernel.errors import Conflict


def path_of(artifact_id: str) -> Path:
    return Path(settings.MEDIA_STORE) / artifact_id[:2] / artifact_id


def opened(artifact_id: str) -> BufferedReader:
    """The stored bytes, to be closed by the caller; a Conflict where they are gone."""
    try:
        return path_of(artifact_id).open("rb")
    except FileNotFoundError:
        sentence = "This file is missing from the store. That is our mistake, and not yours."
        raise Conflict("file-lost", sentence, "Tell whoever runs this site; a backup may hold it.") from None


def intact(artifact: Artifact) -> bool:
    """Whether the stored bytes are the ones that were entered."""
    try:
        with opened(artifact.pk) as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == artifact.sha256
    except Conflict:
        return False


@contextmanager
def writing(artifact_id: str) -> Iterator[BufferedRandom]:
    """A new file, which stands whole under its id when the block has ended well, and nowhere when it has not."""
    path = path_of(artifact_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{artifact_id}.{os.getpid()}")
    try:
        with draft.open("w+b") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)
        sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def remove(artifact_id: str) -> None:
    path_of(artifact_id).unlink(missing_ok=True)


def sync_folder(path: Path) -> None:
    """Until this returns, a power cut may take back what was made or renamed in the folder."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
