"""Taking in exactly the file that was read, or dropping it."""

from __future__ import annotations

from datetime import timedelta

from cairn.apps.imports import events, policy
from cairn.apps.imports.models import Import
from cairn.apps.imports.states import IMPORT
from cairn.apps.imports.steps import erase
from cairn.apps.ledger.steps import record
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid
from cairn.kernel.facts import Event

KEPT = timedelta(days=7)  # a file that nobody came back to


@command
def confirm(*, actor: Actor, import_id: str, sha256: str, leaves_out: bool = False) -> Import:
    """Begin to take in the file of this hash. `leaves_out`: whoever confirms has read that the refused rows are left out."""
    source = Import.objects.visible_to(actor).locked(pk=import_id)
    policy.TAKE_IN.require(actor, source)
    if source.sha256 != sha256:
        raise Conflict("another-file", "This is not the file whose report you read.", "Read the report of this file, then confirm it.")
    if source.state in ("applying", "done"):
        return source
    if not source.writes:
        raise Conflict("nothing-to-change", "Nothing in this file changes anything.", "There is nothing to confirm.")
    if source.refused and not leaves_out:
        words = f"{source.refused:,} row{'s are' if source.refused > 1 else ' is'} left out."
        raise Invalid("rows-left-out", words, "Say that you have read this, or correct the file and choose it again.",
                      {"leaves_out": "Say that you have read this."})  # fmt: skip
    IMPORT.move(source, to="applying")
    source.confirmed_at = clock.now()
    source.save(update_fields=["state", "confirmed_at"])
    record(events.CONFIRMED, actor=actor, subject=source, organization=source.organization_id, kind=source.kind, about=source.about,
           sha256=sha256)  # fmt: skip
    return source


@command
def note_rows(*, actor: Actor, import_id: str, rows: int) -> Import:
    """How many rows a long file has, for whoever waits for their report."""
    source = Import.objects.visible_to(actor).locked(pk=import_id)
    policy.TAKE_IN.require(actor, source)
    if source.state == "reading":
        source.found = rows
        source.save(update_fields=["found"])
        record(events.ROWS_FOUND, actor=actor, subject=source, organization=source.organization_id, kind=source.kind, rows=rows)
    return source


@command
def give_up(*, actor: Actor, import_id: str, why: str) -> Import:
    """A long file that cannot be read is erased, and why is kept."""
    source = Import.objects.visible_to(actor).locked(pk=import_id)
    policy.TAKE_IN.require(actor, source)
    if source.state == "reading":
        source.unread = why
        source.save(update_fields=["unread"])
        erase(source, to="dropped")
        record(events.UNREADABLE, actor=actor, subject=source, organization=source.organization_id, kind=source.kind,
               sha256=source.sha256, why=why)  # fmt: skip
    return source


@command
def stop(*, actor: Actor, import_id: str) -> Import:
    """Take in no more rows: a batch that is under way ends first, what was taken in stays, and the rest waits; a second time nothing
    happens."""
    source = Import.objects.visible_to(actor).locked(pk=import_id)
    policy.TAKE_IN.require(actor, source)
    if source.state != "stopped":
        if source.state != "applying":
            raise Conflict("nothing-to-stop", "No rows are being taken in.", "Look at the report to see how far it came.")
        _move(actor, source, "stopped", events.STOPPED)
    return source


@command
def take_up(*, actor: Actor, import_id: str) -> Import:
    """Go on with a file that was stopped, from the first row that was not taken in."""
    source = Import.objects.visible_to(actor).locked(pk=import_id)
    policy.TAKE_IN.require(actor, source)
    if source.state != "applying":
        if source.state != "stopped":
            raise Conflict("nothing-was-stopped", "Only a file that was stopped is taken up again.", "Choose the file anew.")
        _move(actor, source, "applying", events.TAKEN_UP)
    return source


def _move(actor: Actor, source: Import, to: str, event: Event) -> None:
    IMPORT.move(source, to=to)
    source.save(update_fields=["state"])
    record(event, actor=actor, subject=source, organization=source.organization_id, kind=source.kind, sha256=source.sha256,
           taken=source.taken)  # fmt: skip


@command
def drop(*, actor: Actor, import_id: str) -> Import:
    """Erase a file that was read, or what is left of one that was stopped, and change nothing; a second time nothing happens."""
    source = Import.objects.visible_to(actor).locked(pk=import_id)
    policy.TAKE_IN.require(actor, source)
    if source.state != "dropped":
        erase(source, to="dropped")
        record(events.DROPPED, actor=actor, subject=source, organization=source.organization_id, kind=source.kind, sha256=source.sha256)
    return source


@command
def drop_forgotten(*, actor: Actor) -> None:
    """Files that were read more than a week ago, and never confirmed or stopped since."""
    for source in Import.objects.visible_to(actor).filter(state__in=("reading", "read", "stopped"), read_at__lt=clock.now() - KEPT):
        erase(source, to="dropped")
        record(events.DROPPED, actor=actor, subject=source, organization=source.organization_id, kind=source.kind, sha256=source.sha256)
