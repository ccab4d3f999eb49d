"""The description of the API is true: other people's software (Schemathesis) makes up requests from it, good ones and bad ones, and no
answer breaks a promise.

CAIRN_SOAK_CASES says how many requests `make soak` sends, 20,000 unless set otherwise.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from contextlib import suppress
from itertools import product

import jsonschema
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from tests import faults
from tests.api_world import Program, operations
from tests.cast import Cast

pytestmark = pytest.mark.django_db
A_FEW, SOME, MANY = 50, 1_000, int(os.environ.get("CAIRN_SOAK_CASES", "20000"))
ROUND = 4_000  # requests made up from one seed
load_all_checks()
HELD = CHECKS.get_by_names(
    ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
     "response_schema_conformance", "negative_data_rejection", "missing_required_header", "unsupported_method"]
)  # fmt: skip


@pytest.fixture
def description(settings):
    settings.API_RATE = 0
    return Program().read("/openapi.json")


# --- By itself -----------------------------------------------------------------------------------------------------


def test_it_is_openapi_3_1(description):
    assert description["openapi"].startswith("3.1")
    assert [str(error) for error in OPENAPI_31_VALIDATOR.iter_errors(description)] == []


def test_every_reference_in_it_leads_somewhere(description):
    def references(node):
        if isinstance(node, dict):
            yield from [node["$ref"]] if "$ref" in node else []
            yield from (found for value in node.values() for found in references(value))
        if isinstance(node, list):
            yield from (found for value in node for found in references(value))

    for reference in set(references(description)):
        place = description
        for name in reference.removeprefix("#/").split("/"):
            place = place[name]


def _contents(description):
    """Where, and what: everything that is sent or answered."""
    for method, path, told in operations():
        if "requestBody" in told:
            yield f"{method} {path}", told["requestBody"]["content"]
        for status, answer in told["responses"].items():
            if "$ref" not in answer and "content" in answer:
                yield f"{method} {path} {status}", answer["content"]
    for status, answer in description["components"]["responses"].items():
        yield status, answer["content"]


def test_every_operation_shows_examples_that_are_what_it_says(description):
    shown = 0
    for where, content in _contents(description):
        for kind, told in content.items():
            assert "example" in told, f"{where} has no example"
            schema = {"components": description["components"], **told["schema"]}
            if kind != "multipart/form-data":
                jsonschema.Draft202012Validator(schema).validate(told["example"])
            shown += 1
    assert shown > len(operations())


def test_every_operation_says_who_may_ask_and_what_is_refused(description):
    scopes = set(description["info"]["description"].split("Scopes: ")[1].split("`")[1::2])
    for method, path, told in operations():
        if told["security"]:
            assert set(told["security"][0]["token"]) <= scopes
            assert "403" in told["responses"]
        headers = [parameter["name"] for parameter in told["parameters"] if parameter["in"] == "header"]
        assert ("Idempotency-Key" in headers) == (method != "GET" and path != "/api/v1/verify")
        assert {"401", "404", "422", "429"} <= set(told["responses"])


# --- Held to it ----------------------------------------------------------------------------------------------------


def _whole(application):
    """Each answer is read to its end and closed, whatever the sender does with it."""

    def answer(environ, start_response):
        body = application(environ, start_response)
        try:
            return [b"".join(body)]
        finally:
            body.close()

    return answer


class Caller:
    """Sends made-up requests as anybody of the cast; what a request changed is undone after it."""

    def __init__(self) -> None:
        self.cast = Cast()
        self.tokens = [Program(member).secret for name, member in self.cast.members.items() if name != "visitor"]
        self.schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", _whole(get_wsgi_application()), headers={"Host": "localhost"})
        self.sent, self.rounds, self.answers = 0, 0, Counter()

    def hold(self, cases: int, *, kinds: int = 4) -> None:
        """At least so many requests, `kinds` of each operation's: good and bad ones, to real things and to made-up ones."""
        listed = [operation.ok() for operation in self.schema.get_all_operations()]
        every = list(product(schemathesis.GenerationMode, (True, False)))
        while self.sent < cases:
            before, self.rounds = self.sent, self.rounds + 1
            for number, operation in enumerate(listed):
                for mode, to_real_things in (every[number % 4 :] + every[: number % 4])[:kinds]:
                    most = max(1, min(cases, ROUND) // (kinds * len(listed)))
                    self._hold(operation, mode, most, self._real(operation) if to_real_things else None)
            assert self.sent > before

    def _real(self, operation):
        """The educator's own things in place of ids that are made up."""
        places = zip(operation.path.split("/"), self.cast.address(operation.path).split("/"), strict=True)
        return {name.strip("{}"): thing for name, thing in places if name.startswith("{")}

    def _hold(self, operation, mode, cases, path_parameters):
        strategy = operation.as_strategy(mode, path_parameters=path_parameters)

        @seed(1000 * self.rounds + len(operation.path))
        @settings(max_examples=cases, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        @given(case=strategy)
        def sent(case):
            self._send(case, mode)

        with suppress(Unsatisfiable):  # where all is given, nothing is left to be wrong
            sent()

    def _send(self, case, mode):
        self.sent += 1
        if "Idempotency-Key" in (case.headers or {}) and mode == schemathesis.GenerationMode.POSITIVE:
            case.headers["Idempotency-Key"] = f"case-{self.sent}"
        if isinstance(case.body, dict) and mode == schemathesis.GenerationMode.POSITIVE and self.sent % 2:
            known = self.cast.known()
            case.body = {name: known.get(name, value) for name, value in case.body.items()}
        headers = {"Authorization": f"Bearer {random.Random(self.sent).choice(self.tokens)}", "Host": "localhost"}
        before = transaction.savepoint()
        try:
            response = case.call(headers=headers)
        finally:
            transaction.savepoint_rollback(before)
            transaction.savepoint_commit(before)  # rolled back to it is still there, and PostgreSQL keeps a lock for each
        self.answers[response.status_code // 100] += 1
        case.validate_response(response, checks=HELD, headers=headers)


@pytest.fixture
def caller(description):
    """A server in this process keeps the test's connection, as Django's own test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield Caller()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_a_few_made_up_requests_meet_what_is_promised(caller):
    caller.hold(A_FEW, kinds=1)


@pytest.mark.long
def test_more_made_up_requests_meet_what_is_promised(caller):
    caller.hold(SOME)


@pytest.mark.soak
def test_many_made_up_requests_meet_what_is_promised(caller):
    caller.hold(MANY)
    faults.told("requests made up", sent=caller.sent, done=caller.answers[2], refused=caller.answers[4])
