"""Scoring: the queue, one blind sheet, locking it; the lead's desk and comparison; one's own comment bank."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Query

from cairn.apps.assessment import commands
from cairn.apps.assessment import queries as assessment
from cairn.interfaces.api import versions
from cairn.interfaces.api.frame import Request, Routes, link_to
from cairn.interfaces.api.paging import Page, Paging, part
from cairn.interfaces.api.shapes.base import Id, Key
from cairn.interfaces.api.shapes.learning import LinkShown
from cairn.interfaces.api.shapes.scoring import (
    CommentShown,
    ComparisonShown,
    DeskShown,
    Line,
    LineShown,
    NewComment,
    SheetLine,
    SheetsAsked,
    SheetShown,
    SheetState,
)
from cairn.kernel.errors import NotFound

routes = Routes("scoring")
SHEET = "/scoring/sheets/{sheet_id}"
LINE = SHEET + "/lines/{detail}"


@routes.get("/scoring/sheets", Page[SheetLine], scope="scoring:read")
def sheets(request: Request, asked: Query[SheetsAsked], paging: Query[Paging]) -> Page[SheetLine]:
    """One's own queue: open sheets, the most urgent first, or the twenty locked last."""
    found = assessment.queue_page(request.actor)
    lines = found.waiting if asked.state == "open" else found.locked
    return part(lines, ("due_at", "code_name"), paging, SheetLine.model_validate)


@routes.get(SHEET, SheetShown, scope="scoring:read")
def sheet(request: Request, sheet_id: Id) -> SheetShown:
    """A sheet with its evidence and rubric; nothing says whose it is."""
    return SheetShown.model_validate(assessment.scoring(request.actor, sheet_id))


def _line(request: Request, sheet_id: str, detail: str) -> LineShown:
    return LineShown.model_validate(assessment.scoring(request.actor, sheet_id).line(detail))


@routes.get(LINE, LineShown, scope="scoring:read", is_draft=True)
def line(request: Request, sheet_id: Id, detail: Key, response: HttpResponse) -> LineShown:
    """One outcome detail on the sheet."""
    return versions.bear(response, _line(request, sheet_id, detail))


@routes.put(LINE, LineShown, scope="scoring:write", is_draft=True)
def score(request: Request, sheet_id: Id, detail: Key, body: Line, response: HttpResponse) -> LineShown:
    """Save level, rationale and advice over the version that was read; nothing said yet has version "0"."""
    revision = versions.seen(request, _line(request, sheet_id, detail).revision)
    with versions.over(lambda: _line(request, sheet_id, detail)):
        commands.record_score(
            actor=request.actor, sheet_id=sheet_id, detail=detail, level=body.level, rationale=body.rationale, advice=body.advice,
            revision=revision,
        )  # fmt: skip
    return versions.bear(response, _line(request, sheet_id, detail))


@routes.get(SHEET + "/files/{number}/link", LinkShown, scope="scoring:read")
def evidence_link(request: Request, sheet_id: Id, number: int) -> LinkShown:
    """A fresh address of a file on the files host."""
    file = assessment.scoring(request.actor, sheet_id).evidence.file(number)
    if file is None:
        raise NotFound("file")
    return LinkShown(url=link_to(request, file.artifact_id, f"{file.kind}-{file.number}"))


@routes.post(SHEET + "/lock", SheetState, scope="scoring:write", status=200)
def lock_sheet(request: Request, sheet_id: Id) -> SheetState:
    """Make the sheet final; the last one decides the case, or calls a lead assessor."""
    return SheetState.model_validate(commands.lock_sheet(actor=request.actor, sheet_id=sheet_id))


@routes.post(SHEET + "/step-aside", SheetState, scope="scoring:write", status=200)
def step_aside(request: Request, sheet_id: Id) -> SheetState:
    """Give the case back, no questions asked."""
    return SheetState.model_validate(commands.step_aside(actor=request.actor, sheet_id=sheet_id))


@routes.get(SHEET + "/comparison", ComparisonShown, scope="scoring:read")
def comparison(request: Request, sheet_id: Id) -> ComparisonShown:
    """The lead's locked sheet beside the readers'."""
    return ComparisonShown.model_validate(assessment.comparison(request.actor, sheet_id))


@routes.get("/scoring/desk", DeskShown, scope="scoring:read")
def desk(request: Request) -> DeskShown:
    """What a lead assessor watches over."""
    return DeskShown.model_validate(assessment.desk(request.actor))


@routes.get("/scoring/comments", Page[CommentShown], scope="scoring:read")
def comments(request: Request, paging: Query[Paging]) -> Page[CommentShown]:
    """One's own comment bank."""
    return part(assessment.comments(request.actor), ("text", "id"), paging, CommentShown.model_validate)


@routes.post("/scoring/comments", CommentShown, scope="scoring:write")
def keep_comment(request: Request, body: NewComment) -> CommentShown:
    """Keep a sentence for later."""
    return CommentShown.model_validate(commands.keep_comment(actor=request.actor, text=body.text))


@routes.delete("/scoring/comments/{comment_id}", scope="scoring:write")
def drop_comment(request: Request, comment_id: Id) -> None:
    """Drop a sentence; dropping it twice is the same as once."""
    commands.drop_comment(actor=request.actor, comment_id=comment_id)
