"""The only clock: everything that asks for the time asks here, so that a test or a demo can move it.

Not here: deadlines and calendars (pure.clocks), which take the time as an argument.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_offset: ContextVar[timedelta] = ContextVar("clock_offset", default=timedelta())


def now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC) + _offset.get()


def today(zone: ZoneInfo) -> date:
    """The calendar date in `zone`."""
    return now().astimezone(zone).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Run the block as if it began at `moment` (an aware datetime); time goes on from there."""
    token = _offset.set(moment - datetime.now(UTC))
    try:
        yield
    finally:
        _offset.reset(token)
