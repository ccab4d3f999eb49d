"""Calendar files (RFC 5545, with the names of RFC 7986): dates that a calendar of one's own can show. Not here: whose dates (apps)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, vText
from icalendar import Event as Entry

PRODUCT = "-//Cairn//Dates//EN"
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # which no calendar may hold (RFC 5545 section 3.1)


@dataclass(frozen=True)
class Event:
    """`uid` stays the same for ever; `sequence` grows with each change and `changed_at` says when the last one was. Moments are aware."""

    uid: str
    title: str
    begins_at: datetime
    ends_at: datetime
    changed_at: datetime
    sequence: int = 0
    details: str = ""
    place: str = ""
    url: str = ""
    is_cancelled: bool = False
    is_free: bool = False  # whether one is free all the same: a due date, not a meeting


def calendar(name: str, events: Sequence[Event], *, every: timedelta | None = None) -> bytes:
    """A calendar of this name with the events by their beginning; the same events give the same bytes. `every`: how often to ask anew.

    Moments are written in UTC, which every calendar turns into its reader's own time (RFC 5545 section 3.3.5, form 2).
    """
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("name", _text(name))
    made.add("x-wr-calname", _text(name))
    if every is not None:
        made.add("refresh-interval", every, parameters={"VALUE": "DURATION"})
    for event in sorted(events, key=lambda each: (each.begins_at, each.uid)):
        made.add_component(_entry(event))
    return bytes(made.to_ical())


def _entry(event: Event) -> Entry:
    entry = Entry()
    entry.add("uid", event.uid)
    entry.add("dtstamp", _utc(event.changed_at))
    entry.add("last-modified", _utc(event.changed_at))
    entry.add("sequence", event.sequence)
    entry.add("dtstart", _utc(event.begins_at))
    entry.add("dtend", _utc(max(event.begins_at, event.ends_at)))
    entry.add("summary", _text(event.title))
    entry.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    entry.add("transp", "TRANSPARENT" if event.is_free or event.is_cancelled else "OPAQUE")
    for name, value in (("description", event.details), ("location", event.place)):
        if value:
            entry.add(name, _text(value))
    if event.url:
        entry.add("url", event.url)
    return entry


def _text(words: str) -> vText:
    """Escaped when it is written, so that no words begin a line of their own."""
    return vText(_CONTROLS.sub("", words.replace("\r\n", "\n").replace("\r", "\n")))


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a calendar needs aware moments")
    return moment.astimezone(UTC).replace(microsecond=0)
