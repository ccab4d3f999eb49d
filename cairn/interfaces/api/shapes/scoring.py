"""What assessors and leads read and write. There is no identity in any of it, since the pages it is taken from hold none."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from cairn.interfaces.api.shapes.base import WHOLE, Asked, Id, Key, Moment, Number, Plain, Shown, Slug, at, example
from cairn.pure.rubrics import TEXT_LIMIT

Words = Annotated[str, Field(max_length=TEXT_LIMIT, pattern=WHOLE)]
Level = Annotated[str, Field(pattern=r"^[a-z0-9-]{0,40}$", examples=["proficient"])]
CodeName = Annotated[str, Field(examples=["Basalt 4127"])]


class SheetsAsked(Asked):
    state: Literal["open", "locked"] = "open"


class SheetLine(Shown):
    """A sheet in the queue: a code name, what it is of, by when."""

    id: Id = at("sheet_id")
    code_name: CodeName
    microcredential: Slug = at("microcredential", "slug")
    title: str
    version: Number = at("number")
    kind: Annotated[str, Field(examples=["reader"])]
    state: Annotated[str, Field(examples=["open"])]
    attempt: int
    details: int
    done: int
    due_at: Moment
    locked_at: Moment | None


class LevelShown(Shown):
    """A level of the rubric, from the lowest up; `is_bar` marks the lowest that passes."""

    key: Level
    title: str
    rank: int
    is_bar: bool
    passes: bool


class DescribedLevel(Shown):
    key: Level = at("level", "key")
    text: str


class LackShown(Shown):
    field: Annotated[str, Field(examples=["rationale"])]
    code: str
    sentence: str


class PlaceShown(Shown):
    """A place that the educator cites, in the file of that number."""

    file: int = at("file", "number")
    page: int | None
    from_seconds: int | None
    to_seconds: int | None
    explanation: str


class AnswerShown(Shown):
    prompt: Key = at("prompt", "key")
    question: str = at("prompt", "question")
    serves: list[Key] = at("prompt", "serves")
    text: str
    words: int


def _keys(answers: Any) -> list[str]:
    return [answer.prompt.key for answer in answers]


class LineShown(Shown):
    """One outcome detail on the sheet: its rubric, what is cited for it, and what this assessor said; `revision` is its ETag."""

    detail: Key = at("detail", "key")
    text: str = at("detail", "text")
    guiding_question: str = at("detail", "guiding_question")
    levels: list[DescribedLevel] = at("detail", "levels")
    places: list[PlaceShown]
    answers: Annotated[list[Key], BeforeValidator(_keys)]
    level: Level
    rationale: str
    advice: str
    revision: int
    lacks: list[LackShown] = at("problems")


class Line(Plain):
    """What was seen and where (rationale), and what would show it (advice, asked for below the bar)."""

    model_config = example(level="proficient", rationale="Page 2 compares both classes before and after.", advice="")

    level: Level
    rationale: Words
    advice: Words


class EvidenceFileShown(Shown):
    number: int
    name: Annotated[str, Field(examples=["Document 2"])]
    kind: Annotated[str, Field(examples=["document"])]
    slot: Annotated[str, Field(examples=["A unit plan"])]
    media_type: Annotated[str, Field(examples=["application/pdf"])]
    extension: Annotated[str, Field(examples=["pdf"])]
    size: int
    pages: int | None
    seconds: float | None


class SheetShown(Shown):
    """Everything there is to score one attempt. `carried` holds the levels that an earlier attempt has settled."""

    id: Id = at("sheet_id")
    code_name: CodeName
    kind: Annotated[str, Field(examples=["reader"])]
    state: Annotated[str, Field(examples=["open"])]
    attempt: int
    due_at: Moment
    microcredential: Slug = at("content", "slug")
    title: str = at("content", "title")
    version: Number = at("content", "number")
    levels: list[LevelShown] = at("content", "rubric", "levels")
    lines: list[LineShown]
    answers: list[AnswerShown] = at("evidence", "answers")
    files: list[EvidenceFileShown] = at("evidence", "files")
    carried: dict[str, str]


class SheetState(Shown):
    id: Id
    code_name: CodeName
    state: Annotated[str, Field(examples=["locked"])]
    locked_at: Moment | None


class CommentShown(Shown):
    id: Id
    text: Annotated[str, Field(examples=["Say where in the file this can be seen."])]


class NewComment(Plain):
    model_config = example(text="Say where in the file this can be seen.")

    text: Annotated[str, Field(min_length=1, max_length=500, pattern=WHOLE)]


class WaitingShown(Shown):
    """A case that waits for readers or a lead, and why: in counts alone."""

    id: Id = at("case_id")
    title: str
    version: Number = at("number")
    attempt: int
    state: Annotated[str, Field(examples=["waiting"])]
    since: Moment
    due_at: Moment
    wanted: int
    qualified: int = at("eligible", "qualified")
    free: int = at("eligible", "free")
    in_conflict: int = at("eligible", "in_conflict")
    read_it: int = at("eligible", "read_it")


class DeskShown(Shown):
    """What a lead assessor watches over."""

    to_settle: list[SheetLine]
    settled: list[SheetLine]
    waiting: list[WaitingShown]
    scoring: int
    settling: int
    decided: int
    adjudicated: int


class SaidShown(Shown):
    level: Level = at("level", "key")
    rationale: str
    advice: str


class ComparedShown(Shown):
    detail: Key = at("detail", "key")
    text: str = at("detail", "text")
    differs: bool
    own: SaidShown
    readers: list[SaidShown]


class ComparisonShown(Shown):
    """The lead's locked sheet beside the readers', who stay nameless."""

    id: Id = at("sheet_id")
    code_name: CodeName
    outcome: Annotated[str, Field(examples=["earned"])]
    decided_at: Moment
    lines: list[ComparedShown]
