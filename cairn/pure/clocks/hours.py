"""Hours of the day on somebody's own clocks: when a morning comes next, when quiet hours are over. Not here: whose clocks (apps)."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cairn.kernel.errors import Invalid
from cairn.pure.clocks.words import long_date

WEEK = 7


def moment_at(wall: datetime, zone: ZoneInfo) -> datetime:
    """The aware moment at which clocks of `zone` show the naive `wall`; of two, the first.

    Raises Invalid where they skip that hour (PEP 495: such a time does not come back the same from UTC), and in the first and the last
    year that there are: clocks elsewhere may show a year that is none.
    """
    if not MINYEAR < wall.year < MAXYEAR:
        raise Invalid("date-out-of-range", f"{long_date(wall.date())} lies beyond the calendar.", "Choose another year.")
    moment = wall.replace(tzinfo=zone)
    if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall:
        message = f"On {long_date(wall.date())} clocks in {zone.key} go forward and skip {wall:%H:%M}."
        raise Invalid("hour-skipped", message, "Choose an hour before or after it.")
    return moment


def next_at(now: datetime, at: time, zone: ZoneInfo, *, weekday: int | None = None) -> datetime:
    """The first moment (UTC) after the aware `now` at which clocks of `zone` show `at`, on `weekday` (0: Monday) where one is given.

    Where clocks skip `at` that day, it is as long after the jump as `at` lies after its beginning; where they show it twice, the first.
    """
    day = now.astimezone(zone).date()
    for ahead in range(WEEK + 2):
        candidate = datetime.combine(day + timedelta(days=ahead), at, zone).astimezone(UTC)
        if candidate > now and weekday in (None, (day + timedelta(days=ahead)).weekday()):
            return candidate
    raise AssertionError("every weekday comes within eight days")


def quiet_until(now: datetime, begins: time, ends: time, zone: ZoneInfo) -> datetime | None:
    """When (UTC) the quiet hours are over that last at the aware `now`; None where it is no quiet hour. They may pass midnight."""
    there = now.astimezone(zone)
    local = there.time()
    is_quiet = begins <= local < ends if begins <= ends else local >= begins or local < ends
    again = datetime.combine(there.date(), ends, zone).replace(fold=1).astimezone(UTC)
    if is_quiet and there.fold and again > now:
        return again  # the clock shows the hour a second time, and then its end
    return next_at(now, ends, zone) if is_quiet else None
