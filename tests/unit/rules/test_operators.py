"""Each operator and modifier of a requirement, met and not, and on its boundary."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from cairn.pure.rules import MET, OFFICER, OPEN, Attribute
from tests.rules_world import LICENSE, entry, hours, micro, standing

THREE = "{id: mc, count: {of: micro-credential, where: {approved_by: zz-board}, at_least: 3}, within: license}"


def approved(key, on, **more):
    return micro(key, on, approved_by="zz-board", **more)


def left(found, id):
    return dict(found.find(id).left_out)


def test_a_count_is_met_on_the_day_of_the_last_one_needed():
    found = standing(THREE, approved("a", "2021-01-01"), approved("c", "2023-05-20"), approved("b", "2022-01-01"))
    assert (found.state, found.met_on) == (MET, date(2023, 5, 20))


def test_what_does_not_count_is_left_out_with_its_reason():
    found = standing(
        THREE, approved("a", "2021-01-01"), approved("a", "2022-01-01"), micro("b", "2021-01-01"), approved("c", "2020-06-30"),
        approved("d", "2024-03-02"), approved("e", "2021-01-01", revoked=date(2024, 3, 1)),
        approved("f", "2021-01-01", suspended=((date(2024, 2, 1), None),)), approved("g", "2021-01-01", until=date(2024, 2, 29)),
        approved("h", "2021-01-01", verified=False), approved("i", "2021-01-01", withdrawn=date(2023, 1, 1)),
    )  # fmt: skip
    assert (found.state, found.root.have, found.root.need) == (OPEN, 1, 3)
    reasons = left(found, "mc")
    assert set(reasons) == {f"mc-{key}" for key in (
        "a-2022-01-01", "b-2021-01-01", "c-2020-06-30", "d-2024-03-02", "e-2021-01-01", "f-2021-01-01", "g-2021-01-01", "h-2021-01-01",
        "i-2021-01-01",
    )}  # fmt: skip
    assert reasons["mc-b-2021-01-01"] == "not approved by zz-board"
    assert reasons["mc-c-2020-06-30"] == "before July 1, 2020"
    assert reasons["mc-e-2021-01-01"] == "revoked on March 1, 2024"


def test_reinstated_ones_count_again_and_revoked_ones_counted_until_then():
    back = ((date(2023, 1, 1), date(2024, 3, 1)),)
    given = [
        approved("a", "2021-01-01", suspended=back),
        approved("b", "2021-01-01", revoked=date(2024, 3, 2)),
        approved("c", "2021-01-01"),
    ]
    assert standing(THREE, *given).state == MET
    assert standing(THREE, *given, on=date(2024, 3, 2)).state == OPEN
    assert standing(THREE, *given, on=date(2024, 2, 29)).state == OPEN


def test_without_a_license_a_window_of_the_license_is_said_to_be_missing():
    found = standing(THREE, approved("a", "2021-01-01"), license=None)
    assert (found.state, found.root.note) == (OPEN, "No license is recorded.")


ANY_OF = """
id: any
any:
  - {id: one, count: {of: test, at_least: 1}}
  - {id: judge, officer: The rule does not say how much.}
"""
ALL_OF = ANY_OF.replace("any:", "all:")


def test_any_of_needs_an_officer_only_where_nothing_else_is_met():
    assert (standing(ANY_OF).state, standing(ANY_OF, entry("test", "2021-01-01")).state) == (OFFICER, MET)


def test_all_of_is_not_yet_before_an_officer_is_needed():
    assert (standing(ALL_OF).state, standing(ALL_OF, entry("test", "2021-01-01")).state) == (OPEN, OFFICER)


def test_k_of_n_counts_officers_for_what_is_missing():
    both = "{id: a, count: {of: test, at_least: 1}}, {id: b, count: {of: degree, at_least: 1}}"
    two = f"{{id: two, at_least: {{count: 2, of: [{both}, {{id: c, officer: why}}]}}}}"
    assert standing(two).state == OPEN
    assert standing(two, entry("test", "2021-01-01")).state == OFFICER
    assert standing(two, entry("test", "2021-01-01"), entry("degree", "2022-01-01")).met_on == date(2022, 1, 1)


POINTS = """
id: points
sum:
  of: [points, credit, micro-credential]
  unit: point
  at_least: 160
  convert: {semester-hour: 20, micro-credential: {every: 2, gives: 10}}
  minimums: [{where: {category: college}, at_least: 80, title: from college}]
