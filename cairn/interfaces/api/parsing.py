"""JSON as two readers would read it the same way: in UTF-8, each name once, only numbers that JSON has, and nothing nested without end."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

DEEPEST = 64  # levels; a credential has fewer than ten


class StrictParser(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        found = json.loads(request.body.decode(), object_pairs_hook=_once_each, parse_constant=_no_number)
        _require_shallow(found)
        return found


def _require_shallow(found: Any) -> None:
    level = [found]
    for _ in range(DEEPEST + 1):
        level = [inner for each in level if isinstance(each, dict | list) for inner in (each.values() if isinstance(each, dict) else each)]
        if not level:
            return
    raise ValueError(f"more than {DEEPEST} levels")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number in JSON")
