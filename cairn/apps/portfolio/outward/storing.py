"""Scrubbed copies in the store, under the ids of their artifacts; and what is drawn and read from them, in a cell.

Not here: where the store lies (stores), uploads before they are scrubbed (arriving), the right to a file (queries).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from io import BufferedRandom
from pathlib import Path

from django.conf import settings

from cairn.apps.portfolio.models import Artifact
from cairn.apps.portfolio.outward.stores import Disk, Handle, store, whole
from cairn.frame import cell
from cairn.kernel.errors import Conflict

PAGE_WIDTH = 1400  # pixels


def path_of(artifact_id: str) -> Path:
    """Where a file lies in a store that is this machine's disk."""
    return Disk(Path(settings.MEDIA_STORE)).path(artifact_id)


def writing(artifact_id: str) -> AbstractContextManager[BufferedRandom]:
    return store().writing(artifact_id)


def opened(artifact_id: str) -> Handle:
    return store().opened(artifact_id)


def stream(artifact_id: str, first: int, last: int) -> Iterator[bytes]:
    return store().stream(artifact_id, first, last)


def remove(artifact_id: str) -> None:
    store().remove(artifact_id)


def intact(artifact: Artifact) -> bool:
    """Whether the stored bytes are the ones that were entered."""
    try:
        with opened(artifact.pk) as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == artifact.sha256
    except (Conflict, OSError):
        return False


def page_picture(artifact_id: str, number: int) -> bytes:
    """One page of a PDF as a PNG: nothing in the document reaches the browser. Drawn once, then kept beside the store."""
    drawn = Path(settings.FOLDER.path) / "pages" / artifact_id[:2] / f"{artifact_id}-{number}.png"
    if drawn.exists():
        return drawn.read_bytes()
    with opened(artifact_id) as file, whole(drawn) as out:
        cell.run("draw_page", file, out, number=number, width_px=PAGE_WIDTH)
    return drawn.read_bytes()


def page_words(artifact_id: str, number: int) -> str:
    """The words of one page of a PDF."""
    with opened(artifact_id) as file:
        return str(cell.run("read_page", file, number=number))
