"""Files of rows at the command line: the same reading, report and batches as on the page, with progress."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from cairn.apps.imports import commands, queries
from cairn.apps.payments import commands as payments_commands
from cairn.apps.payments import queries as payments
from cairn.apps.people import queries as people
from cairn.apps.programs import commands as programs_commands
from cairn.apps.programs import queries as programs
from cairn.frame import tables
from cairn.frame.actor import system
from cairn.kernel.errors import Conflict, Invalid
from cairn.pure.files import Column

ME = system("cli")
WORKER = "cairn.site.worker"  # lies above this floor, so it is called by name
SHOWN = 20  # rows of the report


def take_in(arguments: argparse.Namespace) -> int:
    """Read, report, and with --yes take in; 1 where rows were left out or nothing was taken in. Stopped with Ctrl-C, it can be taken up
    again."""
    console = Console(highlight=False)
    if arguments.kind == "go-on":
        return _ended(console, commands.take_up(actor=ME, import_id=arguments.file))
    with console.status("Reading the file and judging every row"):
        source = _read(arguments)
    _report(console, source, arguments.all)
    if not source.writes:
        console.print("Nothing in this file changes anything.")
        commands.drop(actor=ME, import_id=source.pk)
        return int(bool(source.refused))
    if not arguments.yes:
        commands.drop(actor=ME, import_id=source.pk)
        console.print("Nothing was changed. Say --yes to take it in, and --leave-out where rows are left out.")
        return 1
    commands.confirm(actor=ME, import_id=source.pk, sha256=source.sha256, leaves_out=arguments.leave_out)
    return _ended(console, source)


def _ended(console: Console, source: Any) -> int:
    try:
        done = _carried_out(console, source)
    except KeyboardInterrupt:
        done = queries.import_(ME, source.pk)
        if done.state == "applying":
            done = commands.stop(actor=ME, import_id=source.pk)
    if done.state == "stopped":
        console.print(f"Stopped after {done.taken:,} of {done.writes:,} rows, which stay. Go on with: cairn import go-on {source.pk}")
        return 1
    console.print(f"Rows taken in: {done.taken:,}; left out: {done.refused:,}.")
    return int(bool(done.refused))


def _read(arguments: argparse.Namespace) -> Any:
    return _OF_NO_PILOT.get(arguments.kind, _of_pilot)(arguments)


def _named(arguments: argparse.Namespace, option: str) -> str:
    told = getattr(arguments, option)
    if not told:
        raise Invalid("option-missing", f"A file of kind {arguments.kind} needs --{option}.", "See cairn import --help.")
    return str(told)


def _chosen(arguments: argparse.Namespace, columns: Sequence[Column], **how: Any) -> tables.Chosen:
    path = Path(arguments.file)
    try:
        with path.open("rb") as file:
            return tables.read(file, columns, name=path.name, **how)
    except OSError as error:
        raise Invalid("file-unreadable", f"{path} cannot be read ({error.strerror}).", "Check its name and its permissions.") from None


def _members(arguments: argparse.Namespace) -> Any:
    org = people.organization(ME, _named(arguments, "organization"))
    work = "read_oneroster" if arguments.file.lower().endswith(".zip") else "read_table"
    chosen = _chosen(arguments, payments.ROSTER, work=work)
    return payments_commands.read_roster(actor=ME, organization_id=org.pk, chosen=chosen, complete=arguments.complete)


def _records(arguments: argparse.Namespace) -> Any:
    program = programs.run_program(ME, _named(arguments, "program"))
    chosen = _chosen(arguments, programs.RECORDS.columns, formulas="text")
    return programs_commands.read_records(actor=ME, program_id=program.pk, source=_named(arguments, "list"), chosen=chosen)


def _responses(arguments: argparse.Namespace) -> Any:
    survey = programs.survey(ME, _named(arguments, "survey"))
    chosen = _chosen(arguments, programs.response_file(survey).columns, formulas="text")
    return programs_commands.read_responses(actor=ME, survey_id=survey.pk, kind=_named(arguments, "round"), chosen=chosen)


_OF_NO_PILOT = {"members": _members, "records": _records, "responses": _responses}


def _of_pilot(arguments: argparse.Namespace) -> Any:
    offering = programs.offering_by_slug(ME, _named(arguments, "pilot"))
    chosen = _chosen(arguments, programs.FILE_KINDS[arguments.kind].columns)
    if arguments.kind == "meetings":
        whole = arguments.whole_program
        return programs_commands.read_meetings(actor=ME, offering_id=offering.pk, chosen=chosen, for_whole_program=whole)
    if arguments.kind == "attendance":
        return programs_commands.read_attendance(actor=ME, time_id=_time(offering, arguments.time), chosen=chosen)
    return programs_commands.read_roster(actor=ME, offering_id=offering.pk, chosen=chosen)


def _time(offering: Any, asked: str | None) -> str:
    """Id of the meeting's time whose start begins as asked, e.g. 2027-04-07 or 2027-04-07T15:00, in UTC."""
    times = [each.time for line in programs.meetings(ME, offering) for each in line.times]
    found = [time for time in times if asked and time.starts_at.isoformat().startswith(asked)]
    if len(found) != 1:
        begun = ", ".join(sorted(time.starts_at.isoformat()[:16] for time in times)) or "none"
        raise Invalid("time-unclear", f"--time names {len(found)} of this pilot's meetings.", f"Name one of: {begun}.")
    return str(found[0].pk)


def _report(console: Console, source: Any, shows_all: bool) -> None:
    console.print(f"{source.title}: {source.name}, read as {source.how}; SHA-256 {source.sha256[:16]}…", markup=False)
    if source.ignored:
        console.print(f"Not read: {', '.join(source.ignored)}", markup=False)
    rows = queries.rows(ME, source)
    listed = list(rows if shows_all else rows.exclude(outcome="unchanged")[:SHOWN])
    shown = Table("Line", "Row", "Becomes", "What changes, or why not")
    for row in listed:
        place = f"{row.column}: " if row.column else ""
        shown.add_row(*map(_plain, (row.line, row.cells.get("label", row.column), queries.OUTCOMES[row.outcome], f"{place}{row.why}")))
    console.print(shown)
    console.print("; ".join(f"{words}: {getattr(source, name):,}" for name, words in queries.OUTCOMES.items()))


def _plain(cell: object) -> str:
    """Nothing that a cell holds is read as markup."""
    return str(cell).replace("[", r"\[")


def _carried_out(console: Console, source: Any) -> Any:
    """Batch after batch, here or by a worker that runs beside; killed, the worker goes on with it."""
    work_once = import_module(WORKER).work_once
    with Progress(console=console, disable=not sys.stderr.isatty()) as progress:
        bar = progress.add_task("Taking in", total=source.writes)
        while (now := queries.import_(ME, source.pk)).state == "applying":
            progress.update(bar, completed=now.taken)
            if not work_once():
                raise Conflict(
                    "work-stands-still", "The batch is with another worker, or parked.", "Look at /operations/; it goes on there."
                )
        progress.update(bar, completed=now.taken)
    return now
