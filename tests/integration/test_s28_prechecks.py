"""S28: what a program looks through first, by the next business day, and what comes back without using up an attempt."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cairn.apps.assessment import commands
from cairn.apps.assessment import queries as assessment
from cairn.apps.assessment.models import Case, Precheck, ScoreSheet
from cairn.apps.comms.models import Letter
from cairn.apps.ledger.models import Fact
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.portfolio.models import Submission
from cairn.apps.portfolio.queries import workspace
from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import Enrollment
from cairn.apps.reports import queries as reports
from cairn.apps.reports.queries import integrity
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from cairn.kernel.ids import new_id
from cairn.site.worker import drain
from tests.integration.test_late_decisions import central, close, submit_at, told, work
from tests.integration.test_public_pages import client_of, text_of
from tests.world import SYSTEM, World

pytestmark = pytest.mark.django_db
FRIDAY = central(2026, 11, 20, 17, 0)


class Checked(World):
    """A program that looks first, and one submission of Friday evening."""

    def __init__(self) -> None:
        close(self)
        programs.set_checking(actor=SYSTEM, program_id=self.program.pk, checks_first=True)
        self.cora = self.person("Cora Stone", coordinator=self.issuer)
        self.dana, self.run = submit_at(self, FRIDAY)

    @property
    def check(self) -> Precheck:
        return Precheck.objects.order_by("-asked_at", "-pk").first()

    def returned(self, missing="The recording stops after eight seconds.") -> Precheck:
        check = commands.return_incomplete(actor=self.cora, check_id=self.check.pk, missing=missing)
        drain()
        return check


@pytest.fixture
def world(db):
    return Checked()


def test_s28_both_dates_are_counted_from_friday_evening_over_two_closed_days(world):
    case = Case.objects.get()
    assert (case.state, case.due_at) == ("checking", central(2026, 12, 14, 23, 59, 59))
    assert (world.check.state, world.check.due_at) == ("open", central(2026, 11, 23, 23, 59, 59))
    assert not ScoreSheet.objects.exists()  # no assessor is asked before
    with clock.at(central(2026, 11, 23, 23, 59)):
        assert [line.is_late for line in assessment.checks(world.cora)] == [False]
        assert "One to look through" in text_of(client_of(world.cora).get("/checks/"))
    with clock.at(central(2026, 11, 24, 0, 0)):
        assert [line.is_late for line in assessment.checks(world.cora)] == [True]
        for page in ("/checks/", f"/pilots/{world.offering.slug}/run/"):
            assert "Overdue" in text_of(client_of(world.cora).get(page))
    with clock.at(central(2026, 12, 15, 8, 0)):
        (line,) = reports.journey(world.cora, world.offering)
        assert line.state == "decision late"
    work(central(2026, 12, 14, 23, 50))
    assert told() == 0
    work(central(2026, 12, 15, 0, 30))
    work(central(2026, 12, 15, 1, 30))
    assert told() == 1
    assert Letter.objects.get(kind="assessment.late").created_at.date().isoformat() == "2026-12-15"


def test_what_is_whole_goes_on_to_assessors_and_keeps_its_date(world):
    with clock.at(central(2026, 11, 23, 9, 0)):
        done = commands.pass_check(actor=world.cora, check_id=world.check.pk)
        drain()
    assert (done.state, done.by_id) == ("passed", world.cora.person_id)
    case = Case.objects.get()
    assert (case.state, case.due_at) == ("scoring", central(2026, 12, 14, 23, 59, 59))
    with clock.at(central(2026, 11, 23, 12, 0)):
        for sheet in world.sheets(world.run):
            world.score(sheet)
    assert Enrollment.objects.get().state == "completed"
    assert not [each.failures for each in integrity(SYSTEM) if each.failures]


def test_what_is_not_whole_comes_back_with_its_words_and_the_attempt_is_not_used_up(world):
    first = Submission.objects.get()
    with clock.at(central(2026, 11, 23, 9, 0)):
        world.returned()
        again = workspace(world.dana, world.run.pk)
        assert (again.attempt, again.step, again.gaps) == (1, "write", ())
        assert again.submission.pk != first.pk
        assert not Enrollment.objects.get().awaits_decision
        letter = Letter.objects.get(kind="assessment.returned")
        assert letter.person_id == world.dana.person_id
        assert "eight seconds" in letter.text
        page = text_of(client_of(world.dana).get(f"/portfolio/{world.run.pk}/"))
        assert "The recording stops after eight seconds" in page
        assert "still the same attempt" in page
        assert Fact.objects.get(kind="assessment.returned").actor == f"person:{world.cora.person_id}"
    with clock.at(central(2026, 11, 24, 10, 0)):
        portfolio.submit(actor=world.dana, enrollment_id=world.run.pk)
        drain()
        assert Case.objects.filter(state="checking", attempt=1).count() == 1
        commands.pass_check(actor=world.cora, check_id=world.check.pk)
        drain()
        for sheet in world.sheets(world.run):
            world.score(sheet)
    assert Submission.objects.get(state="earned").attempt == 1
    assert Submission.objects.get(pk=first.pk).state == "returned"
    work(central(2027, 2, 1, 12, 0))
    assert told() == 0  # what came back is nobody's late decision
    assert not [each.failures for each in integrity(SYSTEM) if each.failures]


def test_who_gets_it_back_after_the_deadline_has_time_to_complete_it(world):
    late = world.run.due_at + timedelta(days=3)
    with clock.at(late):
        world.returned()
        again = workspace(world.dana, world.run.pk)
        assert again.due_at > late + timedelta(days=7)
        assert "to complete it, from its return" in again.due_sentence


def test_strangers_the_educator_and_a_second_look_are_refused(world):
    stranger, check = world.person("Sam Stone"), world.check
    programs_own = world.person("Elsewhere Stone", coordinator=world.organization())
    for actor in (stranger, programs_own, world.dana):
        for settle in (commands.pass_check, lambda **given: commands.return_incomplete(**given, missing="All of it.")):
            with pytest.raises((NotFound, Forbidden)):
                settle(actor=actor, check_id=check.pk)
    with pytest.raises(Forbidden):
        programs.set_checking(actor=stranger, program_id=world.program.pk, checks_first=False)
    with pytest.raises(Invalid):
        commands.return_incomplete(actor=world.cora, check_id=check.pk, missing="  ")
    keyed = Actor(person_id=world.cora.person_id, grants=world.cora.grants, request_key=new_id())
    for _ in range(2):  # an acknowledgement that was lost
        assert commands.pass_check(actor=keyed, check_id=check.pk).state == "passed"
    assert Fact.objects.filter(kind="assessment.checked").count() == 1
    with pytest.raises(Conflict, match="looked at this already"):
        world.returned()
    world.grant(world.dana.person_id, "coordinator", world.issuer)
    assert client_of(world.dana).get(f"/checks/{check.pk}/").status_code == 404  # one's own work


def test_the_page_shows_how_much_there_is_and_none_of_it(world):
    client, page = client_of(world.cora), f"/checks/{world.check.pk}/"
    shown = text_of(client.get(page))
    assert "2 pages" in shown
    assert "evidence evidence" not in shown
    assert "plan.pdf" not in shown
    answer = client.post(page, {"back": "yes", "missing": "", "key": new_id()})
    assert answer.status_code == 422
    assert client.post(page, {"back": "yes", "missing": "Page 2 is blank.", "key": new_id()}).status_code == 302
    assert "Page 2 is blank" in text_of(client.get(page))
    assert "Nothing waits for you" in text_of(client.get("/checks/"))
    assert client_of(world.dana).get("/checks/").status_code == 404


def test_a_program_that_does_not_look_first_asks_assessors_at_once(world):
    rules = f"/pilots/{world.offering.slug}/run/settings/"
    assert client_of(world.cora).post(rules, {"checking": "yes", "key": new_id()}).status_code == 302
    with clock.at(central(2026, 11, 23, 9, 0)):
        world.returned()
        portfolio.submit(actor=world.dana, enrollment_id=world.run.pk)
        drain()
    assert Case.objects.get(state="scoring").attempt == 1
    assert Precheck.objects.count() == 1
