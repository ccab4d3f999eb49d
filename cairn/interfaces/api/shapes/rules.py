"""Rules of states as anyone may read them: jurisdictions, routes with their versions, schedules, what a micro-credential counts for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from cairn.interfaces.api.shapes.base import Asked, Shown, Slug, at

CODE = r"^[a-z]{2}/[a-z]{2,3}$"
Country = Annotated[str, Field(pattern=r"^[a-z]{2}$", examples=["us"])]
State = Annotated[str, Field(pattern=r"^[a-z]{2,3}$", examples=["mo"])]
Jurisdiction = Annotated[str, Field(examples=["us/mo"])]
Route = Annotated[str, Field(examples=["us/mo/transition-administrator"])]
Hash = Annotated[str, Field(examples=["9f2c0c6f2a6d9e1b7a1e0f6b3d5c4a8e9f2c0c6f2a6d9e1b7a1e0f6b3d5c4a8e"])]
Status = Annotated[str, Field(examples=["in force"])]
Cite = Annotated[str, Field(examples=["5 CSR 20-400.620"])]
Amount = Annotated[Decimal, Field(examples=["0.5"])]


class RulesAsked(Asked):
    jurisdiction: Annotated[str, Field(pattern=rf"^$|{CODE}", description="Of one jurisdiction alone.", examples=["us/mo"])] = ""


class WhereAsked(Asked):
    where: Annotated[
        str, Field(pattern=rf"^$|{CODE}", description="The jurisdiction to look in; without it, where one works.", examples=["us/mo"])
    ] = ""


class LicenseTypeShown(Shown):
    """A type of license: `years` it lasts (0: without end), and the type that follows it."""

    slug: Annotated[str, Field(examples=["initial-administrator"])]
    title: Annotated[str, Field(examples=["Initial Administrator certificate"])]
    years: int
    renewable: bool
    next: Annotated[str, Field(examples=["transition-administrator"])]
    cite: Cite


class JurisdictionShown(Shown):
    """A state whose rules are here. `notice` stands beside everything that is said of it."""

    code: Jurisdiction
    name: Annotated[str, Field(examples=["Missouri"])]
    authority: Annotated[str, Field(examples=["Department of Elementary and Secondary Education"])]
    zone: Annotated[str, Field(examples=["America/Chicago"])]
    notice: Annotated[str, Field(examples=["Example. Check the current rule."])]
    source: str
    licenses: list[LicenseTypeShown] = at("types")


class RuleVersionShown(Shown):
    """What a route says from `effective` to `until`. The hash stands for the exact words; it is in everything computed from them."""

    effective: date
    until: date | None
    status: Status
    cite: Cite
    note: str
    hash: Hash


class RuleSetShown(Shown):
    """One route from a license that is held before to another (`gives`), or to its renewal (`renews`)."""

    slug: Route
    title: Annotated[str, Field(examples=["Transition Administrator certificate"])]
    jurisdiction: Jurisdiction = at("jurisdiction", "code")
    purpose: Annotated[str, Field(examples=["license"])]
    held_before: Annotated[str, Field(examples=["initial-administrator"])] = at("from_")
    gives: Annotated[str, Field(examples=["transition-administrator"])]
    renews: str
    notice: Annotated[str, Field(examples=["Example. Check the current rule."])]
    source: str
    versions: list[RuleVersionShown]


class GiftShown(Shown):
    """For every whole `each` of a kind so much is given, at a level or by an election where they are named; `by` is what is counted."""

    kind: Annotated[str, Field(examples=["micro-credential"])] = at("for_")
    level: str
    elected: str
    by: Annotated[str, Field(examples=["hours"])]
    each: Amount
    amount: Amount
    cite: Cite


class TermsShown(Shown):
    """What a schedule says from `effective` to `until`."""

    effective: date
    until: date | None
    status: Status
    cite: Cite
    unit: Annotated[str, Field(examples=["point"])]
    needs: Annotated[list[str], Field(examples=[["prior-approval"]])]
    gives: list[GiftShown]


class ScheduleShown(Shown):
    """What recognizers of one kind give. One that rests on another says only what differs."""

    slug: Annotated[str, Field(examples=["us/ks/schedules/points"])]
    title: Annotated[str, Field(examples=["Professional development points in Kansas"])]
    recognizer: Annotated[str, Field(examples=["The professional development council of a district"])]
    jurisdiction: Jurisdiction = at("jurisdiction", "code")
    purpose: Annotated[str, Field(examples=["renewal"])]
    rests_on: Annotated[str, Field(description="The slug of another schedule, or nothing.", examples=[""])] = at("overlay_of")
    notice: Annotated[str, Field(examples=["Example. Check the current rule."])]
    source: str
    versions: list[TermsShown]


class WorthShown(Shown):
    """One thing that it counts for: a line of a route, or what a recognizer gives. `needs` has to come with it."""

    title: Annotated[str, Field(examples=["Transition Administrator certificate"])]
    words: Annotated[str, Field(examples=["Three micro-credentials approved by the department: one of 3"])]
    cite: Cite
    url: Annotated[str, Field(examples=["/rules/us/mo/transition-administrator/"])]
    needs: list[str]


class WorthPageShown(Shown):
    """What a micro-credential counts for where it is looked at from; nothing of it is a promise of the state's."""

    microcredential: Slug = ""
    jurisdiction: Jurisdiction = at("jurisdiction", "code")
    routes: list[WorthShown]
    recognized: list[WorthShown]
    notice: Annotated[str, Field(examples=["Example. Check the current rule."])]
