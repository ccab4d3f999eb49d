"""An educator's own work: the workspace, what is missing, the frozen manifest. Not here: what assessors may read of it (blind)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import rfc8785
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from cairn.apps.catalog import queries as catalog
from cairn.apps.portfolio.models import Artifact, Captions, Citation, Inclusion, Submission, Writing
from cairn.apps.portfolio.queries.together import Together, digests, shared_in, together
from cairn.apps.programs import queries as programs
from cairn.apps.programs.queries import Enrollment
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.pure.packs.completeness import Cited, Gap, Held, gaps, is_open
from cairn.pure.packs.model import ArtifactRequirement, Detail, Part, Prompt, VersionContent
from cairn.pure.packs.together import may_be_together


@dataclass(frozen=True)
class Answer:
    """A prompt with what was written; locked where its details are shown already."""

    prompt: Prompt
    text: str
    words: int
    revision: int
    is_locked: bool


@dataclass(frozen=True)
class Slot:
    requirement: ArtifactRequirement
    artifacts: tuple[Artifact, ...]
    gaps: tuple[Gap, ...]
    room: int  # how many more files it takes in this attempt


@dataclass(frozen=True)
class DetailWork:
    """An outcome detail with its citations."""

    detail: Detail
    citations: tuple[Citation, ...]
    is_open: bool


@dataclass(frozen=True)
class PartWork:
    """One part of the workspace; `gaps` is empty when it is done."""

    part: Part
    answers: tuple[Answer, ...]
    slots: tuple[Slot, ...]
    details: tuple[DetailWork, ...]  # only in the analysis part
    words: int
    gaps: tuple[Gap, ...]
    is_begun: bool

    @property
    def is_locked(self) -> bool:
        """Nothing in it belongs to this attempt."""
        return not self.slots and all(a.is_locked for a in self.answers) and not any(d.is_open for d in self.details)


@dataclass(frozen=True)
class Workspace:
    enrollment: Enrollment
    submission: Submission | None  # None until the first thing is kept
    content: VersionContent
    attempt: int
    parts: tuple[PartWork, ...]
    artifacts: tuple[Artifact, ...]
    gaps: tuple[Gap, ...]
    open_details: tuple[str, ...]
    saved_at: datetime | None  # when a writing was saved last in this attempt

    def part(self, key: str) -> PartWork:
        self.content.part(key)
        return next(work for work in self.parts if work.part.key == key)

    @property
    def may_be_shared(self) -> bool:
        return bool(may_be_together(self.content))

    @cached_property
    def shared(self) -> Together | None:
        """What the viewer's team shows together."""
        return together(self.enrollment)

    @property
    def is_draft(self) -> bool:
        return self.enrollment.state == "active" and (self.submission is None or self.submission.state == "draft")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.enrollment.zone)

    @property
    def due_at(self) -> datetime:
        return self.submission.due_at if self.submission else self.enrollment.due_at

    @property
    def due_sentence(self) -> str:
        return self.submission.due_sentence if self.submission else self.enrollment.due_sentence

    @property
    def is_late(self) -> bool:
        return self.is_draft and clock.now() > self.due_at

    @property
    def step(self) -> str:
        """What it waits for: write, revise, waiting (for a decision), earned, or left."""
        if self.enrollment.state == "withdrawn":
            return "left"
        if self.enrollment.state == "completed" or (self.submission and self.submission.state == "earned"):
            return "earned"
        if not self.is_draft:
            return "waiting"
        return "revise" if self.attempt > 1 else "write"

    @property
    def share(self) -> float:
        """How much of the way is done, from 0 to 1: things asked for and there; in a later attempt, details that are shown."""
        if self.step == "revise":
            return 1 - len(self.open_details) / len(self.content.details)
        if self.step != "write":
            return float(self.step != "left")
        asked = gaps(self.content, words={}, held=(), cited=(), open_details=self.open_details)
        return 1 - len({(g.part, g.key) for g in self.gaps}) / max(1, len({(g.part, g.key) for g in asked}))

    def is_carried(self, artifact: Artifact) -> bool:
        """Part of an earlier attempt, so it stays as it is."""
        return self.submission is not None and is_carried(self.submission, artifact)


def workspace(viewer: Actor, enrollment_id: str) -> Workspace:
    """The viewer's own workspace at its latest attempt."""
    enrollment = programs.my_enrollment(viewer, enrollment_id)
    submission = (
        _whole(Submission.objects.visible_to(viewer).filter(enrollment_id=enrollment_id)).order_by("-attempt", "-created_at").first()
    )
    return _assembled(viewer, enrollment, submission)


def workspaces(viewer: Actor) -> tuple[Workspace, ...]:
    """All of the viewer's own, each at its latest attempt, the latest begun first."""
    whole = _whole(Submission.objects.visible_to(viewer).filter(person_id=viewer.person_id))
    last = {s.enrollment_id: s for s in whole.order_by("attempt", "created_at")}
    return tuple(_assembled(viewer, run, last.get(run.pk)) for run in programs.my_enrollments(viewer))


