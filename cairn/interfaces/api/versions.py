"""Drafts bear a version (ETag); a change names the one it was made from (If-Match), so that nobody overwrites what they have not seen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from django.http import HttpRequest, HttpResponse

from cairn.interfaces.api.problems import Problem, Stale
from cairn.kernel.errors import Conflict

CHANGED = "changed-elsewhere"
NONE_SUCH = -1
_TAG = re.compile(r'(W/)?"([!#-~]*)"')
FIELD = r'^(\*|(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*)$'  # RFC 9110 section 13.1.1


class Versioned(Protocol):
    revision: int

    def model_dump(self, *, mode: str) -> dict[str, Any]: ...


V = TypeVar("V", bound=Versioned)


def seen(request: HttpRequest, current: int) -> int:
    """The version that the writer read; 428 where they do not say."""
    given = request.headers.get("If-Match", "").strip()
    if not re.match(FIELD, given):
        remedy = "Read it, and send its ETag as If-Match."
        raise Problem(428, "version-missing", "A draft is changed over the version that you read.", remedy)
    named = [int(tag) for weak, tag in _TAG.findall(given) if not weak and tag.isascii() and tag.isdigit() and len(tag) < 10]
    if given == "*" or current in named:
        return current
    return named[0] if named else NONE_SUCH


@contextmanager
def over(current: Callable[[], Versioned]) -> Iterator[None]:
    """Around the command: where another was first, 412 with what stands there now."""
    try:
        yield
    except Conflict as refusal:
        if refusal.code != CHANGED:
            raise
        now = current()
        raise Stale(now.model_dump(mode="json"), now.revision) from None


def bear(response: HttpResponse, shown: V) -> V:
    """The shown draft, with its version in the head of the answer."""
    response["ETag"] = f'"{shown.revision}"'
    return shown
