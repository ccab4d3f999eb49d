"""Who gets in where: every route asked by everybody in a small cast, against the committed table docs/reference/access.md.

The table is written by asking, so a route that is new, or opens to somebody new, shows up as a line to be reviewed. `make docs` writes it
anew after a change that is meant.
"""

from __future__ import annotations

import os
import re
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.test import Client

from cairn.apps.catalog import commands as catalog
from cairn.apps.catalog.models import Microcredential
from cairn.apps.credentials.models import Credential
from cairn.apps.ledger import commands as ledger
from cairn.apps.ledger.commands import TRIES
from cairn.apps.people import commands as people
from cairn.apps.people.models import Account
from cairn.apps.people.queries import actor_of
from cairn.apps.portfolio.models import Citation
from cairn.interfaces.cli.reference import DOOR, LIBRARY, NOTICE, routes
from cairn.kernel import clock
from cairn.site.worker import drain
from tests.architecture.source import ROOT
from tests.packs_world import pack_files
from tests.world import SYSTEM, World

TABLE = ROOT / "docs" / "reference" / "access.md"
LEAD = """# Access

Each address, asked by everybody in a small cast about things of one educator at one organization. "yes": the page or the form opens;
"sign in": asked to sign in first; "no": may know of it and may not do this; "-": answered as if it were not there.

- *educator*: their draft, their scored attempt, their credential, their group. *stranger*: signed in, and nothing more.
- *assessor*: scores this attempt. *other assessor*: qualified at another organization. *lead*: lead assessor here.
- *coordinator*, *admin*: at the organization that runs and issues. *other admin*: at another one. *operator*: of the site.
"""

class Cast(World):
    """People in every relation to the things of one educator, who has earned one thing, is being scored in another, and drafts a third."""

    slug = "three-steps"

    def __init__(self) -> None:
        catalog.import_pack(actor=SYSTEM, files=pack_files(self.slug, 3))
        drain()
        elsewhere, (first, second, third) = self.organization("Far District"), Microcredential.objects.order_by("order")
        self.microcredential = first
        self.educator = self.person("Dana Whitfield", works_at=self.organization("Near District"))
        self.earned(self.educator)
        _, self.scored = self._turn_to(second).submitted(self.educator)
        _, self.draft = self._turn_to(third).enrolled(self.educator)
        self.fill(self.educator, self.draft)
        self._belong(self.issuer)
        self.parked = self._parked()
        self.sheet = self.sheets(self.scored)[0]
        self.members = {
            "visitor": None,
            "stranger": self.person("Stranger Stone"),
            "educator": self.educator,
            "assessor": actor_of(self.sheet.assessor_id),
            "other assessor": self.person("Other Stone", assessor=elsewhere),
            "lead": self.lead(),
            "coordinator": self.person("Coordinator Stone", coordinator=self.issuer),
            "admin": self.person("Admin Stone", organization_admin=self.issuer),
            "other admin": self.person("Far Stone", organization_admin=elsewhere),
            "operator": self.person("Operator Stone", operator=elsewhere),
        }

    def _turn_to(self, microcredential):
        self.microcredential = microcredential
        del self.offering
        return self

    def _belong(self, organization):
        person, day = self.educator.person_id, date(2024, 1, 1)
        self.group = people.form_group(actor=SYSTEM, organization_id=organization.pk, name="Tuesday", kind="plc")
        people.join_group(actor=SYSTEM, group_id=self.group.pk, person_id=person, joined_on=day)
        self.work = people.affiliate(actor=SYSTEM, person_id=person, organization_id=organization.pk, title="", started_on=day)
        self.role = self.grant(person, "coach", organization)

    def _parked(self) -> str:
        """What followed from the role just given, after six errors."""
        for day in range(TRIES):
            with clock.at(clock.now() + timedelta(days=day)):
                leased = ledger.lease_next(actor=SYSTEM)
                ledger.settle(actor=SYSTEM, delivery_id=leased.delivery_id, lease=leased.lease, outcome="failed", reason="It broke.")
        return leased.delivery_id

    def address(self, route: str) -> str:
        """The route with the educator's own things in it."""
        content = self.content(self.draft.version_id)
        analysis = next(part.key for part in content.parts if part.kind == "analysis")
        slug = {"org": self.issuer.slug, "stacks": self.microcredential.stack.slug}.get(route.split("/")[0], self.microcredential.slug)
        citation = Citation.objects.filter(submission__enrollment=self.draft).first()
        things = {
            "slug": slug, "number": "1" if "<int" in route else "1.0", "offering_id": self.offering.pk, "enrollment_id": self.draft.pk,
            "part_key": analysis, "key": citation.detail, "citation_id": citation.pk, "artifact_id": citation.artifact_id,
            "sheet_id": self.sheet.pk, "credential_id": Credential.objects.get().pk, "grant_id": self.role.pk,
            "affiliation_id": self.work.pk, "group_id": self.group.pk, "person_id": self.educator.person_id,
            "delivery_id": self.parked, "state": "parked",
        }  # fmt: skip
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda name: things[name[1]], route)


def _client(member) -> Client:
    client = Client(headers={"host": "localhost"})
    if member is not None:
        client.force_login(Account.objects.get(person__pk=member.person_id))
    return client


def _is_sign_in(answer) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith("/account/login/")


def _asked(client: Client, address: str) -> str:
    """What it comes to: to open the page or, where there is none, to send its form with nothing in it. What that changed is undone."""
    before = transaction.savepoint()
    try:
        answer = client.get(address)
        if answer.status_code == 405 or (answer.status_code == 302 and not _is_sign_in(answer)):
            answer = client.post(address)
    finally:
        transaction.savepoint_rollback(before)
    if _is_sign_in(answer):
        return "sign in"
    return {403: "no", 404: "-"}.get(answer.status_code, "yes" if answer.status_code < 500 else "broken")


def _table() -> str:
    cast = Cast()
    clients = {name: _client(member) for name, member in cast.members.items()}
    lines = [["address", *clients], ["---"] * (len(clients) + 1)]
    for route, name in routes():
        if not name.startswith(LIBRARY) and not route.startswith(f"{DOOR}/"):
            lines.append([f"`/{route}`", *(_asked(client, cast.address(route)) for client in clients.values())])
    return f"{NOTICE}\n{LEAD}\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


@pytest.mark.django_db
def test_everybody_gets_in_where_the_committed_table_says_and_nowhere_else():
    told = _table()
    assert "broken" not in told
    if os.environ.get("CAIRN_WRITE_ACCESS") == "1":
        TABLE.write_text(told)
    assert TABLE.read_text() == told, "review what opened or closed; if it is meant, run: make docs"
