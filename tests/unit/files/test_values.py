"""Days, times, zones and addresses as offices write them."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from cairn.kernel.errors import Invalid
from cairn.pure.files import read_day, read_email, read_moment, read_time, read_zone


@pytest.mark.parametrize(
    "text",
    ["2020-04-07", "4/7/2020", "04/07/20", "April 7, 2020", "Apr. 7 2020", "Tuesday, April 7th, 2020", "2020-04-07T10:00",
     "4/7/2020 10:00 AM", "43928", "43928.625"],
)  # fmt: skip
def test_a_day_is_read_as_it_is_written(text):
    assert read_day(text) == date(2020, 4, 7)


@pytest.mark.parametrize("text", ["", "soon", "2020-02-30", "31/12/2020", "Ventober 7, 2020", "7", "19999", "73100", "439280"])
def test_what_is_no_day_is_refused_with_the_way_to_write_one(text):
    with pytest.raises(Invalid) as no:
        read_day(text)
    assert "2020-04-07" in no.value.remedy


@pytest.mark.parametrize(
    ("text", "said"),
    [("16:00", time(16)), ("4 p.m.", time(16)), ("4:30 PM", time(16, 30)), ("12 a.m.", time(0)), ("12:05pm", time(12, 5)),
     ("10:00:00", time(10)), ("2020-04-07T10:15", time(10, 15)), ("0.625", time(15)),
     ("43928.6458333333", time(15, 30)), ("0.99999", time(0))],
)  # fmt: skip
def test_a_time_is_read_as_it_is_written(text, said):
    assert read_time(text) == said


@pytest.mark.parametrize("text", ["", "4", "25:00", "13 p.m.", "noonish", "10:75", "4.5"])
def test_a_time_that_may_be_morning_or_night_is_refused(text):
    with pytest.raises(Invalid):
        read_time(text)


def test_a_moment_without_a_time_is_the_day_s_beginning():
    assert read_moment("3/21/2020 9:00 AM") == datetime(2020, 3, 21, 9)  # noqa: DTZ001
    assert read_moment("2020-03-20") == datetime(2020, 3, 20)  # noqa: DTZ001


@pytest.mark.parametrize("text", ["Central", "CT", "central time", "CDT", "America/Chicago"])
def test_a_zone_goes_by_several_names(text):
    assert read_zone(text) == "America/Chicago"


def test_an_unknown_zone_is_refused():
    with pytest.raises(Invalid):
        read_zone("Martian")


@pytest.mark.parametrize("text", ["Kim@Example.org", " kim@example.org ", "Kim Lee <kim@example.org>", "mailto:kim@example.org"])
def test_an_address_is_taken_out_of_what_surrounds_it(text):
    assert read_email(text) == "kim@example.org"


@pytest.mark.parametrize(
    "text", ["", "kim", "kim@", "kim@example", "a@b.org, c@d.org", "kim..lee@example.org", "=cmd@example.org|x", "k@-a.org"]
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(Invalid):
        read_email(text)
