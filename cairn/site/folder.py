"""The data folder: everything one installation keeps. Its secrets are made on first run and readable by their owner alone.

Not here: the database's tables or the signing keys (credentials keeps those, encrypted with `secret_key` in mind).
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Folder:
    path: Path
    url: str  # the site's address, fixed at first run: its did:web depends on it
    files_url: str  # the other host, which serves evidence and nothing else
    secret: str

    @property
    def database(self) -> Path:
        return self.path / "cairn.sqlite3"

    @property
    def media(self) -> Path:
        return self.path / "media"

    @property
    def uploads(self) -> Path:
        """Files on their way, which may be harmful or incomplete."""
        return self.path / "uploads"


def open_folder(path: Path, *, url: str, files_url: str) -> Folder:
    """Open the folder, making it where it is missing. What was fixed at first run wins over `url` and `files_url`."""
    path.mkdir(parents=True, exist_ok=True)
    for name in ("media", "uploads"):
        (path / name).mkdir(exist_ok=True)
    site = _once(path / "site.json", json.dumps({"url": url.rstrip("/"), "files_url": files_url.rstrip("/")}, indent=2) + "\n")
    secret = _once(path / "secret.key", secrets.token_urlsafe(48) + "\n")
    fixed = json.loads(site)
    return Folder(path, fixed["url"], fixed["files_url"], secret.strip())


def _once(path: Path, text: str) -> str:
    """The file's text; written with `text` if it is not there, by whichever process is first, whole or not at all."""
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()
