"""Pages that people of the demonstration share, and who opened them. Not here: when (loading)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from cairn.apps.catalog import queries as catalog
from cairn.apps.credentials import commands
from cairn.apps.credentials import queries as credentials
from cairn.frame.actor import VISITOR
from cairn.interfaces.cli.demo.journeys import SYSTEM, actor

DAYS = 30


def share(number: int, told: Mapping[str, Any], today: date) -> None:
    me = actor(told["who"])
    title = catalog.microcredential(SYSTEM, told["of"]).line.title
    own = next(group.choices for group in credentials.choices(me) if group.title == title)
    parts = [next(credentials.Chosen(c.kind, c.thing) for c in own if c.kind == kind and not c.why_not) for kind in told["shows"]]
    commands.share_page(
        actor=me.with_key(f"demo: shared page {number}"), title=told["title"], words=told["words"], parts=parts,
        addresses=told["addresses"], until=today + timedelta(days=DAYS),
    )  # fmt: skip


def open_it(told: Mapping[str, Any]) -> None:
    """The first of its readers does."""
    page = next(page for page in credentials.shared_pages(actor(told["who"])) if page.title == told["title"])
    commands.note_opening(actor=VISITOR, secret=credentials.secret_of(page.recipients.all()[0]))
