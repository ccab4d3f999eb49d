"""Refusals as they are answered (RFC 9457), with an example for each status."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Literal

from pydantic import BaseModel

# Status: code, message, remedy. Every code of a status looks like these.
EXAMPLES: Mapping[int, tuple[str, str, str]] = {
    400: ("key-missing", "A request that changes something needs a key of its own.", "Send Idempotency-Key."),
    401: ("token-unknown", "This token does not work: it is unknown, has run out, or was revoked.", "Make a new one on your account page."),
    403: ("scope-missing", "This token is not for portfolio:write.", "Make a token with the scope portfolio:write."),
    404: ("not-found", "There is no such enrollment.", "Check the address, or start from your home page."),
    406: ("not-acceptable", "Answers are application/json here.", "Send Accept: application/json, or leave it out."),
    409: ("already-submitted", "This attempt was submitted, so it can no longer change.", "Reload the page to see where it stands."),
    411: ("length-missing", "The length of a body has to be known beforehand.", "Send Content-Length."),
    412: ("changed-elsewhere", "This was changed since you read it.", "Compare it with `current`, and send yours over its ETag."),
    413: ("too-large", "A body has at most 5 MB here.", "Shorten it."),
    415: ("wrong-content-type", "This takes application/json.", "Send Content-Type: application/json."),
    422: ("page-unknown", "This file has pages 1 to 2.", "Give a page that is in it."),
    428: ("version-missing", "A draft is changed over the version that you read.", "Read it, and send its ETag as If-Match."),
    429: ("too-many-requests", "More than 600 requests came within a minute.", "Wait 42 seconds."),
}


class ProblemShown(BaseModel):
    """Why nothing was done. `code` stays the same for ever; `fields` holds a sentence for each wrong field."""

    type: Literal["about:blank"]
    title: str
    status: int
    detail: str
    code: str
    message: str
    remedy: str
    fields: dict[str, str] = {}


class StaleShown(ProblemShown):
    """Another was first; `current` is what stands there now, in the shape that reading it has."""

    current: dict[str, Any]


def example(status: int) -> dict[str, Any]:
    code, message, remedy = EXAMPLES[status]
    told: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": f"{message} {remedy}"}
    more: dict[int, dict[str, Any]] = {
        412: {"current": {"text": "We are three hundred.", "revision": 4}},
        422: {"fields": {"page": message}},
    }
    return {**told, "code": code, "message": message, "remedy": remedy, **more.get(status, {})}
