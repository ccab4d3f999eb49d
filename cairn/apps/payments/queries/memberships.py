"""Memberships, and what becomes of each row of a roster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cairn.apps.imports.steps import Judged
from cairn.apps.payments.models import Membership
from cairn.apps.payments.models.memberships import MembershipQuerySet
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.kernel.errors import Invalid
from cairn.pure.clocks import long_date
from cairn.pure.files import Column, Row, read_day
from cairn.pure.rosters import Decision, Term, Told, decide, told

ROSTER = (
    Column("number", "Member number", ("Member ID", "Membership number", "ID", "No.", "Number", "sourcedId")),
    Column("name", "Name", ("Full name", "Member", "Member name")),
    Column("given", "First name", ("Given name", "First", "Given")),
    Column("family", "Last name", ("Family name", "Surname", "Last", "Family")),
    Column("email", "E-mail", ("Email", "E-mail address", "Email address", "Mail")),
    Column("tier", "Tier", ("Type", "Membership type", "Level", "Category")),
    Column("valid_from", "From", ("Valid from", "Start", "Start date", "Joined", "Member since", "Begins")),
    Column("valid_to", "To", ("Valid to", "End", "End date", "Expires", "Expiration", "Expiration date", "Until", "Paid through")),
    Column("status", "Status", ("Active", "Member status")),
    Column("complete", "Complete"),
)


def memberships_in(viewer: Actor, organization_id: str) -> MembershipQuerySet:
    """Every term of every member, by name."""
    found = Membership.objects.visible_to(viewer).filter(organization_id=organization_id)
    return found.select_related("person").order_by("person__name", "person_id", "-valid_from")


def membership(viewer: Actor, membership_id: str) -> Membership:
    return Membership.objects.visible_to(viewer).select_related("person", "organization").get_or_not_found(pk=membership_id)


def judge(viewer: Actor, organization_id: str, rows: Sequence[Row], *, day: date, complete: bool, problems: int = 0) -> list[Judged]:
    """What becomes of each row, before anything is changed. Where the file is complete, of every member who is not in it too; but of
    nobody while a row is left out, since that row may be theirs."""
    terms = list(memberships_in(viewer, organization_id))
    parsed = [_parsed(row) for row in rows]
    owners = people.owners_of_addresses(each.email for each in parsed if isinstance(each, Told) and each.email)
    judging = _Judging(_Known(terms), owners, day)
    judged = [judging.row(row, each) for row, each in zip(rows, parsed, strict=True)]
    complete = complete or any(row.cells.get("complete") == "yes" for row in rows)
    if complete and not problems and not any(each.outcome == "refused" for each in judged):
        judged += judging.missing(terms, last_line=max((row.line for row in rows), default=1))
    return judged


def _parsed(row: Row) -> Told | Invalid:
    try:
        return told(row.cells, read_day)
    except Invalid as refusal:
        return refusal


class _Known:
    """The terms so far, by member number and by person."""

    def __init__(self, terms: Iterable[Membership]) -> None:
        self.by_number: dict[str, str] = {}
        self.by_person: dict[str, list[Membership]] = {}
        for term in terms:
            self.by_person.setdefault(term.person_id, []).append(term)
            if term.number:
                self.by_number.setdefault(term.number, term.person_id)


@dataclass
class _Judging:
    known: _Known
    owners: Mapping[str, str]
    day: date

    def __post_init__(self) -> None:
        self.seen: dict[str, int] = {}  # number, address or person -> line

    def row(self, row: Row, each: Told | Invalid) -> Judged:
        if isinstance(each, Invalid):
            column, why = next(iter(each.fields.items()), ("", each.message))
            return Judged(row.line, "refused", {}, f"{why} {each.remedy}", column)
        person = self.known.by_number.get(each.number) or self.owners.get(each.email, "")
        for column, key in (("number", each.number and f"number {each.number}"), ("email", each.email and f"email {each.email}"),
                            ("name", person and f"person {person}")):  # fmt: skip
            if key and key in self.seen:
                return Judged(row.line, "refused", {}, f"This member stands in line {self.seen[key]:,} too. Keep one of the rows.", column)
        self.seen.update({key: row.line for key in (f"number {each.number}", f"email {each.email}", f"person {person}") if key[-1] != " "})
        terms = self.known.by_person.get(person, [])
        decision = decide([Term(term.pk, term.valid_from, term.valid_to) for term in terms], each, self.day)
        return _judged(row.line, each, person, decision, terms)

    def missing(self, terms: Sequence[Membership], last_line: int) -> Iterator[Judged]:
        """Members of today whom the file does not name: yesterday was their last day."""
        yesterday = self.day - timedelta(days=1)
        for term in terms:
            if f"person {term.person_id}" not in self.seen and (term.valid_to is None or term.valid_to > yesterday):
                last = max(yesterday, term.valid_from)
                why = f"{term.person.name} is not in the file, which lists all members: the membership ends on {long_date(last)}."
                if last != term.valid_to:
                    yield Judged(last_line + 1, "changed", {"id": term.pk, "valid_to": last.isoformat()}, why)


def _judged(line: int, each: Told, person: str, decision: Decision, terms: Sequence[Membership]) -> Judged:
    term = next((term for term in terms if term.pk == decision.id), None)
    cells = {
        "id": decision.id, "person": person, "number": each.number, "name": each.name, "email": each.email, "tier": each.tier,
        "valid_from": decision.valid_from.isoformat(), "valid_to": decision.valid_to.isoformat() if decision.valid_to else "",
    }  # fmt: skip
    until = f"until {long_date(decision.valid_to)}" if decision.valid_to else "without an end"
    if decision.act == "enter":
        said = "again a member" if terms else "a member"
        return Judged(line, "new", cells, f"{each.name} is {said} from {long_date(decision.valid_from)}, {until}.")
    if term is None:
        return Judged(line, "unchanged", {}, f"{each.name} is no member, here or in the file.")
    differs = [said for said, old, new in (
        ("member number", term.number, each.number or term.number), ("e-mail address", term.email, each.email or term.email),
        ("tier", term.tier, each.tier or term.tier)) if old != new]  # fmt: skip
    if decision.act == "change":
        differs.append(f"a member {until}")
    if not differs:
        return Judged(line, "unchanged", {}, f"{each.name} is a member {until}.")
    return Judged(line, "changed", cells, f"{each.name}: {', '.join(differs)}.")
