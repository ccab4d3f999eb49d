"""What the API does not take: every refusal is a problem with code, message and remedy, and nothing is changed."""

from __future__ import annotations

import json

import pytest

from cairn.apps.portfolio.models import Writing
from tests.api_world import Program, Upload, code
from tests.learning_world import browser, upload

pytestmark = pytest.mark.django_db
PROFILE = {"name": "Dana Whitfield", "time_zone": "America/Chicago", "shows_name": True}


@pytest.fixture
def dana(world):
    return Program(world.person("Dana Whitfield"))


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({**PROFILE, "role": "operator"}, "role"),
        ({**PROFILE, "name": "Da\0na"}, "name"),
        ({**PROFILE, "name": "x" * 121}, "name"),
        ({**PROFILE, "name": ""}, "name"),
        ({**PROFILE, "name": 7}, "name"),
        ({**PROFILE, "shows_name": "true"}, "shows_name"),
        ({**PROFILE, "time_zone": "Mars/Olympus"}, "time_zone"),
        ({"name": "Dana"}, "time_zone"),
    ],
)
def test_fields_that_are_unknown_missing_too_long_or_of_another_type_are_named(dana, sent, field):
    answer = dana.put("/me/profile", sent)
    assert code(answer)[0] == 422
    assert field in answer.json()["fields"]
    assert dana.read("/me")["name"] == "Dana Whitfield"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"", 415),
        (b"[]", 422),
        (b"null", 422),
        (b'{"name": "A", "name": "B"}', 400),
        (b'{"name": NaN}', 400),
        (b'{"name": "\xff"}', 400),
        (json.dumps(PROFILE).encode("utf-16"), 400),
        (json.dumps(PROFILE).encode("utf-8-sig"), 400),
        (b"[" * 100_000, 400),
        (b'{"name": ' + b"9" * 5000 + b"}", 400),
        (b'{"name": "\\ud800", "time_zone": "America/Chicago", "shows_name": true}', 422),
        (b'{"\\ud800": 1, "name": "A", "time_zone": "America/Chicago", "shows_name": true}', 422),
    ],
)
def test_a_body_that_two_readers_could_read_differently_is_not_read_at_all(dana, body, status):
    answer = dana.put("/me/profile", body)
    assert code(answer)[0] == status
    answer.content.decode()


def test_a_body_of_another_type_is_refused(dana):
    headers = {"authorization": f"Bearer {dana.secret}", "idempotency-key": "k"}
    answer = dana.client.put("/api/v1/me/profile", "name=A", content_type="application/x-www-form-urlencoded", headers=headers)
    assert code(answer) == (415, "wrong-content-type")


def test_a_body_where_none_is_read_is_refused(world, dana):
    enrollment = dana.post("/enrollments", {"offering": world.offering.pk}).json()["id"]
    assert code(dana.post(f"/enrollments/{enrollment}/withdraw", {"reason": "x"})) == (422, "no-body-here")
    assert dana.post(f"/enrollments/{enrollment}/withdraw", {}).status_code == 200


