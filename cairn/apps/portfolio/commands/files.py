"""Files of evidence: entered, described, taken out, opened. Not here: their bytes (outward)."""

from __future__ import annotations

from cairn.apps.catalog import queries as catalog
from cairn.apps.ledger.steps import record
from cairn.apps.portfolio import events, policy
from cairn.apps.portfolio.commands.drafts import draft
from cairn.apps.portfolio.models import Artifact, Citation, FileOpening, Inclusion, Submission
from cairn.apps.portfolio.queries import files_of, is_carried
from cairn.apps.portfolio.states import ARTIFACT, PEOPLE_SHOWN
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel.errors import Conflict, Invalid
from cairn.kernel.text import clean


@command
def add_artifact(
    *, actor: Actor, enrollment_id: str, artifact_id: str, requirement: str, title: str, original_name: str, kind: str, media_type: str,
    extension: str, size: int, sha256: str, pages: int | None = None, seconds: float | None = None,
) -> Artifact:  # fmt: skip
    """Enter a file whose scrubbed bytes already lie safely in the store under `artifact_id` (see outward.receive)."""
    submission = draft(actor, enrollment_id, policy.WRITE)
    slot = catalog.content(actor, submission.version_id).artifact(requirement)
    here = [a for a in files_of(submission) if a.requirement == requirement]
    if any(a.sha256 == sha256 for a in here):
        raise Conflict("file-here-already", f"This file is in “{slot.title}” already.", "Choose another, or go on.")
    if sum(not is_carried(submission, a) for a in here) >= slot.files_max:
        raise Conflict("slot-full", f"“{slot.title}” takes no more than {slot.files_max}.", "Take one out first, then add this one.")
    number = Artifact.objects.filter(enrollment_id=enrollment_id).count() + 1
    if number > 200:
        sentence = "An enrollment takes at most 200 files, those that were taken out again among them."
        raise Conflict("files-enough", sentence, "Go on with the files that are here.")
    artifact = Artifact.objects.create(
        pk=artifact_id, person_id=submission.person_id, enrollment_id=enrollment_id, requirement=requirement, number=number,
        title=title[:120], original_name=original_name[-255:], kind=kind, media_type=media_type, extension=extension, size=size,
        sha256=sha256, pages=pages, seconds=seconds,
    )  # fmt: skip
    Inclusion.objects.create(submission=submission, artifact=artifact)
    record(events.ARTIFACT_ADDED, actor=actor, subject=artifact, thread=enrollment_id, organization=submission.organization_id,
           requirement=requirement, kind=kind, size=size, sha256=sha256, original_name=original_name)  # fmt: skip
    return artifact


@command
def describe_artifact(*, actor: Actor, enrollment_id: str, artifact_id: str, title: str, people_shown: str) -> Artifact:
    """The educator's own name for a file, and who can be recognized in it."""
    submission = draft(actor, enrollment_id, policy.WRITE)
    artifact = _own_artifact(submission, artifact_id)
    if people_shown not in PEOPLE_SHOWN:
        raise Invalid("people-unknown", "Say who can be recognized in this file.", "Choose one of the three.",
                      {"people_shown": "Choose one of the three."})  # fmt: skip
    artifact.title = clean(title, limit=120, field="title", name="This name").strip() or artifact.original_name[:120]
    changed, artifact.people_shown = artifact.people_shown != people_shown, people_shown
    artifact.save(update_fields=["title", "people_shown"])
    if changed:
        record(events.ARTIFACT_DESCRIBED, actor=actor, subject=artifact, thread=enrollment_id, organization=submission.organization_id,
               people_shown=people_shown)  # fmt: skip
    return artifact


@command
def remove_artifact(*, actor: Actor, enrollment_id: str, artifact_id: str) -> Artifact:
    """Take a file out of the draft, with its citations; what an earlier attempt submitted stays."""
    submission = draft(actor, enrollment_id, policy.WRITE)
    artifact = Artifact.objects.visible_to(actor).filter(enrollment_id=enrollment_id).locked(pk=artifact_id)
    if artifact.state == "removed":
        return artifact
    _own_artifact(submission, artifact_id)
    ARTIFACT.move(artifact, to="removed")
    artifact.save(update_fields=["state"])
    Citation.objects.filter(submission=submission, artifact=artifact).delete()
    Inclusion.objects.filter(submission=submission, artifact=artifact).delete()
    record(events.ARTIFACT_REMOVED, actor=actor, subject=artifact, thread=enrollment_id, organization=submission.organization_id)
    return artifact


def _own_artifact(submission: Submission, artifact_id: str) -> Artifact:
    artifact = Artifact.objects.filter(enrollment_id=submission.enrollment_id, state="kept").locked(pk=artifact_id)
    if Inclusion.objects.filter(artifact=artifact).exclude(submission=submission).exists():
        raise Conflict("file-submitted", "This file belongs to an attempt that was scored, so it stays as it is.", "Add a new file.")
    return artifact


@command
def note_opening(*, actor: Actor, nonce: str, artifact_id: str) -> FileOpening:
    """Write down that a signed link was opened: who saw which file, and from when its two hours of streaming count."""
    opening, made = FileOpening.objects.get_or_create(nonce=nonce, defaults={"artifact_id": artifact_id, "viewer_id": str(actor.person_id)})
    if made:
        record(events.FILE_OPENED, actor=actor, subject=opening.artifact, thread=opening.artifact.enrollment_id, viewer=actor.person_id)
    return opening
