"""Drafts that educators opened to a coach, as each side sees them. Not here: scores, attempts and feedback, which a coach never sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from cairn.apps.catalog import queries as catalog
from cairn.apps.comms.queries import Notice
from cairn.apps.portfolio.models import Artifact, Captions, DraftAccess, Note, Submission
from cairn.apps.portfolio.queries.blind import EvidenceFile, file_of
from cairn.apps.portfolio.queries.work import files_of
from cairn.frame.actor import Actor
from cairn.kernel.errors import NotFound
from cairn.kernel.facts import Recorded
from cairn.pure.packs.model import Part, Prompt


@dataclass(frozen=True)
class DraftAnswer:
    """An answer as a coach reads it, with the notes that they wrote on it."""

    prompt: Prompt
    text: str
    words: int
    notes: tuple[Note, ...]

    @property
    def pieces(self) -> tuple[tuple[str, bool], ...]:
        """The text in pieces, with whether a note points at each; words that have changed since are pointed at no more."""
        found, end = [], 0
        for start, quote in sorted((self.text.find(n.quote), n.quote) for n in self.notes if n.quote):
            if start >= end:
                found += [(self.text[end:start], False), (quote, True)]
                end = start + len(quote)
        return (*found, (self.text[end:], False))


@dataclass(frozen=True)
class DraftFile:
    artifact: Artifact
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class DraftPart:
    part: Part
    answers: tuple[DraftAnswer, ...]
    files: tuple[DraftFile, ...]


@dataclass(frozen=True)
class Draft:
    """What one educator opened to one coach: texts and names of files. No score, no feedback, no number of the attempt."""

    access: DraftAccess
    title: str
    parts: tuple[DraftPart, ...]
    saved_at: datetime | None
    is_draft: bool  # notes may be written

    @property
    def educator(self) -> str:
        return self.access.person.name

    @property
    def notes(self) -> tuple[Note, ...]:
        found: list[Note] = []
        for part in self.parts:
            found += [n for answer in part.answers for n in answer.notes] + [n for file in part.files for n in file.notes]
        return tuple(found)


@dataclass(frozen=True)
class OpenDraft:
    """A draft in a coach's list: how many words there are, and how many of the coach's notes wait to be dealt with."""

    access: DraftAccess
    title: str
    words: int
    notes: int
    waiting: int
    saved_at: datetime | None


def accesses(viewer: Actor, enrollment_id: str) -> QuerySet[DraftAccess]:
    """To whom the viewer opened a draft of theirs, while it is."""
    mine = DraftAccess.objects.visible_to(viewer).live().filter(enrollment_id=enrollment_id, person_id=viewer.person_id)
    return mine.select_related("coach").order_by("opened_at", "pk")


def notes(viewer: Actor, enrollment_id: str) -> QuerySet[Note]:
    """What coaches wrote on the viewer's own attempts, what is open first."""
    mine = Note.objects.visible_to(viewer).filter(submission__enrollment_id=enrollment_id, submission__person_id=viewer.person_id)
    return mine.select_related("author", "artifact", "submission").order_by("dealt_at", "written_at", "pk")


def open_notes(viewer: Actor) -> dict[str, int]:
    """How many notes wait for the viewer, by enrollment."""
    mine = Note.objects.visible_to(viewer).filter(submission__person_id=viewer.person_id, dealt_at=None)
    return dict(mine.values_list("submission__enrollment_id").annotate(n=Count("pk")))


def drafts(viewer: Actor) -> tuple[OpenDraft, ...]:
    """Every draft that is open to the viewer, the earliest due first."""
    found = DraftAccess.objects.visible_to(viewer).live().filter(coach_id=viewer.person_id)
    rows = list(found.select_related("person", "enrollment__microcredential").order_by("enrollment__due_at", "pk"))
    whole = (
        Submission.objects.filter(enrollment__in=[a.enrollment_id for a in rows])
        .prefetch_related("writings")
        .order_by("attempt", "created_at")
    )
    last = {s.enrollment_id: s for s in whole.defer("manifest")}
    count = Note.objects.visible_to(viewer).filter(submission__in=[s.pk for s in last.values()], author_id=viewer.person_id)
    told = {s: (n, w) for s, n, w in count.values_list("submission_id").annotate(n=Count("pk"), w=Count("pk", filter=Q(dealt_at=None)))}
    return tuple(_line(a, last.get(a.enrollment_id), told) for a in rows)


