"""Lists of what was run before, by file: what becomes of each line, and taking them in. Not here: what a line must be (records)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from cairn.apps.imports.queries import Import
from cairn.apps.imports.steps import BATCH, Cells, Judged, keep, take_in
from cairn.apps.ledger.steps import record
from cairn.apps.programs import events, policy
from cairn.apps.programs.commands.records import RecordLine, named_list, write_lines
from cairn.apps.programs.models import Program, ProgramRecord
from cairn.apps.programs.queries.imports import RECORD_COUNTS, RECORDS
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.frame.tables import Chosen, Unread
from cairn.kernel.errors import Invalid, Refused
from cairn.kernel.facts import Recorded
from cairn.pure.files import Row, Table, read_day

_DAYS = ("initiated_on", "finished_on")


@command
def read_records(*, actor: Actor, program_id: str, source: str, chosen: Chosen | Unread) -> Import:
    """The dry run: which lines of the list are new, say something else than before, or cannot be read."""
    program = Program.objects.locked(pk=program_id)
    policy.RUN_PROGRAM.require(actor, program)
    name = named_list(source)
    return keep(
        actor=actor, kind=RECORDS.name, about=program.pk, title=f"{name}, a list of {program.title}",
        page=f"/programs/{program.slug}/numbers/exact/", organization_id=program.organization_id, chosen=chosen,
        judge=lambda table: _judged(program, name, table), source=name,
    )  # fmt: skip


@command
def take_records(*, actor: Actor, fact: Recorded) -> Import | None:
    """Consequence of a confirmed list, and of each of its batches."""
    return take_in(actor=actor, fact=fact, write=_enter, batch=BATCH)


def _judged(program: Program, source: str, table: Table) -> Iterator[Judged]:
    known = {row.code: row for row in ProgramRecord.objects.filter(program=program, source=source)}
    first: dict[str, int] = {}
    for row in table.rows:
        try:
            line = _line(row)
        except Invalid as no:
            column = table.headings.get(next(iter(no.fields), ""), "")
            yield Judged(row.line, "refused", {"label": row.cells.get("code", "")}, str(no), column)
            continue
        problem = line.problem() or (f"The code stands in line {first[line.code]:,} already." if line.code in first else "")
        first.setdefault(line.code, row.line)
        outcome, why = ("refused", f"{problem} Correct it, or take the line out.") if problem else _becomes(known.get(line.code), line)
        yield Judged(row.line, outcome, {"label": line.code, **_written(line)}, why)


def _becomes(known: ProgramRecord | None, line: RecordLine) -> tuple[str, str]:
    if known is None:
        return "new", "Counts from then on."
    changes = [_heading(name) for name, value in asdict(line).items() if getattr(known, name) != value]
    return ("changed", f"Says something else: {', '.join(changes)}.") if changes else ("unchanged", "")


def _heading(name: str) -> str:
    """How the column is headed."""
    return next(column.title for column in RECORDS.columns if column.name == name).lower()


def _line(row: Row) -> RecordLine:
    """Raises Invalid, with the column in `fields`, where a cell cannot be understood."""
    cells = row.cells
    told: dict[str, Any] = {name: cells.get(name, "") for name in ("code", "group")}
    told |= {name: cells.get(name, "").lower() for name in ("route", "relicensed", "left_because")}
    for name in (*_DAYS, *RECORD_COUNTS):
        if cells.get(name):
            try:
                told[name] = read_day(cells[name]) if name in _DAYS else _count(cells[name])
            except Invalid as no:
                raise Invalid(no.code, no.message, no.remedy, {name: no.message}) from None
    return RecordLine(**told)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Invalid("count-wrong", f"“{text[:20]}” is no count.", "Write a whole number, or nothing.")
    return int(text)


def _written(line: RecordLine) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in asdict(line).items()}


def _read_back(cells: Cells) -> RecordLine:
    """What `_written` wrote."""
    days = {name: date.fromisoformat(cells[name]) for name in _DAYS if cells[name]}
    counts = {name: int(cells[name]) for name in RECORD_COUNTS if cells[name]}
    words = {name: cells[name] for name in ("code", "route", "group", "relicensed", "left_because")}
    return RecordLine(**words, **days, **counts)  # type: ignore[arg-type]


def _enter(actor: Actor, source: Import, rows: Sequence[Cells]) -> list[Refused | None]:
    program, name = Program.objects.locked(pk=source.about), source.options["source"]
    entered, changed = write_lines(program, name, [_read_back(cells) for cells in rows])
    record(events.RECORDS_ENTERED, actor=actor, subject=program, organization=program.organization_id, source=name, entered=entered,
           changed=changed, same=len(rows) - entered - changed)  # fmt: skip
    return [None] * len(rows)
