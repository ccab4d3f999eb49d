"""Entering members by hand, and taking an association's roster in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from cairn.apps.imports import steps as imports
from cairn.apps.imports.queries import Import
from cairn.apps.ledger.steps import Entry, record, record_all
from cairn.apps.payments import events, policy, steps
from cairn.apps.payments.commands.prices import in_order
from cairn.apps.payments.models import Membership
from cairn.apps.payments.queries import judge
from cairn.apps.people import queries as people
from cairn.apps.people import steps as persons
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.frame.tables import Chosen, Unread
from cairn.kernel import clock, text
from cairn.kernel.errors import Conflict, NotFound, Refused
from cairn.kernel.facts import Event, Recorded
from cairn.pure.files import Table

ROSTER = "members"  # what its imports are called


@command
def enter_member(
    *, actor: Actor, organization_id: str, email: str, name: str, number: str = "", tier: str = "", valid_from: date,
    valid_to: date | None = None,
) -> Membership:  # fmt: skip
    """Enter one membership. Whoever has confirmed the address is the member; else a person without an account, whom it finds later."""
    policy.SET_PRICES.require(actor, organization_id)
    in_order(valid_from, valid_to, "A membership")
    steps.locked_terms(organization_id)  # of two who enter one at once, the second finds whom the first has entered
    email, number = email.strip().lower(), text.clean(number, limit=40, field="number").strip()
    person = _whose(actor, name, email)
    theirs = Membership.objects.filter(organization_id=organization_id, person_id=person, valid_from=valid_from)
    if existing := theirs.first():
        return existing
    if number and Membership.objects.filter(organization_id=organization_id, number=number).exclude(person_id=person).exists():
        words = "Another member has this number."
        raise Conflict("number-taken", words, "Check it, or leave it empty.", {"number": words})
    term = Membership.objects.create(
        organization_id=organization_id, person_id=person, number=number, email=email,
        tier=text.clean(tier, limit=60, field="tier").strip(), valid_from=valid_from, valid_to=valid_to,
    )  # fmt: skip
    record(events.MEMBER_ENTERED, actor=actor, subject=term, organization=organization_id, person=person,
           valid_from=valid_from.isoformat(), valid_to=valid_to.isoformat() if valid_to else "")  # fmt: skip
    return term


def _whose(actor: Actor, name: str, email: str) -> str:
    """Id of whoever has confirmed the address, or of a new person; no address is nobody's."""
    return (people.owner_of_address(email) if email else None) or persons.enter_person(actor=actor, name=name, email=email).pk


@command
def end_membership(*, actor: Actor, membership_id: str, valid_to: date) -> Membership:
    """Say which day of a membership is its last. Prices that were fixed stay."""
    term = Membership.objects.visible_to(actor).locked(pk=membership_id)
    policy.SET_PRICES.require(actor, term.organization_id)
    in_order(term.valid_from, valid_to, "A membership")
    if term.valid_to != valid_to:
        term.valid_to = valid_to
        term.save(update_fields=["valid_to"])
        record(events.MEMBERSHIP_CHANGED, actor=actor, subject=term, organization=term.organization_id, valid_to=valid_to.isoformat())
    return term


@command
def read_roster(*, actor: Actor, organization_id: str, chosen: Chosen | Unread, complete: bool) -> Import:
    """The dry run of a roster: what would become of each row, for whoever confirms it (imports.confirm)."""
    policy.SET_PRICES.require(actor, organization_id)
    organization = people.organizations(actor, [organization_id]).first()
    if organization is None:
        raise NotFound("organization")
    day = clock.today(people.zone_of(actor.person_id))

    def judged(table: Table) -> Iterable[imports.Judged]:
        return judge(actor, organization_id, table.rows, day=day, complete=complete, problems=len(table.problems))

    return imports.keep(
        actor=actor, kind=ROSTER, about=organization_id, title=f"Members of {organization.name}",
        page=f"/org/{organization.slug}/money/members/", organization_id=organization_id, chosen=chosen,
        judge=judged,
    )  # fmt: skip


