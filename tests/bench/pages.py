"""Pages under load on the database that CAIRN_DB names, beside a bare one-row Django view in the same run.

For each page: SQL statements, CPU milliseconds of the server for one request, requests in a second, and the 95th percentile of the
answer time with four clients. Only ratios within one run say something: the machine is shared with the client.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

SECONDS = float(os.environ.get("BENCH_SECONDS", "6"))
CLIENTS = 4
CSRF = "b" * 32


def measure(folder: Path) -> list[dict[str, object]]:
    say("filling a catalog of 200 micro-credentials")
    port = free_port()
    environment = {
        **os.environ, "CAIRN_DATA": str(folder), "CAIRN_DEMO": "1", "CAIRN_TEST": "1", "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
    }  # fmt: skip
    told = json.loads(subprocess.check_output([sys.executable, "-m", "tests.bench.arrange"], env=environment))
    with server(port, environment) as process:
        rows = []
        for name, method, path, session, body in requests(told):
            say(name)
            rows.append({"page": name, **load(process, port, method, path, session, body)})
    bare = next(row for row in rows if row["page"] == "bare one-row view")
    for row in rows:
        row["times bare"] = row["CPU ms"] / bare["CPU ms"]  # type: ignore[operator]
    return rows


def requests(told: dict[str, str]) -> Iterator[tuple[str, str, str, str, object]]:
    version = itertools.count()
    lock = threading.Lock()

    def autosave() -> bytes:
        with lock:
            number = next(version)
        sent = {"field": told["field"], "value": f"draft number {number} " + "word " * 200, "version": number, "csrfmiddlewaretoken": CSRF}
        return urllib.parse.urlencode(sent).encode()

    yield "bare one-row view", "GET", "/bare/", "", None
    yield "catalog, 200 micro-credentials", "GET", "/catalog/", "", None
    yield "catalog, a search", "GET", "/catalog/?q=skill", "", None
    yield "catalog, what counts where I work", "GET", "/catalog/", told["writer_session"], None
    yield "catalog, only what counts there", "GET", "/catalog/?counts=yes", told["writer_session"], None
    yield "workspace page", "GET", told["part"], told["writer_session"], None
    yield "autosave", "POST", told["part"], told["writer_session"], autosave
    yield "scoring page", "GET", f"/scoring/{told['sheet']}/1a/", told["assessor_session"], None
    yield "public credential page", "GET", f"/credentials/{told['credential']}/", "", None
    yield "public credential JSON", "GET", f"/credentials/{told['credential']}.json", "", None


def load(process: psutil.Process, port: int, method: str, path: str, session: str, body: object) -> dict[str, float]:
    """`CLIENTS` clients ask for `SECONDS`. Autosave has one client, since a draft has one writer at a time."""
    times: list[float] = []
    queries: list[int] = []
    failures: list[str] = []
    headers = {"Host": f"localhost:{port}", "Cookie": f"session={session}; csrf={CSRF}" if session else ""}
    headers = {name: value for name, value in headers.items() if value}
    if body:
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": CSRF, "Accept": "application/json"}

    def client(until: float) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while time.perf_counter() < until:
            sent = body() if callable(body) else None
            began = time.perf_counter()
            connection.request(method, path, sent, headers)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 200:
                failures.append(f"{answer.status} {text[:300]!r}")
                return
            times.append(time.perf_counter() - began)
            queries.append(int(answer.headers["X-Queries"]))

    for _ in range(2):  # the first round warms caches and connections
        times.clear()
        before, began = cpu(process), time.perf_counter()
        threads = [threading.Thread(target=client, args=(began + SECONDS / (1 if _ else 4),)) for _ in range(1 if body else CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if failures:
        sys.exit(f"{method} {path} failed: {failures[0]}")
    took = time.perf_counter() - began
    ordered = sorted(times)
    return {
        "SQL": max(queries), "CPU ms": 1000 * (cpu(process) - before) / len(times), "per second": len(times) / took,
        "p95 ms": 1000 * ordered[int(len(ordered) * 0.95)],
    }  # fmt: skip


def cpu(process: psutil.Process) -> float:
    """CPU seconds of the server's processes so far."""
    return sum(sum(each.cpu_times()[:2]) for each in [process, *process.children(recursive=True)])


@contextmanager
def server(port: int, environment: dict[str, str]) -> Iterator[psutil.Process]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "cairn.site.wsgi:application", "--host", "127.0.0.1",
               "--port", str(port), "--workers", "1", "--blocking-threads", "4", "--log-level", "error"]  # fmt: skip
    running = subprocess.Popen(command, env=environment)
    try:
        wait_for(port)
        yield psutil.Process(running.pid)
    finally:
        running.terminate()
        running.wait(20)


def wait_for(port: int) -> None:
    for _ in range(200):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    sys.exit("The server did not start.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def show(rows: list[dict[str, object]]) -> None:
    print(f"{'page':<34} {'SQL':>4} {'CPU ms':>8} {'x bare':>7} {'per s':>8} {'p95 ms':>8}")
    for row in rows:
        print(f"{row['page']:<34} {row['SQL']:>4} {row['CPU ms']:>8.2f} {row['times bare']:>7.1f} "
              f"{row['per second']:>8.1f} {row['p95 ms']:>8.1f}")  # fmt: skip
