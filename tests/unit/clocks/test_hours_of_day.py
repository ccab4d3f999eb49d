"""A time of day as clocks of a zone show it, on the days on which they are moved."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from cairn.kernel.errors import Invalid
from cairn.pure.clocks import moment_at

CENTRAL = ZoneInfo("America/Chicago")


def test_an_hour_that_clocks_skip_is_refused_by_name():
    with pytest.raises(Invalid, match="On March 14, 2027 clocks in America/Chicago go forward and skip 02:30"):
        moment_at(datetime.fromisoformat("2027-03-14T02:30"), CENTRAL)
    assert moment_at(datetime.fromisoformat("2027-03-14T02:30"), ZoneInfo("America/Phoenix")).astimezone(UTC) == datetime(
        2027, 3, 14, 9, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(("wall", "zone"), [("9999-12-31T23:50", "Pacific/Honolulu"), ("0001-01-01T00:10", "Pacific/Guam")])
def test_a_moment_that_is_beyond_the_calendar_elsewhere_is_refused(wall, zone):
    with pytest.raises(Invalid, match="beyond the calendar"):
        moment_at(datetime.fromisoformat(wall), ZoneInfo(zone))


@pytest.mark.parametrize(("hour", "in_utc"), [(1, 7), (3, 8)])
def test_the_hours_beside_it_are_taken(hour, in_utc):
    assert moment_at(datetime.fromisoformat(f"2027-03-14T{hour:02}:00"), CENTRAL).astimezone(UTC) == datetime(
        2027, 3, 14, in_utc, tzinfo=UTC
    )


def test_of_an_hour_that_comes_twice_the_first_is_meant():
    assert moment_at(datetime.fromisoformat("2026-11-01T01:30"), CENTRAL).astimezone(UTC) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
