"""Places in a pilot: registering, the line, offers that end, choosing, leaving, more seats; and how one comes to them by a meeting."""

from __future__ import annotations

import re
from datetime import UTC, date, timedelta

import pytest
from django.db import IntegrityError, transaction

from cairn.apps.comms.models import Letter
from cairn.apps.ledger.models import Fact
from cairn.apps.programs import commands as programs
from cairn.apps.programs import queries
from cairn.apps.programs.models import Attendance, Enrollment, Offering, Registration
from cairn.frame.actor import VISITOR
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from cairn.pure.clocks import long_moment
from cairn.site.worker import drain
from tests.integration.test_public_pages import client_of
from tests.pilots_world import CENTRAL, Pilot, at, central
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def pilot():
    """On April 1, 2020, with two seats and nothing that must be attended first."""
    with at("2020-04-01 09:00"):
        yield Pilot(asks_meeting=False, clock_event="registration", seats_min=1, seats_max=2)


def register(pilot: Pilot, name: str = "", **more) -> Registration:
    return programs.register(actor=pilot.person(name), offering_id=pilot.pilot.pk, **more)


def taken(pilot: Pilot) -> int:
    return Offering.objects.get(pk=pilot.pilot.pk).seats_taken


def test_a_seat_is_taken_and_its_clock_begins(pilot):
    place = register(pilot)
    assert (place.state, taken(pilot)) == ("seated", 1)
    run = Enrollment.objects.get(pk=place.enrollment_id)
    assert long_moment(run.due_at, CENTRAL) == "July 30, 2020, 11:59 p.m. Central"  # 120 days from April 1


def test_registering_twice_answers_with_the_place_one_has(pilot):
    dana = pilot.person("Dana")
    first = programs.register(actor=dana, offering_id=pilot.pilot.pk)
    again = programs.register(actor=dana, offering_id=pilot.pilot.pk)
    assert (first.pk, taken(pilot)) == (again.pk, 1)


def test_a_repeated_request_takes_one_seat(pilot):
    dana = pilot.person("Dana").with_key("k1")
    first = programs.register(actor=dana, offering_id=pilot.pilot.pk)
    with at("2020-04-02 09:00"):
        assert programs.register(actor=dana, offering_id=pilot.pilot.pk).pk == first.pk
    assert taken(pilot) == 1


def test_a_visitor_is_asked_to_sign_in(pilot):
    with pytest.raises(Forbidden, match="signing in"):
        programs.register(actor=VISITOR, offering_id=pilot.pilot.pk)


def test_a_closed_pilot_takes_nobody(pilot):
    programs.close_offering(actor=SYSTEM, offering_id=pilot.pilot.pk)
    with pytest.raises(Conflict, match="takes nobody new"):
        register(pilot)


def test_closing_ends_the_line_with_a_letter_and_keeps_those_in_it_interested(pilot):
    seated, offered, keen, waiting = [register(pilot) for _ in range(4)]
    programs.show_interest(actor=actor_of(keen), program_id=pilot.program.pk, microcredential_id=pilot.microcredential.pk)
    programs.give_up_place(actor=actor_of(offered), registration_id=offered.pk)  # so the seat is kept for the first in line
    late = register(pilot)
    closed = [programs.close_offering(actor=pilot.coordinator.with_key("close"), offering_id=pilot.pilot.pk) for _ in range(2)]
    drain()
    assert closed[0] == closed[1]
    states = dict(Registration.objects.values_list("pk", "state"))
    assert [states[place.pk] for place in (seated, keen, waiting, late)] == ["seated", "offered", "line ended", "line ended"]
    told = Letter.objects.filter(kind="programs.line_ended")
    assert set(told.values_list("person_id", flat=True)) == {waiting.person_id, late.person_id}
    interested = queries.interests_in(pilot.coordinator, pilot.program, pilot.microcredential.pk)
    assert {each.person_id for each in interested} == {keen.person_id, waiting.person_id, late.person_id}
    with at("2020-04-10 09:00"):  # nobody takes the seat that was kept, and it goes to nobody
        programs.end_offer(actor=SYSTEM, registration_id=keen.pk)
    assert taken(pilot) == 1
    with pytest.raises(Conflict):
        programs.close_offering(actor=pilot.coordinator, offering_id=pilot.pilot.pk)


