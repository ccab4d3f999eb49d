"""A mixed load on the database that CAIRN_DB names: people browse, write, add files, score, and verify, all at once.

Every client is one educator and one assessor with work of their own. Told for each kind of act: how many in a second, p50, p95 and p99 in
milliseconds, errors; and the memory of the server's processes as it went. `BENCH_MIXED_SECONDS` is how long it lasts: ten minutes.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import subprocess
import sys
import threading
import time
import urllib.parse
from collections import defaultdict
from pathlib import Path
from uuid import uuid4

import psutil

from tests.bench.pages import CSRF, free_port, say, server
from tests.files_world import make_pdf

SECONDS = float(os.environ.get("BENCH_MIXED_SECONDS", "600"))
CLIENTS = 8
# Out of a hundred acts. A run of work takes two hundred files in all, and ten minutes must not come to that.
MIX = {"browse": 57, "autosave": 20, "score": 10, "verify": 10, "upload": 3}
FORM = "application/x-www-form-urlencoded"


class Client(threading.Thread):
    """One connection, used for one act after the other until the end."""

    def __init__(self, told: dict[str, object], number: int, port: int, until: float) -> None:
        super().__init__()
        self.told, self.who, self.port, self.until = told, told["people"][number], port, until  # type: ignore[index]
        self.chance = random.Random(number)
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.times: dict[str, list[float]] = defaultdict(list)
        self.errors: list[str] = []
        self.saved = {"draft": 0, "sheet": 0}

    def run(self) -> None:
        acts, weights = list(MIX), list(MIX.values())
        while time.perf_counter() < self.until:
            (act,) = self.chance.choices(acts, weights)
            getattr(self, act)()

    def ask(self, act: str, method: str, path: str, session: str = "", sent: bytes | None = None, kind: str = FORM) -> bytes:
        headers = {"Host": f"localhost:{self.port}", "Accept": "application/json" if sent else "text/html"}
        if session:
            headers["Cookie"] = f"session={session}; csrf={CSRF}"
        if sent:
            headers |= {"Content-Type": kind, "X-CSRFToken": CSRF, "Cookie": f"session={session}; csrf={CSRF}"}
        began = time.perf_counter()
        try:
            self.connection.request(method, path, sent, headers)
            answer = self.connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            self.errors.append(f"{act}: {error!r}")
            return b""
        self.times[act].append(time.perf_counter() - began)
        if answer.status not in (200, 302):
            self.errors.append(f"{act}: {answer.status} {text[:200]!r}")
        return text

    def post(self, act: str, path: str, session: str, **fields: object) -> bytes:
        return self.ask(act, "POST", path, session, urllib.parse.urlencode(fields).encode())

    def browse(self) -> None:
        credential = f"/credentials/{self.told['credential']}"
        paths = ["/", "/catalog/", "/catalog/?q=skill", self.told["microcredential"], f"{credential}/", f"{credential}.json"]
        self.ask("browse", "GET", str(self.chance.choice(paths)))

    def autosave(self) -> None:
        value = f"draft number {self.saved['draft']} " + "word " * 150
        self.post("autosave", self.who["part"], self.who["writer"], field=self.told["field"], value=value, version=self.saved["draft"])
        self.saved["draft"] += 1

    def score(self) -> None:
        value = f"Seen on page 2, number {self.saved['sheet']}. " + "word " * 30
        path = f"/scoring/{self.who['sheet']}/1a/"
        told = self.post("score", path, self.who["assessor"], field="rationale", value=value, version=self.who["version"])
        self.who["version"] = json.loads(told)["version"] if told else self.who["version"]
        self.saved["sheet"] += 1

    def verify(self) -> None:
        self.post("verify", "/verify/", "", text=self.told["signed"], csrfmiddlewaretoken=CSRF)

    def upload(self) -> None:
        """A new file each time, taken out again so that its place never fills."""
        edge, data = uuid4().hex, make_pdf(2) + f"% {uuid4().hex}\n".encode()
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="plan.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
        body = head.encode() + data + f"\r\n--{edge}--\r\n".encode()
        told = self.ask("upload", "POST", self.who["slot"], self.who["writer"], body, f"multipart/form-data; boundary={edge}")
        location = json.loads(told).get("location", "") if told.startswith(b"{") else ""
        if "added=" in location:
            artifact = location.partition("added=")[2].partition("#")[0]
            self.post("take out", f"{self.who['run']}file/{artifact}/remove/", self.who["writer"], key="")


def memory(process: psutil.Process) -> float:
    """MB that the server's processes hold in memory together; shared pages count once for each."""
    return sum(each.memory_info().rss for each in [process, *process.children(recursive=True)]) / 2**20


def measure(folder: Path) -> None:
    say(f"a mixed load of {CLIENTS} clients for {SECONDS:.0f} seconds")
    port = free_port()
    environment = {
        **os.environ, "CAIRN_DATA": str(folder), "CAIRN_DEMO": "1", "CAIRN_TEST": "1", "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
    }  # fmt: skip
    told = json.loads(subprocess.check_output([sys.executable, "-m", "tests.bench.arrange", str(CLIENTS)], env=environment))
    with server(port, environment) as process:
        began = time.perf_counter()
        clients = [Client(told, number, port, began + SECONDS) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        held = []
        while any(client.is_alive() for client in clients):
            held.append(memory(process))
            time.sleep(min(SECONDS / 20, 5))
        took = time.perf_counter() - began
    show(clients, took, held)


def show(clients: list[Client], took: float, held: list[float]) -> None:
    print(f"\nmixed load, {CLIENTS} clients, {took:.0f} s")
    print(f"{'act':<10} {'count':>8} {'per s':>8} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8}")
    acts = {act: sorted(t for client in clients for t in client.times[act]) for act in [*MIX, "take out"]}
    acts["all"] = sorted(t for times in acts.values() for t in times)
    for act, times in acts.items():
        p50, p95, p99 = (1000 * times[int(len(times) * share)] for share in (0.5, 0.95, 0.99)) if times else (0, 0, 0)
        print(f"{act:<10} {len(times):>8} {len(times) / took:>8.1f} {p50:>8.1f} {p95:>8.1f} {p99:>8.1f}")
    errors = [error for client in clients for error in client.errors]
    print(f"errors: {len(errors)}" + "".join(f"\n    {error}" for error in errors[:5]))
    print(f"memory: {held[0]:.0f} MB at first, {held[len(held) // 5]:.0f} MB after a fifth of the time, {held[-1]:.0f} MB at the end")