"""
TRAVEL = "{id: points, sum: {of: points, unit: point, at_least: 160, maximums: [{where: {category: travel}, at_most: 5}]}}"


def test_a_sum_converts_units_and_holds_minimums_and_maximums():
    points, college = (
        entry("points", "2021-01-01", 100, unit="point"),
        entry("credit", "2021-02-01", 3, unit="semester-hour", category="college"),
    )
    found = standing(POINTS, points, college)
    assert (found.state, found.root.have, found.find("points.minimum-1").have) == (OPEN, 160, 60)
    more = entry("credit", "2021-03-01", 1, unit="semester-hour", category="college")
    assert standing(POINTS, entry("points", "2021-01-01", 80, unit="point"), college, more).met_on == date(2021, 3, 1)
    travel = [entry("points", f"2021-0{n}-01", 4, unit="point", category="travel") for n in (1, 2, 3)]
    assert standing(TRAVEL, *travel).root.have == 5


def test_blocks_wait_until_they_are_whole():
    found = standing(POINTS, micro("a", "2021-01-01"), micro("b", "2021-02-01"), micro("c", "2021-03-01"))
    assert found.root.have == 10
    assert left(found, "points") == {"mc-c-2021-03-01": "waits for another: 2 give 10 points"}


def test_an_award_and_what_was_recognized_for_it_never_both_count():
    award = [micro("a", "2021-01-01", id="A"), micro("b", "2021-01-02", id="B")]
    found = standing(POINTS, *award, entry("points", "2021-02-01", 6, unit="point", award="A"))
    assert found.root.have == 6
    assert left(found, "points")["A"] == "what was recognized for it counts in its place"


def test_an_award_stays_where_what_was_recognized_for_it_counts_nothing_here():
    """A district's own hours for an award take nothing from the points that the state gives for it."""
    award = [micro("a", "2021-01-01", id="A"), micro("b", "2021-01-02", id="B")]
    found = standing(
        POINTS, *award, entry("hours", "2021-02-01", 3, unit="hour", award="A"), entry("points", "2021-03-01", 9, unit="ceu", award="B")
    )
    assert found.root.have == 10


CAP = "{id: cap, sum: {of: hours, unit: hour, at_least: 10, cap: {per: day, at_most: 6}}}"


def test_a_cap_counts_no_more_than_it_says_for_a_day():
    found = standing(CAP, hours(8, "2021-01-01"), hours(3, "2021-01-02"))
    assert found.root.have == 9
    assert left(found, "cap") == {"hours-2021-01-01--8": "2 of it is over the most that counts, 6"}


YEARLY = "{id: year, sum: {of: hours, unit: hour, at_least: 30}, each: license-year, within: license, carry_over: %s}"


def test_every_period_must_have_enough_and_those_that_have_not_are_named():
    done = [hours(30, f"{year}-08-01") for year in (2020, 2021, 2023)]
    found = standing(YEARLY % "none", *done)
    assert (found.state, found.root.have, found.root.need) == (OPEN, 3, 4)
    assert [period.title for period in found.root.periods if not period.is_met] == ["license year 3, from July 1, 2022"]
    assert standing(YEARLY % "none", *done, hours(30, "2023-06-30")).state == MET


def test_what_is_too_much_is_carried_over_only_where_the_rule_says_so():
    done = [hours(30, "2020-08-01"), hours(60, "2021-08-01"), hours(30, "2023-08-01")]
    assert standing(YEARLY % "none", *done).state == OPEN
    assert standing(YEARLY % "all", *done).state == MET
    assert standing(YEARLY % "29", *done).state == OPEN
    assert standing(YEARLY % "30", *done).state == MET


SEMESTERS = "{id: two, count: {of: micro-credential, at_least: 2}, within: {event: orientation, terms: 3}, counts_on: %s}"
ORIENTED = {"orientation": date(2017, 9, 12)}


FIRST = micro("a", "2018-03-10", submitted=date(2018, 3, 1))


def test_three_semesters_end_with_the_third_and_summer_lies_inside():
    def of(second, on="submission", first=FIRST, event=ORIENTED):
        return standing(SEMESTERS % on, first, second, on=date(2019, 6, 1), events=event)

    late = micro("b", "2019-01-08", submitted=date(2018, 12, 20))
    assert (of(late).state, of(late).met_on) == (MET, date(2018, 12, 20))
    assert left(of(late, "award"), "two")["mc-b-2019-01-08"] == (
        "awarded January 8, 2019, submitted December 20, 2018; 8 days after December 31, 2018"
    )
    assert of(micro("b", "2018-07-10")).state == MET
    assert of(micro("a", "2018-07-10", version="2")).root.have == 1
    summer = of(micro("b", "2019-05-31"), event={"orientation": date(2017, 7, 4)}, first=micro("a", "2017-07-31"))
    assert (summer.root.by, summer.root.have) == (date(2018, 12, 31), 0)