def test_a_closed_pilot_is_opened_again_and_those_who_stood_in_line_ask_anew(pilot):
    first = register(pilot), register(pilot)
    waiting = register(pilot)
    programs.close_offering(actor=SYSTEM, offering_id=pilot.pilot.pk)
    for actor in (VISITOR, actor_of(waiting)):
        for command in (programs.close_offering, programs.reopen_offering):
            with pytest.raises(Forbidden):
                command(actor=actor, offering_id=pilot.pilot.pk)
    programs.give_up_place(actor=actor_of(first[0]), registration_id=first[0].pk)
    opened = [programs.reopen_offering(actor=pilot.coordinator.with_key("open"), offering_id=pilot.pilot.pk) for _ in range(2)]
    assert [each.state for each in opened] == ["open", "open"]
    with pytest.raises(Conflict):
        programs.reopen_offering(actor=pilot.coordinator, offering_id=pilot.pilot.pk)
    again = programs.register(actor=actor_of(waiting), offering_id=pilot.pilot.pk)
    assert (again.state, again.pk == waiting.pk) == ("seated", False)


def test_a_pilot_is_not_opened_beside_another_of_the_same(pilot):
    programs.close_offering(actor=SYSTEM, offering_id=pilot.pilot.pk)
    pilot.pilot_of(pilot.microcredential)
    with pytest.raises(Conflict, match="overlap"):
        programs.reopen_offering(actor=pilot.coordinator, offering_id=pilot.pilot.pk)


def test_nobody_is_put_in_the_line_of_a_closed_pilot():
    with at("2020-04-01 09:00"):
        pilot = Pilot(asks_meeting=False, clock_event="registration", seats_min=None, seats_max=1, is_chosen=True)
        one, two = register(pilot), register(pilot)
        programs.close_offering(actor=SYSTEM, offering_id=pilot.pilot.pk)
        assert programs.choose(actor=pilot.coordinator, registration_id=one.pk).state == "seated"
        with pytest.raises(Conflict, match="nobody stands in line"):
            programs.choose(actor=pilot.coordinator, registration_id=two.pk)


def test_enrolling_past_the_registration_is_refused(pilot):
    with pytest.raises(Conflict, match="registers first"):
        programs.enroll(actor=pilot.person(), offering_id=pilot.pilot.pk)


def test_the_line_is_by_the_time_of_asking(pilot):
    for _ in range(2):
        register(pilot)
    first, second = register(pilot, "First"), register(pilot, "Second")
    assert (first.state, second.state, taken(pilot)) == ("waiting", "waiting", 2)
    assert queries.number_in_line(SYSTEM, second) == (2, 2)
    assert queries.seats(SYSTEM, [pilot.pilot])[pilot.pilot.pk].waiting == 2


def test_a_seat_that_comes_free_is_offered_to_the_first_in_line_and_stays_taken(pilot):
    seated = register(pilot, "Dana")
    register(pilot)
    first, second = register(pilot, "First"), register(pilot, "Second")
    programs.give_up_place(actor=actor_of(seated), registration_id=seated.pk, reason="time")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, taken(pilot)) == ("offered", "waiting", 2)
    assert first.offered_until is not None
    assert abs(first.offered_until - clock.now() - timedelta(hours=72)) < timedelta(seconds=5)
    drain()
    assert Letter.objects.filter(person_id=first.person_id, kind="programs.seat_offered").count() == 1
    assert Enrollment.objects.get(pk=seated.enrollment_id).state == "withdrawn"


