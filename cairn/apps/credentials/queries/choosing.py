"""What an educator may put on a page that they share, and why something may not go on it. Not here: what a reader sees of it (shared)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cairn.apps.assessment import queries as assessment
from cairn.apps.credentials.models import Credential
from cairn.apps.credentials.queries.pages import mine
from cairn.apps.portfolio import queries as portfolio
from cairn.frame.actor import Actor

# Of what the educator said who can be recognized in a file: why it is shown to nobody but assessors.
_STAYS = {
    "": "Say first who can be recognized in it.",
    "students": "Students can be recognized in it, and their permission is for the assessors alone.",
}


@dataclass(frozen=True)
class Chosen:
    """One thing for a page: its kind (states.PART_KINDS), its id, and the educator's note on it."""

    kind: str
    thing: str
    note: str = ""


@dataclass(frozen=True)
class Choice:
    """A thing that may go on a page, or may not and `why_not`; `names` of the educator and their workplaces stand in its text."""

    kind: str
    thing: str
    title: str
    about: str
    why_not: str = ""
    names: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.thing}"


@dataclass(frozen=True)
class Choices:
    """All of one micro-credential."""

    title: str
    choices: tuple[Choice, ...]


def choices(viewer: Actor) -> tuple[Choices, ...]:
    """The viewer's own work, by micro-credential, what is earned first; what has nothing to show is left out."""
    signed = {credential.enrollment_id: credential for credential in mine(viewer)}
    works = sorted(portfolio.workspaces(viewer), key=lambda work: work.enrollment.pk not in signed)
    found = (Choices(work.content.title, tuple(_of(viewer, work, signed.get(work.enrollment.pk)))) for work in works)
    return tuple(each for each in found if each.choices)


def stays(artifact: portfolio.Artifact) -> str:
    """Why a file is shown to nobody else now; empty where it may be."""
    return "It was taken out." if artifact.state != "kept" else _STAYS.get(artifact.people_shown, "")


def _of(viewer: Actor, work: portfolio.Workspace, credential: Credential | None) -> Iterator[Choice]:
    if credential is not None:
        why_not = "Its issuer has revoked it." if credential.state == "revoked" else ""
        yield Choice("credential", credential.pk, "The credential", "With its checks, made when the page is read.", why_not)
    for told in assessment.feedback(viewer, work.enrollment.pk):
        about = f"Attempt {told.attempt}, all {len(told.details)} details. A level is not a grade, and may be read as one."
        yield Choice("feedback", told.decision_id, "What the assessors wrote", about)
    slots = {slot.key: slot.title for slot in work.content.artifacts}
    for file in work.artifacts:
        name = f"{file.kind.capitalize()} {file.number}"
        yield Choice("file", file.pk, file.title, f"Shown as “{name}” of “{slots[file.requirement]}”, without its name.", stays(file))
    yield from _answers(viewer, work)


def _answers(viewer: Actor, work: portfolio.Workspace) -> Iterator[Choice]:
    """Of the latest attempt that was handed in: what is still being written changes."""
    attempt = portfolio.attempts(viewer, work.enrollment.pk).exclude(state="draft").prefetch_related("writings").last()
    written = {w.prompt: w for w in attempt.writings.all() if w.words} if attempt else {}
    shown = [(prompt, written[prompt.key]) for prompt in work.content.prompts if prompt.key in written]
    for (prompt, own), names in zip(shown, portfolio.names_in(viewer, [own.text for _, own in shown]), strict=True):
        yield Choice("answer", own.pk, prompt.question, f"{own.words:,} words", names=names)
