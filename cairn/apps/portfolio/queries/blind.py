"""What assessors may read of a submission, and what assessment needs to file it. Not here: the educator's own view (work)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from cairn.apps.catalog import queries as catalog
from cairn.apps.comms.queries import Notice
from cairn.apps.people import queries as people
from cairn.apps.portfolio.models import Artifact, Captions, Submission
from cairn.apps.portfolio.queries.work import Answer, answer_to, files_of
from cairn.frame.actor import Actor
from cairn.kernel.facts import Recorded
from cairn.pure.clocks import long_moment
from cairn.pure.packs.model import VersionContent


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
    has_poster: bool = False
    captions: str = ""  # their language; empty where there are none

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
    answers = tuple(answer_to(p, writings.get(p.key), open_details) for p in content.prompts)
    slots = {slot.key: slot.title for slot in content.artifacts}
    included = files_of(submission)
    languages = dict(Captions.objects.filter(artifact__in=included).values_list("artifact_id", "language"))
    files = {a.pk: file_of(a, number, slots[a.requirement], languages.get(a.pk, "")) for number, a in enumerate(included, 1)}
    cited = submission.citations.order_by("created_at", "pk")
    places = tuple(EvidencePlace(c.detail, files[c.artifact_id], c.page, c.from_seconds, c.to_seconds, c.explanation) for c in cited)
    return Evidence(content, answers, tuple(files.values()), places)


def file_of(artifact: Artifact, number: int, slot: str, captions: str) -> EvidenceFile:
    a = artifact
    return EvidenceFile(
        a.pk, number, a.kind, slot, a.media_type, a.extension, a.size, a.pages, a.seconds, has_poster=a.has_poster, captions=captions
    )


def own_file(viewer: Actor, artifact_id: str) -> EvidenceFile:
    """A file of the viewer's own, as its assessors see it."""
    own = Artifact.objects.visible_to(viewer).get_or_not_found(pk=artifact_id)
    found = Captions.objects.filter(artifact=own).values_list("language", flat=True).first()
    return file_of(own, own.number, "", found or "")


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
    team_id: str
    is_checked: bool  # whether somebody looks that it is whole before assessors are asked
    together: Mapping[str, str]  # detail -> what stands for its evidence, where that is wholly a team's


def submitted(viewer: Actor, submission_id: str) -> Submitted:
    """For the system alone: whose work it is stands in it."""
    found = Submission.objects.visible_to(viewer).exclude(state="draft")
    s = found.select_related("enrollment__offering__program", "enrollment__microcredential").get_or_not_found(pk=submission_id)
    run, told = s.enrollment, json.loads(s.manifest).get("together", {"team": "", "details": {}})
    return Submitted(
        s.pk, run.pk, s.person_id, s.version_id, run.microcredential_id, run.offering.program_id, s.organization_id,
        run.microcredential.issuer_id, s.attempt, tuple(s.open_details), told["team"], run.offering.program.checks_first,
        told["details"],
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
