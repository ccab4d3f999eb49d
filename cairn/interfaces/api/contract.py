"""The description of all routes (OpenAPI 3.1): ninja writes down the shapes; added here is what every route of a kind promises.

Security, keys and versions, refusals as problem details, limits, and an example wherever something is sent or answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from ninja import NinjaAPI

from cairn.apps.people.queries import TOKEN_SCOPES
from cairn.interfaces.api.frame import CONTRACTS, Contract
from cairn.interfaces.api.problems import TYPE
from cairn.interfaces.api.shapes.problems import EXAMPLES, ProblemShown, StaleShown, example
from cairn.interfaces.api.versions import FIELD

Node = dict[str, Any]
ABOUT = """The whole main job for programs: the same commands and the same visibility as the pages of this site.

- **Who asks**: `Authorization: Bearer` with a token that its person made under *Your account*, with scopes and a last day; or a signed-in
  session, which also sends its form token. A role that ends is gone with the next request.
- **Writes** carry `Idempotency-Key`. Sent again with the same key, version and content, a request is answered as the first time and done
  once.
- **Drafts** bear an `ETag`; a change names the one it was made from in `If-Match`. Where another was first the answer is 412, with
  `current`.
- **Lists** come in pages; `next` leads to the following one.
- **Refusals** are problem details (RFC 9457) with a stable `code`, a sentence, and the remedy. What does not exist and what is not yours to
  know of look the same: 404.
- **Limits**: so many requests a minute for each person, and for each address of strangers; the headers say how many are left.

Scopes: """
HEADERS: Mapping[str, Node] = {
    "RateLimit": {"description": "What is left of this minute.", "schema": {"type": "string"}, "example": '"person";r=599;t=42'},
    "RateLimit-Policy": {"description": "How many requests a minute.", "schema": {"type": "string"}, "example": '"person";q=600;w=60'},
    "ETag": {"description": "The version of this draft.", "schema": {"type": "string"}, "example": '"3"'},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}, "example": 42},
    "WWW-Authenticate": {"description": "What is missing.", "schema": {"type": "string"}, "example": 'Bearer error="invalid_token"'},
    "Idempotency-Replayed": {"description": "There where this is the first answer again.", "schema": {"const": "true"}, "example": "true"},
}
KEY = {
    "name": "Idempotency-Key", "in": "header", "required": True, "example": "0b0f5f6e-6d6c-4c52-9a6e-3f1d2b0a9c11",
    "description": "The sender's own name for this request. The same again, with the same content, is answered as the first time.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,80}$"},
}  # fmt: skip
VERSION = {
    "name": "If-Match", "in": "header", "required": True, "example": '"3"',
    "description": "The ETag of the version that was read.", "schema": {"type": "string", "pattern": FIELD},
}  # fmt: skip


def description(api: NinjaAPI) -> Node:
    schema: Node = dict(api.get_openapi_schema(path_prefix="/api/v1/"))
    shapes: Node = schema["components"]["schemas"]
    for shape in (ProblemShown, StaleShown):
        shapes[shape.__name__] = shape.model_json_schema(ref_template="#/components/schemas/{model}")
    for methods in schema["paths"].values():
        for operation in methods.values():
            _complete(operation, CONTRACTS[operation["operationId"]], shapes)
    schema["info"]["description"] = (
        ABOUT + "; ".join(f"`{scope}` ({about[0].lower()}{about[1:]})" for scope, about in TOKEN_SCOPES.items()) + "."
    )
    schema["servers"] = [{"url": "/", "description": "This site."}]
    schema["components"] |= {"securitySchemes": _security(), "headers": dict(HEADERS), "responses": _problems()}
    return schema


def _security() -> Node:
    return {
        "token": {"type": "http", "scheme": "bearer", "description": "A token made under Your account. Scopes limit it, roles do too."},
        "session": {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME, "description": "Whoever is signed in here."},
        "form": {"type": "apiKey", "in": "header", "name": "X-CSRFToken", "description": "The session's form token, for what is not safe."},
    }


def _complete(operation: Node, contract: Contract, shapes: Node) -> None:
    session: Node = {"session": [], "form": []} if contract.is_write else {"session": []}
    operation["security"] = [{"token": [contract.scope]}, session] if contract.scope else []
    summary, _, more = operation.pop("description", "").partition("\n")
    operation["summary"] = summary.rstrip(".")
    if more.strip():
        operation["description"] = more.strip()
    for parameter in operation["parameters"]:
        parameter.pop("examples", None)
        parameter["example"] = _example(parameter["schema"], shapes)
    if contract.is_write:
        operation["parameters"].append(KEY)
    is_change = contract.is_draft and contract.is_write and 201 not in operation["responses"]
    if is_change:
        operation["parameters"].append(VERSION)
    for content in operation.get("requestBody", {}).get("content", {}).values():
        content["example"] = _example(content["schema"], shapes)
    operation["responses"] = _responses(operation, contract, is_change, shapes)


def _responses(operation: Node, contract: Contract, is_change: bool, shapes: Node) -> Node:
    found: Node = {}
    for status, response in operation["responses"].items():
        for content in response.get("content", {}).values():
            content["example"] = _example(content["schema"], shapes)
        own = (["ETag"] if contract.is_draft else []) + (["Idempotency-Replayed"] if contract.is_write else [])
        found[str(status)] = response | {"headers": _headers(*own)}
    for status in _refusals(operation, contract, is_change):
        found[str(status)] = {"$ref": f"#/components/responses/{_refused(status)}"}
    return found


def _refused(status: int) -> str:
    return HTTPStatus(status).name.title().replace("_", "")


def _problems() -> Node:
    """One answer for each status that refuses, which the operations name."""
    own = {401: ["WWW-Authenticate"], 409: ["Retry-After"], 412: ["ETag"], 429: ["Retry-After"]}
    return {
        _refused(status): {
            "description": HTTPStatus(status).phrase, "headers": _headers(*own.get(status, [])),
            "content": {TYPE: {"schema": {"$ref": f"#/components/schemas/{_shape(status)}"}, "example": example(status)}},
        }
        for status in EXAMPLES
    }  # fmt: skip


def _shape(status: int) -> str:
    return StaleShown.__name__ if status == 412 else ProblemShown.__name__


def _headers(*own: str) -> Node:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in ("RateLimit", "RateLimit-Policy", *own)}


def _refusals(operation: Node, contract: Contract, is_change: bool) -> list[int]:
    """A token that does not work is told to be so even where none is asked for."""
    found = {401, 404, 406, 422, 429}
    if contract.scope:
        found |= {403}
    if contract.is_write:
        found |= {400, 403, 409}
    if "requestBody" in operation:
        found |= {400, 411, 413, 415}
    return sorted(found | ({412, 428} if is_change else set()))


def _example(node: Node, shapes: Node) -> Any:
    """The example that a shape brings along, or one put together from those of its fields."""
    if "$ref" in node:
        return _example(shapes[node["$ref"].rpartition("/")[2]], shapes)
    if node.get("examples"):
        return node["examples"][0]
    for known in ("const", "default"):
        if known in node:
            return node[known]
    if "enum" in node:
        return node["enum"][0]
    if "anyOf" in node:
        return _example(node["anyOf"][0], shapes)
    if "properties" in node:
        return {name: _example(each, shapes) for name, each in node["properties"].items()}
    if node.get("type") == "array":
        return [_example(node["items"], shapes)]
    return {"integer": 1, "number": 1.0, "boolean": True, "object": {}, "null": None}.get(node.get("type", ""), "text")
