"""Reading an educator's own work: the workspace, what is missing, the frozen manifest; and what assessors may read of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import rfc8785
from django.db.models import QuerySet

from cairn.apps.catalog import queries as catalog
from cairn.apps.comms.queries import Notice
from cairn.apps.people import queries as people
from cairn.apps.portfolio.models import Artifact, Citation, Submission, Writing
from cairn.apps.programs import queries as programs
from cairn.frame.actor import Actor
from cairn.kernel.facts import Recorded
from cairn.pure.clocks import long_moment
from cairn.pure.packs.completeness import Cited, Gap, Held, gaps, is_open
from cairn.pure.packs.model import ArtifactRequirement, Detail, Part, Prompt, VersionContent

if TYPE_CHECKING:
    from cairn.apps.programs.models import Enrollment


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

    def part(self, key: str) -> PartWork:
        self.content.part(key)
        return next(work for work in self.parts if work.part.key == key)

    @property
    def is_draft(self) -> bool:
        return self.enrollment.state == "active" and (self.submission is None or self.submission.state == "draft")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.enrollment.zone)


def workspace(viewer: Actor, enrollment_id: str) -> Workspace:
    """The viewer's own workspace at its latest attempt."""
    enrollment = programs.enrollment(viewer, enrollment_id)
    submission = latest(viewer, enrollment_id)
    content = catalog.content(viewer, enrollment.version_id)
    open_details = tuple(submission.open_details) if submission else tuple(d.key for d in content.details)
    writings = {w.prompt: w for w in submission.writings.all()} if submission else {}
    artifacts = _artifacts(submission) if submission else ()
    citations = tuple(submission.citations.select_related("artifact").order_by("created_at")) if submission else ()
    missing = _gaps(content, writings, artifacts, citations, open_details)
    parts = tuple(_part(part, writings, artifacts, citations, open_details, missing, content) for part in content.parts)
    attempt = submission.attempt if submission else 1
    return Workspace(enrollment, submission, content, attempt, parts, artifacts, missing, open_details)


def latest(viewer: Actor, enrollment_id: str) -> Submission | None:
    return Submission.objects.visible_to(viewer).filter(enrollment_id=enrollment_id).order_by("-attempt").first()


def attempts(viewer: Actor, enrollment_id: str) -> QuerySet[Submission]:
    return Submission.objects.visible_to(viewer).filter(enrollment_id=enrollment_id).order_by("attempt")


def latest_attempts(viewer: Actor) -> dict[str, Submission]:
    """The latest attempt of each of the viewer's enrollments, by enrollment id."""
    return {s.enrollment_id: s for s in Submission.objects.visible_to(viewer).filter(person_id=viewer.person_id).order_by("attempt")}


def writing(viewer: Actor, enrollment_id: str, prompt: str) -> Writing | None:
    """What is saved now: for the tab that came too late."""
    return Writing.objects.visible_to(viewer).filter(submission__enrollment_id=enrollment_id, prompt=prompt).order_by(
        "-submission__attempt").first()  # fmt: skip


def citation(viewer: Actor, citation_id: str) -> Citation:
    return Citation.objects.visible_to(viewer).select_related("artifact").get_or_not_found(pk=citation_id)


def artifact(viewer: Actor, artifact_id: str) -> Artifact:
    return Artifact.objects.visible_to(viewer).get_or_not_found(pk=artifact_id)


def draft_gaps(viewer: Actor, submission: Submission) -> tuple[Gap, ...]:
    content = catalog.content(viewer, submission.version_id)
    writings = {w.prompt: w for w in submission.writings.all()}
    return _gaps(content, writings, _artifacts(submission), tuple(submission.citations.all()), tuple(submission.open_details))


def _artifacts(submission: Submission) -> tuple[Artifact, ...]:
    return tuple(i.artifact for i in submission.inclusions.select_related("artifact").order_by("artifact__number"))


def held(artifact: Artifact) -> Held:
    return Held(artifact.requirement, artifact.kind, artifact.size / 1e6, artifact.pages, artifact.seconds, artifact.people_shown)


def _gaps(
    content: VersionContent, writings: Mapping[str, Writing], artifacts: tuple[Artifact, ...], citations: tuple[Citation, ...],
    open_details: tuple[str, ...],
) -> tuple[Gap, ...]:  # fmt: skip
    return gaps(
        content, words={k: w.words for k, w in writings.items()}, held=[held(a) for a in artifacts],
        cited=[Cited(c.detail, c.explanation) for c in citations], open_details=open_details,
    )  # fmt: skip


def _part(
    part: Part, writings: Mapping[str, Writing], artifacts: tuple[Artifact, ...], citations: tuple[Citation, ...],
    open_details: tuple[str, ...], missing: tuple[Gap, ...], content: VersionContent,
) -> PartWork:  # fmt: skip
    answers = tuple(_answer(prompt, writings.get(prompt.key), open_details) for prompt in part.prompts)
    slots = tuple(Slot(r, tuple(a for a in artifacts if a.requirement == r.key)) for r in part.artifacts)
    details: tuple[DetailWork, ...] = ()
    if part.kind == "analysis":
        details = tuple(DetailWork(d, tuple(c for c in citations if c.detail == d.key), d.key in open_details) for d in content.details)
    begun = any(a.words for a in answers) or any(s.artifacts for s in slots) or any(d.citations for d in details)
    mine = tuple(gap for gap in missing if gap.part == part.key)
    return PartWork(part, answers, slots, details, sum(a.words for a in answers), mine, begun)