def actor_of(place: Registration):
    from cairn.apps.people.queries import actor_of as actor

    return actor(place.person_id)


def offered(pilot: Pilot) -> tuple[Registration, Registration]:
    """The one to whom a seat is offered, and the one who stands behind them."""
    seated = register(pilot, "Dana")
    register(pilot)
    first, second = register(pilot, "First"), register(pilot, "Second")
    programs.give_up_place(actor=actor_of(seated), registration_id=seated.pk)
    first.refresh_from_db()
    return first, second


def test_an_offer_is_taken_up_to_its_last_second_and_no_longer(pilot):
    first, _ = offered(pilot)
    with clock.at(first.offered_until - timedelta(seconds=5)):
        assert programs.take_offer(actor=actor_of(first), registration_id=first.pk).state == "seated"
        assert programs.take_offer(actor=actor_of(first), registration_id=first.pk).state == "seated"
    assert taken(pilot) == 2


def test_after_seventy_two_hours_the_offer_is_over_even_before_the_clock_job_has_run(pilot):
    first, second = offered(pilot)
    with clock.at(first.offered_until + timedelta(seconds=1)):
        with pytest.raises(Conflict, match="offer ended"):
            programs.take_offer(actor=actor_of(first), registration_id=first.pk)
        for _ in range(2):
            programs.end_offer(actor=SYSTEM, registration_id=first.pk)
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.state, second.state, taken(pilot)) == ("passed", "offered", 2)


def test_whoever_let_an_offer_end_asks_anew_at_once_and_the_seat_has_gone_on(pilot):
    first, second = offered(pilot)
    with clock.at(first.offered_until + timedelta(seconds=1)):
        assert queries.standing(actor_of(first), first.offering).step == "register"
        again = programs.register(actor=actor_of(first), offering_id=first.offering_id)
        assert queries.standing(actor_of(first), first.offering).place == again
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, again.state, taken(pilot)) == ("passed", "offered", "waiting", 2)


def test_letting_an_offer_go_passes_it_on(pilot):
    first, second = offered(pilot)
    programs.pass_offer(actor=actor_of(first), registration_id=first.pk)
    second.refresh_from_db()
    assert second.state == "offered"
    programs.pass_offer(actor=actor_of(second), registration_id=second.pk)
    assert taken(pilot) == 1


def test_nobody_takes_or_passes_an_offer_of_another(pilot):
    first, second = offered(pilot)
    for command in (programs.take_offer, programs.pass_offer, programs.give_up_place):
        with pytest.raises(NotFound):
            command(actor=actor_of(second), registration_id=first.pk)
    with pytest.raises(Conflict, match="No seat is offered"):
        programs.take_offer(actor=actor_of(second), registration_id=second.pk)


def test_leaving_the_micro_credential_frees_the_seat(pilot):
    place = register(pilot)
    programs.withdraw(actor=actor_of(place), enrollment_id=place.enrollment_id)
    place.refresh_from_db()
    assert (place.state, taken(pilot)) == ("left", 0)
    assert register(pilot).state == "seated"


def test_seats_below_those_taken_are_refused_with_the_number(pilot):
    for _ in range(2):
        register(pilot)
    with pytest.raises(Conflict, match="2 seats are taken or offered"):
        programs.change_seats(actor=SYSTEM, offering_id=pilot.pilot.pk, seats_min=1, seats_max=1)
    with pytest.raises(Invalid, match="fewest"):
        programs.change_seats(actor=SYSTEM, offering_id=pilot.pilot.pk, seats_min=5, seats_max=4)
    with pytest.raises(Forbidden):
        programs.change_seats(actor=pilot.person(), offering_id=pilot.pilot.pk, seats_min=1, seats_max=9)


def test_more_seats_go_to_those_in_line(pilot):
    for _ in range(2):
        register(pilot)
    waiting = [register(pilot) for _ in range(3)]
    programs.change_seats(actor=SYSTEM, offering_id=pilot.pilot.pk, seats_min=1, seats_max=4)
    states = [Registration.objects.get(pk=place.pk).state for place in waiting]
    assert (states, taken(pilot)) == (["offered", "offered", "waiting"], 4)


