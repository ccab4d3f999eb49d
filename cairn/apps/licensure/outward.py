"""Documents for a record: bytes that come from outside are read in a cell, and what is kept is a clean copy (frame.cell). And looks at
everybody, as the rules are or as they may become: whole states are laid out in columns outside of the database and of its transactions."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, BinaryIO

from django.conf import settings

from cairn.apps.licensure import commands, queries
from cairn.apps.licensure.commands import Paper
from cairn.apps.licensure.models import RecordEntry, StandingRun
from cairn.frame import cell, egress
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.kernel.errors import Invalid, NotYet, Refused
from cairn.kernel.facts import Recorded
from cairn.kernel.text import megabytes
from cairn.pure.proposals import named_sources

A_DAY, PROPOSALS_A_NIGHT, SECONDS, BYTES = timedelta(hours=20), 20, 8.0, 300_000
GONE = (404, 410)
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


def look_at_sources(actor: Actor) -> None:
    """Ask the addresses of sources of proposals that wait whether they answer: a few a night, and once more before one is called silent.

    It decides nothing: the council sees the day, and says itself what leads nowhere.
    """
    if not settings.CHECK_LINKS:
        return
    for row in queries.to_look_at(actor, clock.now() - A_DAY, PROPOSALS_A_NIGHT):
        addresses = [source["url"] for source in named_sources(row.content) if source["url"]]
        commands.note_sources(actor=actor.with_key(""), round_id=row.pk, silent=[each for each in addresses if not _answers(each)])


def _answers(address: str) -> bool:
    """Whether anything is there. What may not be asked from here, or answers at length, is not called silent."""
    for method in ("HEAD", "GET"):
        try:
            status = egress.fetch(method, address, seconds=SECONDS, most_bytes=BYTES).status
        except NotYet:
            continue
        except Refused:
            return True
        if status not in GONE and status < 500:
            return True
    return False


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
