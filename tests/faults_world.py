"""Run in a process beside a site, on its data folder and database: makes its people, settles what is open, tells what is kept.

python -m tests.faults_world arrange EDUCATORS     prints who is there, each with a session to act in
python -m tests.faults_world settle                does what workers that were killed have left, as if an hour had gone by
python -m tests.faults_world tell                  prints every row that must be there once, as the tables hold it
"""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from pathlib import Path

READERS = 2  # whoever scores: as many as a case takes


def arrange(educators: str) -> object:
    from django.core.management import call_command
    from django.test import Client

    from cairn.apps.people.models import Account
    from tests.world import World

    call_command("migrate", verbosity=0)
    world = World()

    def signed_in(actor):
        client = Client(headers={"host": "localhost"})
        client.force_login(Account.objects.get(person__pk=actor.person_id))
        return {"person": actor.person_id, "session": client.session.session_key}

    return {
        "offering": world.offering.pk,
        "organization": world.issuer.slug,
        "admin": signed_in(world.person("Ada Stone", organization_admin=world.issuer)),
        "readers": [signed_in(reader) for reader in world.assessors(READERS)],
        "educators": [signed_in(world.person()) for _ in range(int(educators))],
    }


# What is kept once: the table, and the columns that say which thing it is.
ROWS = {
    "group": ("people.Group", ("name",)),
    "run": ("programs.Enrollment", ("person_id", "microcredential_id")),
    "enrollment": ("programs.Enrollment", ("id",)),
    "writing": ("portfolio.Writing", ("submission__enrollment_id", "prompt", "text")),
    "file": ("portfolio.Artifact", ("enrollment_id", "original_name")),
    "citation": ("portfolio.Citation", ("submission__enrollment_id", "detail", "explanation")),
    "submission": ("portfolio.Submission", ("enrollment_id", "attempt", "state")),
    "case": ("assessment.Case", ("enrollment_id", "attempt")),
    "sheet": ("assessment.ScoreSheet", ("id", "state")),
    "score": ("assessment.Score", ("sheet_id", "detail", "rationale")),
    "decision": ("assessment.Decision", ("enrollment_id", "attempt", "outcome")),
    "credential": ("credentials.Credential", ("enrollment_id", "state")),
    "letter": ("comms.Letter", ("cause", "kind", "address")),
    "delivery": ("ledger.Delivery", ("fact__uid", "consequence")),
}


def tell() -> object:
    from django.apps import apps

    from cairn.apps.ledger.models import Delivery
    from cairn.apps.portfolio import outward
    from cairn.apps.reports.queries import integrity
    from cairn.frame.actor import system
    from cairn.kernel import clock
    from cairn.site.worker import drain

    with clock.at(clock.now() + timedelta(hours=1)):
        drain()
    with clock.at(clock.now() + timedelta(days=2)):
        outward.clear(system("tests"))
    rows = {kind: [list(row) for row in _rows(apps.get_model(label), columns)] for kind, (label, columns) in ROWS.items()}
    unsound = [sentence for finding in integrity(system("tests")) for sentence in finding.failures]
    unsound += [f"{path} belongs to nothing." for path in _orphans()]
    undone = list(Delivery.objects.exclude(state="done").values_list("consequence", "state", "reason"))
    return {"rows": rows, "unsound": unsound, "undone": undone}


def _orphans():
    """Files that no row knows, once the job that tidies has run."""
    from django.conf import settings

    from cairn.apps.portfolio.models import Artifact, Upload

    known = {*Artifact.objects.values_list("pk", flat=True), *Upload.objects.filter(settled_at=None).values_list("pk", flat=True)}
    for folder in (settings.MEDIA_STORE, settings.UPLOADS):
        yield from (path for path in Path(folder).rglob("*") if path.is_file() and path.name.partition(".")[0] not in known)


def _rows(model, columns):
    return model._default_manager.order_by().values_list(*columns)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cairn.site.settings")
    import django

    django.setup()
    work = {"arrange": arrange, "tell": tell}[sys.argv[1]]
    print(json.dumps(work(*sys.argv[2:]), default=str))


if __name__ == "__main__":
    main()
