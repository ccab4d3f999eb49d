"""Licenses as educators enter them, and what counts for them: commands, refusals, standings."""

from __future__ import annotations

from datetime import date

import pytest

from cairn.apps.ledger.models import Fact
from cairn.apps.ledger.queries import seen
from cairn.apps.licensure import commands, queries
from cairn.apps.licensure.models import EducatorLicense, RecordEntry, RuleSetVersion, Standing
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from cairn.site.worker import drain
from tests.licensure_world import Licensing, on
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return Licensing()


def test_a_license_is_entered_once_however_often_it_is_sent(world):
    dana = world.person("Dana Whitfield")
    first = world.licensed(dana.with_key("one"))[1]
    again = world.licensed(dana.with_key("one"))[1]

    assert first.pk == again.pk
    assert EducatorLicense.objects.count() == 1


def test_a_license_number_is_sealed_and_its_last_four_signs_are_shown(world):
    dana, held = world.licensed(number="MO-4471-2098")
    held.refresh_from_db()

    assert held.number_ending == "2098"
    assert "4471" not in held.number_sealed
    assert queries.number_of(dana, held.pk) == "MO-4471-2098"
    with pytest.raises(NotFound):
        queries.number_of(world.person("Someone Else"), held.pk)


def test_two_licenses_of_a_type_do_not_overlap(world):
    dana, _ = world.licensed(start="2020-07-01", end="2024-06-30")

    with pytest.raises(Conflict) as refused:
        world.licensed(dana, start="2024-06-30", end="2028-06-29")
    assert "June 30, 2024" in refused.value.message
    world.licensed(dana, start="2024-07-01", end="2028-06-30")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"start": "2024-07-01", "end": "2020-06-30"}, "valid_to"),
        ({"start": "1910-07-01"}, "valid_from"),
        ({"end": ""}, "valid_to"),
        ({"license_type": "pilot-of-ships"}, "license_type"),
        ({"jurisdiction": "us/atlantis"}, "jurisdiction"),
        ({"renewals_used": -1}, "renewals_used"),
    ],
)
def test_a_license_that_cannot_be_is_refused_beside_its_field(world, changed, field):
    with pytest.raises(Invalid) as refused:
        world.licensed(**changed)
    assert list(refused.value.fields) == [field]


def test_nobody_else_sees_corrects_or_ends_a_license(world):
    dana, held = world.licensed()
    stranger = world.person("Someone Else")

    with pytest.raises(NotFound):
        queries.license_page(stranger, held.pk)
    with pytest.raises(NotFound):
        commands.end_license(actor=stranger, license_id=held.pk, ended_on=date(2022, 1, 1))
    ended = commands.end_license(actor=dana, license_id=held.pk, ended_on=date(2022, 1, 1))
    with pytest.raises(Conflict):
        commands.correct_license(actor=dana, license_id=ended.pk, valid_from=held.valid_from, valid_to=held.valid_to)


def test_own_words_count_once_the_employer_has_confirmed_them(world):
    district = world.organization("Marlow")
    with clock.at(on("2024-03-01")):
        dana, held = world.licensed(world.person("Dana Whitfield", works_at=district))
        entry = commands.add_entry(actor=dana, kind="hours", title="Institute", on=date(2023, 5, 31), amount=60, unit="contact-hour",
                                   asked_id=district.pk)  # fmt: skip
        assert queries.license_page(dana, held.pk).main.standing.find("hours").have == 0

        admin = world.person("Admin Stone", organization_admin=district)
        assert [waiting.pk for waiting in queries.to_settle(admin)] == [entry.pk]
        with pytest.raises(NotFound):
            commands.verify_entry(actor=world.person("Stranger Stone"), entry_id=entry.pk)
        with pytest.raises(Forbidden):
            commands.verify_entry(actor=dana, entry_id=entry.pk)
        commands.verify_entry(actor=admin, entry_id=entry.pk)
        with pytest.raises(Conflict):
            commands.decline_entry(actor=admin, entry_id=entry.pk, reason="Too late.")
        assert queries.license_page(dana, held.pk).main.standing.find("hours").have == 60

        commands.withdraw_entry(actor=dana, entry_id=entry.pk)
        hours = queries.license_page(dana, held.pk).main.standing.find("hours")
        assert hours.have == 0
        assert [left for left, _ in hours.left_out] == [entry.pk]


def test_an_award_counts_by_itself_where_it_is_on_the_list_of_its_day(world):
    office = world.office()
    world.approve(world.microcredential, office)
    start, end = date(2024, 7, 1), date(2099, 6, 30)
    dana = world.person("Dana Whitfield")
    _, held = world.licensed(dana, start=start.isoformat(), end=end.isoformat())
    world.earned(dana)
    drain()

    entry = RecordEntry.objects.get(person_id=dana.person_id)
    assert (entry.kind, entry.source, entry.fields["key"]) == ("micro-credential", "credential", world.microcredential.slug)
    standing = Standing.objects.get(license=held, is_current=True, rules="us/mo/transition-administrator")
    assert standing.state == "open"
    (node,) = [n for n in queries.license_page(dana, held.pk).main.standing.walk() if n.id == "micro-credentials"]
    assert (node.have, node.counted[0][0]) == (1, entry.pk)
    assert queries.license_page(dana, held.pk).ladder[0].have == 1


