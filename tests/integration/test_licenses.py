"""Licenses as educators enter them, and what counts for them: commands, refusals, standings."""

from __future__ import annotations

from datetime import date

import pytest

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
    (node,) = [n for n in queries.nodes(queries.license_page(dana, held.pk).main.standing.root) if n.id == "micro-credentials"]
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
