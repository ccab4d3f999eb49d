"""The packs and programs that come with Cairn, brought into one catalog as whoever runs a site does it."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import cairn
from cairn.apps.catalog.models import Microcredential, MicrocredentialVersion, Stack
from cairn.apps.programs import queries as programs
from cairn.apps.programs.models import Listing, Meeting, MeetingTime, Offering, Program
from cairn.interfaces.cli.main import main
from cairn.pure.packs import from_json
from cairn.site.worker import drain
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db
DATA = Path(cairn.__file__).parent / "data"


@pytest.fixture
def bring(capsys):
    """Import packs and programs by name; what was printed."""

    def brought(*names, **more):
        for name in names:
            assert main(["import-pack", str(DATA / "packs" / name)]) == 0
        for name in more.get("then", ()):
            assert main(["import-program", str(DATA / "programs" / f"{name}.yaml")]) == 0
        return capsys.readouterr().out

    return brought


def program(slug):
    return Program.objects.get(slug=slug)


def pilots(slug):
    return list(Offering.objects.filter(program__slug=slug).select_related("microcredential").order_by("pk"))


# --- Missouri --------------------------------------------------------------------------------------------------------


def test_the_missouri_pilot_has_four_micro_credentials_with_its_numbers(bring):
    bring("missouri-leadership", then=["missouri-pilot"])
    found = pilots("missouri-pilot")
    assert len(found) == 4
    assert {(each.seats_min, each.seats_max, each.days, each.clock_event, each.asks_meeting) for each in found} == {
        (8, 10, 120, "kick-off", True)
    }
    assert {(each.last_day.month, each.last_day.day) for each in found} == {(9, 1)}
    figures = {figure.what: figure.stated for figure in programs.roadmap(SYSTEM, program("missouri-pilot"))}
    assert figures == {"planned": 15, "written": 6, "to pilot": 4, "stacks": 5}


def test_its_information_meeting_has_three_times_that_share_one_link_and_code(bring):
    bring("missouri-leadership", then=["missouri-pilot"])
    times = list(MeetingTime.objects.filter(meeting__kind="information").order_by("starts_at"))
    said = [each.starts_at.astimezone(ZoneInfo(each.zone)) for each in times]
    assert [(each.month, each.day, each.time()) for each in said] == [(4, 7, time(10)), (4, 7, time(16)), (4, 8, time(10))]
    assert len({(each.join_url, each.dial_in, each.access_code) for each in times}) == 1
    assert times[0].access_code
    assert Meeting.objects.get(kind="information").offering is None
    assert Meeting.objects.filter(kind="kick-off").exclude(offering=None).count() == 4


def test_its_contacts_are_two_by_role_and_its_owners_three_beside_the_lead(bring):
    bring("missouri-leadership", then=["missouri-pilot"])
    contacts = programs.contacts_in(SYSTEM, [program("missouri-pilot")])
    assert [contact.role for contact in contacts] == ["For principals of elementary schools", "For principals of secondary schools"]
    assert all(contact.email.endswith("@example.org") for contact in contacts)


def test_a_program_that_comes_in_again_changes_nothing(bring):
    bring("missouri-leadership", then=["missouri-pilot"])
    before = (Offering.objects.count(), MeetingTime.objects.count(), Listing.objects.count())
    told = bring(then=["missouri-pilot"])
    assert "new " not in told
    assert (Offering.objects.count(), MeetingTime.objects.count(), Listing.objects.count()) == before


# --- Illinois --------------------------------------------------------------------------------------------------------


def test_the_illinois_board_has_its_eight_lines_in_order_and_the_unnamed_one_is_flagged(bring):
    bring("illinois-leadership", then=["illinois-board"])
    lines = list(Listing.objects.filter(program__slug="illinois-leadership").order_by("order"))
    assert [line.title for line in lines] == [
        "Collaborative Leadership Coaching", "Reflective Leadership Coaching", "Directive Leadership Coaching", "Communication Standards",
        "Educational Advocate", "Communication Structures", "Personal Communicator", "",
    ]  # fmt: skip
    assert lines[6].stated == "3 pilot spots open; pilot to begin in mid February"
    assert lines[6].begins_text == "mid February"
    assert (lines[7].stated, lines[7].stage) == ("Currently in pilot (full)", "in pilot")
    assert [bool(line.flag) for line in lines] == [False] * 7 + [True]
    stated = {figure.what: figure.stated for figure in programs.roadmap(SYSTEM, program("illinois-leadership"))}
    assert stated["stacks"] == 21


# --- Kansas ----------------------------------------------------------------------------------------------------------


def test_the_kansas_template_has_its_six_parts_and_asks_for_three_sources(bring):
    bring("kansas-renewal")
    content = from_json(MicrocredentialVersion.objects.get(microcredential__slug="professional-learning-project").content)
    assert [part.key for part in content.parts] == ["overview", "literature", "implementation", "impact", "analysis", "share"]
    assert [prompt.key for prompt in content.part("overview").prompts] == ["rationale", "hypothesis", "goals"]
    assert sum(prompt.key.endswith("-source") and prompt.is_required for prompt in content.part("literature").prompts) == 3
    assert str(content.origin) == "self-created"


def test_the_kansas_pilot_takes_one_of_ones_own_and_a_packaged_one(bring):
    bring("kansas-renewal", "national-library", then=["kansas-renewal"])
    assert {each.microcredential.origin for each in pilots("kansas-renewal")} == {"self-created", "packaged"}
    assert Meeting.objects.get(program__slug="kansas-renewal").kind == "orientation"
    assert {(each.days, each.terms, each.calendar["key"]) for each in pilots("kansas-renewal")} == {(None, 3, "us-ks-terms")}


def test_a_program_whose_micro_credentials_are_missing_is_refused_whole(capsys):
    assert main(["import-program", str(DATA / "programs" / "kansas-renewal.yaml")]) == 1
    assert "Import its pack first" in capsys.readouterr().err
    assert not Program.objects.exists()


# --- The national library --------------------------------------------------------------------------------------------


def test_the_library_has_29_stacks_and_177_micro_credentials_each_with_a_title_of_its_own(bring):
    bring("national-library")
    stacks = list(Stack.objects.filter(pack="national-library"))
    assert (len(stacks), len({stack.title for stack in stacks}), sum(stack.unnamed for stack in stacks)) == (29, 29, 0)
    titles = list(Microcredential.objects.filter(stack__pack="national-library").values_list("title", flat=True))
    assert (len(titles), len({title.lower() for title in titles})) == (177, 177)


def test_every_stack_without_a_text_says_that_its_titles_are_examples(bring):
    bring("national-library")
    planned = Stack.objects.filter(pack="national-library", is_planned=True)
    assert len(planned) == 28
    assert all("examples, written for Cairn" in stack.summary or "Example titles" in stack.summary for stack in planned)
    page = Client(headers={"host": "localhost"}).get("/catalog/counting-and-subitizing/").content.decode()
    assert "Example titles, written for Cairn" in page


def test_the_whole_library_is_found_by_audience_stage_and_framework(bring):
    bring("national-library")
    page = Client(headers={"host": "localhost"}).get("/catalog/?stage=pre-service&framework=iste-educators&q=data").content.decode()
    assert "Formative Data from Digital Tools" in page
    assert "Debugging as a Habit" not in page
    assert "Measuring the Impact of Coaching" not in page
    assert "Pre-service (" in page


def test_classroom_management_is_written_out_and_its_two_hour_figures_stay_apart(bring):
    bring("national-library")
    five = MicrocredentialVersion.objects.filter(microcredential__stack__slug="classroom-management")
    contents = [from_json(version.content) for version in five.order_by("microcredential__order")]
    assert [content.title for content in contents] == [
        "Addressing Challenging Behaviors", "Aspects of an Engaged Classroom", "Classroom Expectations and Routines",
        "Creating a Classroom Community", "Organizing the Physical Layout of the Classroom",
    ]  # fmt: skip
    for content in contents:
        assert (content.hours.estimated_min, content.hours.estimated_max) == (6, 6)
        assert content.hours.credit
        assert (content.hours.credit.amount, content.hours.credit.unit) == (15, "hours")
        assert content.notice == "Example written for Cairn, not the program's own text."
    film = contents[3].artifact("together")
    assert (film.seconds_min, film.seconds_max) == (180, 300)
    room = contents[4].artifact("room")
    assert room.types.is_met_by({"video"})
    assert room.types.is_met_by({"image"})


def test_the_catalog_asks_no_more_questions_for_the_library_than_for_one_pack(bring):
    client = Client(headers={"host": "localhost"})
    bring("missouri-leadership")
    client.get("/catalog/")

    def questions(address):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    few = {address: questions(address) for address in ("/catalog/", "/catalog/?q=classroom")}
    bring("national-library", "illinois-leadership", "kansas-renewal")
    for address, before in few.items():
        questions(address)
        assert questions(address) <= before + 1
    assert "Creating a Classroom Community" in client.get("/catalog/?q=classroom").content.decode()


# --- The format ------------------------------------------------------------------------------------------------------


def test_every_mistake_in_a_program_is_named_with_its_line(tmp_path, capsys):
    broken = tmp_path / "broken.yaml"
    broken.write_text(
        "kind: program\nformat: 2\nslug: P 1\ntitle: P\nnotice: N\norganization: {slug: org, name: Org, kind: club}\n"
        "pilots:\n  - {microcredential: a, clock: noon, last_day: 02-30}\nmeetings:\n  - {day: 04-07, starts: '11:00', ends: '10:00'}\n"
        "contacts:\n  - {role: Boss}\nsurprise: 1\n"
    )
    assert main(["import-program", str(broken)]) == 1
    told = capsys.readouterr().err
    for line in (2, 3, 6, 8, 10, 12, 13):
        assert f"line {line}:" in told, line
    assert not Program.objects.exists()


def test_a_day_without_a_year_is_the_next_to_come():
    from cairn.pure.packs.programs import Day

    assert Day(9, 1).next_from(date(2026, 9, 1)) == date(2026, 9, 1)
    assert Day(9, 1).next_from(date(2026, 9, 2)) == date(2027, 9, 1)
    assert Day(2, 29).next_from(date(2026, 1, 1)) == date(2028, 2, 29)
    assert Day(4, 7).next_from(date(2026, 12, 31)) - date(2026, 12, 31) < timedelta(days=366)


def test_a_library_of_29_stacks_is_looked_through_by_page_and_by_word(bring):
    bring("national-library")
    drain()  # the issuer has its program
    client, at = Client(headers={"host": "localhost"}), "/org/national-educators-example/"
    first = client.get(at).content.decode()
    assert (first.count("<details"), "Page 1 of 3" in first, "See the stack" in first) == (12, True, True)
    assert [label in first for label in ("29</dd>", "5</dd>", "172</dd>")] == [True, True, True]
    found = client.get(f"{at}?q=PRIMARY%20sources").content.decode()
    assert ("1 of 29 stacks" in found, found.count("<details"), "Inquiry with Primary Sources" in found) == (True, 1, True)
    named = client.get(f"{at}?q=photograph%20evidence").content.decode()
    assert ("Reading a Photograph as Evidence" in named, "Choosing Sources That Disagree" in named) == (True, False)
    assert "Nothing here answers to that" in client.get(f"{at}?q=%25_").content.decode()
    assert client.get(f"{at}?q=%00&page=x").status_code == 200
    for address in (f"{at}board/", "/programs/national-library/"):
        page = client.get(address).content.decode()
        assert ("What stands in the catalog" in page, "Nothing stands on" in page, page.count("<details")) == (True, False, 12)


def test_a_large_library_asks_the_database_as_often_as_a_small_one(bring):
    bring("illinois-leadership", "national-library")
    client, asked = Client(headers={"host": "localhost"}), []
    for slug in ("illinois-principals-example", "national-educators-example"):
        client.get(f"/org/{slug}/board/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/org/{slug}/board/").status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]