def test_rules_are_kept_once_for_each_version(world):
    commands.load_rules(actor=SYSTEM, files=queries.shipped())

    assert set(RuleSetVersion.objects.values_list("slug", flat=True)) >= set(queries.book().rules)
    assert commands.load_rules(actor=SYSTEM, files=queries.shipped()) == []
    for version in RuleSetVersion.objects.all():
        again = queries.rule_set_of(SYSTEM, version.slug, version.hash)
        assert version.hash in {each.hash for each in again.versions}
    with pytest.raises(Forbidden):
        commands.load_rules(actor=world.person(), files={})


# --- Who may do what, and once ---------------------------------------------------------------------------------------------


def test_a_list_is_kept_by_its_office_and_holds_a_micro_credential_once(world):
    office = world.office()
    officer, stranger = world.person(licensing_officer=office), world.person(licensing_officer=world.office("Another office", "us/ks"))
    told = {"organization_id": office.pk, "microcredential_id": world.microcredential.pk, "approved_from": date(2024, 1, 1)}

    with pytest.raises(Forbidden):
        commands.approve_microcredential(actor=stranger, **told)
    with pytest.raises(Invalid):
        commands.approve_microcredential(actor=officer, **told, body="No Slug")
    with pytest.raises(Conflict, match="The rules of Missouri ask for the list"):
        commands.approve_microcredential(actor=officer, **told, body="missouri-dese")
    listing = commands.approve_microcredential(actor=officer.with_key("list"), **told)
    assert commands.approve_microcredential(actor=officer.with_key("list"), **told) == listing
    with pytest.raises(Conflict):
        commands.approve_microcredential(actor=officer, **told)
    with pytest.raises(Invalid):
        commands.end_approval(actor=officer, listing_id=listing.pk, approved_until=date(2023, 1, 1))
    commands.set_authority(actor=SYSTEM, jurisdiction="us/mo", organization_id=office.pk)
    assert commands.approve_microcredential(actor=officer, **told, body="missouri-dese").body == "missouri-dese"
    with pytest.raises(Forbidden):
        commands.end_approval(actor=stranger, listing_id=listing.pk, approved_until=date(2025, 1, 1))
    commands.end_approval(actor=officer, listing_id=listing.pk, approved_until=date(2025, 1, 1))
    with pytest.raises(Conflict):
        commands.end_approval(actor=officer, listing_id=listing.pk, approved_until=date(2025, 1, 1))


def test_an_award_outside_the_days_of_the_list_is_left_out_with_the_reason(world):
    office = world.office()
    listing = world.approve(world.microcredential, office, since="2024-01-01")
    commands.end_approval(actor=SYSTEM, listing_id=listing.pk, approved_until=date(2024, 12, 31))
    dana, held = world.licensed(start="2022-07-01", end="2026-06-30")
    slug = world.microcredential.slug

    for day, counts in (("2023-12-31", 0), ("2024-01-01", 1), ("2024-12-31", 1), ("2025-01-01", 0)):
        RecordEntry.objects.all().delete()
        entry = world.mc(dana, slug, day)
        line = queries.as_known(held, "us/mo/transition-administrator", date(2025, 6, 1)).standing.find("micro-credentials")
        assert line.have == counts
        assert ([left for left, _ in line.left_out] == [entry.pk]) is not bool(counts)


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"kind": "micro-credential"}, "kind"), ({"title": " "}, "title"), ({"on": date(2099, 1, 1)}, "on"), ({"amount": 0}, "amount"),
     ({"until": date(2020, 1, 1)}, "until"), ({"asked_id": "0" * 20}, "asked"), ({"on": date(1900, 1, 1)}, "on")],
)  # fmt: skip
def test_an_entry_that_cannot_be_is_refused_beside_its_field(world, changed, field):
    given = {"kind": "hours", "title": "Institute", "on": date(2023, 5, 31), "unit": "contact-hour"}
    with pytest.raises(Invalid) as refused:
        commands.add_entry(actor=world.person(), **{**given, **changed})
    assert list(refused.value.fields) == [field]


def test_an_entry_and_a_plan_are_entered_once_however_often_they_are_sent(world):
    dana = world.person()
    entry = {"kind": "hours", "title": "Institute", "on": date(2023, 5, 31)}
    plan = {"title": "A year", "starts_on": date(2026, 8, 1), "ends_on": date(2027, 6, 30), "goals": [commands.Aim("Listen more.")]}

    assert commands.add_entry(actor=dana.with_key("e"), **entry) == commands.add_entry(actor=dana.with_key("e"), **entry)
    first = commands.begin_plan(actor=dana.with_key("p"), **plan)
    assert commands.begin_plan(actor=dana.with_key("p"), **plan) == first
    with pytest.raises(NotFound):
        commands.change_plan(actor=world.person(), plan_id=first.pk, **plan)
    with pytest.raises(Invalid):
        commands.move_plan(actor=dana, plan_id=first.pk, to="shared")
    commands.move_plan(actor=dana, plan_id=first.pk, to="closed")
    with pytest.raises(Conflict):
        commands.change_plan(actor=dana, plan_id=first.pk, **plan)


def test_counting_twice_changes_nothing_and_is_for_the_system_alone(world):
    dana, held = world.licensed(end="2099-06-30")
    world.earned(dana)
    drain()
    kept = list(Standing.objects.values_list("pk", "is_current"))
    fact = seen(Fact.objects.get(kind="credentials.issued"))

    commands.count_credential(actor=SYSTEM, fact=fact)
    assert list(Standing.objects.values_list("pk", "is_current")) == kept
    assert RecordEntry.objects.filter(person_id=dana.person_id).count() == 1
    with pytest.raises(Forbidden):
        commands.count_credential(actor=dana, fact=fact)
    with pytest.raises(Forbidden):
        commands.alert(actor=dana, license_id=held.pk, days=30)