def test_the_database_refuses_one_seat_too_many(pilot):
    register(pilot)
    with pytest.raises(IntegrityError), transaction.atomic():
        Offering.objects.filter(pk=pilot.pilot.pk).update(seats_taken=3)


def test_the_coordinator_chooses_among_those_who_apply():
    with at("2020-04-01 09:00"):
        pilot = Pilot(asks_meeting=False, clock_event="registration", seats_min=None, seats_max=1, is_chosen=True)
        applied = [register(pilot) for _ in range(3)]
        assert {place.state for place in applied} == {"applied"}
        with pytest.raises(Forbidden):
            programs.choose(actor=actor_of(applied[0]), registration_id=applied[0].pk)
        chosen = [programs.choose(actor=pilot.coordinator, registration_id=place.pk) for place in applied[:2]]
        assert [place.state for place in chosen] == ["seated", "waiting"]
        assert programs.turn_down(actor=pilot.coordinator, registration_id=applied[2].pk).state == "not chosen"


def test_days_and_numbers_that_no_offering_can_have_are_refused_at_their_field(pilot):
    given = {"actor": pilot.coordinator, "program_id": pilot.program.pk, "microcredential_id": pilot.microcredential.pk, "kind": "open"}
    days = (date(1999, 12, 31), None, "opens_on"), (date(2101, 1, 1), None, "opens_on"), (date(2020, 1, 1), date.max, "last_day")
    for opens_on, last_day, field in days:
        with pytest.raises(Invalid) as no:
            programs.offer(**given, opens_on=opens_on, last_day=last_day, days=9)
        assert list(no.value.fields) == [field]
    for wrong in ({"seats_min": -1}, {"seats_min": 10**12}, {"completions_needed": -1}, {"completions_needed": 10**6}):
        with pytest.raises(Invalid):
            programs.OfferingRules(**wrong).check()
    assert programs.offer(**given, opens_on=date(2000, 1, 1), last_day=date(2100, 12, 31), days=None).pk


def test_interest_is_kept_once_and_ended(pilot):
    dana = pilot.person("Dana")
    first = programs.show_interest(actor=dana, program_id=pilot.program.pk)
    assert programs.show_interest(actor=dana, program_id=pilot.program.pk).pk == first.pk
    assert [i.person_id for i in queries.interests_in(pilot.coordinator, pilot.program)] == [dana.person_id]
    with pytest.raises(NotFound):
        queries.interests_in(dana, pilot.program)
    programs.end_interest(actor=dana, interest_id=first.pk)
    assert not queries.interests_in(pilot.coordinator, pilot.program).exists()


def test_two_pilots_of_one_micro_credential_may_not_overlap(pilot):
    pilot.pilot  # noqa: B018 - it is there
    with pytest.raises(Conflict, match="overlap"):
        pilot.pilot_of(pilot.microcredential)


# --- Meetings -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def meeting():
    with at("2020-04-01 09:00"):
        world = Pilot()
        world.information  # noqa: B018 - it is planned
        yield world


def test_registration_opens_the_minute_attendance_is_noted(meeting):
    lee = meeting.person("Lee Park")
    with pytest.raises(Conflict) as refused:
        programs.register(actor=lee, offering_id=meeting.pilot.pk)
    assert refused.value.remedy.count("2020") == 3  # the choices
    time = meeting.time_of(meeting.information)
    programs.choose_time(actor=lee, time_id=time.pk, phone_ending="0142")
    with clock.at(time.starts_at + timedelta(minutes=1)):
        programs.sign_in(actor=lee, code=time.sign_in_code)
        assert programs.register(actor=lee, offering_id=meeting.pilot.pk).state == "seated"


