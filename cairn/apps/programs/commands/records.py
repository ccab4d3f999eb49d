"""Entering what was run before Cairn. Not here: reading the file (pure.files, forms) and the figures (reports)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from cairn.apps.ledger.steps import record
from cairn.apps.programs import events, policy
from cairn.apps.programs.models import Program, ProgramRecord
from cairn.apps.programs.states import LEAVING_REASONS, RECORD_ROUTES, RELICENSED
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Invalid

LINES, MOST = 100_000, 1_000
EARLIEST = 1950  # year


@dataclass(frozen=True)
class RecordLine:
    """A person on a list, under a code that names nobody. None, or nothing: the list does not say."""

    code: str
    route: str = ""
    group: str = ""
    initiated_on: date | None = None
    finished_on: date | None = None
    earned: int | None = None
    relicensed: str = ""
    submitted: int | None = None
    passed_first: int | None = None
    resubmitted: int | None = None
    passed_second: int | None = None
    left_because: str = ""

    def problem(self) -> str:
        """What is wrong with it in a sentence; empty where nothing is."""
        if not 1 <= len(self.code) <= 40:
            return "A code has 1 to 40 characters."
        for value, known in ((self.route, RECORD_ROUTES), (self.relicensed, RELICENSED), (self.left_because, LEAVING_REASONS)):
            if value and value not in known:
                return f"“{value[:40]}” is none of: {', '.join(known)}."
        counts = (self.earned, self.submitted, self.passed_first, self.resubmitted, self.passed_second)
        if any(count is not None and not 0 <= count <= MOST for count in counts):
            return f"Counts run from 0 to {MOST:,}."
        if said := self._attempts():
            return said
        days = [day for day in (self.initiated_on, self.finished_on) if day]
        if any(day.year < EARLIEST or day > clock.now().date() + timedelta(days=1) for day in days):  # it may be tomorrow elsewhere
            return f"What was run before lies between {EARLIEST} and today."
        if self.initiated_on and self.finished_on and self.finished_on < self.initiated_on:
            return "The day of finishing comes before that of beginning."
        return "A group's name has at most 60 characters." if len(self.group) > 60 else ""

    def _attempts(self) -> str:
        """How its counts of attempts contradict one another: nobody passes what was not submitted, or submits again what passed."""
        if self.submitted is None and any((self.passed_first, self.resubmitted, self.passed_second)):
            return "It says what became of submissions, and not how many there were."
        if self.passed_second and self.resubmitted is None:
            return "It says how many passed the second time, and not how many were submitted again."
        submitted, first = self.submitted or 0, self.passed_first or 0
        again, second = self.resubmitted or 0, self.passed_second or 0
        if first > submitted or second > again:
            return "More passed than were submitted."
        return "More were submitted again than had not passed." if again > submitted - first else ""


@command
def enter_records(*, actor: Actor, program_id: str, source: str, lines: Sequence[RecordLine]) -> Program:
    """Enter a list: lines are known by their code, changed where they say something else, and the same list again changes nothing. One
    line wrong, none is entered."""
    program = Program.objects.locked(pk=program_id)
    policy.RUN_PROGRAM.require(actor, program)
    name = named_list(source)
    check_lines(lines)
    entered, changed = write_lines(program, name, lines)
    record(events.RECORDS_ENTERED, actor=actor, subject=program, organization=program.organization_id, source=name, entered=entered,
           changed=changed, same=len(lines) - entered - changed)  # fmt: skip
    return program


def named_list(source: str) -> str:
    if not 1 <= len(source.strip()) <= 60:
        raise Invalid("source-missing", "The list needs a name of up to 60 characters.", "Name it.", {"source": "Name the list."})
    return source.strip()


def write_lines(program: Program, source: str, lines: Sequence[RecordLine]) -> tuple[int, int]:
    """How many were entered, and how many changed; the program is locked."""
    known = {row.code: row for row in ProgramRecord.objects.filter(program=program, source=source, code__in=[line.code for line in lines])}
    fresh = [ProgramRecord(program=program, source=source, **asdict(line)) for line in lines if line.code not in known]
    changed = [row for line in lines if (row := known.get(line.code)) and _changes(row, asdict(line))]
    ProgramRecord.objects.bulk_create(fresh, batch_size=500)
    ProgramRecord.objects.bulk_update(changed, [name for name in asdict(RecordLine("")) if name != "code"], batch_size=200)
    return len(fresh), len(changed)


def check_lines(lines: Sequence[RecordLine]) -> None:
    """Invalid where a line is wrong or comes twice, each named with its number."""
    codes: dict[str, int] = {}
    wrong = []
    for number, line in enumerate(lines, 1):
        problem = line.problem() or (f"The code {line.code} stands on line {codes[line.code]} already." if line.code in codes else "")
        codes.setdefault(line.code, number)
        if problem:
            wrong.append(f"Line {number}: {problem}")
    if wrong or not 0 < len(lines) <= LINES:
        told = " ".join(wrong[:20]) or f"A list has from 1 to {LINES:,} lines."
        raise Invalid("records-wrong", f"Nothing was entered. {told}", "Mend the list, and enter it again.", {"file": told})


def _changes(row: ProgramRecord, told: Mapping[str, object]) -> bool:
    other = {name: value for name, value in told.items() if getattr(row, name) != value}
    for name, value in other.items():
        setattr(row, name, value)
    return bool(other)


@command
def set_finish(*, actor: Actor, program_id: str, finish_at: int) -> Program:
    """After how many micro-credentials a participant counts as finished."""
    program = Program.objects.locked(pk=program_id)
    policy.RUN_PROGRAM.require(actor, program)
    if not 1 <= finish_at <= 100:
        raise Invalid("finish-wrong", "A participant finishes with 1 to 100 micro-credentials.", "Correct it.", {"finish_at": "1 to 100."})
    program.finish_at = finish_at
    program.save(update_fields=["finish_at"])
    record(events.FINISH_SET, actor=actor, subject=program, organization=program.organization_id, finish_at=finish_at)
    return program
