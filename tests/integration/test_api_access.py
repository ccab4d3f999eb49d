"""The API's own table of who gets in where: every operation asked by everybody of the cast, with what its description shows.

docs/reference/access.md holds both tables; tests/integration/test_access.py compares it.
"""

from __future__ import annotations

import re

import pytest
from django.db import transaction

from tests.api_world import Program, body_of, operations
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def described():
    return operations()


def test_nobody_gets_further_without_a_token_than_the_public_operations(described):
    """An operation that names no security is open to all; every other asks who it is."""
    visitor = Program()
    for method, path, told in described:
        answer = visitor.send(method, re.sub(r"{\w+_id}", "0" * 20, path).replace("{", "").replace("}", ""), body_of(told))
        assert (answer.status_code == 401) == bool(told["security"]), (method, path, answer.content)


def test_a_token_reaches_only_what_its_scopes_name(described):
    """Each operation with a token that has every scope but the one it asks for."""
    from cairn.apps.people.queries import TOKEN_SCOPES

    cast = Cast()
    programs = {scope: Program(cast.educator, *(set(TOKEN_SCOPES) - {scope})) for scope in TOKEN_SCOPES}
    for method, path, told in described:
        if told["security"]:
            (scope,) = told["security"][0]["token"]
            before = transaction.savepoint()
            answer = programs[scope].send(method, cast.address(path), body_of(told, **cast.known()), etag="*")
            transaction.savepoint_rollback(before)
            assert answer.json()["code"] == "scope-missing", (method, path)
