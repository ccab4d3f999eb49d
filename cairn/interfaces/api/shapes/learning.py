"""An educator's own work: enrollments, writing, files, citations, attempts, feedback."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from cairn.interfaces.api.shapes.base import WHOLE, Id, Key, Moment, Number, Plain, Shown, Slug, at, example

Second = Annotated[int, Field(ge=0, le=360_000)]
Place = Annotated[int, Field(ge=1, le=100_000)]
PeopleShown = Literal["nobody", "adults", "students"]


class NewEnrollment(Plain):
    model_config = example(offering="3v8k1x9m2c7q5r0t4w6y")

    offering: Id


class EnrollmentShown(Shown):
    """A run at one version of a micro-credential, with its clock."""

    id: Id
    microcredential: Slug = at("microcredential", "slug")
    title: Annotated[str, Field(examples=["Effective Assessment"])] = at("microcredential", "title")
    version: Number = at("version", "number")
    offering: Id = at("offering_id")
    program: Slug = at("offering", "program", "slug")
    state: Annotated[str, Field(examples=["active"])]
    started_at: Moment
    due_at: Moment
    due_sentence: Annotated[str, Field(examples=["120 days after you began."])]
    zone: Annotated[str, Field(examples=["America/Chicago"])]
    ended_at: Moment | None


class NarrativeShown(Shown):
    """A question with what was written; `revision` is its ETag. Locked where it serves details that are shown already."""

    prompt: Key = at("prompt", "key")
    question: Annotated[str, Field(examples=["In which school do you work?"])] = at("prompt", "question")
    words_min: int = at("prompt", "words_min")
    words_max: int = at("prompt", "words_max")
    is_required: bool = at("prompt", "is_required")
    serves: list[Key] = at("prompt", "serves")
    text: Annotated[str, Field(examples=["We are a school of three hundred and forty."])]
    words: int
    revision: int
    is_locked: bool


class Narrative(Plain):
    model_config = example(text="We are a school of three hundred and forty.")

    text: Annotated[str, Field(max_length=60_000, pattern=WHOLE)]


class FileShown(Shown):
    """A file in its slot. Assessors see neither title nor name, but "Document 2"."""

    id: Id
    slot: Key = at("requirement")
    number: int
    title: Annotated[str, Field(examples=["Unit plan"])]
    kind: Annotated[str, Field(examples=["document"])]
    media_type: Annotated[str, Field(examples=["application/pdf"])]
    extension: Annotated[str, Field(examples=["pdf"])]
    size: int
    sha256: Annotated[str, Field(examples=["9f2c0c6f2a6d9e1b7a1e0f6b3d5c4a8e9f2c0c6f2a6d9e1b7a1e0f6b3d5c4a8e"])]
    pages: int | None
    seconds: float | None
    people_shown: Annotated[str, Field(examples=["nobody"])]
    state: Annotated[str, Field(examples=["kept"])]
    captions: Annotated[str | None, Field(description="The language of a recording's captions.", examples=["en"])] = at(
        "captions", "language", default=None
    )


class FileWaits(Shown):
    """The file is here whole, and takes its place by itself once the virus scanner has looked at it."""

    message: Annotated[str, Field(examples=["“plan.pdf” has arrived, and waits for the virus scanner."])]


class CaptionsText(Plain):
    """Captions of a recording: WebVTT or SRT as text, and the code of their language."""

    model_config = example(language="en", text="WEBVTT\n\n00:01.000 --> 00:04.000\nWhat did you notice first?\n")

    language: Annotated[str, Field(min_length=2, max_length=8, pattern=r"^[a-z]*$")]
    text: Annotated[str, Field(min_length=1, max_length=400_000, pattern=WHOLE)]  # fits a body however it is escaped


class FileWords(Plain):
    """One's own name for a file, and who can be recognized in it."""

    model_config = example(title="Unit plan", people_shown="nobody")

    title: Annotated[str, Field(max_length=120, pattern=WHOLE)]
    people_shown: PeopleShown


class LinkShown(Shown):
    """Where the file can be fetched, by whoever has this address: once within five minutes, then for two hours."""

    url: Annotated[str, Field(examples=["http://127.0.0.1:8000/f/gAAAAAB..."])]


