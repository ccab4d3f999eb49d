"""Every address of the site, read off the list of routes, so that what is new is tested by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cairn.interfaces.cli.reference import routes

__all__ = ["address_of", "routes"]
NOTHING = "0" * 20  # an id as they look, which nothing bears
BY_CONVERTER = {"int": "7", "path": "nothing/here"}


def address_of(route: str, things: Mapping[str, str] | None = None) -> str:
    """The route with things in it, by the names of its parts; without them one that leads nowhere."""

    def thing(part: re.Match[str]) -> str:
        return (things or {}).get(part[2]) or BY_CONVERTER.get(part[1] or "", NOTHING)

    return "/" + re.sub(r"[<{](?:(\w+):)?(\w+)[>}]", thing, route.lstrip("/"))
