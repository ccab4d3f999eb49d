"""Scenario S1: a principal's way through a pilot, from the information meeting to a complete pilot, with its dates and numbers."""

from __future__ import annotations

from datetime import date
from functools import cached_property

import pytest
from django.conf import settings

from cairn.apps.catalog import commands as catalog
from cairn.apps.catalog.models import Microcredential
from cairn.apps.communities import commands as communities
from cairn.apps.communities import queries as talk
from cairn.apps.credentials.models import Credential
from cairn.apps.licensure import commands as licensing
from cairn.apps.licensure import queries as licenses
from cairn.apps.payments.models import Entitlement, Order
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.programs import commands as programs
from cairn.apps.programs import queries
from cairn.apps.programs.models import Enrollment
from cairn.apps.reports import queries as reports
from cairn.kernel import clock
from cairn.pure.clocks import long_moment
from cairn.site.worker import drain
from tests.integration.test_public_pages import client_of, text_of
from tests.pilots_world import CENTRAL, Pilot, at, central
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db
GUARANTEED = "guaranteed-and-viable-curriculum"


class Missouri(Pilot):
    """The pack that is shipped, and its pilot of the first micro-credential."""

    slug = "missouri-leadership"

    @cached_property
    def microcredential(self) -> Microcredential:
        folders = settings.PACKS_DIR / self.slug, settings.FRAMEWORKS_DIR
        paths = [path for folder in folders for path in sorted(folder.glob("*.yaml"))]
        catalog.import_pack(actor=SYSTEM, files={path.name: path.read_text(encoding="utf-8") for path in paths})
        drain()
        return Microcredential.objects.get(slug=GUARANTEED)


def test_s1_from_the_meeting_to_a_complete_pilot():
    with at("2020-04-01 09:00"):
        pilot = Missouri()
        pilot.information, pilot.kick_off  # noqa: B018 - they are planned
        readers = pilot.assessors(2)
        community = communities.found_community(
            actor=pilot.coordinator, offering_id=pilot.pilot.pk, slug="gvc", title="The pilot's learning community",
            opens_at=central("2020-04-20 08:00"), closes_at=central("2020-09-02 00:00"),
        )  # fmt: skip
        days = [central(f"2020-05-0{n} 09:00").date() for n in range(1, 5)]
        prompts = [
            communities.schedule_prompt(actor=pilot.coordinator, community_id=community.pk, title=f"Question {n}", text="",
                                        opens_on=days[0], due_on=day, is_required=True)
            for n, day in enumerate(days, 1)
        ]  # fmt: skip
    dana = pilot.informed("Dana Whitfield", number=0)
    with at("2020-04-08 09:00"):
        assert programs.register(actor=dana, offering_id=pilot.pilot.pk).state == "seated"
        assert not Enrollment.objects.exists()
    run = pilot.kicked_off(dana)
    drain()
    assert long_moment(run.due_at, CENTRAL) == "August 18, 2020, 11:59 p.m. Central"

    for prompt, day in zip(prompts, days, strict=True):
        with clock.at(central(f"{day} 12:00")):
            communities.answer(actor=dana, prompt_id=prompt.pk, text="We looked at it together.")
    assert talk.answered(pilot.coordinator, pilot.pilot.pk, dana.person_id) == (4, 4)
    assert "4 of 4 prompts answered" in text_of(client_of(pilot.coordinator).get(f"/pilots/{pilot.pilot.slug}/run/"))

    with at("2020-06-30 15:00"):
        pilot.fill(dana, run)
        portfolio.submit(actor=dana, enrollment_id=run.pk)
        drain()
        sheets = pilot.sheets(run)
        assert {sheet.assessor_id for sheet in sheets} == {reader.person_id for reader in readers}
        for sheet in sheets:
            pilot.score(sheet)
    run.refresh_from_db()
    assert run.state == "completed"
    credential = Credential.objects.get(enrollment=run)
    assert credential.state == "issued"
    assert run.version.number == "1.0"

    members = Microcredential.objects.filter(stack=run.microcredential.stack)
    earned = Enrollment.objects.filter(person_id=dana.person_id, state="completed", microcredential__in=members)
    assert (earned.count(), members.count()) == (1, 4)

    with at("2020-07-02 09:00"):
        office = pilot.organization("State office", kind="state-agency")
        licensing.approve_microcredential(actor=SYSTEM, organization_id=office.pk, microcredential_id=pilot.microcredential.pk,
                                          approved_from=date(2020, 1, 1), body="missouri-dese")  # fmt: skip
        held = licensing.add_license(actor=dana, jurisdiction="us/mo", license_type="initial-administrator",
                                     valid_from=date(2019, 7, 1), valid_to=date(2023, 6, 30))  # fmt: skip
        (career,) = [rung for rung in licenses.license_page(dana, held.pk).ladder if rung.need == 15]
        assert (career.have, career.title) == (1, "Career Continuous Administrator certificate")

    assert queries.owes_feedback(dana, run)
    assert queries.gate(pilot.coordinator, pilot.pilot.pk).completions == 0
    assert [t.state for t in reports.journey(pilot.coordinator, pilot.pilot)] == ["owes feedback"]
    sections = {key: {"clarity": 4, "rigor": 5, "words": "Clear."} for key, _ in queries.my_feedback(dana, run.pk)[1]}
    programs.give_feedback(actor=dana, enrollment_id=run.pk, sections=sections)
    assert queries.gate(pilot.coordinator, pilot.pilot.pk).completions == 1
    assert [t.state for t in reports.journey(pilot.coordinator, pilot.pilot)] == ["earned"]
    counted = reports.way(pilot.coordinator, pilot.pilot).funnel
    assert (counted.attended, counted.seated, counted.began, counted.submitted, counted.earned) == (1, 1, 1, 1, 1)


def test_s1_costs_the_participant_nothing():
    with at("2020-04-01 09:00"):
        pilot = Pilot(asks_meeting=False, clock_event="registration")
        place = programs.register(actor=pilot.person("Dana Whitfield"), offering_id=pilot.pilot.pk)

    assert not Order.objects.exists()
    assert not Entitlement.objects.filter(enrollment_id=place.enrollment_id, cents__gt=0).exists()
