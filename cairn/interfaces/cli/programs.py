"""Bringing a program in from its file: each part is entered unless it is there, so that a second time completes it or changes nothing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from django.conf import settings

from cairn.apps.catalog import queries as catalog
from cairn.apps.people import commands as people
from cairn.apps.programs import commands
from cairn.apps.programs import queries as programs
from cairn.frame.actor import system
from cairn.interfaces.cli.catalog import text_of
from cairn.kernel import clock
from cairn.kernel.errors import Invalid, NotFound
from cairn.pure.packs import PackInvalid, ProgramPlan, parse_program
from cairn.pure.packs.model import Organization

ME, CENTRAL = system("cli"), ZoneInfo("America/Chicago")


def import_program(arguments: argparse.Namespace) -> int:
    path = Path(arguments.file)
    try:
        plan = parse_program(path.name, text_of(path))
    except PackInvalid as invalid:
        for problem in invalid.problems:
            print(problem, file=sys.stderr)
        print(f"cairn: Nothing was imported: {len(invalid.problems)} problems.", file=sys.stderr)
        return 1
    for line in enter(plan, clock.today(CENTRAL)):
        print(f"new        {line}")
    print(f"{plan.slug} is at /programs/{plan.slug}/.")
    return 0


def enter(plan: ProgramPlan, today: date) -> Iterator[str]:
    """Enter what is not there yet, and say each; days are the next to come from `today`."""
    found = {pilot.microcredential: _published(pilot.microcredential) for pilot in plan.pilots}
    lead = _organization(plan.organization)
    program = commands.found_program(actor=ME, slug=plan.slug, title=plan.title, summary=plan.summary, organization_id=lead)
    for partner in plan.partners:
        organization = _organization(partner.organization)
        commands.join_program(actor=ME, program_id=program.pk, organization_id=organization, role=partner.role,
                              joined_on=clock.today(CENTRAL))  # fmt: skip
    commands.set_notice(actor=ME, program_id=program.pk, notice=plan.notice)
    yield from _contacts(plan, program)
    if plan.targets:
        commands.set_roadmap(actor=ME, program_id=program.pk, counts=dict(plan.targets))
    if plan.board:
        commands.enter_lines(actor=ME, program_id=program.pk, lines=plan.board)
    yield from _pilots(plan, program, found, today)
    yield from _meetings(plan, program, today)


def _organization(told: Organization) -> str:
    return str(people.found_organization(actor=ME, slug=told.slug, name=told.name, kind=str(told.kind)).pk)


def _published(slug: str) -> str:
    """Id of a micro-credential that can be begun."""
    try:
        found = catalog.microcredential(ME, slug)
    except NotFound:
        raise Invalid("pilot-unknown", f"There is no micro-credential “{slug}” in the catalog.", "Import its pack first.") from None
    if found.line.state != "published":
        raise Invalid("pilot-unwritten", f"“{slug}” is only planned, so nobody can begin it.", "Take its pilot out of the file.")
    return found.line.id


def _contacts(plan: ProgramPlan, program: Any) -> Iterator[str]:
    there = {(contact.role, contact.name) for contact in programs.contacts_in(ME, [program])}
    for told in plan.contacts:
        if (told.role, told.name) not in there:
            commands.add_contact(actor=ME, program_id=program.pk, role=told.role, name=told.name, email=told.email, phone=told.phone)
            yield f"contact {told.role}"


def _pilots(plan: ProgramPlan, program: Any, found: dict[str, str], today: date) -> Iterator[str]:
    there = {offering.microcredential_id for offering in programs.offerings_in(ME, program.pk) if offering.kind == "pilot"}
    for told in plan.pilots:
        if found[told.microcredential] in there:
            continue
        opens = told.opens.next_from(today) if told.opens else today
        rules = commands.OfferingRules(
            begins_text=told.begins, clock_event=told.clock, asks_meeting=told.asks_meeting, recording_satisfies=told.recording_satisfies,
            seats_min=told.seats_min, seats_max=told.seats_max, shows_seats=told.shows_seats, terms=told.terms,
            calendar=_calendar(told.calendar) if told.calendar else {},
        )  # fmt: skip
        commands.offer(
            actor=ME, program_id=program.pk, microcredential_id=found[told.microcredential], kind="pilot", opens_on=opens,
            last_day=told.last_day.next_from(opens) if told.last_day else None, days=told.days, rules=rules,
        )  # fmt: skip
        yield f"pilot {told.microcredential}"


def _calendar(name: str) -> dict[str, Any]:
    """A calendar of academic terms that comes with Cairn."""
    known = {path.stem: path for path in settings.CALENDARS_DIR.glob("*.yaml")}
    if name not in known:
        raise Invalid("calendar-unknown", f"There is no calendar “{name}”.", f"Use one of: {', '.join(sorted(known))}.")
    return dict(yaml.safe_load(known[name].read_text(encoding="utf-8")))


def _meetings(plan: ProgramPlan, program: Any, today: date) -> Iterator[str]:
    offerings = {offering.microcredential.slug: offering.pk for offering in programs.offerings_in(ME, program.pk)}
    there = {(line.meeting.kind, line.meeting.title, line.meeting.offering_id) for line in programs.meetings_in(ME, program)}
    for (kind, title, pilot), entries in groupby(plan.meetings, key=lambda told: (told.kind, told.title, told.pilot)):
        times = list(entries)
        if (kind, title, offerings.get(pilot)) in there:
            continue
        commands.plan_meeting(actor=ME, program_id=program.pk, offering_id=offerings.get(pilot), kind=kind, title=title,
                              about=times[0].about, times=[_time(told, today) for told in times])  # fmt: skip
        yield f"{title}, {len(times)} times"


def _time(told: Any, today: date) -> commands.Time:
    day, zone = told.day.next_from(today), ZoneInfo(told.zone)
    return commands.Time(
        datetime.combine(day, told.starts, zone), datetime.combine(day, told.ends, zone), told.zone, told.link, told.dial_in, told.code,
        told.help, told.note,
    )  # fmt: skip
