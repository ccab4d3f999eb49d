"""Credentials: what anyone may know, what their issuer's admins may, and whether one holds."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from cairn.interfaces.api.shapes.base import WHOLE, Id, Moment, Number, Plain, Shown, Slug, at, example


class CheckedShown(Shown):
    """One named check: passed, failed, or unknown."""

    key: Annotated[str, Field(examples=["signature"])]
    title: Annotated[str, Field(examples=["Nothing was changed since it was signed"])]
    result: Annotated[str, Field(examples=["passed"])]
    expected: str
    got: str


class VerificationShown(Shown):
    """`verdict`: valid, revoked, invalid or unknown. `record` is the id of this site's own record, where it has one."""

    verdict: Annotated[str, Field(examples=["valid"])]
    checks: list[CheckedShown]
    record: Id | None = None


class ToVerify(Plain):
    """One credential: as an object, as its exact text, or by its address on this site."""

    model_config = example(credential=None, text=None, address="http://localhost:8000/credentials/3v8k1x9m2c7q5r0t4w6y")

    credential: dict[str, Any] | None = None
    text: Annotated[str, Field(min_length=1, max_length=2_500_000, pattern=WHOLE)] | None = None
    address: Annotated[str, Field(min_length=1, max_length=2000, pattern=WHOLE)] | None = None


class CredentialShown(Shown):
    """What anyone with its address may read; the earner's name is there only if they let it be shown."""

    id: Id = at("line", "id")
    title: Annotated[str, Field(examples=["Effective Assessment"])] = at("line", "title")
    earner: Annotated[str, Field(examples=["Dana Whitfield"])] = at("line", "earner")
    issuer: Slug = at("line", "issuer", "slug")
    microcredential: Slug = at("content", "slug")
    version: Number = at("content", "number")
    content_hash: str
    awarded_on: date = at("line", "awarded_on")
    revoked_on: date | None = at("line", "revoked_on")
    document: Annotated[str, Field(examples=["http://localhost:8000/credentials/3v8k1x9m2c7q5r0t4w6y.json"])] = ""
    verification: VerificationShown


class AwardShown(Shown):
    """A credential in a list."""

    id: Id
    microcredential: Slug = at("version", "microcredential", "slug")
    title: Annotated[str, Field(examples=["Effective Assessment"])] = at("version", "microcredential", "title")
    state: Annotated[str, Field(examples=["issued"])]
    awarded_at: Moment
    issued_at: Moment | None
    revoked_at: Moment | None


class OwnAwardShown(AwardShown):
    enrollment: Id = at("enrollment_id")


class IssuedShown(AwardShown):
    """The same for the issuer's admins: with whose it is."""

    earner: Annotated[str, Field(examples=["Dana Whitfield"])] = at("person", "name")


class ReasonShown(Shown):
    change: Annotated[str, Field(examples=["revoked"])]
    reason: str
    made_at: Moment


class RecordShown(IssuedShown):
    """A credential as its issuer's admins manage it, with why it was revoked or given back."""

    issuer: Slug = at("issuer", "slug")
    reasons: list[ReasonShown] = []


class Reason(Plain):
    """For admins of the issuer and operators alone."""

    model_config = example(reason="Issued by mistake; the decision was about another person.")

    reason: Annotated[str, Field(min_length=1, max_length=4000, pattern=WHOLE)]


class LinkOfChain(Shown):
    """One fact; `holds` says whether its columns, its body and its leaf still agree. Nobody who scored is named."""

    uid: Id = at("fact", "uid")
    recorded_at: Moment = at("fact", "at")
    kind: Annotated[str, Field(examples=["portfolio.submitted"])] = at("fact", "kind")
    cause: str = at("fact", "cause")
    leaf: str
    holds: bool


class ChainShown(Shown):
    """All that led to a credential and followed it, first cause first."""

    holds: bool
    missing: list[str]
    file_holds: bool
    links: list[LinkOfChain]
