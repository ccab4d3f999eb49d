"""What no form stood before: what a meeting cannot keep is refused in a sentence, the same on either database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import Meeting
from cairn.kernel import clock
from cairn.kernel.errors import Invalid
from tests.pilots_world import Pilot, at
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def pilot():
    with at("2020-04-01 09:00"):
        yield Pilot()


def plan(pilot, title="Come and hear", **joining):
    time = programs.Time.lasting(clock.now() + timedelta(days=3), 60, "America/Chicago", **joining)
    given = {"program_id": pilot.program.pk, "offering_id": pilot.pilot.pk, "kind": "information"}
    return programs.plan_meeting(actor=SYSTEM, title=title, times=[time], **given)


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"title": "M" * 161}, "title", "The title has 161 characters; at most 160 can be kept."),
        ({"dial_in": "1" * 41}, "dial_in", "The dial in has 41 characters; at most 40 can be kept"),
        ({"access_code": "9" * 5000}, "access_code", "at most 40"),
        ({"note": "n" * 201}, "note", "at most 200 can be kept"),
        ({"places": 2**31}, "places", "A time has 1 to 100,000 places"),
        ({"places": 0}, "places", "A time has 1 to 100,000 places"),
        ({"places": -3}, "places", "A time has 1 to 100,000 places"),
    ],
)
def test_what_a_meeting_cannot_keep_is_refused_with_its_field_and_nothing_of_it_stays(pilot, wrong, field, said):
    with pytest.raises(Invalid) as no:
        plan(pilot, **wrong)
    assert said in str(no.value)
    assert set(no.value.fields) == {field}
    assert not Meeting.objects.exists()


def test_what_just_fits_is_kept(pilot):
    meeting = plan(pilot, title="M" * 160, dial_in="1" * 40, places=100_000)
    kept = Meeting.objects.get(pk=meeting.pk)
    assert len(kept.title) == 160
    assert kept.times.get().places == 100_000


def test_a_title_is_one_line_whatever_was_pasted(pilot):
    assert plan(pilot, title="  Come\r\nand\x07 hear\u202e \n").title == "Come and hear"
