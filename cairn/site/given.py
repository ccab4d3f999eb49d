"""Addresses and the data folder as they are given at the start: what cannot be used stops it with one sentence, before anything is fixed.

Not here: what follows from them (settings), what lies in the folder (folder).
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import NoReturn
from urllib.parse import SplitResult, urlsplit

from cairn.site.folder import Folder, open_folder

_ORIGIN = re.compile(r"https?://[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?(:\d{1,5})?")


def stop(sentence: str) -> NoReturn:
    sys.exit(f"Cairn cannot start: {sentence}")


def address(name: str, text: str, *, like: str) -> SplitResult:
    """The parts of an address. It is not repeated, since it may hold a password."""
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - read when it is asked for, and then it may turn out not to be one
    except ValueError:
        stop(f"{name} is not an address. Write it like {like}; signs such as / and @ in a password become %2F and %40.")
    return parts


def data_folder(port: int) -> Folder:
    """CAIRN_DATA, with the addresses that were fixed in it at its first start; others given later are refused, not ignored."""
    path = Path(os.environ.get("CAIRN_DATA") or "data").absolute()
    site, files = _origin("CAIRN_URL"), _origin("CAIRN_FILES_URL")
    url, files_url = site or f"http://localhost:{port}", files or f"http://127.0.0.1:{port}"
    _require_two_hosts(url, files_url)
    try:
        folder = open_folder(path, url=url, files_url=files_url)
        if not all(_ORIGIN.fullmatch(fixed) for fixed in (folder.url, folder.files_url)):
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError) as error:
        why = error.strerror if isinstance(error, OSError) else "its site.json cannot be read"
        stop(f"The data folder {path} cannot be used ({why}). Mend it, or name another in CAIRN_DATA.")
    for name, given, fixed in (("CAIRN_URL", site, folder.url), ("CAIRN_FILES_URL", files, folder.files_url)):
        if given not in ("", fixed):
            stop(f"{name} is {given}, but {path} belongs to {fixed}, which its credentials name. Leave {name} out, or take another folder.")
    _require_two_hosts(folder.url, folder.files_url)
    return folder


def _require_two_hosts(url: str, files_url: str) -> None:
    if urlsplit(url).hostname == urlsplit(files_url).hostname:
        stop("CAIRN_URL and CAIRN_FILES_URL name the same host. Evidence needs a host of its own; give it another domain.")


def _origin(name: str) -> str:
    """Scheme, host and port, or "" where nothing is given."""
    given = os.environ.get(name, "").rstrip("/").lower()
    if given and not _ORIGIN.fullmatch(given):
        stop(f"{name} is “{given}”. Write it like https://badges.example.org, with nothing after the host but a port.")
    address(name, given, like="https://badges.example.org")
    return given