def test_a_window_from_an_event_that_is_not_recorded_says_so():
    assert standing(SEMESTERS % "award").root.note == "The date of “orientation” is not recorded."


@pytest.mark.parametrize(
    ("excluding", "day", "state"), [("false", "2021-07-01", MET), ("true", "2021-07-01", OPEN), ("true", "2021-06-30", MET)]
)
def test_the_anniversary_belongs_to_a_window_unless_it_is_excluded(excluding, day, state):
    rule = f"{{id: y, count: {{of: test, at_least: 1}}, within: {{event: entry, years: 1, excluding: {excluding}}}}}"
    assert standing(rule, entry("test", day), events={"entry": date(2020, 7, 1)}).state == state


def test_a_year_from_february_29_ends_on_february_28():
    rule = "{id: y, count: {of: test, at_least: 1}, within: {event: entry, years: 1}}"
    assert standing(rule, events={"entry": date(2020, 2, 29)}).root.by == date(2021, 2, 28)


IMPACT = """
id: impact
sum: {of: points, unit: point, at_least: 1, where: {level: impact}}
after: {where: {level: knowledge}, same: activity, within: 3 years}
"""


def test_a_deadline_follows_what_it_depends_on():
    knew = entry("points", "2020-08-01", 10, unit="point", level="knowledge", activity="x")

    def on(day, activity="x"):
        return standing(IMPACT, knew, entry("points", day, 30, unit="point", level="impact", activity=activity, id="late"))

    assert (on("2023-08-01").state, on("2023-08-02").state, on("2022-01-01", "y").state) == (MET, OPEN, OPEN)
    assert left(on("2023-08-02"), "impact")["late"] == "later than August 1, 2023, 3 years after what it follows"


def test_only_the_newest_rating_counts():
    rule = "{id: r, count: {of: evaluation, where: {rating: {at_least: effective}}, at_least: 1}, newest: true, within: {last: 4 years}}"
    good, bad = entry("evaluation", "2022-05-01", rating="effective"), entry("evaluation", "2023-05-01", rating="developing")
    assert (standing(rule, good).state, standing(rule, good, bad).state) == (MET, OPEN)
    assert standing(rule, entry("evaluation", "2020-02-29", rating="effective")).state == OPEN
    assert standing(rule, entry("evaluation", "2020-03-01", rating="effective")).state == MET


CHOSEN = """
id: points
sum:
  of: points
  unit: point
  at_least: 120
  where: {approved_by: {choose: [{when: {employer-decides: "yes"}, is: lea}, {is: department}]}}
adjust: {when: {retired: "yes"}, times: 0.5}
"""


def test_attributes_halve_what_is_needed_and_say_who_approves():
    rule = CHOSEN
    sixty = entry("points", "2021-01-01", 60, unit="point", approved_by="department")
    retired = Attribute("retired", "yes", since=date(2023, 1, 1))
    assert standing(rule, sixty).root.need == 120
    assert standing(rule, sixty, attributes=[retired]).state == MET
    assert standing(rule, sixty, attributes=[retired], on=date(2022, 12, 31)).state == OPEN
    assert left(standing(rule, sixty, attributes=[Attribute("employer-decides", "yes")]), "points") == {sixty.id: "not approved by lea"}


def test_a_stand_in_waives_and_says_so():
    board = "{id: board, count: {of: program, where: {name: national-board}, at_least: 1}}"
    rule = f"{{id: praxis, count: {{of: test, at_least: 1}}, unless: {board}}}"
    assert standing(rule).state == OPEN
    waived = standing(rule, entry("program", "2021-01-01", name="national-board"))
    assert (waived.state, waived.root.waived_by, waived.met_on) == (MET, "board", date(2021, 1, 1))


def test_degrees_stand_on_a_scale():
    rule = "{id: d, count: {of: degree, where: {level: {at_least: specialist}}, at_least: 1}}"
    assert [standing(rule, entry("degree", "2010-05-01", level=level)).state for level in ("master", "specialist", "doctorate")] == [
        OPEN,
        MET,
        MET,
    ]
    has = "{id: d, has: {degree: {at_least: master}}}"
    assert [standing(has, attributes=[Attribute("degree", level)]).state for level in ("bachelor", "doctorate")] == [OPEN, MET]


def test_a_near_miss_counts_to_the_last_hundredth():
    rule = "{id: s, score: {test: praxis-plt, tolerance: 2, of: sem}}"
    scores = [entry("test", "2021-01-01", name="praxis-plt", score=score, cut="157", sem="4.5") for score in ("148", "147.99")]
    assert [standing(rule, score).state for score in scores] == [MET, OPEN]


