"""What every route passes, in one place: who asks, how often, for what; and a write is done once however often it is sent.

`Routes` is how a capability lists its routes; each says in one line what it takes, what it answers, and which scope it asks for.
Not here: describing them (contract).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Router
from ninja.operation import Operation

from cairn.apps.portfolio import outward
from cairn.frame.actor import Actor
from cairn.interfaces.api import identifying, limits, problems, replaying
from cairn.interfaces.api.problems import Problem
from cairn.kernel.errors import Refused

F = TypeVar("F", bound=Callable[..., Any])
ANSWER = "application/json"
BODIES = {"body": "application/json", "form": "multipart/form-data", "file": "multipart/form-data"}


class Request(HttpRequest):
    """A request that has come so far: `actor` asks, through the token or session that `owner` names, for no more than `scopes`."""

    actor: Actor
    owner: str
    scopes: frozenset[str] | None


@dataclass(frozen=True)
class Contract:
    """What a route promises beside its shapes. `is_draft`: a version is answered, and asked for where it is changed."""

    scope: str
    is_write: bool
    is_draft: bool


CONTRACTS: dict[str, Contract] = {}  # by the name of the route's function, which is its operationId


class Routes:
    """The routes of one capability."""

    def __init__(self, tag: str) -> None:
        self.router = Router(tags=[tag])

    def get(self, path: str, shows: Any, *, scope: str = "", is_draft: bool = False) -> Callable[[F], F]:
        return self._add("GET", path, {200: shows}, Contract(scope, False, is_draft))

    def post(self, path: str, shows: Any, *, scope: str, status: int = 201, is_draft: bool = False, waits: Any = None) -> Callable[[F], F]:
        """`waits` is what is answered, with 202, where it happens later by itself."""
        return self._add("POST", path, {status: shows, **({202: waits} if waits else {})}, Contract(scope, True, is_draft))

    def put(self, path: str, shows: Any, *, scope: str, is_draft: bool = False) -> Callable[[F], F]:
        return self._add("PUT", path, {200: shows}, Contract(scope, True, is_draft))

    def delete(self, path: str, *, scope: str) -> Callable[[F], F]:
        return self._add("DELETE", path, {204: None}, Contract(scope, True, False))

    def ask(self, path: str, shows: Any) -> Callable[[F], F]:
        """A POST that changes nothing: what is asked about is too long for an address."""
        return self._add("POST", path, {200: shows}, Contract("", False, False))

    def _add(self, method: str, path: str, shows: dict[int, Any], contract: Contract) -> Callable[[F], F]:
        def add(function: F) -> F:
            if CONTRACTS.setdefault(function.__name__, contract) is not contract:
                raise ValueError(f"Two routes are called {function.__name__}.")
            address = re.sub(r"\{(\w+_id)\}", r"{id:\1}", path)  # no other text reaches a query
            self.router.add_api_operation(address, [method], function, response=shows, url_name=_name(path))
            return function

        return add


def _name(path: str) -> str:
    """/enrollments/{enrollment_id}/submit -> api-enrollments-one-submit"""
    return "-".join(["api", *("one" if piece.startswith("{") else re.sub(r"\W", "-", piece) for piece in path.strip("/").split("/"))])


def guarded(run: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Around each operation, before anything of the request is read as a shape."""
    operation = cast(Operation, run.__self__)  # type: ignore[attr-defined]
    contract = CONTRACTS[operation.view_func.__name__]

    @wraps(run)
    def view(request: Request, **ids: str) -> HttpResponseBase:
        caller = identifying.caller_of(request)
        standing = limits.count(request, caller.actor.person_id if caller else None)
        try:
            limits.require(standing)
            response = _allowed(
                request, operation, contract, identifying.require(caller, contract.scope, request), lambda: run(request, **ids)
            )
        except Refused as refusal:
            response = problems.answer(refusal)
        limits.tell(standing, response)
        response["Vary"] = "Authorization, Cookie"
        return response

    return view


def _allowed(
    request: Request, operation: Operation, contract: Contract, caller: identifying.Caller, work: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    _require_accepted(request)
    _require_known(request.GET.lists(), operation, "query")
    if _require_content(request, operation) == BODIES["file"]:
        _require_known([*request.POST.lists(), *request.FILES.lists()], operation, "form", "file")
    request.owner, request.actor, request.scopes = caller.owner, caller.actor, caller.scopes
    if not contract.is_write:
        return work()
    key = replaying.key_of(request)
    request.actor = caller.actor.with_key(f"{caller.owner}:{key}")
    return replaying.once(request, caller.owner, key, work)


def _require_accepted(request: HttpRequest) -> None:
    if request.headers.get("Accept") and not (request.accepts(ANSWER) or request.accepts(problems.TYPE)):
        raise Problem(406, "not-acceptable", f"Answers are {ANSWER} here.", f"Send Accept: {ANSWER}, or leave it out.")


def _require_known(sent: Iterable[tuple[str, Any]], operation: Operation, *sources: str) -> None:
    """Parameters and parts of a form that the route reads, each once: nothing that was sent is passed over."""
    read = [model for model in operation.models if model.__ninja_param_source__ in sources]
    known = {name for model in read for name in getattr(model, "__ninja_flatten_map__", model.model_fields)}
    given = list(sent)
    wrong = {name: "There is no such parameter." for name, _ in given if name not in known}
    wrong |= {name: "Send it once." for name, values in given if len(values) > 1}
    if wrong:
        fields = {name.encode("utf-8", "replace").decode(): words for name, words in wrong.items()}
        raise Problem(422, "not-valid", "Some of this request is not as it should be.", "Correct the parameters that are named.", fields)


def _require_content(request: HttpRequest, operation: Operation) -> str:
    """A body of the one type that the route reads, which is answered, within what is taken; and none where it reads none."""
    wanted = next((BODIES[source] for source in _sources(operation) if source in BODIES), "")
    if wanted and request.content_type != wanted:
        raise Problem(415, "wrong-content-type", f"This takes {wanted}.", f"Send Content-Type: {wanted}.")
    if wanted and "Transfer-Encoding" in request.headers:
        raise Problem(411, "length-missing", "The length of a body has to be known beforehand.", "Send Content-Length.")
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if wanted != BODIES["file"] and int(length if length.isdigit() else 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        words = f"A body has at most {settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 1e6:.0f} MB here."
        raise Problem(413, "too-large", words, "Shorten it.")
    if not wanted and request.body.strip() not in (b"", b"{}"):
        raise Problem(422, "no-body-here", "Nothing is read from the body of this request.", "Leave it out.")
    return wanted


def _sources(operation: Operation) -> Iterator[str]:
    return (str(model.__ninja_param_source__) for model in operation.models)


def link_to(request: Request, artifact_id: str, name: str) -> str:
    """A signed address on the files host, which works while the token or session does; the caller has checked the right to the file."""
    session = request.owner.removeprefix("session:")
    token = outward.sign_link(request.actor, artifact_id, session=session, name=name)
    # On this machine the port may have changed since the first run.
    origin = f"http://{settings.FILES_HOST}:{request.get_port()}" if settings.IS_LOCAL else settings.FILES_URL
    return f"{origin}/f/{token}"
