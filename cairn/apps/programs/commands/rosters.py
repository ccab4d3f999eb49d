"""A roster of participants: what becomes of each of its rows, and taking one in. Not here: the table (pure.files), batches (imports)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cairn.apps.imports.queries import Import
from cairn.apps.imports.steps import BATCH, Cells, Judged, keep, one_by_one, take_in
from cairn.apps.ledger.steps import record
from cairn.apps.people import queries as people
from cairn.apps.people import steps as person_steps
from cairn.apps.programs import events, policy
from cairn.apps.programs.commands.entering import NewPlace, enter_places
from cairn.apps.programs.commands.runs import end_run
from cairn.apps.programs.commands.seats import enter_place, free_place, not_allowed, offer_free_seats
from cairn.apps.programs.models import Caller, Enrollment, Interest, Offering, Registration
from cairn.apps.programs.queries.imports import ROSTER
from cairn.apps.programs.queries.seats import beyond_the_limit, warning
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.frame.tables import Chosen, Unread
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid, Refused
from cairn.kernel.facts import Recorded
from cairn.pure.files import Row, Table, read_email, read_moment, read_phone_ending

# What offices write -> what it means here.
STATES = {
    "seated": ("seat", "seated", "participant", "participating", "enrolled", "accepted", "registered", "confirmed", "active", "in pilot"),
    "waiting": ("waiting", "waitlist", "wait list", "waitlisted", "waiting list", "in line"),
    "applied": ("applied", "applicant", "application", "pending"),
    "interested": ("interested", "interest", "lead"),
    "left": ("left", "withdrawn", "withdrew", "dropped", "canceled", "cancelled", "declined", "removed"),
}
_MEANS = {word: state for state, words in STATES.items() for word in words}
_SAID = {"seated": "a seat", "waiting": "a place in line", "applied": "an application", "interested": "on the interest list"}
SOMEBODY_ELSE = "-"
_ASKED = range(1950, 2200)  # years: any zone knows their moments


@command
def read_roster(*, actor: Actor, offering_id: str, chosen: Chosen | Unread) -> Import:
    """The dry run: what this roster would change, row by row."""
    offering = Offering.objects.visible_to(actor).select_related("program", "microcredential").locked(pk=offering_id)
    policy.RUN_PROGRAM.require(actor, offering.program)
    if offering.state != "open":
        raise Conflict("offering-closed", "This pilot is closed, so nobody can be entered.", "Open it first.")
    return keep(
        actor=actor, kind=ROSTER.name, about=offering.pk, title=f"Roster of {offering.microcredential.title}",
        page=f"/pilots/{offering.slug}/run/", organization_id=offering.program.organization_id, chosen=chosen,
        judge=lambda table: _Roster(offering, table).judged(),
    )  # fmt: skip


@command
def take_roster(*, actor: Actor, fact: Recorded) -> Import | None:
    """Consequence of a confirmed roster, and of each of its batches. A seat that is free when all are in goes to the first in line."""
    source = take_in(actor=actor, fact=fact, write=_enter_all, batch=BATCH)
    if source is not None and source.state == "done":
        offering = Offering.objects.visible_to(actor).select_related("program", "microcredential").locked(pk=source.about)
        if offering.state == "open":
            offer_free_seats(actor, offering)
    return source


@dataclass(frozen=True)
class _Line:
    """A row in our words. `state` is empty where the roster does not say; `previous` is an address, or SOMEBODY_ELSE; `phone` is no more
    than the last four digits."""

    number: int
    name: str
    email: str
    organization: str
    state: str
    asked: str
    previous: str
    phone: str

    @property
    def said(self) -> tuple[str, ...]:
        return (self.name, self.organization, self.state, self.asked, self.previous, self.phone)


def _line(row: Row) -> _Line:
    """Raises Invalid, with the column in `fields`, where a cell cannot be understood."""
    given = row.cells
    for column, read in _READ.items():
        try:
            read(given.get(column, ""))
        except Invalid as no:
            raise Invalid(no.code, no.message, no.remedy, {column: no.message}) from None
    state, previous, asked = given.get("state", ""), given.get("previous", ""), given.get("asked", "")
    if state and state.lower() not in _MEANS:
        message = f"“{state[:40]}” is not a state."
        raise Invalid("state-unknown", message, f"Write one of: {', '.join(STATES)}.", {"state": message})
    return _Line(
        row.line, person_steps.plain_name(given["name"]), read_email(given["email"]), " ".join(given.get("organization", "").split()),
        _MEANS[state.lower()] if state else "", _moment(asked), _previous(previous), _phone(given.get("phone", "")),
    )  # fmt: skip


def _phone(said: str) -> str:
    return read_phone_ending(said) if said else ""


def _previous(said: str) -> str:
    return said if said in ("", SOMEBODY_ELSE) else read_email(said)


def _moment(said: str) -> str:
    if not said:
        return ""
    moment = read_moment(said)
    if moment.year not in _ASKED:
        raise Invalid("day-far", f"Nobody asked in the year {moment.year}.", "Correct the day, or leave it empty.")
    return moment.isoformat()


_READ = {"email": read_email, "name": person_steps.plain_name, "phone": _phone, "asked": _moment, "previous": _previous}


class _Roster:
    """All rows beside what is known, asked for in a few queries however many rows there are."""

    def __init__(self, offering: Offering, table: Table) -> None:
        self.offering, self.headings = offering, table.headings
        self.refused: list[Judged] = []
        self.lines: list[_Line] = []
        for row in table.rows:
            try:
                self.lines.append(_line(row))
            except Invalid as no:
                column = self.headings.get(next(iter(no.fields), ""), "")
                self.refused.append(Judged(row.line, "refused", {"label": f"{row.cells['name']}, {row.cells['email']}"}, str(no), column))
        addresses = {line.email for line in self.lines} | {line.previous for line in self.lines if "@" in line.previous}
        self.owners = people.owners_of_addresses(addresses)
        self.with_account = people.with_account(self.owners.get(line.previous, "") for line in self.lines if "@" in line.previous)
        self.workplaces = people.organizations_called(line.organization for line in self.lines if line.organization)
        self.work = people.work_now(self.owners.values())
        live = Registration.objects.live().filter(offering=offering)
        self.places = dict(live.values_list("person_id", "state"))
        interests = Interest.objects.filter(program_id=offering.program_id, microcredential_id=offering.microcredential_id, ended_at=None)
        self.interested = set(interests.values_list("person_id", flat=True))
        runs = Enrollment.objects.filter(microcredential_id=offering.microcredential_id, state__in=("active", "completed"))
        self.elsewhere = dict(runs.exclude(person_id__in=live.values("person_id")).values_list("person_id", "state"))
        self.phones = dict(Caller.objects.filter(offering=offering).values_list("person_id", "ending"))
        self.namesakes: dict[str, str] = {}
        for name, email in live.values_list("person__name", "person__email"):
            if email not in addresses:
                self.namesakes[name.casefold()] = email
        self.free = offering.seats_max - offering.seats_taken if offering.seats_max is not None else len(self.lines)
        self.is_over = offering.is_over_on(clock.today(people.zone_of(None)))
        self.beyond = beyond_the_limit(offering, set(self.owners.values()))
        self.first: dict[str, _Line] = {}

    def judged(self) -> Iterator[Judged]:
        yield from self.refused
        for line in self.lines:
            yield self._judge(line)

    def _judge(self, line: _Line) -> Judged:
        if earlier := self.first.get(line.email):
            if earlier.said == line.said:
                return self._settled(line, "unchanged", f"The same as line {earlier.number:,}.")
            return self._no(line, "email", f"Line {earlier.number:,} says something else of this address. Keep one of the two.")
        self.first[line.email] = line
        person, moved = self.owners.get(line.email, ""), ""
        if not person and "@" in line.previous:
            person = moved = self.owners.get(line.previous, "")
        if not person and line.previous != SOMEBODY_ELSE and (known := self.namesakes.get(line.name.casefold())):
            return self._no(
                line, "email", f"Somebody of this name takes part with the address {known}. Write that address into a column “Previous "
                f"e-mail”, or “{SOMEBODY_ELSE}” there if this is somebody else.",
            )  # fmt: skip
        if moved in self.with_account:
            return self._no(line, "previous", f"{line.previous} opens an account. Ask its owner to add {line.email} to it.")
        now = self.places.get(person, "seated")
        state = now if not line.state or (line.state, now) == ("waiting", "offered") else line.state
        if why_not := self._objection(person, state):
            return self._no(line, "state", why_not)
        return self._change(line, person, moved, state)

    def _objection(self, person: str, state: str) -> str:
        """Why this person cannot come into this state, with the remedy; empty where they can."""
        now = self.places.get(person, "")
        if now == state or state in ("left", "interested"):
            return ""
        if now in ("seated", "offered", "waiting"):
            has = {"seated": "a seat", "offered": "an offer to answer", "waiting": "a place in line"}[now]
            return f"They have {has} already. Leave the state empty, or write left."
        if self.is_over:
            return "The pilot has ended, so nobody comes in. Give it a later last day first, or take the row out."
        if self.elsewhere.get(person) == "completed":
            return "They have earned this micro-credential already. Take the row out."
        if person in self.elsewhere:
            return "They are at work on this micro-credential already. Take the row out."
        if state == "seated" and person in self.beyond and self.offering.program.at_once_mode == "hard":
            return str(not_allowed(self.offering))
        if state == "seated":
            self.free -= 1
            if self.free < 0:
                return f"All {self.offering.seats_max:,} seats are taken by then. Give more seats, or write waiting."
        return ""

    def _change(self, line: _Line, person: str, moved: str, state: str) -> Judged:
        workplace = self.workplaces.get(line.organization.lower(), "") if line.organization else ""
        now = self.places.get(person, "") or ("interested" if person in self.interested else "")
        changes = []
        if moved:
            changes.append(f"The address changes from {line.previous} to {line.email}.")
        if state == "left":
            changes += ["The place is given up."] if self.places.get(person) else []
        elif state != now and not (state == "interested" and now):
            changes.append(f"Gets {_SAID[state]}." if state != "interested" else "Stands on the interest list.")
            changes += [warning(self.offering.program, "They are")] if state == "seated" and person in self.beyond else []
        if workplace and (person, workplace) not in self.work and (person or changes):
            changes.append(f"Works at {line.organization}.")
        if line.phone and state != "left" and line.phone != (before := self.phones.get(person, "")):
            changes.append(f"The phone ends in {line.phone} and no more in {before}." if before else f"The phone ends in {line.phone}.")
        outcome = "unchanged" if not changes else "new" if not person or not (now or moved) else "changed"
        if line.organization and not workplace:
            changes.append(f"“{line.organization}” is no organization of this site, and is not kept.")
        return self._settled(line, outcome, " ".join(changes), person=person, moved=moved, state=state, workplace=workplace)

    def _settled(self, line: _Line, outcome: str, why: str, **more: str) -> Judged:
        return Judged(line.number, outcome, {"label": f"{line.name}, {line.email}", "name": line.name, "email": line.email,
                                             "asked": line.asked, "phone": line.phone, **more}, why)  # fmt: skip

    def _no(self, line: _Line, column: str, why: str) -> Judged:
        return Judged(line.number, "refused", {"label": f"{line.name}, {line.email}"}, why, self.headings.get(column, ""))


def _enter_all(actor: Actor, source: Import, rows: Sequence[Cells]) -> list[Refused | None]:
    """New places all at once, then what changes row by row."""
    offering = Offering.objects.visible_to(actor).select_related("program", "microcredential").locked(pk=source.about)
    owners = people.owners_of_addresses(cells["email"] for cells in rows)
    persons = [owners.get(cells["email"]) or cells["person"] for cells in rows]
    taken = set(Registration.objects.live().filter(offering=offering, person__in=persons).values_list("person_id", flat=True))
    fresh: list[int] = []
    later: list[int] = []
    for number, (cells, person) in enumerate(zip(rows, persons, strict=True)):
        is_new = cells["state"] in ("seated", "waiting", "applied") and not cells["moved"] and person not in taken
        (fresh if is_new else later).append(number)
        taken |= {person} - {""}
    said: dict[int, Refused | None] = dict(zip(fresh, _enter_fresh(actor, source, offering, [rows[n] for n in fresh], owners), strict=True))
    said |= zip(later, one_by_one(_enter)(actor, source, [rows[n] for n in later]), strict=True)
    return [said[number] for number in range(len(rows))]


def _enter_fresh(
    actor: Actor, source: Import, offering: Offering, rows: Sequence[Cells], owners: Mapping[str, str]
) -> list[Refused | None]:  # fmt: skip
    """People who have no place yet, entered where they are new; whoever gets none is entered all the same."""
    known = people.persons(actor).in_bulk([person for cells in rows if (person := owners.get(cells["email"]) or cells["person"])])
    strangers = [cells for cells in rows if not (owners.get(cells["email"]) or cells["person"])]
    entered = person_steps.enter_persons(actor=actor, named=[(cells["name"], cells["email"]) for cells in strangers])
    by_address = {each.email: each for each in entered}
    persons = [by_address.get(cells["email"]) or known[owners.get(cells["email"]) or cells["person"]] for cells in rows]
    for zone in {person.time_zone for person in persons}:
        works = {p.pk: c["workplace"] for p, c in zip(persons, rows, strict=True) if c["workplace"] and p.time_zone == zone}
        person_steps.affiliate_all_from(actor=actor, organizations=works, started_on=clock.today(ZoneInfo(zone)))
    here, tick = people.zone_of(source.person_id), timedelta(microseconds=1)
    said = enter_places(actor, offering, [
        NewPlace(person, cells["state"], _asked(cells["asked"], here) + tick * number)
        for number, (person, cells) in enumerate(zip(persons, rows, strict=True))
    ])  # fmt: skip
    _keep_phones(offering, {person.pk: cells.get("phone", "") for person, cells, no in zip(persons, rows, said, strict=True) if no is None})
    return said


def _keep_phones(offering: Offering, endings: Mapping[str, str]) -> None:
    """By person; where the roster says none, the one that is known stays."""
    known = [Caller(offering=offering, person_id=person_id, ending=ending) for person_id, ending in endings.items() if ending]
    Caller.objects.bulk_create(known, update_conflicts=True, update_fields=["ending"], unique_fields=["offering", "person"])


def _enter(actor: Actor, source: Import, cells: Mapping[str, str]) -> None:
    """One row; what is so already stays."""
    offering = Offering.objects.visible_to(actor).select_related("program", "microcredential").locked(pk=source.about)
    person_id = people.owner_of_address(cells["email"]) or cells["person"]
    if cells["moved"] and person_id == cells["moved"] and people.unclaimed(cells["email"]) is None:
        person_steps.change_unclaimed_address(actor=actor, person_id=person_id, email=cells["email"])
    person_id = person_id or person_steps.enter_person(actor=actor, name=cells["name"], email=cells["email"]).pk
    if cells["workplace"]:
        zone = people.zone_of(person_id)
        person_steps.affiliate_from(actor=actor, person_id=person_id, organization_id=cells["workplace"], started_on=clock.today(zone))
    if cells["state"] != "left":
        _keep_phones(offering, {person_id: cells.get("phone", "")})
    place = Registration.objects.live().filter(offering=offering, person_id=person_id).select_for_update(of=("self",)).first()
    if cells["state"] == "interested":
        _show_interest(actor, offering, person_id)
    elif cells["state"] == "left":
        if place:
            place.offering = offering
            free_place(actor, place, "unsaid")
            if place.enrollment_id:
                end_run(actor, Enrollment.objects.select_related("offering__program").locked(pk=place.enrollment_id))
    elif place is None or place.state != cells["state"]:
        enter_place(
            actor,
            offering,
            people.persons(actor).get(pk=person_id),
            cells["state"],
            _asked(cells["asked"], people.zone_of(source.person_id)),
        )


def _show_interest(actor: Actor, offering: Offering, person_id: str) -> None:
    program = offering.program
    interest, made = Interest.objects.get_or_create(
        program=program, microcredential_id=offering.microcredential_id, person_id=person_id, ended_at=None
    )
    if made:
        record(events.INTEREST_SHOWN, actor=actor, subject=interest, organization=program.organization_id,
               microcredential=offering.microcredential_id)  # fmt: skip


def _asked(said: str, zone: ZoneInfo) -> datetime:
    """When they asked, as the list says in the time of whoever chose it; now where it does not say, or names a time to come."""
    now = clock.now()
    return min(now, datetime.fromisoformat(said).replace(tzinfo=zone).astimezone(UTC)) if said else now
