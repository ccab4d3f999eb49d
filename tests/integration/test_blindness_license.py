"""What counts for a license, and who scored what counts: the educator meets nobody who scored them, and who scores meets no license.

An officer reads the chain behind each line down to the sheets; the educator reads most of the same pages and papers.
"""

from __future__ import annotations

import re

import pytest

from cairn.apps.assessment.models import ScoreSheet
from cairn.apps.people.models import Account, Person
from tests import files_world
from tests.api_world import Program, operations
from tests.cast import Cast
from tests.learning_world import browser
from tests.routes_world import routes

pytestmark = [pytest.mark.django_db, pytest.mark.long]
LICENSE = re.compile(r"/(api/v1/)?(licens|officer|claims|proposals|rules|org/[\w-]+/recognition|operations)")
OWN = ("A course on old maps", "Reading corners")  # what the cast's educator has claimed and proposed


def met(cast: Cast, who: str) -> dict[str, bytes]:
    """By address, all that somebody is answered there, whatever that is; packed files are opened."""
    client, program, found = browser(cast.members[who]), Program(cast.members[who]), {}
    pages = [cast.address(route) for route, name in routes() if not route.startswith(("api/", "demo/", "account/"))]
    reads = [cast.address(path) for method, path, _ in operations() if method == "GET"]
    for address in filter(LICENSE.match, pages):
        answer = client.get(address)
        found[address] = str(answer.headers).encode() + files_world.everything_in(answer.getvalue())
    for address in filter(LICENSE.match, reads):
        found[address] = program.get(address).getvalue()
    return found


def names_of(*person_ids: str) -> list[str]:
    people = Person.objects.filter(pk__in=person_ids)
    accounts = Account.objects.filter(person__pk__in=person_ids)
    return [*person_ids, *(person.name for person in people), *(account.email for account in accounts)]


def leaks(said: dict[str, bytes], secrets: list[str]) -> list[tuple[str, str]]:
    return [(address, secret) for address, body in said.items() for secret in secrets if secret.encode() in body]


def test_who_scored_reaches_no_educator_and_who_is_scored_no_reader(db):
    cast = Cast()
    sheets = ScoreSheet.objects.filter(case__enrollment__person_id=cast.educator.person_id)
    readers, dana = names_of(*sheets.values_list("assessor_id", flat=True).distinct()), names_of(cast.educator.person_id)
    assert len(readers) >= 6
    educator, officer, reader = (met(cast, who) for who in ("educator", "officer", "assessor"))
    assert leaks(educator, readers) == []
    assert leaks(officer, readers) == []
    assert leaks(reader, [*dana, *OWN]) == []
    assert leaks(educator, [*dana, *OWN]), "otherwise it means nothing"
    assert any(dana[1].encode() in body and b"heet" in body for body in officer.values()), "the officer reads the chain down to the sheets"
