"""Days of licenses and entries that can only be slips, last days of what was done, and lists under the name that rules ask for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from cairn.apps.licensure import commands, queries
from cairn.apps.licensure.models import ApprovedListing, EducatorLicense
from cairn.kernel import clock
from cairn.kernel.errors import Invalid
from tests.licensure_world import Licensing, on
from tests.officers_world import TRANSITION, Office
from tests.scoring_world import signed_in
from tests.world import SYSTEM


@pytest.fixture
def world(db):
    commands.load_rules(actor=SYSTEM, files=queries.shipped())
    return Licensing()


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"valid_from": date(1, 1, 1)}, "valid_from"),
        ({"valid_to": date(9999, 12, 31)}, "valid_to"),
        ({"entered_on": date(1, 1, 1)}, "entered_on"),
        ({"events_on": {"orientation": date(9999, 12, 31)}}, "event_orientation"),
    ],
)
def test_a_license_on_a_day_that_can_only_be_a_slip_is_refused_beside_its_field(world, days, field):
    told = {"valid_from": date(2023, 7, 1), "valid_to": date(2027, 6, 30), **days}
    with pytest.raises(Invalid) as refused:
        commands.add_license(actor=world.person(), jurisdiction="us/mo", license_type="initial-administrator", **told)
    assert "January 1, 1950" in refused.value.fields[field]
    assert not EducatorLicense.objects.exists()


def test_a_term_may_begin_and_end_on_the_last_days_of_february(world):
    _, held = world.licensed(license_type="transition-administrator", start="2024-02-29", end="2030-02-28")
    assert (held.valid_from, held.valid_to) == (date(2024, 2, 29), date(2030, 2, 28))


def test_experience_with_its_last_day_counts_once_it_is_done_and_stays_counted(db):
    office = Office()
    told = {"kind": "experience", "unit": "year", "amount": Decimal(4), "fields": {"role": "administrator"}, "asked_id": office.agency.pk}
    dana, held = office.licensed(office.person(works_at=office.agency))
    with clock.at(on("2024-03-01")):
        entry = commands.add_entry(actor=dana, title="Principal", on=date(2020, 8, 1), until=date(2024, 2, 28), **told)
        commands.verify_entry(actor=office.officer, entry_id=entry.pk)
        record = queries.record_of(dana, held)
    (counted,) = [each for each in record.entries if each.kind == "experience"]
    assert (counted.on, counted.until) == (date(2024, 2, 28), None)


@pytest.mark.parametrize(("kind", "until", "is_taken"), [("hours", date(2024, 3, 2), False), ("approval", date(2026, 3, 1), True),
                                                         ("approval", date(9999, 12, 31), False)])  # fmt: skip
def test_what_is_done_ends_by_today_and_what_runs_out_may_end_later(world, kind, until, is_taken):
    told = {"actor": world.person(), "kind": kind, "title": "Institute", "on": date(2024, 2, 1), "until": until}
    with clock.at(on("2024-03-01")):
        if is_taken:
            assert commands.add_entry(**told).runs_until == until
            return
        with pytest.raises(Invalid) as refused:
            commands.add_entry(**told)
    assert "until" in refused.value.fields


def test_an_application_is_not_returned_until_the_end_of_time(db):
    with clock.at(on("2024-03-01")):
        office = Office()
        row = office.asked("Two of three.")
        with pytest.raises(Invalid) as refused:
            commands.return_application(actor=office.officer, application_id=row.pk, reason="The list.", until=date(9999, 12, 31))
    assert "within 366 days" in refused.value.fields["until"]


def test_the_page_of_the_list_puts_a_micro_credential_where_the_rule_looks_for_it(db):
    with clock.at(on("2024-03-01")):
        office = Office()
        found = office.shelf(1)[0]
        client = signed_in(office.officer)
        address = f"/officer/lists/{office.authority.pk}/"
        told = {"microcredential": f" /catalog/{found.slug}/ ", "approved_from": "2024-01-01", "cite": "=1+1"}
        wrong = client.post(address, {**told, "approved_from": "0001-01-01"})
        assert (wrong.status_code, "January 1, 1950" in wrong.content.decode()) == (422, True)
        assert client.post(address, told).status_code == 302
    assert [(each.microcredential_id, each.body) for each in ApprovedListing.objects.all()] == [(found.pk, "missouri-dese")]
    assert TRANSITION.startswith(office.authority.jurisdiction)


def test_a_license_ends_by_the_day_where_its_educator_is(world):
    """On March 1, 3 a.m. UTC, it is still February 29 in Missouri."""
    dana = world.person()
    told = {"jurisdiction": "us/mo", "license_type": "initial-administrator", "valid_from": date(2023, 7, 1), "valid_to": date(2027, 6, 30)}
    with clock.at(datetime(2024, 3, 1, 3, tzinfo=UTC)):
        held = commands.add_license(actor=dana, **told)
        with pytest.raises(Invalid, match="not in the future"):
            commands.end_license(actor=dana, license_id=held.pk, ended_on=date(2024, 3, 1))
        assert commands.end_license(actor=dana, license_id=held.pk, ended_on=date(2024, 2, 29)).ended_on == date(2024, 2, 29)
