"""Dates in a calendar of one's own: what a calendar program reads there, and who may."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from cairn.apps.comms import commands
from cairn.apps.comms.models import CalendarFeed
from cairn.apps.comms.queries import feed_owner, feed_token, my_feed
from cairn.apps.people.models import Account
from cairn.apps.programs import commands as programs
from cairn.frame.actor import VISITOR
from cairn.kernel.errors import Forbidden, NotFound
from cairn.kernel.ids import new_id
from cairn.pure.calendars import Event, calendar
from tests.integration.test_public_pages import client_of, text_of
from tests.pilots_world import Pilot, at

NOON = datetime(2027, 3, 3, 18, tzinfo=UTC)
PROGRAM = Client(headers={"host": "localhost"})  # a calendar program: it has no session


def event(uid="a@example.org", title="A meeting", **more) -> Event:
    return Event(uid, title, **{"begins_at": NOON, "ends_at": NOON + timedelta(hours=1), "changed_at": NOON, **more})


def entries(body: bytes) -> list:
    return Calendar.from_ical(body).walk("VEVENT")


# --- The file ------------------------------------------------------------------------------------------------------------


# Not a backslash before N, which the library takes for the line break that it stands for in a calendar (RFC 5545, section 3.3.11).
TEXTS = (
    st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=300)
    .map(str.strip)
    .filter(lambda text: text and "\\N" not in text)
)


@given(TEXTS, TEXTS)
def test_any_words_come_out_as_they_went_in_and_no_line_is_too_long(title, details):
    body = calendar("Dates", [event(title=title, details=details)])
    (entry,) = entries(body)
    assert (str(entry["summary"]), str(entry["description"])) == (title, details)
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))  # RFC 5545 section 3.1
    assert body.count(b"BEGIN:VEVENT") == 1


def test_words_cannot_begin_a_line_of_their_own():
    (entry,) = entries(calendar("Dates", [event(title="x\r\nATTENDEE:mailto:a@example.org\r\nEND:VEVENT", details="a\nb; c, d\\e")]))
    assert "attendee" not in entry
    assert str(entry["description"]) == "a\nb; c, d\\e"


@pytest.mark.parametrize(("name", "written"), [
    ("A; B, C\\ D", "A\\; B\\, C\\\\ D"), ("x\r\nATTENDEE:mailto:a@example.org", "x\\nATTENDEE:mailto:a@example.org"),
    ("one\rtwo\nthree", "one\\ntwo\\nthree"), ("\x00a\x1fb\x7f", "ab"),
])  # fmt: skip
def test_a_calendar_may_bear_any_name(name, written):
    body = calendar(name, [event(title=name, place=name)]).decode().split("\r\n")
    assert {line for line in body if line.endswith(f":{written}")} == {
        f"{key}:{written}" for key in ("NAME", "X-WR-CALNAME", "SUMMARY", "LOCATION")
    }  # RFC 5545 section 3.3.11, RFC 7986 section 5.1
    assert not any(line.startswith("ATTENDEE") for line in body)


def test_moments_are_in_utc_wherever_they_came_from():
    body = calendar("Dates", [event(begins_at=datetime.fromisoformat("2027-03-14T01:30:00-06:00"))])
    assert b"DTSTART:20270314T073000Z" in body


def test_a_moment_without_a_zone_is_a_mistake():
    with pytest.raises(ValueError, match="aware"):
        calendar("Dates", [event(begins_at=datetime(2027, 3, 3))])  # noqa: DTZ001


def test_the_same_dates_give_the_same_bytes_in_any_order():
    both = [event("a@x"), event("b@x")]
    assert calendar("Dates", both) == calendar("Dates", both[::-1])


def test_what_is_called_off_says_so_and_takes_no_time():
    (entry,) = entries(calendar("Dates", [event(is_cancelled=True, sequence=2)]))
    assert (entry["status"], entry["transp"], entry["sequence"]) == ("CANCELLED", "TRANSPARENT", 2)


# --- One's own -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def dana(world):
    return world.person("Dana Whitfield")


def address_of(actor) -> str:
    page = client_of(actor).get("/account/notices/").content.decode()
    return re.search(r'value="http://localhost(/calendar/[^"]+)"', page)[1]


@pytest.mark.django_db
def test_whoever_makes_an_address_finds_what_is_due_in_their_calendar(world, dana):
    _, run = world.enrolled(dana)
    client_of(dana).post("/account/calendar/", {"key": new_id()})
    answer = PROGRAM.get(address_of(dana))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    (entry,) = entries(answer.content)
    assert entry["uid"] == f"enrollment-{run.pk}@localhost"
    assert entry["dtend"].dt == run.due_at.replace(microsecond=0)
    assert str(entry["summary"]) == f"Due: {run.microcredential.title}"
    assert entry["transp"] == "TRANSPARENT"
    assert "Whitfield" not in answer.content.decode()


@pytest.mark.django_db
def test_what_has_ended_is_not_due(world, dana):
    _, run = world.enrolled(dana)
    commands.begin_feed(actor=dana)
    assert len(entries(PROGRAM.get(address_of(dana)).content)) == 1
    programs.withdraw(actor=dana, enrollment_id=run.pk)
    assert entries(PROGRAM.get(address_of(dana)).content) == []


@pytest.mark.django_db
def test_a_calendar_that_has_it_already_is_sent_nothing(world, dana):
    world.enrolled(dana)
    commands.begin_feed(actor=dana)
    first = PROGRAM.get(address_of(dana))
    again = PROGRAM.get(address_of(dana), headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.django_db
def test_a_new_address_ends_the_old_one(dana):
    commands.begin_feed(actor=dana)
    old = address_of(dana)
    commands.begin_feed(actor=dana)
    assert address_of(dana) != old
    assert PROGRAM.get(old).status_code == 404
    assert PROGRAM.get(address_of(dana)).status_code == 200


@pytest.mark.django_db
def test_an_address_that_was_ended_shows_nothing(dana):
    commands.begin_feed(actor=dana)
    old = address_of(dana)
    client_of(dana).post("/account/calendar/end/", {"key": new_id()})
    assert PROGRAM.get(old).status_code == 404
    assert "Make an address" in text_of(client_of(dana).get("/account/notices/"))
    assert commands.end_feed(actor=dana) is None


@pytest.mark.django_db
def test_the_address_of_a_closed_account_shows_nothing(dana):
    commands.begin_feed(actor=dana)
    address = address_of(dana)
    Account.objects.filter(person__pk=dana.person_id).update(is_active=False)
    assert PROGRAM.get(address).status_code == 404


@pytest.mark.django_db
def test_a_guessed_address_is_not_found(dana):
    token = feed_token(commands.begin_feed(actor=dana))
    for wrong in (
        token[:-1],
        token + "0",
        token[:20],
        token[:20] + "0" * 40,
        new_id() + token[20:],
        "x",
        token.upper(),
        "é" * 60,
        "\0" * 60,
    ):
        with pytest.raises(NotFound):
            feed_owner(wrong)
    assert feed_owner(token) == dana.person_id


@pytest.mark.django_db
def test_nobody_sees_or_ends_anothers_address(world, dana):
    feed = commands.begin_feed(actor=dana)
    sam = world.person("Sam Stone")
    assert my_feed(sam) is None
    assert commands.end_feed(actor=sam) is None
    with pytest.raises(Forbidden):
        commands.begin_feed(actor=VISITOR)
    feed.refresh_from_db()
    assert feed.ended_at is None


@pytest.mark.django_db
def test_asking_twice_with_one_key_makes_one_address(dana):
    actor = dana.with_key(new_id())
    assert commands.begin_feed(actor=actor).pk == commands.begin_feed(actor=actor).pk
    assert CalendarFeed.objects.count() == 1


# --- Meetings --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def pilot(db):
    return Pilot()


def test_a_meeting_that_is_chosen_stands_in_the_calendar_under_one_name_for_ever(pilot):
    with at("2020-03-20 12:00"):
        dana, time = pilot.person("Dana Whitfield"), pilot.time_of(pilot.information)
        programs.choose_time(actor=dana, time_id=time.pk)
        commands.begin_feed(actor=dana)
        client, address = client_of(dana), address_of(dana)
        (first,) = entries(PROGRAM.get(address).content)
        (alone,) = entries(client.get(f"/meetings/{time.pk}.ics").content)
        assert first["uid"] == alone["uid"] == f"meeting-{time.pk}@localhost"
        assert (first["dtstart"].dt, first["dtend"].dt) == (time.starts_at, time.ends_at)
        assert "https://meet.example/818" in str(first["description"])
        programs.cancel_time(actor=pilot.coordinator, time_id=time.pk)
        (gone,) = entries(PROGRAM.get(address).content)
        assert (gone["uid"], gone["status"]) == (first["uid"], "CANCELLED")
        assert gone["sequence"] > first["sequence"]


def test_the_file_of_a_meeting_is_for_those_who_keep_a_place_there(pilot):
    with at("2020-03-20 12:00"):
        time = pilot.time_of(pilot.information)
        assert client_of(pilot.person("Sam Stone")).get(f"/meetings/{time.pk}.ics").status_code == 404
        assert client_of(pilot.coordinator).get(f"/meetings/{time.pk}.ics").status_code == 200
