"""`make bench`: looking at an educator's licenses anew after one award, with 200 records, on the database that CAIRN_DB names."""

from __future__ import annotations

import json
import os
import sys
import time
from statistics import median

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")

import django

django.setup()

from django.core.management import call_command

from cairn.apps.licensure import commands
from cairn.apps.licensure.models import Standing
from cairn.kernel import clock
from cairn.kernel.facts import Recorded
from cairn.site import worker
from tests.licensure_world import Licensing
from tests.world import SYSTEM

RECORDS, ROUNDS = 200, int(os.environ.get("BENCH_ROUNDS", "15"))


class BenchWorld(Licensing):
    slug = "bench-recounting"


def one(world: BenchWorld, dana: object, number: int) -> float:
    """Seconds of the command that is a consequence of the award."""
    entry = world.mc(dana, f"skill-{number}", "2023-05-20")
    fact = Recorded(f"bench-{number}", clock.now(), "bench", "", "", "licensure.RecordEntry", entry.pk, "", "", {})
    began = time.perf_counter()
    commands.recount(actor=SYSTEM, fact=fact)
    return time.perf_counter() - began


def main() -> None:
    call_command("migrate", verbosity=0)
    world = BenchWorld()
    dana, _ = world.licensed(start="2020-07-01", end="2099-06-30")
    for n in range(RECORDS):
        world.known(dana, "hours" if n % 2 else "evaluation", f"20{21 + n % 4}-0{1 + n % 9}-15", 2, "contact-hour" if n % 2 else "")
    worker.drain()
    times = sorted(one(world, dana, n) for n in range(ROUNDS))
    if not Standing.objects.filter(is_current=True).exists():
        sys.exit("Nothing was computed.")
    json.dump({"records": RECORDS, "median ms": median(times) * 1000, "rounds": ROUNDS}, sys.stdout)


if __name__ == "__main__":
    main()
