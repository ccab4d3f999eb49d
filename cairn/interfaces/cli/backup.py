"""`cairn backup` and `cairn restore`: everything that an installation keeps, in one file and back, while the site runs.

The database is copied first and the files after it: a file lies on disk before its row is written and does not change, so each file that
the copy knows is there, and no other file of evidence is taken along. What is still being examined may leave its place meanwhile, so that
is held on to before. Not here: the shape of the archive (archive).
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from glob import glob
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.db import connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from cairn.interfaces.cli.archive import Kept, Tick, Writer, settle, unpack
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid, Refused
from cairn.kernel.text import megabytes

DATA, DUMP = "data", "database.dump"  # in the archive: the folder, and PostgreSQL's own dump beside it
SITE, SECRET, MEDIA, UPLOADS = "site.json", "secret.key", "media", "uploads"  # of the data folder; the rest of it can be made anew
# Evidence, and files of communities, that a copy of the database knows.
KNOWN = (
    "SELECT id FROM portfolio_artifact UNION SELECT id FROM portfolio_upload WHERE settled_at IS NULL"
    " UNION SELECT id FROM communities_postfile WHERE erased_at IS NULL"
)
PAUSE = 2.0  # seconds between words about how far it is


def say(words: str) -> None:
    print(words, flush=True)


# --- Keeping ---------------------------------------------------------------------------------------------------------


def backup(arguments: argparse.Namespace) -> None:
    with _in_plain_words():
        target = _target(Path(arguments.to))
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".cairn-backup-") as scratch:
            draft = Path(scratch) / "archive"
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                kept = _write(Writer(out, _Progress().tick), Path(scratch), with_secret=not arguments.without_secret)
                out.flush()
                os.fsync(out.fileno())
            os.link(draft, target)  # whole or not at all, and never over another
            settle(target.parent)
    say(f"Kept {_count(kept)} in {target}.")
    if bucket := urlsplit(settings.FILES_STORE).hostname:
        say(f"Evidence is not in it: the bucket {bucket} keeps that.")
    if arguments.without_secret:
        say(f"The secret that opens the signing keys is not in it. Keep {settings.FOLDER.path / SECRET} elsewhere: restoring asks for it.")
    else:
        say("With the signing keys, and the secret that opens them: keep it like a key.")


def _target(wanted: Path) -> Path:
    """Where the archive goes: the file that was named, or a new one in the folder that was named."""
    target = wanted / f"cairn-{clock.now():%Y-%m-%d-%H%M%S}.tar" if wanted.is_dir() else wanted
    if target.exists():
        raise Conflict("file-exists", f"{target} is there already.", "Name another file.")
    if not target.parent.is_dir():
        raise Invalid("folder-missing", f"There is no folder {target.parent}.", "Make it first, or name another.")
    return target


def _write(archive: Writer, scratch: Path, *, with_secret: bool) -> Kept:
    """The database as it is at this moment, then the rest of the folder."""
    folder, made_at = settings.FOLDER.path, clock.now().isoformat(timespec="seconds")
    with _held(folder / UPLOADS) as arriving:
        if connection.vendor == "postgresql":
            known = _dump(scratch / DUMP)
            archive.add(DUMP, scratch / DUMP)
        else:
            known = _copy_sqlite(Path(connection.settings_dict["NAME"]), scratch / "copy")
            archive.add(f"{DATA}/{settings.FOLDER.database.name}", scratch / "copy")
        single = {name: folder / name for name in ((SITE, SECRET) if with_secret else (SITE,))}
        evidence = {name: path for name, path in _below(folder / MEDIA).items() if path.name.partition(".")[0] in known}
        for name, path in {**single, **evidence, **_below(folder / UPLOADS), **arriving}.items():
            with suppress(FileNotFoundError):  # no row of the copy knows it: it came later, or was refused meanwhile
                archive.add(f"{DATA}/{name}", path)
    return archive.close({"made_at": made_at, "site": settings.SITE_URL, "database": connection.vendor, "has_secret": with_secret})


def _below(folder: Path) -> dict[str, Path]:
    """Every file below the folder, by its name in the data folder; those whose names begin with a dot are still being written."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(folder.parent).as_posix(): path for path in found}


@contextmanager
def _held(folder: Path) -> Iterator[dict[str, Path]]:
    """Second names for what lies in a folder, which outlive the first ones."""
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".backup-") as links:
        held: dict[str, Path] = {}
        for name, path in _below(folder).items():
            link = Path(links) / str(len(held))
            with suppress(FileNotFoundError):
                os.link(path, link)
                held[name] = link
        yield held


def _copy_sqlite(source: Path, target: Path) -> set[str]:
    """In one step: with several, each write of the site meanwhile would begin it anew (https://sqlite.org/backup.html)."""
    with closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as ours, closing(sqlite3.connect(target)) as copy:
        ours.backup(copy)
        return {key for (key,) in copy.execute(KNOWN)}


