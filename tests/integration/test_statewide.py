"""A whole state in columns says the same as each educator by themselves, from the site's own tables; what another rule would do."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from cairn.apps.ledger.commands import lease_job, run_soon, settle_job
from cairn.apps.ledger.models import TimedJob
from cairn.apps.licensure import queries
from cairn.apps.licensure.models import EducatorLicense, Standing
from cairn.kernel import clock
from cairn.kernel.errors import NotFound
from cairn.pure import rules
from cairn.site.jobs import count_everybody
from cairn.site.worker import drain
from tests.licensure_world import Licensing, on
from tests.scoring_world import signed_in
from tests.world import SYSTEM

# Jurisdiction -> kinds of license and what entries there may say: enough that lines become met, not met, and left out.
WORLDS = {
    "us/mo": ("initial-administrator", "transition-administrator"),
    "us/ks": ("professional",),
    "us/il": ("professional-educator-administrator", "professional-educator-teacher"),
    "us/sc": (),
}


def kinds_of(code):
    """Every type of license from which a route leads on."""
    found = {
        each for route in queries.book().rules.values() if route.jurisdiction.code == code for each in (route.from_, route.renews) if each
    }
    return sorted(found)


def random_entry(world, actor, code, dice):
    asked = queries.asked_for(code)
    kind = dice.choice(
        ["micro-credential", "hours", "credit", "points", "degree", "experience", "mentoring", "evaluation", "program", "attribute"]
    )
    fields = {field: dice.choice(values) for (of, field), values in asked.items() if of == kind and values and dice.random() < 0.8}
    unit = {"hours": "contact-hour", "credit": "semester-hour", "points": "point", "experience": "year", "mentoring": "year"}.get(kind, "")
    if kind == "attribute":
        names = sorted(field for of, field in asked if of == "attribute")
        name = dice.choice(names) if names else "retired"
        fields = {"name": name, "value": dice.choice([*asked.get(("attribute", name), ()), "yes"])}
    if kind == "micro-credential":
        fields["key"] = f"stone-{dice.randrange(9)}"
    day = date(2018, 1, 1) + timedelta(days=dice.randrange(2900))
    moment = on(day.isoformat(), f"{dice.randrange(24):02}:30") if dice.random() < 0.3 else None
    return world.known(actor, kind, day.isoformat(), dice.choice([1, 2, 5, 30, 60]), unit, at=moment, **fields)


@pytest.mark.django_db
@pytest.mark.parametrize("code", sorted(WORLDS))
def test_a_state_in_columns_says_what_each_record_says(code):
    world, dice = Licensing(), random.Random(code)
    held = []
    for kind in kinds_of(code):
        for _ in range(4):
            actor = world.person()
            start = date(2019, dice.randrange(1, 13), dice.randrange(1, 28))
            end = f"{start.year + 5}-06-30"
            world_license = world.licensed(actor, jurisdiction=code, license_type=kind, start=start.isoformat(), end=end)[1]
            for _ in range(dice.randrange(30)):
                random_entry(world, actor, code, dice)
            held.append(world_license)
    with clock.at(on("2024-03-01")), queries.statewide(SYSTEM, code) as state:
        assert state.licenses == len(held)
        for route in queries.book().rules.values():
            if route.jurisdiction.code == code:
                expected = {each.pk for each in held if each.type in (route.from_, route.renews)}
                assert set(state.changed(route)) == expected  # nothing is kept yet
    with clock.at(on("2024-03-01")):
        count_everybody(SYSTEM)
        with queries.statewide(SYSTEM, code) as state:
            assert state.changed_anywhere() == []  # every line of everybody is as it was computed one by one
    states = set(Standing.objects.values_list("state", flat=True))
    assert states <= {"met", "open", "officer", "not-computed"}


@pytest.mark.django_db
def test_only_what_changed_with_the_day_is_computed_anew():
    world = Licensing()
    dana, held = world.licensed()
    world.licensed(world.person("Keiko Lindqvist"))
    for number in range(3):
        world.mc(dana, f"stone-{number}", "2023-05-01" if number else "2024-05-20", approved_by="missouri-dese")
    with clock.at(on("2024-05-19")):
        count_everybody(SYSTEM)
        assert Standing.objects.filter(is_current=True).count() == EducatorLicense.objects.count()
    with clock.at(on("2024-05-20")), queries.statewide(SYSTEM, "us/mo") as state:
        assert state.changed_anywhere() == [held.pk]


@pytest.mark.django_db
def test_a_change_of_a_rule_is_counted_before_it_takes_effect():
    world = Licensing()
    for number in range(3):
        dana, _ = world.licensed(world.person(), license_type="transition-administrator", start="2018-07-01", end="2024-06-30")
        for n in range(15 if number else 2):
            world.mc(dana, f"stone-{n}", "2023-05-01", approved_by="missouri-dese")
        for year in range(2018, 2024):
            world.known(dana, "hours", f"{year}-09-01", 30, "contact-hour")
            world.known(dana, "evaluation", f"{year}-09-01")
            world.known(dana, "experience", f"{year}-09-01", unit="year", role="administrator")
        world.known(dana, "mentoring", "2019-09-01", 2, "year")
    route = queries.rule_set("us/mo/career-administrator")
    before, after = route.versions[0], route.versions[-1]
    with clock.at(on("2024-03-01")), queries.statewide(SYSTEM, "us/mo") as state:
        told = state.change(route, before, after)
        back = state.change(route, after, before)
    assert (told.licenses, told.gained, told.lost, told.both, told.neither) == (3, 2, 0, 0, 1)
    assert (back.gained, back.lost) == (0, 2)
    assert rules.MET == "met"


@pytest.mark.django_db
def test_nobody_but_the_system_lays_out_a_state():
    with pytest.raises(NotFound), queries.statewide(Licensing().person(), "us/mo"):
        pass


@pytest.mark.django_db
def test_operators_see_how_far_the_look_at_everybody_is(capsys):
    from cairn.interfaces.cli.main import main

    world = Licensing()
    world.licensed()
    assert main(["rules", "count"]) == 0
    assert "1 license looked at, " in capsys.readouterr().out
    page = signed_in(world.person(operator=world.organization()))
    assert "Licenses looked at: 1," in page.get("/operations/").content.decode()


@pytest.mark.django_db
def test_a_change_of_a_list_or_a_rule_brings_the_look_at_everybody_forward():
    world = Licensing()
    lease_job(actor=SYSTEM, names={"count-everybody": timedelta(days=1)})
    settle_job(actor=SYSTEM, name="count-everybody", lease=TimedJob.objects.get().lease, next_at=clock.now() + timedelta(days=1))
    world.approve(world.microcredential, world.office())
    drain()
    assert TimedJob.objects.get(name="count-everybody").next_at <= clock.now()
    lease = lease_job(actor=SYSTEM, names={"count-everybody": timedelta(days=1)}).lease
    run_soon(actor=SYSTEM, name="count-everybody")
    settle_job(actor=SYSTEM, name="count-everybody", lease=lease, next_at=clock.now() + timedelta(days=1))
    assert TimedJob.objects.get(name="count-everybody").next_at <= clock.now()  # asked for while it was at work
