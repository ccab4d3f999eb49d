"""What can be earned, and where it can be begun."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from cairn.interfaces.api.shapes.base import WHOLE, Asked, Day, Id, Moment, Number, Plain, Shown, Slug, at, example
from cairn.pure.packs.model import VersionContent


class CatalogAsked(Asked):
    """Every word must occur, and everything chosen must hold."""

    q: Annotated[str, Field(max_length=200, pattern=WHOLE, description="Words to look for.", examples=["assessment"])] = ""
    audience: Annotated[str, Field(pattern=r"^[a-z-]{0,40}$", examples=["school-leaders"])] = ""
    stage: Annotated[str, Field(pattern=r"^[a-z-]{0,40}$", examples=["pre-service"])] = ""
    framework: Annotated[str, Field(pattern=r"^[a-z0-9-]{0,80}$", examples=["psel-2015"])] = ""
    availability: Literal["", "open", "pilot", "planned"] = ""


class StackShown(Shown):
    """Micro-credentials that belong together; `unnamed` counts planned ones without a name yet."""

    slug: Slug
    title: Annotated[str, Field(examples=["Leading instruction"])]
    summary: str
    is_planned: bool
    unnamed: int


class MicrocredentialLine(Shown):
    """A micro-credential as lists show it; nothing is known of a planned one but its name."""

    id: Id
    slug: Slug
    title: Annotated[str, Field(examples=["Effective Assessment"])]
    state: Annotated[str, Field(examples=["published"])]
    level: int
    stack: Slug = at("stack", "slug")
    summary: str
    audiences: Annotated[list[str], Field(examples=[["school-leaders"]])]


class VersionShown(Shown):
    number: Number
    state: Annotated[str, Field(examples=["published"])]
    content_hash: Annotated[str, Field(examples=["9f2c0c6f2a6d9e1b7a1e0f6b3d5c4a8e9f2c0c6f2a6d9e1b7a1e0f6b3d5c4a8e"])]
    published_at: Moment | None


class StandardShown(Shown):
    """A standard that it aligns to; `detail` is empty where the whole does."""

    framework: str
    source: str
    code: str
    title: str
    detail: str


class MicrocredentialShown(Shown):
    """All that a version says; of a planned micro-credential there is neither version nor content."""

    id: Id = at("line", "id")
    slug: Slug = at("line", "slug")
    title: Annotated[str, Field(examples=["Effective Assessment"])] = at("line", "title")
    state: Annotated[str, Field(examples=["published"])] = at("line", "state")
    issuer: Slug = at("issuer", "slug")
    version: VersionShown | None
    versions: list[VersionShown]
    standards: list[StandardShown]
    content: VersionContent | None


class StackPageShown(Shown):
    stack: StackShown
    who_should_apply: str
    issuer: Slug = at("issuer", "slug")
    microcredentials: list[MicrocredentialLine] = at("lines")


class ProgramShown(Shown):
    slug: Slug
    title: Annotated[str, Field(examples=["Missouri Leadership Program"])]
    summary: str
    organization: Slug = at("organization", "slug")


class OfferingShown(Shown):
    """Where it can be begun, and the rule of its clock: a number of days, a last day, or whichever comes first."""

    id: Id
    program: Slug = at("program", "slug")
    microcredential: Slug = at("microcredential", "slug")
    kind: Annotated[str, Field(examples=["open"])]
    state: Annotated[str, Field(examples=["open"])]
    opens_on: date
    last_day: date | None
    days: int | None


class NewOffering(Plain):
    model_config = example(microcredential="effective-assessment", kind="open", opens_on="2026-01-05", last_day=None, days=120)

    microcredential: Slug
    kind: Literal["open", "pilot"]
    opens_on: Day
    last_day: Day | None = None
    days: Annotated[int, Field(ge=1, le=3660)] | None = None


class RunShown(Shown):
    """An enrollment as those see it who run the program."""

    id: Id
    person: Annotated[str, Field(examples=["Dana Whitfield"])] = at("person", "name")
    microcredential: Slug = at("microcredential", "slug")
    version: Number = at("version", "number")
    state: Annotated[str, Field(examples=["active"])]
    started_at: Moment
    due_at: Moment
    ended_at: Moment | None
