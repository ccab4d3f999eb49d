"""Documents for a record: bytes that come from outside are read in a cell, and what is kept is a clean copy (frame.cell). And looks at
everybody, as the rules are or as they may become: whole states are laid out in columns outside of the database and of its transactions."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from cairn.apps.licensure import commands, queries
from cairn.apps.licensure.commands import Paper
from cairn.apps.licensure.models import RecordEntry, StandingRun
from cairn.frame import cell
from cairn.frame.actor import Actor
from cairn.kernel.errors import Invalid, Refused
from cairn.kernel.facts import Recorded
from cairn.kernel.text import megabytes

LARGEST, KINDS = 2_000_000, ("pdf", "png", "jpeg")
_REMEDY = "Save it as a PDF, or as a PNG or JPEG picture, of at most 2 MB."


def count_everybody(actor: Actor) -> Iterator[StandingRun]:
    """Look at every license of every state, as far as the day, a rule or a list may have moved it; the run after each step."""
    run = commands.begin_run(actor=actor)
    yield run
    for code in queries.held_in(actor):
        with queries.statewide(actor, code) as state:
            changed, looked_at = state.changed_anywhere(), state.licenses
        run = commands.go_on(actor=actor, run_id=run.pk, unchanged=looked_at - len(changed))
        yield run
        for start in range(0, len(changed), commands.CHUNK):
            run = commands.go_on(actor=actor, run_id=run.pk, license_ids=changed[start : start + commands.CHUNK])
            yield run


def look_at_change(*, actor: Actor, fact: Recorded) -> None:
    """Consequence of asking what a change of a rule would do: both versions over everybody, then what came out is kept."""
    row = queries.change(actor, fact.subject_id)
    code = row.authority.jurisdiction
    two = queries.meant(code, row.rules, row.before, row.after, row.text)
    with queries.statewide(actor, code) as state:
        told = state.change(two.route, two.before, two.after, queries.licenses_asked_about(actor, row.authority_id))
        commands.keep_change(actor=actor.with_key(""), change_id=row.pk, on=state.on, told=told)


def enter(actor: Actor, *, document: BinaryIO | None = None, name: str = "", size: int = 0, **entry: Any) -> RecordEntry:
    """Enter something with the paper that shows it, or without one. Every refusal says what to do."""
    paper = read_paper(document, name=name, size=size) if document is not None else None
    return commands.add_entry(actor=actor, paper=paper, **entry)


def read_paper(document: BinaryIO, *, name: str, size: int) -> Paper:
    if size > LARGEST:
        raise _refused("document-too-large", f"This document has {megabytes(size)}; {megabytes(LARGEST)} can be kept.")
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as out:
        shutil.copyfileobj(document, source)
        source.seek(0)
        try:
            told = cell.run("clean", source, out)
        except Refused as refusal:
            raise Invalid(refusal.code, refusal.message, refusal.remedy, {"document": str(refusal)}) from None
        if (kind := str(told["kind"])) not in KINDS:
            raise _refused("document-kind", "This is no PDF and no picture.")
        if out.seek(0, 2) > LARGEST:
            raise _refused("document-too-large", f"This document has {megabytes(out.tell())}; {megabytes(LARGEST)} can be kept.")
        out.seek(0)
        content = out.read()
    plain = "".join(sign for sign in name if sign.isprintable() and sign not in '\\/:"').strip()[-100:]
    return Paper(plain or f"document.{kind}", kind, hashlib.sha256(content).hexdigest(), content)


def _refused(code: str, words: str) -> Invalid:
    return Invalid(code, words, _REMEDY, {"document": f"{words} {_REMEDY}"})
