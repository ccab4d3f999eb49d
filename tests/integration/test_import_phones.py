"""Phones of a roster: any usual writing, the last four digits kept, and callers known by them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cairn.apps.imports.models import ImportRow
from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import Attendance, Caller
from cairn.kernel import clock
from cairn.kernel.errors import Conflict
from tests.imports_world import read_attendance, read_roster, report, take, why
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db
HEAD = ("Name", "E-mail", "State", "Cell phone")
KIM = ("Kim Lee", "kim@example.org", "", "(573) 555-0142 ext. 7")
ANA = ("Ana Ruiz", "ana@example.org", "interested", "+1 573.555.0199")


@pytest.fixture
def coordinator(world):
    return world.person("Cora Stone", coordinator=world.issuer)


@pytest.fixture
def pilot(world, coordinator):
    offering = world.offer(kind="pilot", days=120, last_day=clock.now().date() + timedelta(days=200))
    return programs.change_seats(actor=coordinator, offering_id=offering.pk, seats_min=1, seats_max=10)


def held(coordinator, pilot):
    """A meeting of the pilot that is on just now."""
    start = clock.now() + timedelta(hours=1)
    time = programs.Time(start, start + timedelta(hours=1), "America/Chicago")
    meeting = programs.plan_meeting(
        actor=coordinator, program_id=pilot.program_id, offering_id=pilot.pk, kind="information", title="What it asks", times=[time]
    )
    return meeting.times.get()


def known(pilot):
    return dict(Caller.objects.filter(offering=pilot).values_list("person__email", "ending"))


def test_the_dry_run_keeps_and_shows_no_more_than_four_digits(coordinator, pilot):
    source = read_roster(coordinator, pilot, HEAD, KIM, ("Cy Stone", "cy@example.org", "", "573-55A-0142"))
    assert report(coordinator, source) == [(2, "new"), (3, "refused")]
    assert why(coordinator, source, 2).endswith("The phone ends in 0142.")
    assert "telephone number" in why(coordinator, source, 3)
    kept = str(list(ImportRow.objects.filter(source=source).values()))
    assert "0142" in kept
    assert not [part for part in ("555", "573", "55A") if part in kept]


def test_a_changed_phone_is_a_change_and_the_same_one_in_another_writing_is_none(coordinator, pilot):
    take(coordinator, read_roster(coordinator, pilot, HEAD, KIM, ANA))
    assert known(pilot) == {"kim@example.org": "0142", "ana@example.org": "0199"}
    again = read_roster(coordinator, pilot, HEAD, (*KIM[:3], "5735550142"), (*ANA[:3], ""))
    assert report(coordinator, again) == [(2, "unchanged"), (3, "unchanged")]
    source = read_roster(coordinator, pilot, HEAD, (*KIM[:3], "573 555 0177"))
    assert report(coordinator, source) == [(2, "changed")]
    assert why(coordinator, source, 2) == "The phone ends in 0177 and no more in 0142."
    take(coordinator, source)
    assert known(pilot) == {"kim@example.org": "0177", "ana@example.org": "0199"}


def test_a_caller_is_noted_by_name_and_the_digits_that_the_roster_gave(coordinator, pilot):
    take(coordinator, read_roster(coordinator, pilot, HEAD, KIM, ANA))
    time = held(coordinator, pilot)
    with clock.at(time.starts_at + timedelta(minutes=5)):
        for name, digits in (("Kim Lee", "0199"), ("Ana Ruiz", "0142"), ("Kim", "")):
            with pytest.raises(Conflict):
                programs.note_caller(actor=coordinator, time_id=time.pk, name=name, phone_ending=digits)
        assert programs.note_caller(actor=coordinator, time_id=time.pk, name="lee", phone_ending="0142").how == "phone"
        source = read_attendance(coordinator, time, ("Phone",), ("+1 573***0199",), ("1573***0100",))
        assert report(coordinator, source) == [(2, "new"), (3, "refused")]
        assert "573" not in str(list(ImportRow.objects.filter(source=source).values("cells", "why")))
        take(coordinator, source, leaves_out=True)
    came = Attendance.objects.filter(meeting=time.meeting).exclude(attended_at=None)
    assert sorted(came.values_list("person__email", "how")) == [("ana@example.org", "phone"), ("kim@example.org", "phone")]


def test_digits_go_when_somebody_is_on_the_roster_no_more(coordinator, pilot):
    take(coordinator, read_roster(coordinator, pilot, HEAD, KIM, ANA))
    programs.forget_phones(actor=SYSTEM)
    assert len(known(pilot)) == 2
    take(coordinator, read_roster(coordinator, pilot, HEAD, (*KIM[:2], "left", KIM[3])))
    programs.forget_phones(actor=SYSTEM)
    assert known(pilot) == {"ana@example.org": "0199"}
    programs.close_offering(actor=coordinator, offering_id=pilot.pk)
    programs.forget_phones(actor=SYSTEM)
    assert known(pilot) == {}
