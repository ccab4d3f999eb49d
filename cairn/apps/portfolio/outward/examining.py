"""What becomes of a file that is here whole: recognized by its content, scrubbed into the store, entered as evidence.

All that reads its bytes runs in a cell (frame.cell). Not here: what a file may be (pure.files).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import BinaryIO

from cairn.apps.portfolio import commands, policy, queries
from cairn.apps.portfolio.commands import Copy
from cairn.apps.portfolio.models import Artifact, Upload
from cairn.apps.portfolio.outward import arriving, scanning, storing
from cairn.apps.portfolio.outward.arriving import LIMITS, MEGABYTE
from cairn.frame import cell
from cairn.frame.actor import Actor
from cairn.kernel.errors import Invalid, NotYet, Refused
from cairn.kernel.facts import Recorded
from cairn.kernel.ids import Id, new_id
from cairn.kernel.text import megabytes
from cairn.pure import files
from cairn.pure.files import captions
from cairn.pure.packs.completeness import Held, too_much
from cairn.pure.packs.model import ArtifactRequirement

WAITS = "file-waits"  # the code of what is answered where a file has arrived and goes on by itself
LONGEST = 120  # seconds of computing that the largest file may take

# Family of a file's kind, and for office files the kind itself -> the pack's file types.
_TYPES = {"picture": "image", "video": "video", "sound": "audio", "text": "document", "document": "document"}
_OFFICE_TYPES = {"xlsx": "spreadsheet", "csv": "spreadsheet", "pptx": "presentation"}


def receive(actor: Actor, enrollment_id: str, requirement: str, file: BinaryIO, *, name: str, size: int) -> Artifact:
    """Take in a file that came in one piece. Every refusal says what to do; nothing half-done stays."""
    work = queries.workspace(actor, enrollment_id)
    policy.the_educator(actor, work.enrollment)
    slot = work.content.artifact(requirement)
    if size == 0:
        raise arriving.empty()
    arriving.require_small(slot, size)
    queries.room_for(actor, work.enrollment).require(size)
    artifact_id = new_id()
    if scanning.is_configured():
        return _received_pending(actor, enrollment_id, requirement, file, name, artifact_id)
    with arriving.taken_in(artifact_id, file) as source:
        copy = copied(source, artifact_id, _fits(slot))
    with _entering(artifact_id):
        return commands.add_artifact(
            actor=actor, enrollment_id=enrollment_id, artifact_id=artifact_id, requirement=requirement, name=name, copy=copy
        )


def _received_pending(actor: Actor, enrollment_id: str, requirement: str, file: BinaryIO, name: str, upload_id: Id) -> Artifact:
    """By way of an upload, which waits for the scanner where that does not answer."""
    with arriving.taken_in(upload_id, file) as source:
        size, digest = source.tell(), arriving.digest_of(source)
        upload = commands.begin_upload(
            actor=actor, enrollment_id=enrollment_id, upload_id=upload_id, requirement=requirement, name=name, size=size, digest=digest
        )
    if upload.pk == upload_id:
        commands.finish_upload(actor=actor, upload_id=upload_id)
    else:
        arriving.drop(upload_id)
    try:
        settle(actor, upload.pk, is_told=True)
    except NotYet:
        sentence = f"“{name}” has arrived, and waits for the virus scanner."
        raise NotYet(WAITS, sentence, "It takes its place by itself; you may go on meanwhile.") from None
    return queries.artifact(actor, upload.pk)


def caption(actor: Actor, artifact: Artifact, *, language: str, data: bytes) -> None:
    """Add captions to a recording, from a file of them."""
    text = captions.read(data)
    commands.caption_artifact(actor=actor, enrollment_id=artifact.enrollment_id, artifact_id=artifact.pk, language=language, captions=text)


def examine(*, actor: Actor, fact: Recorded) -> None:
    """Consequence of an upload that arrived: settle it on behalf of its educator."""
    upload = queries.upload(actor, fact.subject_id)
    try:
        settle(Actor(person_id=Id(upload.person_id), cause=fact.uid), upload.pk)
    except NotYet:
        raise
    except Refused:
        return  # it is written down with the upload, where its educator reads it


def settle(actor: Actor, upload_id: str, *, is_told: bool = False) -> None:
    """Make evidence of an upload that arrived; its refusal is written down and raised. NotYet while another is at it or the scanner is
    away. `is_told`: the educator reads the refusal now."""
    if queries.upload(actor, upload_id).settled_at:
        return
    with arriving.held(upload_id) as source:
        upload = queries.upload(actor, upload_id)
        if upload.state not in ("pending", "scanned"):
            return
        slot = queries.workspace(actor, upload.enrollment_id).content.artifact(upload.requirement)
        try:
            if upload.state == "pending" and scanning.is_configured():
                _scan(actor, upload, source, is_told)
            copy = copied(source, upload_id, _fits(slot))
            with _entering(upload_id):
                commands.keep_upload(actor=actor, upload_id=upload_id, copy=copy)
        except NotYet:
            raise
        except Refused as no:
            commands.refuse_upload(actor=actor, upload_id=upload_id, code=no.code, said=str(no), is_told=is_told)
            arriving.drop(upload_id)
            raise


def _scan(actor: Actor, upload: Upload, source: BinaryIO, is_told: bool) -> None:
    verdict = scanning.scan(source)
    if not verdict.found:
        commands.pass_upload(actor=actor, upload_id=upload.pk, scanner=verdict.scanner)
        return
    blocked = harmful(verdict.found)
    commands.block_upload(actor=actor, upload_id=upload.pk, found=verdict.found, said=str(blocked), is_told=is_told)
    raise blocked


def harmful(found: str) -> Invalid:
    return Invalid(
        "file-harmful",
        f"The virus scanner found something harmful in it ({found}). It was not kept, and nobody else has seen it.",
        "Have your computer checked; then make the file anew, for example as a PDF, and add that.",
    )


def _fits(slot: ArtifactRequirement) -> Callable[[Copy], str]:
    return lambda copy: too_much(slot, Held(slot.key, copy.kind, copy.size / MEGABYTE, copy.pages, copy.seconds))


def copied(source: BinaryIO, key: str, fits: Callable[[Copy], str]) -> Copy:
    """Its scrubbed copy, in the store; Invalid where it is none of the kinds that can be kept, or where `fits` says why it does not fit
    its place."""
    size = os.fstat(source.fileno()).st_size
    with storing.writing(key) as out:
        told = cell.run("clean", source, out, seconds=min(LONGEST, cell.SECONDS + size // (2 * MEGABYTE)))
        kind = files.KINDS[told["kind"]]
        if size > LIMITS[kind.family] * MEGABYTE:
            most = LIMITS[kind.family]
            raise arriving.too_large(f"This {kind.label} has {megabytes(size)}; at most {most:,} MB can be kept.")
        stored = out.seek(0, os.SEEK_END)
        out.seek(0)
        digest = hashlib.file_digest(out, "sha256").hexdigest()
        type_ = _OFFICE_TYPES.get(kind.name, _TYPES[kind.family])
        copy = Copy(type_, kind.media_type, kind.extension, stored, digest, told["pages"], told["seconds"])
        if why := fits(copy):
            raise Invalid("file-does-not-fit", why, "Choose another file for this place.", {"file": why})
    return replace(copy, has_poster=kind.family == "video" and _still(key))


def _still(artifact_id: str) -> bool:
    """Whether a still came with the film and could be drawn anew."""
    try:
        with arriving.poster_for(artifact_id).open("rb") as source, storing.writing(storing.poster_key(artifact_id)) as out:
            cell.run("draw_still", source, out)
    except (FileNotFoundError, Invalid):
        return False
    return True


@contextmanager
def _entering(artifact_id: str) -> Iterator[None]:
    """Around the command that enters a stored copy. Refused, the copy goes; after any other error nobody knows whether its row is there,
    so that both files wait for arriving.clear, which does."""
    try:
        yield
    except Refused:
        storing.remove(artifact_id)
        arriving.drop(artifact_id)
        raise
    arriving.drop(artifact_id)


examine.rank = 3  # type: ignore[attr-defined]  # a film takes a while; awards go first
