"""`make bench`: from a decision to a verifiable credential with 1,000 deliveries ahead of it, on the database that CAIRN_DB names."""

from __future__ import annotations

import json
import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")

import django

django.setup()

from django.core.management import call_command

from cairn.apps.assessment import commands as assessment
from cairn.apps.comms import commands as comms
from cairn.apps.credentials import queries as credentials
from cairn.apps.credentials.models import Credential
from cairn.apps.people.queries import actor_of
from cairn.site import worker
from tests.world import SYSTEM, World

AHEAD = 1_000
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "15"))


class BenchWorld(World):
    slug = "bench-issuing"


def one(world: World, number: int) -> float:
    """Seconds from the lock that decides to the moment at which the credential verifies."""
    _, enrollment = world.submitted(world.person(f"Earner{number} Stone"))
    for n in range(AHEAD):
        comms.write_letter(actor=SYSTEM, kind="bench", address=f"reader{n}@example.org", subject="News", text="News.")
    for sheet in world.sheets(enrollment):
        world.score(sheet, lock=False)
    for sheet in world.sheets(enrollment):
        assessment.lock_sheet(actor=actor_of(sheet.assessor_id), sheet_id=sheet.pk)
    began = time.perf_counter()
    while not (issued := Credential.objects.filter(enrollment=enrollment, state="issued").first()):
        worker.work_once()
    if credentials.verify(SYSTEM, issued.signed).verdict != "valid":
        sys.exit("The credential does not verify.")
    took = time.perf_counter() - began
    worker.drain()
    return took


def main() -> None:
    call_command("migrate", verbosity=0)
    world = BenchWorld()
    world.assessors(2)
    times = sorted(one(world, n) for n in range(ROUNDS))
    json.dump({"rounds": ROUNDS, "ahead": AHEAD, "p50 s": times[len(times) // 2], "p95 s": times[int(len(times) * 0.95)]}, sys.stdout)


if __name__ == "__main__":
    main()
