"""Timed jobs: name -> how often, and what. Each may run twice without harm; a lease keeps workers from doing it side by side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from cairn.apps.credentials.commands import refresh_status_lists
from cairn.apps.ledger.commands import forget_answers
from cairn.apps.people.commands import forget_sessions, forget_tries
from cairn.apps.portfolio.outward import clear as clear_uploads
from cairn.apps.portfolio.outward import erase_removed
from cairn.frame.actor import Actor

Job = Callable[[Actor], object]


def clear_sessions(actor: Actor) -> None:
    """Sign-ins that have run out, and tries that no longer count."""
    forget_sessions(actor=actor)
    forget_tries(actor=actor)


def sign_status_lists(actor: Actor) -> None:
    """They are valid for thirty days from each signing."""
    refresh_status_lists(actor=actor)


def clear_answers(actor: Actor) -> None:
    """Those to programs' requests of more than a day ago."""
    forget_answers(actor=actor)


JOBS: dict[str, tuple[timedelta, Job]] = {
    "sign-status-lists": (timedelta(hours=24), sign_status_lists),
    "clear-uploads": (timedelta(minutes=10), clear_uploads),
    "clear-answers": (timedelta(hours=1), clear_answers),
    "erase-files": (timedelta(hours=1), erase_removed),
    "clear-sessions": (timedelta(hours=6), clear_sessions),
}
