"""Meetings and attendance by file: blanks mean the cell above, a list of those present is matched with care."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from cairn.apps.imports import commands as imports
from cairn.apps.people.models import Person
from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import Attendance, Meeting, MeetingTime
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden, Invalid
from tests.imports_world import read_attendance, read_meetings, read_roster, report, take, why

HEAD = ("Kind", "Meeting", "Date", "Start", "End", "Time zone", "Join link", "Phone", "Access code")
LINK, DIAL, CODE = "https://meet.example.org/818", "+1 (555) 501-3412", "818-739-157"


@pytest.fixture
def coordinator(world):
    return world.person("Cora Stone", coordinator=world.issuer)


@pytest.fixture
def pilot(world):
    return world.offer(kind="pilot", days=120, last_day=clock.now().date() + timedelta(days=200))


def day(days=30, sign="%Y-%m-%d"):
    return (clock.now() + timedelta(days=days)).strftime(sign)


def three():
    """As the Missouri page has them: three times, one link and one code, said once."""
    return (
        HEAD,
        ("Info", "About the pilot", day(), "10 a.m.", "11 a.m.", "Central", LINK, DIAL, CODE),
        ("", "", day(), "4 p.m.", "5 p.m."),
        ("", "", day(31), "10 a.m.", "11 a.m."),
    )


def test_three_times_share_the_link_and_the_code_that_stand_only_once(coordinator, pilot):
    source = read_meetings(coordinator, pilot, *three())
    assert [outcome for _, outcome in report(coordinator, source)] == ["new"] * 3
    take(coordinator, source)
    meeting = Meeting.objects.get(offering=pilot, kind="information", title="About the pilot")
    times = list(meeting.times.order_by("starts_at"))
    assert {(time.join_url, time.dial_in, time.access_code, time.zone) for time in times} == {(LINK, DIAL, CODE, "America/Chicago")}
    assert [time.starts_at.astimezone(ZoneInfo(time.zone)).hour for time in times] == [10, 16, 10]


def test_the_same_meetings_again_change_nothing_and_a_new_code_changes_them(coordinator, pilot):
    take(coordinator, read_meetings(coordinator, pilot, *three()))
    again = read_meetings(coordinator, pilot, *three())
    assert {outcome for _, outcome in report(coordinator, again)} == {"unchanged"}
    head, first, *rest = three()
    take(coordinator, read_meetings(coordinator, pilot, head, (*first[:-1], "999"), *rest))
    assert set(MeetingTime.objects.values_list("access_code", flat=True)) == {"999"}
    assert MeetingTime.objects.count() == 3


def test_a_meeting_of_the_whole_program_belongs_to_no_single_pilot(coordinator, pilot):
    take(coordinator, read_meetings(coordinator, pilot, *three(), for_whole_program=True))
    assert Meeting.objects.get().offering_id is None


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("info", "M", "2020-04-07", "10:00", "11:00"), "is over"),
        (("info", "M", day(), "10:00", "9:00"), "ends before it starts"),
        (("info", "M", day(), "ten", ""), "not a time of day"),
        (("info", "M", "soon", "10:00", ""), "not a day"),
        (("party", "M", day(), "10:00", ""), "not a kind"),
        (("info", "M", day(), "10:00", "11:00", "Martian"), "not a time zone"),
        (("info", "M", day(), "10:00", "11:00", "", "meet.example.org"), "https://"),
        (("info", "M", day(), "10:00", "11:00", "", "https://user:word@meet.example.org/"), "no address of the web"),
        (("info", "M", day(), "10:00", "11:00", "", f"https://meet.example.org/{'x' * 300}"), "300 characters"),
    ],
)
def test_what_cannot_be_a_meeting_is_refused_with_its_line_and_remedy(coordinator, pilot, row, said):
    source = read_meetings(coordinator, pilot, HEAD, row)
    assert report(coordinator, source) == [(2, "refused")]
    assert said in why(coordinator, source, 2)


def test_a_link_that_leads_nowhere_is_refused_however_a_meeting_is_planned(coordinator, pilot):
    starts = clock.now() + timedelta(days=30)
    time = programs.Time.lasting(starts, 60, "America/Chicago", join_url=LINK)
    given = {"actor": coordinator, "program_id": pilot.program_id, "offering_id": pilot.pk, "kind": "information", "title": "M"}
    for wrong in ({"join_url": "javascript:alert(1)"}, {"join_url": f"{LINK}/{'x' * 300}"}, {"help_url": "//example.org"}):
        with pytest.raises(Invalid) as no:
            programs.plan_meeting(**given, times=[replace(time, **wrong)])
        assert set(no.value.fields) == set(wrong)
    assert not Meeting.objects.exists()
    meeting = programs.plan_meeting(**given, times=[time])
    with pytest.raises(Invalid, match="no address of the web"):
        programs.describe_meeting(actor=coordinator, meeting_id=meeting.pk, title="M", about="", recording_url="data:text/html,x")


def test_times_that_overlap_are_refused_within_the_file_and_beside_what_is_planned(coordinator, pilot):
    rows = (("info", "M", day(), "10:00", "11:00"), ("info", "M", day(), "10:30", "11:30"))
    source = read_meetings(coordinator, pilot, HEAD, *rows)
    assert [outcome for _, outcome in report(coordinator, source)] == ["new", "refused"]
    assert "line 2" in why(coordinator, source, 3)
    take(coordinator, source, leaves_out=True)
    later = read_meetings(coordinator, pilot, HEAD, rows[1])
    assert "overlaps the time of" in why(coordinator, later, 2)


def test_the_day_may_be_written_as_americans_write_it(coordinator, pilot):
    take(coordinator, read_meetings(coordinator, pilot, HEAD, ("info", "M", day(sign="%m/%d/%Y"), "4:00 PM", "")))
    time = MeetingTime.objects.get()
    assert time.starts_at.astimezone(ZoneInfo("America/Chicago")).strftime("%Y-%m-%d %H:%M") == f"{day()} 16:00"
    assert time.ends_at - time.starts_at == timedelta(hours=1)


# --- Attendance ------------------------------------------------------------------------------------------------------


@pytest.fixture
def held(coordinator, pilot):
    """A time that is over, of a meeting at which three people of a roster were expected."""
    roster = [(f"{name} Lee", f"{name.lower()}@example.org", "applied") for name in ("Kim", "Ana", "Bo")]
    take(coordinator, read_roster(coordinator, pilot, ("Name", "E-mail", "State"), *roster))
    take(coordinator, read_meetings(coordinator, pilot, HEAD, ("info", "About it", day(), "10:00", "11:00")))
    time = MeetingTime.objects.get()
    MeetingTime.objects.update(starts_at=clock.now() - timedelta(hours=2), ends_at=clock.now() - timedelta(hours=1))
    return time


def present():
    return sorted(Attendance.objects.exclude(attended_at=None).values_list("person__name", "how"))


def test_who_was_there_is_known_by_address_or_by_a_name_that_only_one_has(coordinator, held):
    source = read_attendance(coordinator, held, ("Attendee", "Email"), ("Kim", "KIM@example.org"), ("Lee, Ana", ""), ("Lee", ""))
    assert [outcome for _, outcome in report(coordinator, source)] == ["new", "new", "refused"]
    take(coordinator, source, leaves_out=True)
    assert present() == [("Ana Lee", "roster"), ("Kim Lee", "roster")]


def test_a_caller_is_known_by_the_last_four_digits(coordinator, held):
    person = Person.objects.get(email="bo@example.org")
    Attendance.objects.create(meeting=held.meeting, time=held, person=person, phone_ending="0142")
    source = read_attendance(coordinator, held, ("Name", "Phone"), ("", "***-***-0142"), ("", "555-9999"))
    assert [outcome for _, outcome in report(coordinator, source)] == ["new", "refused"]
    take(coordinator, source, leaves_out=True)
    assert present() == [("Bo Lee", "phone")]


def test_somebody_who_joined_twice_is_noted_once_and_again_changes_nothing(coordinator, held):
    rows = (
        ("Name", "Email", "Present"),
        ("Kim Lee", "kim@example.org", ""),
        ("Kim Lee", "kim@example.org", ""),
        ("Ana Lee", "ana@example.org", "No"),
    )
    source = read_attendance(coordinator, held, *rows)
    assert [outcome for _, outcome in report(coordinator, source)] == ["new", "unchanged", "unchanged"]
    take(coordinator, source)
    assert present() == [("Kim Lee", "roster")]
    assert {outcome for _, outcome in report(coordinator, read_attendance(coordinator, held, *rows))} == {"unchanged"}


def test_somebody_who_is_new_is_entered_with_the_address_by_which_they_are_found_later(coordinator, held):
    take(coordinator, read_attendance(coordinator, held, ("Name", "Email"), ("Cy Moss", "cy@example.org")))
    assert present() == [("Cy Moss", "roster")]
    assert Person.objects.get(email="cy@example.org").account is None


def test_nobody_was_at_a_meeting_that_is_still_to_come(coordinator, pilot):
    take(coordinator, read_meetings(coordinator, pilot, HEAD, ("info", "M", day(), "10:00", "")))
    with pytest.raises(Conflict, match="nobody can have been there"):
        read_attendance(coordinator, MeetingTime.objects.get(), ("Name",), ("Kim Lee",))


def test_a_list_without_names_addresses_and_phones_is_refused(coordinator, held):
    with pytest.raises(Invalid):
        read_attendance(coordinator, held, ("Who", "Minutes"), ("Kim", "12"))


def test_strangers_read_no_meetings_and_no_attendance_into_a_pilot(world, coordinator, pilot, held):
    stranger = world.person()
    with pytest.raises(Forbidden):
        read_meetings(stranger, pilot, *three())
    with pytest.raises(Forbidden):
        read_attendance(stranger, held, ("Name",), ("Kim Lee",))


def test_a_replayed_confirmation_plans_once(coordinator, pilot):
    source = read_meetings(coordinator, pilot, *three())
    for _ in range(2):
        imports.confirm(actor=coordinator.with_key("one click"), import_id=source.pk, sha256=source.sha256)
    take(coordinator, source)
    assert MeetingTime.objects.count() == 3


def test_a_title_is_one_line_and_the_same_file_again_plans_nothing_more_whatever_its_letters(coordinator, pilot):
    rows = (HEAD, ("info", "École\nd’été", day(), "10:00", "11:00"), ("info", "ÉCOLE d’été", day(31), "10:00", "11:00"))
    take(coordinator, read_meetings(coordinator, pilot, *rows))
    assert Meeting.objects.get(offering=pilot).title == "École d’été"
    assert {outcome for _, outcome in report(coordinator, read_meetings(coordinator, pilot, *rows))} == {"unchanged"}


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (("T" * 161, "9999-12-31", "23:30", "", "Hawaii"), "at most 160"),
        (("M", "12/31/9999", "23:30", "", "Hawaii"), "year 9999"),
        (("M", "", "10:00", "", "", "", "5" * 41), "at most 40"),
        (("M", "", "10:00", "", "", "", "", "5" * 41), "at most 40"),
        (("M", "", "10:00", "", "", "", "", "", "1000000000000"), "at most 100,000 places"),
    ],
)
def test_what_cannot_be_kept_of_a_meeting_is_refused_before_anything_is_planned(coordinator, pilot, cells, said):
    title, when, *rest = cells
    source = read_meetings(coordinator, pilot, (*HEAD, "Places"), ("info", title, when or day(), *rest))
    assert [outcome for _, outcome in report(coordinator, source)] == ["refused"]
    assert said in why(coordinator, source, 2)


def test_the_same_time_twice_is_planned_once_and_a_longer_one_may_not_run_into_the_next(coordinator, pilot):
    ten, eleven = ("info", "M", day(), "10:00", "11:00"), ("info", "M", day(), "11:00", "12:00")
    source = read_meetings(coordinator, pilot, HEAD, ten, ten, eleven)
    assert report(coordinator, source) == [(2, "new"), (3, "unchanged"), (4, "new")]
    take(coordinator, source)
    longer = read_meetings(coordinator, pilot, HEAD, ("info", "M", day(), "10:00", "11:30"))
    assert report(coordinator, longer) == [(2, "refused")]
    assert "overlaps" in why(coordinator, longer, 2)


def test_an_address_with_its_name_is_the_address_and_a_word_that_may_mean_either_is_asked_about(coordinator, held):
    head = ("Name", "Email", "Present")
    rows = (head, ("Kim Lee", "Kim Lee <KIM@example.org>", "47"), ("Ana Ruiz", "ana@example.org", "did not attend"),
            ("Bo Tan", "bo@example.org", "perhaps"), ("N" * 121, "n@example.org", "yes"))  # fmt: skip
    source = read_attendance(coordinator, held, *rows)
    assert report(coordinator, source) == [(2, "new"), (3, "unchanged"), (4, "refused"), (5, "refused")]
    assert why(coordinator, source, 2) == "Noted as present."
    assert "Write yes or no" in why(coordinator, source, 4)
    take(coordinator, source, leaves_out=True)
    assert present() == [("Kim Lee", "roster")]
    again = report(coordinator, read_attendance(coordinator, held, *rows))
    assert again[0] == (2, "unchanged")
