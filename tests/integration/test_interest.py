"""Who asks to hear of a program's pilots: told once when there is one, or a meeting before it, and listed for those who run it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cairn.apps.comms.models import Letter
from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import Interest
from cairn.kernel import clock
from cairn.site.worker import drain
from tests.learning_world import browser
from tests.pilots_world import Pilot, at
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def pilot():
    with at("2020-03-20 12:00"):
        yield Pilot()


def told(kind):
    return sorted(Letter.objects.filter(kind=kind).values_list("person_id", flat=True))


def keen(pilot, mc=None, name=""):
    actor = pilot.person(name)
    programs.show_interest(actor=actor, program_id=pilot.program.pk, microcredential_id=mc.pk if mc else None)
    return actor


def test_whoever_asked_hears_once_that_a_pilot_takes_people_and_nobody_else_does(pilot):
    pilot.microcredential  # noqa: B018 - brings three
    first, second, third = pilot.microcredentials
    everything, this, other = keen(pilot), keen(pilot, first), keen(pilot, second)
    both = keen(pilot)
    programs.show_interest(actor=both, program_id=pilot.program.pk, microcredential_id=first.pk)
    gone = keen(pilot)
    programs.end_interest(actor=gone, interest_id=Interest.objects.get(person_id=gone.person_id).pk)
    pilot.pilot  # noqa: B018 - opened now
    drain()
    drain()
    assert told("programs.offered") == sorted([everything.person_id, this.person_id, both.person_id])
    letter = Letter.objects.get(kind="programs.offered", person_id=this.person_id)
    assert (letter.path, f"{first.title} has a pilot now" in letter.text) == (f"/pilots/{pilot.pilot.slug}/", True)
    assert browser(this).get(letter.path).status_code == 200
    programs.close_offering(actor=pilot.coordinator, offering_id=pilot.pilot_of(third).pk)
    drain()  # closed before anybody was told
    assert third.title not in " ".join(Letter.objects.filter(kind="programs.offered").values_list("text", flat=True))
    assert other.person_id not in told("programs.offered")


def test_the_earliest_time_of_the_meeting_before_it_is_told_once_to_those_who_have_attended_none(pilot):
    pilot.pilot  # noqa: B018
    drain()
    waiting, been = keen(pilot), pilot.informed("Been Stone")
    programs.show_interest(actor=been, program_id=pilot.program.pk)
    drain()
    assert told("programs.time_added") == [waiting.person_id]
    text = Letter.objects.get(kind="programs.time_added").text
    assert "April 7, 2020, 10:00 a.m. Central" in text.replace("\u00a0", " ")
    programs.add_time(actor=pilot.coordinator, meeting_id=pilot.information.pk, time=pilot.time("2020-04-09 10:00"))
    pilot.kick_off  # noqa: B018 - nobody hears of that who has no seat
    drain()
    assert told("programs.time_added") == [waiting.person_id]


def test_the_programs_page_takes_interest_and_those_who_run_it_see_the_list(pilot):
    dana, at = pilot.person("Dana Whitfield"), f"/programs/{pilot.program.slug}/"
    page, desk = browser(dana), browser(pilot.coordinator)
    assert "Tell me of its pilots" in page.get(at).content.decode()
    assert "Nobody has asked to hear yet" in desk.get(f"{at}interested/").content.decode()
    for _ in range(2):
        assert page.post(f"{at}interest/").status_code == 302
    assert Interest.objects.filter(ended_at=None).count() == 1
    shown = desk.get(f"{at}interested/").content.decode()
    assert ("One person would like to hear" in shown, "Dana Whitfield" in shown) == (True, True)
    assert [client.get(f"{at}interested/").status_code for client in (page, browser(pilot.person()), browser())] == [404, 404, 302]
    assert page.post(f"{at}interest/", {"end": "yes"}).status_code == 302
    assert not Interest.objects.filter(ended_at=None).exists()
    assert "Tell me of its pilots" in page.get(at).content.decode()


def test_what_an_educator_designed_for_themselves_is_offered_to_nobody_else(pilot):
    keen(pilot)
    mc = pilot.microcredential
    type(mc).objects.filter(pk=mc.pk).update(owner_id=pilot.person().person_id)
    today = clock.now().date()
    programs.offer(actor=SYSTEM, program_id=pilot.program.pk, microcredential_id=mc.pk, kind="open", opens_on=today, last_day=None, days=9)
    drain()
    assert told("programs.offered") == []


def test_whoever_asked_hears_when_a_closed_pilot_takes_people_again_but_not_those_who_have_a_place(pilot):
    waiting, seated = keen(pilot), pilot.informed("Sara Seat")
    programs.show_interest(actor=seated, program_id=pilot.program.pk)
    programs.register(actor=seated, offering_id=pilot.pilot.pk)
    programs.close_offering(actor=pilot.coordinator, offering_id=pilot.pilot.pk)
    drain()
    assert told("programs.offering_reopened") == []
    programs.reopen_offering(actor=pilot.coordinator, offering_id=pilot.pilot.pk)
    drain()
    drain()
    assert told("programs.offering_reopened") == [waiting.person_id]
    letter = Letter.objects.get(kind="programs.offering_reopened")
    words = " ".join(letter.text.replace("\u00a0", " ").split())
    assert "takes people again, until September 1, 2020" in words
    assert letter.path == f"/pilots/{pilot.pilot.slug}/"


def test_more_time_for_a_pilot_is_told_only_where_it_had_ended(pilot):
    waiting, last_day = keen(pilot), pilot.pilot.last_day
    drain()
    programs.extend_recruitment(actor=pilot.coordinator, offering_id=pilot.pilot.pk, last_day=last_day + timedelta(days=30))
    drain()
    assert told("programs.recruitment_extended") == []
    with at("2020-10-05 12:00"):
        programs.extend_recruitment(actor=pilot.coordinator, offering_id=pilot.pilot.pk, last_day=last_day + timedelta(days=90))
        drain()
        assert told("programs.recruitment_extended") == [waiting.person_id]
