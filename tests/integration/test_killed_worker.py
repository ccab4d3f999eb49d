"""The worker killed with SIGKILL between any two steps loses nothing and doubles nothing.

A step is one statement, or the moment before or after a commit. A child process works and is killed after n steps; the next child takes
over where it died. n grows until a delivery is finished and then begins at one again, so every step of every delivery is hit once.
"""

from __future__ import annotations

import os
import signal
import time
import traceback
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, connections

from cairn.apps.assessment.models import Case, Decision, ScoreSheet
from cairn.apps.comms.models import Letter
from cairn.apps.credentials.models import Credential
from cairn.apps.ledger import queries as ledger
from cairn.apps.ledger.models import Delivery
from cairn.apps.portfolio import commands as portfolio
from cairn.kernel import clock
from cairn.site import worker
from tests.world import SYSTEM


def _work_until_killed(steps: int) -> None:
    """In the child: carry out deliveries, and die before step number `steps` + 1."""
    left = steps

    def step():
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(execute, sql, params, many, context):
        step()
        return execute(sql, params, many, context)

    commit = connection.commit

    def counted_commit():
        step()
        commit()
        step()

    connection.ensure_connection()
    connection.commit = counted_commit
    with connection.execute_wrapper(counted):
        worker.drain()


def _wait_for_the_dead() -> None:
    """PostgreSQL ends the transaction of a client that is gone when it next looks; until then it holds the rows it had locked."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for _ in range(1000):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
            )
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.01)
    raise AssertionError("a killed worker's transaction is still open after ten seconds")


def _killed(steps: int) -> bool:
    """Whether a worker in a child process was killed after `steps` steps; False where it found nothing more to do before."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            _work_until_killed(steps)
        except BaseException:
            traceback.print_exc()
            os._exit(3)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    _wait_for_the_dead()
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def _work_under_kills(stride: int) -> int:
    """Kill the worker at every `stride`-th step of every delivery, until all is done; how often that was."""
    kills, steps, moment = 0, 1, clock.now()
    done = Delivery.objects.filter(state="done").count()
    while True:
        moment += timedelta(minutes=3)  # the lease of the one that was killed has run out
        with clock.at(moment):
            if not _killed(steps):
                return kills
        kills += 1
        steps += stride
        now_done = Delivery.objects.filter(state="done").count()
        if now_done > done:
            done, steps = now_done, 1 + kills % stride


def _assert_once(enrollment) -> None:
    assert Case.objects.filter(enrollment=enrollment).count() == 1
    assert ScoreSheet.objects.filter(case__enrollment=enrollment).count() == 2
    assert Decision.objects.filter(enrollment=enrollment).count() == 1
    assert Credential.objects.filter(enrollment=enrollment, state="issued").count() == 1
    told = Counter(Letter.objects.filter(state="sent").values_list("kind", "address"))
    assert set(told.values()) == {1}
    assert {kind for kind, _ in told} == {
        "programs.enrolled", "portfolio.submitted", "assessment.assigned", "assessment.decided", "credentials.issued",
    }  # fmt: skip
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}
    assert ledger.broken_leaves(SYSTEM) == []


def _run(world, stride: int) -> int:
    world.assessors(2)
    actor, enrollment = world.enrolled()
    world.fill(actor, enrollment)
    portfolio.submit(actor=actor, enrollment_id=enrollment.pk)
    kills = _work_under_kills(stride)
    for sheet in world.sheets(enrollment):
        world.score(sheet, lock=False)
    from cairn.apps.assessment import commands as assessment
    from cairn.apps.people.queries import actor_of

    for sheet in world.sheets(enrollment):
        assessment.lock_sheet(actor=actor_of(sheet.assessor_id), sheet_id=sheet.pk)
    kills += _work_under_kills(stride)
    _assert_once(enrollment)
    return kills


def test_a_worker_killed_at_many_steps_loses_and_doubles_nothing(open_world):
    assert _run(open_world, stride=11) >= 20


@pytest.mark.long
def test_a_worker_killed_at_every_step_loses_and_doubles_nothing(open_world):
    assert _run(open_world, stride=1) >= 300
