"""The main job through commands and the worker: from an enrollment to a decision and on."""

from __future__ import annotations

import pytest

from cairn.apps.assessment import queries as assessment
from cairn.apps.assessment.models import Case, Decision
from cairn.apps.ledger.models import Delivery
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.portfolio.models import Submission
from cairn.apps.portfolio.queries import workspace
from cairn.apps.programs.models import Enrollment
from cairn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from cairn.site.worker import drain


def test_two_readers_at_the_bar_earn_it(world):
    _, enrollment = world.earned()
    decision = Decision.objects.get(enrollment=enrollment)
    assert decision.outcome == "earned"
    assert Enrollment.objects.get(pk=enrollment.pk).state == "completed"
    assert Submission.objects.get(enrollment=enrollment).state == "earned"
    assert not Delivery.objects.filter(state__in=["parked", "queued"]).exists()


def test_with_one_assessor_the_case_waits_and_the_lead_sees_why(world):
    world.assessors(1)
    lead = world.lead()
    _, enrollment = world.submitted()
    assert Case.objects.get(enrollment=enrollment).state == "waiting"
    (line,) = assessment.desk(lead).waiting
    assert line.eligible.qualified == 1
    assert "1 are free" in line.eligible.sentence
    waiting = Delivery.objects.get(state="waiting")
    assert waiting.code == "too-few-assessors"


def test_a_second_assessor_sets_a_waiting_case_going(world):
    world.assessors(1)
    _, enrollment = world.submitted()
    world.person("Newcomer Stone", assessor=world.issuer)
    drain()
    assert Case.objects.get(enrollment=enrollment).state == "scoring"
    assert len(world.sheets(enrollment)) == 2


@pytest.mark.parametrize("kept_away", ["employer", "district of the school", "group", "pursuing"])
def test_a_conflict_of_interest_keeps_an_assessor_away(world, kept_away):
    from datetime import date

    from cairn.apps.people import commands as people
    from cairn.apps.programs import commands as programs
    from tests.world import SYSTEM

    world.assessors(1)
    district = world.organization()
    school = world.organization(kind="school", parent=district)
    dana = world.person("Dana Whitfield", works_at=school)
    rival = world.person("Rival Stone", assessor=world.issuer)
    if kept_away == "employer":
        people.affiliate(actor=SYSTEM, person_id=rival.person_id, organization_id=school.pk, title="Teacher", started_on=date(2021, 1, 1))
    elif kept_away == "district of the school":
        people.affiliate(actor=SYSTEM, person_id=rival.person_id, organization_id=district.pk, title="Coach", started_on=date(2021, 1, 1))
    elif kept_away == "group":
        group = people.form_group(actor=SYSTEM, organization_id=world.issuer.pk, name="Team", kind="team")
        for who in (dana, rival):
            people.join_group(actor=SYSTEM, group_id=group.pk, person_id=who.person_id, joined_on=date(2026, 1, 1))
    else:
        programs.enroll(actor=rival, offering_id=world.offering.pk)
    _, enrollment = world.submitted(dana)
    assert Case.objects.get(enrollment=enrollment).state == "waiting"


def test_a_split_goes_to_a_lead_who_scored_neither_and_whose_sheet_replaces_both(world):
    world.assessors(2)
    lead = world.lead()
    _, enrollment = world.submitted()
    first, second = world.sheets(enrollment)
    world.score(first)
    world.score(second, {"1a": "developing"})
    (own,) = world.sheets(enrollment, kind="lead")
    with pytest.raises(Conflict, match="once your own is locked"):
        assessment.comparison(lead, own.pk)
    world.score(own)
    decision = Decision.objects.get(enrollment=enrollment)
    assert (decision.outcome, decision.sheets) == ("earned", [own.pk])
    assert [line.differs for line in assessment.comparison(lead, own.pk).lines].count(True) == 1


def test_not_yet_reopens_only_what_either_counted_sheet_saw_below_the_bar(world):
    world.assessors(2)
    actor, enrollment = world.submitted()
    for sheet in world.sheets(enrollment):
        world.score(sheet, {"1a": "developing"})
    work = workspace(actor, enrollment.pk)
    assert (work.attempt, work.open_details) == (2, ("1a",))
    with pytest.raises(Conflict, match="not open in this attempt"):
        portfolio.cite(actor=actor, enrollment_id=enrollment.pk, detail="1b", artifact_id=work.artifacts[0].pk)
    portfolio.submit(actor=actor, enrollment_id=enrollment.pk)
    drain()
    for sheet in world.sheets(enrollment):
        assert sheet.case.carried == {"1b": "proficient"}
        world.score(sheet)
    assert Decision.objects.get(enrollment=enrollment, attempt=2).outcome == "earned"


def test_what_was_submitted_cannot_change(world):
    actor, enrollment = world.submitted()
    with pytest.raises(Conflict, match="was submitted"):
        portfolio.write(actor=actor, enrollment_id=enrollment.pk, prompt="context", text="other", revision=1)


def test_a_stranger_finds_nothing(world):
    _, enrollment = world.enrolled()
    stranger = world.person("Stranger Danger")
    with pytest.raises(NotFound):
        workspace(stranger, enrollment.pk)


def test_an_incomplete_attempt_is_refused_with_every_gap_named(world):
    actor, enrollment = world.enrolled()
    with pytest.raises(Invalid) as refusal:
        portfolio.submit(actor=actor, enrollment_id=enrollment.pk)
    assert len(refusal.value.fields) >= 3


def test_a_role_that_ends_takes_the_open_sheet_with_it(world):
    from cairn.apps.people import commands as people
    from cairn.apps.people.models import RoleGrant
    from tests.world import SYSTEM

    world.assessors(2)
    _, enrollment = world.submitted()
    sheet = world.sheets(enrollment)[0]
    grant = RoleGrant.objects.get(person_id=sheet.assessor_id)
    people.end_role(actor=SYSTEM, grant_id=grant.pk)
    drain()
    with pytest.raises((Forbidden, NotFound)):
        world.score(sheet)
    assert Case.objects.get(enrollment=enrollment).state == "waiting"
