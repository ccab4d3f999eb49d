"""Business days as an organization counts them, and the letter that a decision takes longer than was said."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cairn.apps.assessment import commands
from cairn.apps.assessment.models import Case, ClosedDay
from cairn.apps.comms.models import Letter
from cairn.apps.ledger.models import Fact
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.reports import queries as reports
from cairn.kernel import clock
from cairn.kernel.errors import Forbidden, Invalid
from cairn.kernel.ids import new_id
from cairn.site.jobs import tell_of_late_decisions
from cairn.site.worker import drain
from tests.integration.test_public_pages import client_of, text_of
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db
CENTRAL = ZoneInfo("America/Chicago")
THANKSGIVING = {date(2026, 11, 26): "Thanksgiving", date(2026, 11, 27): "The day after"}


def central(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=CENTRAL)


def close(world, actor=SYSTEM, days=THANKSGIVING):
    return [commands.close_day(actor=actor, organization_id=world.issuer.pk, day=day, title=title) for day, title in days.items()]


def submit_at(world, moment):
    """A complete attempt, handed in at that moment."""
    with clock.at(moment - timedelta(days=30)):
        world.assessors(2)
        actor, run = world.enrolled()
        world.fill(actor, run)
    with clock.at(moment):
        portfolio.submit(actor=actor, enrollment_id=run.pk)
        drain()
    return actor, run


def work(moment):
    with clock.at(moment):
        tell_of_late_decisions(SYSTEM)
        drain()


def told():
    return Letter.objects.filter(kind="assessment.late").count()


def test_a_decision_that_is_late_is_told_of_on_the_next_day_and_once(world):
    close(world)
    actor, run = submit_at(world, central(2026, 11, 20, 17, 0))
    case = Case.objects.get()
    assert case.due_at == central(2026, 12, 14, 23, 59, 59)  # 14 business days without two closed ones
    work(case.due_at - timedelta(minutes=1))
    assert told() == 0
    for _ in range(2):
        work(case.due_at + timedelta(hours=1))
    assert told() == 1
    letter = Letter.objects.get(kind="assessment.late")
    assert letter.person_id == actor.person_id
    assert letter.path == f"/portfolio/{run.pk}/"
    assert letter.created_at.astimezone(CENTRAL).date() == date(2026, 12, 15)
    assert Fact.objects.filter(kind="assessment.late").count() == 1


def test_a_decision_that_is_overdue_stands_first_on_the_coordinators_list(world):
    close(world)
    _, run = submit_at(world, central(2026, 11, 20, 17, 0))
    cora = world.person("Cora Stone", coordinator=world.issuer)
    with clock.at(central(2026, 12, 14, 12, 0)):
        (before,) = reports.journey(cora, world.offering)
    with clock.at(central(2026, 12, 15, 8, 0)):
        (after,) = reports.journey(cora, world.offering)
    assert (before.state, before.is_stuck) == ("with assessors", False)
    assert (after.state, after.is_stuck, after.until) == ("decision late", True, central(2026, 12, 14, 23, 59, 59))
    with clock.at(central(2026, 12, 15, 8, 0)):
        page = text_of(client_of(cora).get(f"/pilots/{world.offering.slug}/run/people/"))
        assert "The decision is overdue" in page
        for sheet in world.sheets(run):
            world.score(sheet)
        (decided,) = reports.journey(cora, world.offering)
    assert decided.state == "earned"


def test_what_was_decided_in_time_is_not_late(world):
    _, run = submit_at(world, central(2026, 11, 20, 17, 0))
    with clock.at(central(2026, 11, 23, 12, 0)):
        for sheet in world.sheets(run):
            world.score(sheet)
    work(central(2027, 2, 1, 12, 0))
    assert told() == 0


def test_a_day_that_is_closed_later_changes_nothing_that_was_promised(world):
    submit_at(world, central(2026, 11, 20, 17, 0))
    before = Case.objects.get().due_at
    close(world)
    assert Case.objects.get().due_at == before


def test_days_of_another_organization_do_not_count(world):
    commands.close_day(actor=SYSTEM, organization_id=world.organization().pk, day=date(2026, 11, 26), title="Elsewhere")
    submit_at(world, central(2026, 11, 20, 17, 0))
    assert Case.objects.get().due_at == central(2026, 12, 10, 23, 59, 59)


def test_a_coordinator_enters_days_and_takes_them_back(world):
    client, page = client_of(world.person("Cleo Stone", coordinator=world.issuer)), f"/org/{world.issuer.slug}/closed-days/"
    assert "No day is entered" in text_of(client.get(page))
    day = (clock.now() + timedelta(days=7)).date()
    day += timedelta(days=2 * (day.weekday() >= 5))
    for _ in range(2):
        assert client.post(page, {"day": day.isoformat(), "title": "Winter break", "key": new_id()}).status_code == 302
    assert ClosedDay.objects.count() == 1
    assert "Winter break" in text_of(client.get(page))
    client.post(f"{page}open/", {"day": day.isoformat(), "key": new_id()})
    assert not ClosedDay.objects.exists()


@pytest.mark.parametrize(
    "sent", [{"day": "2026-11-28", "title": "Saturday"}, {"day": "never", "title": "X"}, {"day": "2026-11-26", "title": ""}]
)
def test_what_is_no_closed_day_comes_back(world, sent):
    client = client_of(world.person("Ada Stone", organization_admin=world.issuer))
    answer = client.post(f"/org/{world.issuer.slug}/closed-days/", {**sent, "key": new_id()})
    assert answer.status_code == 422
    assert not ClosedDay.objects.exists()


def test_strangers_close_nothing(world):
    stranger = world.person("Sam Stone")
    with pytest.raises(Forbidden):
        close(world, stranger)
    with pytest.raises(Forbidden):
        commands.open_day(actor=stranger, organization_id=world.issuer.pk, day=date(2026, 11, 26))
    assert client_of(stranger).get(f"/org/{world.issuer.slug}/closed-days/").status_code == 404
    with pytest.raises(Invalid):
        commands.close_day(actor=SYSTEM, organization_id=world.issuer.pk, day=date(2026, 11, 29), title="Sunday")