def test_the_link_works_only_around_the_meeting(meeting):
    lee, time = meeting.person(), meeting.time_of(meeting.information)
    for moment in (time.starts_at - timedelta(minutes=16), time.ends_at + timedelta(minutes=31)):
        with clock.at(moment), pytest.raises(Conflict, match="works while the meeting is on"):
            programs.sign_in(actor=lee, code=time.sign_in_code)
    with pytest.raises(NotFound):
        programs.sign_in(actor=lee, code="nothing")


def test_a_recording_counts_only_where_the_pilot_says_so(meeting):
    lee, information = meeting.person(), meeting.information
    with pytest.raises(Conflict, match="no recording"):
        programs.watch_recording(actor=lee, meeting_id=information.pk)
    programs.describe_meeting(
        actor=SYSTEM, meeting_id=information.pk, title="Information", about="", recording_url="https://films.example/1"
    )
    programs.watch_recording(actor=lee, meeting_id=information.pk)
    with pytest.raises(Conflict, match="attendance"):
        programs.register(actor=lee, offering_id=meeting.pilot.pk)
    Offering.objects.filter(pk=meeting.pilot.pk).update(recording_satisfies=True)
    assert programs.register(actor=lee, offering_id=meeting.pilot.pk).state == "seated"


def test_the_last_evening_of_a_pilot_is_its_own_by_the_clock_of_whoever_looks(pilot):
    far = pilot.person(zone="Pacific/Auckland")
    mine, of = pilot.person(), [pilot.pilot.microcredential_id]
    with at("2020-09-01 19:30"):  # past midnight in UTC
        assert [found.pk for found in queries.offerings(mine, of)] == [pilot.pilot.pk]
        assert [found.pk for found in queries.offerings(VISITOR, of)] == [pilot.pilot.pk]
        assert not queries.offerings(far, of)
        assert programs.register(actor=mine, offering_id=pilot.pilot.pk).state == "seated"
    with at("2020-09-02 00:30"):
        assert not queries.offerings(mine, of)


def test_one_chooses_another_time_until_it_is_over(meeting):
    lee = meeting.person()
    first, second = meeting.time_of(meeting.information, 0), meeting.time_of(meeting.information, 1)
    programs.choose_time(actor=lee, time_id=first.pk)
    programs.choose_time(actor=lee, time_id=second.pk)
    assert Attendance.objects.get(person_id=lee.person_id).time_id == second.pk
    with clock.at(first.ends_at), pytest.raises(Conflict, match="over"):
        programs.choose_time(actor=lee, time_id=first.pk)


def test_a_full_time_is_refused(meeting):
    time = meeting.time_of(meeting.information)
    type(time).objects.filter(pk=time.pk).update(places=1)
    programs.choose_time(actor=meeting.person(), time_id=time.pk)
    with pytest.raises(Conflict, match="Every place"):
        programs.choose_time(actor=meeting.person(), time_id=time.pk)


@pytest.mark.parametrize("phone", ["12", "12345", "abcd", "١٢٣٤"])
def test_only_four_digits_of_a_phone_are_taken(meeting, phone):
    with pytest.raises(Invalid, match="last four digits"):
        programs.choose_time(actor=meeting.person(), time_id=meeting.time_of(meeting.information).pk, phone_ending=phone)


def test_a_meeting_that_is_on_is_joined_otherwise_and_not_moved_into_the_past(meeting):
    row = meeting.time_of(meeting.information)
    now = programs.Time(row.starts_at, row.ends_at, row.zone, join_url="https://meet.example/other", help_url="https://help.example/")
    with clock.at(row.starts_at + timedelta(minutes=5)):
        assert programs.change_time(actor=SYSTEM, time_id=row.pk, time=now).join_url == "https://meet.example/other"
        earlier = programs.Time(row.starts_at - timedelta(minutes=30), row.ends_at, row.zone)
        with pytest.raises(Invalid, match="is over"):
            programs.change_time(actor=SYSTEM, time_id=row.pk, time=earlier)