def test_renewals_run_out():
    rule = "{id: r, renewals: {fewer_than: 2}}"
    assert [standing(rule, license=replace(LICENSE, renewals_used=used)).state for used in (1, 2)] == [MET, OPEN]


ONCE = """
id: all
once: [bias, content]
all:
  - {id: bias, count: {of: micro-credential, where: {category: bias}, at_least: 1}}
  - {id: content, count: {of: micro-credential, where: {category: content}, at_least: 2}}
"""


def test_no_entry_counts_twice_whatever_the_order():
    both, content, bias = (
        micro(key, "2021-01-01", category=category) for key, category in (("x", ("bias", "content")), ("y", "content"), ("z", "bias"))
    )
    assert standing(ONCE, both, content).state == OPEN
    assert [one.state for one in standing(ONCE, both, content).root.children] == [MET, OPEN]
    for given in ([both, content, bias], [bias, content, both], [content, both, bias]):
        assert standing(ONCE, *given).state == MET


def test_a_defined_requirement_stands_where_it_is_used():
    version = """
  - effective: 2015-01-01
    status: in force
    cite: Z 9
    defined: {tested: {title: Tested, any: [{id: one, count: {of: test, at_least: 1}}, {id: two, count: {of: degree, at_least: 1}}]}}
    requires: {id: all, all: [{id: a, use: tested}, {id: b, title: Again, use: tested}]}
"""
    found = standing("", entry("test", "2021-01-01"), versions=version)
    assert (found.state, found.find("a").title, found.find("b").title, found.find("b.one").state) == (MET, "Tested", "Again", MET)
    assert found.find("b.one").cite == "Z 9"


@pytest.mark.parametrize(
    ("lasts", "day", "state"),
    [
        ("5 years", "2019-03-01", MET), ("5 years", "2019-02-28", OPEN), ("{for: 5 years, excluding: true}", "2019-03-01", OPEN),
        ("{for: 5 years, excluding: true}", "2019-03-02", MET),
    ],
)  # fmt: skip
def test_what_lasts_counts_to_the_anniversary_unless_it_is_excluded(lasts, day, state):
    assert standing(f"{{id: p, count: {{of: points, at_least: 1}}, lasts: {lasts}}}", entry("points", day)).state == state


def test_at_most_is_met_until_there_are_too_many():
    rule = "{id: m, count: {of: micro-credential, at_least: 1, at_most: 2}}"
    given = [micro(key, "2021-01-01") for key in ("a", "b", "c")]
    assert [standing(rule, *given[:count]).state for count in range(4)] == [OPEN, MET, MET, OPEN]


def test_amounts_are_exact():
    rule = "{id: h, sum: {of: hours, unit: hour, at_least: 0.3}}"
    assert standing(rule, hours("0.1", "2021-01-01"), hours("0.2", "2021-01-02")).root.have == Decimal("0.3")
    assert standing(rule, hours("0.1", "2021-01-01"), hours("0.2", "2021-01-02")).state == MET


def test_what_is_too_small_at_once_is_left_out():
    rule = "{id: a, sum: {of: hours, unit: hour, smallest: 6, at_least: 6}}"
    found = standing(rule, hours(5, "2021-01-01"), hours(4, "2021-02-01"))
    assert (found.state, left(found, "a")["hours-2021-01-01--5"]) == (OPEN, "5 hours; what counts is 6 or more at once")
    assert standing(rule, hours(6, "2021-01-01")).state == MET


def test_a_window_since_an_event_ends_today_and_asks_for_the_year_that_is_running():
    rule = "{id: a, count: {of: hours, at_least: 1}, within: {since: entry}, each: school-year}"
    done = [hours(1, "2022-08-01"), hours(1, "2023-07-31")]
    assert standing(rule, *done, on=date(2023, 7, 31), events={"entry": date(2022, 10, 1)}).root.need == 1
    assert standing(rule, *done, on=date(2023, 8, 1), events={"entry": date(2022, 10, 1)}).root.have == 1
    assert standing(rule, *done, on=date(2023, 8, 1), events={"entry": date(2022, 10, 1)}).state == OPEN


def test_days_at_the_ends_of_the_calendar_are_counted():
    one = "count: {of: hours, at_least: 1}"
    rule = f"{{id: a, all: [{{id: b, {one}, within: {{event: entry, terms: 3}}}}, {{id: c, {one}, within: license, each: school-year}}]}}"
    ends = (date.min, date.max)
    for first, last, entered in product(ends, ends, ends):
        term = replace(LICENSE, from_=first, to=last)
        found = standing(rule, hours(1, date.min), hours(1, date.max), license=term, events={"entry": entered})
        assert found.find("b").state == (MET if entered == date.min else OPEN)
        assert found.find("c").state == (MET if first == last == date.min else OPEN)
