"""A pilot's pages, as an educator joins it and as a coordinator runs it, over HTTP."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from cairn.apps.comms.models import Letter
from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import Attendance, Enrollment, Extension, Interest, Meeting, MeetingTime, Offering, Registration
from cairn.kernel import clock
from cairn.site.worker import drain
from tests.integration.test_public_pages import client_of, text_of
from tests.pilots_world import Pilot, at, central

pytestmark = pytest.mark.django_db


@pytest.fixture
def pilot():
    with at("2020-04-01 09:00"):
        world = Pilot()
        world.information, world.kick_off  # noqa: B018 - they are planned
        world.page = f"/pilots/{world.pilot.slug}/"
        yield world


def head(client: Client, page: str) -> str:
    response = client.get(page)
    assert response.status_code == 200, response.content.decode()[:500]
    return text_of(response).split("Skip to main content")[-1]


def state(pilot: Pilot, actor) -> str:
    return Registration.objects.get(offering=pilot.pilot, person_id=actor.person_id).state


def test_an_educator_goes_from_the_meeting_to_the_workspace(pilot):
    lee = pilot.person("Lee Park")
    browser = client_of(lee)
    assert "Choose one of three times; then you can register" in head(browser, pilot.page)
    time = pilot.time_of(pilot.information)
    assert browser.post(f"{pilot.page}time/", {"time": time.pk, "phone_ending": "0142"}).status_code == 302
    assert "Your place is kept: April 7, 2020, 10:00 a.m. Central" in head(browser, pilot.page)
    assert "818-555-157" in head(browser, pilot.page)
    with clock.at(time.starts_at + timedelta(minutes=3)):
        assert "are you here, Lee Park?" in head(browser, f"/here/{time.sign_in_code}/")
        assert browser.post(f"/here/{time.sign_in_code}/").headers["Location"] == f"/programs/{pilot.program.slug}/"
        assert "You were at the meeting: register now" in head(browser, pilot.page)
        assert browser.post(f"{pilot.page}register/").headers["Location"] == pilot.page
        assert "choose when you come to the kick-off" in head(browser, pilot.page)
        kick_off = pilot.time_of(pilot.kick_off)
        browser.post(f"{pilot.page}time/", {"time": kick_off.pk})
        assert "the kick-off is April 20, 2020, 4:00 p.m. Central" in head(browser, pilot.page)
    with clock.at(kick_off.starts_at + timedelta(minutes=3)):
        browser.post(f"/here/{kick_off.sign_in_code}/")
        assert "You are at work: due August 18, 2020, 11:59 p.m. Central" in head(browser, pilot.page)


def test_registering_before_the_meeting_says_no_with_the_choices(pilot):
    browser = client_of(pilot.person("Lee Park"))
    response = browser.post(f"{pilot.page}register/")
    assert response.status_code == 409
    assert "April 7, 2020, 4:00 p.m. Central" in text_of(response)


def test_a_visitor_reads_it_and_is_asked_to_sign_in_for_the_rest(pilot):
    browser = Client(headers={"host": "localhost"})
    assert head(browser, pilot.page).count("Sign in to choose a time") == 1
    assert "818-555-157" not in head(browser, pilot.page)
    assert browser.post(f"{pilot.page}register/").headers["Location"].startswith("/account/login/")


def test_whoever_works_at_it_elsewhere_reads_that_and_no_way_that_they_never_went(pilot):
    Offering.objects.filter(pk=pilot.pilot.pk).update(kind="open")  # two pilots of it at one time are refused; a pilot beside it is not
    elsewhere = pilot.pilot_of(pilot.microcredential, clock_event="registration", asks_meeting=False)
    lee = pilot.person("Lee Park")
    with at("2020-04-02 09:00"):
        programs.register(actor=lee, offering_id=elsewhere.pk)
        page, other = (client_of(lee).get(address).content.decode() for address in (pilot.page, f"/pilots/{elsewhere.slug}/"))
    assert "You began it elsewhere, so you need no seat here." in page
    assert ("Kick-off" in page, "you have a seat" in page) == (False, False)
    assert ("elsewhere" in other, "you have a seat" in other) == (False, True)


def test_a_wrong_choice_comes_back_with_what_was_typed(pilot):
    browser = client_of(pilot.person())
    response = browser.post(f"{pilot.page}time/", {"time": pilot.time_of(pilot.information).pk, "phone_ending": "01"})
    assert response.status_code == 422
    assert 'value="01"' in response.content.decode()
    assert browser.post(f"{pilot.page}time/", {"time": "nothing"}).status_code == 422


def full(pilot: Pilot) -> list:
    """Ten seats taken, and two who wait."""
    Offering.objects.filter(pk=pilot.pilot.pk).update(seats_max=2, seats_min=1)
    people = [pilot.informed(f"Person{n} Reed") for n in range(4)]
    with at("2020-04-08 12:00"):
        for person in people:
            programs.register(actor=person, offering_id=pilot.pilot.pk)
    return people


def test_the_line_the_offer_and_letting_it_go(pilot):
    people = full(pilot)
    with at("2020-04-09 09:00"):
        assert "You are number 2 of 2 in line" in head(client_of(people[3]), pilot.page)
        seat = Registration.objects.get(person_id=people[0].person_id)
        leaving = client_of(people[0])
        assert "Give up your place?" in head(leaving, f"{pilot.page}places/{seat.pk}/leave/")
        assert leaving.post(f"{pilot.page}places/{seat.pk}/leave/", {"reason": "nonsense"}).status_code == 422
        leaving.post(f"{pilot.page}places/{seat.pk}/leave/", {"reason": "time"})
        first = client_of(people[2])
        assert "A seat is kept for you" in head(first, pilot.page)
        offer = Registration.objects.get(person_id=people[2].person_id)
        first.post(f"{pilot.page}places/{offer.pk}/offer/", {"pass": "yes"})
        assert [state(pilot, person) for person in people] == ["left", "seated", "passed", "offered"]
        offer = Registration.objects.get(person_id=people[3].person_id)
        client_of(people[3]).post(f"{pilot.page}places/{offer.pk}/offer/", {"take": "yes"})
        assert state(pilot, people[3]) == "seated"
        assert client_of(people[3]).get(f"{pilot.page}places/{seat.pk}/leave/").status_code == 404


def test_one_more_than_advised_is_acknowledged_on_the_page(pilot):
    others = [pilot.pilot_of(mc, asks_meeting=False, clock_event="registration") for mc in pilot.microcredentials[1:]]
    dana = pilot.informed("Dana Whitfield")
    browser = client_of(dana)
    with at("2020-04-08 12:00"):
        for other in others:
            browser.post(f"/pilots/{other.slug}/register/")
        assert "as many as it advises" in head(browser, pilot.page)
        assert browser.post(f"{pilot.page}register/").status_code == 409
        assert browser.post(f"{pilot.page}register/", {"acknowledges": "yes"}).status_code == 302
    assert state(pilot, dana) == "seated"


def test_a_place_that_is_not_begun_stands_on_the_home_page(pilot):
    people = full(pilot)
    with at("2020-04-09 09:00"):
        assert "In line" in head(client_of(people[3]), "/home/")
        assert "You have a seat" in head(client_of(people[0]), "/home/")


def test_whoever_stood_in_line_when_it_closed_is_on_the_list_and_may_leave_it(pilot):
    programs.change_seats(actor=pilot.coordinator, offering_id=pilot.pilot.pk, seats_min=None, seats_max=1)
    dana = pilot.informed("Dana Whitfield")
    with at("2020-04-08 12:00"):
        programs.register(actor=pilot.informed(), offering_id=pilot.pilot.pk)
        programs.register(actor=dana, offering_id=pilot.pilot.pk)
        programs.close_offering(actor=pilot.coordinator, offering_id=pilot.pilot.pk)
        browser = client_of(dana)
        told = head(browser, pilot.page)
        assert "No seat came free for you before it closed. You are on the list of those who hear of the next one." in told
        assert "Take me off that list" in told
        browser.post(f"{pilot.page}interest/", {"end": "yes"})
        assert "Tell me of the next one" in head(browser, pilot.page)


def test_interest_is_said_and_taken_back(pilot):
    programs.close_offering(actor=pilot.coordinator, offering_id=pilot.pilot.pk)
    browser = client_of(pilot.person())
    assert "This pilot takes nobody new" in head(browser, pilot.page)
    browser.post(f"{pilot.page}interest/")
    assert Interest.objects.filter(ended_at=None).count() == 1
    browser.post(f"{pilot.page}interest/", {"end": "yes"})
    assert Interest.objects.filter(ended_at=None).count() == 0


def begun(pilot: Pilot):
    """Dana at work since the kick-off."""
    dana = pilot.informed("Dana Whitfield")
    with at("2020-04-08 12:00"):
        programs.register(actor=dana, offering_id=pilot.pilot.pk)
    return dana, pilot.kicked_off(dana)


def test_more_time_is_asked_for_and_granted(pilot):
    dana, run = begun(pilot)
    browser, desk = client_of(dana), client_of(pilot.coordinator)
    with at("2020-08-10 10:00"):
        page = f"/portfolio/{run.pk}/time/"
        assert "It is due August 18, 2020, 11:59 p.m. Central" in head(browser, page)
        assert browser.post(page, {"until": "2020-08-01", "why": "Moving"}).status_code == 422
        browser.post(page, {"until": "2020-09-08", "why": "Our school moved."})
        assert "Asks for more time" in head(desk, f"{pilot.page}run/")
        answer = f"{pilot.page}run/time/{run.pk}/"
        assert "asks for time until September 8, 2020" in head(desk, answer)
        refused = desk.post(answer, {"until": "2020-09-08", "reason": "", "grant": "yes"})
        assert (refused.status_code, "a coordinator may grant time up to that day" in text_of(refused)) == (422, True)
        desk.post(answer, {"until": "2020-09-01", "reason": "Good luck", "grant": "yes"})
        drain()
        assert "Good luck" in head(browser, page)
        assert Enrollment.objects.get(pk=run.pk).due_at == central("2020-09-01 23:59:59")
        dates = "August 18, 2020, 11:59 p.m. Central September 1, 2020, 11:59 p.m. Central"
        assert all(dates in head(reader, where) for reader, where in ((browser, page), (desk, answer)))
        browser.post(page, {"until": "2020-09-05", "why": "More"})
        asked = Extension.objects.get(state="asked")
        browser.post(f"{page}{asked.pk}/back/")
        assert Extension.objects.get(pk=asked.pk).state == "taken back"


def test_the_desk_puts_those_who_need_the_coordinator_first(pilot):
    dana, run = begun(pilot)
    people = [pilot.informed(name) for name in ("Zoe Reed", "Amara Nwosu")]
    with at("2020-04-21 09:00"):
        for person in people[:1]:
            programs.register(actor=person, offering_id=pilot.pilot.pk)
    desk = client_of(pilot.coordinator)
    with at("2020-04-22 09:00"):
        assert "nobody needs you just now" in head(desk, f"{pilot.page}run/")
    with at("2020-05-20 09:00"):
        said = head(desk, f"{pilot.page}run/")
        assert "two people need you" in said
        assert [words for _, words in filled(desk, f"{pilot.page}run/")] == ["Write to those who are stuck"]
        assert "Two need you" in head(desk, "/pilots/")
        assert f"{pilot.microcredential.title} in {pilot.program.title}, pilot from" in head(desk, "/pilots/")
        programs.ask_extension(actor=dana, enrollment_id=run.pk, until=date(2020, 8, 30), why="A flood")
        (url, words), *others = filled(desk, f"{pilot.page}run/")
        assert (words, others) == ("Answer Dana Whitfield", [])
        assert "A flood" in head(desk, url)
        assert "Nothing saved for 29 days" in said  # since the kick-off
    assert Attendance.objects.count() == 4
    assert dana.person_id


def test_the_desk_is_no_page_for_anybody_else(pilot):
    for person in (pilot.person(), pilot.person(coordinator=pilot.organization("Elsewhere"))):
        browser = client_of(person)
        for page in ("", "people/", "settings/", "meetings/", f"meetings/{pilot.information.pk}/"):
            assert browser.get(f"{pilot.page}run/{page}").status_code == 404


def filled(browser, page):
    """The filled links of a page: where they go, and their words that are seen."""
    html = browser.get(page).content.decode().split("<main")[1].split("</main>")[0]
    found = re.findall(r'<a class="usa-button" href="([^"]*)">(.*?)(?:<span class="c-hide">.*?</span>)?</a>', html)
    buttons = re.findall(r'<button class="usa-button" [^>]*>(.*?)</button>', html)
    return [*found, *(("", words) for words in buttons)]


def test_the_meetings_page_fills_what_is_due_next(pilot):
    desk, page = client_of(pilot.coordinator), f"{pilot.page}run/meetings/"
    lee, first = pilot.person("Lee Park"), pilot.time_of(pilot.information)
    assert filled(desk, page) == []
    programs.choose_time(actor=lee, time_id=first.pk)
    with clock.at(first.starts_at + timedelta(minutes=5)):
        assert filled(desk, page) == [(f"{pilot.page}run/attendance/{first.pk}/", "Note who came")]
        programs.note_attendance(actor=pilot.coordinator, time_id=first.pk, person_ids=[lee.person_id])
        assert filled(desk, page) == []
        assert "1, 1 came" in head(desk, page)
    meeting = programs.plan_meeting(actor=pilot.coordinator, program_id=pilot.program.pk, offering_id=pilot.pilot.pk, kind="other",
                                    title="Noon")  # fmt: skip
    assert filled(desk, page) == [(f"{page}{meeting.pk}/", "Add a time")]


def test_a_meetings_link_for_making_a_device_ready_is_typed_and_corrected(pilot):
    desk, page = client_of(pilot.coordinator), f"{pilot.page}run/meetings/{pilot.information.pk}/"
    typed = {"starts": "2020-05-01T12:00", "minutes": "30", "zone": "America/Chicago", "help_url": "https://meet.example/ready"}
    assert desk.post(page, typed | {"add": "yes"}).status_code == 302
    time = MeetingTime.objects.get(help_url="https://meet.example/ready")
    own = f"{pilot.page}run/times/{time.pk}/"
    assert 'value="https://meet.example/ready"' in desk.get(own).content.decode()
    assert desk.post(own, typed | {"help_url": "ready"}).status_code == 422
    assert desk.post(own, typed | {"help_url": "https://meet.example/app"}).status_code == 302
    time.refresh_from_db()
    assert time.help_url == "https://meet.example/app"


def test_a_meeting_is_planned_and_attendance_noted(pilot):
    desk = client_of(pilot.coordinator)
    page = f"{pilot.page}run/meetings/"
    empty = desk.post(page, {"kind": "other", "title": ""})
    assert (empty.status_code, "Fill this in." in text_of(empty)) == (422, True)
    desk.post(page, {"kind": "other", "title": "Questions at noon", "about": "- Bring yours"})
    meeting = Meeting.objects.get(title="Questions at noon")
    own = f"{page}{meeting.pk}/"
    typed = {"starts": "2020-05-01T12:00", "minutes": "30", "zone": "America/New_York", "add": "yes"}
    past = desk.post(own, typed | {"starts": "2019-05-01T12:00"})
    assert past.context["time"].errors["starts"] == ["May 1, 2019, 12:00 p.m. Eastern is over. Choose a time to come."]
    assert past.status_code == 422
    assert desk.post(own, typed).status_code == 302
    time = MeetingTime.objects.get(meeting=meeting)
    assert time.starts_at.isoformat() == "2020-05-01T16:00:00+00:00"
    desk.post(own, {"title": "Questions at noon", "about": "", "recording_url": "https://films.example/1", "about-form": "x"})
    information = pilot.time_of(pilot.information)
    lee = pilot.person("Lee Park")
    programs.choose_time(actor=lee, time_id=information.pk, phone_ending="0142")
    with clock.at(information.starts_at + timedelta(minutes=5)):
        roster = f"{pilot.page}run/attendance/{information.pk}/"
        assert f"/here/{information.sign_in_code}/" in head(desk, roster)
        assert desk.post(roster, {"name": "Lee", "phone_ending": "9999", "caller": "yes"}).status_code == 422
        desk.post(roster, {"name": "Lee", "phone_ending": "0142", "caller": "yes"})
        assert Attendance.objects.get(person_id=lee.person_id).how == "phone"
        other = pilot.person("Ola Berg")
        programs.choose_time(actor=other, time_id=pilot.time_of(pilot.information, 1).pk)
        desk.post(roster, {"person": [other.person_id]})
        row = Attendance.objects.get(person_id=other.person_id)
        assert row.how == "roster"
        desk.post(f"{pilot.page}run/attendance/{row.pk}/undo/", {"reason": "It was somebody else."})
        assert Attendance.objects.get(person_id=other.person_id).attended_at is None
    desk.post(own, {"cancel": time.pk})
    assert MeetingTime.objects.get(pk=time.pk).is_canceled


def test_rules_and_seats_are_changed(pilot):
    desk, page = client_of(pilot.coordinator), f"{pilot.page}run/settings/"
    assert desk.get(page).status_code == 200
    assert desk.post(page, {"seats_min": "9", "seats_max": "8", "seats": "yes"}).status_code == 422
    desk.post(page, {"seats_min": "8", "seats_max": "12", "seats": "yes"})
    told = {"opens_on": "2020-03-01", "last_day": "2020-09-15", "days": "100", "clock_event": "kick-off", "offer_hours": "48",
            "completions_needed": "6", "asks_meeting": "on", "begins_text": "mid May", "rules": "yes"}  # fmt: skip
    assert desk.post(page, told | {"last_day": "2020-02-01"}).status_code == 422
    assert desk.post(page, told).status_code == 302
    desk.post(page, {"limit": "3", "mode": "hard", "once": "yes"})
    offering = Offering.objects.select_related("program").get(pk=pilot.pilot.pk)
    assert (offering.seats_max, offering.days, offering.offer_hours, offering.begins_text) == (12, 100, 48, "mid May")
    assert (offering.program.at_once, offering.program.at_once_mode) == (3, "hard")
    by_terms = told | {"days": "", "terms": "3", "last_day": ""}
    assert "Choose whose terms" in text_of(desk.post(page, by_terms))
    assert desk.post(page, by_terms | {"calendar": "us-ks-terms"}).status_code == 302
    assert 'value="us-ks-terms" selected' in desk.get(page).content.decode()
    assert "3 semesters" in text_of(Client(headers={"host": "localhost"}).get(pilot.page))
    offering.refresh_from_db()
    assert (offering.days, offering.last_day, offering.terms, offering.calendar["unit"]) == (None, None, 3, "semester")
    for act, state in (("close", "closed"), ("reopen", "open")):
        desk.post(page, {act: "yes"})
        assert Offering.objects.get(pk=pilot.pilot.pk).state == state


def test_a_place_is_settled_by_the_coordinator(pilot):
    dana = pilot.informed("Dana Whitfield")
    with at("2020-04-08 12:00"):
        place = programs.register(actor=dana, offering_id=pilot.pilot.pk)
    desk, page = client_of(pilot.coordinator), f"{pilot.page}run/people/{place.pk}/"
    with at("2020-04-22 09:00"):
        assert "Missed the kick-off" in head(desk, f"{pilot.page}run/people/")
        assert desk.post(page, {"reason": "", "begin": "yes"}).status_code == 422
        desk.post(page, {"reason": "She was ill.", "begin": "yes"})
        assert Registration.objects.get(pk=place.pk).enrollment.due_sentence == "120 days from April 22, 2020."
        desk.post(page, {"remove": "yes"})
        assert state(pilot, dana) == "left"


@pytest.mark.parametrize("many", [30])
def test_the_lists_take_as_many_queries_for_many_as_for_few(many):
    with at("2020-04-01 09:00"):
        pilot = Pilot(asks_meeting=False, clock_event="registration", seats_max=None, seats_min=None)
        desk = client_of(pilot.coordinator)
        counts = []
        desk.get(f"/pilots/{pilot.pilot.slug}/run/people/")  # what is read once for the process is read
        for _ in range(2):
            for _ in range(many):
                programs.register(actor=pilot.person(), offering_id=pilot.pilot.pk)
            with CaptureQueriesContext(connection) as queries:
                assert desk.get(f"/pilots/{pilot.pilot.slug}/run/people/").status_code == 200
            counts.append(len(queries))
        assert counts[0] == counts[1]


def test_those_who_are_stuck_are_written_to_once_a_day(pilot):
    dana, _ = begun(pilot)
    desk, page = client_of(pilot.coordinator), f"{pilot.page}run/write/"
    with at("2020-05-20 09:00"):
        assert f'value="{dana.person_id}" checked' in desk.get(page).content.decode()
        assert desk.get(f"{page}?kind=nothing").status_code == 404
        typed = {"kind": "nudge.go_on", "subject": "How is {title}?", "text": "Dear {name},\n\nis it going well?\n{link}", "send": "yes"}
        assert desk.post(page, typed | {"text": "{unknown}", "person": [dana.person_id]}).status_code == 422
        assert desk.post(page, typed | {"person": [dana.person_id, "nobody"]}).status_code == 302
        again = desk.post(page, typed | {"person": [dana.person_id]})
        assert (again.status_code, "has had a letter of this kind today" in text_of(again)) == (422, True)
        drain()
        (letter,) = Letter.objects.filter(person_id=dana.person_id, kind="nudge.go_on")
        assert letter.subject == "How is Skill 1?"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_roster_leaves_as_a_table_without_formulas(pilot, form):
    person = pilot.informed("=HYPERLINK(1) Reed")
    with at("2020-04-08 12:00"):
        programs.register(actor=person, offering_id=pilot.pilot.pk)
    desk = client_of(pilot.coordinator)
    response = desk.get(f"{pilot.page}run/people.{form}")
    assert response.status_code == 200
    assert client_of(person).get(f"{pilot.page}run/people.{form}").status_code == 404
    if form == "csv":
        cell = next(line for line in response.content.decode().splitlines() if "Reed" in line)
        assert not cell.lstrip('"').startswith("=")
    else:
        sheet = load_workbook(io.BytesIO(response.content)).active
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}


def test_who_comes_to_a_full_pilot_hears_that_before_they_choose_a_time(pilot):
    programs.change_seats(actor=pilot.coordinator, offering_id=pilot.pilot.pk, seats_min=1, seats_max=1)
    first = pilot.informed("First Stone")
    with at("2020-04-08 12:00"):
        programs.register(actor=first, offering_id=pilot.pilot.pk)
    said = head(Client(headers={"host": "localhost"}), pilot.page)
    assert "then you can stand in line" in said
    assert "Every seat is taken now" in said


def test_the_coordinator_is_told_where_no_kick_off_is_to_come_that_registering_begins(pilot):
    desk, page = client_of(pilot.coordinator), f"{pilot.page}run/meetings/"
    said = "No kick-off is to come, so the time of whoever registers begins at once."
    assert said not in head(desk, page)
    programs.cancel_time(actor=pilot.coordinator, time_id=pilot.time_of(pilot.kick_off).pk)
    assert said in head(desk, page)
    lee = pilot.informed("Lee Park")
    with at("2020-04-09 09:00"):
        programs.register(actor=lee, offering_id=pilot.pilot.pk)
    assert Enrollment.objects.get(person_id=lee.person_id).started_at - central("2020-04-09 09:00") < timedelta(minutes=1)
