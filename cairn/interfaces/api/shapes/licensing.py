"""Licenses and where they stand, records, plans; claims, applications and determinations."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from cairn.interfaces.api.shapes.base import Asked, Id, Moment, Shown, Slug, at
from cairn.interfaces.api.shapes.people import PersonShown
from cairn.interfaces.api.shapes.rules import Amount, Hash, Jurisdiction, Route

Standing = Annotated[str, Field(description="met, open, officer or not-computed.", examples=["open"])]
TREE = {"id": "three", "title": "Three micro-credentials", "state": "open", "have": "2", "need": "3", "children": []}
ROUTE = r"^$|^[a-z]{2}/[a-z]{2,3}/[a-z0-9-]{1,80}$"


class LicenseShown(Shown):
    """A license as its educator entered it; of its number the last four signs. Nothing here says that one is void: a state does."""

    id: Id
    jurisdiction: Jurisdiction = at("jurisdiction", "code")
    type: Annotated[str, Field(examples=["initial-administrator"])] = at("type", "slug")
    title: Annotated[str, Field(examples=["Initial Administrator certificate"])] = at("type", "title")
    valid_from: date
    valid_to: date | None
    ended_on: date | None
    days_left: Annotated[int | None, Field(examples=[120])]
    number_ending: Annotated[str, Field(examples=["2345"])]


class StandingShown(Shown):
    """Where a license stands on a route, computed from the record as it is. `tree` has every line with what counted, what did not and why,
    in the canonical form that is kept with decisions; null where the text of the rule was not found."""

    license: Id
    route: Route
    title: Annotated[str, Field(examples=["Transition Administrator certificate"])]
    state: Standing
    on: date
    version: Annotated[date | None, Field(description="The day from which the version is effective.")]
    status: Annotated[str, Field(examples=["in force"])]
    hash: Hash
    engine: Annotated[int, Field(description="How it was computed; `hash` says what the rule said.", examples=[2])]
    met_on: date | None
    notice: Annotated[str, Field(examples=["Example. Check the current rule."])]
    tree: Annotated[dict[str, Any] | None, Field(examples=[TREE])]


class EntryShown(Shown):
    """One thing that a rule may count. Own words count once `state` is verified; what was taken back says so."""

    id: Id
    kind: Annotated[str, Field(examples=["micro-credential"])]
    title: Annotated[str, Field(examples=["Effective Assessment"])]
    on: date
    until: date | None
    amount: Amount
    unit: Annotated[str, Field(examples=["hour"])]
    holder: Annotated[str, Field(description="The name on its document, where it is not the educator's.", examples=[""])]
    fields: Annotated[dict[str, Any], Field(examples=[{"key": "effective-assessment"}])]
    source: Annotated[str, Field(examples=["credential"])]
    state: Annotated[str, Field(examples=["verified"])]
    revoked_at: Moment | None
    withdrawn_at: Moment | None
    entered_at: Moment


class GoalShown(Shown):
    words: Annotated[str, Field(examples=["Ask better questions."])]
    bucket: Annotated[str, Field(examples=["individual"])]
    standard: str | None = at("standard", "code", default=None, examples=["4b"])


class GrowthPlanShown(Shown):
    id: Id
    title: Annotated[str, Field(examples=["School year"])]
    starts_on: date
    ends_on: date
    state: Annotated[str, Field(examples=["agreed"])]
    supervisor: PersonShown | None
    agreed_at: Moment | None
    goals: Annotated[list[GoalShown], BeforeValidator(lambda rows: sorted(rows.all(), key=lambda goal: goal.place))]


class PlanAsked(Asked):
    route: Annotated[str, Field(pattern=ROUTE, description="Where there are several: which.", examples=[""])] = ""


class LicensePlanShown(Shown):
    """What is planned for a license and where it would then stand; `proposed` is the shortest set of what is offered, `helping` all that
    some line would count. A plan counts nowhere."""

    license: Id
    route: Route
    now: Standing
    then: Standing
    planned: list[Slug]
    proposed: list[Slug]
    helping: list[Slug]


class ClaimAnswerShown(Shown):
    """What the schedule says to a claim: how much, or why nothing; each sentence with its clause."""

    amount: Amount
    unit: Annotated[str, Field(examples=["point"])]
    is_refused: bool
    reasons: Annotated[list[tuple[str, str]], Field(examples=[[["1 point for each hour: 12 give 12 points.", "K.A.R. 91-1-206"]]])]


class ClaimShown(Shown):
    """One award or activity before one recognizer. `asked` is how much is asked for, null: whatever follows."""

    id: Id
    organization: Slug = at("organization", "slug")
    title: Annotated[str, Field(examples=["Effective Assessment"])]
    kind: Annotated[str, Field(examples=["micro-credential"])]
    state: Annotated[str, Field(examples=["submitted"])]
    done_on: date
    hours: Amount | None
    quantity: Amount
    unit: Annotated[str, Field(description="Of the quantity; nothing: the usual one of its kind.", examples=["ceu"])]
    purpose: Annotated[str, Field(examples=["renewal"])]
    level: str
    bucket: str
    elected: str
    asked: Amount | None
    credential: Id | None = at("credential_id")
    claimed_on: date | None
    due_on: date | None
    settled_at: Moment | None
    reason: str
    answer: Annotated[ClaimAnswerShown | None, BeforeValidator(lambda kept: kept or None)]


class WaitingClaimShown(ClaimShown):
    """A claim before a council that one sits on. How others voted is theirs; `my_vote` is nothing until one has voted."""

    person: PersonShown
    my_vote: str = ""
    is_late: bool = False


class DeterminationShown(Shown):
    """What officers signed, and the exact version and day that it was read by."""

    id: Id
    application: Id = at("application_id")
    outcome: Annotated[str, Field(examples=["met"])]
    basis: Annotated[str, Field(examples=["rule"])]
    lines: Annotated[list[str], Field(examples=[[]])]
    reason: str
    signed_at: Moment
    on: date = at("snapshot", "on")
    hash: Hash = at("snapshot", "version", "hash")


class OfficerDeterminationShown(DeterminationShown):
    """The same for officers: about whom, on which route, and who signed."""

    person: PersonShown = at("application", "person")
    route: Route = at("application", "rules")
    first_by: PersonShown
    second_by: PersonShown | None


class ApplicationShown(Shown):
    """An educator has asked an authority to decide. Deciding stays on pages, where two sign who were shown the chain."""

    id: Id
    person: PersonShown
    license: Id = at("license_id")
    route: Route = at("rules")
    state: Annotated[str, Field(examples=["waiting"])]
    asked_at: Moment
    due_on: date
    until: date | None


class OddityShown(Shown):
    """Something about a record or a license that whoever decides should look at twice."""

    about: Annotated[str, Field(examples=["The license"])]
    words: Annotated[str, Field(examples=["It is made out to Dana Marsh; here the educator is called Dana Whitfield."])]
    remedy: Annotated[str, Field(examples=["Ask for a paper that shows both names, or correct the one that is wrong."])]


class ApplicationPageShown(Shown):
    """An application with the standing as it was when the educator asked or answered last, or as it was signed; and as it is now."""

    application: ApplicationShown
    asked: StandingShown
    now: StandingShown
    oddities: list[OddityShown]
    determination: DeterminationShown | None
