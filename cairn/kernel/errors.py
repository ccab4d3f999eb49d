"""Refusals: every "no" that Cairn says to a person, with a code, one clear sentence and the remedy.

Not here: how a refusal is shown (interfaces) or which HTTP status it gets (the web and API faces map the class).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta


class Refused(Exception):
    """Something was asked for that cannot be done; nothing was changed.

    `code` is stable and machine-readable, `message` says what and why, `remedy` says what to do next.
    """

    status = 422

    def __init__(self, code: str, message: str, remedy: str = "", fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy
        self.fields: Mapping[str, str] = fields or {}

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class Invalid(Refused):
    """The input is malformed; `fields` names each wrong field with its own sentence."""

    status = 422


class NotFound(Refused):
    """There is no such thing, or none that this viewer may know of: the two look the same on purpose."""

    status = 404

    def __init__(self, what: str = "page", code: str = "not-found") -> None:
        super().__init__(code, f"There is no such {what}.", "Check the address, or start from your home page.")


class Forbidden(Refused):
    """The viewer may see the thing but may not do this to it."""

    status = 403


class Conflict(Refused):
    """The thing is no longer in a state, or at a version, where this is possible."""

    status = 409


class NotYet(Refused):
    """Possible later, by itself: a consequence that meets it waits, at least for `after` where that is given, is retried and is shown as
    waiting."""

    status = 409

    def __init__(self, code: str, message: str, remedy: str = "", *, after: timedelta = timedelta()) -> None:
        super().__init__(code, message, remedy)
        self.after = after


class Outage(Refused):
    """What the machine lacks just now, such as its database: said by the faces, never raised by a command."""

    status = 503


class StorageFull(Outage):
    """A disk has no room left; what was saved before stays as it was."""

    status = 507