def test_a_time_is_changed_on_its_page(meeting):
    row = meeting.time_of(meeting.information)
    type(row).objects.filter(pk=row.pk).update(zone="America/Indiana/Knox", help_url="https://help.example/")
    desk, page = client_of(meeting.person(coordinator=meeting.issuer)), f"/pilots/{meeting.pilot.slug}/run/times/{row.pk}/"
    assert f"/run/times/{row.pk}/" in desk.get(f"/pilots/{meeting.pilot.slug}/run/meetings/{row.meeting_id}/").content.decode()
    shown = desk.get(page).content.decode()
    assert 'value="2020-04-07T10:00"' in shown
    sent = {"starts": "2020-04-07T10:00", "minutes": "20", "zone": "America/Indiana/Knox", "join_url": "https://meet.example/900"}
    refused = desk.post(page, {**sent, "starts": "2021-03-14T02:30", "zone": "America/Chicago"})
    assert refused.status_code == 422
    assert "skip 02:30" in refused.content.decode()
    assert 'value="20"' in refused.content.decode()
    assert desk.post(page, sent).status_code == 302
    row.refresh_from_db()
    assert (row.ends_at - row.starts_at, row.join_url, row.help_url) == (
        timedelta(minutes=20), "https://meet.example/900", "https://help.example/")  # fmt: skip
    assert client_of(meeting.person()).get(page).status_code == 404


def test_a_meeting_in_the_hour_that_comes_twice_lasts_as_long_as_it_is_said():
    begins = central("2020-11-01 01:30")
    time = programs.Time.lasting(begins, 60, "America/Chicago")
    assert time.ends_at.astimezone(UTC) - begins.astimezone(UTC) == timedelta(minutes=60)
    with at("2020-10-01 09:00"):
        time.check()
        with pytest.raises(Invalid, match="ends before it starts"):
            programs.Time.lasting(begins, -60, "America/Chicago").check()


@pytest.mark.parametrize(("start", "minutes", "code"), [
    ("2020-03-31 09:00", 30, "in-the-past"), ("2020-04-09 10:00", 0, "ends-before-start"), ("2020-04-09 10:00", -5, "ends-before-start"),
    ("2020-04-09 10:00", 13 * 60, "too-long"),
])  # fmt: skip
def test_times_that_cannot_be_are_refused(meeting, start, minutes, code):
    begins = central(start)
    with pytest.raises(Invalid) as refused:
        programs.add_time(actor=meeting.coordinator, meeting_id=meeting.information.pk,
                          time=programs.Time(begins, begins + timedelta(minutes=minutes), "America/Chicago"))  # fmt: skip
    assert refused.value.code == code


def test_overlapping_times_of_one_meeting_are_refused(meeting):
    with pytest.raises(Conflict, match="overlaps"):
        programs.add_time(actor=SYSTEM, meeting_id=meeting.information.pk, time=meeting.time("2020-04-07 10:15"))


def test_a_stranger_plans_and_notes_nothing(meeting):
    stranger = meeting.person()
    time = meeting.time_of(meeting.information)
    with pytest.raises(Forbidden):
        programs.add_time(actor=stranger, meeting_id=meeting.information.pk, time=meeting.time("2020-04-09 10:00"))
    with pytest.raises(Forbidden):
        programs.cancel_time(actor=stranger, time_id=time.pk)
    with clock.at(time.starts_at), pytest.raises(Forbidden):
        programs.note_caller(actor=stranger, time_id=time.pk, name="Lee", phone_ending="0142")


