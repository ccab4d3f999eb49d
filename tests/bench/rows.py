"""`make bench`: a roster taken in to its end, against the same rows merely inserted, on the database that CAIRN_DB names."""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import transaction

from cairn.apps.imports import commands as imports
from cairn.apps.ledger.models import Delivery, Fact, PersonalValue
from cairn.apps.people.models import Person
from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import Enrollment, Registration
from cairn.kernel import clock, ids
from cairn.site import worker
from tests.imports_world import read_roster
from tests.world import World

ROWS = int(os.environ.get("BENCH_ROWS", "5000"))


class BenchWorld(World):
    slug = "bench-rows"


def take_in() -> tuple[float, float]:
    """Seconds of the processor for the report, and for taking in."""
    world = BenchWorld()
    cora = world.person("Cora Stone", coordinator=world.issuer)
    pilot = world.offer(kind="pilot", days=120, last_day=clock.now().date() + timedelta(days=200))
    programs.change_seats(actor=cora, offering_id=pilot.pk, seats_min=1, seats_max=ROWS)
    worker.drain()
    people = [(f"Participant {n}", f"participant{n}@example.org") for n in range(ROWS)]
    began = time.process_time()
    source = read_roster(cora, pilot, ("Name", "E-mail"), *people)
    read = time.process_time()
    imports.confirm(actor=cora, import_id=source.pk, sha256=source.sha256)
    while (source.refresh_from_db(), source.state)[1] == "applying":
        worker.work_once()
    if source.taken != ROWS:
        sys.exit(f"{source.taken} rows were taken in.")
    return read - began, time.process_time() - read


def insert() -> float:
    """Seconds of the processor for the same people, places, runs, facts and deliveries, as copies that are taken back."""
    persons = {row.pk: row for row in Person.objects.filter(account=None)}
    runs = {row.pk: row for row in Enrollment.objects.filter(person__in=persons)}
    places = list(Registration.objects.filter(person__in=persons))
    facts = {row.pk: row for row in Fact.objects.filter(kind__in=("people.person_begun", "programs.seated", "programs.enrolled"))}
    values, deliveries = (list(model.objects.filter(fact__in=facts)) for model in (PersonalValue, Delivery))
    for row in (*persons.values(), *runs.values(), *places, *values, *deliveries):
        row.pk = ids.new_id()
    for fact in facts.values():
        fact.pk, fact.uid, fact.request = None, ids.new_id(), None
    for row in (*runs.values(), *places):
        row.person = persons[row.person_id]
    for row in places:
        row.enrollment = runs[row.enrollment_id]
    with transaction.atomic():
        began = time.process_time()
        for rows in (persons.values(), runs.values(), places, facts.values()):
            type(next(iter(rows))).objects.bulk_create(rows)
        for row in (*values, *deliveries):
            row.fact = facts[row.fact_id]
        for rows in (values, deliveries):
            type(rows[0]).objects.bulk_create(rows)
        took = time.process_time() - began
        transaction.set_rollback(True)
    return took


def main() -> None:
    call_command("migrate", verbosity=0)
    read, taken = take_in()
    json.dump({"rows": ROWS, "read s": read, "taken s": taken, "inserted s": insert()}, sys.stdout)


if __name__ == "__main__":
    main()
