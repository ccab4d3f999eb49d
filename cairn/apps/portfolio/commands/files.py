"""Files of evidence: entered, described, captioned, taken out, opened. Not here: their bytes (outward)."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from pathlib import PurePath

from django.db.models import Q

from cairn.apps.catalog import queries as catalog
from cairn.apps.ledger.steps import record
from cairn.apps.portfolio import events, policy
from cairn.apps.portfolio.commands.drafts import draft
from cairn.apps.portfolio.commands.teams import exclude, include, mates
from cairn.apps.portfolio.models import Artifact, Captions, FileOpening, Inclusion, Submission
from cairn.apps.portfolio.queries import files_of, is_carried, together
from cairn.apps.portfolio.states import ARTIFACT, LANGUAGES, PEOPLE_SHOWN
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid
from cairn.kernel.text import clean
from cairn.pure.files.captions import Captions as Text
from cairn.pure.packs.model import ArtifactRequirement


@dataclass(frozen=True)
class Copy:
    """The scrubbed copy of a file, as it lies in the store. `kind` is a FileType of pure.packs."""

    kind: str
    media_type: str
    extension: str
    size: int
    sha256: str
    pages: int | None = None
    seconds: float | None = None
    has_poster: bool = False


@command
def add_artifact(*, actor: Actor, enrollment_id: str, artifact_id: str, requirement: str, name: str, copy: Copy) -> Artifact:
    """Enter a file whose copy already lies safely in the store under `artifact_id` (see outward.receive)."""
    return enter(actor, draft(actor, enrollment_id, policy.WRITE), artifact_id, requirement, name, copy)


def enter(actor: Actor, submission: Submission, artifact_id: str, requirement: str, name: str, copy: Copy) -> Artifact:
    slot = catalog.content(actor, submission.version_id).artifact(requirement)
    here = [a for a in files_of(submission) if a.requirement == requirement]
    if any(a.sha256 == copy.sha256 for a in here):
        raise Conflict("file-here-already", f"This file is in “{slot.title}” already.", "Choose another, or go on.")
    check_room(submission, slot)
    number = Artifact.objects.filter(enrollment_id=submission.enrollment_id).count() + 1
    if number > 200:
        sentence = "An enrollment takes at most 200 files, those that were taken out again among them."
        raise Conflict("files-enough", sentence, "Go on with the files that are here.")
    artifact = Artifact.objects.create(
        pk=artifact_id, person_id=submission.person_id, enrollment_id=submission.enrollment_id, requirement=requirement, number=number,
        title=PurePath(name).stem[:120] or "File", original_name=name[-255:], **asdict(copy),
    )  # fmt: skip
    Inclusion.objects.create(submission=submission, artifact=artifact)
    if (shared := together(submission.enrollment)) and shared.takes(requirement):
        include([artifact], mates(shared, submission))
    record(events.ARTIFACT_ADDED, actor=actor, subject=artifact, thread=submission.enrollment_id, organization=submission.organization_id,
           requirement=requirement, kind=copy.kind, size=copy.size, sha256=copy.sha256, original_name=name)  # fmt: skip
    return artifact


def check_room(submission: Submission, slot: ArtifactRequirement) -> None:
    here = [a for a in files_of(submission) if a.requirement == slot.key and not is_carried(submission, a)]
    if len(here) >= slot.files_max:
        raise Conflict("slot-full", f"“{slot.title}” takes no more than {slot.files_max}.", "Take one out first, then add this one.")


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
def caption_artifact(*, actor: Actor, enrollment_id: str, artifact_id: str, language: str, captions: Text) -> Captions:
    """Add captions to a recording, in place of those that it has."""
    submission = draft(actor, enrollment_id, policy.WRITE)
    artifact = _own_artifact(submission, artifact_id)
    if language not in LANGUAGES:
        raise Invalid("language-unknown", "Say in which language the captions are.", "Choose one of the list.",
                      {"language": "Choose one of the list."})  # fmt: skip
    if artifact.seconds is None:
        raise Conflict("no-recording", "Only recordings have captions.", "Add them to a video or a sound recording.")
    if captions.seconds > artifact.seconds + 1:
        sentence = "These captions go on after the recording has ended, so they belong to another one."
        raise Invalid("captions-too-long", sentence, "Choose the file that was made for this recording.", {"captions": sentence})
    told = {"language": language, "text": captions.text, "cues": captions.cues, "added_at": clock.now()}
    kept, _ = Captions.objects.update_or_create(artifact=artifact, defaults=told)
    record(events.CAPTIONS_ADDED, actor=actor, subject=artifact, thread=enrollment_id, organization=submission.organization_id,
           language=language, cues=captions.cues, sha256=hashlib.sha256(captions.text.encode()).hexdigest())  # fmt: skip
    return kept


@command
def remove_captions(*, actor: Actor, enrollment_id: str, artifact_id: str) -> Artifact:
    """Twice is the same as once."""
    submission = draft(actor, enrollment_id, policy.WRITE)
    artifact = _own_artifact(submission, artifact_id)
    if Captions.objects.filter(artifact=artifact).delete()[0]:
        record(events.CAPTIONS_REMOVED, actor=actor, subject=artifact, thread=enrollment_id, organization=submission.organization_id)
    return artifact


@command
def remove_artifact(*, actor: Actor, enrollment_id: str, artifact_id: str) -> Artifact:
    """Take a file out of the draft, with its citations; what an earlier attempt submitted stays. A team's file leaves all its drafts."""
    submission = draft(actor, enrollment_id, policy.WRITE)
    shown = Q(enrollment_id=enrollment_id) | Q(pk__in=Inclusion.objects.filter(submission=submission).values("artifact"))
    artifact = Artifact.objects.visible_to(actor).filter(shown).locked(pk=artifact_id)
    if artifact.state != "kept" or not Inclusion.objects.filter(submission=submission, artifact=artifact).exists():
        return artifact
    if _is_of_earlier(submission, artifact):
        raise _scored()
    shared = together(submission.enrollment)
    exclude(artifact, [submission, *(mates(shared, submission) if shared and shared.takes(artifact.requirement) else ())])
    if not Inclusion.objects.filter(artifact=artifact).exists():
        ARTIFACT.move(artifact, to="removed")
        artifact.removed_at = clock.now()
        artifact.save(update_fields=["state", "removed_at"])
        Captions.objects.filter(artifact=artifact).delete()
    record(events.ARTIFACT_REMOVED, actor=actor, subject=artifact, thread=enrollment_id, organization=submission.organization_id)
    return artifact


