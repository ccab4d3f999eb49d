"""Numbers, sizes, times and places as these pages say them. Not here: dates (pure.clocks)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from cairn.interfaces.web.wording import spelled
from cairn.kernel import clock
from cairn.pure.clocks import days_left, long_date, long_moment

_NTH = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
SOON_DAYS = 30

__all__ = ["away", "capital", "counted", "due", "length", "listed", "nth", "place", "saved", "size", "spelled"]


def capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def counted(number: int, noun: str) -> str:
    """1 file, 4 files"""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def nth(number: int) -> str:
    """second; the numbers of attempts are small"""
    return _NTH[number] if number < len(_NTH) else f"{number}th"


def size(bytes_: int) -> str:
    if bytes_ < 1_000_000:
        return f"{max(1, round(bytes_ / 1000))} kB"
    return f"{bytes_ / 1e6:.1f} MB" if bytes_ < 10_000_000 else f"{round(bytes_ / 1e6):,} MB"


def length(seconds: float) -> str:
    """4:10, or 1:04:10"""
    minutes, left = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{left:02}" if minutes >= 60 else f"{minutes}:{left:02}"


def away(at: datetime, zone: ZoneInfo) -> str:
    """in 28 days, today, 3 days ago"""
    days = days_left(at, clock.now(), zone)
    if days == 0:
        return "today"
    if days < 0:
        return f"{counted(-days, 'day')} ago"
    return "tomorrow" if days == 1 else f"in {days} days"


def due(at: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """A state (of the tag `state`) and its words: Due December 18, 2026, 11:59 p.m. Central, in 28 days."""
    moment, now = long_moment(at, zone), clock.now()
    if now > at:
        return "stopped", f"Was due {moment}, {away(at, zone)}"
    kind = "soon" if days_left(at, now, zone) <= SOON_DAYS else "half"
    return kind, f"Due {moment}, {away(at, zone)}"


def place(page: int | None, start: int | None, end: int | None) -> str:
    """page 3; from 4:10 to 6:35; all of it"""
    if page:
        return f"page {page}"
    if start is None:
        return "all of it"
    return f"from {length(start)}" if end is None else f"from {length(start)} to {length(end)}"


def listed(items: Sequence[str]) -> str:
    """2b, 3a and 4c"""
    return " and ".join(", ".join(items).rsplit(", ", 1)) if len(items) > 1 else "".join(items)


def saved(at: datetime, zone: ZoneInfo) -> str:
    """Saved at 8:42 p.m., or on another day: Saved November 18, 2026"""
    local = at.astimezone(zone)
    if local.date() != clock.today(zone):
        return f"Saved {long_date(local.date())}"
    return f"Saved at {local.hour % 12 or 12}:{local.minute:02} {'a.m.' if local.hour < 12 else 'p.m.'}"
