"""Reading a long file that was held, in a worker: its bytes come from outside (frame.cell). Not here: what its rows mean."""

from __future__ import annotations

from cairn.apps.imports import commands
from cairn.apps.imports.models import HeldFile
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.frame.commands import COMMANDS
from cairn.frame.tables import Unread
from cairn.kernel.errors import NotYet, Refused
from cairn.kernel.facts import Recorded
from cairn.pure.files import Column


def read_held(*, actor: Actor, fact: Recorded) -> None:
    """Consequence of a held file: whoever chose it finds the report. What refuses the file says why instead."""
    held = HeldFile.objects.visible_to(actor).select_related("source").filter(pk=fact.subject_id, source__state="reading").first()
    if held is None:
        return
    source, actor = held.source, actor.with_key("")  # the delivery's key is for one command; here its state says what was done already
    try:
        columns = tuple(Column(**{**each, "aliases": tuple(each["aliases"])}) for each in held.how["columns"])
        unread = Unread(source.name, source.sha256, bytes(held.content), columns, held.how["formulas"], held.how["work"])
        chosen = unread.read(source.pk)
        commands.note_rows(actor=actor, import_id=source.pk, rows=len(chosen.table.rows) + len(chosen.table.problems))
        who = people.actor_of(source.person_id) if source.person_id else actor
        COMMANDS[held.command](actor=who, chosen=chosen, **held.given)
    except NotYet:
        raise
    except Refused as no:
        commands.give_up(actor=actor, import_id=source.pk, why=str(no))
