"""Who gets in where through the API without a token, and without the scope. By role and relation: test_access."""

from __future__ import annotations

import re

import pytest

from cairn.apps.people.queries import TOKEN_SCOPES
from tests.api_world import Program, body_of, operations

pytestmark = pytest.mark.django_db


def of_nothing(path: str) -> str:
    """The path with ids that nothing bears."""
    return re.sub(r"{\w+_id}", "0" * 20, path).replace("{", "").replace("}", "")


def test_nobody_gets_further_without_a_token_than_the_public_operations():
    """An operation that names no security is open to all; every other asks who it is."""
    visitor = Program()
    for method, path, told in operations():
        answer = visitor.send(method, of_nothing(path), body_of(told))
        assert (answer.status_code == 401) == bool(told["security"]), (method, path, answer.content)


def test_a_token_reaches_only_what_its_scopes_name(world):
    """Each operation with a token that has every scope but the one it asks for: refused before anything is looked up."""
    programs = {scope: Program(world.person(), *(set(TOKEN_SCOPES) - {scope})) for scope in TOKEN_SCOPES}
    for method, path, told in operations():
        if told["security"]:
            (scope,) = told["security"][0]["token"]
            answer = programs[scope].send(method, of_nothing(path), body_of(told), etag="*")
            assert answer.json()["code"] == "scope-missing", (method, path)
