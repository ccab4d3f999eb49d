"""Where the bytes of evidence lie: on this machine's disk, or in a bucket of an S3-compatible service. Both keep the same promises.

What `writing` has ended well for is there for good, whole, and nowhere else before. Not here: what the keys mean (storing).
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import lru_cache
from io import BufferedRandom, BufferedReader
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf import settings

from cairn.kernel.errors import Conflict, NotYet

CHUNK = 256 * 1024


Handle = BufferedReader | BufferedRandom


class Store(Protocol):
    @property
    def place(self) -> str:
        """Where that is, as an operator would say it."""

    def writing(self, key: str) -> AbstractContextManager[BufferedRandom]:
        """A context: an empty file that stands under `key` when the block has ended well, and nowhere when it has not."""

    def opened(self, key: str) -> Handle:
        """The whole file, seekable and with a handle, to be closed by the caller; a Conflict where it is gone."""

    def stream(self, key: str, first: int, last: int) -> Iterator[bytes]:
        """From byte `first` to byte `last`. What is wrong is raised before anything is yielded."""

    def remove(self, key: str) -> None:
        """Gone is gone: twice is the same as once."""

    def size(self) -> int | None:
        """Bytes of all files; None where asking would take long."""

    def tidy(self, before: float) -> None:
        """Remove what was begun before this moment, in seconds since 1970, and never ended: its writer was killed."""


class Away(NotYet):
    """The store does not answer: what waits for it goes on by itself."""

    status = 503


def lost() -> Conflict:
    sentence = "This file is missing from the store. That is our mistake, and not yours."
    return Conflict("file-lost", sentence, "Tell whoever runs this site; a backup may hold it.")


def sync_folder(path: Path) -> None:
    """Until this returns, a power cut may take back what was made or renamed in the folder."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def whole(path: Path) -> Iterator[BufferedRandom]:
    """A new file, which stands under its name when the block has ended well, safely on disk, and nowhere when it has not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("x+b") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)
        sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


class Disk:
    """A folder, and in it folders by the first two letters."""

    def __init__(self, root: Path) -> None:
        self.root, self.place = root, "this machine's disk"

    def path(self, key: str) -> Path:
        return self.root / key[:2] / key

    def writing(self, key: str) -> AbstractContextManager[BufferedRandom]:
        return whole(self.path(key))

    def opened(self, key: str) -> Handle:
        try:
            return self.path(key).open("rb")
        except FileNotFoundError:
            raise lost() from None

    def stream(self, key: str, first: int, last: int) -> Iterator[bytes]:
        if not self.path(key).is_file():
            raise lost()
        return _pieces(self.path(key), first, last)

    def remove(self, key: str) -> None:
        self.path(key).unlink(missing_ok=True)

    def tidy(self, before: float) -> None:
        for draft in self.root.glob("*/.*"):
            if draft.stat().st_mtime < before:
                draft.unlink(missing_ok=True)

    def size(self) -> int:
        return sum(path.stat().st_size for path in self.root.glob("*/*") if path.is_file())


def _pieces(path: Path, first: int, last: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (piece := file.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece


class Bucket:
    """s3://KEY:SECRET@BUCKET/PREFIX?endpoint=https://HOST&region=REGION; without a key, credentials come from the machine's own."""

    def __init__(self, address: str) -> None:
        import boto3
        from botocore.config import Config

        parts = urlsplit(address)
        asked = dict(parse_qsl(parts.query))
        self._bucket, self._prefix = parts.hostname or "", parts.path.strip("/")
        self.place = f"s3://{self._bucket}/{self._prefix}"
        self._client = boto3.client(
            "s3", endpoint_url=asked.get("endpoint"), region_name=asked.get("region"),
            aws_access_key_id=unquote(parts.username) if parts.username else None,
            aws_secret_access_key=unquote(parts.password) if parts.password else None,
            config=Config(connect_timeout=5, read_timeout=30, retries={"max_attempts": 3, "mode": "standard"}),
        )  # fmt: skip

    def _at(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": "/".join(filter(None, (self._prefix, key[:2], key)))}

    @contextmanager
    def writing(self, key: str) -> Iterator[BufferedRandom]:
        with tempfile.TemporaryFile("w+b", dir=settings.UPLOADS) as out:
            yield out
            size = out.seek(0, os.SEEK_END)
            out.seek(0)
            with _answering():
                self._client.upload_fileobj(out, *self._at(key).values(), ExtraArgs={"ChecksumAlgorithm": "SHA256"})
                if self._client.head_object(**self._at(key))["ContentLength"] != size:
                    raise _away()

    def opened(self, key: str) -> Handle:
        with ExitStack() as undoing:
            file = undoing.enter_context(tempfile.TemporaryFile("w+b", dir=settings.UPLOADS))
            with _answering():
                self._client.download_fileobj(*self._at(key).values(), file)
            file.seek(0)
            undoing.pop_all()
            return file

    def stream(self, key: str, first: int, last: int) -> Iterator[bytes]:
        with _answering():
            found = self._client.get_object(**self._at(key), Range=f"bytes={first}-{last}")
        return _Body(found["Body"])

    def remove(self, key: str) -> None:
        with _answering():
            self._client.delete_object(**self._at(key))

    def size(self) -> None:
        return None

    def tidy(self, before: float) -> None:
        """A service shows nothing before it is whole."""


class _Body:
    """What comes from the service, piece by piece; whoever sends it on closes it, also where it was never begun."""

    def __init__(self, body: Any) -> None:
        self.close, self._pieces = body.close, body.iter_chunks(CHUNK)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece: bytes = next(self._pieces)
        return piece


@contextmanager
def _answering() -> Iterator[None]:
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in ("404", "NoSuchKey"):
            raise lost() from None
        raise _away() from error
    except (BotoCoreError, Boto3Error) as error:
        raise _away() from error


def _away() -> Away:
    return Away("store-away", "The store of files does not answer just now.", "Nothing is lost. Try again in a few minutes.")


def store() -> Store:
    return _store(settings.FILES_STORE, settings.MEDIA_STORE)


@lru_cache(maxsize=8)
def _store(address: str, folder: Path) -> Store:
    return Bucket(address) if address else Disk(Path(folder))
