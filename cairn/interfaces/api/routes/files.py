"""Files of evidence: sending, describing, captioning, taking out. They are read on the files host alone, through a signed link."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django.utils.text import slugify
from ninja import File, Form, Query, UploadedFile
from ninja.responses import Status

from cairn.apps.portfolio import commands, outward
from cairn.apps.portfolio import queries as portfolio
from cairn.interfaces.api.frame import Request, Routes, link_to
from cairn.interfaces.api.paging import Page, Paging, part
from cairn.interfaces.api.shapes.base import Id, Key
from cairn.interfaces.api.shapes.learning import CaptionsText, FileShown, FileWaits, FileWords, LinkShown
from cairn.kernel.errors import NotFound, NotYet

routes = Routes("files")
FILES = "/enrollments/{enrollment_id}/files"


def _files(request: Request, enrollment_id: str) -> list[FileShown]:
    return [FileShown.model_validate(artifact) for artifact in portfolio.workspace(request.actor, enrollment_id).artifacts]


def _file(request: Request, enrollment_id: str, file_id: str) -> FileShown:
    found = next((file for file in _files(request, enrollment_id) if file.id == file_id), None)
    if found is None:
        raise NotFound("file")
    return found


@routes.get(FILES, Page[FileShown], scope="portfolio:read")
def files(request: Request, enrollment_id: Id, paging: Query[Paging]) -> Page[FileShown]:
    """Every file of the latest attempt, in the order in which they came."""
    return part(_files(request, enrollment_id), ("number",), paging, lambda file: file)


@routes.post(FILES, FileShown, scope="portfolio:write", waits=FileWaits)
def add_file(request: Request, enrollment_id: Id, slot: Form[Key], file: File[UploadedFile]) -> Status[Any]:
    """Send a file to a slot. It is recognized by its content, and kept without its hidden data."""
    who, name, data = (
        request.actor.with_key(""),
        (file.name or "file")[-100:],
        cast(BinaryIO, file.file),
    )  # bytes have no key but themselves
    try:
        kept = outward.receive(who, enrollment_id, slot, data, name=name, size=file.size or 0)
    except NotYet as waits:
        if waits.code != outward.WAITS:
            raise  # it was not kept
        return Status(202, FileWaits(message=waits.message))
    return Status(201, _file(request, enrollment_id, kept.pk))


@routes.get(FILES + "/{file_id}", FileShown, scope="portfolio:read")
def file(request: Request, enrollment_id: Id, file_id: Id) -> FileShown:
    """What is known of a file."""
    return _file(request, enrollment_id, file_id)


@routes.put(FILES + "/{file_id}", FileShown, scope="portfolio:write")
def describe_file(request: Request, enrollment_id: Id, file_id: Id, body: FileWords) -> FileShown:
    """Say what a file is called, and who can be recognized in it."""
    commands.describe_artifact(
        actor=request.actor, enrollment_id=enrollment_id, artifact_id=file_id, title=body.title, people_shown=body.people_shown
    )
    return _file(request, enrollment_id, file_id)


@routes.delete(FILES + "/{file_id}", scope="portfolio:write")
def remove_file(request: Request, enrollment_id: Id, file_id: Id) -> None:
    """Take a file out of the draft, with its citations."""
    commands.remove_artifact(actor=request.actor, enrollment_id=enrollment_id, artifact_id=file_id)


@routes.put(FILES + "/{file_id}/captions", FileShown, scope="portfolio:write")
def caption_file(request: Request, enrollment_id: Id, file_id: Id, body: CaptionsText) -> FileShown:
    """Add captions to a recording, in place of those that it has."""
    artifact = next((a for a in portfolio.workspace(request.actor, enrollment_id).artifacts if a.pk == file_id), None)
    if artifact is None:
        raise NotFound("file")
    outward.caption(request.actor, artifact, language=body.language, data=body.text.encode())
    return _file(request, enrollment_id, file_id)


@routes.delete(FILES + "/{file_id}/captions", scope="portfolio:write")
def remove_captions(request: Request, enrollment_id: Id, file_id: Id) -> None:
    """Take the captions of a recording out."""
    commands.remove_captions(actor=request.actor, enrollment_id=enrollment_id, artifact_id=file_id)


@routes.get(FILES + "/{file_id}/link", LinkShown, scope="portfolio:read")
def file_link(request: Request, enrollment_id: Id, file_id: Id) -> LinkShown:
    """A fresh address of the file on the files host."""
    found = _file(request, enrollment_id, file_id)
    return LinkShown(url=link_to(request, found.id, slugify(found.title)[:60] or f"file-{found.number}"))