def _line(access: DraftAccess, submission: Submission | None, told: dict[str, tuple[int, int]]) -> OpenDraft:
    writings = list(submission.writings.all()) if submission else []
    written, waiting = told.get(submission.pk, (0, 0)) if submission else (0, 0)
    saved = max((w.saved_at for w in writings if w.revision), default=None)
    return OpenDraft(access, access.enrollment.microcredential.title, sum(w.words for w in writings), written, waiting, saved)


def draft(viewer: Actor, enrollment_id: str) -> Draft:
    """NotFound for everyone but a coach whom it is open to at this moment."""
    found = DraftAccess.objects.visible_to(viewer).live().filter(coach_id=viewer.person_id)
    access = found.select_related("person", "enrollment__microcredential").get_or_not_found(enrollment_id=enrollment_id)
    content = catalog.content(viewer, access.enrollment.version_id)
    latest = Submission.objects.filter(enrollment_id=enrollment_id).order_by("-attempt", "-created_at").first()
    written = {w.prompt: w for w in latest.writings.all()} if latest else {}
    files = files_of(latest) if latest else ()
    mine = list(Note.objects.visible_to(viewer).filter(submission=latest, author_id=viewer.person_id).order_by("written_at", "pk"))

    def answer(prompt: Prompt) -> DraftAnswer:
        own, on = written.get(prompt.key), tuple(n for n in mine if n.prompt == prompt.key)
        return DraftAnswer(prompt, own.text if own else "", own.words if own else 0, on)

    def of(part: Part) -> DraftPart:
        slots = {slot.key for slot in part.artifacts}
        shown = tuple(DraftFile(a, tuple(n for n in mine if n.artifact_id == a.pk)) for a in files if a.requirement in slots)
        return DraftPart(part, tuple(answer(p) for p in part.prompts), shown)

    saved = max((w.saved_at for w in written.values() if w.revision), default=None)
    is_draft = latest is not None and latest.state == "draft"
    return Draft(access, access.enrollment.microcredential.title, tuple(of(p) for p in content.parts), saved, is_draft)


def coached_file(viewer: Actor, artifact_id: str) -> EvidenceFile:
    """A file of a draft that is open to the viewer at this moment."""
    file = Artifact.objects.filter(pk=artifact_id, state="kept").first()
    reads = DraftAccess.objects.visible_to(viewer).live().filter(coach_id=viewer.person_id)
    if file is None or not reads.filter(enrollment_id=file.enrollment_id).exists():
        raise NotFound("file")
    captions = Captions.objects.filter(artifact=file).values_list("language", flat=True).first()
    return file_of(file, file.number, file.title, captions or "")


def coached_with(viewer: Actor, person_id: str, since: date) -> set[str]:
    """Who has read the person's drafts as a coach since then, and whose drafts they have read; for the system alone."""
    if not viewer.is_system:
        return set()
    ties = DraftAccess.objects.filter(Q(ended_at=None) | Q(ended_at__date__gte=since))
    reads = ties.filter(person_id=person_id).values_list("coach_id", flat=True)
    return {*reads, *ties.filter(coach_id=person_id).values_list("person_id", flat=True)}


def opened_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    access = DraftAccess.objects.visible_to(viewer).select_related("coach", "person", "enrollment__microcredential").get(pk=fact.subject_id)
    if access.ended_at is not None:
        return ()
    words = {"educator": access.person.name, "title": access.enrollment.microcredential.title, "asks": access.asks,
             "path": f"/coach/{access.enrollment_id}/"}  # fmt: skip
    return (Notice(fact.kind, access.coach_id, access.coach.name, access.coach.email, words),)


def noted_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """The educator: who wrote, and where to read it. What was said stays behind the sign-in."""
    found = Note.objects.visible_to(viewer).select_related("author", "submission__person", "submission__enrollment__microcredential")
    written = found.get(pk=fact.subject_id)
    run, person = written.submission.enrollment, written.submission.person
    words = {"coach": written.author.name, "title": run.microcredential.title, "path": f"/portfolio/{run.pk}/coach/"}
    return (Notice(fact.kind, person.pk, person.name, person.email, words),)
