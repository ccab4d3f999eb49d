"""A revision that is due later than the run: reminders, more time and the coordinator's list go by its date."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cairn.apps.comms.models import Letter
from cairn.apps.ledger.models import Fact
from cairn.apps.ledger.queries import seen
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.portfolio.models import Submission
from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import Enrollment
from cairn.apps.reports import queries as reports
from cairn.kernel import clock
from cairn.kernel.errors import Forbidden, Invalid
from cairn.site.jobs import end_what_is_past_due, remind_of_dates
from cairn.site.worker import drain
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db
EASTERN = ZoneInfo("America/New_York")


def at(text: str):
    return clock.at(datetime.fromisoformat(text).replace(tzinfo=EASTERN))


@pytest.fixture
def revising(world):
    """Due on March 1; decided "not yet" on February 20, so that the revision has until March 22, after the clocks changed."""
    with at("2026-02-02 09:00"):
        dana = world.person("Dana Whitfield", zone="America/New_York")
        offering = world.offer(days=27, opens_on=date(2026, 1, 1))
        run = programs.enroll(actor=dana, offering_id=offering.pk)
        world.fill(dana, run)
        world.assessors()
    with at("2026-02-10 09:00"):
        portfolio.submit(actor=dana, enrollment_id=run.pk)
        drain()
    with at("2026-02-20 15:00"):
        detail = world.content(run.version_id).details[0].key
        for sheet in world.sheets(run):
            world.score(sheet, {detail: "developing"})
    return world, dana, run


def test_the_run_is_due_with_the_attempt_and_the_date_before_is_kept(revising):
    _, _, run = revising
    attempt = Submission.objects.get(enrollment=run, attempt=2)
    now = Enrollment.objects.get(pk=run.pk)
    assert attempt.due_at == datetime(2026, 3, 22, 23, 59, 59, tzinfo=EASTERN)
    assert (now.due_at, now.due_reason) == (attempt.due_at, "revision")
    kept = seen(Fact.objects.get(kind="programs.revision_followed")).data
    assert datetime.fromisoformat(kept["due_before"]) == run.due_at


def test_reminders_are_of_the_date_of_the_revision_alone(revising):
    _, dana, _ = revising
    Letter.objects.all().delete()
    with at("2026-02-27 09:00"):
        remind_of_dates(SYSTEM)
        drain()
    with at("2026-03-16 09:00"):
        remind_of_dates(SYSTEM)
        drain()
    letters = Letter.objects.filter(kind="programs.reminded", person_id=dana.person_id).order_by("created_at")
    assert [("March 22, 2026" in letter.text, "March 1, 2026, 11:59" in letter.text) for letter in letters] == [(True, False)] * 2


def test_more_time_is_later_than_the_revision(revising):
    _, dana, run = revising
    with at("2026-02-21 09:00"):
        with pytest.raises(Invalid, match="March 22, 2026"):
            programs.ask_extension(actor=dana, enrollment_id=run.pk, until=date(2026, 3, 15), why="Our school moves.")
        programs.extend(actor=SYSTEM, enrollment_id=run.pk, until=date(2026, 4, 3), reason="")
        drain()
    assert Submission.objects.get(enrollment=run, attempt=2).due_at == datetime(2026, 4, 3, 23, 59, 59, tzinfo=EASTERN)


def test_nothing_lapses_and_the_coordinator_reads_the_date_of_the_revision(revising):
    world, _, run = revising
    coordinator = world.person("Cora Stone", coordinator=world.issuer)
    with at("2026-03-10 09:00"):
        end_what_is_past_due(SYSTEM)
        (traveler,) = reports.journey(coordinator, run.offering)
    assert (traveler.state, traveler.until) == ("near", datetime(2026, 3, 22, 23, 59, 59, tzinfo=EASTERN))
    with at("2026-03-23 03:00"):
        end_what_is_past_due(SYSTEM)
    assert Enrollment.objects.get(pk=run.pk).state == "lapsed"


def test_a_date_that_comes_again_moves_nothing_twice_and_a_stranger_none(revising):
    _, dana, run = revising
    told = seen(Fact.objects.get(kind="portfolio.reopened"))
    programs.follow_revision(actor=SYSTEM, fact=told)
    assert Fact.objects.filter(kind="programs.revision_followed").count() == 1
    assert Enrollment.objects.get(pk=run.pk).due_at - run.due_at > timedelta(days=20)
    with pytest.raises(Forbidden):
        programs.follow_revision(actor=dana, fact=told)
