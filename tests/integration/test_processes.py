"""Web and worker as processes: they start with one command, say what stands in their way, and leave nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import psutil
import pytest

from tests import migrated

PATIENCE = 60  # seconds; a machine under load is slow to start three processes


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


UP_TO_DATE = pytest.mark.parametrize("database", [True], indirect=True, ids=["up to date"])


@pytest.fixture
def database(tmp_path, request):
    """CAIRN_DB for a database of the kind that this run tests, empty where none asks for UP_TO_DATE."""
    address = os.environ.get("CAIRN_DB", "")
    made = migrated.prepare(tmp_path / "data", address) if hasattr(request, "param") else migrated.new_database(address)
    yield made
    migrated.drop(made, address)


@pytest.fixture
def cairn(tmp_path, database):
    """Start `cairn ...` on a data folder of its own; whatever still runs at the end is ended."""
    started = []

    def start(*arguments, **more):
        known = {**os.environ, "CAIRN_DATA": str(tmp_path / "data"), "CAIRN_DB": database, "CAIRN_DEMO": "0", **more}
        command = [sys.executable, "-m", "cairn", *arguments]
        process = subprocess.Popen(command, env=known, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            for child in psutil.Process(process.pid).children(recursive=True):
                child.kill()
            process.kill()
        process.stdout.close()
        process.wait()


def wait_until(condition):
    end = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
    return found


def answers(port, path="/readyz"):
    try:
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": f"localhost:{port}"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def workers_of(process):
    return [child for child in psutil.Process(process.pid).children() if is_alive(child) and _typed(child)[-1:] == ["worker"]]


def is_alive(process):
    """A process that has ended stays in the list until its parent, or the machine's first process, asks how."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _typed(process):
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []


def test_one_command_starts_everything_replaces_a_dead_worker_and_stops_everything(cairn):
    port = free_port()
    process = cairn("run", "--port", str(port))
    wait_until(lambda: answers(port))
    (first,) = wait_until(lambda: workers_of(process))
    first.send_signal(signal.SIGKILL)
    wait_until(lambda: [w for w in workers_of(process) if w.pid != first.pid])
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGTERM)
    told, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert f"http://localhost:{port}" in told
    assert "Traceback" not in told
    assert [child for child in children if is_alive(child)] == []


def test_a_taken_port_is_one_clear_sentence(cairn):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told, _ = cairn("run", "--port", str(port)).communicate(timeout=PATIENCE)
    assert told.splitlines() == [f"cairn: Port {port} cannot be used here (Address already in use). Choose another, e.g. PORT=8001."]


@UP_TO_DATE
def test_another_port_than_the_first_is_told_once(cairn):
    first, second = free_port(), free_port()
    cairn("migrate", PORT=str(first)).communicate(timeout=PATIENCE)
    process = cairn("serve", "--port", str(second))
    wait_until(lambda: answers(second))
    process.send_signal(signal.SIGTERM)
    told, _ = process.communicate(timeout=PATIENCE)
    notes = [line for line in told.splitlines() if line.startswith("Note:")]
    assert len(notes) == 1
    assert f"http://localhost:{first}" in notes[0]


def test_serving_waits_for_the_database_to_be_brought_up_to_date(cairn):
    for command in ("serve", "worker"):
        process = cairn(command, PORT=str(free_port()))
        told, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 1
        assert "Run cairn migrate first." in told
