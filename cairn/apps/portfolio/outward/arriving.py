"""Uploads while they arrive: bytes that are acknowledged are on disk, and how far an upload has come is the size of its file.

Not here: the protocol by which they come (interfaces), and what becomes of a file that is here whole (examining).
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from cairn.apps.portfolio import commands, queries
from cairn.apps.portfolio.models import Artifact, Upload
from cairn.apps.portfolio.outward import storing
from cairn.apps.portfolio.outward.stores import store, sync_folder, whole
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid, NotFound, NotYet
from cairn.kernel.ids import Id, is_id, new_id
from cairn.kernel.text import megabytes
from cairn.pure.packs.model import ArtifactRequirement

KEPT_FOR = timedelta(days=7)  # an upload that is not gone on with
BLOCK = 4 * 1024 * 1024
POSTER_LIMIT = 2_000_000  # bytes
MEGABYTE = 1_000_000
LIMITS = {"document": 50, "text": 10, "picture": 40, "video": 2000, "sound": 200}  # MB of an upload, by family
_FAMILIES = {"image": "picture", "video": "video", "audio": "sound"}  # of a pack's file types; all others are documents
MARGIN = 100_000_000  # bytes of the disk that uploads leave free
_DIGEST = re.compile(r"sha256(-4mib)?:[0-9a-f]{64}")
_ALGORITHMS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}


@dataclass(frozen=True)
class Checksum:
    """What a piece must hash to: `algorithm` is sha1 or sha256."""

    algorithm: str
    digest: bytes

    def __post_init__(self) -> None:
        if self.algorithm not in _ALGORITHMS or len(self.digest) != _ALGORITHMS[self.algorithm]().digest_size:
            raise ValueError(self.algorithm)


def path_for(upload_id: str) -> Path:
    return Path(settings.UPLOADS) / upload_id


def begin(actor: Actor, enrollment_id: str, requirement: str, *, name: str, size: int, digest: str) -> Upload:
    """Promise a file; the same one promised again goes on where it stopped. Says at once whether there is room for it."""
    if size <= 0:
        raise empty()
    if not _DIGEST.fullmatch(digest):
        sentence = "Nothing says what this file must hash to, so nobody could tell when it is here whole."
        raise Invalid("digest-missing", sentence, "Send sha256 or sha256-4mib, in hexadecimal digits, with it.")
    require_small(queries.workspace(actor, enrollment_id).content.artifact(requirement), size)
    upload_id = new_id()
    path = path_for(upload_id)
    try:
        with path.open("xb"):
            sync_folder(path.parent)
        upload = commands.begin_upload(
            actor=actor, enrollment_id=enrollment_id, upload_id=upload_id, requirement=requirement, name=name, size=size, digest=digest
        )
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    if upload.pk != upload_id:
        path.unlink()
    elif shutil.disk_usage(path.parent).free < 2 * size + MARGIN:  # the copy that is kept needs its place, too
        discard(actor, upload)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return upload


def require_small(slot: ArtifactRequirement, size: int) -> None:
    """What no file for this place may have is told before it is sent. Recordings are kept as large as they come; others may shrink."""
    families = {_FAMILIES.get(kind, "document") for kind in slot.types.types}
    most = max(min(LIMITS[each], slot.max_megabytes or LIMITS[each]) if each in ("video", "sound") else LIMITS[each] for each in families)
    if size > most * MEGABYTE:
        raise too_large(f"This file has {megabytes(size)}; “{slot.title}” takes at most {min(most, slot.max_megabytes or most):,} MB.")


def too_large(sentence: str) -> Invalid:
    return Invalid("file-too-large", sentence, "Make it smaller, or show only the part that matters.", {"file": sentence})


def empty() -> Invalid:
    return Invalid("file-empty", "This file is empty.", "Choose it again, or save it anew.", {"file": "This file is empty."})


@contextmanager
def taken_in(upload_id: str, file: BinaryIO) -> Iterator[BinaryIO]:
    """A copy of a file that came in one piece, as one that came in many lies here; gone if the block fails."""
    try:
        with path_for(upload_id).open("x+b") as source:
            file.seek(0)
            shutil.copyfileobj(file, source)
            yield source
    except BaseException:
        drop(upload_id)
        raise


def offset(upload: Upload) -> int:
    """How many of its bytes are safely here."""
    return _stat(upload).st_size if upload.state == "receiving" else upload.size


def expires_at(upload: Upload) -> datetime:
    return datetime.fromtimestamp(_stat(upload).st_mtime, UTC) + KEPT_FOR


def _stat(upload: Upload) -> os.stat_result:
    try:
        return path_for(upload.pk).stat()
    except FileNotFoundError:
        raise _gone() from None


def _gone() -> NotFound:
    return NotFound("upload any more", code="upload-gone")


@contextmanager
def held(upload_id: str) -> Iterator[BinaryIO]:
    """Its file, for one at a time: NotYet for whoever comes meanwhile, from this process or another."""
    try:
        file = path_for(upload_id).open("r+b", buffering=0)
    except FileNotFoundError:
        raise _gone() from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotYet("upload-busy", "This file is being worked on just now.", "Wait until that has ended.") from None
        yield file


def append(upload: Upload, at: int, pieces: Iterable[bytes], *, length: int, checksum: Checksum | None = None) -> int:
    """Add what comes to the end, which must be `at`; how far it has come then, all of it on disk.

    With a checksum either all `length` bytes are kept or, where they break off or hash to something else, none.
    """
    if upload.state != "receiving":
        raise Conflict("upload-ended", "This upload has ended.", "Ask where it stands.")
    with held(upload.pk) as file:
        here = file.seek(0, os.SEEK_END)
        if at != here:
            raise Conflict("upload-offset", f"This upload has come to byte {here:,}, not to {at:,}.", "Go on from there.")
        if here + length > upload.size:
            raise Invalid("upload-too-long", "There is more of this file than was promised.", "Begin its upload anew.")
        digest = _ALGORITHMS[checksum.algorithm]() if checksum else None
        try:
            for piece in pieces:
                _write(file, piece)
                if digest:
                    digest.update(piece)
            come = file.tell()
            if checksum and digest and come - here == length and digest.digest() != checksum.digest:
                raise Invalid("checksum-mismatch", "These bytes were damaged on their way.", "Send them again.")
            if checksum and come - here < length:
                come = file.truncate(here)
        except BaseException:
            file.truncate(here)
            raise
        finally:
            os.fsync(file.fileno())
        return come


def _write(file: BinaryIO, piece: bytes) -> None:
    view = memoryview(piece)
    while view:
        view = view[file.write(view) :]


def finish(actor: Actor, upload: Upload) -> Upload:
    """Enter that all of it is here. One that is not the file that was promised is refused, and its bytes are gone."""
    with held(upload.pk) as file:
        algorithm, _, promised = upload.digest.partition(":")
        if _hashed(file, algorithm) == promised:
            return commands.finish_upload(actor=actor, upload_id=upload.pk)
        said = "What arrived is not the file that was promised; it may have changed while it was sent."
        refusal = Invalid("upload-changed", said, "Choose it again.")
        commands.refuse_upload(actor=actor, upload_id=upload.pk, code=refusal.code, said=str(refusal))
    drop(upload.pk)
    raise refusal


def digest_of(file: BinaryIO) -> str:
    """What its sender would have promised; all of it is on disk then."""
    file.flush()
    os.fsync(file.fileno())
    return f"sha256:{_hashed(file, 'sha256')}"


def _hashed(file: BinaryIO, algorithm: str) -> str:
    """sha256: of the whole. sha256-4mib: of the hashes of each 4 MiB, in their order, which a browser can compute as it reads."""
    file.seek(0)
    whole = hashlib.sha256()
    while block := file.read(BLOCK):
        whole.update(block if algorithm == "sha256" else hashlib.sha256(block).digest())
    return whole.hexdigest()


def discard(actor: Actor, upload: Upload) -> None:
    """Take it back; once it is settled, put its message aside."""
    if upload.settled_at:
        commands.dismiss_upload(actor=actor, upload_id=upload.pk)
        return
    with held(upload.pk):
        commands.abandon_upload(actor=actor, upload_id=upload.pk)
    drop(upload.pk)


def keep_poster(upload: Upload, picture: bytes) -> None:
    """A still that the sender's browser took from a film; looked at with the film, and of no weight where it cannot be read."""
    if upload.settled_at is None and 0 < len(picture) <= POSTER_LIMIT:
        with whole(poster_for(upload.pk)) as out:
            out.write(picture)


