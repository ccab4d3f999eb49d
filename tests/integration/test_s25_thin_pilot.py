"""S25: six of the eight completions that a pilot needs. The gate is shut; it says by how much, and what may be done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cairn.apps.ledger.models import Fact
from cairn.apps.programs import commands as programs
from cairn.apps.programs import queries
from cairn.apps.reports import queries as reports
from cairn.frame.actor import VISITOR
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden, NotFound
from cairn.pure.surveys import Share
from tests.integration.test_reviews import board, vote
from tests.surveys_world import SurveyWorld

pytestmark = pytest.mark.django_db


@pytest.fixture
def thin(db):
    """A pilot of ten, of whom six have finished, and a board that would launch it."""
    world = SurveyWorld()
    world.offering = world.offer(kind="pilot", days=120, last_day=clock.now().date() + timedelta(days=5))
    world.completed(6)
    world.participants(4)
    world.review, members = board(world)
    for member in members[:2]:
        vote(world.review, member)
    return world


def decide(world, actor, **more):
    return programs.decide_launch(actor=actor, review_id=world.review.pk, minutes="Six were strong.", **more)


def test_the_gate_is_shut_and_says_by_how_much(thin):
    gate = queries.gate(thin.coordinator, thin.offering.pk)
    assert (gate.completions, gate.needed, gate.missing, gate.is_met) == (6, 8, 2, False)
    with pytest.raises(Conflict) as refusal:
        decide(thin, thin.coordinator)
    assert refusal.value.message == "6 of the 8 completions that this pilot needs are in."
    assert "Extend recruitment" in refusal.value.remedy
    assert queries.launch_state(VISITOR, thin.offering) == "under review"


def test_the_panel_has_n_an_interval_and_too_few(thin):
    gate = queries.gate(thin.coordinator, thin.offering.pk)
    assert gate.finished == Share(6, 10)
    assert gate.finished.interval == (pytest.approx(0.3127, abs=1e-4), pytest.approx(0.8318, abs=1e-4))
    assert not gate.finished.is_enough
    agreement = reports.agreement_in(thin.coordinator, thin.offering.pk)
    assert (agreement, agreement.is_enough) == (Share(0, 0), False)


def test_agreement_counts_details_that_two_assessors_scored(thin):
    thin.assessors(2)
    _, enrollment = thin.submitted(thin.person("Dana Whitfield"))
    one, other = thin.sheets(enrollment)
    details = one.case.open_details
    lowest = thin.content(one.case.version_id).rubric.levels[0].key
    thin.score(one)
    thin.score(other, {details[0]: lowest})
    told = reports.agreement_in(thin.coordinator, thin.offering.pk)
    assert told == Share(len(details) - 1, len(details))


def test_the_owners_may_go_past_it_with_the_boards_minutes_and_it_is_kept(thin):
    with pytest.raises(Forbidden, match="owns the program"):
        decide(thin, thin.coordinator, override="The board knows the six well.")
    with pytest.raises(Conflict):
        decide(thin, thin.admin, override="   ")
    review = decide(thin, thin.admin, override="The board knows the six well.")
    assert (review.state, review.completions, review.needed) == ("approved", 6, 8)
    fact = Fact.objects.get(kind="programs.launch_approved")
    assert '"override":"The board knows the six well."' in fact.body
    assert queries.launch_state(VISITOR, thin.offering) == "approved"


def test_or_recruitment_goes_on_until_eight_have_finished(thin):
    later = clock.now().date() + timedelta(days=60)
    programs.extend_recruitment(actor=thin.coordinator, offering_id=thin.offering.pk, last_day=later)
    thin.completed(2)
    review = decide(thin, thin.coordinator)
    assert (review.state, review.completions, review.override) == ("approved", 8, "")


def test_the_panel_is_for_the_board_and_those_who_run_it(thin):
    for viewer in (VISITOR, thin.person("Sam Stranger")):
        with pytest.raises(NotFound):
            queries.gate(viewer, thin.offering.pk)
        with pytest.raises(NotFound):
            reports.agreement_in(viewer, thin.offering.pk)