def _answer(prompt: Prompt, written: Writing | None, open_details: tuple[str, ...]) -> Answer:
    text, words, revision = (written.text, written.words, written.revision) if written else ("", 0, 0)
    return Answer(prompt, text, words, revision, not is_open(prompt, open_details))


def manifest(submission: Submission) -> str:
    """Canonical JSON (RFC 8785) of all that is submitted: texts and files by SHA-256, places as they are."""
    return rfc8785.dumps(
        {
            "submission": submission.pk, "enrollment": submission.enrollment_id, "version": submission.version_id,
            "attempt": submission.attempt, "open_details": list(submission.open_details),
            "writings": {w.prompt: _sha256(w.text) for w in submission.writings.all()},
            "artifacts": {a.pk: {"sha256": a.sha256, "size": a.size, "people": a.people_shown} for a in _artifacts(submission)},
            "citations": [
                {"detail": c.detail, "artifact": c.artifact_id, "page": c.page, "from": c.from_seconds, "to": c.to_seconds,
                 "explanation": _sha256(c.explanation)}
                for c in submission.citations.order_by("detail", "created_at", "pk")
            ],
        }
    ).decode()  # fmt: skip


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Evidence:
    """What an assessor may read: texts, files under neutral names, places. No person, no title, no file name, no time."""

    content: VersionContent
    answers: tuple[Answer, ...]
    files: tuple[EvidenceFile, ...]
    places: tuple[EvidencePlace, ...]

    def places_for(self, detail: str) -> tuple[EvidencePlace, ...]:
        return tuple(place for place in self.places if place.detail == detail)

    def file(self, number: int) -> EvidenceFile | None:
        return next((file for file in self.files if file.number == number), None)


@dataclass(frozen=True)
class EvidenceFile:
    artifact_id: str
    number: int
    kind: str
    slot: str
    media_type: str
    extension: str
    size: int
    pages: int | None
    seconds: float | None

    @property
    def name(self) -> str:
        return f"{self.kind.capitalize()} {self.number}"


@dataclass(frozen=True)
class EvidencePlace:
    detail: str
    file: EvidenceFile
    page: int | None
    from_seconds: int | None
    to_seconds: int | None
    explanation: str


def evidence(viewer: Actor, submission_id: str) -> Evidence:
    """The blind reading of a submission, for the system on behalf of an assigned assessor."""
    submission = Submission.objects.visible_to(viewer).get_or_not_found(pk=submission_id)
    content = catalog.content(viewer, submission.version_id)
    writings = {w.prompt: w for w in submission.writings.all()}
    open_details = tuple(submission.open_details)
    answers = tuple(_answer(p, writings.get(p.key), open_details) for p in content.prompts)
    files = {
        a.pk: EvidenceFile(a.pk, number, a.kind, content.artifact(a.requirement).title, a.media_type, a.extension, a.size, a.pages, a.seconds)
        for number, a in enumerate(_artifacts(submission), 1)
    }
    cited = submission.citations.order_by("created_at", "pk")
    places = tuple(EvidencePlace(c.detail, files[c.artifact_id], c.page, c.from_seconds, c.to_seconds, c.explanation) for c in cited)
    return Evidence(content, answers, tuple(files.values()), places)


def submissions_with(viewer: Actor, artifact_id: str) -> list[str]:
    """Ids of the submitted attempts that show a file; for the system alone."""
    found = Submission.objects.visible_to(viewer).exclude(state="draft").filter(inclusions__artifact_id=artifact_id)
    return list(found.values_list("pk", flat=True)) if viewer.is_system else []


@dataclass(frozen=True)
class Submitted:
    """A submitted attempt as assessment files it: ids, and which details are open."""

    submission_id: str
    enrollment_id: str
    person_id: str
    version_id: str
    microcredential_id: str
    program_id: str
    organization_id: str
    issuer_id: str
    attempt: int
    open_details: tuple[str, ...]


def submitted(viewer: Actor, submission_id: str) -> Submitted:
    """For the system alone: whose work it is stands in it."""
    found = Submission.objects.visible_to(viewer).exclude(state="draft")
    s = found.select_related("enrollment__offering", "enrollment__microcredential").get_or_not_found(pk=submission_id)
    run = s.enrollment
    return Submitted(
        s.pk, run.pk, s.person_id, s.version_id, run.microcredential_id, run.offering.program_id, s.organization_id,
        run.microcredential.issuer_id, s.attempt, tuple(s.open_details),
    )  # fmt: skip


def submitted_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    submission = Submission.objects.visible_to(viewer).select_related("person", "enrollment").get(pk=fact.subject_id)
    content = catalog.content(viewer, submission.version_id)
    words = {
        "title": content.title, "attempt": submission.attempt, "path": f"/portfolio/{submission.enrollment_id}/",
        "hash": submission.content_hash[:16], "days": content.scoring.decide_within_business_days,
        "at": long_moment(fact.at, people.zone_of(submission.person_id)),
    }  # fmt: skip
    return (Notice(fact.kind, submission.person_id, submission.person.name, submission.person.email, words),)
