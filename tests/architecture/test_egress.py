"""One way out: what can call another machine is imported where this list says, and nowhere else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import files, name_of, tree

CLIENTS = {"http.client", "urllib.request", "urllib3", "requests", "httpx", "aiohttp", "boto3", "botocore", "smtplib", "ftplib", "imaplib",
           "poplib", "telnetlib", "xmlrpc", "socket", "ssl", "asyncio", "websockets", "stripe"}  # fmt: skip
PERMITTED = {
    "cairn/frame/egress.py": {"http.client", "socket", "ssl"},  # the way out itself
    "cairn/frame/cell.py": {"socket"},  # talks with its own processes
    "cairn/apps/comms/outward": {"smtplib"},  # names of what a mail server says; Django sends
    "cairn/apps/portfolio/outward/stores.py": {"boto3", "botocore"},  # the store that the operator names
    "cairn/apps/portfolio/outward/scanning.py": {"socket"},  # the virus scanner that the operator names
    "cairn/interfaces/cli/checking.py": {"http.client", "urllib.request"},  # whether this site answers
    "cairn/interfaces/cli/processes.py": {"socket"},  # whether the port is free
}


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _clients(path: Path) -> set[str]:
    return {client for name in _imported(path) for client in CLIENTS if name == client or name.startswith(f"{client}.")}


def _permitted(path: Path) -> set[str]:
    return next((clients for place, clients in PERMITTED.items() if name_of(path).startswith(place)), set())


def test_nothing_calls_another_machine_but_by_the_one_way_out():
    assert {name_of(path): sorted(found) for path in files() if (found := _clients(path) - _permitted(path))} == {}


def test_the_list_names_nothing_that_is_not_there():
    unused = {place: sorted(clients - {c for p in files() if name_of(p).startswith(place) for c in _clients(p)})
              for place, clients in PERMITTED.items()}  # fmt: skip
    assert {place: clients for place, clients in unused.items() if clients} == {}
