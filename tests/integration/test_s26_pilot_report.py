"""S26: the Kansas renewal pilot, entered from its lists, prints the numbers that its people presented."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from cairn.apps.ledger.models import Fact
from cairn.apps.programs import commands as programs
from cairn.apps.programs.commands import RecordLine
from cairn.apps.programs.models import ProgramRecord
from cairn.apps.reports import queries as reports
from cairn.frame.actor import VISITOR
from cairn.kernel import clock
from cairn.kernel.errors import Forbidden, Invalid, NotFound
from cairn.kernel.ids import new_id
from cairn.pure.surveys import Share
from tests.surveys_world import SurveyWorld, answers, kansas_lists

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return SurveyWorld()


def enter_kansas(world) -> None:
    for source, lines in kansas_lists().items():
        programs.enter_records(actor=world.coordinator, program_id=world.program.pk, source=source, lines=lines)
    programs.set_finish(actor=world.coordinator, program_id=world.program.pk, finish_at=2)


def enter_answers(world) -> None:
    """21 people answered both scales twice; everybody rose by a step or two."""
    survey = world.survey()
    for kind, level in (("before", lambda n: 3 + n % 2), ("after", lambda n: 4 + n % 2 + n % 3 // 2 * (1 - n % 2))):
        rows = [(f"R{n:02}", answers(survey, level(n))) for n in range(21)]
        programs.enter_responses(actor=world.coordinator, survey_id=survey.pk, kind=kind, rows=rows)


@pytest.fixture
def kansas(world):
    enter_kansas(world)
    enter_answers(world)
    return world


def test_the_funnel_reproduces(kansas):
    told = reports.numbers(kansas.coordinator, kansas.program.slug)
    assert told.initiated == 50
    assert dict(told.routes) == {"external": 30, "self-created": 12}
    assert told.finished == Share(21, 50)
    assert round(100 * told.finished.part) == 42
    assert (told.relicensed, told.relicensed_unknown) == (6, 15)
    assert told.earned == (30, 42)


def test_both_readings_of_passing_by_the_second_attempt_are_told(kansas):
    told = reports.numbers(kansas.coordinator, kansas.program.slug)
    assert (told.first, told.second, told.by_second) == (Share(29, 42), Share(13, 13), Share(42, 42))


def test_both_scales_rose_by_a_step_with_n_and_interval(kansas):
    scales = reports.numbers(kansas.coordinator, kansas.program.slug).scales
    assert [scale.scale.key for scale in scales] == ["self-efficacy", "collective-efficacy"]
    for scale in scales:
        assert (scale.change.n, scale.rose) == (21, Share(21, 21))
        assert 1 <= scale.change.low < scale.change.mean < scale.change.high


def test_anybody_reads_the_same_but_for_small_groups(kansas):
    exact, told = reports.numbers(kansas.coordinator, kansas.program.slug), reports.published(VISITOR, kansas.program.slug)
    assert (told.initiated, told.earned, told.finished) == (50, (30, 42), Share(21, 50))
    assert (told.second, told.by_second) == (Share(13, 13), Share(42, 42))
    assert (told.relicensed, told.relicensed_unknown) == (None, None)
    assert [(line.label, line.n) for line in exact.groups] == [("Rural", 8), ("Town", 42)]
    assert [(line.label, line.n, line.finished) for line in told.groups] == [("Rural", None, None), ("Town", None, None)]
    assert [scale.change.n for scale in told.scales] == [21, 21]
    assert [(step.day % 7, step.finished, step.part) for step in told.curve] == [(0, 21, 0.42)]


def test_exact_numbers_are_for_those_who_run_the_program(kansas):
    for viewer in (VISITOR, kansas.person("Sam Stranger"), kansas.participants(1)[0]):
        with pytest.raises(NotFound):
            reports.numbers(viewer, kansas.program.slug)


def test_time_and_reasons_are_counted(kansas):
    told = reports.numbers(kansas.coordinator, kansas.program.slug)
    assert told.reasons == (("time", 17),)
    assert (told.days.n, told.days.middle) == (21, 242)
    assert (told.curve[-1].finished, told.curve[-1].part) == (21, pytest.approx(0.42))
    assert [(line.label, line.n, line.finished) for line in told.years] == [("2016 to 2017", 50, Share(21, 50))]


def test_entering_the_same_lists_again_changes_nothing(kansas):
    rows = list(ProgramRecord.objects.order_by("pk").values())
    enter_kansas(kansas)
    assert list(ProgramRecord.objects.order_by("pk").values()) == rows
    assert Fact.objects.filter(kind="programs.records_entered").count() == 6


def test_a_line_that_says_something_else_is_corrected_in_place(kansas):
    line = RecordLine("B00", route="external", earned=2)
    programs.enter_records(actor=kansas.coordinator, program_id=kansas.program.pk, source="Provider", lines=[line])
    assert ProgramRecord.objects.get(source="Provider", code="B00").earned == 2
    assert ProgramRecord.objects.count() == 92


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (RecordLine(""), "A code has 1 to 40 characters"),
        (RecordLine("A", route="by bus"), "is none of"),
        (RecordLine("A", earned=-1), "Counts run from 0"),
        (RecordLine("A", submitted=1, passed_first=2), "More passed than were submitted"),
        (RecordLine("A", submitted=3, passed_first=0, passed_second=3), "not how many were submitted again"),
        (RecordLine("A", submitted=2, resubmitted=5, passed_second=5), "More were submitted again than had not passed"),
        (RecordLine("A", submitted=1, passed_first=1, resubmitted=1, passed_second=1), "More were submitted again than had not passed"),
        (RecordLine("A", resubmitted=1), "not how many there were"),
        (RecordLine("R0"), "stands on line 1 already"),
        (RecordLine("A", group="x" * 61), "at most 60"),
    ],
)
def test_one_wrong_line_enters_none_and_is_named_by_its_number(world, wrong, words):
    with pytest.raises(Invalid, match=words) as refusal:
        programs.enter_records(actor=world.coordinator, program_id=world.program.pk, source="Roster", lines=[RecordLine("R0"), wrong])
    assert "Line 2:" in refusal.value.message
    assert not ProgramRecord.objects.exists()


def test_strangers_enter_nothing_and_a_request_enters_once(world):
    given = {"program_id": world.program.pk, "source": "Roster", "lines": [RecordLine("R0")]}
    for act in (
        lambda actor: programs.enter_records(actor=actor, **given),
        lambda actor: programs.set_finish(actor=actor, program_id=world.program.pk, finish_at=2),
    ):
        with pytest.raises(Forbidden):
            act(world.person("Sam Stranger"))
        keyed = world.coordinator.with_key(new_id())
        assert act(keyed) == act(keyed)
    assert Fact.objects.filter(kind="programs.records_entered").count() == 1
    with pytest.raises(Invalid):
        programs.set_finish(actor=world.coordinator, program_id=world.program.pk, finish_at=0)
    with pytest.raises(Invalid, match="needs a name"):
        programs.enter_records(actor=world.coordinator, **{**given, "source": " "})


def test_what_is_run_here_counts_with_what_was_run_before(kansas):
    kansas.completed(3)
    programs.set_finish(actor=kansas.coordinator, program_id=kansas.program.pk, finish_at=1)
    told = reports.numbers(kansas.coordinator, kansas.program.slug)
    assert (told.initiated, told.earned, told.finished) == (53, (33, 45), Share(24, 53))
    assert dict(told.routes) == {"packaged": 3, "external": 30, "self-created": 12}
    public = reports.published(VISITOR, kansas.program.slug)
    assert dict(public.routes) == {"packaged": None, "external": 30, "self-created": None}
    assert public.earned is None


def test_people_of_no_group_hide_no_group(kansas):
    """How many have none is told by the other tables, so it may not stand in for a group that is kept back."""
    kansas.participants(12)
    told = reports.published(VISITOR, kansas.program.slug)
    assert (told.initiated, [line.n for line in told.groups]) == (62, [None, None])


def test_how_few_of_no_group_finished_is_not_told_by_what_the_groups_leave(world):
    """Two groups of 40 of whom 20 finished, and four people of none of whom three did: 43 of 84 would tell it."""
    groups = [("North", n < 20) for n in range(40)] + [("South", n < 20) for n in range(40)] + [("", n < 3) for n in range(4)]
    lines = [RecordLine(f"G{n:02}", initiated_on=date(2016, 9, 1), earned=int(done), group=group) for n, (group, done) in enumerate(groups)]
    programs.enter_records(actor=world.coordinator, program_id=world.program.pk, source="Roster", lines=lines)
    programs.set_finish(actor=world.coordinator, program_id=world.program.pk, finish_at=1)
    told = reports.published(VISITOR, world.program.slug)
    assert told.finished == Share(43, 84)
    assert [(line.n, line.finished) for line in told.groups] == [(40, None), (40, None)]


def test_few_who_passed_at_first_are_not_told_by_the_two_other_shares(world):
    """27 of 37 at the second attempt and 30 of 40 by then: together they would say that three passed at the first."""
    lines = [RecordLine(f"B{n:02}", submitted=1, passed_first=int(n < 3), resubmitted=int(n >= 3), passed_second=int(3 <= n < 30))
             for n in range(40)]  # fmt: skip
    programs.enter_records(actor=world.coordinator, program_id=world.program.pk, source="Provider", lines=lines)
    exact, told = reports.numbers(world.coordinator, world.program.slug), reports.published(VISITOR, world.program.slug)
    assert (exact.first, exact.second, exact.by_second) == (Share(3, 40), Share(27, 37), Share(30, 40))
    assert (told.first, told.second, told.by_second) == (None, None, None)


def test_how_few_did_not_try_again_is_not_told_by_the_shares(world):
    """40 of 65 at the first attempt and 10 of 20 at the second: together they would say that five did not try again."""
    lines = [RecordLine(f"B{n:02}", submitted=1, passed_first=int(n < 40), resubmitted=int(40 <= n < 60), passed_second=int(40 <= n < 50))
             for n in range(65)]  # fmt: skip
    programs.enter_records(actor=world.coordinator, program_id=world.program.pk, source="Provider", lines=lines)
    told = reports.published(VISITOR, world.program.slug)
    assert (told.first, told.second, told.by_second) == (Share(40, 65), None, None)


def test_how_few_of_those_who_finished_were_not_relicensed_is_not_told(world):
    lines = [RecordLine(f"R{n:02}", initiated_on=date(2016, 9, 1), earned=2 if n < 21 else None, relicensed="yes" if n < 15 else "")
             for n in range(50)]  # fmt: skip
    programs.enter_records(actor=world.coordinator, program_id=world.program.pk, source="Roster", lines=lines)
    programs.set_finish(actor=world.coordinator, program_id=world.program.pk, finish_at=2)
    told = reports.published(VISITOR, world.program.slug)
    assert (told.finished, told.relicensed) == (Share(21, 50), None)


@pytest.mark.parametrize("route", ["", "external"])
def test_how_few_of_those_who_began_earned_nothing_is_not_told_by_how_many_did(world, route):
    """45 of 50: what the share keeps back, neither the count of those who earned, nor their route, nor how long it took them, tells."""
    lines = [
        RecordLine(f"R{n:02}", initiated_on=date(2016, 9, 1), earned=int(n < 45), route=route if n < 45 else "",
                   finished_on=date(2017, 3, 1) if n < 45 else None)
        for n in range(50)
    ]  # fmt: skip
    programs.enter_records(actor=world.coordinator, program_id=world.program.pk, source="Roster", lines=lines)
    told = reports.published(VISITOR, world.program.slug)
    assert (told.initiated, told.finished, told.earned, told.days) == (50, None, None, None)
    assert not any(count for _, count in told.routes)


@pytest.mark.parametrize(("earned", "is_told"), [(22, False), (30, False), (31, True), (21, True)])
def test_how_few_earned_something_and_did_not_finish_is_not_told(world, earned, is_told):
    """21 earned two and finished; how many earned one or two, and by which route, may not say that a few earned one only."""
    lines = [
        RecordLine(f"R{n:02}", initiated_on=date(2016, 9, 1), earned=2 if n < 21 else 1 if n < earned else None,
                   route="external" if n < earned else "")
        for n in range(60)
    ]  # fmt: skip
    programs.enter_records(actor=world.coordinator, program_id=world.program.pk, source="Roster", lines=lines)
    programs.set_finish(actor=world.coordinator, program_id=world.program.pk, finish_at=2)
    told = reports.published(VISITOR, world.program.slug)
    assert told.finished == Share(21, 60)
    assert (told.earned, dict(told.routes)) == (((earned, earned), {"external": earned}) if is_told else (None, {"external": None}))


def test_a_school_year_begins_where_the_person_is(world):
    with clock.at(datetime(2025, 7, 1, 2, 30, tzinfo=UTC)):  # June 30 in Alaska, and still in Halifax
        for zone in ("America/Anchorage", "America/Halifax"):
            world.enrolled(world.person(zone=zone))
    told = reports.numbers(world.coordinator, world.program.slug)
    assert [(line.label, line.n) for line in told.years] == [("2024 to 2025", 2)]
    with clock.at(datetime(2025, 7, 1, 5, 30, tzinfo=UTC)):
        for zone in ("America/Anchorage", "America/New_York"):
            world.enrolled(world.person(zone=zone))
    told = reports.numbers(world.coordinator, world.program.slug)
    assert [(line.label, line.n) for line in told.years] == [("2024 to 2025", 3), ("2025 to 2026", 1)]


def test_a_program_without_anything_has_no_numbers_and_breaks_nothing(world):
    told = reports.numbers(world.coordinator, world.program.slug)
    assert (told.initiated, told.earned, told.finished, told.days, told.curve) == (0, (0, 0), Share(0, 0), None, ())
    assert reports.published(VISITOR, world.program.slug).initiated == 0
    assert len(reports.table_of(told)) > 5
