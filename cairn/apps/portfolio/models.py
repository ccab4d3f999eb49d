"""What an educator shows: submissions, their writings, files on their way, artifacts, citations; drafts open to a coach, and the notes.

Not here: judging any of it (assessment).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q

from cairn.apps.portfolio.states import ARTIFACT, LANGUAGES, PEOPLE_SHOWN, SUBMISSION, UPLOAD
from cairn.apps.programs import queries as programs
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import InternalQuerySet, M, VisibleQuerySet, everyone, nobody
from cairn.kernel import clock


class SubmissionQuerySet(VisibleQuerySet["Submission"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Its educator alone. Assessors read it through assessment's blind page objects, never through this."""
        if viewer.is_system:
            return everyone()
        return Q(person_id=viewer.person_id) if viewer.person_id else nobody()


class Submission(models.Model):
    """One attempt. A draft until it is submitted; frozen from then on (triggers hold its writings and citations)."""

    id = IdField()
    enrollment = models.ForeignKey("programs.Enrollment", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("catalog.MicrocredentialVersion", on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")  # who runs the program
    attempt = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=SUBMISSION.choices, default=SUBMISSION.initial)
    open_details = models.JSONField(default=list)  # detail keys that this attempt may change and have scored
    due_at = models.DateTimeField()
    due_sentence = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=clock.now)
    submitted_at = models.DateTimeField(null=True)
    manifest = models.TextField(blank=True)  # canonical JSON of everything submitted, files by SHA-256
    content_hash = models.CharField(max_length=64, blank=True)  # hex SHA-256 of the manifest
    missing = models.CharField(max_length=1000, blank=True)  # what was, when this attempt came back before it was scored

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "attempt"], condition=~Q(state="returned"), name="one_submission_per_attempt"),
            models.UniqueConstraint(fields=["enrollment"], condition=Q(state__in=["draft", "submitted"]), name="one_open_attempt"),
            models.CheckConstraint(condition=Q(state="draft") | ~Q(content_hash=""), name="submitted_is_frozen"),
        ]


class PartQuerySet(VisibleQuerySet[M]):
    """Rows that belong to a submission are seen by whoever sees the submission."""

    def seen_by(self, viewer: Actor) -> Q:
        return Q(Exists(Submission.objects.visible_to(viewer).filter(pk=OuterRef("submission_id"))))


class Writing(models.Model):
    """The answer to one prompt. `revision` counts saves, so that a second tab cannot overwrite silently."""

    id = IdField()
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="writings")
    prompt = models.CharField(max_length=80)
    text = models.TextField(blank=True)
    words = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(default=clock.now)

    objects = PartQuerySet["Writing"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "prompt"], name="one_answer_per_prompt")]


class OwnQuerySet(VisibleQuerySet[M]):
    def seen_by(self, viewer: Actor) -> Q:
        """Its educator alone, as for submissions."""
        if viewer.is_system:
            return everyone()
        return Q(person_id=viewer.person_id) if viewer.person_id else nobody()


class Upload(models.Model):
    """A file on its way: what was promised of it, and how far it has come. Its artifact, once it is clean, has the same id."""

    id = IdField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    enrollment = models.ForeignKey("programs.Enrollment", on_delete=models.PROTECT, related_name="+")
    requirement = models.CharField(max_length=80)
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=90)  # of the whole file, as its sender gave it: "sha256:..."
    state = models.CharField(max_length=10, choices=UPLOAD.choices, default=UPLOAD.initial)
    scanner = models.CharField(max_length=120, blank=True)  # which one found nothing in it
    said = models.CharField(max_length=500, blank=True)  # why it was refused or blocked, as its educator is told
    is_told = models.BooleanField(default=False)  # the educator has read that
    begun_at = models.DateTimeField(default=clock.now)
    received_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    objects = OwnQuerySet["Upload"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment", "requirement", "digest"], condition=Q(state__in=["receiving", "pending", "scanned"]),
                name="one_upload_of_a_file",
            ),
        ]  # fmt: skip


