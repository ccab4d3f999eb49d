"""Keeping a file that was judged, and taking its rows in: what the command of a capability above does for its own kind of rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice

from django.db import transaction

from cairn.apps.imports import events
from cairn.apps.imports.models import HeldFile, Import, ImportRow
from cairn.apps.imports.states import IMPORT, OUTCOMES
from cairn.apps.ledger.steps import record
from cairn.frame.actor import Actor
from cairn.frame.commands import running
from cairn.frame.tables import Chosen, Unread
from cairn.kernel import clock
from cairn.kernel.errors import Refused
from cairn.kernel.facts import Recorded
from cairn.pure.files import Table

BATCH = 500  # rows of one transaction at most: an embedded database lets nobody else write meanwhile
SINGLY = 50  # where each row takes statements of its own
_INSERTS = 2000

Cells = Mapping[str, str]
Judge = Callable[[Table], "Iterable[Judged]"]
Write = Callable[[Actor, Import, Sequence[Cells]], Sequence[Refused | None]]


@dataclass(frozen=True)
class Judged:
    """What becomes of a line: an outcome of states.OUTCOMES, and why. `cells` is what is written when it is taken in."""

    line: int
    outcome: str
    cells: Mapping[str, str]
    why: str = ""
    column: str = ""


def keep(
    *, actor: Actor, kind: str, about: str, title: str, page: str, organization_id: str, chosen: Chosen | Unread, judge: Judge,
    **options: str
) -> Import:  # fmt: skip
    """The dry run: the file with its report, in the place of one that the same person chose for the same thing and did not take in. A long
    file is held until a worker has read it, and calls the same command again."""
    call = running()
    waits = chosen.waits if isinstance(chosen, Chosen) else ""
    mine = Import.objects.filter(kind=kind, about=about, person_id=actor.person_id)
    for earlier in mine.filter(state__in=("reading", "read")).exclude(pk=waits):
        erase(earlier, to="dropped")
    told = {"kind": kind, "about": about, "title": title[:200], "page": page, "organization_id": organization_id,
            "person_id": actor.person_id, "name": chosen.name, "sha256": chosen.sha256, "options": options}  # fmt: skip
    if isinstance(chosen, Unread):
        kept = Import.objects.create(**told)
        how = {"columns": [asdict(each) for each in chosen.columns], "formulas": chosen.formulas, "work": chosen.work}
        given = {name: value for name, value in call.given.items() if value is not chosen}
        HeldFile.objects.create(source=kept, content=chosen.content, how=how, command=call.name, given=given)
        record(events.FILE_HELD, actor=actor, subject=kept, organization=organization_id, kind=kind, about=about, sha256=kept.sha256)
        return kept
    kept = Import.objects.locked(pk=waits) if waits else Import(**told)
    if waits:
        HeldFile.objects.filter(source=kept).delete()
    IMPORT.move(kept, to="read")
    _judge(kept, chosen, judge(chosen.table))
    record(events.FILE_READ, actor=actor, subject=kept, organization=organization_id, kind=kind, about=about, sha256=kept.sha256,
           new=kept.new, changed=kept.changed, unchanged=kept.unchanged, refused=kept.refused)  # fmt: skip
    return kept


def _judge(kept: Import, chosen: Chosen, judged: Iterable[Judged]) -> None:
    """Save the import with its rows, and how many of them become what."""
    problems = [Judged(each.line, "refused", {}, str(each), each.column) for each in chosen.table.problems]
    headings, formulas = chosen.table.headings, {row.line: row.calculated for row in chosen.table.rows if row.calculated}
    told = (replace(each, why=_with_formulas(each.why, formulas.get(each.line, ()), headings)) for each in judged)
    rows = sorted((*problems, *told), key=lambda each: each.line)
    counts = Counter(row.outcome for row in rows)
    for outcome in OUTCOMES:
        setattr(kept, outcome, counts[outcome])
    kept.how, kept.ignored = chosen.table.how[:200], list(chosen.table.ignored)
    kept.save()
    made = (ImportRow(source=kept, line=r.line, outcome=r.outcome, cells=dict(r.cells), column=r.column[:200], why=r.why) for r in rows)
    while some := list(islice(made, _INSERTS)):
        ImportRow.objects.bulk_create(some)


def _with_formulas(why: str, columns: Iterable[str], headings: Mapping[str, str]) -> str:
    """What is said of a row, and which of its cells hold the saved result of a formula."""
    named = ", ".join(sorted(f"“{headings[name]}”" for name in columns))
    return f"{why} Saved result of a formula: {named}.".strip() if named else why


def one_by_one(write: Callable[[Actor, Import, Cells], object]) -> Write:
    """What does one row, as what does a batch: a row that it refuses leaves nothing behind."""

    def each(actor: Actor, source: Import, rows: Sequence[Cells]) -> list[Refused | None]:
        said: list[Refused | None] = []
        for cells in rows:
            try:
                with transaction.atomic():
                    write(actor, source, cells)
                said.append(None)
            except Refused as no:
                said.append(no)
        return said

    return each


def take_in(*, actor: Actor, fact: Recorded, write: Write, batch: int = SINGLY) -> Import | None:
    """The next batch, all of it in this transaction, with one more to follow. `write` answers for each row with None, or with the refusal
    for which it is left out. The last batch ends the import. None where it has ended already."""
    running()
    source = Import.objects.locked(pk=fact.subject_id)
    if source.state != "applying":
        return None
    rows = list(ImportRow.objects.to_write().filter(source=source)[:batch])
    record(events.BATCH_TAKEN, actor=actor, subject=source, organization=source.organization_id, kind=source.kind, rows=len(rows))
    for row, no in zip(rows, write(actor, source, [row.cells for row in rows]), strict=True):
        row.is_taken = no is None
        if no is not None:
            setattr(source, row.outcome, getattr(source, row.outcome) - 1)
            row.outcome, row.why = "refused", str(no)
    refused = [row for row in rows if not row.is_taken]
    ImportRow.objects.filter(pk__in=[row.pk for row in rows if row.is_taken]).update(is_taken=True)
    ImportRow.objects.bulk_update(refused, ["outcome", "why"])
    source.taken, source.refused = source.taken + len(rows) - len(refused), source.refused + len(refused)
    source.save(update_fields=["taken", "new", "changed", "refused"])
    if len(rows) < batch:
        erase(source, to="done")
        record(events.ENDED, actor=actor, subject=source, organization=source.organization_id, kind=source.kind, sha256=source.sha256,
               taken=source.taken, refused=source.refused)  # fmt: skip
    return source


def erase(source: Import, *, to: str) -> None:
    """What the file held goes; of the rows that were left out their line and the reason stay."""
    running()
    IMPORT.move(source, to=to)
    source.ended_at = clock.now()
    source.save(update_fields=["state", "ended_at"])
    HeldFile.objects.filter(source=source).delete()
    rows = ImportRow.objects.filter(source=source)
    if to == "dropped":
        rows.delete()
    else:
        rows.exclude(outcome="refused").delete()
        rows.update(cells={})
