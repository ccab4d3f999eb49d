"""The worker: one loop over deliveries and timed jobs. Any number of them may run; each may be killed at any moment.

Not here: what a consequence does (its command) or which follow from what (wiring).
"""

from __future__ import annotations

import logging
import signal
import time
from datetime import timedelta
from types import FrameType

from django.db import InterfaceError, OperationalError, close_old_connections, connection

from cairn.apps.ledger import commands as ledger
from cairn.apps.ledger.queries import something_is_due
from cairn.frame import wiring
from cairn.frame.actor import system
from cairn.frame.outages import outage
from cairn.kernel import clock
from cairn.kernel.errors import NotYet, Refused
from cairn.site.jobs import JOBS

log = logging.getLogger("cairn.worker")
ME = system("worker")
AWAY = (OperationalError, InterfaceError)
IDLE = 0.3  # seconds between looks at an empty queue
SHORTEST = timedelta()  # waits as long as the ledger says, and no longer
SOON = timedelta(minutes=5)  # until a timed job that failed is tried again


def work_once() -> bool:
    """Carry out one delivery; False where nothing is due."""
    return something_is_due(ME) and _take_one()


def _take_one() -> bool:
    delivery = ledger.lease_next(actor=ME)
    if delivery is None:
        return False
    outcome, code, reason, after = _carry_out(delivery)
    ledger.settle(actor=ME, delivery_id=delivery.delivery_id, lease=delivery.lease, outcome=outcome, code=code, reason=reason, after=after)
    return True


def _carry_out(delivery: ledger.Leased) -> tuple[ledger.Outcome, str, str, timedelta]:
    fact = delivery.fact
    handler = wiring.consequences(fact.kind).get(delivery.consequence)
    if handler is None:
        return "declined", "no-longer-wired", "This version has no such consequence.", SHORTEST
    # The delivery's id is the request key: carried out twice, the second time answers with the first result.
    actor = system("worker", cause=fact.uid, request_key=f"delivery:{delivery.delivery_id}")
    try:
        handler(actor=actor, fact=fact)
    except NotYet as waits:
        return "waiting", waits.code, str(waits), waits.after
    except Refused as refusal:
        return "declined", refusal.code, str(refusal), SHORTEST
    except AWAY:
        raise
    except Exception as error:
        if lacks := outage(error):
            return "waiting", lacks.code, str(lacks), SHORTEST
        log.exception("%s of %s failed", delivery.consequence, fact.kind)
        return "failed", type(error).__name__, f"{type(error).__name__}: {error}", SHORTEST
    return "done", "", "", SHORTEST


def run_due_job() -> bool:
    job = ledger.lease_job(actor=ME, names={name: every for name, (every, _) in JOBS.items()})
    if job is None:
        return False
    every, work = JOBS[job.name]
    reason = ""
    try:
        work(system("worker"))
    except AWAY:
        raise
    except Exception as error:
        log.exception("timed job %s failed", job.name)
        every, reason = min(every, SOON), f"{type(error).__name__}: {error}"
    ledger.settle_job(actor=ME, name=job.name, lease=job.lease, next_at=clock.now() + every, reason=reason)
    return True


def drain(limit: int = 100_000) -> int:
    """Work until nothing is due; how many deliveries that were. For the demo, the command line and tests."""
    count = 0
    while count < limit and _take_one():
        count += 1
    return count


def run() -> None:
    """Until SIGTERM or SIGINT, which let the delivery in hand be finished."""
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    next_jobs = clock.now()
    while not stopping:
        try:
            busy = work_once()
            if clock.now() >= next_jobs:
                run_due_job()
                next_jobs = clock.now() + timedelta(seconds=30)
        except AWAY as error:
            log.warning("the database does not answer (%s); trying again", error)
            connection.close()
            time.sleep(2)
            continue
        if not busy:
            close_old_connections()
            time.sleep(IDLE)