class ArtifactQuerySet(OwnQuerySet["Artifact"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Its educator, and whoever shows it too: a team's file belongs to the work of each member."""
        if not viewer.person_id:
            return super().seen_by(viewer)
        shows = Inclusion.objects.filter(artifact=OuterRef("pk"), submission__person_id=viewer.person_id)
        return super().seen_by(viewer) | Q(Exists(shows))


class Artifact(models.Model):
    """A file of evidence, recognized by its content and scrubbed of hidden data before it is kept."""

    id = IdField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    enrollment = models.ForeignKey("programs.Enrollment", on_delete=models.PROTECT, related_name="+")
    requirement = models.CharField(max_length=80)  # the slot that it fills
    number = models.PositiveSmallIntegerField()  # "Document 2" is what others see in place of its name
    title = models.CharField(max_length=120)  # the educator's words; shown to nobody else
    original_name = models.CharField(max_length=255)  # shown to nobody else
    state = models.CharField(max_length=10, choices=ARTIFACT.choices, default=ARTIFACT.initial)
    kind = models.CharField(max_length=20)  # pure.packs FileType: document, image, video...
    media_type = models.CharField(max_length=100)
    extension = models.CharField(max_length=8)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField(null=True)
    seconds = models.FloatField(null=True)
    has_poster = models.BooleanField(default=False)  # a still of a film lies beside it
    people_shown = models.CharField(max_length=10, choices=list(PEOPLE_SHOWN.items()), blank=True)
    created_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True)

    objects = ArtifactQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrollment", "number"], name="one_number_per_artifact")]


class CaptionsQuerySet(VisibleQuerySet["Captions"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Whoever sees the recording."""
        return Q(Exists(Artifact.objects.visible_to(viewer).filter(pk=OuterRef("artifact_id"))))


class Captions(models.Model):
    """What is said in a recording, in writing. Frozen with the attempt that shows the recording (triggers hold it)."""

    id = IdField()
    artifact = models.OneToOneField(Artifact, on_delete=models.PROTECT, related_name="captions")
    language = models.CharField(max_length=8, choices=list(LANGUAGES.items()))
    text = models.TextField()  # WebVTT, as pure.files made it
    cues = models.PositiveIntegerField()
    added_at = models.DateTimeField(default=clock.now)

    objects = CaptionsQuerySet.as_manager()


class Inclusion(models.Model):
    """An artifact that belongs to an attempt: a later attempt shows the earlier files too."""

    id = IdField()
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="inclusions")
    artifact = models.ForeignKey(Artifact, on_delete=models.PROTECT, related_name="+")

    objects = PartQuerySet["Inclusion"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "artifact"], name="artifact_included_once")]


class Citation(models.Model):
    """The unit of proof: an outcome detail, an artifact, the place in it, and why it shows the detail."""

    id = IdField()
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="citations")
    detail = models.CharField(max_length=20)
    artifact = models.ForeignKey(Artifact, on_delete=models.PROTECT, related_name="+")
    page = models.PositiveIntegerField(null=True)
    from_seconds = models.PositiveIntegerField(null=True)
    to_seconds = models.PositiveIntegerField(null=True)
    explanation = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    shared_as = models.CharField(max_length=20, blank=True)  # the same in the work of each member of a team

    objects = PartQuerySet["Citation"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_seconds=None) | Q(from_seconds__lte=models.F("to_seconds")), name="citation_ends_after_it_begins"
            ),
        ]


class TeamSavingQuerySet(VisibleQuerySet["TeamSaving"]):
    def seen_by(self, viewer: Actor) -> Q:
        """The team alone: neither those who run the program nor assessors."""
        return everyone() if viewer.is_system else Q(team__in=programs.my_teams(viewer))


class TeamSaving(models.Model):
    """Who of a team wrote what: one for each stretch in which a member worked on an answer that is written together."""

    id = IdField()
    team = models.ForeignKey("programs.Team", on_delete=models.PROTECT, related_name="+")
    prompt = models.CharField(max_length=80)
    author = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    words = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField(default=clock.now)
    saved_at = models.DateTimeField(default=clock.now)

    objects = TeamSavingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["team", "prompt", "saved_at"])]


class SetAside(models.Model):
    """Words of one's own that gave way to a team's when one joined it. Kept for their educator, and no part of what is submitted."""

    id = IdField()
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)  # of the prompt, or of the detail whose citation explained it
    text = models.TextField()
    set_at = models.DateTimeField(default=clock.now)

    objects = PartQuerySet["SetAside"].as_manager()


class FileOpening(models.Model):
    """A signed link that was opened: by whom, which file, when. Its stream ends two hours later."""

    id = IdField()
    nonce = models.CharField(max_length=20, unique=True)
    artifact = models.ForeignKey(Artifact, on_delete=models.PROTECT, related_name="+")
    viewer = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)

    objects = InternalQuerySet.as_manager()


class DraftAccessQuerySet(VisibleQuerySet["DraftAccess"]):
    def seen_by(self, viewer: Actor) -> Q:
        """The educator; the coach for as long as it lasts and they may coach."""
        if viewer.is_system:
            return everyone()
        if not viewer.person_id:
            return nobody()
        reads = Q(coach_id=viewer.person_id, ended_at=None, enrollment__state="active") if _coaches(viewer) else nobody()
        return Q(person_id=viewer.person_id) | reads

    def live(self) -> DraftAccessQuerySet:
        return self.filter(ended_at=None, enrollment__state="active")


class DraftAccess(models.Model):
    """A coach whom an educator lets read what they write in an enrollment, until either of them ends it."""

    id = IdField()
    enrollment = models.ForeignKey("programs.Enrollment", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")  # the educator
    coach = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    asks = models.CharField(max_length=300, blank=True)  # what the educator would like to hear about
    opened_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    objects = DraftAccessQuerySet.as_manager()

    class Meta:
        verbose_name = "draft"  # so is it called by whoever looks for one that is not open to them
        constraints = [models.UniqueConstraint(fields=["enrollment", "coach"], condition=Q(ended_at=None), name="one_access_per_coach")]
        indexes = [models.Index(fields=["coach", "ended_at"])]


class NoteQuerySet(VisibleQuerySet["Note"]):
    def seen_by(self, viewer: Actor) -> Q:
        """The educator, for good; the coach who wrote it, while the draft is open to them. Assessors never."""
        if viewer.is_system:
            return everyone()
        if not viewer.person_id:
            return nobody()
        open_to = DraftAccess.objects.live().filter(enrollment=OuterRef("submission__enrollment"), coach_id=viewer.person_id)
        return Q(submission__person=viewer.person_id) | (Q(Exists(open_to), author_id=viewer.person_id) if _coaches(viewer) else nobody())


class Note(models.Model):
    """What a coach says of an answer or a file in a draft. It stays with the attempt, and is no part of what is submitted."""

    id = IdField()
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    prompt = models.CharField(max_length=80, blank=True)
    artifact = models.ForeignKey(Artifact, on_delete=models.PROTECT, null=True, related_name="+")
    quote = models.CharField(max_length=300, blank=True)  # the words that it points at, as they stood then
    text = models.TextField()
    written_at = models.DateTimeField(default=clock.now)
    dealt_at = models.DateTimeField(null=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(prompt="", artifact__isnull=False) | (~Q(prompt="") & Q(artifact=None)), name="note_on_one_place"
            )
        ]
        indexes = [models.Index(fields=["submission", "written_at"])]


def _coaches(viewer: Actor) -> bool:
    """Support reads no draft through a coach's eyes: it was opened to the coach alone."""
    return not viewer.only_looks and (viewer.holds("coach") or viewer.holds("coordinator"))
