"""Every address of the site, read off the list of routes, so that what is new is tested by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cairn.interfaces.cli.reference import routes
from tests.architecture.source import ROOT

__all__ = ["address_of", "amiss", "committed", "routes"]
TABLE = ROOT / "docs" / "reference" / "access.md"
NOTHING = "0" * 20  # an id as they look, which nothing bears
BY_CONVERTER = {"int": "7", "path": "nothing/here"}


def address_of(route: str, things: Mapping[str, str] | None = None) -> str:
    """The route with things in it, by the names of its parts; without them one that leads nowhere."""

    def thing(part: re.Match[str]) -> str:
        return (things or {}).get(part[2]) or BY_CONVERTER.get(part[1] or "", NOTHING)

    return "/" + re.sub(r"[<{](?:(\w+):)?(\w+)[>}]", thing, route.lstrip("/"))


def committed() -> dict[str, dict[str, str]]:
    """By request, what is answered to whom: the table of who gets in where."""
    found: dict[str, dict[str, str]] = {}
    head: list[str] = []
    for line in TABLE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0] == "request":
            head = cells[1:]
        elif cells[0].startswith("`"):
            found[cells[0]] = dict(zip(head, cells[1:], strict=True))
    return found


# --- Headers ------------------------------------------------------------------------------------------------------------

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
NEVER = ("unsafe-inline", "unsafe-eval", "unsafe-hashes", "strict-dynamic", "*", "http:", "https:", "blob:")


def amiss(answer) -> list[str]:
    """What an answer lacks of what keeps a browser from being used against its owner."""
    policy = {name: sources for name, _, sources in (part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";"))}
    found = [f"{name} is {answer.get(name)}" for name, value in ALWAYS.items() if answer.get(name) != value]
    policy["media-src"] = policy.get("media-src", "").replace("blob:", "")  # a film that is chosen is looked at before it is sent
    found += [f"{name} allows {source}" for name, sources in policy.items() for source in sources.split() if source.strip("'") in NEVER]
    if policy.get("default-src") != "'none'" or policy.get("frame-ancestors") != "'none'":
        found.append("the policy is not closed")
    if "sandbox" not in policy and not {"form-action", "base-uri", "script-src"} <= set(policy):
        found.append("a page may be led elsewhere")
    if answer.get("Referrer-Policy") not in ("same-origin", "no-referrer"):
        found.append("Referrer-Policy")
    if answer.cookies and "no-store" not in answer.get("Cache-Control", ""):
        found.append("a cookie may be kept by a cache")
    return found
