"""`command`: one durable transaction, replay-safe. The only way that state is written.

A command is keyword-only, takes `actor` first and returns the subject of the first fact it records. When the actor carries a
request key that was used before, the first result is returned and nothing happens twice. Of two that put the same there at the same moment
the later is carried out again, and so hears what the second of two in a row hears.
Not here: recording facts (apps.ledger registers itself as the memory of first answers).
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import asdict, dataclass, is_dataclass, replace
from typing import Any, ParamSpec, TypeVar, cast

from django.db import IntegrityError, transaction

from cairn.frame.actor import Actor
from cairn.kernel.errors import Forbidden

P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class Call:
    """The command that is running: `record()` reads it, and takes the request key once."""

    name: str
    actor: Actor
    digest: str
    given: Mapping[str, Any]  # what it was called with, beside the actor
    key_taken: bool = False
    last_fact: str = ""


_running: ContextVar[Call | None] = ContextVar("running_command", default=None)
_first_answer: Callable[[Call], Any] = lambda call: None  # noqa: E731
COMMANDS: dict[str, Callable[..., Any]] = {}


def remember_with(first_answer: Callable[[Call], Any]) -> None:
    """The ledger names the query that finds the first result of a repeated call."""
    global _first_answer
    _first_answer = first_answer


def running() -> Call:
    """The current command; steps and `record()` raise outside one."""
    call = _running.get()
    if call is None:
        raise RuntimeError("This writes, so it may run only inside a command (frame.commands.command).")
    return call


def _plain(value: Any) -> Any:
    if isinstance(known := getattr(value, "sha256", None), str):  # a file that stands for its rows
        return known
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return type(value).__name__ if hasattr(value, "read") else str(value)


def _digest(name: str, arguments: dict[str, Any]) -> str:
    text = json.dumps([name, arguments], sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def command(function: Callable[P, T]) -> Callable[P, T]:
    name = f"{function.__module__.partition('.commands')[0].rpartition('.')[2]}.{function.__name__}"  # "people.grant_role"

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        if args:
            raise TypeError(f"{name} takes keywords only, `actor` first.")
        given = dict(kwargs)
        call = Call(name, cast(Actor, given.pop("actor")), "", given)
        if call.actor.only_looks:
            raise Forbidden("only-looking", "Support access only looks; nothing can be changed through it.", "Stop looking first.")
        call.digest = _digest(name, given)
        try:
            return _once(replace(call), function, kwargs)
        except IntegrityError:
            # Somebody put the same there at the same moment and was first. Now that can be seen: under one key their answer is ours
            # too, else the command says what it says to the second of two in a row.
            return _once(call, function, kwargs)

    COMMANDS[name] = run
    return run


def _once(call: Call, function: Callable[..., T], kwargs: Any) -> T:
    with transaction.atomic(durable=True):
        first = _first_answer(call) if call.actor.request_key else None
        if first is not None:
            return cast(T, first)
        token = _running.set(call)
        try:
            return function(**kwargs)
        finally:
            _running.reset(token)
