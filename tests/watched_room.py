"""The room in which cells work, with a watch at its door: what reaches out, or opens what it was not given, is told on stderr."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import urllib.request

from cairn.pure import files
from cairn.pure.files import *  # noqa: F403

__all__ = [*files.__all__, "open_file", "reach", "start"]
TOLD = "Reached out of a cell: "
OUTWARD = ("socket.connect", "socket.getaddrinfo", "socket.gethostby", "socket.sendto", "subprocess.", "os.exec", "os.posix_spawn",
           "os.system", "urllib.Request")  # fmt: skip
NAMED = "cairn-canary"  # no file of that name is there; whoever opens it took a path from what somebody typed


def _watch(event: str, about: tuple[object, ...]) -> None:
    if event.startswith(OUTWARD) or (event == "open" and NAMED in str(about[0])):
        os.write(2, f"{TOLD}{event} {about}\n".encode())


if getattr(sys.modules["__main__"].__spec__, "name", "") == "cairn.frame.cell":  # and not where a test reads what the watch knows
    sys.addaudithook(_watch)


# --- What the watch must see --------------------------------------------------------------------------------------------


def reach(*, address: str) -> None:
    with contextlib.suppress(OSError):
        urllib.request.urlopen(address, timeout=1)


def open_file() -> None:
    with contextlib.suppress(OSError):
        open(f"/tmp/{NAMED}").close()


def start() -> None:
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", 9), timeout=1)
