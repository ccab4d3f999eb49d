"""When something is due, exactly, and why. Not here: extensions and who may grant them (apps.programs)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cairn.kernel.errors import Invalid
from cairn.pure.clocks.terms import Terms
from cairn.pure.clocks.words import long_date


@dataclass(frozen=True)
class Due:
    """`at` is the last second that is in time (UTC), `day` its date on the learner's calendar.

    `reason` is "days", "terms", "end" or "revision"; `sentence` says it to a person.
    """

    at: datetime
    day: date
    reason: str
    sentence: str


def due(
    start: datetime, *, days: int | None, last_day: date | None, zone: ZoneInfo, terms: Terms | None = None, ending: str = "pilot"
) -> Due:
    """The earliest of start's date in `zone` + `days`, the end of so many academic `terms` from that date, and `last_day`, at the end of
    that day in `zone`.

    `start` is aware; `ending` is the noun for what ends on `last_day`. Raises Invalid without any limit.
    """
    began = _local_date(start, zone)
    spans = []
    if days is not None:
        spans.append((_shift(began, days), "days", _days(days), f"{_days(days)} from {long_date(began)}."))
    if terms is not None:
        by, name = terms.end(began)
        spans.append((by, "terms", terms.words, f"{terms.words} from {long_date(began)}, to the end of {name}."))
    if not spans:
        if last_day is None:
            raise Invalid("no-deadline", "Nothing says when this ends.", "Give a number of days or a last day.")
        return _due(last_day, zone, "end", f"The {ending} ends on {long_date(last_day)}.")
    day, reason, span, sentence = min(spans)
    if last_day is None or day <= last_day:
        return _due(day, zone, reason, sentence)
    return _due(last_day, zone, "end", f"The {ending} ends first: {span} would have run to {long_date(day)}.")


def revision_due(attempt: Due, decided: datetime, *, days: int, zone: ZoneInfo, what: str = "to revise, from the decision") -> Due:
    """The later of the attempt's own deadline and `days` after the day of the decision, so that a late decision costs no time.

    `what` they are for, and from what on they run, in words.
    """
    began = _local_date(decided, zone)
    revision = _due(_shift(began, days), zone, "revision", f"{_days(days)} {what} on {long_date(began)}.")
    return max(attempt, revision, key=lambda each: each.at)


def business_days_after(day: date, n: int, closed: frozenset[date] = frozenset()) -> date:
    """The n-th business day after `day`: Monday to Friday and not in `closed`. With n = 0, `day` or the first business day after it."""
    if n < 0:
        raise Invalid("negative-days", "A number of business days cannot be negative.", "Give 0 or more.")
    while n or _is_closed(day, closed):
        day = _shift(day, 1)
        if n and not _is_closed(day, closed):
            n -= 1
    return day


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The last second (UTC) at which the calendar of `zone` has not passed `day`: 23:59:59 wherever that exists.

    Where clocks turn back over midnight it is the second 23:59:59; where they skip 23:59:59, or the whole day, it is the last second
    before the jump.
    """
    try:
        wall = datetime.combine(day, time(23, 59, 59), zone)
        early, late = wall.replace(fold=1).astimezone(UTC), wall.replace(fold=0).astimezone(UTC)
        if early >= late:
            return early
        while late - early > timedelta(seconds=1):
            middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
            early, late = (middle, late) if middle.astimezone(zone).date() <= day else (early, middle)
        return early
    except (OverflowError, ValueError) as error:
        raise _out_of_range() from error


def _due(day: date, zone: ZoneInfo, reason: str, sentence: str) -> Due:
    at = end_of_day(day, zone)
    return Due(at, at.astimezone(zone).date(), reason, sentence)


def _local_date(moment: datetime, zone: ZoneInfo) -> date:
    if moment.tzinfo is None:
        raise ValueError("a deadline counts from an aware datetime")
    return moment.astimezone(zone).date()


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"


def _shift(day: date, days: int) -> date:
    if days < 0:
        raise Invalid("negative-days", "A number of days cannot be negative.", "Give 0 or more.")
    try:
        return day + timedelta(days=days)
    except OverflowError as error:
        raise _out_of_range() from error


def _is_closed(day: date, closed: frozenset[date]) -> bool:
    return day.weekday() >= 5 or day in closed


def _out_of_range() -> Invalid:
    return Invalid("date-out-of-range", "That date lies beyond the calendar.", "Give fewer days.")
