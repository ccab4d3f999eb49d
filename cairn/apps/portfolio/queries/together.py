"""What a team shows together, as its members have it, and what stands for its content when it is submitted.

Each member's draft holds a copy of its own, kept the same by the commands; so whoever leaves or submits keeps what they have.
Not here: who is in a team (programs), keeping the copies the same (commands).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import rfc8785
from django.db.models import QuerySet

from cairn.apps.catalog import queries as catalog
from cairn.apps.portfolio.models import Artifact, Captions, SetAside, Submission, TeamSaving
from cairn.apps.programs import queries as programs
from cairn.apps.programs.queries import Enrollment, Team
from cairn.frame.actor import Actor, system
from cairn.pure.packs.model import ArtifactRequirement, Detail, Prompt, VersionContent
from cairn.pure.packs.together import is_shared, may_be_together, rests_on_shared

_SYSTEM = system("portfolio")


@dataclass(frozen=True)
class Together:
    """A team, and what of the version it shows together."""

    team: Team
    content: VersionContent

    @cached_property
    def details(self) -> tuple[Detail, ...]:
        return may_be_together(self.content)

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(detail.key for detail in self.details)

    @cached_property
    def prompts(self) -> tuple[Prompt, ...]:
        return tuple(prompt for prompt in self.content.prompts if is_shared(prompt, self.keys))

    @cached_property
    def slots(self) -> tuple[ArtifactRequirement, ...]:
        return tuple(slot for slot in self.content.artifacts if is_shared(slot, self.keys))

    def takes(self, key: str) -> bool:
        """Whether a prompt or a slot is the team's."""
        return key in {prompt.key for prompt in self.prompts} | {slot.key for slot in self.slots}


def together(enrollment: Enrollment) -> Together | None:
    """For the educator of the enrollment, and the system on their behalf."""
    team = programs.team_of(enrollment)
    return Together(team, catalog.content(_SYSTEM, team.version_id)) if team else None


def shared_in(submission: Submission) -> Together | None:
    """What an attempt shares; once it is submitted, with the team that it was submitted in."""
    if not submission.manifest:
        return together(submission.enrollment)
    told = json.loads(submission.manifest).get("together")
    return Together(programs.team(_SYSTEM, told["team"]), catalog.content(_SYSTEM, submission.version_id)) if told else None


def written_by(viewer: Actor, team: Team) -> QuerySet[TeamSaving]:
    """Who wrote what of the team's answers, the latest first; to the team alone."""
    return TeamSaving.objects.visible_to(viewer).filter(team=team).select_related("author").order_by("-saved_at", "-pk")


def set_aside(viewer: Actor, enrollment_id: str) -> QuerySet[SetAside]:
    """The viewer's own words that gave way to the team's."""
    return SetAside.objects.visible_to(viewer).filter(submission__enrollment_id=enrollment_id).order_by("set_at", "pk")


def digests(submission: Submission, shared: Together, files: tuple[Artifact, ...]) -> dict[str, str]:
    """Detail -> SHA-256 of all that an assessor reads for it, of the open details that rest on nothing but the team's content.

    Neither ids nor numbers take part, so that two members who submit the same content have the same.
    """
    texts = {w.prompt: _sha256(w.text) for w in submission.writings.all()}
    captions = dict(Captions.objects.filter(artifact__in=files).values_list("artifact_id", "text"))
    told = {a.pk: [a.sha256, a.size, a.people_shown, _sha256(captions.get(a.pk, ""))] for a in files}
    found = {}
    for detail in submission.open_details:
        if rests_on_shared(shared.content, detail, shared.keys):
            slots = {slot.key for slot in shared.content.artifacts if detail in slot.serves}
            cited = [c for c in submission.citations.all() if c.detail == detail]
            body: dict[str, Any] = {
                "prompts": {p.key: texts.get(p.key, "") for p in shared.content.prompts if detail in p.serves},
                "files": sorted(told[a.pk] for a in files if a.requirement in slots),
                "places": sorted(
                    [*told[c.artifact_id], c.page or 0, c.from_seconds or 0, c.to_seconds or 0, _sha256(c.explanation)] for c in cited
                ),
            }
            found[detail] = hashlib.sha256(rfc8785.dumps(body)).hexdigest()
    return found


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