def test_a_body_larger_than_is_taken_is_not_read(dana, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert code(dana.put("/me/profile", {**PROFILE, "name": "x" * 2000})) == (413, "too-large")
    answer = dana.client.generic("POST", "/api/v1/me", b"", CONTENT_LENGTH="99999999999", headers={"idempotency-key": "k"})
    assert code(answer) == (413, "too-large")


def test_a_body_of_unknown_length_is_not_read(dana):
    assert code(dana.put("/me/profile", PROFILE, transfer_encoding="chunked")) == (411, "length-missing")
    assert dana.get("/me", transfer_encoding="chunked").status_code == 200


@pytest.mark.parametrize(
    "query", ["?page=2", "?limit=0", "?limit=101", "?limit=ten", "?limit=1&limit=2", "?cursor=%00", "?cursor=abc", "?%FF=1"]
)
def test_parameters_that_are_unknown_or_wrong_are_named(dana, query):
    answer = dana.get(f"/me/tokens{query}")
    assert code(answer)[0] == 422
    assert answer.json()["fields"]


@pytest.mark.parametrize(
    "path",
    ["/", "/me/", "/nothing", "/enrollments/short", "/enrollments/UPPERCASEUPPERCASE00", "/enrollments/%00", "/catalog/a%2Fb",
     "/catalog/%ED%A0%80", "/enrollments/00000000000000000000", "/catalog/no-such-thing", "/api/", "/api/v2/me"],
)  # fmt: skip
def test_what_is_not_there_is_one_and_the_same_no(dana, path):
    assert code(dana.get(path))[0] == 404


def test_what_belongs_to_another_is_answered_as_if_it_were_not_there(world, dana):
    _, enrollment = world.enrolled()
    for path in ("", "/check", "/attempts", "/feedback", "/files", "/citations"):
        assert code(dana.get(f"/enrollments/{enrollment.pk}{path}")) == (404, "not-found")


def test_a_method_that_is_not_taken_is_told_which_are(dana):
    for method in ("POST", "PATCH", "DELETE", "TRACE"):
        answer = dana.send(method, "/me")
        assert code(answer) == (405, "method-not-allowed")
        assert answer["Allow"] == "GET, HEAD, OPTIONS"
    assert dana.send("PATCH", "/enrollments")["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_head_is_answered_as_get_is_without_a_body(dana):
    for path in ("/me", "/catalog", "/openapi.json", "/catalog/no-such-thing", "/nothing"):
        get, head = dana.get(path), dana.send("HEAD", path)
        assert (get.status_code, get["Content-Type"]) == (head.status_code, head["Content-Type"])
        assert head.content == b""
    assert dana.send("HEAD", "/scoring/comments/00000000000000000000").status_code == 405


def test_options_says_what_an_address_takes(dana):
    for path, methods in (("/me", "GET, HEAD, OPTIONS"), ("/scoring/comments", "GET, HEAD, OPTIONS, POST"), ("/verify", "OPTIONS, POST")):
        answer = dana.send("OPTIONS", path)
        assert (answer.status_code, answer["Allow"], answer.content) == (204, methods, b"")
    assert code(dana.send("OPTIONS", "/nothing")) == (404, "address-unknown")


@pytest.mark.parametrize(
    ("accept", "status"),
    [("application/json", 200), ("*/*", 200), ("text/html, */*;q=0.1", 200), ("application/problem+json", 200), ("", 200),
     ("text/html", 406), ("application/xml, text/*;q=0.5", 406), ("application/json;q=0", 406), ("json", 406)],
)  # fmt: skip
def test_whoever_reads_no_json_is_told_that_this_is_all_there_is(dana, accept, status):
    answer = dana.get("/me", accept=accept)
    assert answer.status_code == status
    if status == 406:
        assert code(answer) == (406, "not-acceptable")


def test_text_as_long_as_the_page_takes_is_taken_and_one_more_is_not(world, dana):
    enrollment = dana.post("/enrollments", {"offering": world.offering.pk}).json()["id"]
    prompt = dana.read(f"/enrollments/{enrollment}")["parts"][0]["narratives"][0]["prompt"]
    path = f"/enrollments/{enrollment}/narratives/{prompt}"
    assert code(dana.put(path, {"text": "x" * 60_001}, etag='"0"'))[0] == 422
    assert Writing.objects.count() == 0
    assert dana.put(path, {"text": "x" * 60_000}, etag='"0"').status_code == 200


@pytest.mark.parametrize("data", [b"", b"MZ\x90\0not a document", b"<html><script>alert(1)</script>"])
def test_a_file_that_cannot_be_evidence_is_refused_as_on_the_page(world, dana, data):
    enrollment = dana.post("/enrollments", {"offering": world.offering.pk}).json()["id"]
    assert code(dana.post(f"/enrollments/{enrollment}/files", Upload(data=data)))[0] == 422
    assert dana.read(f"/enrollments/{enrollment}/files")["items"] == []


def test_a_form_with_a_part_too_many_is_refused_and_nothing_is_kept(world, dana):
    files = f"/enrollments/{dana.post('/enrollments', {'offering': world.offering.pk}).json()['id']}/files"
    for more in ({"title": "Plan"}, {"slot": ["plan", "plan"]}, {"file": [upload("a.pdf"), upload("b.pdf")]}):
        answer = dana.post(files, Upload(**more))
        assert code(answer) == (422, "not-valid")
        assert list(answer.json()["fields"]) == list(more)
    assert dana.read(files)["items"] == []


def test_a_form_that_is_cut_off_is_refused(world, dana):
    enrollment = dana.post("/enrollments", {"offering": world.offering.pk}).json()["id"]
    headers = {"authorization": f"Bearer {dana.secret}", "idempotency-key": "cut"}
    for kind in ("multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x"):
        answer = dana.client.generic("POST", f"/api/v1/enrollments/{enrollment}/files", b"--y\r\n", content_type=kind, headers=headers)
        assert code(answer)[0] in (400, 422)


# --- Who asks ------------------------------------------------------------------------------------------------------


def test_whoever_is_signed_in_reads_as_on_the_pages(world):
    assert browser(world.person("Dana Whitfield")).get("/api/v1/me").json()["scopes"] is None


def test_a_signed_in_session_writes_with_its_form_token_and_not_without(world):
    client = browser(world.person("Dana Whitfield"), enforce_csrf_checks=True)
    sent = {"content_type": "application/json", "headers": {"idempotency-key": "k"}}
    assert code(client.put("/api/v1/me/profile", json.dumps(PROFILE), **sent)) == (403, "csrf-missing")
    client.get("/account/tokens/")
    sent["headers"]["x-csrftoken"] = client.cookies["csrf"].value
    assert client.put("/api/v1/me/profile", json.dumps(PROFILE), **sent).status_code == 200


def test_a_token_goes_before_a_session(world):
    client = browser(world.person("Dana Whitfield"))
    secret = Program(world.person("Other Stone")).secret
    assert client.get("/api/v1/me", headers={"authorization": f"Bearer {secret}"}).json()["name"] == "Other Stone"
    assert client.get("/api/v1/me", headers={"authorization": "Bearer wrong"}).status_code == 401


def test_answers_are_kept_by_nobody_and_may_not_be_framed_or_sniffed(dana):
    answer = dana.get("/me")
    assert answer["Cache-Control"] == "no-store"
    assert {"Authorization", "Cookie"} <= {name.strip() for name in answer["Vary"].split(",")}
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert not answer.cookies


def test_our_own_mistake_is_told_as_a_problem_too(dana, monkeypatch):
    from cairn.apps.people import queries

    monkeypatch.setattr(queries, "me", lambda viewer: 1 / 0)
    dana.client.raise_request_exception = False
    assert code(dana.get("/me")) == (500, "broken")
