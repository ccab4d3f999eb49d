"""Fill the data folder and database that the environment names, and print as JSON what the benchmark asks for."""

from __future__ import annotations

import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command

from cairn.apps.catalog import commands as catalog
from cairn.apps.credentials.models import Credential
from cairn.apps.people.models import Person
from cairn.apps.portfolio.queries import workspace
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


def main() -> None:
    call_command("migrate", verbosity=0)
    catalog.import_pack(actor=SYSTEM, files=pack_files("bench", 200))
    drain()
    world = BenchWorld()
    _, earned = world.earned(world.person("Earner One"))
    _, submitted = world.submitted(world.person("Writer Two"))
    writer, draft = world.enrolled(world.person("Writer Three"))
    sheet = world.sheets(submitted)[0]
    answer = workspace(writer, draft.pk).parts[0].answers[0]
    told = {
        "credential": Credential.objects.get(enrollment=earned).pk,
        "sheet": sheet.pk,
        "assessor_session": session_of(sheet.assessor_id),
        "writer_session": session_of(writer.person_id),
        "part": f"/portfolio/{draft.pk}/{workspace(writer, draft.pk).parts[0].part.key}/",
        "field": answer.prompt.key,
    }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
