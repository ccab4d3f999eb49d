"""More than a request may bring is refused in a sentence, by its length alone and before it is parsed."""

from __future__ import annotations

import io
import json

import pytest
from django.test import Client

from cairn.interfaces.web.sizes import EVIDENCE, LARGEST_FILE, ROWS, TALK
from tests.api_world import Program, code
from tests.learning_world import browser, root, words
from tests.routes_world import address_of, routes

pytestmark = pytest.mark.django_db
LIMIT = 5_000_000
JSON = "application/json"


def sent(client, address, length, **options):
    """A request that says how long it is; what it says never comes."""
    return client.generic("POST", address, b"", CONTENT_LENGTH=str(length), **{"wsgi.input": io.BytesIO()}, **options)


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", JSON])
def test_a_visitor_brings_at_most_five_megabytes_to_any_address(kind):
    client = Client(headers={"host": "localhost"})
    taken = [route for route, name in routes() if sent(client, address_of(route), LIMIT + 1, content_type=kind).status_code != 413]
    documents = {".well-known/did.json", "credentials/<id:credential_id>.json", "status/<int:number>"}  # which read no body at all
    assert set(taken) == {"verify/", *documents}


def test_those_who_are_known_send_as_much_as_a_film_has_and_to_their_slots_alone(world):
    actor, run = world.enrolled()
    client, program = browser(actor), Program(actor)
    taken = [name for route, name in routes() if sent(client, address_of(route), LIMIT + 1).status_code != 413]
    assert set(taken) == {"verify", *EVIDENCE, *ROWS, *TALK, "did", "credential_document", "status"}
    for address in (f"{root(run)}portfolio/plan/", f"/api/v1/enrollments/{run.pk}/files"):
        assert sent(client, address, LARGEST_FILE).status_code != 413
        assert sent(client, address, LARGEST_FILE + 1_000_001).status_code == 413
    refused = words(sent(client, f"{root(run)}portfolio/plan/", LARGEST_FILE + 1_000_001))
    assert "which is more than this page takes, so none of it was read. Go back to where you chose the files." in refused
    known = {"authorization": f"Bearer {program.secret}"}
    there = Client(headers={"host": "localhost"})
    assert sent(there, f"/api/v1/enrollments/{run.pk}/files", LARGEST_FILE, headers=known).status_code != 413


def test_it_is_told_in_a_sentence_to_people_and_to_programs():
    client = Client(headers={"host": "localhost"})
    page = sent(client, "/account/login/", LIMIT + 1)
    assert "More than 5 MB was sent where no file is taken, so none of it was read." in words(page)
    assert sent(client, "/account/login/", LIMIT + 1, headers={"accept": JSON}).json()["code"] == "request-too-large"
    assert code(sent(client, "/api/v1/verify", LIMIT + 1, content_type=JSON)) == (413, "too-large")


@pytest.mark.parametrize("length", ["-1", "5000001x", "²", "99999999999999999999999", ""])
def test_a_length_that_is_none_breaks_nothing(length):
    assert sent(Client(headers={"host": "localhost"}), "/account/login/", length).status_code in (200, 403, 413)


def form(count: int) -> str:
    return "&".join(f"a{number}=1" for number in range(count))


def test_a_form_has_at_most_two_thousand_fields():
    client, kind = Client(headers={"host": "localhost"}), "application/x-www-form-urlencoded"
    assert client.post("/account/login/", form(1_999), content_type=kind).status_code == 200
    page = client.post("/account/login/", form(2_001), content_type=kind)
    assert page.status_code == 413
    assert "More fields or files were sent than any form here has" in words(page)
    assert client.get(f"/catalog/?{form(2_001)}").status_code == 413


def test_a_form_has_at_most_a_hundred_files(world):
    actor, run = world.enrolled()
    line = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\na\r\n'
    sent = browser(actor).post(f"{root(run)}portfolio/plan/", line * 101 + b"--x--", content_type="multipart/form-data; boundary=x")
    assert sent.status_code == 413


def deep(levels: int) -> bytes:
    return b'{"credential":' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"


@pytest.mark.parametrize("levels", [66, 500, 990, 100_000])
def test_json_is_nested_no_deeper_than_any_credential(levels):
    client = Client(headers={"host": "localhost"})
    assert code(client.post("/api/v1/verify", deep(levels), content_type=JSON)) == (400, "not-json")
    assert client.post("/verify/", {"text": deep(levels).decode()}).status_code == 200  # "Do not rely on it"


def test_json_within_bounds_is_read():
    answer = Client(headers={"host": "localhost"}).post("/api/v1/verify", json.dumps({"credential": {"a": [{"b": []}]}}), content_type=JSON)
    assert answer.status_code == 200
