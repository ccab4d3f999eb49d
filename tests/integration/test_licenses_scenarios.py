"""Scenarios S12 to S15, S18, S19, S20 and S30 as far as they are about licenses: their dates and their numbers."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cairn.apps.credentials import commands as credentials
from cairn.apps.credentials.models import Credential
from cairn.apps.licensure import commands, queries
from cairn.apps.licensure.models import RecordEntry, Standing
from cairn.kernel import clock
from cairn.site.worker import drain
from tests.integration.test_public_pages import client_of, text_of
from tests.licensure_world import Licensing, on
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db
DESE = ["missouri-dese"]


@pytest.fixture
def world():
    return Licensing()


def standing_on(held, route, day):
    return queries.as_known(held, route, date.fromisoformat(day)).standing


# --- S12: two micro-credentials in three semesters -------------------------------------------------------------------------


def kansas(world, **second):
    with clock.at(on("2019-02-01")):
        dana, held = world.licensed(
            jurisdiction="us/ks", license_type="professional", start="2015-07-01", end="2020-06-30",
            events_on={"orientation": date(2017, 9, 12)},
        )  # fmt: skip
        world.mc(dana, "first", "2018-03-10", origin="self-created")
        if second:
            entry = world.mc(dana, second.pop("key", "second"), second.pop("day"), origin="packaged")
            RecordEntry.objects.filter(pk=entry.pk).update(**second)
        return standing_on(held, "us/ks/two-micro-credentials", "2019-02-01").state


def test_s12_two_awards_in_three_semesters_count_by_the_day_they_were_submitted(world):
    assert kansas(world, day="2019-01-08", submitted_on=date(2018, 12, 20)) == "met"


def test_s12_an_attempt_submitted_after_the_third_semester_is_too_late(world):
    assert kansas(world, day="2019-01-05", submitted_on=date(2019, 1, 3)) == "open"


def test_s12_the_summer_between_the_semesters_counts(world):
    assert kansas(world, day="2018-07-10", submitted_on=date(2018, 6, 30)) == "met"


def test_s12_one_micro_credential_in_two_versions_counts_once(world):
    assert kansas(world, key="first", day="2018-10-10") == "open"


# --- S13 and S14: Missouri's ladder ----------------------------------------------------------------------------------------


def growing(world):
    """Initial Administrator, 2020 to 2024; four years of experience, two of mentoring, sixty hours, two approved micro-credentials."""
    with clock.at(on("2024-03-01")):
        dana, held = world.licensed()
        world.known(dana, "experience", "2024-02-15", 4, "year", role="administrator")
        world.known(dana, "mentoring", "2022-06-30", 2, "year")
        world.known(dana, "hours", "2023-05-31", 60, "contact-hour")
        world.mc(dana, "guaranteed-and-viable-curriculum", "2022-11-04", approved_by=DESE)
        world.mc(dana, "effective-assessment", "2023-12-01", approved_by=DESE)
    return dana, held


def test_s13_each_way_says_how_far_it_is_and_the_combination_waits_for_an_officer(world):
    dana, _ = growing(world)
    with clock.at(on("2024-03-01")):
        page = text_of(client_of(dana).get("/license/"))

    for words in ("approved by the department: 2 of 3", "120 contact hours under a professional development plan: 60 of 120",
                  "Eight semester hours of graduate credit: 0 of 8", "One more micro-credential by June 30, 2024",
                  "You have 121 days.", "An officer must judge; it is not computed.", "April 1, 2024, and May 31, 2024"):  # fmt: skip
        assert words in page.replace("\u00a0", " "), words


def test_s13_the_third_award_meets_the_rule_and_one_must_still_apply(world):
    dana, held = growing(world)
    world.mc(dana, "professional-learning", "2024-05-20", approved_by=DESE)

    assert standing_on(held, "us/mo/transition-administrator", "2024-05-19").state == "officer"
    met = standing_on(held, "us/mo/transition-administrator", "2024-05-20")
    assert (met.state, met.met_on) == ("met", date(2024, 5, 20))
    with clock.at(on("2024-05-21")):
        page = text_of(client_of(dana).get("/license/"))
    assert "Everything the rule asks for is met" in page
    assert "You must still apply" in page
    with clock.at(on("2024-07-02")):
        page = text_of(client_of(dana).get("/license/"))
    assert "nothing here declares a license void" in page
    assert "void" not in page.replace("nothing here declares a license void", "")


def fifteen(world, *, hours=(30, 30, 30, 30, 30, 30), last="2024-06-29", start="2018-07-01"):
    with clock.at(on("2024-06-29")):
        dana, held = world.licensed(license_type="transition-administrator", start=start, end="2024-06-30")
        for n in range(14):
            world.mc(dana, f"stone-{n}", "2023-04-01" if last > "2023" else "2020-03-01", approved_by=DESE)
        world.mc(dana, "fifteenth", last, approved_by=DESE)
        world.known(dana, "experience", "2020-06-01", 10, "year", role="administrator")
        world.known(dana, "mentoring", "2016-06-30", 2, "year")
        for year, count in zip(range(2019, 2025), hours, strict=True):
            world.known(dana, "evaluation", f"{year}-05-01")
            world.known(dana, "hours", f"{year}-03-01", count, "contact-hour")
    return dana, held


def test_s14_the_fifteenth_award_on_the_last_day_but_one_meets_the_ten_years(world):
    _, held = fifteen(world)

    met = standing_on(held, "us/mo/career-administrator", "2024-06-29")
    assert (met.state, met.met_on) == ("met", date(2024, 6, 29))
    assert standing_on(held, "us/mo/career-administrator", "2024-06-28").state == "open"


def test_s14_an_application_that_waits_after_the_last_day_is_pending_with_the_state(world):
    dana, held = fifteen(world)
    commands.load_rules(actor=SYSTEM, files=queries.shipped())
    commands.set_authority(actor=SYSTEM, jurisdiction="us/mo", organization_id=world.office().pk)
    with clock.at(on("2024-06-29")):
        commands.apply_for(actor=dana, license_id=held.pk, rules="us/mo/career-administrator")
    with clock.at(on("2024-07-05")):
        page = text_of(client_of(dana).get(f"/license/{held.pk}/"))

    assert "Pending with the Missouri Department of Elementary and Secondary Education" in page
    assert "nothing here declares a license void" in page


def test_s14_a_year_without_its_thirty_hours_is_named(world):
    dana, held = fifteen(world, hours=(30, 30, 60, 29, 30, 30))

    with clock.at(on("2024-06-29")):
        page = text_of(client_of(dana).get(f"/license/{held.pk}/"))
    assert "One more year of the license" in page
    assert "29 of 30" in page


def test_s15_the_same_record_before_and_after_the_amendment(world):
    """The dates of both versions are those of the example that is shipped."""
    _, held = fifteen(world, last="2020-03-01")

    assert standing_on(held, "us/mo/career-administrator", "2020-06-30").find("micro-credentials") is None
    assert standing_on(held, "us/mo/career-administrator", "2020-07-01").find("micro-credentials").state == "met"


# --- S18: the edge of a fiscal year ----------------------------------------------------------------------------------------


def test_s18_an_award_falls_on_the_day_of_the_states_own_clock(world):
    dana, held = world.licensed(jurisdiction="us/il", license_type=first_type("us/il"), start="2024-07-01", end="2029-06-30")
    world.known(dana, "micro-credential", "2026-07-01", at=on("2026-06-30", "22:30"), key="late-evening")
    world.known(dana, "micro-credential", "2026-07-01", at=on("2026-06-30", "23:10"), key="after-midnight")

    days = {entry.fields["key"]: entry.on for entry in queries.record_of(dana, held).entries}
    assert days == {"late-evening": date(2026, 6, 30), "after-midnight": date(2026, 7, 1)}


def first_type(code):
    return queries.jurisdiction(code).types[0].slug


# --- S19: a mover ----------------------------------------------------------------------------------------------------------


def test_s19_another_state_counts_only_what_its_department_approved(world):
    dana, _ = world.licensed(jurisdiction="us/ks", license_type="professional", start="2022-07-01", end="2027-06-30")
    world.known(dana, "points", "2025-05-01", 80, "point", title="Points of a Kansas district")
    world.mc(dana, "on-the-list", "2025-10-02", title="On Missouri's list", approved_by=DESE)
    world.mc(dana, "elsewhere", "2025-10-02", title="On no list")
    with clock.at(on("2026-08-01")):
        found = queries.moving(dana, "us/mo")
        page = text_of(client_of(dana).get("/license/move/?to=us/mo"))

    assert [each.entry.title for each in found.counted] == ["On Missouri's list"]
    assert {each.entry.title for each in found.left} == {"On no list", "Points of a Kansas district"}
    assert next(each for each in found.left if each.entry.title == "On no list").why_not
    items = queries.jurisdiction("us/mo").movers
    assert all(item.title in page for item in items)
    assert any(item.within and f"Within {item.within}." in page for item in items)


# --- S20 and S30: what is revoked, and what is one's own word --------------------------------------------------------------


def test_s20_a_revoked_award_stops_counting_its_earner_hears_and_it_counts_again_once_reinstated(world):
    from cairn.apps.comms.models import Letter

    office = world.office()
    world.approve(world.microcredential, office)
    dana, held = world.licensed(end="2099-06-30")
    for key in ("first", "second"):
        world.mc(dana, key, "2021-01-01", approved_by=DESE)
    world.known(dana, "experience", "2024-02-15", 4, "year", role="administrator")
    world.known(dana, "mentoring", "2022-06-30", 2, "year")
    world.earned(dana)
    drain()
    credential, admin = Credential.objects.get(), world.person(organization_admin=world.issuer)

    def state():
        return Standing.objects.get(license=held, is_current=True, rules="us/mo/transition-administrator").state

    assert state() == "met"
    credentials.revoke(actor=admin, credential_id=credential.pk, reason="Copied.")
    drain()
    assert state() == "officer"
    letters = Letter.objects.filter(kind="licensure.standing_changed", person_id=dana.person_id)
    assert "no longer met" in letters.order_by("created_at").last().text
    credentials.reinstate(actor=admin, credential_id=credential.pk, reason="The appeal was upheld.")
    drain()
    assert state() == "met"
    entry = RecordEntry.objects.get(source="credential")
    assert (entry.on, entry.revoked_at) == (credential.awarded_at.date(), None)


def test_s30_nobody_can_enter_a_badge_by_hand_and_own_words_never_count(world):
    dana, held = world.licensed(end="2099-06-30")

    assert client_of(dana).get("/license/record/add/micro-credential/").status_code == 404
    commands.add_entry(actor=dana, kind="mentoring", title="My mentor", on=date(2022, 6, 30), amount=2, unit="year")
    assert queries.as_known(held, "us/mo/transition-administrator").standing.find("mentoring").have == 0


# --- Every day, and how much it costs --------------------------------------------------------------------------------------


def test_everybody_is_looked_at_once_and_only_what_changed_is_written(world):
    from cairn.site.jobs import count_everybody

    dana, held = growing(world)
    world.mc(dana, "professional-learning", "2024-05-20", approved_by=DESE)
    for day, rows, state in (("2024-05-19", 1, "officer"), ("2024-05-19", 1, "officer"), ("2024-05-20", 2, "met")):
        with clock.at(on(day)):
            count_everybody(SYSTEM)
        kept = Standing.objects.filter(license=held, rules="us/mo/transition-administrator")
        assert (kept.count(), kept.get(is_current=True).state) == (rows, state)


def test_a_record_takes_as_many_queries_with_two_hundred_entries_as_with_one(world):
    dana, held = world.licensed(end="2099-06-30")
    world.mc(dana, "stone", "2023-04-01", approved_by=DESE)
    with CaptureQueriesContext(connection) as few:
        queries.license_page(dana, held.pk)
    for n in range(40):
        world.mc(dana, f"stone-{n}", "2023-04-01", approved_by=DESE)
    with CaptureQueriesContext(connection) as many:
        queries.license_page(dana, held.pk)
    assert len(many) == len(few) <= 4


def test_something_about_oneself_changes_what_a_rule_asks_once_it_is_confirmed(world):
    """Kansas asks a retired educator for half of the points (S16)."""
    district = world.organization("Buhler type")
    dana = world.person("Dana Whitfield", works_at=district)
    _, held = world.licensed(dana, jurisdiction="us/ks", license_type="professional", start="2024-07-01", end="2029-06-30")
    browser, admin = client_of(dana), world.person(organization_admin=district)

    def half():
        standing = queries.as_known(held, "us/ks/professional-renewal", date(2026, 8, 1)).standing
        return any(node.id == "in-retirement-system" and node.state == "met" for node in standing.walk())

    form = {"title": "In the retirement system", "on": "2025-07-01", "own_so": "retired: yes", "asked_id": district.pk}
    assert "Retired: yes" in text_of(browser.get("/license/record/add/attribute/"))
    assert browser.post("/license/record/add/attribute/", form).status_code == 302
    assert not half()
    commands.verify_entry(actor=admin, entry_id=RecordEntry.objects.get().pk)
    assert half()
