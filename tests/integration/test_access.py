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

from cairn.apps.assessment import commands as assessment
from cairn.apps.catalog import commands as catalog
from cairn.apps.catalog.models import Microcredential
from cairn.apps.credentials.models import Credential
from cairn.apps.ledger import commands as ledger
from cairn.apps.ledger.commands import TRIES
from cairn.apps.people import commands as people
from cairn.apps.people import queries as people_queries
from cairn.apps.people.models import Account
from cairn.apps.people.queries import actor_of
from cairn.apps.portfolio import outward
from cairn.apps.portfolio.models import Citation
from cairn.interfaces.cli.reference import DOOR, LIBRARY, NOTICE, routes
from cairn.kernel import clock
from cairn.site.worker import drain
from tests.api_world import Program, body_of, operations
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
API_LEAD = """
## API

Each operation, sent by everybody with a token that has all scopes, and with the body that its description shows. "yes": it is done, or
would be if its thing stood where that can be done.
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
        self.upload = outward.begin(self.educator, self.draft.pk, "plan", name="late.pdf", size=9, digest=f"sha256:{'0' * 64}")
        self._belong(self.issuer)
        self.parked = self._parked()
        secret = people_queries.new_secret(self.educator)
        self.token_id = people.make_token(
            actor=self.educator, name="Own", scopes=["profile:read"], expires_at=clock.now() + timedelta(days=1), secret=secret,
            shown_second_step=True,
        ).pk  # fmt: skip
        self.sheet = self.sheets(self.scored)[0]
        self.comment = assessment.keep_comment(actor=actor_of(self.sheet.assessor_id), text="Say where.")
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
        owners = {"org": self.issuer, "organizations": self.issuer, "stacks": self.microcredential.stack, "programs": self.program}
        slug = owners.get(route.removeprefix("/api/v1/").split("/")[0], self.microcredential).slug
        citation = Citation.objects.filter(submission__enrollment=self.draft).first()
        number = "1" if "<int" in route or "files" in route else "1.0"
        things = {
            "slug": slug, "number": number, "offering_id": self.offering.pk, "enrollment_id": self.draft.pk,
            "part_key": analysis, "key": citation.detail, "citation_id": citation.pk, "artifact_id": citation.artifact_id,
            "upload_id": self.upload.pk,
            "sheet_id": self.sheet.pk, "credential_id": Credential.objects.get().pk, "grant_id": self.role.pk,
            "affiliation_id": self.work.pk, "group_id": self.group.pk, "person_id": self.educator.person_id,
            "delivery_id": self.parked, "state": "parked",
        }  # fmt: skip
        things |= {"file_id": citation.artifact_id, "detail": citation.detail, "prompt": content.prompts[0].key, "token_id": self.token_id,
                   "comment_id": self.comment.pk}  # fmt: skip
        return "/" + re.sub(r"[<{](?:\w+:)?(\w+)[>}]", lambda name: things[name[1]], route.lstrip("/"))

    def known(self) -> dict[str, str]:
        """What bodies of the API name."""
        citation = Citation.objects.filter(submission__enrollment=self.draft).first()
        address = Account.objects.get(person__pk=self.members["stranger"].person_id).email
        return {"offering": self.offering.pk, "email": address, "microcredential": self.microcredential.slug, "file": citation.artifact_id,
                "detail": citation.detail, "slug": "new-district",
                "address": f"http://localhost/credentials/{Credential.objects.get().pk}"}  # fmt: skip


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


def _api_table(cast: Cast) -> str:
    programs = {name: Program(member) for name, member in cast.members.items()}
    lines = [["operation", *programs], ["---"] * (len(programs) + 1)]
    for method, path, told in sorted(operations(), key=lambda each: (each[1], each[0])):
        body = body_of(told, **cast.known())
        answers = [_done(program, method, cast.address(path), body) for program in programs.values()]
        lines.append([f"`{method} {path}`", *answers])
    return API_LEAD + "\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _done(program: Program, method: str, path: str, body: object) -> str:
    before = transaction.savepoint()
    try:
        answer = program.send(method, path, body, etag="*")
    finally:
        transaction.savepoint_rollback(before)
    assert answer.status_code < 300 or answer.json()["code"] not in ("not-valid", "key-missing"), answer.content
    return {401: "sign in", 403: "no", 404: "-"}.get(answer.status_code, "yes" if answer.status_code < 500 else "broken")


def _table() -> str:
    cast = Cast()
    clients = {name: _client(member) for name, member in cast.members.items()}
    lines = [["address", *clients], ["---"] * (len(clients) + 1)]
    for route, name in routes():
        if not name.startswith(LIBRARY) and not route.startswith((f"{DOOR}/", "api/")):
            lines.append([f"`/{route}`", *(_asked(client, cast.address(route)) for client in clients.values())])
    return f"{NOTICE}\n{LEAD}\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n" + _api_table(cast)


@pytest.mark.django_db
def test_everybody_gets_in_where_the_committed_table_says_and_nowhere_else():
    told = _table()
    assert "broken" not in told
    if os.environ.get("CAIRN_WRITE_ACCESS") == "1":
        TABLE.write_text(told)
    assert TABLE.read_text() == told, "review what opened or closed; if it is meant, run: make docs"
