"""Scrubbed copies in the store, under the ids of their artifacts; and what is drawn and read from them, in a cell.

Not here: where the store lies (stores), uploads before they are scrubbed (arriving), the right to a file (queries).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from io import BufferedRandom
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from cairn.apps.portfolio import commands
from cairn.apps.portfolio.models import Artifact
from cairn.apps.portfolio.outward.stores import Disk, Handle, store, whole
from cairn.frame import cell
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.kernel.errors import Conflict

PAGE_WIDTH = 1400  # pixels
KEPT_AFTER = timedelta(days=1)


def path_of(artifact_id: str) -> Path:
    """Where a file lies in a store that is this machine's disk."""
    return Disk(Path(settings.MEDIA_STORE)).path(artifact_id)


def writing(artifact_id: str) -> AbstractContextManager[BufferedRandom]:
    return store().writing(artifact_id)


def opened(artifact_id: str) -> Handle:
    return store().opened(artifact_id)


def stream(artifact_id: str, first: int, last: int) -> Iterator[bytes]:
    return store().stream(artifact_id, first, last)


def erase_removed(actor: Actor) -> None:
    """The bytes of what educators took out, and what was drawn from them, a day later: a backup that is being made still finds them."""
    since = clock.now() - KEPT_AFTER
    for artifact in Artifact.objects.visible_to(actor).filter(Q(removed_at=None) | Q(removed_at__lt=since), state="removed"):
        remove(artifact.pk)
        commands.note_erased(actor=actor, artifact_id=artifact.pk)


def remove(artifact_id: str) -> None:
    for key in (artifact_id, poster_key(artifact_id)):
        store().remove(key)
    for drawn in _drawn(artifact_id, 1).parent.glob(f"{artifact_id}-*.png"):
        drawn.unlink(missing_ok=True)


def poster_key(artifact_id: str) -> str:
    return f"{artifact_id}.jpg"


def poster(artifact_id: str) -> bytes:
    """The still of a film that has one."""
    with opened(poster_key(artifact_id)) as file:
        return file.read()


def intact(artifact_id: str, sha256: str) -> bool:
    """Whether the stored bytes are the ones that were entered."""
    try:
        with opened(artifact_id) as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except (Conflict, OSError):
        return False


def page_picture(artifact_id: str, number: int) -> bytes:
    """One page of a PDF as a PNG: nothing in the document reaches the browser. Drawn once, then kept beside the store."""
    drawn = _drawn(artifact_id, number)
    if drawn.exists():
        return drawn.read_bytes()
    with opened(artifact_id) as file, whole(drawn) as out:
        cell.run("draw_page", file, out, number=number, width_px=PAGE_WIDTH)
    return drawn.read_bytes()


def _drawn(artifact_id: str, number: int) -> Path:
    return Path(settings.FOLDER.path) / "pages" / artifact_id[:2] / f"{artifact_id}-{number}.png"


def page_words(artifact_id: str, number: int) -> str:
    """The words of one page of a PDF."""
    with opened(artifact_id) as file:
        return str(cell.run("read_page", file, number=number))
