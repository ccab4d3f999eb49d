"""What is written in a draft: answers to prompts, and citations. Each bears a version."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Query

from cairn.apps.portfolio import commands
from cairn.apps.portfolio import queries as portfolio
from cairn.interfaces.api import versions
from cairn.interfaces.api.frame import Request, Routes
from cairn.interfaces.api.paging import Page, Paging, part
from cairn.interfaces.api.shapes.base import Id, Key
from cairn.interfaces.api.shapes.learning import CitationShown, CitedPlace, Narrative, NarrativeShown, NewCitation
from cairn.kernel.errors import NotFound

routes = Routes("drafts")
NARRATIVE = "/enrollments/{enrollment_id}/narratives/{prompt}"
CITATIONS = "/enrollments/{enrollment_id}/citations"


def _narrative(request: Request, enrollment_id: str, prompt: str) -> NarrativeShown:
    work = portfolio.workspace(request.actor, enrollment_id)
    answers = (answer for part in work.parts for answer in part.answers)
    found = next((answer for answer in answers if answer.prompt.key == prompt), None)
    if found is None:
        raise NotFound("prompt")
    return NarrativeShown.model_validate(found)


@routes.get(NARRATIVE, NarrativeShown, scope="portfolio:read", is_draft=True)
def narrative(request: Request, enrollment_id: Id, prompt: Key, response: HttpResponse) -> NarrativeShown:
    """The answer to a prompt."""
    return versions.bear(response, _narrative(request, enrollment_id, prompt))


@routes.put(NARRATIVE, NarrativeShown, scope="portfolio:write", is_draft=True)
def write(request: Request, enrollment_id: Id, prompt: Key, body: Narrative, response: HttpResponse) -> NarrativeShown:
    """Save the answer to a prompt over the version that was read; nothing written yet has version "0"."""
    before = _narrative(request, enrollment_id, prompt)
    revision = versions.seen(request, before.revision)
    with versions.over(lambda: _narrative(request, enrollment_id, prompt)):
        commands.write(actor=request.actor, enrollment_id=enrollment_id, prompt=prompt, text=body.text, revision=revision)
    return versions.bear(response, _narrative(request, enrollment_id, prompt))


def _citations(request: Request, enrollment_id: str) -> list[CitationShown]:
    work = portfolio.workspace(request.actor, enrollment_id)
    return [CitationShown.model_validate(cited) for part in work.parts for detail in part.details for cited in detail.citations]


def _citation(request: Request, enrollment_id: str, citation_id: str) -> CitationShown:
    found = next((cited for cited in _citations(request, enrollment_id) if cited.id == citation_id), None)
    if found is None:
        raise NotFound("citation")
    return found


@routes.get(CITATIONS, Page[CitationShown], scope="portfolio:read")
def citations(request: Request, enrollment_id: Id, paging: Query[Paging]) -> Page[CitationShown]:
    """Every place cited in the latest attempt, by detail."""
    return part(_citations(request, enrollment_id), ("detail", "id"), paging, lambda cited: cited)


@routes.post(CITATIONS, CitationShown, scope="portfolio:write", is_draft=True)
def cite(request: Request, enrollment_id: Id, body: NewCitation, response: HttpResponse) -> CitationShown:
    """Name a place in a file that shows an outcome detail."""
    made = commands.cite(
        actor=request.actor, enrollment_id=enrollment_id, detail=body.detail, artifact_id=body.file, page=body.page,
        from_seconds=body.from_seconds, to_seconds=body.to_seconds, explanation=body.explanation,
    )  # fmt: skip
    return versions.bear(response, _citation(request, enrollment_id, made.pk))


@routes.get(CITATIONS + "/{citation_id}", CitationShown, scope="portfolio:read", is_draft=True)
def citation(request: Request, enrollment_id: Id, citation_id: Id, response: HttpResponse) -> CitationShown:
    """One citation."""
    return versions.bear(response, _citation(request, enrollment_id, citation_id))


@routes.put(CITATIONS + "/{citation_id}", CitationShown, scope="portfolio:write", is_draft=True)
def change_citation(request: Request, enrollment_id: Id, citation_id: Id, body: CitedPlace, response: HttpResponse) -> CitationShown:
    """Name another place in the same file, or another reason, over the version that was read."""
    revision = versions.seen(request, _citation(request, enrollment_id, citation_id).revision)
    with versions.over(lambda: _citation(request, enrollment_id, citation_id)):
        commands.change_citation(
            actor=request.actor, enrollment_id=enrollment_id, citation_id=citation_id, page=body.page, from_seconds=body.from_seconds,
            to_seconds=body.to_seconds, explanation=body.explanation, revision=revision,
        )  # fmt: skip
    return versions.bear(response, _citation(request, enrollment_id, citation_id))


@routes.delete(CITATIONS + "/{citation_id}", scope="portfolio:write")
def uncite(request: Request, enrollment_id: Id, citation_id: Id) -> None:
    """Take a citation out of the draft; the file stays."""
    commands.uncite(actor=request.actor, enrollment_id=enrollment_id, citation_id=citation_id)
