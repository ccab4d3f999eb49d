"""What holds for every date, zone and calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given
from hypothesis import strategies as st

from cairn.pure.clocks import business_days_after, due, end_of_day, long_moment, quiet_until, read_terms, revision_due

ZONES = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
DAYS = st.dates(date(1970, 1, 1), date(2060, 1, 1))
MOMENTS = st.datetimes(datetime(1970, 1, 3), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


HALF_HOURS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
TWICE = st.datetimes(datetime(2026, 10, 31, 20), datetime(2026, 11, 2, 4), timezones=st.just(UTC))  # noqa: DTZ001


@given(TWICE | MOMENTS, HALF_HOURS, HALF_HOURS, st.just(ZoneInfo("America/Chicago")) | ZONES)
def test_quiet_hours_end_when_clocks_say_so_and_within_a_day_also_where_an_hour_comes_twice(now, begins, ends, zone):
    over = quiet_until(now, begins, ends, zone)
    if over is not None:
        assert now < over <= now + timedelta(hours=26)
        assert quiet_until(over, begins, ends, zone) is None or begins == ends or over.astimezone(zone).time() != ends


@given(DAYS, ZONES)
def test_the_end_of_a_day_is_its_last_second(day, zone):
    last = end_of_day(day, zone)
    assert last.microsecond == 0
    assert last.astimezone(zone).date() <= day < (last + timedelta(seconds=1)).astimezone(zone).date()


@given(MOMENTS, st.integers(0, 1000), DAYS, ZONES)
def test_a_deadline_never_passes_either_limit(start, days, last_day, zone):
    result = due(start, days=days, last_day=last_day, zone=zone)
    assert result.day <= last_day
    assert result.day <= start.astimezone(zone).date() + timedelta(days=days)
    assert result.at in {due(start, days=days, last_day=None, zone=zone).at, due(start, days=None, last_day=last_day, zone=zone).at}


MONTH_DAYS = st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda day: day.isoformat()[5:])
CALENDARS = st.lists(st.tuples(MONTH_DAYS, MONTH_DAYS), min_size=1, max_size=6).map(
    lambda spans: {"unit": "term", "terms": [{"name": f"T{n}", "from": first, "to": last} for n, (first, last) in enumerate(spans)]}
)


@given(CALENDARS, DAYS, st.integers(1, 11))
def test_so_many_terms_end_after_the_day_they_are_counted_from_and_within_as_many_years(calendar, day, count):
    ends, _ = read_terms(count, calendar).end(day)
    assert day <= ends <= day + timedelta(days=366 * (count + 1))


@given(MOMENTS, st.integers(0, 300), ZONES, MOMENTS, st.integers(0, 90))
def test_a_decision_never_takes_time_away(start, days, zone, decided, revision_days):
    attempt = due(start, days=days, last_day=None, zone=zone)
    revision = revision_due(attempt, decided, days=revision_days, zone=zone)
    assert revision.at >= attempt.at
    assert revision.at >= end_of_day(decided.astimezone(zone).date() + timedelta(days=revision_days), zone)


@given(DAYS, st.integers(0, 60), st.frozensets(st.dates(date(2020, 1, 1), date(2020, 3, 1))))
def test_business_days_are_counted_exactly(day, n, closed):
    result = business_days_after(day, n, closed)
    days = [day + timedelta(days=k) for k in range(1, (result - day).days + 1)]
    is_open = lambda each: each.weekday() < 5 and each not in closed
    assert is_open(result)
    assert n == 0 or sum(map(is_open, days)) == n


@given(MOMENTS, ZONES)
def test_any_moment_can_be_said_anywhere(moment, zone):
    assert "m. " in long_moment(moment, zone)