@command
def note_erased(*, actor: Actor, artifact_id: str) -> Artifact:
    """Its bytes are gone from the store (see outward.erase_removed)."""
    artifact = Artifact.objects.visible_to(actor).locked(pk=artifact_id)
    if artifact.state == "removed":
        ARTIFACT.move(artifact, to="erased")
        artifact.save(update_fields=["state"])
        record(events.ARTIFACT_ERASED, actor=actor, subject=artifact, thread=artifact.enrollment_id, sha256=artifact.sha256)
    return artifact


def _own_artifact(submission: Submission, artifact_id: str) -> Artifact:
    """A file of the draft, a team's among them, that may still be described: nobody has submitted it."""
    here = Inclusion.objects.filter(submission=submission).values("artifact")
    artifact = Artifact.objects.filter(pk__in=here, state="kept").locked(pk=artifact_id)
    if Inclusion.objects.filter(artifact=artifact).exclude(submission__state="draft").exists():
        raise _scored()
    return artifact


def _is_of_earlier(submission: Submission, artifact: Artifact) -> bool:
    before = Submission.objects.filter(enrollment=submission.enrollment_id, attempt__lt=submission.attempt)
    return Inclusion.objects.filter(artifact=artifact, submission__in=before).exists()


def _scored() -> Conflict:
    return Conflict("file-submitted", "This file belongs to what was submitted, so it stays as it is.", "Add a new file.")


@command
def note_opening(*, actor: Actor, nonce: str, artifact_id: str) -> FileOpening:
    """Write down that a signed link was opened: who saw which file, and from when its two hours of streaming count."""
    opening, made = FileOpening.objects.get_or_create(nonce=nonce, defaults={"artifact_id": artifact_id, "viewer_id": str(actor.person_id)})
    if made:
        record(events.FILE_OPENED, actor=actor, subject=opening.artifact, thread=opening.artifact.enrollment_id, viewer=actor.person_id)
    return opening
