"""Scenarios S2 to S6: the gate, the line, two at once, more time, and where the pilot ends first. Times are Central unless said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cairn.apps.comms.models import Letter
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.portfolio.models import Submission
from cairn.apps.programs import commands as programs
from cairn.apps.programs import queries
from cairn.apps.programs.models import Attendance, Enrollment, Extension, Offering, Registration
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from cairn.pure.clocks import long_moment
from cairn.site import jobs
from cairn.site.worker import drain
from tests.imports_world import read_roster, report, take, why
from tests.integration.test_public_pages import client_of, text_of
from tests.pilots_world import CENTRAL, Pilot, at, central
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def pilot():
    with at("2020-04-01 09:00"):
        world = Pilot()
        world.information, world.kick_off  # noqa: B018 - they are planned
    return world


def due(run: Enrollment) -> str:
    run.refresh_from_db()
    return long_moment(run.due_at, CENTRAL)


# --- S2: no registration before the meeting ------------------------------------------------------------------------------


def test_s2_refused_with_the_three_choices_until_the_caller_is_noted(pilot):
    time = pilot.time_of(pilot.information, 1)
    with at("2020-04-02 08:00"):
        lee = pilot.person("Lee Park")
        with pytest.raises(Conflict) as refused:
            programs.register(actor=lee, offering_id=pilot.pilot.pk)
        for said in ("April 7, 2020, 10:00 a.m. Central", "April 7, 2020, 4:00 p.m. Central", "April 8, 2020, 10:00 a.m. Central"):
            assert said in refused.value.remedy
        programs.choose_time(actor=lee, time_id=time.pk, phone_ending="0142")
        programs.choose_time(actor=pilot.person("Lee Parkinson"), time_id=time.pk, phone_ending="0142")
    with at("2020-04-07 16:05"):
        with pytest.raises(Conflict, match="Nobody of that name"):
            programs.note_caller(actor=pilot.coordinator, time_id=time.pk, name="Lee Park", phone_ending="0143")
        with pytest.raises(Conflict, match="2 people of that name"):
            programs.note_caller(actor=pilot.coordinator, time_id=time.pk, name="Lee", phone_ending="0142")
        came = programs.note_caller(actor=pilot.coordinator, time_id=time.pk, name="lee park", phone_ending="0142")
        assert (came.person_id, came.how) == (lee.person_id, "phone")
        assert programs.register(actor=lee, offering_id=pilot.pilot.pk).state == "seated"


# --- S3: full, then the line ----------------------------------------------------------------------------------------------


def test_s3_twelve_ask_for_ten_seats(pilot):
    people = [pilot.informed(f"Applicant{n} Reed") for n in range(1, 13)]
    places = []
    for second, person in enumerate(people, 1):
        with clock.at(central("2020-04-08 12:00") + timedelta(seconds=second)):
            places.append(programs.register(actor=person, offering_id=pilot.pilot.pk))
    assert [place.state for place in places] == ["seated"] * 10 + ["waiting"] * 2
    assert [queries.number_in_line(SYSTEM, place)[0] for place in places[10:]] == [1, 2]
    with at("2020-04-15 09:00"):
        programs.give_up_place(actor=people[3], registration_id=places[3].pk, reason="job")
        first = Registration.objects.get(pk=places[10].pk)
        assert first.state == "offered"
        assert abs(first.offered_until - central("2020-04-18 09:00")) < timedelta(seconds=5)  # 72 hours
    with at("2020-04-18 08:59"):
        jobs.pass_offers_on(SYSTEM)
        assert Registration.objects.get(pk=places[11].pk).state == "waiting"
    with at("2020-04-18 09:01"):
        jobs.pass_offers_on(SYSTEM)
        drain()
        assert [Registration.objects.get(pk=place.pk).state for place in places[10:]] == ["passed", "offered"]
        assert Offering.objects.get(pk=pilot.pilot.pk).seats_taken == 10
        assert queries.seats(SYSTEM, [Offering.objects.get(pk=pilot.pilot.pk)])[pilot.pilot.pk].is_full
        assert Letter.objects.filter(kind="programs.seat_offered").count() == 2


# --- S4: no more than two at one time ---------------------------------------------------------------------------------------


@pytest.fixture
def three(pilot):
    """Dana, seated in two pilots, and the third."""
    with at("2020-04-08 12:00"):
        pilots = [pilot.pilot, *(pilot.pilot_of(mc, asks_meeting=False) for mc in pilot.microcredentials[1:])]
        dana = pilot.informed("Dana Whitfield")
    with at("2020-04-08 13:00"):
        for offering in pilots[:2]:
            assert programs.register(actor=dana, offering_id=offering.pk).acknowledged == ""
    return pilot, dana, pilots


def test_s4_a_third_is_warned_of_and_allowed_once_acknowledged(three):
    _, dana, pilots = three
    with at("2020-04-08 14:00"):
        with pytest.raises(Conflict, match="2 pilots"):
            programs.register(actor=dana, offering_id=pilots[2].pk)
        place = programs.register(actor=dana, offering_id=pilots[2].pk, acknowledges=True)
        assert place.state == "seated"
        assert "as many as it advises" in place.acknowledged


def test_s4_where_the_limit_is_hard_a_third_is_refused(three):
    pilot, dana, pilots = three
    with at("2020-04-08 14:00"):
        with pytest.raises(Forbidden):
            programs.set_at_once(actor=dana, program_id=pilot.program.pk, limit=3, mode="none", counts_decisions=True)
        programs.set_at_once(actor=pilot.coordinator, program_id=pilot.program.pk, limit=2, mode="hard", counts_decisions=True)
        with pytest.raises(Conflict) as refused:
            programs.register(actor=dana, offering_id=pilots[2].pk, acknowledges=True)
        assert refused.value.status == 409
        page = f"/pilots/{pilots[2].slug}/"
        shown = text_of(client_of(dana).get(page))
        assert "which is as many as it allows at one time. Finish or leave one of them first." in shown
        assert "I have read this and go on" not in shown
        assert f"{page}register/" not in client_of(dana).get(page).content.decode()
        programs.give_up_place(actor=dana, registration_id=queries.my_place(dana, pilots[0].pk).pk)
        assert programs.register(actor=dana, offering_id=pilots[2].pk).state == "seated"


def test_s4_beginning_without_registering_goes_past_no_limit(three):
    pilot, dana, pilots = three
    with at("2020-04-08 14:00"):
        programs.close_offering(actor=SYSTEM, offering_id=pilots[2].pk)
        plain = programs.offer(actor=SYSTEM, program_id=pilot.program.pk, microcredential_id=pilots[2].microcredential_id, kind="pilot",
                               opens_on=date(2020, 3, 1), last_day=None, days=120)  # fmt: skip
        with pytest.raises(Conflict, match="registers first"):
            programs.enroll(actor=dana, offering_id=plain.pk)
        assert programs.register(actor=dana, offering_id=plain.pk, acknowledges=True).acknowledged


@pytest.mark.parametrize(("counts", "refused"), [(True, True), (False, False)])
def test_s4_whether_one_that_awaits_its_decision_counts_is_configured(three, counts, refused):
    pilot, dana, pilots = three
    with at("2020-04-20 16:05"):
        run = pilot.kicked_off(dana)
    with at("2020-05-01 12:00"):
        pilot.fill(dana, run)
        portfolio.submit(actor=dana, enrollment_id=run.pk)
        drain()
        programs.set_at_once(actor=pilot.coordinator, program_id=pilot.program.pk, limit=2, mode="hard", counts_decisions=counts)
        if refused:
            with pytest.raises(Conflict, match="2 pilots"):
                programs.register(actor=dana, offering_id=pilots[2].pk)
        else:
            assert programs.register(actor=dana, offering_id=pilots[2].pk).state == "seated"


# --- S5: more time ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def begun(pilot):
    """Dana, whose clock began with the kick-off on April 20."""
    with at("2020-04-08 12:00"):
        dana, _ = pilot.seated("Dana Whitfield")
    return pilot, dana, pilot.kicked_off(dana)


def test_s5_twenty_one_days_more_and_who_may_grant_them(begun):
    pilot, dana, run = begun
    assert due(run) == "August 18, 2020, 11:59 p.m. Central"
    with at("2020-08-10 10:00"):
        portfolio.write(actor=dana, enrollment_id=run.pk, prompt=first_prompt(dana, run), text="A beginning", revision=0)
        asked = programs.ask_extension(actor=dana, enrollment_id=run.pk, until=date(2020, 9, 8), why="Our school moved buildings.")
        assert asked.is_beyond_end
        with pytest.raises(Forbidden, match="September 1, 2020"):
            programs.extend(actor=pilot.coordinator, enrollment_id=run.pk, until=date(2020, 9, 8), reason="The move")
        granted = programs.extend(actor=pilot.coordinator, enrollment_id=run.pk, until=date(2020, 9, 1), reason="")
        assert granted.pk == asked.pk
        assert due(run) == "September 1, 2020, 11:59 p.m. Central"
        drain()
        assert Submission.objects.get().due_at == run.due_at
        admin = pilot.person("Nadia Flores", organization_admin=pilot.issuer)
        with pytest.raises(Conflict, match="needs a reason"):
            programs.extend(actor=admin, enrollment_id=run.pk, until=date(2020, 9, 8), reason=" ")
        beyond = programs.extend(actor=admin, enrollment_id=run.pk, until=date(2020, 9, 8), reason="The board agreed.")
        assert beyond.is_beyond_end
        assert due(run) == "September 8, 2020, 11:59 p.m. Central"
    dates = [(long_moment(x.due_before, CENTRAL)[:12], long_moment(x.due_after, CENTRAL)[:12]) for x in queries.extensions(dana, run.pk)]
    assert dates == [("August 18, 2", "September 1,"), ("September 1,", "September 8,")]


def first_prompt(actor, run) -> str:
    from cairn.apps.portfolio.queries import workspace

    return next(answer.prompt.key for part in workspace(actor, run.pk).parts for answer in part.answers)


def test_s5_the_clock_does_not_end_what_was_extended(begun):
    pilot, _, run = begun
    with at("2020-08-10 10:00"):
        programs.extend(actor=pilot.coordinator, enrollment_id=run.pk, until=date(2020, 9, 1), reason="")
    with at("2020-08-19 00:05"):
        jobs.end_what_is_past_due(SYSTEM)
        run.refresh_from_db()
        assert run.state == "active"
    with at("2020-09-02 02:00"):
        jobs.end_what_is_past_due(SYSTEM)
        run.refresh_from_db()
        assert run.state == "lapsed"


def test_s5_what_lapsed_goes_on_with_more_time(begun):
    pilot, dana, run = begun
    with at("2020-08-19 02:00"):
        jobs.end_what_is_past_due(SYSTEM)
        run.refresh_from_db()
        assert run.state == "lapsed"
        with pytest.raises(Conflict):
            portfolio.write(actor=dana, enrollment_id=run.pk, prompt=first_prompt(dana, run), text="Late", revision=0)
        programs.ask_extension(actor=dana, enrollment_id=run.pk, until=date(2020, 8, 25), why="I was ill.")
        programs.extend(actor=pilot.coordinator, enrollment_id=run.pk, until=date(2020, 8, 25), reason="")
        drain()
        portfolio.write(actor=dana, enrollment_id=run.pk, prompt=first_prompt(dana, run), text="In time", revision=0)


def test_s5_what_is_submitted_does_not_lapse(begun):
    pilot, dana, run = begun
    with at("2020-08-18 12:00"):
        pilot.fill(dana, run)
        portfolio.submit(actor=dana, enrollment_id=run.pk)  # and no worker is there to say so
    with at("2020-08-30 12:00"):
        jobs.end_what_is_past_due(SYSTEM)
        run.refresh_from_db()
        assert run.state == "active"


def test_s5_asking_again_takes_the_first_question_back_and_an_answer_is_final(begun):
    pilot, dana, run = begun
    with at("2020-08-10 10:00"):
        first = programs.ask_extension(actor=dana, enrollment_id=run.pk, until=date(2020, 8, 20), why="A week")
        second = programs.ask_extension(actor=dana, enrollment_id=run.pk, until=date(2020, 8, 25), why="A week more")
        assert Extension.objects.get(pk=first.pk).state == "taken back"
        with pytest.raises(Invalid, match="Say why"):
            programs.decline_extension(actor=pilot.coordinator, extension_id=second.pk, reason="")
        programs.decline_extension(actor=pilot.coordinator, extension_id=second.pk, reason="The board meets that day.")
        with pytest.raises(Conflict, match="answered already"):
            programs.decline_extension(actor=pilot.coordinator, extension_id=second.pk, reason="Again")
        assert due(run) == "August 18, 2020, 11:59 p.m. Central"


@pytest.mark.parametrize("until", [date(2020, 8, 18), date(2020, 4, 1), date(2040, 1, 1)])
def test_s5_a_day_that_gives_no_time_or_too_much_is_refused(begun, until):
    _, dana, run = begun
    with at("2020-08-10 10:00"), pytest.raises(Invalid):
        programs.ask_extension(actor=dana, enrollment_id=run.pk, until=until, why="More")


def test_s5_a_stranger_asks_grants_and_reads_nothing(begun):
    pilot, dana, run = begun
    with at("2020-08-10 10:00"):
        stranger = pilot.person("Otto Kern")
        for command, words in ((programs.ask_extension, {"why": "x"}), (programs.extend, {"reason": "x"})):
            with pytest.raises(NotFound):
                command(actor=stranger, enrollment_id=run.pk, until=date(2020, 8, 25), **words)
        with pytest.raises(Forbidden):
            programs.extend(actor=dana, enrollment_id=run.pk, until=date(2020, 8, 25), reason="x")
        assert not queries.extensions(stranger, run.pk).exists()


def test_reminders_come_once_each_and_follow_a_date_that_moved(begun):
    pilot, dana, run = begun
    letters = Letter.objects.filter(person_id=dana.person_id, kind="programs.reminded")
    for day, told in (("2020-07-10", 0), ("2020-07-20", 1), ("2020-07-25", 1), ("2020-08-05", 2), ("2020-08-12", 3), ("2020-08-18", 4)):
        with at(f"{day} 08:00"):
            jobs.remind_of_dates(SYSTEM)
            jobs.remind_of_dates(SYSTEM)
            drain()
            assert (day, letters.count()) == (day, told)
    with at("2020-08-18 09:00"):
        programs.extend(actor=pilot.coordinator, enrollment_id=run.pk, until=date(2020, 9, 1), reason="")
        jobs.remind_of_dates(SYSTEM)
        drain()
        assert letters.count() == 5  # fourteen days before the new date


# --- S6: the pilot ends first ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "why"), [("2020-05-04", "120 days from May 4, 2020."), ("2020-05-05", "The pilot ends first")])
def test_s6_the_earlier_of_the_two_dates_and_why(day, why):
    with at(f"{day} 10:00"):
        pilot = Pilot(asks_meeting=False, clock_event="registration")
        place = programs.register(actor=pilot.person("Dana Whitfield"), offering_id=pilot.pilot.pk)
        run = Enrollment.objects.get(pk=place.enrollment_id)
        assert due(run) == "September 1, 2020, 11:59 p.m. Central"
        assert run.due_sentence.startswith(why)


@pytest.mark.parametrize(("zone", "moment"), [
    ("America/Chicago", "2020-09-02T04:59:59+00:00"), ("America/New_York", "2020-09-02T03:59:59+00:00"),
    ("Pacific/Honolulu", "2020-09-02T09:59:59+00:00"), ("America/Phoenix", "2020-09-02T06:59:59+00:00"),
])  # fmt: skip
def test_s6_the_last_second_is_the_learners_own(zone, moment):
    with at("2020-05-05 10:00"):
        pilot = Pilot(asks_meeting=False, clock_event="registration")
        place = programs.register(actor=pilot.person("Dana Whitfield", zone=zone), offering_id=pilot.pilot.pk)
        assert Enrollment.objects.get(pk=place.enrollment_id).due_at.isoformat() == moment


def test_s6_submitted_in_the_last_half_minute_is_in_time_and_a_second_after_midnight_is_not():
    with at("2020-05-05 10:00"):
        pilot = Pilot(asks_meeting=False, clock_event="registration")
        people = [pilot.person("Dana Whitfield"), pilot.person("Joel Pruitt")]
        runs = [Enrollment.objects.get(pk=programs.register(actor=p, offering_id=pilot.pilot.pk).enrollment_id) for p in people]
        for person, run in zip(people, runs, strict=True):
            pilot.fill(person, run)
    with at("2020-09-01 23:59:30"):
        assert portfolio.submit(actor=people[0], enrollment_id=runs[0].pk).state == "submitted"
    with at("2020-09-02 00:00:00"), pytest.raises(Conflict, match="September 1, 2020, 11:59 p.m. Central"):
        portfolio.submit(actor=people[1], enrollment_id=runs[1].pk)


# --- What starts the clock ---------------------------------------------------------------------------------------------------------


def test_the_kick_off_starts_the_clock_of_those_who_are_seated(begun):
    _, _, run = begun
    assert (run.started_at, run.due_sentence) == (central("2020-04-20 16:00"), "120 days from April 20, 2020.")


def test_whoever_missed_the_kick_off_begins_when_the_coordinator_says_so(pilot):
    with at("2020-04-08 12:00"):
        dana, place = pilot.seated("Dana Whitfield")
        with pytest.raises(Conflict, match="begins with the kick-off"):
            programs.begin(actor=dana, registration_id=place.pk)
    with at("2020-04-22 09:00"):
        with pytest.raises(Invalid, match="Say why"):
            programs.begin_for(actor=pilot.coordinator, registration_id=place.pk, reason="")
        run = programs.begin_for(actor=pilot.coordinator, registration_id=place.pk, reason="She was at a funeral.")
        assert run.due_sentence == "120 days from April 22, 2020."
        with pytest.raises(Conflict):
            programs.begin_for(actor=pilot.coordinator, registration_id=place.pk, reason="Again")


def test_late_comers_begin_with_their_registration_once_the_kick_off_is_over(pilot):
    amara = pilot.informed("Amara Nwosu")
    with at("2020-04-25 09:00"):
        pilot.kick_off  # noqa: B018 - it is over
        place = programs.register(actor=amara, offering_id=pilot.pilot.pk)
        assert place.enrollment.due_sentence == "120 days from April 25, 2020."


def test_where_opening_the_workspace_starts_the_clock_it_waits_for_that():
    with at("2020-04-01 09:00"):
        pilot = Pilot(asks_meeting=False, clock_event="first access")
        dana = pilot.person("Dana Whitfield")
        place = programs.register(actor=dana, offering_id=pilot.pilot.pk)
        assert place.enrollment_id is None
    with at("2020-04-10 09:00"):
        run = programs.begin(actor=dana, registration_id=place.pk)
        assert run.due_sentence == "120 days from April 10, 2020."
        assert programs.begin(actor=dana, registration_id=place.pk).pk == run.pk


def test_nobody_begins_in_a_pilot_that_is_over_however_they_come(pilot):
    """By the coordinator, by a roster that was judged before and one that is judged after, or by a kick-off noted late."""
    with at("2020-08-30 12:00"):
        before = read_roster(pilot.coordinator, pilot.pilot, ("Name", "E-mail", "State"), ("Kim Lee", "kim@example.org", "seated"))
        time = programs.Time.lasting(central("2020-09-02 09:00"), 30, "America/Chicago")
        late = programs.plan_meeting(actor=SYSTEM, program_id=pilot.program.pk, offering_id=pilot.pilot.pk, kind="kick-off", title="Late",
                                     times=[time])  # fmt: skip
        _, place = pilot.seated("Dana Whitfield")
        _, other = pilot.seated("Lee Okafor")
    with at("2020-09-02 12:00"):
        with pytest.raises(Conflict, match="ended on September 1, 2020"):
            programs.begin_for(actor=pilot.coordinator, registration_id=place.pk, reason="They asked.")
        taken = take(pilot.coordinator, before, leaves_out=True)
        assert [line for line, outcome in report(pilot.coordinator, taken) if outcome == "new"] == []
        after = read_roster(pilot.coordinator, pilot.pilot, ("Name", "E-mail"), ("Ann Lee", "ann@example.org"))
        assert "has ended" in why(pilot.coordinator, after, 2)
        came = [place.person_id, other.person_id]
        programs.note_attendance(actor=pilot.coordinator, time_id=late.times.get().pk, person_ids=came)
    assert not Enrollment.objects.exists()
    assert Attendance.objects.filter(meeting=late).exclude(attended_at=None).count() == 2
