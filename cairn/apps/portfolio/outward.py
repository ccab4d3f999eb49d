"""Files on their way in and out: scrubbed into the store before a command enters them, read back behind signed links.

The bytes lie outside the web root, on disk, fsynced before the row that names them commits.
Not here: what a file may be (pure.files) or who may open it (queries, and assessment's).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from io import BufferedRandom, BufferedReader
from pathlib import Path
from typing import BinaryIO

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Sum

from cairn.apps.people import queries as people
from cairn.apps.portfolio import commands, policy, queries
from cairn.apps.portfolio.models import Artifact, FileOpening
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid, NotFound
from cairn.kernel.ids import Id, new_id
from cairn.kernel.text import megabytes
from cairn.pure import files
from cairn.pure.packs.completeness import Held, too_much

MEGABYTE = 1_000_000
LIMITS = {"document": 50, "text": 10, "picture": 40, "video": 500, "sound": 200}  # MB of an upload, by family
QUOTA = 5_000 * MEGABYTE  # of one enrollment
OPEN_WITHIN = 300  # seconds in which a signed link must be opened
STREAM_FOR = 7200  # seconds for which an opened link goes on streaming

# Family of a file's kind, and for office files the kind itself -> the pack's file types.
_TYPES = {"picture": "image", "video": "video", "sound": "audio", "text": "document", "document": "document"}
_OFFICE_TYPES = {"xlsx": "spreadsheet", "csv": "spreadsheet", "pptx": "presentation"}


def receive(actor: Actor, enrollment_id: str, requirement: str, file: BinaryIO, *, name: str, size: int) -> Artifact:
    """Recognize an upload by its content, keep a scrubbed copy, and enter it. Every refusal says what to do; nothing half-done stays."""
    work = queries.workspace(actor, enrollment_id)
    policy.the_educator(actor, work.enrollment)
    slot = work.content.artifact(requirement)
    if size == 0:
        raise Invalid("file-empty", "This file is empty.", "Choose it again, or save it anew.", {"file": "This file is empty."})
    kind = files.recognize(file)
    if size > LIMITS[kind.family] * MEGABYTE:
        raise _too_large(f"This {kind.label} has {megabytes(size)}; at most {LIMITS[kind.family]} MB can be kept.")
    used = _held(enrollment_id)
    if used + size > QUOTA:
        raise _too_large(f"Your files here have {megabytes(used)}, and this one {megabytes(size)}; at most {megabytes(QUOTA)} can be kept.")
    artifact_id = new_id()
    with _arriving(artifact_id) as out:
        clean = files.scrub(file, kind, out)
        stored = out.seek(0, os.SEEK_END)
        type_ = _OFFICE_TYPES.get(clean.kind.name, _TYPES[clean.kind.family])
        if why := too_much(slot, Held(requirement, type_, stored / MEGABYTE, clean.pages, clean.seconds)):
            raise Invalid("file-does-not-fit", why, "Choose another file for this place.", {"file": why})
        digest = _digest(out)
        return commands.add_artifact(
            actor=actor, enrollment_id=enrollment_id, artifact_id=artifact_id, requirement=requirement, title=Path(name).stem or "File",
            original_name=name, kind=type_, media_type=clean.media_type, extension=clean.extension, size=stored, sha256=digest,
            pages=clean.pages, seconds=clean.seconds,
        )  # fmt: skip


def _held(enrollment_id: str) -> int:
    """Bytes that count: what was taken out of a draft does not, and what was ever submitted cannot be taken out."""
    held: int | None = Artifact.objects.filter(enrollment_id=enrollment_id, state="kept").aggregate(total=Sum("size"))["total"]
    return held or 0


def _too_large(sentence: str) -> Invalid:
    return Invalid("file-too-large", sentence, "Make it smaller, or show only the part that matters.", {"file": sentence})


def path_of(artifact_id: str) -> Path:
    return Path(settings.MEDIA_STORE) / artifact_id[:2] / artifact_id


def opened(artifact_id: str) -> BufferedReader:
    """The stored bytes, to be closed by the caller; a Conflict where they are gone."""
    try:
        return path_of(artifact_id).open("rb")
    except FileNotFoundError:
        sentence = "This file is missing from the store. That is our mistake, and not yours."
        raise Conflict("file-lost", sentence, "Tell whoever runs this site; a backup may hold it.") from None


@contextmanager
def _arriving(artifact_id: Id) -> Iterator[BufferedRandom]:
    """A file that stands under its name, safely on disk, by the time the caller's last statement has run; gone if that fails."""
    path = path_of(artifact_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x+b") as out:
            yield out
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _digest(file: BufferedRandom) -> str:
    """SHA-256 of the file, which is on disk with its folder's entry when this returns."""
    file.flush()
    os.fsync(file.fileno())
    folder = os.open(Path(file.name).parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


def intact(artifact: Artifact) -> bool:
    """Whether the stored bytes are the ones that were entered."""
    try:
        with opened(artifact.pk) as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == artifact.sha256
    except Conflict:
        return False


# --- Signed links --------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _sealer() -> Fernet:
    import base64

    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"cairn file links\n" + settings.SECRET_KEY.encode()).digest()))


@dataclass(frozen=True)
class Link:
    """What a signed link says: which file for whom, in which session or through which token, under which neutral name."""

    artifact: str
    viewer: str
    session: str
    name: str
    nonce: str


def sign_link(viewer: Actor, artifact_id: str, *, session: str, name: str) -> str:
    """A token for one file and one viewer; the caller has checked that the viewer may open it. It must be opened within five minutes."""
    told = Link(artifact_id, str(viewer.person_id), session, name, new_id())
    return _sealer().encrypt(json.dumps(told.__dict__).encode()).decode()


def _is_still_there(session: str) -> bool:
    """The session, or the API token ("token:<id>"), through which the link was asked for."""
    kind, _, token_id = session.partition(":")
    if kind == "token":
        return people.token_is_live(token_id)
    return Session.objects.filter(session_key=session, expire_date__gt=clock.now()).exists()


def open_link(token: str) -> Link:
    """The link, while it may be opened or goes on streaming; NotFound otherwise. The right to the file is the caller's to check again."""
    try:
        opened_before = _sealer().extract_timestamp(token)
        link = Link(**json.loads(_sealer().decrypt(token)))
    except (InvalidToken, ValueError, TypeError):
        raise NotFound("file") from None
    now = clock.now()
    if not _is_still_there(link.session):
        raise NotFound("file")
    opening = FileOpening.objects.filter(nonce=link.nonce).first()
    if opening is None:
        if now.timestamp() - opened_before > OPEN_WITHIN:
            raise NotFound("file", code="link-expired")
        commands.note_opening(actor=Actor(person_id=Id(link.viewer)), nonce=link.nonce, artifact_id=link.artifact)
    elif (now - opening.opened_at).total_seconds() > STREAM_FOR:
        raise NotFound("file", code="link-expired")
    return link
