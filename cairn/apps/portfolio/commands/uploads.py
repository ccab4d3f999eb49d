"""Files on their way: begun, arrived, scanned, kept or not. Not here: their bytes (outward), artifacts once they are kept (files)."""

from __future__ import annotations

from typing import Any

from cairn.apps.catalog import queries as catalog
from cairn.apps.ledger.steps import record
from cairn.apps.portfolio import events, policy
from cairn.apps.portfolio.commands.drafts import draft
from cairn.apps.portfolio.commands.files import Copy, check_room, enter
from cairn.apps.portfolio.models import Artifact, Upload
from cairn.apps.portfolio.queries import room_for
from cairn.apps.portfolio.states import UPLOAD
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.facts import Event

UNDERWAY = ("receiving", "pending", "scanned")


@command
def begin_upload(*, actor: Actor, enrollment_id: str, upload_id: str, requirement: str, name: str, size: int, digest: str) -> Upload:
    """Promise a file; begun twice it is the first that goes on. Nothing of it has to have arrived."""
    submission = draft(actor, enrollment_id, policy.WRITE)
    slot = catalog.content(actor, submission.version_id).artifact(requirement)
    same = Upload.objects.filter(enrollment_id=enrollment_id, requirement=requirement, digest=digest, state__in=UNDERWAY).first()
    if same is not None:
        return same
    check_room(submission, slot)
    room_for(actor, submission).require(size)
    return Upload.objects.create(
        pk=upload_id, person_id=submission.person_id, enrollment_id=enrollment_id, requirement=requirement, size=size, digest=digest,
        name="".join(c for c in name if c.isprintable())[-255:],
    )  # fmt: skip


@command
def finish_upload(*, actor: Actor, upload_id: str) -> Upload:
    """All of it is here, and it is the file that was promised."""
    upload = _own(actor, upload_id)
    if upload.state == "receiving":
        upload.received_at = clock.now()
        _move(actor, upload, "pending", events.UPLOAD_RECEIVED, requirement=upload.requirement, size=upload.size, digest=upload.digest)
    return upload


@command
def pass_upload(*, actor: Actor, upload_id: str, scanner: str) -> Upload:
    """The scanner found nothing in it."""
    upload = _own(actor, upload_id)
    if upload.state == "pending":
        upload.scanner = scanner
        _move(actor, upload, "scanned", events.UPLOAD_SCANNED, scanner=scanner)
    return upload


@command
def block_upload(*, actor: Actor, upload_id: str, found: str, said: str, is_told: bool = False) -> Upload:
    """The scanner found something harmful in it."""
    upload = _own(actor, upload_id)
    if upload.state == "pending":
        upload.said, upload.is_told = said[:500], is_told
        _move(actor, upload, "blocked", events.UPLOAD_BLOCKED, found=found)
    return upload


@command
def keep_upload(*, actor: Actor, upload_id: str, copy: Copy) -> Artifact:
    """Its copy lies safely in the store under its id: enter it as evidence."""
    upload = Upload.objects.visible_to(actor).get_or_not_found(pk=upload_id)
    submission = draft(actor, upload.enrollment_id, policy.WRITE)
    upload = _own(actor, upload_id)
    if upload.state == "clean":
        return Artifact.objects.get(pk=upload_id)
    if upload.state == "pending":
        UPLOAD.move(upload, to="scanned")  # by no scanner, since none is configured
    UPLOAD.move(upload, to="clean")
    upload.settled_at, upload.is_told = clock.now(), True
    upload.save()
    return enter(actor, submission, upload_id, upload.requirement, upload.name, copy)


@command
def refuse_upload(*, actor: Actor, upload_id: str, code: str, said: str, is_told: bool = False) -> Upload:
    """It cannot be kept: damaged, too long, of another kind, not the one that was promised."""
    upload = _own(actor, upload_id)
    if upload.state in UNDERWAY:
        upload.said, upload.is_told = said[:500], is_told
        _move(actor, upload, "refused", events.UPLOAD_REFUSED, code=code)
    return upload


@command
def abandon_upload(*, actor: Actor, upload_id: str) -> Upload:
    """Take it back before it is kept."""
    upload = _own(actor, upload_id)
    if upload.state in UNDERWAY:
        upload.is_told = True
        _move(actor, upload, "abandoned", events.UPLOAD_ABANDONED)
    return upload


@command
def dismiss_upload(*, actor: Actor, upload_id: str) -> Upload:
    """The educator has read why it was not kept."""
    upload = _own(actor, upload_id)
    upload.is_told = True
    upload.save(update_fields=["is_told"])
    return upload


def _own(actor: Actor, upload_id: str) -> Upload:
    upload = Upload.objects.visible_to(actor).locked(pk=upload_id)
    policy.UPLOAD.require(actor, upload)
    return upload


def _move(actor: Actor, upload: Upload, to: str, event: Event, **told: Any) -> None:
    UPLOAD.move(upload, to=to)
    if not UPLOAD.moves[to]:
        upload.settled_at = clock.now()
    upload.save()
    record(event, actor=actor, subject=upload, thread=upload.enrollment_id, **told)