def _whole(found: QuerySet[Submission]) -> QuerySet[Submission]:
    """With everything in it, in as many queries for many as for one."""
    files = Inclusion.objects.select_related("artifact__captions").defer("artifact__captions__text")
    included = files.order_by("artifact__number", "artifact_id")
    cited = Citation.objects.select_related("artifact").order_by("created_at", "pk")
    return (
        found.prefetch_related("writings").prefetch_related(Prefetch("inclusions", included)).prefetch_related(Prefetch("citations", cited))
    )


def _assembled(viewer: Actor, enrollment: Enrollment, submission: Submission | None) -> Workspace:
    content = catalog.content(viewer, enrollment.version_id)
    open_details = tuple(submission.open_details) if submission else tuple(d.key for d in content.details)
    writings = {w.prompt: w for w in submission.writings.all()} if submission else {}
    artifacts = files_of(submission) if submission else ()
    citations = tuple(submission.citations.all()) if submission else ()
    missing = _gaps(content, submission, open_details) if submission else _nothing_yet(content)
    carried = {a.pk for a in artifacts if submission and is_carried(submission, a)}
    parts = tuple(_part(part, writings, artifacts, carried, citations, open_details, missing, content) for part in content.parts)
    saved_at = max((w.saved_at for w in writings.values() if w.revision), default=None)
    attempt = submission.attempt if submission else 1
    return Workspace(enrollment, submission, content, attempt, parts, artifacts, missing, open_details, saved_at)


def unchanged_details(viewer: Actor, work: Workspace) -> tuple[str, ...]:
    """In a later attempt: open details for which the assessors would read exactly what they have read."""
    if work.submission is None or work.attempt == 1:
        return ()
    before = _whole(attempts(viewer, work.enrollment.pk).filter(attempt=work.attempt - 1)).get()
    return tuple(d for d in work.open_details if _shown_for(work.content, before, d) == _shown_for(work.content, work.submission, d))


def _shown_for(content: VersionContent, submission: Submission, detail: str) -> object:
    serving = {prompt.key for prompt in content.prompts if detail in prompt.serves}
    texts = {w.prompt: w.text for w in submission.writings.all() if w.prompt in serving}
    cited = {(c.artifact_id, c.page, c.from_seconds, c.to_seconds, c.explanation) for c in submission.citations.all() if c.detail == detail}
    return texts, cited


def attempts(viewer: Actor, enrollment_id: str) -> QuerySet[Submission]:
    """Each attempt as it stands; what came back before it was scored is part of the one that goes on."""
    return Submission.objects.visible_to(viewer).filter(enrollment_id=enrollment_id).exclude(state="returned").order_by("attempt")


def out_of_time(viewer: Actor) -> list[str]:
    """Ids of enrollments that are past due with nothing handed in and no later attempt that still has time; for the timed job."""
    alive = Submission.objects.filter(enrollment=OuterRef("pk"))
    waits = alive.filter(Q(state="submitted") | Q(state="draft", due_at__gt=clock.now() - timedelta(hours=1)))
    found: QuerySet[Enrollment] = programs.past_due(viewer).exclude(Exists(waits))
    return list(found.values_list("pk", flat=True)[:1000])


def attempts_by_run(viewer: Actor) -> dict[str, list[Submission]]:
    """Every attempt of the viewer's, the first first, by enrollment."""
    found: dict[str, list[Submission]] = {}
    for submission in (
        Submission.objects.visible_to(viewer)
        .filter(person_id=viewer.person_id)
        .exclude(state="returned")
        .defer("manifest")
        .order_by("attempt")
    ):
        found.setdefault(submission.enrollment_id, []).append(submission)
    return found


def writing(viewer: Actor, enrollment_id: str, prompt: str) -> Writing | None:
    """What is saved now: for the tab that came too late."""
    return Writing.objects.visible_to(viewer).filter(submission__enrollment_id=enrollment_id, prompt=prompt).order_by(
        "-submission__attempt", "-submission__created_at").first()  # fmt: skip


def citation(viewer: Actor, citation_id: str) -> Citation:
    return Citation.objects.visible_to(viewer).select_related("artifact", "submission").get_or_not_found(pk=citation_id)


def artifact(viewer: Actor, artifact_id: str) -> Artifact:
    return Artifact.objects.visible_to(viewer).get_or_not_found(pk=artifact_id)


def captions(viewer: Actor, artifact_id: str) -> Captions | None:
    return Captions.objects.visible_to(viewer).filter(artifact_id=artifact_id).first()


def draft_gaps(viewer: Actor, submission: Submission) -> tuple[Gap, ...]:
    return _gaps(catalog.content(viewer, submission.version_id), submission, tuple(submission.open_details))


def files_of(submission: Submission) -> tuple[Artifact, ...]:
    """The artifacts that belong to the attempt, in the order in which they came."""
    if "inclusions" in getattr(submission, "_prefetched_objects_cache", {}):
        return tuple(i.artifact for i in submission.inclusions.all())
    return tuple(i.artifact for i in submission.inclusions.select_related("artifact").order_by("artifact__number", "artifact_id"))


