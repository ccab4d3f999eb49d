"""When an enrollment is due and why; business days; the ends of odd days."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from cairn.kernel.errors import Invalid
from cairn.pure.clocks import business_days_after, due, end_of_day, revision_due

CENTRAL = ZoneInfo("America/Chicago")
PILOT_ENDS = date(2020, 9, 1)


def began(month, day, hour=15):
    return datetime(2020, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "day", "reason"),
    [
        (began(4, 8), date(2020, 8, 6), "days"),
        (began(4, 20), date(2020, 8, 18), "days"),
        (began(5, 4), date(2020, 9, 1), "days"),
        (began(5, 5), date(2020, 9, 1), "end"),
    ],
)
def test_120_days_or_the_end_of_the_pilot_whichever_comes_first(start, day, reason):
    result = due(start, days=120, last_day=PILOT_ENDS, zone=CENTRAL)
    assert (result.day, result.reason) == (day, reason)
    assert result.at.astimezone(CENTRAL).replace(tzinfo=None) == datetime.combine(day, time(23, 59, 59))


def test_the_sentence_says_why():
    assert due(began(4, 8), days=120, last_day=PILOT_ENDS, zone=CENTRAL).sentence == "120 days from April 8, 2020."
    assert (
        due(began(5, 5), days=120, last_day=PILOT_ENDS, zone=CENTRAL).sentence
        == "The pilot ends first: 120 days would have run to September 2, 2020."
    )
    assert due(began(5, 5), days=None, last_day=PILOT_ENDS, zone=CENTRAL, ending="offering").sentence == (
        "The offering ends on September 1, 2020."
    )


def test_the_first_day_is_the_learners_own_date():
    late_evening_in_chicago = datetime(2020, 5, 5, 3, tzinfo=UTC)
    assert due(late_evening_in_chicago, days=120, last_day=None, zone=CENTRAL).day == date(2020, 9, 1)
    assert due(late_evening_in_chicago, days=120, last_day=None, zone=ZoneInfo("Asia/Tokyo")).day == date(2020, 9, 2)


def test_no_limit_at_all_is_refused():
    with pytest.raises(Invalid):
        due(began(5, 5), days=None, last_day=None, zone=CENTRAL)


@pytest.mark.parametrize("days", [-1, 10**7, 10**12])
def test_days_beyond_the_calendar_are_refused(days):
    with pytest.raises(Invalid):
        due(began(5, 5), days=days, last_day=None, zone=CENTRAL)


def test_a_naive_start_is_a_programming_error():
    with pytest.raises(ValueError, match="aware"):
        due(datetime(2020, 5, 5), days=1, last_day=None, zone=CENTRAL)  # noqa: DTZ001


def test_a_late_decision_moves_the_revision_deadline():
    attempt = due(began(4, 8), days=120, last_day=PILOT_ENDS, zone=CENTRAL)
    revision = revision_due(attempt, began(8, 1), days=30, zone=CENTRAL)
    assert (revision.day, revision.reason) == (date(2020, 8, 31), "revision")
    assert revision.sentence == "30 days to revise, from the decision on August 1, 2020."


def test_an_early_decision_leaves_the_attempts_own_deadline():
    attempt = due(began(4, 8), days=120, last_day=PILOT_ENDS, zone=CENTRAL)
    assert revision_due(attempt, began(5, 1), days=30, zone=CENTRAL) == attempt


@pytest.mark.parametrize(
    ("zone", "day", "last"),
    [
        ("America/Chicago", date(2020, 3, 8), datetime(2020, 3, 9, 4, 59, 59, tzinfo=UTC)),
        ("America/Chicago", date(2020, 11, 1), datetime(2020, 11, 2, 5, 59, 59, tzinfo=UTC)),
        ("America/Phoenix", date(2020, 7, 1), datetime(2020, 7, 2, 6, 59, 59, tzinfo=UTC)),
        # Clocks turn back over midnight: the second 23:59:59 counts.
        ("America/Havana", date(2020, 10, 31), datetime(2020, 11, 1, 3, 59, 59, tzinfo=UTC)),
        ("America/Sao_Paulo", date(2018, 2, 17), datetime(2018, 2, 18, 2, 59, 59, tzinfo=UTC)),
        # Clocks jump from 23:00 to midnight: 23:59:59 does not exist.
        ("America/Nuuk", date(2024, 3, 30), datetime(2024, 3, 31, 0, 59, 59, tzinfo=UTC)),
        # Samoa crossed the date line: December 30, 2011 does not exist.
        ("Pacific/Apia", date(2011, 12, 30), datetime(2011, 12, 30, 9, 59, 59, tzinfo=UTC)),
    ],
)
def test_the_end_of_a_day_is_right_where_clocks_change(zone, day, last):
    assert end_of_day(day, ZoneInfo(zone)) == last


THANKSGIVING = frozenset({date(2026, 11, 26), date(2026, 11, 27)})


@pytest.mark.parametrize(
    ("day", "n", "closed", "expected"),
    [
        (date(2021, 8, 6), 5, frozenset(), date(2021, 8, 13)),
        (date(2026, 11, 20), 14, frozenset(), date(2026, 12, 10)),
        (date(2026, 11, 20), 14, THANKSGIVING, date(2026, 12, 14)),
        (date(2026, 11, 20), 1, THANKSGIVING, date(2026, 11, 23)),
        (date(2026, 11, 21), 0, THANKSGIVING, date(2026, 11, 23)),
        (date(2026, 11, 20), 0, THANKSGIVING, date(2026, 11, 20)),
    ],
)
def test_business_days_skip_weekends_and_closed_days(day, n, closed, expected):
    assert business_days_after(day, n, closed) == expected


def test_negative_business_days_are_refused():
    with pytest.raises(Invalid):
        business_days_after(date(2026, 11, 20), -1)
