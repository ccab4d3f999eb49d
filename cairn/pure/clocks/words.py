"""How a date or moment is said to a person in the United States. Not here: computing one (deadlines)."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

# Abbreviations of the tz database as people say them; elsewhere the same letters mean other things (CST in Shanghai and Havana).
_AMERICAN = {
    "EST": "Eastern",
    "EDT": "Eastern",
    "CST": "Central",
    "CDT": "Central",
    "MST": "Mountain",
    "MDT": "Mountain",
    "PST": "Pacific",
    "PDT": "Pacific",
    "AKST": "Alaska",
    "AKDT": "Alaska",
    "HST": "Hawaii",
    "HDT": "Hawaii",
    "AST": "Atlantic",
    "ADT": "Atlantic",
    "NST": "Newfoundland",
    "NDT": "Newfoundland",
}
_BY_NAME = {
    "America/Phoenix": "Arizona",
    "US/Arizona": "Arizona",
    "America/Havana": "Havana time",
    "Pacific/Honolulu": "Hawaii",
}


def long_date(day: date) -> str:
    """September 1, 2020"""
    return f"{day:%B} {day.day}, {day.year}"


def long_moment(moment: datetime, zone: ZoneInfo) -> str:
    """September 1, 2020, 11:59 p.m. Central: the aware `moment` on the clocks of `zone`, seconds dropped."""
    local = moment.astimezone(zone)
    half = "a.m." if local.hour < 12 else "p.m."
    return f"{long_date(local.date())}, {local.hour % 12 or 12}:{local.minute:02} {half} {_zone_word(local, zone)}"


def days_left(at: datetime, now: datetime, zone: ZoneInfo) -> int:
    """Calendar days in `zone` from `now` until `at`: 0 on the day itself, negative afterwards."""
    return (at.astimezone(zone).date() - now.astimezone(zone).date()).days


def _zone_word(local: datetime, zone: ZoneInfo) -> str:
    key, abbreviation = zone.key or "", local.tzname() or ""
    if key in _BY_NAME:
        return _BY_NAME[key]
    region, _, city = key.partition("/")
    if region in {"America", "US", "Canada"} and abbreviation in _AMERICAN:
        return _AMERICAN[abbreviation]
    if not city or region == "Etc":
        return abbreviation
    return f"{city.rpartition('/')[2].replace('_', ' ')} time"
