"""What is done to a running site from outside: killing its processes, cutting its connections; and starting it on a world of its own.

Not here: people at work on it (driver), full disks and mail servers (their own tests).
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests import migrated
from tests.driver import Crew, Ledger, judge, unseen

BETWEEN = 3  # acknowledgements from one fault to the next, at least
OK = b"HTTP/1.1 200"
EDUCATORS = 8  # of the world that short tests share
PATIENCE = 120  # seconds; two cores may be busy with something else


def count(middle: int, full: int) -> int:
    """How often a long test does what it does: `make soak` sets CAIRN_SOAK to the share of the full count, 1 for all of it."""
    share = os.environ.get("CAIRN_SOAK")
    return max(1, round(full * float(share))) if share else middle


def enough(rounds: int) -> int:
    """Educators, so that somebody works in every round."""
    return max(EDUCATORS, 3 * rounds)


def told(name: str, **figures: object) -> None:
    """Figures for whoever measures: `make soak` collects them."""
    if to := os.environ.get("CAIRN_SOAK_FIGURES"):
        with Path(to).open("a") as file:
            file.write(json.dumps({"name": name, "database": "PostgreSQL" if os.environ.get("CAIRN_DB") else "SQLite", **figures}) + "\n")


def wait_for(condition: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, f"{what} did not happen in {patience} s"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


# --- A site ----------------------------------------------------------------------------------------------------------


@dataclass
class Site:
    """`cairn run` on a data folder and, with an address, a PostgreSQL database."""

    folder: Path
    database: str = ""
    port: int = field(default_factory=free_port)

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "CAIRN_DATA": str(self.folder), "CAIRN_DB": self.database, "CAIRN_DEMO": "1", "CAIRN_TEST": "1",
                "PORT": str(self.port)}  # fmt: skip

    @property
    def log(self) -> Path:
        """What it said, of all its starts."""
        return self.folder.with_name(f"{self.folder.name}.log")

    def beside(self, *arguments: str, module: str = "tests.faults_world") -> str:
        """What a process on the same data says."""
        command = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(command, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _begin(self, **options: object) -> None:
        command = [sys.executable, "-m", "cairn", "run"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=self.environment, **{"stdout": log, "stderr": log, **options})

    def start(self, **options: object) -> None:
        """The demonstration is not loaded where other people live; its door lets sessions in without a second step."""
        self._begin(**options)
        wait_for(self.is_ready, "the site's start")

    def revive(self) -> None:
        """As whatever looks after services does: start it again until it runs."""

        def is_back() -> bool:
            if self.process.poll() is not None:
                self._begin()
            return self.ask("/readyz").startswith(OK)

        wait_for(is_back, "the site's return")

    def is_ready(self) -> bool:
        assert self.process.poll() is None, "the site stopped"
        return self.ask("/readyz").startswith(OK)

    def ask(self, path: str) -> bytes:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 10) as client:
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            return client.makefile("rb").read()
        return b""

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)

    def parts(self) -> dict[str, psutil.Process]:
        """The processes that live now: main, web, worker."""
        found = {"main": psutil.Process(self.process.pid)}
        for child in found["main"].children():
            with suppress(psutil.Error):
                if child.status() != psutil.STATUS_ZOMBIE:
                    found["worker" if child.cmdline()[-1:] == ["worker"] else "web"] = child
        return found


@contextmanager
def running(site: Site, **options: object) -> Iterator[Site]:
    """Whatever happens, nothing of it is left running."""
    try:
        site.start(**options)
        yield site
    except BaseException as error:
        if site.log.is_file():
            error.add_note(f"What the site said last:\n{site.log.read_text(errors='replace')[-6000:]}")
        raise
    finally:
        children = list(site.parts().values()) if site.process.poll() is None else []
        site.process.terminate()
        try:
            site.process.wait(30)
        except subprocess.TimeoutExpired:
            for child in children:
                with suppress(psutil.Error):
                    child.kill()
            site.process.wait()


# --- Worlds, arranged once and copied --------------------------------------------------------------------------------


@dataclass(frozen=True)
class World:
    folder: Path
    database: str
    people: dict


@functools.lru_cache
def arranged(address: str, *asked: str) -> World:
    """A site with people who wait to begin; kept for the whole run of tests, and copied by whoever uses it."""
    folder = Path(tempfile.mkdtemp(prefix="cairn-world-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    database = migrated.prepare(folder, address)
    people = json.loads(Site(folder, database).beside(*asked))
    return World(folder, database, people)


@contextmanager
def site(folder: Path, educators: int, address: str | None = None) -> Iterator[tuple[Site, dict]]:
    """A site of one's own, not started yet, and who is there. On the database that the tests run on, or the cluster at `address`."""
    with copied(folder, os.environ.get("CAIRN_DB", "") if address is None else address, "arrange", str(educators)) as made:
        yield made


