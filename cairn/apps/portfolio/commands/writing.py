"""Answers to prompts, and citations: the places in files that show a detail. Not here: the files (files)."""

from __future__ import annotations

from typing import Any

from cairn.apps.catalog import queries as catalog
from cairn.apps.portfolio import policy
from cairn.apps.portfolio.commands.drafts import draft, stale
from cairn.apps.portfolio.commands.teams import mates, note_saving, spread_citation, spread_writing, unspread_citation
from cairn.apps.portfolio.models import Artifact, Citation, Submission, Writing
from cairn.apps.portfolio.queries import Together, files_of, together
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid, NotFound
from cairn.kernel.text import clean, word_count
from cairn.pure.packs.completeness import is_open

TEXT_LIMIT = 60_000
EXPLANATION_LIMIT = 4_000


@command
def write(*, actor: Actor, enrollment_id: str, prompt: str, text: str, revision: int) -> Writing:
    """Save the answer to a prompt over `revision`, the one that the writer saw; Conflict where another was saved since."""
    submission = draft(actor, enrollment_id, policy.WRITE)
    question = catalog.content(actor, submission.version_id).prompt(prompt)
    if not is_open(question, submission.open_details):
        raise Conflict("prompt-locked", "This answer serves details that are shown already.", "Change only what is open in this attempt.")
    text = clean(text, limit=TEXT_LIMIT, field=prompt, name="This answer")
    writing, _ = Writing.objects.get_or_create(submission=submission, prompt=prompt)
    if writing.text == text and writing.revision:
        return writing
    if writing.revision != revision:
        raise stale()
    writing.text, writing.words, writing.revision, writing.saved_at = text, word_count(text), revision + 1, clock.now()
    writing.save()
    if (shared := together(submission.enrollment)) and shared.takes(prompt):
        spread_writing(shared, submission, writing, question)
        note_saving(shared, str(actor.person_id), writing)
    return writing


@command
def cite(
    *, actor: Actor, enrollment_id: str, detail: str, artifact_id: str, page: int | None = None, from_seconds: int | None = None,
    to_seconds: int | None = None, explanation: str = "",
) -> Citation:  # fmt: skip
    """Name a place in an artifact that shows an outcome detail."""
    submission = draft(actor, enrollment_id, policy.WRITE)
    _open_detail(submission, detail)
    artifact = next((file for file in files_of(submission) if file.pk == artifact_id and file.state == "kept"), None)
    if artifact is None:
        raise NotFound("file")
    shared = _shared(submission, detail)
    if shared and not shared.takes(artifact.requirement):
        where = " or ".join(f"“{slot.title}”" for slot in shared.slots)
        why = "This detail is shown together, and the file is yours alone."
        raise Invalid("file-alone", why, f"Cite a file in {where}.", {"artifact_id": f"{why} Cite a file in {where}."})
    place = _place(artifact, page, from_seconds, to_seconds)
    explanation = clean(explanation, limit=EXPLANATION_LIMIT, field="explanation", name="This explanation")
    mine = Citation.objects.filter(submission=submission, detail=detail)
    if same := mine.filter(artifact=artifact, explanation=explanation, **place).first():
        return same  # asked twice: a second click, or an answer that got lost
    if mine.count() >= 12:
        raise Conflict("citations-enough", "A detail takes at most 12 citations.", "Keep the ones that show it best.")
    made = Citation.objects.create(submission=submission, detail=detail, artifact=artifact, explanation=explanation, revision=1, **place)
    if shared:
        spread_citation(made, mates(shared, submission))
    return made


@command
def change_citation(
    *, actor: Actor, enrollment_id: str, citation_id: str, page: int | None, from_seconds: int | None, to_seconds: int | None,
    explanation: str, revision: int,
) -> Citation:  # fmt: skip
    submission = draft(actor, enrollment_id, policy.WRITE)
    citation = Citation.objects.filter(submission=submission).select_related("artifact", "submission").locked(pk=citation_id)
    _open_detail(submission, citation.detail)
    place = _place(citation.artifact, page, from_seconds, to_seconds)
    explanation = clean(explanation, limit=EXPLANATION_LIMIT, field="explanation", name="This explanation")
    if all(getattr(citation, k) == v for k, v in {**place, "explanation": explanation}.items()):
        return citation
    if citation.revision != revision:
        raise stale()
    for name, value in place.items():
        setattr(citation, name, value)
    citation.explanation, citation.revision = explanation, revision + 1
    citation.save()
    if shared := _shared(submission, citation.detail):
        spread_citation(citation, mates(shared, submission))
    return citation


@command
def uncite(*, actor: Actor, enrollment_id: str, citation_id: str) -> None:
    """Take a citation out of the draft; taking it out twice is the same as once."""
    submission = draft(actor, enrollment_id, policy.WRITE)
    citation = Citation.objects.filter(submission=submission, pk=citation_id).first()
    if citation is not None:
        _open_detail(submission, citation.detail)
        if shared := _shared(submission, citation.detail):
            unspread_citation(citation, mates(shared, submission))
        citation.delete()


def _shared(submission: Submission, detail: str) -> Together | None:
    """What the team shows together, where the detail is among it."""
    shared = together(submission.enrollment)
    return shared if shared and detail in shared.keys else None


def _open_detail(submission: Submission, detail: str) -> None:
    if detail not in submission.open_details:
        raise Conflict("detail-locked", f"Detail {detail} is not open in this attempt.", "Change only the details that are not yet shown.")


def _place(artifact: Artifact, page: int | None, start: int | None, end: int | None) -> dict[str, Any]:
    """Pages are for what has pages, times for recordings."""
    is_recording = artifact.kind in ("video", "audio")
    if is_recording and page is not None:
        raise _nowhere("page", "A recording has no pages.", "Say from which moment to which.")
    if not is_recording and (start, end) != (None, None):
        raise _nowhere("moment", "This file is no recording.", "Give a page instead.")
    if page is not None and (page < 1 or (artifact.pages is not None and page > artifact.pages)):
        pages = f"pages 1 to {artifact.pages}" if artifact.pages else "no such page"
        raise Invalid("page-unknown", f"This file has {pages}.", "Give a page that is in it.", {"page": f"This file has {pages}."})
    last = artifact.seconds
    for moment in (start, end):
        if moment is not None and (moment < 0 or (last is not None and moment > last + 1)):
            raise Invalid("moment-unknown", "This recording is shorter than that.", "Give a time that is in it.",
                          {"from_seconds": "Give a time that is in the recording."})  # fmt: skip
    if start is not None and end is not None and end < start:
        raise Invalid("moment-order", "The end comes before the beginning.", "Give a later end.", {"to_seconds": "Give a later end."})
    return {"page": page, "from_seconds": start, "to_seconds": end}


def _nowhere(what: str, sentence: str, remedy: str) -> Invalid:
    return Invalid(f"{what}-unknown", sentence, remedy, {"page" if what == "page" else "from_seconds": f"{sentence} {remedy}"})