def test_a_roster_notes_those_who_are_expected_and_no_one_else(meeting):
    time, lee = meeting.time_of(meeting.information), meeting.person("Lee Park")
    programs.choose_time(actor=lee, time_id=time.pk)
    with clock.at(time.starts_at + timedelta(minutes=10)):
        with pytest.raises(NotFound):
            programs.note_attendance(actor=meeting.coordinator, time_id=time.pk, person_ids=[lee.person_id, meeting.person().person_id])
        assert not Attendance.objects.exclude(attended_at=None).exists()
        programs.note_attendance(actor=meeting.coordinator, time_id=time.pk, person_ids=[lee.person_id])
    assert Attendance.objects.get(person_id=lee.person_id).how == "roster"


def test_nobody_was_at_a_meeting_that_has_not_begun(meeting):
    with pytest.raises(Conflict, match="nobody can have been there"):
        programs.note_attendance(actor=meeting.coordinator, time_id=meeting.time_of(meeting.information).pk, person_ids=[])


def test_a_canceled_time_tells_those_who_keep_a_place(meeting):
    time, lee = meeting.time_of(meeting.information), meeting.person()
    programs.choose_time(actor=lee, time_id=time.pk)
    programs.cancel_time(actor=meeting.coordinator, time_id=time.pk)
    drain()
    assert Letter.objects.filter(person_id=lee.person_id, kind="programs.time_canceled").count() == 1
    with pytest.raises(Conflict, match="canceled"):
        programs.choose_time(actor=meeting.person(), time_id=time.pk)


def test_digits_of_phones_are_forgotten_the_day_after(meeting):
    time, lee = meeting.time_of(meeting.information), meeting.person()
    programs.choose_time(actor=lee, time_id=time.pk, phone_ending="0142")
    with clock.at(time.ends_at + timedelta(hours=23)):
        programs.forget_phones(actor=SYSTEM)
    assert Attendance.objects.get().phone_ending == "0142"
    with clock.at(time.ends_at + timedelta(hours=25)):
        programs.forget_phones(actor=SYSTEM)
    assert Attendance.objects.get().phone_ending == ""
    # Among the digits of salted hashes any four may stand.
    assert not any("0142" in re.sub(r"[0-9a-f]{32,}", "", body) for body in Fact.objects.values_list("body", flat=True))


def test_how_to_join_is_shown_to_those_who_keep_a_place(meeting):
    lee, stranger, time = meeting.person(), meeting.person(), meeting.time_of(meeting.information)
    programs.choose_time(actor=lee, time_id=time.pk)
    assert queries.meeting_time(lee, time.pk).access_code
    with pytest.raises(NotFound):
        queries.meeting_time(stranger, time.pk)
    shown = {line.time.pk: line.may_join for line in queries.meetings(lee, meeting.pilot)[0].times}
    assert [pk for pk, may in shown.items() if may] == [time.pk]


def test_the_kick_off_is_for_those_who_have_a_seat(meeting):
    stranger, time = meeting.person(), meeting.time_of(meeting.kick_off)
    with pytest.raises(Conflict, match="those who have a seat"):
        programs.choose_time(actor=stranger, time_id=time.pk)
    with pytest.raises(NotFound):
        queries.meeting_time(stranger, time.pk)


def test_one_who_is_at_it_elsewhere_is_noted_at_the_kick_off_and_keeps_nobody_elses_clock_from_starting():
    with at("2020-04-01 09:00"):
        pilot = Pilot(clock_event="kick-off", asks_meeting=False)
        elsewhere, (ann, bob) = pilot.offer(days=90), (pilot.person("Ann Stone"), pilot.person("Bob Stone"))
        time = pilot.time_of(pilot.kick_off)
        for actor in (ann, bob):
            programs.register(actor=actor, offering_id=pilot.pilot.pk)
        programs.enroll(actor=ann, offering_id=elsewhere.pk)
    with at("2020-04-20 16:05"):
        programs.note_attendance(actor=SYSTEM, time_id=time.pk, person_ids=[ann.person_id, bob.person_id])
    assert Attendance.objects.exclude(attended_at=None).count() == 2
    assert [run.person_id for run in Enrollment.objects.filter(offering=pilot.pilot)] == [bob.person_id]
