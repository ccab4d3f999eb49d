"""Fill the data folder and database that the environment names, and print as JSON what the benchmark asks for."""

from __future__ import annotations

import json
import os
import sys
from datetime import date

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command

from cairn.apps.assessment import queries as assessment
from cairn.apps.catalog import commands as catalog
from cairn.apps.catalog import queries
from cairn.apps.credentials.models import Credential
from cairn.apps.licensure import commands as licensure
from cairn.apps.people.models import Organization, Person, SessionStore
from cairn.apps.portfolio.queries import workspace
from cairn.frame.actor import Actor
from cairn.interfaces.web.signing import BORROWED
from cairn.site.worker import drain
from tests.packs_world import pack_files
from tests.world import SYSTEM, World


class BenchWorld(World):
    slug = "bench"


def session_of(person_id: str) -> str:
    account = Person.objects.get(pk=person_id).account
    session = SessionStore()
    session[SESSION_KEY] = account.pk
    session[BACKEND_SESSION_KEY] = BORROWED
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.create()
    return session.session_key


def at_work(world: World, number: int) -> dict[str, object]:
    """An educator with a draft and an assessor with a sheet, who are nobody else's."""
    writer, draft = world.enrolled(world.person(f"Writer{number} Bell"))
    world.assessors(2)
    _, submitted = world.submitted(world.person(f"Earner{number} Bell"))
    sheet = world.sheets(submitted)[0]
    run = f"/portfolio/{draft.pk}/"
    return {
        "run": run,
        "part": f"{run}{workspace(writer, draft.pk).parts[0].part.key}/",
        "slot": f"{run}portfolio/plan/",
        "writer": session_of(writer.person_id),
        "sheet": sheet.pk,
        "version": assessment.fingerprint(""),
        "assessor": session_of(sheet.assessor_id),
    }


def counted_in_missouri(writer: Actor, office: Organization) -> None:
    """Whatever the catalog has stands on a list there, and the writer holds a license that ends."""
    for microcredential_id in queries.published(writer):
        licensure.approve_microcredential(
            actor=SYSTEM,
            organization_id=office.pk,
            microcredential_id=microcredential_id,
            approved_from=date(2016, 1, 1),
            body="missouri-dese",
        )
    licensure.set_profile(actor=writer, jurisdiction="us/mo")
    licensure.add_license(actor=writer, jurisdiction="us/mo", license_type="initial-administrator", valid_from=date(2020, 7, 1),
                          valid_to=date(2099, 6, 30))  # fmt: skip


def main(people: int = 0) -> None:
    call_command("migrate", verbosity=0)
    catalog.import_pack(actor=SYSTEM, files=pack_files("bench", 200))
    drain()
    world = BenchWorld()
    _, earned = world.earned(world.person("Earner One"))
    _, submitted = world.submitted(world.person("Writer Two"))
    writer, draft = world.enrolled(world.person("Writer Three"))
    sheet = world.sheets(submitted)[0]
    counted_in_missouri(writer, world.organization("State Office", kind="state-agency"))
    part = workspace(writer, draft.pk).parts[0]
    credential = Credential.objects.get(enrollment=earned)
    told = {
        "credential": credential.pk,
        "signed": credential.signed,
        "microcredential": f"/catalog/{world.microcredential.slug}/",
        "sheet": sheet.pk,
        "assessor_session": session_of(sheet.assessor_id),
        "writer_session": session_of(writer.person_id),
        "part": f"/portfolio/{draft.pk}/{part.part.key}/",
        "field": part.answers[0].prompt.key,
        "people": [at_work(world, number) for number in range(people)],
    }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
