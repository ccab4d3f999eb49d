"""How dates and moments are said."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from cairn.pure.clocks import days_left, due, long_date, long_moment

CENTRAL = ZoneInfo("America/Chicago")


def test_a_date_is_said_in_full():
    assert long_date(date(2020, 9, 1)) == "September 1, 2020"


def test_the_last_second_of_a_day_reads_11_59():
    result = due(datetime(2020, 5, 5, 15, tzinfo=UTC), days=120, last_day=date(2020, 9, 1), zone=CENTRAL)
    assert long_moment(result.at, CENTRAL) == "September 1, 2020, 11:59 p.m. Central"


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("America/New_York", "8:05 a.m. Eastern"),
        ("America/Indiana/Indianapolis", "8:05 a.m. Eastern"),
        ("America/Chicago", "7:05 a.m. Central"),
        ("America/Denver", "6:05 a.m. Mountain"),
        ("America/Phoenix", "5:05 a.m. Arizona"),
        ("America/Los_Angeles", "5:05 a.m. Pacific"),
        ("America/Anchorage", "4:05 a.m. Alaska"),
        ("Pacific/Honolulu", "2:05 a.m. Hawaii"),
        ("America/Havana", "8:05 a.m. Havana time"),
        ("America/Sao_Paulo", "9:05 a.m. Sao Paulo time"),
        ("Asia/Shanghai", "8:05 p.m. Shanghai time"),
        ("Europe/London", "1:05 p.m. London time"),
        ("UTC", "12:05 p.m. UTC"),
        ("Etc/UTC", "12:05 p.m. UTC"),
        ("EST5EDT", "8:05 a.m. EDT"),
    ],
)
def test_the_zone_is_a_word_people_use(zone, said):
    assert long_moment(datetime(2020, 7, 1, 12, 5, tzinfo=UTC), ZoneInfo(zone)) == f"July 1, 2020, {said}"


def test_midnight_is_twelve():
    assert long_moment(datetime(2020, 7, 1, 5, 0, tzinfo=UTC), CENTRAL) == "July 1, 2020, 12:00 a.m. Central"


def test_days_left_count_calendar_days_where_the_learner_lives():
    at = datetime(2020, 9, 2, 4, 59, 59, tzinfo=UTC)
    assert days_left(at, datetime(2020, 9, 2, 4, 0, tzinfo=UTC), CENTRAL) == 0
    assert days_left(at, datetime(2020, 9, 1, 4, 0, tzinfo=UTC), CENTRAL) == 1
    assert days_left(at, datetime(2020, 9, 3, 12, 0, tzinfo=UTC), CENTRAL) == -2
