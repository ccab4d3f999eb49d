"""Every "no" as problem details (RFC 9457): status, code, message, remedy, and a sentence for each wrong field.

Not here: deciding to refuse (commands and queries do), and what Django refuses before a route is reached (middleware).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja.errors import HttpError, ValidationError

from cairn.frame.actor import VISITOR
from cairn.kernel.errors import Forbidden, NotFound, NotYet, Refused

TYPE = "application/problem+json"
LATER = "30"  # seconds until what is possible later, by itself, is worth another try
AGAIN = "request-key-reused"  # the ledger says Conflict, since a page can be loaded anew; a program sent something else than before


SENTENCES = {
    "missing": "This is missing.", "extra_forbidden": "There is no such field.", "model_attributes_type": "This should be an object.",
    "string_type": "This should be text.", "string_unicode": "This is not Unicode.", "int_parsing": "This should be a whole number.",
    "string_pattern_mismatch": "This has another form than /api/v1/openapi.json describes.",
}  # fmt: skip


class Problem(Refused):
    """A refusal of this face alone, with its own status and headers."""

    def __init__(self, status: int, code: str, message: str, remedy: str, fields: Mapping[str, str] | None = None, **headers: str) -> None:
        super().__init__(code, message, remedy, fields)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class Stale(Refused):
    """What was to be changed is no longer what the writer read; `current` is what stands there now."""

    status = 412

    def __init__(self, current: Mapping[str, Any], revision: int) -> None:
        super().__init__(
            "changed-elsewhere", "This was changed since you read it.", "Compare it with `current`, and send yours over its ETag."
        )
        self.current = current
        self.revision = revision


def answer(refusal: Refused) -> HttpResponse:
    status = 422 if refusal.code == AGAIN else refusal.status
    told: dict[str, Any] = {
        "type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": str(refusal), "code": refusal.code,
        "message": refusal.message, "remedy": refusal.remedy,
    }  # fmt: skip
    headers = dict(getattr(refusal, "headers", {}))
    if isinstance(refusal, NotYet):
        headers["Retry-After"] = LATER
    if refusal.fields:
        told["fields"] = dict(refusal.fields)
    if isinstance(refusal, Stale):
        told["current"], headers["ETag"] = refusal.current, f'"{refusal.revision}"'
    return JsonResponse(told, status=status, content_type=TYPE, headers=headers)


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """What a role would open that is withheld is no secret to its holder."""
    withheld = getattr(request, "actor", VISITOR).withheld
    return answer(_second_step_first(withheld) if withheld and refusal.status in (403, 404) else refusal)


def _second_step_first(roles: tuple[str, ...]) -> Forbidden:
    what = f"What you do as {' and '.join(roles)} asks for a second step at sign-in, which was not shown."
    return Forbidden("second-step-missing", what, "Sign in with it; a token is then made anew.")


def not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What the shapes of a request did not let through; an id that cannot be one is an unknown one."""
    if any(wrong["loc"][0] == "path" for wrong in error.errors):
        return answer(NotFound("thing"))
    fields = {_field(wrong["loc"]): _sentence(wrong) for wrong in error.errors}
    return answer(Problem(422, "not-valid", "Some of this request is not as it should be.", "Correct the fields that are named.", fields))


def _field(loc: Iterable[Any]) -> str:
    """body.body.text -> text: where it stands in what was sent, without what cannot be said in UTF-8."""
    parts = [str(part).encode("utf-8", "replace").decode() for part in loc]
    return ".".join(parts[2:] if parts[0] == "body" else parts[1:]) or parts[0]


def _sentence(wrong: Mapping[str, Any]) -> str:
    return SENTENCES.get(wrong["type"]) or f"{wrong['msg'].removeprefix('Value error, ')}."


def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    remedy = "Send one JSON object in UTF-8, each name once, not nested deep."
    return answer(Problem(400, "not-json", "The body of this request is not JSON.", remedy))
