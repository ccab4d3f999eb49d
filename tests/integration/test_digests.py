"""Quiet hours and digests: letters wait on their reader's clocks, go once, and none is lost."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.apps.comms import commands
from cairn.apps.comms.models import Letter
from cairn.kernel import clock
from cairn.pure.clocks import next_at, quiet_until
from cairn.site.jobs import send_what_waited
from tests.comms_world import NOON, at_work, tell
from tests.world import SYSTEM

CHICAGO, AUCKLAND = ZoneInfo("America/Chicago"), ZoneInfo("Pacific/Auckland")
ZONES = st.sampled_from(
    ["America/Chicago", "Pacific/Auckland", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Phoenix", "Europe/London"]
)
SECONDS = int(datetime(2020, 1, 1, tzinfo=UTC).timestamp()), int(datetime(2035, 1, 1, tzinfo=UTC).timestamp())
MOMENTS = st.integers(*SECONDS).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
HOURS = st.times(max_value=time(23, 59)).map(lambda each: each.replace(second=0, microsecond=0))


@pytest.fixture
def dana(world):
    return world.person("Dana Whitfield")


def choose(actor, quiet=None, **hows):
    begins, ends = quiet or (None, None)
    return commands.change_preferences(actor=actor, hows=hows, quiet_from=begins, quiet_until=ends)


def states():
    return list(Letter.objects.exclude(kind="comms.digest").order_by("created_at").values_list("state", flat=True))


# --- Clocks ------------------------------------------------------------------------------------------------------------


@given(MOMENTS, HOURS, ZONES)
def test_the_next_morning_is_after_now_and_within_a_day_and_two_hours(now, at, zone):
    found = next_at(now, at, ZoneInfo(zone))
    assert now < found <= now + timedelta(hours=26)


@given(MOMENTS, HOURS, ZONES, st.integers(0, 6))
def test_the_next_weekday_is_that_weekday_and_within_eight_days(now, at, zone, weekday):
    found = next_at(now, at, ZoneInfo(zone), weekday=weekday)
    assert now < found <= now + timedelta(days=8)
    assert (found - timedelta(hours=1)).astimezone(ZoneInfo(zone)).weekday() in (weekday, (weekday - 1) % 7)


@given(MOMENTS, HOURS, HOURS, ZONES)
def test_the_end_of_quiet_hours_is_no_quiet_hour(now, begins, ends, zone):
    over = quiet_until(now, begins, ends, ZoneInfo(zone))
    if over is not None:
        assert over > now
        local = over.astimezone(ZoneInfo(zone)).time()
        assert local >= ends or local < begins


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        (datetime(2027, 3, 13, 20, tzinfo=UTC), datetime(2027, 3, 14, 12, tzinfo=UTC)),  # clocks go forward that night: 7:00 is 12:00 UTC
        (datetime(2027, 3, 12, 20, tzinfo=UTC), datetime(2027, 3, 13, 13, tzinfo=UTC)),
        (datetime(2027, 11, 6, 20, tzinfo=UTC), datetime(2027, 11, 7, 13, tzinfo=UTC)),  # and back
        (datetime(2027, 11, 5, 20, tzinfo=UTC), datetime(2027, 11, 6, 12, tzinfo=UTC)),
    ],
)
def test_the_morning_is_the_same_hour_on_the_wall_when_clocks_change(now, morning):
    assert next_at(now, time(7), CHICAGO) == morning


def test_an_hour_that_clocks_skip_comes_after_the_jump():
    assert next_at(datetime(2027, 3, 14, 6, tzinfo=UTC), time(2, 30), CHICAGO) == datetime(2027, 3, 14, 8, 30, tzinfo=UTC)


def test_quiet_hours_may_pass_midnight_or_not():
    late, early = datetime(2027, 3, 3, 5, tzinfo=UTC), datetime(2027, 3, 3, 12, 59, tzinfo=UTC)  # 23:00 and 6:59 in Chicago
    assert quiet_until(late, time(21), time(7), CHICAGO) == quiet_until(early, time(21), time(7), CHICAGO) == early + timedelta(minutes=1)
    assert quiet_until(NOON, time(21), time(7), CHICAGO) is None
    assert quiet_until(NOON, time(11), time(13), CHICAGO) == NOON + timedelta(hours=1)


# --- Quiet hours -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_letter_of_the_night_goes_in_the_morning(dana):
    choose(dana, quiet=(time(21), time(7)))
    night = datetime(2027, 3, 4, 4, tzinfo=UTC)  # 22:00
    tell(dana, at=night)
    assert at_work(night + timedelta(hours=8)) == []
    (sent,) = at_work(night + timedelta(hours=9))
    assert sent.subject == "You have begun Stepping Stones"
    assert at_work(night + timedelta(hours=10)) == []


@pytest.mark.django_db
def test_a_letter_that_guards_an_account_does_not_wait(dana):
    choose(dana, quiet=(time(21), time(7)))
    night = datetime(2027, 3, 4, 4, tzinfo=UTC)
    tell(dana, at=night, category="account")
    assert len(at_work(night)) == 1


@pytest.mark.django_db
def test_a_decision_waits_for_the_morning_as_well(dana):
    choose(dana, quiet=(time(21), time(7)))
    (letter,) = tell(dana, at=datetime(2027, 3, 4, 4, tzinfo=UTC), category="decisions")
    assert (letter.state, letter.goes_at) == ("waiting", datetime(2027, 3, 4, 13, tzinfo=UTC))


@pytest.mark.django_db
def test_quiet_hours_are_on_each_readers_own_clocks(world, dana):
    mere = world.person("Mere Stone", zone="Pacific/Auckland")
    for actor in (dana, mere):
        choose(actor, quiet=(time(21), time(7)))
    tell(dana, mere, at=datetime(2027, 3, 4, 4, tzinfo=UTC))  # 22:00 in Chicago, 17:00 in Auckland
    assert {row.person_id: row.state for row in Letter.objects.filter(kind="programs.enrolled")} == {
        dana.person_id: "waiting", mere.person_id: "queued"
    }  # fmt: skip


@pytest.mark.django_db
def test_whoever_switches_letters_off_while_one_waits_does_not_get_it(dana):
    choose(dana, quiet=(time(21), time(7)))
    night = datetime(2027, 3, 4, 4, tzinfo=UTC)
    tell(dana, at=night)
    choose(dana, news="here")
    assert at_work(night + timedelta(hours=10)) == []
    assert states() == ["kept"]


# --- Digests -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_day_of_letters_comes_as_one_in_the_morning(dana):
    choose(dana, news="daily")
    tell(dana, title="One"), tell(dana, title="Two", at=NOON + timedelta(hours=3))
    assert at_work(NOON + timedelta(hours=4)) == []
    (sent,) = at_work(datetime(2027, 3, 4, 13, tzinfo=UTC))
    assert sent.subject == "2 notices from Cairn"
    assert "You have begun One\nhttp://localhost:8000/portfolio/" in sent.body
    assert "You have begun Two" in sent.body
    assert states() == ["gathered", "gathered"]


@pytest.mark.django_db
def test_a_digest_goes_once_however_often_the_job_runs(dana):
    choose(dana, news="daily")
    tell(dana)
    morning = datetime(2027, 3, 4, 13, tzinfo=UTC)
    assert [len(at_work(morning + timedelta(minutes=5 * n))) for n in range(4)] == [1, 0, 0, 0]
    assert Letter.objects.filter(kind="comms.digest").count() == 1


@pytest.mark.django_db
def test_a_letter_too_late_for_its_digest_comes_in_the_next(dana):
    """Its transaction began before the morning and ended after the digest had gone."""
    choose(dana, news="daily")
    tell(dana, title="One")
    morning = datetime(2027, 3, 4, 13, tzinfo=UTC)
    assert len(at_work(morning)) == 1
    tell(dana, title="Late", at=NOON)
    assert at_work(morning + timedelta(minutes=5)) == []
    (sent,) = at_work(morning + timedelta(days=1))
    assert "You have begun Late" in sent.body


@pytest.mark.django_db
def test_a_weekly_digest_comes_on_monday_morning(dana):
    choose(dana, news="weekly")
    (letter,) = tell(dana)
    assert letter.goes_at == datetime(2027, 3, 8, 13, tzinfo=UTC)
    assert at_work(letter.goes_at - timedelta(minutes=1)) == []
    assert len(at_work(letter.goes_at)) == 1


@pytest.mark.django_db
def test_a_digest_waits_for_the_end_of_quiet_hours(dana):
    choose(dana, quiet=(time(20), time(9)), news="daily")
    (letter,) = tell(dana)
    assert letter.goes_at == datetime(2027, 3, 4, 15, tzinfo=UTC)


@pytest.mark.django_db
def test_daily_and_weekly_letters_of_one_morning_come_as_one(dana):
    choose(dana, news="daily", money="weekly")
    sunday = datetime(2027, 3, 7, 18, tzinfo=UTC)
    tell(dana, title="One", at=sunday), tell(dana, title="Two", category="money", at=sunday)
    (sent,) = at_work(datetime(2027, 3, 8, 13, tzinfo=UTC))
    assert sent.subject == "2 notices from Cairn"


@pytest.mark.django_db
def test_a_digest_tells_each_reader_of_their_own_letters_alone(world, dana):
    sam = world.person("Sam Stone")
    for actor, title in ((dana, "Hers"), (sam, "His")):
        choose(actor, news="daily")
        tell(actor, title=title)
    sent = at_work(NOON + timedelta(days=1))
    assert sorted(len([word for word in ("Hers", "His") if word in each.body]) for each in sent) == [1, 1]


@pytest.mark.django_db
def test_the_job_finds_nobody_for_whom_nothing_waits(dana, django_assert_max_num_queries):
    tell(dana)
    with clock.at(NOON + timedelta(days=1)), django_assert_max_num_queries(1):
        send_what_waited(SYSTEM)