def is_carried(submission: Submission, artifact: Artifact) -> bool:
    """Whether an earlier attempt showed it: nothing is added between submitting one attempt and opening the next."""
    return submission.attempt > 1 and artifact.created_at <= submission.created_at


def held(artifact: Artifact, *, carried: bool = False) -> Held:
    return Held(artifact.requirement, artifact.kind, artifact.size / 1e6, artifact.pages, artifact.seconds, artifact.people_shown, carried)


def _gaps(content: VersionContent, submission: Submission, open_details: tuple[str, ...]) -> tuple[Gap, ...]:
    return gaps(
        content, words={w.prompt: w.words for w in submission.writings.all()},
        held=[held(a, carried=is_carried(submission, a)) for a in files_of(submission)],
        cited=[Cited(c.detail, c.explanation) for c in submission.citations.all()], open_details=open_details,
    )  # fmt: skip


def _nothing_yet(content: VersionContent) -> tuple[Gap, ...]:
    return gaps(content, words={}, held=(), cited=(), open_details=[d.key for d in content.details])


def _part(
    part: Part, writings: Mapping[str, Writing], artifacts: tuple[Artifact, ...], carried: set[str], citations: tuple[Citation, ...],
    open_details: tuple[str, ...], missing: tuple[Gap, ...], content: VersionContent,
) -> PartWork:  # fmt: skip
    answers = tuple(answer_to(prompt, writings.get(prompt.key), open_details) for prompt in part.prompts)
    mine = tuple(gap for gap in missing if gap.part == part.key)
    slots = tuple(_slot(r, [a for a in artifacts if a.requirement == r.key], carried, mine) for r in part.artifacts)
    details: tuple[DetailWork, ...] = ()
    if part.kind == "analysis":
        details = tuple(DetailWork(d, tuple(c for c in citations if c.detail == d.key), d.key in open_details) for d in content.details)
    begun = any(a.words for a in answers) or any(s.artifacts for s in slots) or any(d.citations for d in details)
    return PartWork(part, answers, slots, details, sum(a.words for a in answers), mine, begun)


def _slot(requirement: ArtifactRequirement, files: list[Artifact], carried: set[str], missing: tuple[Gap, ...]) -> Slot:
    room = requirement.files_max - sum(a.pk not in carried for a in files)
    return Slot(requirement, tuple(files), tuple(gap for gap in missing if gap.key == requirement.key), max(0, room))


def answer_to(prompt: Prompt, written: Writing | None, open_details: tuple[str, ...]) -> Answer:
    text, words, revision = (written.text, written.words, written.revision) if written else ("", 0, 0)
    return Answer(prompt, text, words, revision, not is_open(prompt, open_details))


def manifest(submission: Submission) -> str:
    """Canonical JSON (RFC 8785) of all that is submitted: texts, files and their captions by SHA-256, places as they are."""
    files = files_of(submission)
    captioned = dict(Captions.objects.filter(artifact__in=files).values_list("artifact_id", "text"))
    shared = shared_in(submission)
    return rfc8785.dumps(
        {
            "submission": submission.pk, "enrollment": submission.enrollment_id, "version": submission.version_id,
            "attempt": submission.attempt, "open_details": list(submission.open_details),
            "writings": {w.prompt: _sha256(w.text) for w in submission.writings.all()},
            "artifacts": {a.pk: _file(a, captioned.get(a.pk)) for a in files},
            "citations": [
                {"detail": c.detail, "artifact": c.artifact_id, "page": c.page, "from": c.from_seconds, "to": c.to_seconds,
                 "explanation": _sha256(c.explanation)}
                for c in submission.citations.order_by("detail", "created_at", "pk")
            ],
            **({"together": {"team": shared.team.pk, "details": digests(submission, shared, files)}} if shared else {}),
        }
    ).decode()  # fmt: skip


@dataclass(frozen=True)
class Sealed:
    """What was submitted, counted: its fingerprint, and whether everything is still what it was then. Not the work itself."""

    files: int
    words: int
    fingerprint: str
    sealed_at: datetime
    holds: bool


def sealed(viewer: Actor, submission_id: str) -> Sealed:
    """For the system: the seal of an attempt, made again from the texts and records that are there now."""
    submission = Submission.objects.visible_to(viewer).exclude(submitted_at=None).get_or_not_found(pk=submission_id)
    same = manifest(submission) == submission.manifest and _sha256(submission.manifest) == submission.content_hash
    words = sum(submission.writings.values_list("words", flat=True))
    assert submission.submitted_at is not None
    return Sealed(len(files_of(submission)), words, submission.content_hash, submission.submitted_at, same)


def _file(artifact: Artifact, captions: str | None) -> dict[str, str | int]:
    told: dict[str, str | int] = {"sha256": artifact.sha256, "size": artifact.size, "people": artifact.people_shown}
    return told if captions is None else {**told, "captions": _sha256(captions)}


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