@contextmanager
def copied(folder: Path, address: str, *asked: str) -> Iterator[tuple[Site, dict]]:
    """The same of the world that tests.faults_world arranges when it is asked so."""
    world = arranged(address, *asked)
    shutil.copytree(world.folder, folder, dirs_exist_ok=True)
    made = Site(folder, migrated.new_database(address, world.database))
    try:
        yield made, world.people
    finally:
        migrated.drop(made.database, address)


# --- Faults ----------------------------------------------------------------------------------------------------------


def survive(site: Site, people: dict, faults: Sequence[Callable[[], None]], *, notes: Path | None = None) -> tuple[Ledger, dict[str, int]]:
    """People work while one fault after the other strikes; what they heard, and the figures once nothing is lost, doubled or unclear.

    What is acknowledged is written to `notes`, which no fault may reach; beside the site's folder unless it is named.
    """
    ledger = Ledger(notes or site.folder.with_name("acknowledged"))
    with Crew(site.port, people, ledger) as crew:
        for fault in faults:
            _got_on(crew)
            time.sleep(random.uniform(0, 0.4))
            fault()
    return ledger, {"faults": len(faults), **settled(site, crew)}


def _got_on(crew: Crew) -> None:
    """Until people get on again without anybody's help."""
    reached = len(crew.ledger.lines) + BETWEEN
    wait_for(lambda: len(crew.ledger.lines) >= reached or crew.troubles, "recovering")
    assert not crew.troubles, crew.troubles


def settled(site: Site, crew: Crew) -> dict[str, int]:
    """The figures, once the pages and then the tables are held against the ledger and nothing is wrong."""
    assert not crew.troubles, crew.troubles
    assert not crew.ledger.unclear, crew.ledger.unclear
    assert not (missing := unseen(crew)), missing
    site.stop()
    found = judge(crew.ledger, json.loads(site.beside("tell")))
    assert found.is_clean, found
    return {"acknowledged": found.acknowledged, "sent again": crew.again, "lost": len(found.lost), "doubled": len(found.doubled)}


@dataclass
class Killer:
    """kill -9 for the web or the worker process; now and then for the one that looks after both, which is then started again."""

    site: Site
    killed: Counter = field(default_factory=Counter)

    def __call__(self) -> None:
        which = random.choices(("web", "worker", "main"), (5, 5, 1))[0]
        wait_for(lambda: which in self.site.parts(), f"a {which} process")
        self.kill(which)

    def kill(self, *names: str) -> None:
        here = self.site.parts()
        for name in names:
            if name in here:
                here[name].kill()
                self.killed[name] += 1
        if "main" in names:
            self.site.process.wait()
            self.site.revive()


class CuttingProxy:
    """Passes bytes on to `target` and, at answers for which `is_ack` holds, cuts the connection by chance before a byte of them is out.

    `is_ack` is given the first bytes that the client sent and those that are to go back.
    """

    def __init__(self, target: Callable[[], socket.socket], is_ack: Callable[[bytes, bytes], bool], chance: float) -> None:
        self.target, self.is_ack, self.chance, self.cut = target, is_ack, chance, 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._lock = threading.Lock()

    def __enter__(self) -> CuttingProxy:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), client, self.target() as server:
            asked: list[bytes] = []
            threading.Thread(target=self._forward, args=(client, server, asked), daemon=True).start()
            while data := server.recv(65536):
                if self.is_ack(asked[0] if asked else b"", data) and random.random() < self.chance:
                    with self._lock:
                        self.cut += 1
                    break
                client.sendall(data)
            for end in (client, server):
                end.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def _forward(client: socket.socket, server: socket.socket, asked: list[bytes]) -> None:
        with suppress(OSError):
            while data := client.recv(65536):
                asked.append(data)
                server.sendall(data)
            server.shutdown(socket.SHUT_WR)