def _dump(target: Path) -> set[str]:
    """What is known is asked of the very state of the database that is written out."""
    url = os.environ["CAIRN_DB"]
    with psycopg.connect(url) as ours:
        ours.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        (snapshot,) = ours.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}")
        return {key for (key,) in ours.execute(KNOWN)}


# --- Restoring -------------------------------------------------------------------------------------------------------


def restore(arguments: argparse.Namespace) -> None:
    """Runs without the site's settings: those come with the folder that is restored."""
    archive, folder, url = Path(arguments.archive), Path(arguments.folder), os.environ.get("CAIRN_DB", "")
    if not archive.is_file():
        raise Invalid("file-missing", f"There is no file {archive}.", "Check the spelling.")
    with _in_plain_words():
        if folder.exists() and any(folder.iterdir()):
            raise Conflict("folder-not-empty", f"{folder} is not empty, and nothing in it is overwritten.", "Name a new or empty folder.")
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".restoring-") as scratch:
            kept = unpack(archive, Path(scratch), _Progress().tick)
            _bring_secret(kept, Path(scratch) / DATA, arguments.secret)
            _bring_database(kept, Path(scratch) / DUMP, url)
            for path in sorted((Path(scratch) / DATA).iterdir()):
                path.rename(folder / path.name)
        settle(folder)
    made = datetime.fromisoformat(kept.about["made_at"])
    say(f"Restored {_count(kept)} to {folder}: {kept.about['site']} as it was on {made:%B} {made.day}, {made:%Y at %H:%M} UTC.")
    say(f"Look at it with: cairn check --data {folder}{' --db URL' if url else ''}")


def _bring_secret(kept: Kept, data: Path, secret: str | None) -> None:
    if kept.about["has_secret"]:
        return
    if not secret or not Path(secret).is_file():
        sentence = "This archive was written without the secret that opens its signing keys."
        raise Invalid("secret-missing", sentence, "Name the file that holds it with --secret FILE.")
    with os.fdopen(os.open(data / SECRET, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(Path(secret).read_text())
        out.flush()
        os.fsync(out.fileno())


def _bring_database(kept: Kept, dump: Path, url: str) -> None:
    """SQLite came with the folder; PostgreSQL takes its dump in one transaction, into a database that holds nothing."""
    is_postgresql = kept.about["database"] == "postgresql"
    if is_postgresql != bool(url):
        needed = "a PostgreSQL database: name an empty one with --db URL" if is_postgresql else "an SQLite database: leave --db out"
        raise Invalid("other-database", "This archive holds another kind of database.", f"It holds {needed}.")
    if is_postgresql:
        _require_empty(url)
        _run("pg_restore", url, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(dump))


def _require_empty(url: str) -> None:
    with psycopg.connect(url) as database:
        found = database.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname NOT LIKE 'pg\\_%' AND schemaname <> 'information_schema'"
        ).fetchone()
    if found != (0,):
        raise Conflict("database-not-empty", "This database holds tables, and nothing in it is overwritten.", "Name an empty database.")


# --- Both ------------------------------------------------------------------------------------------------------------


def _run(name: str, url: str, *arguments: str) -> None:
    """A program of PostgreSQL's on the database at `url`; its password goes where no list of processes shows it."""
    target = conninfo_to_dict(url)
    password = target.pop("password", None)
    known = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    command = [_program(name), *arguments, f"--dbname={make_conninfo('', **target)}"]
    done = subprocess.run(command, env=known, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        words = (done.stderr.strip() or f"code {done.returncode}").split("\n")[0]
        raise Refused("database-program-failed", f"{name} stopped ({words}).", "See that the database answers and that it may be read.")


def _program(name: str) -> str:
    """The newest there is: an older one refuses a newer server."""
    packaged = sorted(glob(f"/usr/lib/postgresql/*/bin/{name}"), key=lambda path: int(Path(path).parts[4].partition(".")[0]))
    found = packaged[-1] if packaged else shutil.which(name)
    if found is None:
        raise Refused("program-missing", f"{name} is not installed here.", "Install PostgreSQL's client programs first.")
    return found


class _Progress:
    """Says how far it is where that takes longer than a moment."""

    def __init__(self) -> None:
        self.done, self.next = 0, time.monotonic() + PAUSE
        self.tick: Tick = self._tick

    def _tick(self, count: int) -> None:
        self.done += count
        if time.monotonic() >= self.next:
            say(f"    {megabytes(self.done)} ...")
            self.next = time.monotonic() + PAUSE


def _count(kept: Kept) -> str:
    return f"{len(kept.files):,} {'file' if len(kept.files) == 1 else 'files'} ({megabytes(kept.size)})"


@contextmanager
def _in_plain_words() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        what = error.filename or "The disk"
        raise Refused(
            "disk-refuses", f"{what} cannot be used ({error.strerror}).", "Make room or get the right to it, and try again."
        ) from None
    except (sqlite3.Error, psycopg.Error) as error:
        words = str(error).strip().split("\n")[0]
        raise Refused("database-refuses", f"The database cannot be used ({words}).", "See that it is there and that it answers.") from None
