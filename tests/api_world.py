"""What tests of the API share: a program with a token, and every operation asked with real things in place of those of its example."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cairn.apps.people import commands, queries
from cairn.apps.people.queries import TOKEN_SCOPES
from cairn.kernel import clock
from cairn.kernel.ids import new_id
from tests import files_world

ROOT = "/api/v1"
PROBLEM = "application/problem+json"


def token(actor, *scopes, days=30, shown_second_step=True) -> str:
    """The secret of a new token of the person's; without scopes it has all of them."""
    secret = queries.new_secret(actor)
    commands.make_token(
        actor=actor, name="Tests", scopes=scopes or list(TOKEN_SCOPES), expires_at=clock.now() + timedelta(days=days), secret=secret,
        shown_second_step=shown_second_step,
    )  # fmt: skip
    return secret


class Program:
    """Speaks for one person, or for nobody. Each write has a new key unless one is given."""

    def __init__(self, actor=None, *scopes, secret="", **options) -> None:
        self.client = Client(headers={"host": "localhost"}, **options)
        self.secret = secret or (token(actor, *scopes) if actor else "")

    def send(self, method: str, path: str, body: Any = None, *, key: str | None = None, etag: str = "", **headers: str):
        told = {"authorization": f"Bearer {self.secret}"} if self.secret else {}
        if method != "GET":
            told["idempotency-key"] = str(new_id()) if key is None else key
        if etag:
            told["if-match"] = etag
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(body, Upload):
            return self.client.generic(method, path_of(path), **body.as_sent(), headers=told)
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return self.client.generic(method, path_of(path), data, content_type="application/json" if body is not None else "", headers=told)

    def get(self, path: str, **headers: str):
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **options):
        return self.send("POST", path, body, **options)

    def put(self, path: str, body: Any = None, **options):
        return self.send("PUT", path, body, **options)

    def delete(self, path: str, **options):
        return self.send("DELETE", path, **options)

    def read(self, path: str) -> Any:
        answer = self.get(path)
        assert answer.status_code == 200, answer.content
        return answer.json()


class Upload:
    """A form with a slot and a file, and other parts in addition or in place of them."""

    def __init__(self, slot: str = "plan", data: bytes | None = None, name: str = "plan.pdf", **parts: Any) -> None:
        self.slot, self.name, self.data, self.parts = slot, name, files_world.make_pdf(2) if data is None else data, parts

    def as_sent(self) -> dict[str, Any]:
        from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

        form = {"slot": self.slot, "file": SimpleUploadedFile(self.name, self.data), **self.parts}
        return {"data": encode_multipart(BOUNDARY, form), "content_type": MULTIPART_CONTENT}


def path_of(path: str) -> str:
    return path if path.startswith("/api") else f"{ROOT}/{path.lstrip('/')}"


def code(answer) -> tuple[int, str]:
    """Status and stable code of a refusal."""
    assert answer["Content-Type"] == PROBLEM, answer.content
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["message"]
    assert told["remedy"]
    return answer.status_code, told["code"]


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of each, as /api/v1/openapi.json has them."""
    described = Client(headers={"host": "localhost"}).get(f"{ROOT}/openapi.json").json()
    return [(method.upper(), path, told) for path, methods in described["paths"].items() for method, told in methods.items()]


def body_of(told: dict[str, Any], **known: Any) -> Any:
    """The example of what an operation takes, with known things in it; an upload where it takes a file."""
    content = told.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        return Upload()
    if not content:
        return None
    example = content["application/json"]["example"]
    return {name: known.get(name, value) for name, value in example.items()}
