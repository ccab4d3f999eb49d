"""Starting things: web, worker, both; and preparing the database and the demo first.

The site's floor lies above this one, so it is started by name, as Django starts settings and as granian starts applications.
"""

from __future__ import annotations

import argparse
import errno
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from cairn.apps.licensure import commands as licensing
from cairn.apps.licensure import queries as licensure
from cairn.frame.actor import system
from cairn.interfaces.cli import durability, parent
from cairn.interfaces.cli.demo import load, people_lines, write_tokens
from cairn.kernel.errors import Conflict, Invalid, NotYet

APPLICATION, WORKER = "cairn.site.wsgi:application", "cairn.site.worker"


def say(words: str) -> None:
    """What cannot be said, because the disk that takes it is full or its reader is gone, stops nothing."""
    with suppress(OSError):
        print(words, flush=True)


def run(arguments: argparse.Namespace) -> None:
    """Everything that a newcomer needs, in one command; Ctrl-C or SIGTERM stops all of it."""
    _require_free(arguments.host, settings.PORT)
    migrate(arguments)
    durability.require(connection)
    if settings.DEMO:
        _demonstrate()
    _warn_of_another_port()
    with _worker_beside():
        say(f"\nCairn is at {_address()}  (Ctrl-C stops it)")
        _serve(arguments.host, processes=1, threads=8)
    say("Stopped.")


def serve(arguments: argparse.Namespace) -> None:
    _require_free(arguments.host, settings.PORT)
    _require_migrated()
    durability.require(connection)
    _warn_of_another_port()
    say(f"Serving {settings.SITE_URL} from port {settings.PORT}.")
    _serve(arguments.host, processes=arguments.processes, threads=arguments.threads)


def worker(arguments: argparse.Namespace) -> None:
    _require_migrated()
    durability.require(connection)
    parent.end_with()
    import_module(WORKER).run()


def migrate(arguments: argparse.Namespace) -> None:
    missing = _missing()
    if missing:
        say(f"Preparing the database: {missing} steps ...")
        call_command("migrate", verbosity=0, interactive=False)
        say("    done")
    elif arguments.command == "migrate":
        say("The database is up to date.")
    if files := licensure.shipped_anew():
        say(f"{len(licensing.load_rules(actor=system('cli'), files=files))} versions of licensing rules are kept.")


def demo(arguments: argparse.Namespace) -> None:
    """Loads what is missing of the demonstration, and goes on with a load that was cut off."""
    _require_migrated()
    load(say)
    if arguments.tokens:
        say(f"{write_tokens(Path(arguments.tokens))} tokens are in {arguments.tokens}. Whoever has them acts as these people.")


def _demonstrate() -> None:
    """In demo mode: load it, unless others live in this folder, and say through whose eyes it can be looked at."""
    try:
        load(say)
    except Conflict as others:
        say(f"The demonstration was not loaded. {others}")
        return
    say("\nLook at it through the eyes of")
    for name, words in people_lines():
        say(f"    {name:<22} {words}")


def _address() -> str:
    """Where a browser on this machine finds it; the port may have changed since the address was fixed."""
    return f"http://localhost:{settings.PORT}" if settings.IS_LOCAL else str(settings.SITE_URL)


def _warn_of_another_port() -> None:
    fixed = urlsplit(settings.SITE_URL).port
    if settings.IS_LOCAL and fixed != settings.PORT:
        say(f"Note: credentials of this data folder name {settings.SITE_URL}, so those only verify while it runs on port {fixed}.")


def _missing() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _require_migrated() -> None:
    if missing := _missing():
        raise NotYet("database-behind", f"The database lacks {missing} changes of this version.", "Run cairn migrate first.")


def _require_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                why = f"“{host}” is not an address of this machine ({error.strerror})."
                raise Invalid("host-unknown", why, "Take 127.0.0.1 for this machine alone, or 0.0.0.0 for all its networks.") from None
            why = f"Port {port} cannot be used here ({error.strerror})."
            raise Conflict("port-taken", why, "Choose another, e.g. PORT=8001.") from None


def _serve(host: str, *, processes: int, threads: int) -> None:
    """Until a signal. Open connections are closed first: web processes may be forks of this one."""
    connections.close_all()
    parent.become()
    while not _served(host, processes, threads):
        say("The web processes died one after another; starting anew.")


def _served(host: str, processes: int, threads: int) -> bool:
    """Whether it ended because it was told to: the server replaces a process that dies, and gives up where the next dies at once."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        APPLICATION, address=host, port=settings.PORT, interface=Interfaces.WSGI, workers=processes, blocking_threads=threads,
        log_level=LogLevels.error, respawn_failed_workers=True, workers_kill_timeout=10, websockets=False,
    )  # fmt: skip
    server.on_startup(lambda: signal.signal(signal.SIGHUP, server.signal_handler_interrupt))  # a closed terminal stops it too
    with suppress(SystemExit):
        server.serve()
    if not server.interrupt_signal:
        time.sleep(1)
    return bool(server.interrupt_signal)


@contextmanager
def _worker_beside() -> Iterator[None]:
    """A worker in a process of its own; one that dies is followed by another."""
    stopping = threading.Event()
    worker = _start_worker()

    def keep_going() -> None:
        nonlocal worker
        while True:
            code = worker.wait()
            if stopping.wait(1):
                return
            say(f"The worker stopped (code {code}); starting another.")
            worker = _start_worker()

    threading.Thread(target=keep_going, daemon=True).start()
    try:
        yield
    finally:
        stopping.set()
        worker.terminate()
        try:
            worker.wait(15)  # the delivery in hand is finished
        except subprocess.TimeoutExpired:
            worker.kill()


def _start_worker() -> subprocess.Popen[bytes]:
    """In a process group of its own: Ctrl-C reaches this process, which then stops the worker when the web has stopped."""
    parent.become()
    return subprocess.Popen([sys.executable, "-m", "cairn", "worker"], process_group=0)