@command
def take_roster(*, actor: Actor, fact: Recorded) -> Import | None:
    """Consequence of a confirmed roster: its next batch of rows."""
    return imports.take_in(actor=actor, fact=fact, write=_write_all, batch=imports.BATCH) if fact.data["kind"] == ROSTER else None


def _write_all(actor: Actor, source: Import, rows: Sequence[imports.Cells]) -> list[Refused | None]:
    """Rows as they were judged. A term that somebody has changed or entered meanwhile is left to the next file."""
    entered = [(number, cells) for number, cells in enumerate(rows) if not cells["id"]]
    _change(actor, source, {cells["id"]: cells for cells in rows if cells["id"]})
    said: list[Refused | None] = [None] * len(rows)
    terms = _entered(actor, source, [cells for _, cells in entered])
    of_people, of_numbers = _standing(source, terms)
    fresh = []
    for (number, _), term in zip(entered, terms, strict=True):
        if (term.person_id, term.valid_from) in of_people or (term.number, term.valid_from) in of_numbers:
            words = "Somebody has entered this membership meanwhile."
            said[number] = Conflict("entered-meanwhile", words, "Choose the file again to see what is left.")
        else:
            fresh.append(term)
            of_people.add((term.person_id, term.valid_from))
            of_numbers |= {(term.number, term.valid_from)} if term.number else set()
    Membership.objects.bulk_create(fresh)
    _record(events.MEMBER_ENTERED, actor, fresh)
    return said


def _change(actor: Actor, source: Import, told: Mapping[str, imports.Cells]) -> None:
    own = Membership.objects.filter(organization_id=source.organization_id, pk__in=told)
    terms = list(own.select_for_update(of=("self",)).order_by("pk"))
    for term in terms:
        cells = told[term.pk]
        if "valid_from" in cells:
            term.valid_from = date.fromisoformat(cells["valid_from"])
            term.number, term.email, term.tier = (cells[key] or getattr(term, key) for key in ("number", "email", "tier"))
        term.valid_to = _day(cells["valid_to"])
    Membership.objects.bulk_update(terms, ["number", "email", "tier", "valid_from", "valid_to"], batch_size=100)
    _record(events.MEMBERSHIP_CHANGED, actor, terms)


def _entered(actor: Actor, source: Import, rows: Sequence[imports.Cells]) -> list[Membership]:
    """A new term for each row, of whoever has confirmed the address; else of a person who is entered. Not saved yet."""
    owners = people.owners_of_addresses(cells["email"] for cells in rows if cells["email"])
    ids = [cells["person"] or owners.get(cells["email"], "") for cells in rows]
    named = [(cells["name"], cells["email"]) for cells, person in zip(rows, ids, strict=True) if not person]
    strangers = iter(persons.enter_persons(actor=actor, named=named))
    return [
        Membership(organization_id=source.organization_id, person_id=person or next(strangers).pk, number=cells["number"],
                   email=cells["email"], tier=cells["tier"], valid_from=date.fromisoformat(cells["valid_from"]),
                   valid_to=_day(cells["valid_to"]))
        for cells, person in zip(rows, ids, strict=True)
    ]  # fmt: skip


def _standing(source: Import, terms: Sequence[Membership]) -> tuple[set[tuple[str, date]], set[tuple[str, date]]]:
    """What is entered already of these: person and first day, number and first day."""
    own = Membership.objects.filter(organization_id=source.organization_id)
    of_people = own.filter(person__in=[term.person_id for term in terms]).values_list("person_id", "valid_from")
    of_numbers = own.filter(number__in=[term.number for term in terms if term.number]).values_list("number", "valid_from")
    return set(of_people), set(of_numbers)


def _record(event: Event, actor: Actor, terms: Iterable[Membership]) -> None:
    """What is told of a term: the fields that the event has."""
    record_all(event, actor=actor, entries=[
        Entry(term, {key: value for key, value in {
            "person": term.person_id, "valid_from": term.valid_from.isoformat(),
            "valid_to": term.valid_to.isoformat() if term.valid_to else "",
        }.items() if key in event.fields}, organization=term.organization_id)
        for term in terms
    ])  # fmt: skip


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