def poster_for(upload_id: str) -> Path:
    return path_for(upload_id).with_suffix(".poster")


def drop(upload_id: str) -> None:
    for path in (path_for(upload_id), poster_for(upload_id)):
        path.unlink(missing_ok=True)


def clear(actor: Actor, *is_kept: Callable[[str], bool]) -> None:
    """End what nobody goes on with, finish what arrived whole unnoticed, and remove files that belong to no upload. `is_kept`: capabilities
    above that keep files of their own in the store (attaching) say which."""
    underway = {upload.pk: upload for upload in queries.uploads_in(actor, "receiving", "pending", "scanned")}
    for upload in underway.values():
        if upload.state == "receiving":
            _tidy(Actor(person_id=Id(upload.person_id)), upload)
    oldest = (clock.now() - timedelta(days=1)).timestamp()
    for path in Path(settings.UPLOADS).iterdir():
        if path.stem not in underway and path.stat().st_mtime < oldest:
            if is_id(path.name) and not any(kept(path.name) for kept in (is_artifact, *is_kept)):
                storing.remove(path.name)
            path.unlink(missing_ok=True)
    store().tidy(oldest)


def is_artifact(key: str) -> bool:
    return Artifact.objects.filter(pk=key).exists()


def _tidy(owner: Actor, upload: Upload) -> None:
    try:
        if offset(upload) == upload.size:
            finish(owner, upload)
        elif expires_at(upload) < clock.now():
            discard(owner, upload)
    except NotFound:
        commands.abandon_upload(actor=owner, upload_id=upload.pk)
    except (NotYet, Invalid):
        return  # somebody is at it, or has just been told