class CitationShown(Shown):
    """A place in a file that shows an outcome detail, and why; `revision` is its ETag."""

    id: Id
    detail: Key
    file: Id = at("artifact_id")
    page: int | None
    from_seconds: int | None
    to_seconds: int | None
    explanation: str
    revision: int


class CitedPlace(Plain):
    model_config = example(page=2, from_seconds=None, to_seconds=None, explanation="The table compares both classes.")

    page: Place | None = None
    from_seconds: Second | None = None
    to_seconds: Second | None = None
    explanation: Annotated[str, Field(max_length=4_000, pattern=WHOLE)] = ""


class NewCitation(CitedPlace):
    model_config = example(
        detail="1.1",
        file="3v8k1x9m2c7q5r0t4w6y",
        page=2,
        from_seconds=None,
        to_seconds=None,
        explanation="The table compares both classes.",
    )

    detail: Key
    file: Id


class SlotShown(Shown):
    """A place for files, and what fits there; `room` is how many more it takes."""

    key: Key = at("requirement", "key")
    title: str = at("requirement", "title")
    what_belongs: str = at("requirement", "what_belongs")
    takes: Annotated[str, BeforeValidator(str), Field(examples=["document or image"])] = at("requirement", "types")
    files_min: int = at("requirement", "files_min")
    files_max: int = at("requirement", "files_max")
    max_megabytes: int | None = at("requirement", "max_megabytes")
    seconds_min: int | None = at("requirement", "seconds_min")
    seconds_max: int | None = at("requirement", "seconds_max")
    max_pages: int | None = at("requirement", "max_pages")
    minors_may_appear: bool = at("requirement", "minors_may_appear")
    room: int
    files: list[FileShown] = at("artifacts")


class DetailWorkShown(Shown):
    """An outcome detail with the places cited for it."""

    key: Key = at("detail", "key")
    text: str = at("detail", "text")
    guiding_question: str = at("detail", "guiding_question")
    is_open: bool
    citations: list[CitationShown]


class PartShown(Shown):
    key: Key = at("part", "key")
    kind: Annotated[str, Field(examples=["narrative"])] = at("part", "kind")
    title: str = at("part", "title")
    instructions: str = at("part", "instructions")
    is_locked: bool
    narratives: list[NarrativeShown] = at("answers")
    slots: list[SlotShown]
    details: list[DetailWorkShown]


class GapShown(Shown):
    """One thing to do before submitting: in which part, at which prompt, slot or detail."""

    part: Key
    key: Key
    sentence: Annotated[str, Field(examples=["Write at least 50 words more."])]


class WorkShown(Shown):
    """An enrollment with everything in its latest attempt. `step`: write, revise, waiting, earned, or left."""

    enrollment: EnrollmentShown
    step: Annotated[str, Field(examples=["write"])]
    attempt: int
    due_at: Moment
    due_sentence: str
    is_late: bool
    open_details: list[Key]
    parts: list[PartShown]
    gaps: list[GapShown]
    saved_at: Moment | None
    decision_due_at: Moment | None = None
    credential: Id | None = None


class NameShown(Shown):
    """A name in the writing that would tell an assessor whose it is."""

    part: Key
    key: Key
    name: str


class CheckShown(Shown):
    """What is missing, and what to look at again; the latter keeps nobody from submitting."""

    may_submit: bool
    gaps: list[GapShown]
    names: list[NameShown]
    unchanged: list[Key]


class AttemptShown(Shown):
    """An attempt; `content_hash` covers every text, file and citation, once it is submitted."""

    id: Id
    attempt: int
    state: Annotated[str, Field(examples=["submitted"])]
    open_details: list[Key]
    due_at: Moment
    submitted_at: Moment | None
    content_hash: str


class VoiceShown(Shown):
    level: Annotated[str, Field(examples=["proficient"])]
    rationale: str
    advice: str


class DetailFeedbackShown(Shown):
    key: Key = at("detail", "key")
    text: str = at("detail", "text")
    level: Annotated[str, Field(examples=["proficient"])]
    is_shown: bool
    is_carried: bool
    voices: list[VoiceShown]


class FeedbackShown(Shown):
    """What the assessors said of an attempt, and what it came to. No assessor is named."""

    attempt: int
    outcome: Annotated[str, Field(examples=["earned"])]
    decided_at: Moment
    readers: int
    is_adjudicated: bool
    details: list[DetailFeedbackShown]
