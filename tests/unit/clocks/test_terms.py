"""Deadlines in academic terms: where so many of them end, and what is no calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from cairn.kernel.errors import Invalid
from cairn.pure.clocks import due, read_terms

DATA = Path(__file__).parents[3] / "cairn" / "data"
KANSAS = yaml.safe_load((DATA / "calendars" / "us-ks-terms.yaml").read_text(encoding="utf-8"))
CENTRAL = ZoneInfo("America/Chicago")


@pytest.mark.parametrize(
    ("begun", "ends", "last"),
    [
        ("2017-09-12", "2018-12-31", "Fall 2018"),
        ("2017-08-01", "2018-12-31", "Fall 2018"),
        ("2017-07-31", "2018-12-31", "Fall 2018"),  # in summer, so it begins with the fall
        ("2017-06-01", "2018-12-31", "Fall 2018"),
        ("2017-05-31", "2018-05-31", "Spring 2018"),  # the last day of spring counts that spring
        ("2017-12-31", "2018-12-31", "Fall 2018"),
        ("2018-01-01", "2019-05-31", "Spring 2019"),
    ],
)
def test_three_semesters_end_with_the_third_that_was_begun_in(begun, ends, last):
    assert read_terms(3, KANSAS).end(date.fromisoformat(begun)) == (date.fromisoformat(ends), last)


def test_what_is_due_says_how_many_and_which_is_the_last():
    start = datetime(2017, 9, 13, 2, tzinfo=UTC)  # still September 12 in Kansas
    told = due(start, days=None, terms=read_terms(3, KANSAS), last_day=None, zone=CENTRAL)
    assert (told.day, told.reason, told.sentence) == (
        date(2018, 12, 31), "terms", "3 semesters from September 12, 2017, to the end of Fall 2018.",
    )  # fmt: skip
    one = due(start, days=200, terms=read_terms(1, KANSAS), last_day=None, zone=CENTRAL)
    assert (one.day, one.sentence) == (date(2017, 12, 31), "1 semester from September 12, 2017, to the end of Fall 2017.")
    first = due(start, days=None, terms=read_terms(3, KANSAS), last_day=date(2018, 6, 30), zone=CENTRAL)
    assert first.sentence == "The pilot ends first: 3 semesters would have run to December 31, 2018."


def test_terms_that_pass_new_year_and_leap_days_are_counted():
    winter = {
        "unit": "term",
        "terms": [{"name": "Winter", "from": "11-15", "to": "02-29"}, {"name": "Rest", "from": "03-01", "to": "11-14"}],
    }
    assert read_terms(1, winter).end(date(2019, 1, 5)) == (date(2019, 2, 28), "Winter 2018")
    assert read_terms(2, winter).end(date(2019, 12, 1)) == (date(2020, 11, 14), "Rest 2020")
    assert read_terms(1, winter).end(date(2020, 2, 29)) == (date(2020, 2, 29), "Winter 2019")


@pytest.mark.parametrize("count", [0, -1, 13])
def test_terms_run_from_one_to_twelve(count):
    with pytest.raises(Invalid, match="1 to 12"):
        read_terms(count, KANSAS)


@pytest.mark.parametrize(
    "calendar",
    [{}, {"unit": "term", "terms": []}, {"unit": "term", "terms": [{"name": "Fall", "from": "13-01", "to": "12-31"}]},
     {"unit": "term", "terms": [{"name": "Fall"}]}, {"unit": "term", "terms": 3}],
)  # fmt: skip
def test_what_is_no_calendar_is_refused(calendar):
    with pytest.raises(Invalid, match="no calendar"):
        read_terms(3, calendar)


def test_the_calendar_says_the_same_as_the_rules_of_licenses():
    place = yaml.safe_load((DATA / "licensure" / "us" / "ks" / "licenses.yaml").read_text(encoding="utf-8"))
    ours = [(each["name"].lower(), str(each["from"]), str(each["to"])) for each in KANSAS["terms"]]
    assert ours == [(each["name"].lower(), str(each["from"]), str(each["to"])) for each in place["terms"]]
