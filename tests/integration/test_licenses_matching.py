"""Numbers, names and terms of licenses that do not go together: refused, or flagged to whoever decides, with the remedy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cairn.apps.licensure import commands, queries
from cairn.apps.licensure.commands import licenses as entering
from cairn.apps.licensure.models import Application, EducatorLicense
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid
from tests.licensure_world import on
from tests.officers_world import Office
from tests.scoring_world import signed_in

NUMBER = "MO-4471-2098"


@pytest.fixture
def world(db):
    with clock.at(on("2024-03-01")):
        yield Office()


def corrected(world, **more):
    told = {"valid_from": world.held.valid_from, "valid_to": world.held.valid_to}
    return commands.correct_license(actor=world.dana, license_id=world.held.pk, **{**told, **more})


def odd_to_officer(world):
    row = world.asked()
    told = [f"{about}: {words} {remedy}" for about, words, remedy in queries.application(world.officer, row.pk).oddities]
    page = signed_in(world.officer).get(f"/officer/{row.pk}/").content.decode()
    return told, page


def test_an_officer_sees_both_names_and_a_number_that_somebody_else_gives_too(world):
    corrected(world, number=NUMBER, holder="Dana Marsh")
    commands.add_entry(actor=world.dana, kind="degree", title="Master of Education", on=date(2019, 5, 1), holder="WHITFIELD, Daná")
    commands.add_entry(actor=world.dana, kind="degree", title="Bachelor of Arts", on=date(2012, 5, 1), holder="D. Marsh")
    other = world.licensed(world.person("Somebody Else"), number="mo 44712098")[0]
    told, page = odd_to_officer(world)
    assert len([words for words in told if "made out to" in words]) == 2, "order, case and accents of a name do not matter"
    assert any("Dana Marsh" in words and "Dana Whitfield" in words for words in told)
    assert any(words.startswith("Bachelor of Arts: ") for words in told)
    assert any("also given by somebody else" in words and "register" in words for words in told)
    assert "Dana Marsh" in page
    mine = signed_in(world.dana).get("/license/record/").content.decode()
    assert "Dana Marsh" in mine
    assert "somebody else" not in mine, "who tries a number learns nothing of others"
    corrected(world, number="MO-4471-2099", holder="")
    assert "somebody else" not in " ".join(
        words for _, words, _ in queries.application(world.officer, Application.objects.get().pk).oddities
    )
    assert EducatorLicense.objects.get(person_id=other.person_id).number_mark


def test_a_number_of_another_form_is_flagged_where_the_form_is_an_example_and_refused_where_it_is_known(world, monkeypatch):
    corrected(world, number="12")
    told, _ = odd_to_officer(world)
    assert any("is not 5 to 10 digits" in words and "example" in words for words in told)
    where = queries.jurisdiction("us/mo")
    strict = replace(where, types=tuple(replace(kind, number_is_example=False) for kind in where.types))
    monkeypatch.setattr(entering, "_type", lambda code, slug: (strict, strict.type(slug)))
    with pytest.raises(Invalid) as refused:
        corrected(world, number="12-B")
    assert "5 to 10 digits" in refused.value.fields["number"]
    assert corrected(world, number=" mo 4471 2098 ").number_ending == "2098"


def test_two_numbers_gaps_and_shared_days_are_flagged_and_overlaps_refused(world):
    corrected(world, number=NUMBER)
    with pytest.raises(Conflict):
        world.licensed(world.dana, start="2024-05-01", end="2028-04-30")  # a renewal before the term ends
    commands.end_license(actor=world.dana, license_id=world.held.pk, ended_on=date(2024, 2, 29))
    world.held = world.licensed(world.dana, start="2024-02-29", end="2028-02-28", number="MO-4471-2099")[1]
    world.licensed(world.dana, start="2030-01-01", end="2033-12-31")
    told, _ = odd_to_officer(world)
    assert any("share days from February 29, 2024 on" in words for words in told)
    assert any("From February 29, 2028 to December 31, 2029 no term" in words for words in told)
    assert any("they end in 2098 and 2099" in words for words in told)
